/* Resampling to another axis: which segment each channel is taken from, and the cumulative integral between new
 * edges. */
#include "preprocess/resample.h"

#include "base/memory.h"
#include "base/text.h"
#include "preprocess/resample_shift.h"
#include "preprocess/resampler.h"
#include "preprocess/row.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const double resampler_max_gap_nm = 0.5;

enum { max_ranges = 12 };

/* The width of a channel that is alone in its segment: the distance of the nearest other channel. */
static double lone_width(const axis *a, size_t channel)
{
    double width = INFINITY;
    for (size_t i = 0; i < a->n; i++)
        if (i != channel)
            width = fmin(width, fabs(a->nm[i] - a->nm[channel]));
    return width > 0 && isfinite(width) ? width : 1;
}

static double *edges_of(const axis *a)
{
    double *edges = memory_raw(a->n + a->n_segments, sizeof *edges);
    for (size_t s = 0; edges && s < a->n_segments; s++) {
        size_t n = a->first[s + 1] - a->first[s];
        const double *nm = a->nm + a->first[s];
        double *e = edges + a->first[s] + s;
        for (size_t i = 1; i < n; i++)
            e[i] = (nm[i - 1] + nm[i]) / 2;
        e[0] = nm[0] - (n > 1 ? nm[1] - nm[0] : lone_width(a, a->first[s])) / 2;
        e[n] = nm[n - 1] + (n > 1 ? nm[n - 1] - nm[n - 2] : lone_width(a, a->first[s])) / 2;
    }
    return edges;
}

/* The cumulative integral is interpolated by the polynomial through its values at the edges of these pixels. Its slope
 * at edge j is a weighted sum of the pixels, since pixel i contributes to all edges after it. The derivative of the
 * Lagrange polynomial that is 1 at edge k is (w_k / w_at) / (e_at - e_k), w_k = 1 / prod (e_k - e_i) (Berrut &
 * Trefethen 2004). */
static void slope_weights(const double *edges, size_t n, size_t j, double weights[RESAMPLE_STENCIL])
{
    size_t start = resample_slope_start(j, n), length = resample_stencil_length(n), at = j - start;
    const double *e = edges + start;
    double derivative[RESAMPLE_STENCIL + 1] = {0}, inverse[RESAMPLE_STENCIL + 1], raised = 0;
    for (size_t k = 0; k <= length; k++) {
        inverse[k] = 1;
        for (size_t i = 0; i <= length; i++)
            inverse[k] *= i == k ? 1 : e[k] - e[i];
    }
    for (size_t k = 0; k <= length; k++)
        if (k != at) {
            derivative[k] = inverse[at] / (inverse[k] * (e[at] - e[k]));
            derivative[at] -= derivative[k];
        }
    for (size_t i = length; i-- > 0;) {
        raised += derivative[i + 1];
        weights[i] = raised * (e[i + 1] - e[i]);
    }
}

static double *slopes_of(const axis *a, const double *edges)
{
    double *slopes = memory_new(a->n + a->n_segments, RESAMPLE_STENCIL * sizeof *slopes);
    for (size_t s = 0; slopes && s < a->n_segments; s++) {
        size_t first = a->first[s] + s, n = a->first[s + 1] - a->first[s];
        for (size_t j = 0; j <= n; j++)
            slope_weights(edges + first, n, j, slopes + (first + j) * RESAMPLE_STENCIL);
    }
    return slopes;
}

/* The distance of a wavelength from the nearer end of a segment; negative outside it. */
static double margin(const resampler *r, size_t source, double nm)
{
    double low = r->from_edges[r->from.first[source] + source];
    double high = r->from_edges[r->from.first[source + 1] + source];
    return fmin(nm - low, high - nm);
}

static int one_to_one(const resampler *r, double slack_nm)
{
    if (r->from.n_segments != r->to.n_segments)
        return 0;
    for (size_t s = 0; s < r->to.n_segments; s++)
        if (margin(r, s, r->to.nm[r->to.first[s]]) < -slack_nm ||
            margin(r, s, r->to.nm[r->to.first[s + 1] - 1]) < -slack_nm)
            return 0;
    return 1;
}

