/* The reference that a parcel is compared with: features of held-out specimens, their model, and their plane. */
#include "training/parcel_reference.h"

#include "base/linalg.h"
#include "base/memory.h"
#include "evidence/mixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Helmert's contrasts: orthonormal, and 0 if all densities are equal. */
void parcel_features(size_t n_origins, const double *log_density, double *row)
{
    double sum = log_density[0];
    for (size_t k = 1; k < n_origins; k++) {
        double n = (double)k;
        row[k - 1] = (sum - n * log_density[k]) / sqrt(n * (n + 1));
        sum += log_density[k];
    }
}

static adamas_status make_rows(parcel_reference *ref, const cross_fit *cf, adamas_error *error)
{
    size_t k = cf->n_origins, d = k - 1;
    ref->rows = memory_raw(cf->n, d * sizeof *ref->rows);
    if (!ref->rows)
        return status_no_memory(error);
    for (size_t i = 0; i < cf->n; i++)
        parcel_features(k, cf->log_density + i * k, ref->rows + i * d);
    return ADAMAS_OK;
}

/* The whitened mean of an origin's parts, by their weights. */
static void origin_mean(const parcel_model *m, size_t origin, double *mean)
{
    for (size_t part = m->first[origin]; part < m->first[origin + 1]; part++)
        for (size_t a = 0; a < m->d; a++)
            mean[a] += exp(m->log_weight[part]) * m->mean[part * m->d + a];
}

/* The axes along which the whitened means of the origins are furthest apart. */
static adamas_status find_plane(parcel_reference *ref, adamas_error *error)
{
    const parcel_model *m = &ref->model;
    size_t p = m->d, k = m->n_origins;
    double *mean = memory_new(k, m->d * sizeof *mean), *spread = memory_new(p, p * sizeof *spread);
    double *vector = memory_new(p, p * sizeof *vector), *value = memory_new(p, sizeof *value);
    ref->plane = memory_new(2, m->d * sizeof *ref->plane);
    adamas_status status = mean && spread && vector && value && ref->plane ? ADAMAS_OK : status_no_memory(error);
    for (size_t o = 0; !status && o < k; o++) {
        origin_mean(m, o, mean + o * p);
        for (size_t a = 0; a < p; a++)
            for (size_t b = 0; b < p; b++)
                spread[a * p + b] += (mean[o * p + a] - m->grand_mean[a]) * (mean[o * p + b] - m->grand_mean[b]);
    }
    if (!status)
        status = linalg_eigen(p, p, spread, value, vector, NULL, error);
    if (!status)
        memcpy(ref->plane, vector, (p < 2 ? p : 2) * p * sizeof *vector);
    free(mean);
    free(spread);
    free(vector);
    free(value);
    return status;
}

void parcel_plane_coordinates(const parcel_reference *ref, const double *row, double *coordinates)
{
    const parcel_model *m = &ref->model;
    double white[mixture_max_features];
    coordinates[0] = coordinates[1] = 0;
    for (size_t a = 0; a < m->d; a++) {
        white[a] = row[a];
        for (size_t b = 0; b < a; b++)
            white[a] -= m->whiten[a * m->d + b] * white[b];
        white[a] /= m->whiten[a * m->d + a];
        for (size_t side = 0; side < 2; side++)
            coordinates[side] += ref->plane[side * m->d + a] * (white[a] - m->grand_mean[a]);
    }
}

static int every_session_known(const cross_fit *cf)
{
    size_t i = 0;
    while (i < cf->n && cf->session[i] < cf->n_sessions)
        i++;
    return i == cf->n;
}

adamas_status parcel_reference_make(parcel_reference *out, const cross_fit *cf, adamas_error *error)
{
    size_t k = cf->n_origins;
    *out = (parcel_reference){0};
    if (k - 1 > mixture_max_features)
        return status_set(error, ADAMAS_E_DATA, "%zu origins: a parcel's composition is found for at most %d", k,
                          (int)mixture_max_features + 1);
    adamas_status status = make_rows(out, cf, error);
    out->alpha = memory_raw(k + 1, sizeof *out->alpha);
    if (!status && !out->alpha)
        status = status_no_memory(error);
    for (size_t o = 0; !status && o <= k; o++)
        out->alpha[o] = 1 / (double)(k + 1);
    out->library = (parcel_library){.n = cf->n,
                                    .d = k - 1,
                                    .n_origins = k,
                                    .rows = out->rows,
                                    .origin = cf->origin,
                                    .locality = cf->by_locality ? cf->locality : NULL,
                                    .session = every_session_known(cf) ? cf->session : NULL};
    if (!status)
        status = parcel_model_fit(&out->model, &out->library, NULL, 0, error);
    if (!status)
        status = pseudo_library_make(&out->pseudo, &out->library, &out->model, error);
    if (!status)
        status = find_plane(out, error);
    if (status)
        parcel_reference_clear(out);
    return status;
}

void parcel_reference_clear(parcel_reference *ref)
{
    pseudo_library_clear(&ref->pseudo);
    parcel_model_free(&ref->model);
    free(ref->rows);
    free(ref->alpha);
    free(ref->plane);
    *ref = (parcel_reference){0};
}
