/* Whittaker's smoother of order 2 with free ends, x = (I + lam D'D)^-1 y (Eilers 2003), exactly, by a cosine transform.
 *
 * Let L be the second difference with reflecting ends (symmetric, n x n). DCT-II makes it diagonal with
 * 2 - 2 cos(pi k / n), so z = (I + lam L'L)^-1 y = A^-1 y is a transform, a multiplication and a transform back. The
 * rows of L are those of D and two more at the ends, L e and L f, where e is the first unit vector and f the last; so
 * I + lam D'D = A - lam (L E)(L E)' with E = [e f], and as A and L commute Woodbury's identity becomes
 *
 *   x = z + lam G (E' A^-1 E)^-1 G' y,   G = L A^-1 E,
 *
 * which splits into an even and an odd part, s = A^-1 (e + f) and t = A^-1 (e - f):
 *
 *   x = z + lam [ L s (L s)' y / (2 s_0) + L t (L t)' y / (2 t_0) ].
 *
 * The products with y are taken in float64, from y and not from z: lam would enlarge the transform's rounding errors.
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

/* The ends' correction falls off exponentially: past this share of its first value it is nothing in float64. */
static const double negligible = 1e-20;

/* Of one segment; nothing is set where it is too short to be smoothed. */
typedef struct smoother {
    cosine *transform;
    float *filter; /* [n] */
    size_t reach;  /* channels from each end that the correction touches */
    double *even;  /* [reach] L s, mirrored at the other end */
    double *odd;   /* [reach] L t, mirrored with the other sign */
    double even_gain;
    double odd_gain;
} smoother;

typedef struct whittaker {
    size_t n_segments;
    smoother *smoothers; /* [n_segments] */
    size_t longest;
} whittaker;

static void destroy(void *state)
{
    whittaker *w = state;
    if (!w)
        return;
    for (size_t i = 0; w->smoothers && i < w->n_segments; i++) {
        cosine_free(w->smoothers[i].transform);
        free(w->smoothers[i].filter);
        free(w->smoothers[i].even);
        free(w->smoothers[i].odd);
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

static size_t reach_of(size_t n, const double *even, const double *odd)
{
    size_t reach = (n + 1) / 2;
    double least = negligible * fmax(fabs(even[0]), fabs(odd[0]));
    while (reach > 1 && fabs(even[reach - 1]) <= least && fabs(odd[reach - 1]) <= least)
        reach--;
    return reach;
}

static void make_filter(float *filter, size_t n, double lam)
{
    for (size_t k = 0; k < n; k++) {
        double sine = sin(M_PI * (double)k / (2 * (double)n));
        double eigenvalue = 4 * sine * sine;
        filter[k] = (float)(1 / (2 * (double)n * (1 + lam * eigenvalue * eigenvalue)));
    }
}

static adamas_status make_ends(smoother *s, size_t n, double lam, adamas_error *error)
{
    double *band = memory_raw(3 * n, sizeof *band);
    s->even = memory_new(n, sizeof *s->even);
    s->odd = memory_new(n, sizeof *s->odd);
    adamas_status status = band && s->even && s->odd ? ADAMAS_OK : status_no_memory(error);
    if (!status && !factor(n, lam, band, band + n, band + 2 * n))
        status = status_set(error, ADAMAS_E_METHOD, "whittaker: lam is too large for %zu channels", n);
    if (!status) {
        s->even[0] = s->even[n - 1] = s->odd[0] = 1;
        s->odd[n - 1] = -1;
        banded_solve(n, band, band + n, band + 2 * n, s->even);
        banded_solve(n, band, band + n, band + 2 * n, s->odd);
        s->even_gain = lam / (2 * s->even[0]);
        s->odd_gain = lam / (2 * s->odd[0]);
        second_difference(n, s->even);
        second_difference(n, s->odd);
        s->reach = reach_of(n, s->even, s->odd);
    }
    free(band);
    return status;
}

static adamas_status make_smoother(smoother *s, size_t n, double lam, adamas_error *error)
{
    s->filter = memory_raw(n, sizeof *s->filter);
    adamas_status status = s->filter ? cosine_make(&s->transform, n, error) : status_no_memory(error);
    if (!status) {
        make_filter(s->filter, n, lam);
        status = make_ends(s, n, lam, error);
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
        w->longest = n > w->longest ? n : w->longest;
        if (n >= 3)
            status = make_smoother(&w->smoothers[i], n, values[0].number, error);
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

/* out may be the row itself. In an odd number of channels the middle one is its own mirror image. */
static void add_ends(const smoother *s, size_t n, const float *row, const float *smooth, float *out)
{
    double even = 0, odd = 0;
    for (size_t i = 0; i < s->reach; i++) {
        size_t j = n - 1 - i;
        double left = row[i], right = i < j ? row[j] : 0;
        even += s->even[i] * (left + right);
        odd += s->odd[i] * (left - right);
    }
    even *= s->even_gain;
    odd *= s->odd_gain;
    memcpy(out, smooth, n * sizeof *out);
    for (size_t i = 0; i < s->reach; i++) {
        size_t j = n - 1 - i;
        out[i] = (float)(smooth[i] + even * s->even[i] + odd * s->odd[i]);
        if (i < j)
            out[j] = (float)(smooth[j] + even * s->even[i] - odd * s->odd[i]);
    }
}

/* The mean passes unchanged, so it need not pass through the transform, where it would cost the rest its digits. */
static void smooth_segment(const smoother *s, size_t n, const float *row, float *out, float *buffer)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += row[i];
    float mean = (float)(sum / (double)n);
    for (size_t i = 0; i < n; i++)
        buffer[i] = row[i] - mean;
    cosine_forward(s->transform, buffer);
    for (size_t k = 0; k < n; k++)
        buffer[k] *= s->filter[k];
    cosine_inverse(s->transform, buffer);
    for (size_t i = 0; i < n; i++)
        buffer[i] += mean;
    add_ends(s, n, row, buffer, out);
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
