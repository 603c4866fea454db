/* The parcel's mean spectrum above those of the libraries, the names of its strongest lines, and which wavelengths
 * speak for whom. */
#include "report/figure_spectra.h"

#include "base/memory.h"
#include "report/emission_lines.h"
#include "report/svg_axis.h"
#include "report/svg_style.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double page = 720, left = 64, right = 706, names_height = 104, name_size = 14;

/* An SVG of at most about 60 kB: the points that all curves may have together. */
enum { MAX_POINTS = 5000, MAX_COLUMNS = 600, MAX_NAMES = 36, MAX_CARRIERS = 6 };

static const char *const supporting = "#0b5394", *const opposing = "#c26a00";

typedef struct named {
    double x; /* drawn */
    const emission_line *line;
} named;

typedef struct spectra {
    const figure_spectra *f;
    svg_axis x;
    double most, least; /* intensities of all curves */
    double row;         /* from one curve's floor to the next */
    size_t columns;
    double flat;               /* intensities of a column that lie no further apart are drawn as one */
    double *point_x, *point_y; /* [3 * MAX_COLUMNS + n_segments + 1] */
    double *sum;               /* [MAX_COLUMNS] */
    named *names;              /* [MAX_NAMES] by falling strength */
    size_t n_names;
} spectra;

static size_t segment_begin(const figure_spectra *f, size_t i)
{
    return f->n_segments ? f->first[i] : 0;
}

static size_t segment_end(const figure_spectra *f, size_t i)
{
    return i + 1 < f->n_segments ? f->first[i + 1] : f->n_channels;
}

/* The parcel's is the first. */
static const double *curve_of(const figure_spectra *f, size_t k)
{
    return k ? &f->library[(k - 1) * f->n_channels] : f->parcel;
}

static size_t column_of(const spectra *d, double nm)
{
    double share = (nm - d->x.low) / (d->x.high - d->x.low);
    size_t column = share > 0 ? (size_t)(share * (double)d->columns) : 0;
    return column < d->columns ? column : d->columns - 1;
}

static double column_x(const spectra *d, size_t column)
{
    return d->x.from + ((double)column + 0.5) / (double)d->columns * (d->x.to - d->x.from);
}

/* Of a column with several channels the least and the most are drawn, the nearer to the last point first; their middle
 * if the column is flat. */
static size_t add_column(spectra *d, size_t n, double x, double low, double high)
{
    int falls = n > 0 && fabs(d->point_y[n - 1] - high) < fabs(d->point_y[n - 1] - low);
    if (low > high)
        return n;
    int flat = high - low < d->flat;
    d->point_x[n] = x;
    d->point_y[n++] = flat ? (low + high) / 2 : falls ? high : low;
    if (!flat) {
        d->point_x[n] = x;
        d->point_y[n++] = falls ? low : high;
    }
    return n;
}

/* Segments are told apart by a point that is not finite; so are channels without a value. Returns the points. */
static size_t thin_segment(spectra *d, const double *curve, size_t begin, size_t end, size_t n)
{
    const double *nm = d->f->nm;
    for (size_t i = begin; i < end;) {
        size_t column = column_of(d, nm[i]);
        double low = INFINITY, high = -INFINITY;
        for (; i < end && column_of(d, nm[i]) == column; i++)
            if (isfinite(curve[i])) {
                low = fmin(low, curve[i]);
                high = fmax(high, curve[i]);
            }
        if (n + 2 <= 3 * MAX_COLUMNS)
            n = add_column(d, n, column_x(d, column), low, high);
    }
    d->point_x[n] = NAN;
    d->point_y[n++] = NAN;
    return n;
}

static size_t thin_curve(spectra *d, const double *curve)
{
    size_t n = 0, segments = d->f->n_segments ? d->f->n_segments : 1;
    for (size_t i = 0; i < segments; i++)
        n = thin_segment(d, curve, segment_begin(d->f, i), segment_end(d->f, i), n);
    return n;
}

/* As fine as the size allows: first less of the noise is drawn, down to a twentieth of the highest peak; then there are
 * fewer columns. */
static void choose_columns(spectra *d)
{
    size_t points = MAX_POINTS + 1;
    d->columns = MAX_COLUMNS;
    for (d->flat = 0.01 * (d->most - d->least); points > MAX_POINTS && d->columns > 60;) {
        points = 0;
        for (size_t k = 0; k <= d->f->n_libraries; k++)
            points += thin_curve(d, curve_of(d->f, k));
        if (points > MAX_POINTS && d->flat < 0.05 * (d->most - d->least))
            d->flat *= 1.5;
        else if (points > MAX_POINTS)
            d->columns -= d->columns / 12;
    }
}

