/* Whittaker's smoother of order 2 with free ends, x = (I + lam D'D)^-1 y (Eilers 2003), exactly, by a cosine transform.
 *
 * The n channels are laid in the first of N places, N being a length that transforms fast. Let L be the second
 * difference with reflecting ends (symmetric, N x N). DCT-II makes it diagonal with 2 - 2 cos(pi k / N), so
 * z = (I + lam L'L)^-1 y = A^-1 y is a transform, a multiplication and a transform back. Two of the rows of L that are
 * not those of D are L e_0 at the left end and L e_(n-1) at the right one; with padding a third one, L e_n, reaches
 * from it into the channels. Without these rows the channels have free ends and the padding is on its own: I + lam D'D
 * = A - lam (L E)(L E)' with E = [e_0 e_(n-1) e_n], and as A and L commute Woodbury's identity becomes
 *
 *   x = z + lam G (E' A^-1 E)^-1 G' y,   G = L A^-1 E.
 *
 * With the columns of E made orthonormal in the product u' A^-1 v (Gram & Schmidt) this is x = z + lam G G' y. The
 * products with y are taken in float64, from y and not from z: lam would enlarge the transform's rounding errors.
 */
#include "preprocess/step.h"

#include "base/banded.h"
#include "base/fourier.h"
#include "base/memory.h"
#include "preprocess/row.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const step_parameter parameters[] = {
    {.name = "lam", .fallback = 20, .low = 0, .high = 1e9},
};

/* The correction of an end falls off exponentially: past this share of its peak it is nothing in float64. */
static const double negligible = 1e-20;

/* A column of G times the root of lam: 0 before channel `begin` and from `end` on. */
typedef struct correction {
    size_t begin;
    size_t end;
    double *shape; /* [end - begin] */
} correction;

enum { most_corrections = 3 };

/* Of one segment; nothing is set where it is too short to be smoothed. */
typedef struct smoother {
    size_t length; /* of the transform */
    cosine *transform;
    float *filter; /* [length] */
    size_t n_corrections;
    correction corrections[most_corrections];
} smoother;

typedef struct whittaker {
    size_t n_segments;
    smoother *smoothers; /* [n_segments] */
    size_t longest;      /* transform */
} whittaker;

static void destroy(void *state)
{
    whittaker *w = state;
    if (!w)
        return;
    for (size_t i = 0; w->smoothers && i < w->n_segments; i++) {
        cosine_free(w->smoothers[i].transform);
        free(w->smoothers[i].filter);
        for (size_t k = 0; k < most_corrections; k++)
            free(w->smoothers[i].corrections[k].shape);
    }
    free(w->smoothers);
    free(w);
}

/* L'L has rows 1 -4 6 -4 1, folded over at the ends: at n = 3 both ends meet. */
static int factor(size_t n, double lam, double *diagonal, double *first, double *second)
{
    for (size_t i = 0; i < n; i++) {
        size_t end = i < n - 1 - i ? i : n - 1 - i;
        diagonal[i] = 1 + lam * (end == 0 ? 2 : 6);
        first[i] = lam * (i == 0 || i == n - 2 ? -3 : -4);
        second[i] = lam;
    }
    return banded_factor(n, diagonal, first, second);
}

/* L x in place; the reflecting ends repeat the end value. */
static void second_difference(size_t n, double *x)
{
    double before = x[0];
    for (size_t i = 0; i < n; i++) {
        double here = x[i], after = i + 1 < n ? x[i + 1] : here;
        x[i] = (here - before) - (after - here);
        before = here;
    }
}

/* A column of E, or a sum or difference of two: nearly parallel ones would cost Gram & Schmidt their digits. */
typedef struct column {
    size_t first;
    size_t second;
    double sign; /* of the second; 0: there is none */
} column;

static double product(const column *c, const double *x)
{
    return x[c->first] + c->sign * x[c->second];
}

/* x = A^-1 u, where u is the column less its parts along the k before it, and u' A^-1 u = 1. */
static void solve_column(const column *c, size_t k, size_t length, const double *band, const double *before, double *x)
{
    x[c->first] = 1;
    if (c->sign != 0)
        x[c->second] = c->sign;
    banded_solve(length, band, band + length, band + 2 * length, x);
    for (size_t j = 0; j < k; j++) {
        const double *other = before + j * length;
        double part = product(c, other);
        for (size_t i = 0; i < length; i++)
            x[i] -= part * other[i];
    }
    double scale = 1 / sqrt(product(c, x));
    for (size_t i = 0; i < length; i++)
        x[i] *= scale;
}

static adamas_status keep(correction *c, const double *x, size_t n, double scale, adamas_error *error)
{
    double peak = 0;
    for (size_t i = 0; i < n; i++)
        peak = fmax(peak, fabs(x[i]));
    c->end = n;
    while (c->end > 0 && fabs(x[c->end - 1]) <= negligible * peak)
        c->end--;
    while (c->begin < c->end && fabs(x[c->begin]) <= negligible * peak)
        c->begin++;
    c->shape = memory_raw(c->end - c->begin, sizeof *c->shape);
    if (!c->shape)
        return status_no_memory(error);
    for (size_t i = c->begin; i < c->end; i++)
        c->shape[i - c->begin] = scale * x[i];
    return ADAMAS_OK;
}

