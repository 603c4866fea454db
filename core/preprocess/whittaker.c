/* Whittaker's smoother of order 2 with free ends, x = (I + lam D'D)^-1 y (Eilers 2003), by a banded solve. */
#include "base/banded.h"
#include "base/memory.h"
#include "preprocess/row.h"
#include "preprocess/step.h"

#include <stdlib.h>

static const step_parameter parameters[] = {
    {.name = "lam", .fallback = 20, .low = 0, .high = 1e9},
};

enum { fewest = 3 }; /* channels that have a second difference */

typedef struct whittaker {
    size_t longest;  /* segment */
    double *inverse; /* [axis.n] and so the other two: the factors, segment after segment */
    double *first;
    double *second;
} whittaker;

static void destroy(void *state)
{
    whittaker *w = state;
    if (!w)
        return;
    free(w->inverse);
    free(w->first);
    free(w->second);
    free(w);
}

/* I + lam D'D, row of D by row of D. */
static void penalise(size_t n, double lam, double *diagonal, double *first, double *second)
{
    for (size_t i = 0; i < n; i++)
        diagonal[i] = 1;
    for (size_t i = 0; i + 2 < n; i++) {
        diagonal[i] += lam;
        diagonal[i + 1] += 4 * lam;
        diagonal[i + 2] += lam;
        first[i] -= 2 * lam;
        first[i + 1] -= 2 * lam;
        second[i] += lam;
    }
}

static adamas_status factor(whittaker *w, const axis *in, double lam, adamas_error *error)
{
    for (size_t s = 0; s < in->n_segments; s++) {
        size_t at = in->first[s], n = in->first[s + 1] - at;
        penalise(n, lam, w->inverse + at, w->first + at, w->second + at);
        if (!banded_factor(n, w->inverse + at, w->first + at, w->second + at))
            return status_set(error, ADAMAS_E_METHOD, "whittaker: lam is too large for %zu channels", n);
    }
    return ADAMAS_OK;
}

static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    (void)reference;
    *state = NULL;
    whittaker *w = memory_new(1, sizeof *w);
    if (!w)
        return status_no_memory(error);
    w->inverse = memory_new(in->n, sizeof *w->inverse);
    w->first = memory_new(in->n, sizeof *w->first);
    w->second = memory_new(in->n, sizeof *w->second);
    w->longest = axis_longest(in);
    adamas_status status =
        w->inverse && w->first && w->second ? factor(w, in, values[0].number, error) : status_no_memory(error);
    if (status)
        destroy(w);
    else
        *state = w;
    return status;
}

static size_t scratch(const void *state)
{
    return BANDED_ROWS * ((const whittaker *)state)->longest;
}

static void apply_rows(const void *state, const axis *in, size_t n, float *rows, size_t stride, float *work)
{
    const whittaker *w = state;
    for (size_t s = 0; s < in->n_segments; s++) {
        size_t at = in->first[s], channels = in->first[s + 1] - at;
        if (channels >= fewest)
            banded_solve(channels, w->inverse + at, w->first + at, w->second + at, n, rows + at, stride, work);
    }
    for (size_t i = 0; i < n; i++)
        row_check(rows + i * stride, in->n);
}

const step whittaker_step = {
    .name = "whittaker",
    .summary = "smooths: second differences penalised by lam",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .create = create,
    .destroy = destroy,
    .scratch = scratch,
    .apply_rows = apply_rows,
};
