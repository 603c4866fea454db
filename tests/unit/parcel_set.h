/* Libraries drawn from the parcel's own model: origins on a circle, localities and specimens normal around them. */
#ifndef UNIT_PARCEL_SET_H
#define UNIT_PARCEL_SET_H

#include "base/random.h"
#include "evidence/pseudo_parcel.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { set_max_specimens = 512, set_d = 2, set_max_origins = 3 };

typedef struct set_plan {
    size_t n_origins;
    size_t localities[set_max_origins]; /* of each origin */
    size_t specimens;                   /* of each locality */
    double apart;                       /* radius of the circle, in standard deviations of a specimen */
    double rho, sigma;                  /* variance of a locality, of a session */
    size_t n_sessions;                  /* 0: not known */
    uint64_t seed;
} set_plan;

typedef struct parcel_set {
    set_plan plan;
    double rows[set_max_specimens * set_d];
    size_t origin[set_max_specimens], locality[set_max_specimens], session[set_max_specimens];
    parcel_library library;
    parcel_model model;
    pseudo_library pseudo;
    double alpha[set_max_origins + 1];
} parcel_set;

static inline void set_centre(const set_plan *p, size_t origin, double *x)
{
    double angle = 2 * M_PI * (double)origin / (double)p->n_origins;
    x[0] = p->apart * cos(angle);
    x[1] = p->apart * sin(angle);
}

/* n specimens of one locality, which is drawn anew: to rows[n, 2]. */
static inline void set_draw(const set_plan *p, size_t origin, size_t n, random_stream *r, double *rows)
{
    double x[set_d];
    set_centre(p, origin, x);
    for (size_t a = 0; a < set_d; a++)
        x[a] += sqrt(p->rho) * random_normal(r);
    for (size_t i = 0; i < n * set_d; i++)
        rows[i] = x[i % set_d] + random_normal(r);
}

static inline void set_move(const set_plan *p, size_t n, random_stream *r, double *rows)
{
    const double shift[set_d] = {sqrt(p->sigma) * random_normal(r), sqrt(p->sigma) * random_normal(r)};
    for (size_t i = 0; i < n * set_d; i++)
        rows[i] += shift[i % set_d];
}

/* The specimens of a locality are dealt to the sessions. */
static inline void set_fill(parcel_set *s)
{
    const set_plan *p = &s->plan;
    random_stream r = {.seed = p->seed};
    double shift[16][set_d] = {{0}};
    size_t n = 0, place = 0;
    for (size_t i = 0; i < p->n_sessions * set_d; i++)
        shift[i / set_d][i % set_d] = sqrt(p->sigma) * random_normal(&r);
    for (size_t o = 0; o < p->n_origins; o++)
        for (size_t l = 0; l < p->localities[o]; l++, place++) {
            set_draw(p, o, p->specimens, &r, s->rows + n * set_d);
            for (size_t i = 0; i < p->specimens; i++, n++) {
                s->origin[n] = o;
                s->locality[n] = 7 * place + 3;
                s->session[n] = p->n_sessions ? i % p->n_sessions : 0;
                for (size_t a = 0; p->n_sessions && a < set_d; a++)
                    s->rows[n * set_d + a] += shift[s->session[n]][a];
            }
        }
    s->library = (parcel_library){.n = n,
                                  .d = set_d,
                                  .n_origins = p->n_origins,
                                  .rows = s->rows,
                                  .origin = s->origin,
                                  .locality = s->locality,
                                  .session = p->n_sessions ? s->session : NULL};
}

static inline void set_make(parcel_set *s, const set_plan *plan)
{
    adamas_error error = {0};
    *s = (parcel_set){.plan = *plan};
    set_fill(s);
    cr_assert_leq(s->library.n, set_max_specimens);
    cr_assert_eq(parcel_model_fit(&s->model, &s->library, NULL, 0, &error), ADAMAS_OK, "%s", error.message);
    cr_assert_eq(pseudo_library_make(&s->pseudo, &s->library, &s->model, &error), ADAMAS_OK, "%s", error.message);
    for (size_t o = 0; o <= plan->n_origins; o++)
        s->alpha[o] = 1 / (double)(plan->n_origins + 1);
}

static inline void set_clear(parcel_set *s)
{
    pseudo_library_clear(&s->pseudo);
    parcel_model_free(&s->model);
}

#endif