static size_t best_source(const resampler *r, double nm)
{
    size_t best = 0;
    for (size_t s = 1; s < r->from.n_segments; s++)
        if (margin(r, s, nm) > margin(r, best, nm))
            best = s;
    return best;
}

/* Is a segment of `to` a subset of the channels of this segment of `from`? */
static int holds(const resampler *r, size_t source, size_t target)
{
    size_t j = r->from.first[source], end = r->from.first[source + 1];
    for (size_t i = r->to.first[target]; i < r->to.first[target + 1]; i++) {
        while (j < end && r->from.nm[j] < r->to.nm[i])
            j++;
        if (j == end || r->from.nm[j] > r->to.nm[i])
            return 0;
    }
    return 1;
}

/* The segment of `from` of which this segment is a subset; from.n_segments if there is none. */
static size_t own_source(const resampler *r, size_t target)
{
    size_t s = 0;
    while (s < r->from.n_segments && !holds(r, s, target))
        s++;
    return s;
}

/* Is each segment of `to` a run of adjacent channels of `from`? Fills the insets. */
static int find_insets(resampler *r)
{
    int within = 1;
    for (size_t t = 0; within && t < r->to.n_segments; t++) {
        size_t s = own_source(r, t), n = r->to.first[t + 1] - r->to.first[t], j = 0;
        const double *to = r->to.nm + r->to.first[t];
        if (s == r->from.n_segments)
            return 0;
        const double *from = r->from.nm + r->from.first[s];
        while (from[j] < to[0])
            j++;
        r->insets[t] = (resample_inset){s, j};
        within = j + n <= r->from.first[s + 1] - r->from.first[s] && memcmp(from + j, to, n * sizeof *to) == 0;
    }
    return within;
}

static void append_range(text *list, size_t *n_ranges, double low, double high)
{
    char from[32], to[32];
    text_of_number(from, low);
    text_of_number(to, high);
    if (*n_ranges < max_ranges)
        text_append(list, low < high ? "%s%s-%s" : "%s%s", *n_ranges ? ", " : "", from, to);
    else if (*n_ranges == max_ranges)
        text_append(list, " and more");
    ++*n_ranges;
}

/* Lists the ranges of `to` that no segment covers. Returns the number of their channels. */
static size_t list_missing(const resampler *r, double slack_nm, text *list)
{
    size_t missing = 0, n_ranges = 0;
    for (size_t s = 0; s < r->to.n_segments; s++) {
        size_t run = 0;
        for (size_t i = r->to.first[s]; i < r->to.first[s + 1]; i++) {
            double nm = r->to.nm[i];
            int lacks = margin(r, best_source(r, nm), nm) < -slack_nm;
            missing += (size_t)lacks;
            if (!lacks && run)
                append_range(list, &n_ranges, r->to.nm[i - run], r->to.nm[i - 1]);
            run = lacks ? run + 1 : 0;
        }
        size_t end = r->to.first[s + 1];
        if (run)
            append_range(list, &n_ranges, r->to.nm[end - run], r->to.nm[end - 1]);
    }
    return missing;
}

static void list_segments(const axis *a, text *list)
{
    size_t n_ranges = 0;
    for (size_t s = 0; s < a->n_segments; s++)
        append_range(list, &n_ranges, a->nm[a->first[s]], a->nm[a->first[s + 1] - 1]);
}

static adamas_status check_cover(const resampler *r, double slack_nm, const char *name, adamas_error *error)
{
    text missing = {0}, has = {0}, wants = {0};
    adamas_status status = ADAMAS_OK;
    size_t n_missing = list_missing(r, slack_nm, &missing);
    if (n_missing > 0) {
        list_segments(&r->from, &has);
        list_segments(&r->to, &wants);
    }
    if (missing.failed || has.failed || wants.failed)
        status = status_no_memory(error);
    else if (n_missing == r->to.n)
        status = status_set(error, ADAMAS_E_AXIS, "%s: the file has %s nm, and nothing of the %s nm that are expected",
                            name, has.at, wants.at);
    else if (n_missing > 0)
        status = status_set(error, ADAMAS_E_AXIS, "%s: wavelengths %s nm are missing (the file has %s nm)", name,
                            missing.at, has.at);
    text_clear(&missing);
    text_clear(&has);
    text_clear(&wants);
    return status;
}