static void make_filter(float *filter, size_t n, double lam)
{
    for (size_t k = 0; k < n; k++) {
        double sine = sin(M_PI * (double)k / (2 * (double)n));
        double eigenvalue = 4 * sine * sine;
        filter[k] = (float)(1 / (2 * (double)n * (1 + lam * eigenvalue * eigenvalue)));
    }
}

static adamas_status make_corrections(smoother *s, size_t n, double lam, adamas_error *error)
{
    const column bare[] = {{.first = 0}, {.first = n - 1}};
    const column padded[] = {{.first = 0}, {n - 1, n, 1}, {n - 1, n, -1}};
    const column *columns = s->length > n ? padded : bare;
    s->n_corrections = s->length > n ? 3 : 2;
    size_t length = s->length;
    double *band = memory_raw(3 * length, sizeof *band), *x = memory_new(most_corrections * length, sizeof *x);
    adamas_status status = band && x ? ADAMAS_OK : status_no_memory(error);
    if (!status && !factor(length, lam, band, band + length, band + 2 * length))
        status = status_set(error, ADAMAS_E_METHOD, "whittaker: lam is too large for %zu channels", n);
    for (size_t k = 0; !status && k < s->n_corrections; k++)
        solve_column(&columns[k], k, length, band, x, x + k * length);
    for (size_t k = 0; !status && k < s->n_corrections; k++) {
        second_difference(length, x + k * length);
        status = keep(&s->corrections[k], x + k * length, n, sqrt(lam), error);
    }
    free(band);
    free(x);
    return status;
}

static adamas_status make_smoother(smoother *s, size_t n, double lam, adamas_error *error)
{
    s->length = fourier_good_size(n);
    s->filter = memory_raw(s->length, sizeof *s->filter);
    adamas_status status = s->filter ? cosine_make(&s->transform, s->length, error) : status_no_memory(error);
    if (!status) {
        make_filter(s->filter, s->length, lam);
        status = make_corrections(s, n, lam, error);
    }
    return status;
}

static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    (void)reference;
    *state = NULL;
    whittaker *w = memory_new(1, sizeof *w);
    if (!w)
        return status_no_memory(error);
    w->n_segments = in->n_segments;
    w->smoothers = memory_new(w->n_segments, sizeof *w->smoothers);
    adamas_status status = w->smoothers ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; i < w->n_segments && !status; i++) {
        size_t n = in->first[i + 1] - in->first[i];
        if (n >= 3)
            status = make_smoother(&w->smoothers[i], n, values[0].number, error);
        if (w->smoothers[i].length > w->longest)
            w->longest = w->smoothers[i].length;
    }
    if (status)
        destroy(w);
    else
        *state = w;
    return status;
}

static size_t scratch(const void *state)
{
    return ((const whittaker *)state)->longest;
}

static double correlate(const correction *c, const float *row)
{
    double sum = 0;
    for (size_t i = c->begin; i < c->end; i++)
        sum += c->shape[i - c->begin] * row[i];
    return sum;
}

static void correct(const correction *c, double gain, float *row)
{
    for (size_t i = c->begin; i < c->end; i++)
        row[i] = (float)(row[i] + gain * c->shape[i - c->begin]);
}

static void transform(const smoother *s, float *row)
{
    cosine_forward(s->transform, row);
    for (size_t k = 0; k < s->length; k++)
        row[k] *= s->filter[k];
    cosine_inverse(s->transform, row);
}

/* The mean passes unchanged, so it need not pass through the transform, where it would cost the rest its digits. */
static void smooth_segment(const smoother *s, size_t n, const float *row, float *out, float *buffer)
{
    double sum = 0, gains[most_corrections] = {0};
    for (size_t i = 0; i < n; i++)
        sum += row[i];
    float mean = (float)(sum / (double)n);
    for (size_t i = 0; i < n; i++)
        buffer[i] = row[i] - mean;
    memset(buffer + n, 0, (s->length - n) * sizeof *buffer);
    for (size_t k = 0; k < s->n_corrections; k++)
        gains[k] = correlate(&s->corrections[k], buffer);
    transform(s, buffer);
    for (size_t k = 0; k < s->n_corrections; k++)
        correct(&s->corrections[k], gains[k], buffer);
    for (size_t i = 0; i < n; i++)
        out[i] = buffer[i] + mean;
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *buffer)
{
    const whittaker *w = state;
    for (size_t i = 0; i < w->n_segments; i++) {
        size_t first = in->first[i], n = in->first[i + 1] - first;
        if (w->smoothers[i].transform)
            smooth_segment(&w->smoothers[i], n, row + first, out + first, buffer);
        else
            memmove(out + first, row + first, n * sizeof *row);
    }
    row_check(out, in->n);
}

const step whittaker_step = {
    .name = "whittaker",
    .summary = "smooths: second differences penalised by lam",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .create = create,
    .destroy = destroy,
    .scratch = scratch,
    .apply = apply,
};
