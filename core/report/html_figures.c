/* The figures on the page, gathered from the tables of the result. */
#include "report/html.h"

#include "base/memory.h"
#include "report/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char none_of_these[] = "none of these";

static size_t place_of(const char *origin, const char *const *origins, size_t n)
{
    size_t at = 0;
    while (at < n && strcmp(origins[at], origin) != 0)
        at++;
    return at;
}

/* ------------------------------------------------------------------------------------------------ composition */

static figure_share *shares_of(const result *r, const char *mean, const char *low, const char *high)
{
    size_t n = reading_rows(r, ADAMAS_SHARES);
    figure_share *shares = memory_raw(n, sizeof *shares);
    for (size_t i = 0; shares && i < n; i++)
        shares[i] = (figure_share){reading_cell(r, ADAMAS_SHARES, mean, i), reading_cell(r, ADAMAS_SHARES, low, i),
                                   reading_cell(r, ADAMAS_SHARES, high, i)};
    return shares;
}

adamas_status html_composition_figure(text *page, const result *r, adamas_error *error)
{
    size_t n = reading_rows(r, ADAMAS_SHARES);
    const char *const *origins = reading_texts(r, ADAMAS_SHARES, "origin");
    const char *declared = reading_fact(r, "declared");
    if (n < 2 || !origins || !reading_has(r, ADAMAS_SHARES, "mean") || strcmp(origins[n - 1], none_of_these) != 0)
        return ADAMAS_OK;
    int by_carats = reading_has(r, ADAMAS_SHARES, "carats_mean");
    figure_share *stones = shares_of(r, "mean", "low", "high");
    figure_share *carats = by_carats ? shares_of(r, "carats_mean", "carats_low", "carats_high") : NULL;
    if (stones && (carats || !by_carats)) {
        const figure_composition f = {n - 1, origins, stones, carats,
                                      declared ? place_of(declared, origins, n - 1) : n - 1};
        html_figure(page);
        figure_draw_composition(page, "composition", &f);
        html_figure_end(page, "Estimated share of each origin in the stones measured, with its 95 % interval.");
    } else {
        page->failed = 1;
    }
    free(stones);
    free(carats);
    return page->failed ? status_no_memory(error) : ADAMAS_OK;
}

/* ------------------------------------------------------------------------------------------------ the stones */

/* What the ENFSI guideline calls likelihood ratios between these; below 1 it speaks for the other origins. */
static const figure_zone zones[] = {{-INFINITY, -6, "extremely strong"},
                                    {-6, -4, "very strong"},
                                    {-4, -3, "strong"},
                                    {-3, -2, "moderately strong"},
                                    {-2, -1, "moderate"},
                                    {-1, -0.30103, "weak"},
                                    {0.30103, 1, "weak"},
                                    {1, 2, "moderate"},
                                    {2, 3, "moderately strong"},
                                    {3, 4, "strong"},
                                    {4, 6, "very strong"},
                                    {6, INFINITY, "extremely strong"}};

static void find_bounds(const result *r, double *low, double *high)
{
    *low = NAN;
    *high = NAN;
    for (size_t o = 0; o < reading_rows(r, ADAMAS_ORIGINS); o++) {
        *low = fmin(*low, reading_cell(r, ADAMAS_ORIGINS, "log10_lr_low", o)); /* fmin and fmax skip a NaN */
        *high = fmax(*high, reading_cell(r, ADAMAS_ORIGINS, "log10_lr_high", o));
    }
}

static void draw_strips(text *page, const result *r, const char *const *origins, size_t n_origins)
{
    size_t n = reading_rows(r, ADAMAS_SPECIMENS);
    figure_strips f = {.n_stones = n, .n_origins = n_origins, .origin = origins};
    double *log10_lr = memory_raw(n, n_origins * sizeof *log10_lr);
    if (!log10_lr) {
        page->failed = 1;
        return;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t o = 0; o < n_origins; o++)
            log10_lr[i * n_origins + o] = reading_cell_of(r, ADAMAS_SPECIMENS, "log10_lr", origins[o], i);
    find_bounds(r, &f.bound_low, &f.bound_high);
    f.log10_lr = log10_lr;
    f.zones = zones;
    f.n_zones = sizeof zones / sizeof *zones;
    html_figure(page);
    figure_draw_strips(page, "strips", &f);
    html_figure_end(page, "Each stone's log10 LR of each origin against the others, where one is quoted.");
    free(log10_lr);
}