static void draw_curve(svg *s, spectra *d, const double *curve, double floor, const svg_look *look)
{
    size_t n = thin_curve(d, curve);
    double unit = (d->row - 12) / (d->most - d->least);
    for (size_t i = 0; i < n; i++)
        d->point_y[i] = floor - unit * (d->point_y[i] - d->least);
    svg_polyline(s, n, d->point_x, d->point_y, look);
}

static void find_range(spectra *d)
{
    const figure_spectra *f = d->f;
    double nm_low = INFINITY, nm_high = -INFINITY;
    d->least = INFINITY;
    d->most = -INFINITY;
    for (size_t i = 0; i < f->n_channels; i++) {
        nm_low = fmin(nm_low, f->nm[i]);
        nm_high = fmax(nm_high, f->nm[i]);
        for (size_t k = 0; k <= f->n_libraries; k++) {
            double v = curve_of(f, k)[i];
            d->least = isfinite(v) ? fmin(d->least, v) : d->least;
            d->most = isfinite(v) ? fmax(d->most, v) : d->most;
        }
    }
    if (!(d->most > d->least)) {
        d->least = isfinite(d->least) ? d->least - 1 : 0;
        d->most = d->least + 2;
    }
    d->x = svg_axis_around(nm_low, nm_high, left, right);
    d->x.low = nm_low < nm_high ? nm_low : d->x.low;
    d->x.high = nm_low < nm_high ? nm_high : d->x.high;
}

/* Has a name room, and has its line none yet? */
static int has_room(const spectra *d, double x, const emission_line *line)
{
    for (size_t i = 0; i < d->n_names; i++)
        if (d->names[i].line == line || fabs(d->names[i].x - x) < name_size + 2)
            return 0;
    return x > left + name_size / 2 && x < right - name_size / 2;
}

/* Is channel i the top of a peak well above what is around? The mean over 20 channels at either side is the measure. */
static int is_peak(const figure_spectra *f, size_t i, double range)
{
    const double *v = f->parcel;
    if (i == 0 || i + 1 >= f->n_channels || !(v[i] >= v[i - 1] && v[i] > v[i + 1]))
        return 0;
    double sum = 0, n = 0;
    for (size_t k = i < 20 ? 0 : i - 20; k < f->n_channels && k <= i + 20; k++)
        if (isfinite(v[k])) {
            sum += v[k];
            n++;
        }
    return v[i] - sum / n > 0.01 * range;
}

typedef struct peak {
    double value;
    size_t channel;
} peak;

static int by_falling_value(const void *a, const void *b)
{
    const peak *p = a, *q = b;
    if (p->value != q->value)
        return p->value < q->value ? 1 : -1;
    return (p->channel > q->channel) - (p->channel < q->channel);
}

static size_t find_peaks(const spectra *d, peak *peaks)
{
    size_t n = 0;
    for (size_t i = 0; i < d->f->n_channels; i++)
        if (is_peak(d->f, i, d->most - d->least))
            peaks[n++] = (peak){d->f->parcel[i], i};
    qsort(peaks, n, sizeof(*peaks), by_falling_value);
    return n;
}

/* The strongest first; a peak with no room or no known line has no name. */
static void name_peaks(spectra *d, const peak *peaks, size_t n)
{
    for (size_t i = 0; i < n && d->n_names < MAX_NAMES; i++) {
        double nm = d->f->nm[peaks[i].channel], x = svg_axis_place(&d->x, nm);
        const emission_line *line = emission_line_near(nm, d->f->in_air, d->f->tolerance_nm);
        if (line && has_room(d, x, line))
            d->names[d->n_names++] = (named){x, line};
    }
}

static void draw_names(svg *s, const spectra *d, double bottom)
{
    const svg_font font = {.size = name_size, .turned = 1};
    char name[32];
    for (size_t i = 0; i < d->n_names; i++) {
        double x = d->names[i].x;
        emission_line_name(name, d->names[i].line);
        svg_line(s, x, names_height + 4, x, bottom, &(svg_look){.stroke = "#bbb", .width = 0.8, .dash = "2 4"});
        svg_text(s, x + 5, names_height, &font, name);
    }
}

