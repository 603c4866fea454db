/* Small sets of scores for the tests of matching steps, by a generator that is the same in any language. */
#ifndef UNIT_MATCH_SET_H
#define UNIT_MATCH_SET_H

#include "match/match.h"

#include "folder.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { most_specimens = 16, most_components = 12 };

typedef struct match_set {
    match_data data;
    double mean[most_specimens * most_components];
    size_t shots[most_specimens], origin[most_specimens];
    double within[most_components * most_components], squares[most_components * most_components];
    uint64_t state; /* of the generator, for numbers drawn after the set */
} match_set;

/* -1/2 ... 1/2 */
static inline double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0 - 0.5;
}

/* Adds a specimen of n shots, score[n, p], to the set. */
static inline void add_specimen(match_set *s, size_t p, size_t n, const double *score, size_t origin)
{
    match_data *d = &s->data;
    size_t i = d->n_specimens++;
    double *mean = s->mean + i * p;
    s->shots[i] = n;
    s->origin[i] = origin;
    for (size_t j = 0; j < n; j++)
        for (size_t a = 0; a < p; a++)
            mean[a] += score[j * p + a] / (double)n;
    for (size_t j = 0; j < n; j++)
        for (size_t a = 0; a < p; a++)
            for (size_t b = 0; b < p; b++) {
                double x = score[j * p + a] - mean[a], y = score[j * p + b] - mean[b];
                s->within[a * p + b] += x * y;
                s->squares[a * p + b] += x * x * y * y;
            }
    d->within_freedom += n - 1;
    d->n_origins = origin + 1 > d->n_origins ? origin + 1 : d->n_origins;
    d->n_components = p;
    d->mean = s->mean;
    d->shots = s->shots;
    d->origin = s->origin;
    d->within = s->within;
    d->within_squares = s->squares;
}

/* Uniform origins, specimens in them, shots in those, each component half, a third ... of the first. */
static inline void simulate(match_set *s, uint64_t seed, size_t n_specimens, size_t n_origins, size_t p,
                            const size_t *shots, const size_t *origin)
{
    double centre[4 * most_components], own[most_components], score[8 * most_components];
    *s = (match_set){.state = seed};
    for (size_t i = 0; i < n_origins * p; i++)
        centre[i] = 2.0 * uniform(&s->state) / (double)(1 + i % p);
    for (size_t i = 0; i < n_specimens; i++) {
        for (size_t a = 0; a < p; a++)
            own[a] = 0.6 * uniform(&s->state) / (double)(1 + a);
        for (size_t j = 0; j < shots[i]; j++) {
            double common = uniform(&s->state);
            for (size_t a = 0; a < p; a++)
                score[j * p + a] =
                    centre[origin[i] * p + a] + own[a] + 0.8 * (uniform(&s->state) + 0.5 * common) / (double)(1 + a);
        }
        add_specimen(s, p, shots[i], score, origin[i]);
    }
}

static inline void *fitted(const match *m, const step_value *values, const match_set *s, size_t p)
{
    void *state;
    adamas_error error = {0};
    cr_assert_eq(m->fit(&state, values, &s->data, p, &error), ADAMAS_OK, "%s", error.message);
    return state;
}

static inline void refuses(const match *m, const step_value *values, const match_set *s, size_t p, const char *message)
{
    void *state;
    adamas_error error = {0};
    cr_assert_eq(m->fit(&state, values, &s->data, p, &error), ADAMAS_E_DATA);
    cr_assert_str_eq(error.message, message);
    cr_assert_null(state);
}

static inline void posterior(const match *m, const void *state, size_t n_origins, const double *mean, size_t n_shots,
                             double *log_probability)
{
    double density[4], prior[4], scratch[most_components];
    m->density(state, mean, n_shots, density, scratch);
    m->prior(state, prior);
    match_posterior(n_origins, density, prior, log_probability);
}

/* A state that was saved and loaded gives the same bits. */
static inline void comes_back(const match *m, void *state, size_t p, const match_set *s)
{
    folder_begin();
    const char *path = in_folder("match.h5");
    store *file;
    void *back, *none;
    cr_assert_eq(store_create(&file, path, NULL), ADAMAS_OK);
    cr_assert_eq(match_save(m, state, file, "/match", NULL), ADAMAS_OK);
    cr_assert_eq(store_commit(file, NULL), ADAMAS_OK);
    cr_assert_eq(store_open(&file, path, NULL), ADAMAS_OK);
    size_t k = s->data.n_origins;
    cr_assert_eq(match_load(m, &back, k, p, file, "/match", NULL), ADAMAS_OK);
    cr_assert_eq(match_load(m, &none, k, p, file, "/other", NULL), ADAMAS_E_FORMAT);
    cr_assert_null(none);
    cr_assert_eq(match_load(m, &none, k + 1, p, file, "/match", NULL), ADAMAS_E_FORMAT);
    cr_assert_eq(match_load(m, &none, k, p + 1, file, "/match", NULL), ADAMAS_E_FORMAT);
    cr_assert_null(none);
    store_close(file);
    double a[4] = {0}, b[4] = {0}, scratch[most_components];
    for (size_t n = 1; n < 4; n++) {
        m->density(state, s->mean, n, a, scratch);
        m->density(back, s->mean, n, b, scratch);
        cr_assert_arr_eq(a, b, sizeof a);
    }
    m->prior(state, a);
    m->prior(back, b);
    cr_assert_arr_eq(a, b, sizeof a);
    m->destroy(back);
    folder_end();
}

#endif