static void make_pieces(resampler *r, double slack_nm)
{
    int straight = one_to_one(r, slack_nm);
    for (size_t s = 0; s < r->to.n_segments; s++) {
        size_t own = straight ? s : own_source(r, s);
        for (size_t i = r->to.first[s]; i < r->to.first[s + 1]; i++) {
            size_t source = own < r->from.n_segments ? own : best_source(r, r->to.nm[i]);
            resample_piece *last = r->n_pieces ? &r->pieces[r->n_pieces - 1] : NULL;
            if (last && last->target == s && last->source == source)
                last->n++;
            else
                r->pieces[r->n_pieces++] = (resample_piece){.first = i, .n = 1, .target = s, .source = source};
        }
    }
}

/* As the weights of a slope sum to 1, it is the pixel after the edge plus the weighted differences of the three others
 * from that pixel: `near` holds these weights. */
static adamas_status make_stencils(resampler *r, adamas_error *error)
{
    r->near = memory_new(3 * resample_edges(r), sizeof *r->near);
    r->growth = memory_new(resample_edges(r), sizeof *r->growth);
    if (!r->near || !r->growth)
        return status_no_memory(error);
    for (size_t s = 0; s < r->from.n_segments; s++) {
        const double *e = r->from_edges;
        for (size_t j = r->from.first[s] + s; j < r->from.first[s + 1] + s; j++) {
            const double *weights = r->slopes + j * RESAMPLE_STENCIL;
            r->near[j] = (float)weights[0];
            r->near[resample_edges(r) + j] = (float)weights[1];
            r->near[2 * resample_edges(r) + j] = (float)weights[3];
            if (j + 1 < r->from.first[s + 1] + s)
                r->growth[j] = (float)((e[j + 2] - e[j + 1]) / (e[j + 1] - e[j]) - 1);
        }
    }
    return ADAMAS_OK;
}

static adamas_status fill(resampler *r, const axis *from, const axis *to, adamas_error *error)
{
    atomic_init(&r->owners, 1);
    adamas_status status = axis_copy(&r->from, from, error);
    if (!status)
        status = axis_copy(&r->to, to, error);
    if (status)
        return status;
    r->same = axis_equal(from, to);
    r->from_edges = edges_of(from);
    r->to_edges = edges_of(to);
    r->slopes = r->from_edges ? slopes_of(from, r->from_edges) : NULL;
    r->pieces = memory_raw(to->n, sizeof *r->pieces);
    r->insets = memory_raw(to->n_segments, sizeof *r->insets);
    if (!r->to_edges || !r->slopes || !r->pieces || !r->insets)
        return status_no_memory(error);
    r->within = find_insets(r);
    return r->within ? make_stencils(r, error) : ADAMAS_OK;
}

adamas_status resampler_make(resampler **out, const axis *from, const axis *to, double slack_nm, const char *name,
                             adamas_error *error)
{
    *out = NULL;
    resampler *r = memory_new(1, sizeof *r);
    adamas_status status = r ? fill(r, from, to, error) : status_no_memory(error);
    if (!status)
        status = check_cover(r, slack_nm, name, error);
    if (status) {
        resampler_free(r);
        return status;
    }
    make_pieces(r, slack_nm);
    *out = r;
    return ADAMAS_OK;
}

size_t resampler_scratch(const resampler *r)
{
    return r->within ? 0 : 2 * resample_edges(r) * (sizeof(double) / sizeof(float));
}

/* The cumulative integral of a segment at its n + 1 edges, and its slopes there. */
static void integrate(const double *edges, const double *slopes, size_t n, const float *in, double *integral,
                      double *slope)
{
    integral[0] = 0;
    for (size_t i = 0; i < n; i++)
        integral[i + 1] = integral[i] + in[i] * (edges[i + 1] - edges[i]);
    size_t length = resample_stencil_length(n);
    for (size_t j = 0; j <= n; j++) {
        const float *pixel = in + resample_slope_start(j, n);
        double sum = 0;
        for (size_t i = 0; i < length; i++)
            sum += slopes[j * RESAMPLE_STENCIL + i] * pixel[i];
        slope[j] = sum;
    }
}