static void draw_rows(svg *s, spectra *d)
{
    const figure_spectra *f = d->f;
    for (size_t k = 0; k <= f->n_libraries; k++) {
        double floor = names_height + d->row * (double)(k + 1);
        svg_style style = svg_style_of(k ? f->library_origin[k - 1] : 0);
        svg_look look = {.stroke = k ? style.colour : "#111", .width = k ? 1.4 : 1.2};
        svg_line(s, left, floor, right, floor, &(svg_look){.stroke = "#ddd", .width = 1});
        draw_curve(s, d, curve_of(f, k), floor, &look);
    }
    for (size_t k = 0; k <= f->n_libraries; k++) {
        double y = names_height + d->row * (double)k + 26;
        svg_font font = {.size = 15, .anchor = SVG_END, .bold = k == 0, .halo = 1};
        svg_text_within(s, right - 3, y, 300, &font, k ? f->library_name[k - 1] : f->parcel_name);
        if (k)
            svg_marker_of(s, f->library_origin[k - 1], left + 10, y - 4, 5);
    }
    double middle = names_height + d->row * (double)(f->n_libraries + 1) / 2;
    svg_text_within(s, 34, middle, d->row * (double)(f->n_libraries + 1) + 60,
                    &(svg_font){.size = 15, .anchor = SVG_MIDDLE, .turned = 1}, f->intensity_label);
}

/* Contributions add up, so a column shows their sum. */
static void sum_columns(spectra *d)
{
    for (size_t c = 0; c < d->columns; c++)
        d->sum[c] = 0;
    for (size_t i = 0; i < d->f->n_channels; i++)
        if (isfinite(d->f->contribution[i]))
            d->sum[column_of(d, d->f->nm[i])] += d->f->contribution[i];
}

static void draw_bars(svg *s, const spectra *d, const svg_axis *y, int positive, const svg_look *look)
{
    for (size_t c = 0; c < d->columns; c++) {
        int wanted = positive ? d->sum[c] > 0 : d->sum[c] < 0;
        d->point_x[c] = column_x(d, c);
        d->point_y[c] = wanted ? svg_axis_place(y, d->sum[c]) : NAN;
    }
    double width = fmax(1.2, (d->x.to - d->x.from) / (double)d->columns);
    svg_bars(s, d->columns, d->point_x, d->point_y, svg_axis_place(y, 0), width, look);
}

/* The wavelengths in nm at the middle of the columns that weigh most, and not beside each other. */
static size_t find_carriers(const spectra *d, size_t found[MAX_CARRIERS])
{
    size_t n = 0;
    double apart = 96.0 / (d->x.to - d->x.from) * (double)d->columns, first = 0;
    while (n < MAX_CARRIERS) {
        size_t best = d->columns;
        for (size_t c = 0; c < d->columns; c++) {
            int free = d->sum[c] != 0 && (best == d->columns || fabs(d->sum[c]) > fabs(d->sum[best]));
            for (size_t k = 0; k < n; k++)
                free &= fabs((double)c - (double)found[k]) >= apart;
            best = free ? c : best;
        }
        if (best == d->columns || fabs(d->sum[best]) < 0.1 * first)
            break;
        first = n ? first : fabs(d->sum[best]);
        found[n++] = best;
    }
    return n;
}

/* The channel of a column that contributes most. */
static double heaviest_nm(const spectra *d, size_t column)
{
    const figure_spectra *f = d->f;
    double most = -1, nm = NAN;
    for (size_t i = 0; i < f->n_channels; i++)
        if (column_of(d, f->nm[i]) == column && fabs(f->contribution[i]) > most) {
            most = fabs(f->contribution[i]);
            nm = f->nm[i];
        }
    return nm;
}

static void draw_carriers(svg *s, const spectra *d, const svg_axis *y, double name_y)
{
    size_t found[MAX_CARRIERS], n = find_carriers(d, found);
    for (size_t i = 0; i < n; i++) {
        double x = column_x(d, found[i]), nm = heaviest_nm(d, found[i]), end = svg_axis_place(y, d->sum[found[i]]);
        double text_x = fmax(left + 46, fmin(right - 46, x)), tip = d->sum[found[i]] > 0 ? end - 7 : end + 7;
        const emission_line *line = emission_line_near(nm, d->f->in_air, d->f->tolerance_nm);
        char name[40];
        if (line)
            emission_line_name(name, line);
        else
            snprintf(name, sizeof(name), "%.20s nm", svg_decimal(nm, 2).name);
        svg_markers(s, d->sum[found[i]] > 0 ? SVG_TRIANGLE_DOWN : SVG_TRIANGLE, 1, &x, &tip, 4,
                    &(svg_look){.fill = "#111"});
        svg_line(s, x, name_y + 4, x, tip, &(svg_look){.stroke = "#777", .width = 0.8});
        svg_text(s, text_x, name_y, &(svg_font){.size = name_size, .anchor = SVG_MIDDLE, .bold = 1}, name);
    }
}

