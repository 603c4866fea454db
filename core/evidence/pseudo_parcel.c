/* Draws pseudo-parcels from a library. */
#include "evidence/pseudo_parcel.h"

#include "base/memory.h"
#include "evidence/mixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static adamas_status reserve(pseudo_library *p, adamas_error *error)
{
    const parcel_library *l = p->library;
    p->mean = memory_new(l->n, l->d * sizeof *p->mean);
    p->n_specimens = memory_new(l->n, sizeof *p->n_specimens);
    p->origin_mean = memory_new(l->n_origins, l->d * sizeof *p->origin_mean);
    p->first_specimen = memory_new(l->n_origins + 1, sizeof *p->first_specimen);
    p->specimen = memory_new(l->n, sizeof *p->specimen);
    p->first_locality = memory_new(l->n_origins + 1, sizeof *p->first_locality);
    p->locality = memory_new(l->n, sizeof *p->locality);
    return p->mean && p->n_specimens && p->origin_mean && p->first_specimen && p->specimen && p->first_locality &&
                   p->locality
               ? ADAMAS_OK
               : status_no_memory(error);
}

void pseudo_library_clear(pseudo_library *p)
{
    free(p->mean);
    free(p->n_specimens);
    free(p->origin_mean);
    free(p->first_specimen);
    free(p->specimen);
    free(p->first_locality);
    free(p->locality);
    *p = (pseudo_library){0};
}

/* The number of the locality of the specimen at this index: that of an earlier specimen of it, else the next. */
static size_t number_locality(pseudo_library *p, size_t at, size_t first)
{
    const parcel_library *l = p->library;
    size_t i = p->specimen[at];
    for (size_t before = first; before < at; before++) {
        size_t j = p->specimen[before];
        if (!l->locality || l->locality[j] == l->locality[i])
            return p->locality[j];
    }
    return p->n_localities++;
}

static void find_means(pseudo_library *p)
{
    const parcel_library *l = p->library;
    for (size_t i = 0; i < l->n; i++) {
        size_t locality = p->locality[i], o = l->origin[i];
        p->n_specimens[locality]++;
        for (size_t a = 0; a < l->d; a++) {
            p->mean[locality * l->d + a] += l->rows[i * l->d + a];
            p->origin_mean[o * l->d + a] +=
                l->rows[i * l->d + a] / (double)(p->first_specimen[o + 1] - p->first_specimen[o]);
        }
    }
    for (size_t locality = 0; locality < p->n_localities; locality++)
        for (size_t a = 0; a < l->d; a++)
            p->mean[locality * l->d + a] /= p->n_specimens[locality];
}

adamas_status pseudo_library_make(pseudo_library *out, const parcel_library *library, const parcel_model *model,
                                  adamas_error *error)
{
    *out = (pseudo_library){.library = library, .model = model};
    adamas_status status = reserve(out, error);
    if (status) {
        pseudo_library_clear(out);
        return status;
    }
    size_t placed = 0;
    for (size_t o = 0; o < library->n_origins; o++) {
        size_t first = placed;
        for (size_t i = 0; i < library->n; i++)
            if (library->origin[i] == o) {
                out->specimen[placed] = i;
                out->locality[i] = number_locality(out, placed, first);
                placed++;
            }
        out->first_specimen[o + 1] = placed;
        out->first_locality[o + 1] = out->n_localities;
    }
    find_means(out);
    return ADAMAS_OK;
}

size_t pseudo_n_localities(const pseudo_library *p, size_t origin)
{
    return p->first_locality[origin + 1] - p->first_locality[origin];
}

static size_t n_folds_of(const pseudo_library *p, size_t origin)
{
    size_t n_localities = pseudo_n_localities(p, origin);
    return n_localities < PSEUDO_FOLDS ? n_localities : PSEUDO_FOLDS;
}

int pseudo_is_in_fold(const pseudo_library *p, size_t specimen, size_t fold)
{
    size_t origin = p->library->origin[specimen], n_folds = n_folds_of(p, origin);
    return (p->locality[specimen] - p->first_locality[origin]) % n_folds == fold % n_folds;
}

