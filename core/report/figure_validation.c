/* How well the method did on specimens of known origin. */
#include "report/figure_validation.h"

#include "base/memory.h"
#include "report/svg_axis.h"
#include "report/svg_style.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double page = 720, left = 78, right = 700;
static const svg_look first_look = {.stroke = "#332288", .width = 2.4};
static const svg_look second_look = {.stroke = "#CC6677", .width = 2.4, .dash = "9 4"};
static const svg_look third_look = {.stroke = "#444", .width = 2, .dash = "2 3"};
static const svg_font plain = {.size = 15};

static void write_nothing_to_draw(svg *s, const svg_axis *x, const svg_axis *y)
{
    svg_text(s, (x->from + x->to) / 2, (y->from + y->to) / 2, &(svg_font){.size = 16, .anchor = SVG_MIDDLE},
             "nothing was judged");
}

/* Tippett plot (Tippett et al. 1968): the share of specimens whose ratio is greater. */

static int by_value(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

/* The known ratios by rising size; returns their number. */
static size_t sort_known(double *sorted, const double *values, size_t n)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            sorted[known++] = values[i];
    qsort(sorted, known, sizeof(double), by_value);
    return known;
}

static size_t count_above(const double *sorted, size_t n, double value)
{
    size_t above = 0;
    while (above < n && sorted[n - 1 - above] > value)
        above++;
    return above;
}

enum { TIPPETT_COLUMNS = 640 };

/* The share at each of many places along the axis, drawn as steps. */
static void draw_steps(svg *s, const svg_axis *x, const svg_axis *y, const double *sorted, size_t n,
                       const svg_look *look)
{
    double at_x[2 * TIPPETT_COLUMNS + 2], at_y[2 * TIPPETT_COLUMNS + 2], share = 100;
    size_t points = 0;
    for (size_t i = 0; i <= TIPPETT_COLUMNS && n; i++) {
        double value = x->low + (x->high - x->low) * (double)i / TIPPETT_COLUMNS;
        double next = 100 * (double)count_above(sorted, n, value) / (double)n;
        if (i == 0 || next != share || i == TIPPETT_COLUMNS) {
            at_x[points] = svg_axis_place(x, value);
            at_y[points++] = svg_axis_place(y, i == 0 ? next : share);
            at_x[points] = svg_axis_place(x, value);
            at_y[points++] = svg_axis_place(y, next);
        }
        share = next;
    }
    svg_polyline(s, points, at_x, at_y, look);
}

static svg_axis tippett_axis(const double *a, size_t n_a, const double *b, size_t n_b)
{
    double low = -1, high = 1;
    for (size_t i = 0; i < n_a + n_b; i++) {
        double v = i < n_a ? a[i] : b[i - n_a];
        if (isfinite(v)) {
            low = fmin(low, fmax(-12, v));
            high = fmax(high, fmin(12, v));
        }
    }
    return svg_axis_of_powers(low, high, left, right);
}

/* "12 % of 240 have LR below 1: misleading" */
static void write_misleading(svg *s, double y, const svg_look *look, size_t wrong, size_t n, const char *side)
{
    svg_name said;
    snprintf(said.name, sizeof(said.name), "%zu of %zu have LR %s 1 (misleading): %.16s %%", wrong, n, side,
             svg_decimal(n ? 100 * (double)wrong / (double)n : NAN, 1).name);
    svg_line(s, 12, y - 5, 40, y - 5, look);
    svg_text(s, 48, y, &plain, said.name);
}

static void draw_tippett(svg *s, const figure_tippett *f, const double *same, size_t n_same, const double *different,
                         size_t n_different)
{
    const svg_legend_entry curves[] = {{f->same_name, SVG_LEGEND_LINE, 0, 0, first_look},
                                       {f->different_name, SVG_LEGEND_LINE, 0, 0, second_look}};
    double top = 18 + svg_legend(NULL, 8, 4, page - 16, 2, curves), bottom = top + 330;
    svg_axis x = tippett_axis(same, n_same, different, n_different), y = {0, 100, bottom, top, 0};
    svg_open(s, page, bottom + 124, "Tippett plot",
             "Share of specimens whose likelihood ratio is greater than the value below, of those for which the first "
             "proposition is true and of those for which the second is.");
    svg_legend(s, 8, 4, page - 16, 2, curves);
    svg_axis_below(s, &x, top, bottom, "log₁₀ of the likelihood ratio (below it: the ratio itself)");
    svg_axis_left(s, &y, left, right, "specimens with a greater LR, %");
    svg_line(s, svg_axis_place(&x, 0), top, svg_axis_place(&x, 0), bottom, &(svg_look){.stroke = "#111", .width = 1.6});
    draw_steps(s, &x, &y, same, n_same, &first_look);
    draw_steps(s, &x, &y, different, n_different, &second_look);
    if (n_same + n_different == 0)
        write_nothing_to_draw(s, &x, &y);
    size_t low = 0;
    while (low < n_same && same[low] < 0)
        low++;
    write_misleading(s, bottom + 86, &first_look, low, n_same, "below");
    write_misleading(s, bottom + 110, &second_look, count_above(different, n_different, 0), n_different, "above");
    svg_close(s);
}

