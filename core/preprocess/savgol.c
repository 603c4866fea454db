/* Savitzky-Golay smoothing and derivatives: each channel becomes the value, or the derivative by channel, of the
 * polynomial fitted to the window around it (Savitzky & Golay 1964); within half a window of an end of a detector
 * segment, of the polynomial fitted to its first or last window (Gorry 1990). As SciPy's savgol_filter with mode
 * 'interp' and delta 1.
 *
 * The polynomial is a sum of Gram polynomials, which are orthogonal over the places -m ... m of the window, p_0 = 1 and
 * p_(k+1)(t) = t p_k(t) - beta_k p_(k-1)(t), beta_k = |p_k|^2 / |p_(k-1)|^2, the d-th derivative of which is
 * p_(k+1)^(d) = t p_k^(d) + d p_k^(d-1) - beta_k p_(k-1)^(d). Each p_k is kept with length 1. */
#include "preprocess/steps.h"

#include "base/memory.h"
#include "base/text.h"
#include "preprocess/convolve.h"
#include "preprocess/row.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { max_order = 20, max_window = 9999 };

static const step_parameter parameters[] = {
    {.name = "window_length", .fallback = 11, .low = 1, .high = max_window, .whole = 1},
    {.name = "polyorder", .fallback = 2, .low = 0, .high = max_order, .whole = 1},
    {.name = "deriv", .fallback = 0, .low = 0, .high = max_order, .whole = 1},
};

typedef struct savgol {
    taps *taps;
    size_t longest;
    size_t window, half, terms;
    double *basis;   /* [terms, window]: p_k at each place */
    double *derived; /* [terms, window]: its derivative of order deriv */
} savgol;

static void destroy(void *state)
{
    savgol *s = state;
    if (!s)
        return;
    free(s->taps);
    free(s->basis);
    free(s->derived);
    free(s);
}