static size_t any_locality(const pseudo_library *p, size_t origin, size_t fold, random_stream *r)
{
    size_t n_localities = pseudo_n_localities(p, origin), n_folds = n_folds_of(p, origin), first = fold % n_folds;
    return p->first_locality[origin] + first +
           n_folds * random_below(r, (n_localities - first + n_folds - 1) / n_folds);
}

static size_t any_specimen(const pseudo_library *p, size_t origin, random_stream *r)
{
    size_t first = p->first_specimen[origin];
    return p->specimen[first + random_below(r, p->first_specimen[origin + 1] - first)];
}

/* to[d] += W z scale: a normal vector of covariance scale^2 B. */
static void add_normal(const parcel_model *m, const double *z, double scale, double *to)
{
    for (size_t a = 0; a < m->d; a++)
        for (size_t b = 0; b <= a; b++)
            to[a] += m->whiten[a * m->d + b] * z[b] * scale;
}

static void draw_normals(random_stream *r, size_t d, double *z)
{
    for (size_t a = 0; a < d; a++)
        z[a] = random_normal(r);
}

/* A draw of a locality's mean given its n specimens, rho being the model's variance ratio (the best linear unbiased
 * predictor of a random effect, and its error): their mean deviation from the origin, shrunk by n rho / (1 + n rho),
 * plus a normal deviate of covariance rho / (1 + n rho) B. */
static void draw_locality(const pseudo_library *p, size_t origin, size_t locality, random_stream *r, double *mean)
{
    size_t d = p->library->d;
    double n = p->n_specimens[locality], rho = p->model->ratio.rho_mean, z[mixture_max_features];
    const double *of_origin = p->origin_mean + origin * d, *own = p->mean + locality * d;
    for (size_t a = 0; a < d; a++)
        mean[a] = of_origin[a] + n * rho / (1 + n * rho) * (own[a] - of_origin[a]);
    draw_normals(r, d, z);
    add_normal(p->model, z, sqrt(rho / (1 + n * rho)), mean);
}

void pseudo_specimens(const pseudo_library *p, size_t origin, size_t fold, size_t n, random_stream *r, double *rows)
{
    const parcel_library *l = p->library;
    double mean[mixture_max_features];
    draw_locality(p, origin, any_locality(p, origin, fold, r), r, mean);
    for (size_t i = 0; i < n; i++) {
        size_t specimen = any_specimen(p, origin, r);
        const double *own = p->mean + p->locality[specimen] * l->d;
        for (size_t a = 0; a < l->d; a++)
            rows[i * l->d + a] = mean[a] + l->rows[specimen * l->d + a] - own[a];
    }
}

/* From the model's distribution of none of the origins: solving R y = z gives y its covariance. */
void pseudo_specimens_of_none(const pseudo_library *p, size_t n, random_stream *r, double *rows)
{
    const parcel_model *m = p->model;
    size_t d = m->d;
    double z[mixture_max_features], mean[mixture_max_features] = {0};
    const double *factor = m->inverse_cholesky + (m->n_components - 1) * d * d;
    draw_normals(r, d, z);
    add_normal(m, z, sqrt(m->tau + m->ratio.rho_mean), mean);
    add_normal(m, m->grand_mean, 1, mean);
    for (size_t i = 0; i < n; i++) {
        draw_normals(r, d, z);
        for (size_t a = 0; a < d; a++) {
            for (size_t b = 0; b < a; b++)
                z[a] -= factor[a * d + b] * z[b];
            z[a] /= factor[a * d + a];
        }
        memcpy(rows + i * d, mean, d * sizeof *mean);
        add_normal(m, z, 1, rows + i * d);
    }
}

void pseudo_add_session_shift(const pseudo_library *p, size_t n, random_stream *r, double *rows)
{
    const parcel_model *m = p->model;
    double z[mixture_max_features], shift[mixture_max_features] = {0};
    double wider = m->n_sessions ? 1 + 1 / (double)m->n_sessions : 1;
    draw_normals(r, m->d, z);
    add_normal(m, z, sqrt(m->ratio.sigma_mean * wider), shift);
    for (size_t i = 0; i < n; i++)
        for (size_t a = 0; a < m->d; a++)
            rows[i * m->d + a] += shift[a];
}