void figure_draw_tippett(text *out, const char *prefix, const figure_tippett *f)
{
    svg s = {.out = out, .prefix = prefix};
    double *same = memory_raw(f->n_same, sizeof(*same)), *different = memory_raw(f->n_different, sizeof(*different));
    if (same && different)
        draw_tippett(&s, f, same, sort_known(same, f->same, f->n_same), different,
                     sort_known(different, f->different, f->n_different));
    else
        out->failed = 1;
    free(same);
    free(different);
}

/* Two axes of percent with the diagonal of perfection. */
static void draw_square(svg *s, const svg_axis *x, const svg_axis *y, const char *below, const char *beside,
                        const char *on_diagonal)
{
    double least = fmax(x->low, y->low), most = fmin(x->high, y->high);
    svg_axis_below(s, x, y->to, y->from, below);
    svg_axis_left(s, y, x->from, x->to, beside);
    svg_line(s, svg_axis_place(x, least), svg_axis_place(y, least), svg_axis_place(x, most), svg_axis_place(y, most),
             &third_look);
    svg_line(s, x->from + 14, y->to + 18, x->from + 42, y->to + 18, &third_look);
    svg_text(s, x->from + 50, y->to + 23, &plain, on_diagonal);
}

static const svg_look interval_look = {.stroke = "#332288", .width = 1.8};

static void draw_percent_points(svg *s, const svg_axis *x, const svg_axis *y, size_t n, const double *across,
                                const double *up, const double *low, const double *high)
{
    svg_look look = {.fill = "#332288", .stroke = "#fff", .width = 1};
    for (size_t i = 0; i < n; i++) {
        double at_x = svg_axis_place(x, 100 * across[i]), at_y = svg_axis_place(y, 100 * up[i]);
        if (low && high)
            svg_whisker(s, at_x, svg_axis_place(y, 100 * low[i]), at_x, svg_axis_place(y, 100 * high[i]), 5,
                        &interval_look);
        svg_markers(s, SVG_CIRCLE, 1, &at_x, &at_y, 5.5, &look);
    }
}

/* Reliability diagram: the counts are bars in a strip below, so that a lucky small bin is seen to be one. */

static void draw_counts(svg *s, const svg_axis *x, const figure_reliability *f, double top, double bottom)
{
    double most = 1, free_from = -INFINITY;
    for (size_t i = 0; i < f->n_bins; i++)
        most = isfinite(f->count[i]) ? fmax(most, f->count[i]) : most;
    for (size_t i = 0; i < f->n_bins; i++) {
        double at = svg_axis_place(x, 100 * f->predicted[i]), tall = (bottom - top - 20) * f->count[i] / most;
        svg_name count = svg_decimal(f->count[i], 0);
        double half = svg_text_width(count.name, 14) / 2;
        svg_rectangle(s, at - 9, bottom - tall, 18, tall, &(svg_look){.fill = "#999", .stroke = "#555", .width = 0.8});
        if (isfinite(at) && isfinite(tall) && at - half > free_from) {
            svg_text(s, at, bottom - tall - 5, &(svg_font){.size = 14, .anchor = SVG_MIDDLE}, count.name);
            free_from = at + half;
        }
    }
    svg_text(s, left - 50, (top + bottom) / 2, &(svg_font){.size = 15, .anchor = SVG_MIDDLE, .turned = 1}, "specimens");
    svg_line(s, x->from, bottom, x->to, bottom, &(svg_look){.stroke = "#444", .width = 1});
}

void figure_draw_reliability(text *out, const char *prefix, const figure_reliability *f)
{
    svg s = {.out = out, .prefix = prefix};
    double top = 14, bottom = 394, counts = bottom + 160;
    svg_axis x = {0, 100, left, right - 8, 0}, y = {0, 100, bottom, top, 0};
    svg_open(&s, page, counts + 14, "Reliability diagram",
             "The share that came true against the probability that was given, with 95 % intervals, and the number of "
             "specimens below. On the diagonal probabilities mean what they say.");
    draw_square(&s, &x, &y, "probability that was given, %", "share that came true, %", "as it should be");
    draw_percent_points(&s, &x, &y, f->n_bins, f->predicted, f->observed, f->low, f->high);
    draw_counts(&s, &x, f, bottom + 56, counts);
    if (f->n_bins == 0)
        write_nothing_to_draw(&s, &x, &y);
    svg_close(&s);
}

