/* The figures of a parcel, gathered from what the classification found. */
#include "report/html_parcel_figures.h"

#include "base/memory.h"
#include "report/figure_parcel.h"
#include "report/figure_plane.h"
#include "report/figure_spectra.h"
#include "report/html_write.h"
#include "report/report_result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const *names_of(const text_list *l)
{
    return (const char *const *)l->at;
}

/* ------------------------------------------------------------------------------------------------ composition */

/* The declared origin is marked only if what is declared is the origin's own name, not a place within it. */
static size_t declared_share(const classification *c)
{
    size_t n = c->origins.n, o = c->declared_origin;
    return c->declared && o < n && strcmp(c->origins.at[o], c->declared) == 0 ? o : n;
}

static figure_share share_of(const chains_summary *s)
{
    return (figure_share){s->mean, s->low, s->high};
}

adamas_status html_composition_figure(text *page, const classification *c, adamas_error *error)
{
    size_t n = c->composition.n_shares;
    int has_carats = c->composition.has_carats;
    if (n < 2)
        return ADAMAS_OK;
    figure_share *by_number = memory_raw(n, 2 * sizeof *by_number), *by_mass = by_number ? by_number + n : NULL;
    for (size_t i = 0; by_number && i < n; i++) {
        by_number[i] = share_of(&c->composition.shares[i].by_number);
        by_mass[i] = share_of(&c->composition.shares[i].by_mass);
    }
    if (by_number) {
        const figure_composition f = {n - 1, names_of(&c->origins), by_number, has_carats ? by_mass : NULL,
                                      declared_share(c)};
        html_figure(page);
        figure_draw_composition(page, "composition", &f);
        html_figure_end(page, "Estimated share of each origin in the stones measured, with its 95 % interval.");
    } else {
        page->failed = 1;
    }
    free(by_number);
    return page->failed ? status_no_memory(error) : ADAMAS_OK;
}

/* ------------------------------------------------------------------------------------------------ LRs by specimen */

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

static void draw_strips(text *page, const classification *c)
{
    const specimen_results *v = &c->specimens;
    size_t n_origins = v->n_origins;
    figure_strips f = {.n_origins = n_origins,
                       .origin = names_of(&c->origins),
                       .bound_low = NAN,
                       .bound_high = NAN,
                       .zones = zones,
                       .n_zones = sizeof zones / sizeof *zones};
    double *log10_lr = memory_raw(v->n_specimens, n_origins * sizeof *log10_lr);
    if (!log10_lr) {
        page->failed = 1;
        return;
    }
    for (size_t k = 0; k < v->n_specimens; k++)
        if (classification_is_stone(c, k)) {
            for (size_t o = 0; o < n_origins; o++)
                log10_lr[f.n_specimens * n_origins + o] = specimen_results_log10_lr(v, k, o);
            f.n_specimens++;
        }
    for (size_t o = 0; o < n_origins; o++) {
        f.bound_low = fmin(f.bound_low, c->log10_lr_low[o]); /* fmin and fmax skip a NaN */
        f.bound_high = fmax(f.bound_high, c->log10_lr_high[o]);
    }
    f.log10_lr = log10_lr;
    html_figure(page);
    figure_draw_strips(page, "strips", &f);
    html_figure_end(page, "Each stone's log10 LR of each origin against the others, where one is quoted.");
    free(log10_lr);
}

/* ------------------------------------------------------------------------------------------------ the plane */

/* Arrays of a figure of the plane. */
typedef struct plane_arrays {
    double *library, *specimens, *centre, *covariance;
    unsigned char *rejected;
} plane_arrays;

static int reserve_plane(plane_arrays *p, size_t n_library, size_t n_specimens, size_t n_origins)
{
    p->library = memory_raw(n_library, 2 * sizeof(double));
    p->specimens = memory_raw(n_specimens, 2 * sizeof(double));
    p->rejected = memory_new(n_specimens, 1);
    p->centre = memory_raw(n_origins, 2 * sizeof(double));
    p->covariance = memory_raw(n_origins, 4 * sizeof(double));
    return p->library && p->specimens && p->rejected && p->centre && p->covariance;
}

static void clear_plane(plane_arrays *p)
{
    free(p->library);
    free(p->specimens);
    free(p->rejected);
    free(p->centre);
    free(p->covariance);
}

static int is_unlike_all(const specimen_results *v, size_t specimen)
{
    for (size_t o = 0; o < v->n_origins; o++)
        if (specimen_results_standing(v, specimen, o) != ORIGIN_REJECTED)
            return 0;
    return specimen_results_is_evaluated(v, specimen);
}