typedef struct plane_room {
    double *library, *stones, *centre, *covariance;
    size_t *library_origin;
    unsigned char *rejected;
} plane_room;

static int reserve_plane(plane_room *p, size_t n_library, size_t n_stones, size_t n_origins)
{
    p->library = memory_raw(n_library, 2 * sizeof(double));
    p->library_origin = memory_raw(n_library, sizeof(size_t));
    p->stones = memory_raw(n_stones, 2 * sizeof(double));
    p->rejected = memory_new(n_stones, 1);
    p->centre = memory_raw(n_origins, 2 * sizeof(double));
    p->covariance = memory_raw(n_origins, 4 * sizeof(double));
    return p->library && p->library_origin && p->stones && p->rejected && p->centre && p->covariance;
}

static void clear_plane(plane_room *p)
{
    free(p->library);
    free(p->library_origin);
    free(p->stones);
    free(p->rejected);
    free(p->centre);
    free(p->covariance);
}

static int is_unlike_all(const result *r, size_t stone)
{
    for (size_t o = 0; o < reading_rows(r, ADAMAS_ORIGINS); o++)
        if (reading_standing(r, stone, o) != READING_REJECTED)
            return 0;
    return reading_is_judged(r, stone);
}

/* The first n_axes of plane/1 and plane/2. */
static void gather_points(double *out, const result *r, int which, size_t n_axes)
{
    for (size_t i = 0; i < reading_rows(r, which); i++) {
        out[i * n_axes] = reading_cell(r, which, "plane/1", i);
        if (n_axes == 2)
            out[i * 2 + 1] = reading_cell(r, which, "plane/2", i);
    }
}

static void gather_plane(plane_room *p, const result *r, const char *const *origins, size_t n_origins, size_t n_axes)
{
    gather_points(p->library, r, ADAMAS_LIBRARY, n_axes);
    gather_points(p->stones, r, ADAMAS_SPECIMENS, n_axes);
    gather_points(p->centre, r, ADAMAS_ORIGINS, n_axes);
    for (size_t i = 0; i < reading_rows(r, ADAMAS_LIBRARY); i++)
        p->library_origin[i] = place_of(reading_text(r, ADAMAS_LIBRARY, "origin", i), origins, n_origins);
    for (size_t i = 0; i < reading_rows(r, ADAMAS_SPECIMENS); i++)
        p->rejected[i] = (unsigned char)is_unlike_all(r, i);
    for (size_t o = 0; o < n_origins; o++) {
        double xx = reading_cell(r, ADAMAS_ORIGINS, "plane/11", o), xy = reading_cell(r, ADAMAS_ORIGINS, "plane/12", o),
               yy = reading_cell(r, ADAMAS_ORIGINS, "plane/22", o);
        if (n_axes == 1)
            p->covariance[o] = xx;
        else
            memcpy(p->covariance + 4 * o, (double[]){xx, xy, xy, yy}, 4 * sizeof(double));
    }
}

/* Two origins differ along one axis only; its second coordinate is then not known. */
static size_t axes_of(const result *r)
{
    for (size_t o = 0; o < reading_rows(r, ADAMAS_ORIGINS); o++)
        if (isfinite(reading_cell(r, ADAMAS_ORIGINS, "plane/2", o)))
            return 2;
    return 1;
}

static void draw_plane(text *page, const result *r, const char *const *origins, size_t n_origins)
{
    size_t n_library = reading_rows(r, ADAMAS_LIBRARY), n_stones = reading_rows(r, ADAMAS_SPECIMENS);
    plane_room p = {0};
    if (reserve_plane(&p, n_library, n_stones, n_origins)) {
        figure_plane f = {.n_origins = n_origins,
                          .origin = origins,
                          .n_axes = axes_of(r),
                          .axis_label = {"first axis of the origins", "second axis of the origins"},
                          .n_library = n_library,
                          .library = p.library,
                          .library_origin = p.library_origin,
                          .n_stones = n_stones,
                          .stones = p.stones,
                          .rejected = reading_has_evidence(r) ? p.rejected : NULL,
                          .centre = p.centre,
                          .covariance = p.covariance};
        gather_plane(&p, r, origins, n_origins, f.n_axes);
        html_figure(page);
        figure_draw_plane(page, "plane", &f);
        html_figure_end(
            page, "The stones among the libraries' specimens, in the plane in which the origins differ most. What "
                  "differs in other directions is not seen here, but is judged.");
    } else {
        page->failed = 1;
    }
    clear_plane(&p);
}

