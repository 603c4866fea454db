/* The Whittaker smoother of order 2 with free ends, x = (I + lam D'D)^-1 y (Eilers 2003), by a banded solve. */
#include "base/memory.h"
#include "preprocess/banded.h"
#include "preprocess/row.h"
#include "preprocess/steps.h"

#include <stdlib.h>
#include <string.h>

static const step_parameter parameters[] = {
    {.name = "lam", .fallback = 20, .low = 0, .high = 1e9},
};

enum { min_channels = 3 }; /* channels for a second difference */

typedef struct whittaker {
    size_t n_segments;
    size_t scratch;
    banded *system[]; /* [n_segments]; NULL for a segment of too few channels */
} whittaker;

static void destroy(void *state)
{
    whittaker *w = state;
    for (size_t s = 0; w && s < w->n_segments; s++)
        free(w->system[s]);
    free(w);
}

/* The diagonals of I + lam D'D, summed over the rows of D. */
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

/* diagonal[3 n]: workspace for all three diagonals, all 0. */
static adamas_status make_system(banded **out, size_t n, double lam, double *diagonal, adamas_error *error)
{
    double *first = diagonal + n, *second = first + n;
    penalise(n, lam, diagonal, first, second);
    if (!banded_factor(n, diagonal, first, second))
        return status_set(error, ADAMAS_E_METHOD, "whittaker: lam is too large for %zu channels", n);
    *out = banded_new(n, diagonal, first, second);
    return *out ? ADAMAS_OK : status_no_memory(error);
}

static adamas_status make_systems(whittaker *w, const axis *in, double lam, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t s = 0; !status && s < in->n_segments; s++) {
        size_t n = in->first[s + 1] - in->first[s];
        double *diagonals = memory_new(3 * n, sizeof *diagonals);
        if (!diagonals)
            status = status_no_memory(error);
        else if (n >= min_channels)
            status = make_system(&w->system[s], n, lam, diagonals, error);
        if (w->system[s] && banded_scratch(w->system[s]) > w->scratch)
            w->scratch = banded_scratch(w->system[s]);
        free(diagonals);
    }
    return status;
}

static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    (void)reference;
    *state = NULL;
    whittaker *w = memory_new(1, sizeof *w + in->n_segments * sizeof(banded *));
    if (!w)
        return status_no_memory(error);
    w->n_segments = in->n_segments;
    adamas_status status = make_systems(w, in, values[0].number, error);
    if (status)
        destroy(w);
    else
        *state = w;
    return status;
}

static size_t scratch(const void *state)
{
    return ((const whittaker *)state)->scratch;
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *work)
{
    const whittaker *w = state;
    for (size_t s = 0; s < in->n_segments; s++) {
        size_t at = in->first[s];
        if (w->system[s])
            banded_solve(w->system[s], row + at, out + at, work);
        else
            memmove(out + at, row + at, (in->first[s + 1] - at) * sizeof *out);
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