/* Two origins differ along one axis only; the second coordinate is then not known. */
static size_t axes_of(const classification *c)
{
    for (size_t o = 0; o < c->origins.n; o++)
        if (isfinite(c->plane.ellipses[o].mean[1]))
            return 2;
    return 1;
}

/* place NULL: it is not known. */
static void set_point(double *out, const plane_point *place, size_t n_axes)
{
    for (size_t side = 0; side < n_axes; side++)
        out[side] = place ? place->at[side] : NAN;
}

static void gather_plane(plane_arrays *p, const classification *c, size_t n_axes)
{
    const plane_point *at = c->plane.specimens;
    for (size_t i = 0; i < c->plane.n_library; i++)
        set_point(p->library + i * n_axes, &c->plane.library[i], n_axes);
    for (size_t k = 0, n = 0; k < c->specimens.n_specimens; k++)
        if (classification_is_stone(c, k)) {
            set_point(p->specimens + n * n_axes, at ? &at[k] : NULL, n_axes);
            p->rejected[n++] = (unsigned char)is_unlike_all(&c->specimens, k);
        }
    for (size_t o = 0; o < c->origins.n; o++) {
        const origin_ellipse *e = &c->plane.ellipses[o];
        const double xx = e->covariance[0], xy = e->covariance[1], yy = e->covariance[2];
        memcpy(p->centre + n_axes * o, e->mean, n_axes * sizeof *e->mean);
        if (n_axes == 1)
            p->covariance[o] = xx;
        else
            memcpy(p->covariance + 4 * o, (double[]){xx, xy, xy, yy}, 4 * sizeof(double));
    }
}

static void draw_plane(text *page, const classification *c)
{
    plane_arrays p = {0};
    if (reserve_plane(&p, c->plane.n_library, c->specimens.n_specimens, c->origins.n)) {
        const figure_plane f = {.n_origins = c->origins.n,
                                .origin = names_of(&c->origins),
                                .n_axes = axes_of(c),
                                .axis_label = {"first axis of the origins", "second axis of the origins"},
                                .n_library = c->plane.n_library,
                                .library = p.library,
                                .library_origin = c->plane.library_origin,
                                .n_specimens = classification_stones(c),
                                .specimens = p.specimens,
                                .rejected = p.rejected,
                                .centre = p.centre,
                                .covariance = p.covariance};
        gather_plane(&p, c, f.n_axes);
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

static void draw_spectra(text *page, const classification *c)
{
    const mean_spectrum *s = &c->spectrum;
    const char *medium = c->model.axis_medium;
    size_t *origins = memory_raw(c->origins.n, sizeof *origins), *first = memory_raw(s->n_channels, sizeof *first);
    for (size_t o = 0; origins && o < c->origins.n; o++)
        origins[o] = o;
    if (origins && first) {
        figure_spectra f = {.n_channels = s->n_channels,
                            .nm = s->wavelength,
                            .first = first,
                            .in_air = !medium || strcmp(medium, "vacuum") != 0,
                            .tolerance_nm = 0.15,
                            .intensity_label = "intensity after preprocessing",
                            .parcel_name = "the parcel",
                            .parcel = s->parcel,
                            .n_libraries = c->origins.n,
                            .library_name = names_of(&c->origins),
                            .library_origin = origins,
                            .library = s->origins,
                            .contribution = s->contribution,
                            .supports = c->origins.at[s->origin],
                            .opposes = "the other origins"};
        f.n_segments = find_segments(first, f.nm, s->n_channels);
        html_figure(page);
        figure_draw_spectra(page, "spectra", &f);
        html_figure_end(
            page, "Mean spectra after the method's preprocessing. Names of lines are by wavelength alone: they are a "
                  "guide, not an analysis.");
    } else {
        page->failed = 1;
    }
    free(origins);
    free(first);
}

adamas_status html_parcel_figures(text *page, const classification *c, adamas_error *error)
{
    int has_strips = c->specimens.has_evidence && c->origins.n > 1 && classification_judged(c) > 0;
    if (!(has_strips || c->plane.n_library || c->spectrum.n_channels))
        return ADAMAS_OK;
    html_heading(page, "Figures");
    if (has_strips)
        draw_strips(page, c);
    if (c->plane.n_library)
        draw_plane(page, c);
    if (c->spectrum.n_channels)
        draw_spectra(page, c);
    return page->failed ? status_no_memory(error) : ADAMAS_OK;
}