/* ------------------------------------------------------------------------------------------------ mean spectra */

/* A step back, or a gap of over 10 times the channels' own spacing, begins another segment of the detector. */
static size_t find_segments(size_t *first, const double *nm, size_t n)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        double after = i + 1 < n ? fabs(nm[i + 1] - nm[i]) : INFINITY;
        if (i == 0 || nm[i] <= nm[i - 1] ||
            (i > 1 && nm[i] - nm[i - 1] > 10 * fmin(after, fabs(nm[i - 1] - nm[i - 2]))))
            first[found++] = i;
    }
    return found;
}

static void draw_spectra(text *page, const result *r, const char *const *origins, size_t n_origins)
{
    size_t n = reading_rows(r, ADAMAS_SPECTRUM), n_libraries = 0;
    const char *origin = reading_fact(r, "spectrum/origin"), *medium = reading_fact(r, "axis/medium");
    double *library = memory_raw(n_origins, n * sizeof *library);
    size_t *library_origin = memory_raw(n_origins, sizeof *library_origin), *first = memory_raw(n, sizeof *first);
    const char **names = memory_raw(n_origins, sizeof *names);
    if (library && library_origin && first && names) {
        for (size_t o = 0; o < n_origins; o++) {
            if (!reading_has_of(r, ADAMAS_SPECTRUM, "origin", origins[o]))
                continue;
            for (size_t i = 0; i < n; i++)
                library[n_libraries * n + i] = reading_cell_of(r, ADAMAS_SPECTRUM, "origin", origins[o], i);
            names[n_libraries] = origins[o];
            library_origin[n_libraries++] = o;
        }
        figure_spectra f = {.n_channels = n,
                            .nm = reading_numbers(r, ADAMAS_SPECTRUM, "wavelength"),
                            .first = first,
                            .in_air = !medium || strcmp(medium, "vacuum") != 0,
                            .tolerance_nm = 0.15,
                            .intensity_label = "intensity after preprocessing",
                            .parcel_name = "the parcel",
                            .parcel = reading_numbers(r, ADAMAS_SPECTRUM, "parcel"),
                            .n_libraries = n_libraries,
                            .library_name = names,
                            .library_origin = library_origin,
                            .library = library,
                            .contribution = reading_numbers(r, ADAMAS_SPECTRUM, "contribution"),
                            .supports = origin ? origin : "the likeliest origin",
                            .opposes = "the other origins"};
        f.n_segments = find_segments(first, f.nm, n);
        html_figure(page);
        figure_draw_spectra(page, "spectra", &f);
        html_figure_end(
            page, "Mean spectra after the method's preprocessing. Names of lines are by wavelength alone: they are a "
                  "guide, not an analysis.");
    } else {
        page->failed = 1;
    }
    free(library);
    free(library_origin);
    free(first);
    free(names);
}

adamas_status html_parcel_figures(text *page, const result *r, adamas_error *error)
{
    size_t n_origins = reading_rows(r, ADAMAS_ORIGINS);
    const char *const *origins = reading_texts(r, ADAMAS_ORIGINS, "origin");
    int strips = reading_has_evidence(r) && n_origins > 1 && reading_judged(r) > 0;
    int plane = reading_has(r, ADAMAS_LIBRARY, "plane/1") && reading_has(r, ADAMAS_ORIGINS, "plane/1");
    int spectra = reading_has(r, ADAMAS_SPECTRUM, "wavelength") && reading_has(r, ADAMAS_SPECTRUM, "parcel");
    if (!n_origins || !origins || !(strips || plane || spectra))
        return ADAMAS_OK;
    html_heading(page, "Figures");
    if (strips)
        draw_strips(page, r, origins, n_origins);
    if (plane)
        draw_plane(page, r, origins, n_origins);
    if (spectra)
        draw_spectra(page, r, origins, n_origins);
    return page->failed ? status_no_memory(error) : ADAMAS_OK;
}