static double product(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* p_k ^ (0 ... deriv) at place t, from lengths[k] = |p_k|. */
static void at_place(double t, size_t terms, size_t deriv, const double *lengths, double p[][max_order + 1])
{
    memset(p, 0, terms * sizeof *p);
    p[0][0] = 1 / lengths[0];
    for (size_t k = 1; k < terms; k++)
        for (size_t d = 0; d <= deriv; d++) {
            double next = t * p[k - 1][d] + (d ? (double)d * p[k - 1][d - 1] : 0);
            if (k > 1)
                next -= lengths[k - 1] / lengths[k - 2] * p[k - 2][d];
            p[k][d] = next * lengths[k - 1] / lengths[k];
        }
}

/* With p_k = q_k / |q_k| the recurrence is that above, divided by |q_(k+1)|. */
static void fill_basis(savgol *s, size_t deriv)
{
    double lengths[max_order + 1] = {0}, p[max_order + 1][max_order + 1];
    for (size_t terms = 1; terms <= s->terms; terms++) {
        lengths[terms - 1] = terms > 1 ? lengths[terms - 2] : 1;
        double *last = s->basis + (terms - 1) * s->window;
        for (size_t i = 0; i < s->window; i++) {
            at_place((double)i - (double)s->half, terms, 0, lengths, p);
            last[i] = p[terms - 1][0];
        }
        lengths[terms - 1] *= sqrt(product(last, last, s->window));
    }
    for (size_t i = 0; i < s->window; i++) {
        at_place((double)i - (double)s->half, s->terms, deriv, lengths, p);
        for (size_t k = 0; k < s->terms; k++) {
            s->basis[k * s->window + i] = p[k][0];
            s->derived[k * s->window + i] = p[k][deriv];
        }
    }
}

static void fill_taps(savgol *s, size_t deriv)
{
    s->taps->odd = deriv % 2 == 1;
    for (size_t i = 0; i <= s->half; i++) {
        double weight = 0;
        for (size_t k = 0; k < s->terms; k++)
            weight += s->basis[k * s->window + s->half + i] * s->derived[k * s->window + s->half];
        s->taps->weights[i] = i == 0 && s->taps->odd ? 0 : (float)weight;
    }
}

static adamas_status check_values(size_t window, size_t order, size_t deriv, adamas_error *error)
{
    if (window % 2 == 0)
        return status_set(error, ADAMAS_E_METHOD, "savgol: window_length is %zu, an odd number expected", window);
    if (order >= window)
        return status_set(error, ADAMAS_E_METHOD,
                          "savgol: polyorder is %zu, a number below window_length (%zu) expected", order, window);
    if (deriv > order)
        return status_set(error, ADAMAS_E_METHOD, "savgol: deriv is %zu, a number up to polyorder (%zu) expected",
                          deriv, order);
    return ADAMAS_OK;
}

static adamas_status check_segments(size_t window, const axis *in, adamas_error *error)
{
    for (size_t s = 0; s < in->n_segments; s++) {
        size_t n = in->first[s + 1] - in->first[s];
        if (n < window) {
            char lo[32], hi[32];
            text_of_number(lo, in->nm[in->first[s]]);
            text_of_number(hi, in->nm[in->first[s + 1] - 1]);
            return status_set(error, ADAMAS_E_AXIS,
                              "savgol: the detector segment %s-%s nm has %zu channel%s, at least window_length (%zu) "
                              "expected",
                              lo, hi, n, n == 1 ? "" : "s", window);
        }
    }
    return ADAMAS_OK;
}

static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    (void)reference;
    *state = NULL;
    size_t window = (size_t)values[0].number, order = (size_t)values[1].number, deriv = (size_t)values[2].number;
    adamas_status status = check_values(window, order, deriv, error);
    if (!status)
        status = check_segments(window, in, error);
    if (status)
        return status;
    savgol *made = memory_new(1, sizeof *made);
    if (!made)
        return status_no_memory(error);
    *made = (savgol){.longest = axis_longest_segment(in), .window = window, .half = window / 2, .terms = order + 1};
    made->taps = taps_new(made->half);
    made->basis = memory_raw(made->terms, window * sizeof *made->basis);
    made->derived = memory_raw(made->terms, window * sizeof *made->derived);
    if (!made->taps || !made->basis || !made->derived) {
        destroy(made);
        return status_no_memory(error);
    }
    fill_basis(made, deriv);
    fill_taps(made, deriv);
    *state = made;
    return ADAMAS_OK;
}

static size_t scratch(const void *state)
{
    return ((const savgol *)state)->longest;
}

/* The polynomial fitted to x[window], at n places from `first` on. */
static void fit_end(const savgol *s, const float *x, size_t first, size_t n, float *out)
{
    double coefficient[max_order + 1];
    for (size_t k = 0; k < s->terms; k++) {
        coefficient[k] = 0;
        for (size_t i = 0; i < s->window; i++)
            coefficient[k] += s->basis[k * s->window + i] * x[i];
    }
    for (size_t i = 0; i < n; i++) {
        double value = 0;
        for (size_t k = 0; k < s->terms; k++)
            value += coefficient[k] * s->derived[k * s->window + first + i];
        out[i] = (float)value;
    }
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *x)
{
    const savgol *s = state;
    for (size_t i = 0; i < in->n_segments; i++) {
        size_t first = in->first[i], n = in->first[i + 1] - first;
        float *to = out + first;
        memcpy(x, row + first, n * sizeof *row);
        fit_end(s, x, 0, s->half, to);
        convolve(s->taps, x + s->half, to + s->half, n - 2 * s->half);
        fit_end(s, x + n - s->window, s->half + 1, s->half, to + n - s->half);
    }
    row_check(out, in->n);
}

const step savgol_step = {
    .name = "savgol",
    .summary = "smooths: polynomials fitted to window_length channels, or their derivative by channel",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .create = create,
    .destroy = destroy,
    .scratch = scratch,
    .apply = apply,
};
