/* External parameter orthogonalisation: differences between sessions, their directions, and the projection. */
#include "reduce/epo.h"

#include "base/linalg.h"
#include "base/memory.h"
#include "base/simd.h"
#include "base/sums.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const step_parameter parameters[] = {
    {.name = "directions", .low = 1, .high = EPO_MAX_DIRECTIONS, .whole = 1, .words = "auto", .fallback_word = "auto"},
};

const reduce_step epo_step = {
    .name = "epo",
    .summary = "projects out the directions in which sessions differ; directions=auto: as pca's components",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
};

struct epo_sums {
    size_t n_localities, n_sessions, n_channels;
    double *size;         /* [n_localities]: specimens */
    double *count;        /* [n_localities, n_sessions]: those of a session */
    double *locality_sum; /* [n_localities, n_channels]: L'X */
    double *session_sum;  /* [n_sessions, n_channels]: S'X */
};

adamas_status epo_sums_make(epo_sums **out, size_t n_localities, size_t n_sessions, size_t n_channels,
                            adamas_error *error)
{
    *out = NULL;
    epo_sums *s = memory_new(1, sizeof *s);
    if (!s)
        return status_no_memory(error);
    *s = (epo_sums){.n_localities = n_localities, .n_sessions = n_sessions, .n_channels = n_channels};
    s->size = memory_new(n_localities, sizeof *s->size);
    s->count = memory_new(n_localities, n_sessions * sizeof *s->count);
    s->locality_sum = memory_new(n_localities, n_channels * sizeof *s->locality_sum);
    s->session_sum = memory_new(n_sessions, n_channels * sizeof *s->session_sum);
    if (!s->size || !s->count || !s->locality_sum || !s->session_sum) {
        epo_sums_free(s);
        return status_no_memory(error);
    }
    *out = s;
    return ADAMAS_OK;
}

void epo_sums_free(epo_sums *s)
{
    if (!s)
        return;
    free(s->size);
    free(s->count);
    free(s->locality_sum);
    free(s->session_sum);
    free(s);
}

void epo_sums_add(epo_sums *s, size_t locality, size_t session, const float *row)
{
    if (session >= s->n_sessions)
        return;
    s->size[locality]++;
    s->count[locality * s->n_sessions + session]++;
    sums_add(s->locality_sum + locality * s->n_channels, row, 1, s->n_channels);
    sums_add(s->session_sum + session * s->n_channels, row, 1, s->n_channels);
}

SIMD_CLONES static void add_multiple(size_t n, double factor, const double *from, double *restrict to)
{
    for (size_t i = 0; i < n; i++)
        to[i] += factor * from[i];
}

/* M'M = S'S - S'L (L'L)^-1 L'S, both triangles. */
static void design(const epo_sums *s, double *product)
{
    size_t m = s->n_sessions;
    memset(product, 0, m * m * sizeof *product);
    for (size_t l = 0; l < s->n_localities; l++) {
        const double *count = s->count + l * m;
        for (size_t a = 0; a < m; a++)
            for (size_t b = 0; count[a] > 0 && b < m; b++)
                product[a * m + b] += (a == b ? count[a] : 0) - count[a] * count[b] / s->size[l];
    }
}

/* M'X = S'X - S'L (L'L)^-1 L'X: [n_sessions, n_channels]. */
static void session_differences(const epo_sums *s, double *out)
{
    size_t m = s->n_sessions, p = s->n_channels;
    memcpy(out, s->session_sum, m * p * sizeof *out);
    for (size_t l = 0; l < s->n_localities; l++)
        for (size_t t = 0; t < m; t++)
            if (s->count[l * m + t] > 0)
                add_multiple(p, -s->count[l * m + t] / s->size[l], s->locality_sum + l * p, out + t * p);
}

