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
    p->stones = memory_new(l->n, sizeof *p->stones);
    p->origin_mean = memory_new(l->n_origins, l->d * sizeof *p->origin_mean);
    p->first_stone = memory_new(l->n_origins + 1, sizeof *p->first_stone);
    p->stone = memory_new(l->n, sizeof *p->stone);
    p->first_place = memory_new(l->n_origins + 1, sizeof *p->first_place);
    p->locality = memory_new(l->n, sizeof *p->locality);
    return p->mean && p->stones && p->origin_mean && p->first_stone && p->stone && p->first_place && p->locality
               ? ADAMAS_OK
               : status_no_memory(error);
}

void pseudo_library_clear(pseudo_library *p)
{
    free(p->mean);
    free(p->stones);
    free(p->origin_mean);
    free(p->first_stone);
    free(p->stone);
    free(p->first_place);
    free(p->locality);
    *p = (pseudo_library){0};
}

/* The number of stone i's locality: that of an earlier stone of the same one, else the next. */
static size_t number_locality(pseudo_library *p, size_t at, size_t first)
{
    const parcel_library *l = p->library;
    size_t i = p->stone[at];
    for (size_t before = first; before < at; before++) {
        size_t j = p->stone[before];
        if (!l->locality || l->locality[j] == l->locality[i])
            return p->locality[j];
    }
    return p->n_localities++;
}

static void find_means(pseudo_library *p)
{
    const parcel_library *l = p->library;
    for (size_t i = 0; i < l->n; i++) {
        size_t place = p->locality[i], o = l->origin[i];
        p->stones[place]++;
        for (size_t a = 0; a < l->d; a++) {
            p->mean[place * l->d + a] += l->rows[i * l->d + a];
            p->origin_mean[o * l->d + a] += l->rows[i * l->d + a] / (double)(p->first_stone[o + 1] - p->first_stone[o]);
        }
    }
    for (size_t place = 0; place < p->n_localities; place++)
        for (size_t a = 0; a < l->d; a++)
            p->mean[place * l->d + a] /= p->stones[place];
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
                out->stone[placed] = i;
                out->locality[i] = number_locality(out, placed, first);
                placed++;
            }
        out->first_stone[o + 1] = placed;
        out->first_place[o + 1] = out->n_localities;
    }
    find_means(out);
    return ADAMAS_OK;
}

size_t pseudo_n_localities(const pseudo_library *p, size_t origin)
{
    return p->first_place[origin + 1] - p->first_place[origin];
}

/* Origins of few localities have fewer parts. */
static size_t parts_of(const pseudo_library *p, size_t origin)
{
    size_t places = pseudo_n_localities(p, origin);
    return places < PSEUDO_FOLDS ? places : PSEUDO_FOLDS;
}

int pseudo_is_in_fold(const pseudo_library *p, size_t stone, size_t part)
{
    size_t origin = p->library->origin[stone], parts = parts_of(p, origin);
    return (p->locality[stone] - p->first_place[origin]) % parts == part % parts;
}

static size_t any_place(const pseudo_library *p, size_t origin, size_t part, random_stream *r)
{
    size_t places = pseudo_n_localities(p, origin), parts = parts_of(p, origin), first = part % parts;
    return p->first_place[origin] + first + parts * random_below(r, (places - first + parts - 1) / parts);
}

static size_t any_stone(const pseudo_library *p, size_t origin, random_stream *r)
{
    size_t first = p->first_stone[origin];
    return p->stone[first + random_below(r, p->first_stone[origin + 1] - first)];
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

/* What is known of a locality's deviation from its origin, the model's variance ratio being rho: its stones' mean
 * deviation, shrunk by n rho / (1 + n rho), with a normal error of covariance rho / (1 + n rho) B. */
static void draw_locality(const pseudo_library *p, size_t origin, size_t place, random_stream *r, double *mean)
{
    size_t d = p->library->d;
    double n = p->stones[place], rho = p->model->ratio.rho_mean, z[mixture_max_features];
    const double *whole = p->origin_mean + origin * d, *own = p->mean + place * d;
    for (size_t a = 0; a < d; a++)
        mean[a] = whole[a] + n * rho / (1 + n * rho) * (own[a] - whole[a]);
    draw_normals(r, d, z);
    add_normal(p->model, z, sqrt(rho / (1 + n * rho)), mean);
}

void pseudo_specimens(const pseudo_library *p, size_t origin, size_t part, size_t n, random_stream *r, double *rows)
{
    const parcel_library *l = p->library;
    double mean[mixture_max_features];
    draw_locality(p, origin, any_place(p, origin, part, r), r, mean);
    for (size_t i = 0; i < n; i++) {
        size_t stone = any_stone(p, origin, r);
        const double *own = p->mean + p->locality[stone] * l->d;
        for (size_t a = 0; a < l->d; a++)
            rows[i * l->d + a] = mean[a] + l->rows[stone * l->d + a] - own[a];
    }
}

/* Of the model's own law for none of the origins: the part's root is the inverse of its spread. */
void pseudo_specimens_of_none(const pseudo_library *p, size_t n, random_stream *r, double *rows)
{
    const parcel_model *m = p->model;
    size_t d = m->d;
    double z[mixture_max_features], mean[mixture_max_features] = {0};
    const double *root = m->inverse_cholesky + (m->n_components - 1) * d * d;
    draw_normals(r, d, z);
    add_normal(m, z, sqrt(m->tau + m->ratio.rho_mean), mean);
    add_normal(m, m->grand_mean, 1, mean);
    for (size_t i = 0; i < n; i++) {
        draw_normals(r, d, z);
        for (size_t a = 0; a < d; a++) {
            for (size_t b = 0; b < a; b++)
                z[a] -= root[a * d + b] * z[b];
            z[a] /= root[a * d + a];
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