/* The cumulative integral of one segment of `from`, n pixels. */
typedef struct curve {
    size_t n;
    const double *edges;    /* [n + 1] */
    const double *integral; /* [n + 1] */
    const double *slope;    /* [n + 1] */
    const float *in;        /* [n] */
} curve;

/* The Hermite cubic in pixel j; before the first edge and after the last the intensity of that pixel holds. */
static double integral_at(const curve *c, size_t j, double nm)
{
    const double *e = c->edges;
    if (nm < e[0])
        return (nm - e[0]) * c->in[0];
    if (nm > e[c->n])
        return c->integral[c->n] + (nm - e[c->n]) * c->in[c->n - 1];
    double past = nm - e[j], t = past / (e[j + 1] - e[j]);
    double mean = c->in[j], left = c->slope[j], right = c->slope[j + 1];
    return c->integral[j] + past * (left + t * (3 * mean - 2 * left - right + t * (left + right - 2 * mean)));
}

/* The wavelength at a fractional place among the edges e[n + 1], extrapolated past the ends. */
static double edge_at(const double *e, size_t n, double place)
{
    size_t whole = place > 0 ? (size_t)place : 0, j = whole < n ? whole : n - 1;
    return e[j] + (place - (double)j) * (e[j + 1] - e[j]);
}

/* The new edges ascend: the pixel that contains one is searched from that of the last one. */
static void apply_piece(const resampler *r, const resample_piece *p, double shift, const curve *c, float *out)
{
    size_t first = r->to.first[p->target], n = r->to.first[p->target + 1] - first;
    const double *to = r->to_edges + first + p->target;
    double place = (double)(p->first - first) - shift, left = 0, before = 0;
    for (size_t i = 0, j = 0; i <= p->n; i++) {
        double right = edge_at(to, n, place + (double)i);
        while (j + 1 < c->n && c->edges[j + 1] <= right)
            j++;
        double after = integral_at(c, j, right);
        if (i > 0)
            out[p->first + i - 1] = (float)((after - before) / (right - left));
        left = right;
        before = after;
    }
}

int resampler_is_same(const resampler *r)
{
    return r->same;
}

/* The general case: any axes, any shift. */
static void integrate_row(const resampler *r, const float *in, const double *shift, float *out, float *scratch)
{
    double *integral = (double *)(void *)scratch, *slope = integral + resample_edges(r);
    for (size_t s = 0; s < r->from.n_segments; s++) {
        size_t first = r->from.first[s], n = r->from.first[s + 1] - first, edge = first + s;
        integrate(r->from_edges + edge, r->slopes + edge * RESAMPLE_STENCIL, n, in + first, integral + edge,
                  slope + edge);
    }
    for (size_t i = 0; i < r->n_pieces; i++) {
        const resample_piece *p = &r->pieces[i];
        size_t first = r->from.first[p->source], edge = first + p->source;
        curve c = {r->from.first[p->source + 1] - first, r->from_edges + edge, integral + edge, slope + edge,
                   in + first};
        apply_piece(r, p, shift ? shift[p->target] : 0, &c, out);
    }
    row_check(out, r->to.n);
}

void resampler_apply(const resampler *r, size_t n_rows, const float *const *in, const double *shift, float *const *out,
                     float *scratch)
{
    if (r->within)
        resample_shift(r, n_rows, in, shift, out);
    else
        for (size_t k = 0; k < n_rows; k++)
            integrate_row(r, in[k], shift ? shift + k * r->to.n_segments : NULL, out[k], scratch);
}

resampler *resampler_share(resampler *r, const axis *from)
{
    if (!axis_equal(&r->from, from))
        return NULL;
    atomic_fetch_add(&r->owners, 1);
    return r;
}

void resampler_free(resampler *r)
{
    if (!r || atomic_fetch_sub(&r->owners, 1) > 1)
        return;
    axis_clear(&r->from);
    axis_clear(&r->to);
    free(r->from_edges);
    free(r->to_edges);
    free(r->slopes);
    free(r->near);
    free(r->growth);
    free(r->pieces);
    free(r->insets);
    free(r);
}