/* Coverage */

void figure_draw_coverage(text *out, const char *prefix, const figure_coverage *f)
{
    svg s = {.out = out, .prefix = prefix};
    double least = 100;
    for (size_t i = 0; i < f->n; i++) {
        least = isfinite(f->nominal[i]) ? fmin(least, 100 * f->nominal[i]) : least;
        least = isfinite(f->observed[i]) ? fmin(least, 100 * f->observed[i]) : least;
        least = f->low && isfinite(f->low[i]) ? fmin(least, 100 * f->low[i]) : least;
    }
    least = fmax(0, fmin(90, 10 * floor(least / 10)));
    svg_axis x = {least, 100, left, right - 8, 0}, y = {least, 100, 414, 14, 0};
    svg_open(&s, page, 468, "Coverage of the sets of origins",
             "How often the set of origins that are not rejected held the true one, against how often it should.");
    draw_square(&s, &x, &y, "nominal coverage, %", "sets that hold the true origin, %",
                "as it should be; above it, more often");
    draw_percent_points(&s, &x, &y, f->n, f->nominal, f->observed, f->low, f->high);
    if (f->n == 0)
        write_nothing_to_draw(&s, &x, &y);
    svg_close(&s);
}

/* Empirical cross-entropy (Ramos & Gonzalez-Rodriguez 2013): the information that is still missing. */

static void draw_entropy(svg *s, const svg_axis *x, const svg_axis *y, const figure_ece *f, const double *bits,
                         const svg_look *look, double *at_x, double *at_y)
{
    for (size_t i = 0; i < f->n; i++) {
        at_x[i] = svg_axis_place_beyond(x, f->prior_log10_odds[i]);
        at_y[i] = isfinite(bits[i]) ? svg_axis_place_beyond(y, bits[i])
                  : bits[i] > 0     ? svg_axis_place_beyond(y, 100)
                                    : NAN;
    }
    svg_polyline(s, f->n, at_x, at_y, look);
}

static void draw_ece(svg *s, const figure_ece *f, double *at_x, double *at_y)
{
    const svg_legend_entry curves[] = {{"likelihood ratios as they are", SVG_LEGEND_LINE, 0, 0, first_look},
                                       {"best calibration (PAV)", SVG_LEGEND_LINE, 0, 0, second_look},
                                       {"no evidence, LR = 1", SVG_LEGEND_LINE, 0, 0, third_look}};
    double low = INFINITY, high = -INFINITY, most = 0, top = 18 + svg_legend(NULL, 8, 4, page - 16, 3, curves);
    for (size_t i = 0; i < f->n; i++) {
        low = fmin(low, isfinite(f->prior_log10_odds[i]) ? f->prior_log10_odds[i] : INFINITY);
        high = fmax(high, isfinite(f->prior_log10_odds[i]) ? f->prior_log10_odds[i] : -INFINITY);
        most = fmax(most, fmin(2, fmax(f->as_is[i], fmax(f->pav[i], f->neutral[i])))); /* fmax skips a NaN */
    }
    svg_axis x = svg_axis_of_powers(low, high, left, right),
             y = svg_axis_around(0, fmax(0.1, 1.05 * most), top + 330, top);
    svg_open(s, page, top + 400, "Empirical cross-entropy",
             "The information that is missing after the likelihood ratios were used, in bits, by the prior odds. Lower "
             "is better; above the dotted curve the ratios do harm.");
    svg_legend(s, 8, 4, page - 16, 3, curves);
    svg_axis_below(s, &x, top, top + 330, "log₁₀ of the prior odds (below it: the odds themselves)");
    svg_axis_left(s, &y, left, right, "empirical cross-entropy, bits");
    svg_clip(s, left, top, right - left, 330);
    draw_entropy(s, &x, &y, f, f->neutral, &third_look, at_x, at_y);
    draw_entropy(s, &x, &y, f, f->pav, &second_look, at_x, at_y);
    draw_entropy(s, &x, &y, f, f->as_is, &first_look, at_x, at_y);
    svg_clip_end(s);
    if (f->n == 0)
        write_nothing_to_draw(s, &x, &y);
    svg_close(s);
}

void figure_draw_ece(text *out, const char *prefix, const figure_ece *f)
{
    svg s = {.out = out, .prefix = prefix};
    double *at_x = memory_raw(f->n, sizeof(*at_x)), *at_y = memory_raw(f->n, sizeof(*at_y));
    if (at_x && at_y)
        draw_ece(&s, f, at_x, at_y);
    else
        out->failed = 1;
    free(at_x);
    free(at_y);
}