static void draw_contributions(svg *s, spectra *d, double top)
{
    double most = 0, bottom = top + 150;
    sum_columns(d);
    for (size_t c = 0; c < d->columns; c++)
        most = fmax(most, fabs(d->sum[c]));
    svg_axis y = svg_axis_around(most > 0 ? -1.3 * most : -1, most > 0 ? 1.3 * most : 1, bottom, top);
    svg_axis_left(s, &y, left, right, "log₁₀ LR");
    draw_bars(s, d, &y, 1, &(svg_look){.fill = supporting});
    draw_bars(s, d, &y, 0, &(svg_look){.fill = opposing});
    svg_line(s, left, svg_axis_place(&y, 0), right, svg_axis_place(&y, 0), &(svg_look){.stroke = "#111", .width = 1});
    draw_carriers(s, d, &y, top - 14);
}

static void draw_contribution_words(svg *s, const figure_spectra *f, double top)
{
    svg_name said;
    svg_font font = {.size = 15};
    svg_text(s, 8, top, &(svg_font){.size = 15, .bold = 1},
             "What each wavelength adds to log₁₀ of the likelihood ratio");
    snprintf(said.name, sizeof(said.name), "up: supports %.60s", f->supports);
    svg_rectangle(s, 8, top + 11, 14, 14, &(svg_look){.fill = supporting});
    svg_text_within(s, 28, top + 24, 320, &font, said.name);
    snprintf(said.name, sizeof(said.name), "down: supports %.60s", f->opposes);
    svg_rectangle(s, 362, top + 11, 14, 14, &(svg_look){.fill = opposing});
    svg_text_within(s, 382, top + 24, 320, &font, said.name);
}

static void draw_all(svg *s, spectra *d)
{
    const figure_spectra *f = d->f;
    const char *label = f->in_air ? "wavelength in air, nm" : "wavelength in vacuum, nm";
    double floor = names_height + d->row * (double)(f->n_libraries + 1), panel = floor + 120;
    draw_names(s, d, floor);
    draw_rows(s, d);
    svg_axis_below(s, &d->x, floor, floor, label);
    if (!f->contribution)
        return;
    draw_contribution_words(s, f, floor + 70);
    draw_contributions(s, d, panel + 14);
    svg_axis_below(s, &d->x, panel + 164, panel + 164, label);
}

static void draw_with(svg *s, spectra *d, peak *peaks)
{
    const figure_spectra *f = d->f;
    double height = names_height + d->row * (double)(f->n_libraries + 1) + (f->contribution ? 336 : 54);
    find_range(d);
    choose_columns(d);
    name_peaks(d, peaks, find_peaks(d, peaks));
    svg_open(s, page, height, "Mean spectra of the parcel and of the libraries",
             "Mean spectra one above the other on the same scale, with the names of the parcel's strongest emission "
             "lines; wavelengths that the detector does not see are left open. Below, what each wavelength adds to the "
             "logarithm of the likelihood ratio.");
    draw_all(s, d);
    svg_close(s);
}

void figure_draw_spectra(text *out, const char *prefix, const figure_spectra *f)
{
    svg s = {.out = out, .prefix = prefix};
    spectra d = {.f = f, .row = f->n_libraries > 7 ? 58 : 84};
    size_t room = 3 * MAX_COLUMNS + f->n_segments + 1;
    peak *peaks = memory_raw(f->n_channels, sizeof(*peaks));
    d.point_x = memory_raw(room, sizeof(double));
    d.point_y = memory_raw(room, sizeof(double));
    d.sum = memory_raw(MAX_COLUMNS, sizeof(double));
    d.names = memory_raw(MAX_NAMES, sizeof(*d.names));
    if (peaks && d.point_x && d.point_y && d.sum && d.names)
        draw_with(&s, &d, peaks);
    else
        out->failed = 1;
    free(peaks);
    free(d.point_x);
    free(d.point_y);
    free(d.sum);
    free(d.names);
}