/* The rows of T, [rank, n_sessions]: eigenvectors of M'M over the roots of their eigenvalues. */
static adamas_status find_contrasts(const epo_sums *s, double *t, size_t *rank, work *w, adamas_error *error)
{
    size_t m = s->n_sessions;
    double *product = memory_raw(m, m * sizeof *product), *value = memory_raw(m, sizeof *value);
    adamas_status status = product && value ? ADAMAS_OK : status_no_memory(error);
    if (!status) {
        design(s, product);
        status = linalg_eigen(m, m, product, value, t, w, error);
    }
    *rank = 0;
    while (!status && *rank < m && value[*rank] > 1e-9 * value[0])
        ++*rank;
    for (size_t a = 0; a < *rank; a++)
        for (size_t b = 0; b < m; b++)
            t[a * m + b] /= sqrt(value[a]);
    free(product);
    free(value);
    return status;
}

/* D = T M'X of rank rows. */
static void find_differences(const epo_sums *s, size_t rank, const double *t, const double *sums, double *d)
{
    size_t m = s->n_sessions, p = s->n_channels;
    for (size_t a = 0; a < rank; a++)
        for (size_t b = 0; b < m; b++)
            add_multiple(p, t[a * m + b], sums + b * p, d + a * p);
}

/* Right singular vectors of d[rank, n_channels]: Lambda^-1/2 U'D, where U Lambda U' = DD'. */
static adamas_status singular_vectors(size_t rank, size_t p, const double *d, size_t max_directions, size_t *n,
                                      float *directions, work *w, adamas_error *error)
{
    double *gram = memory_new(rank, rank * sizeof *gram), *value = memory_raw(rank, sizeof *value);
    double *vector = memory_raw(rank, rank * sizeof *vector), *direction = memory_raw(p, sizeof *direction);
    adamas_status status = gram && value && vector && direction ? ADAMAS_OK : status_no_memory(error);
    if (!status) {
        linalg_outer(rank, rank, p, d, p, d, p, gram, rank);
        status = linalg_eigen(rank, rank, gram, value, vector, w, error);
    }
    for (size_t a = 0; !status && a < rank && a < max_directions && value[a] > value[0] * (double)FLT_EPSILON; a++) {
        memset(direction, 0, p * sizeof *direction);
        for (size_t b = 0; b < rank; b++)
            add_multiple(p, vector[a * rank + b] / sqrt(value[a]), d + b * p, direction);
        for (size_t c = 0; c < p; c++)
            directions[a * p + c] = (float)direction[c];
        *n = a + 1;
    }
    free(gram);
    free(value);
    free(vector);
    free(direction);
    return status;
}

adamas_status epo_fit(const epo_sums *s, size_t max_directions, size_t *n, float *directions, work *w,
                      adamas_error *error)
{
    *n = 0;
    size_t m = s->n_sessions, p = s->n_channels, rank;
    if (m < 2 || max_directions == 0)
        return ADAMAS_OK;
    double *t = memory_raw(m, m * sizeof *t), *sums = memory_raw(m, p * sizeof *sums);
    double *d = memory_new(m, p * sizeof *d);
    adamas_status status = t && sums && d ? find_contrasts(s, t, &rank, w, error) : status_no_memory(error);
    if (!status && rank) {
        session_differences(s, sums);
        find_differences(s, rank, t, sums, d);
        status = singular_vectors(rank, p, d, max_directions, n, directions, w, error);
    }
    free(t);
    free(sums);
    free(d);
    return status;
}

SIMD_CLONES static void subtract_multiple(size_t n, double factor, const float *direction, float *restrict row)
{
    for (size_t i = 0; i < n; i++)
        row[i] = (float)(row[i] - factor * direction[i]);
}

void epo_remove(size_t n_directions, size_t n_channels, const float *directions, float *row)
{
    for (size_t a = 0; a < n_directions; a++)
        subtract_multiple(n_channels, sums_products(row, directions + a * n_channels, n_channels),
                          directions + a * n_channels, row);
}
