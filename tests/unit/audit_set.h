/* Libraries whose spectra carry no information on the origin, measured under given conditions. */
#ifndef UNIT_AUDIT_SET_H
#define UNIT_AUDIT_SET_H

#include "dataset/protocol_folds.h"
#include "dataset/scan.h"
#include "validation/session_audit.h"

#include "base/memory.h"
#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { max_specimens = 80, n_channels = 256, n_lines = 12, shots_each = 6 };

/* How each specimen is measured. */
typedef struct conditions {
    size_t n;
    uint64_t seed;
    double log_brightness[max_specimens], shift[max_specimens], noise[max_specimens]; /* shift: in channels */
    int saturated[max_specimens]; /* shots of the specimen that have a channel at full scale */
    double mass[max_specimens];   /* 0: no masses at all */
    const char *origin[max_specimens], *session[max_specimens];
} conditions;

typedef struct library {
    adamas_spectra *set;
    dataset c;
    folds outer;
    work w;
    float *rows;
    char ids[max_specimens][16];
} library;

static random_stream stream;

/* Two origins in turn, measured under the same conditions but for a random brightness. */
static inline conditions equal_conditions_by(size_t n, uint64_t seed)
{
    stream = (random_stream){.seed = seed};
    conditions p = {.n = n, .seed = seed};
    for (size_t k = 0; k < n; k++) {
        p.log_brightness[k] = 0.2 * random_normal(&stream);
        p.noise[k] = 2;
        p.origin[k] = k % 2 ? "B" : "A";
        p.session[k] = "";
    }
    return p;
}

static inline conditions equal_conditions(size_t n)
{
    return equal_conditions_by(n, 7);
}

static inline void draw_shot(float *row, const conditions *p, size_t k, const double *height, int is_saturated)
{
    for (size_t c = 0; c < n_channels; c++) {
        double y = 100;
        for (size_t i = 0; i < n_lines; i++) {
            double d = ((double)c - 12.0 - 20.7 * (double)i - p->shift[k]) / 1.5;
            y += height[i] * exp(-d * d / 2);
        }
        row[c] = (float)(y * exp(p->log_brightness[k]) + p->noise[k] * random_normal(&stream));
    }
    if (is_saturated)
        row[100] = 1e5F;
}

static inline void set_tables(library *l, const conditions *p)
{
    const char *specimen[max_specimens * shots_each], *session[max_specimens * shots_each];
    for (size_t i = 0; i < p->n * shots_each; i++) {
        snprintf(l->ids[i / shots_each], sizeof l->ids[0], "s%zu", i / shots_each);
        specimen[i] = l->ids[i / shots_each];
        session[i] = p->session[i / shots_each];
    }
    cr_assert_eq(spectra_set_text(l->set, ADAMAS_SHOTS, "specimen", p->n * shots_each, specimen, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(l->set, ADAMAS_SHOTS, "session", p->n * shots_each, session, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(l->set, ADAMAS_SPECIMENS, "origin", p->n, p->origin, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_fact(l->set, "acquisition/full_scale", "100000", NULL), ADAMAS_OK);
    if (p->mass[0] > 0)
        cr_assert_eq(spectra_set_numbers(l->set, ADAMAS_SPECIMENS, "mass_ct", p->n, p->mass, NULL), ADAMAS_OK);
}

static inline void library_make(library *l, const conditions *p, int threads)
{
    double nm[n_channels], height[n_lines];
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = threads;
    stream = (random_stream){.seed = p->seed, .stream = 1};
    l->rows = memory_raw(p->n * shots_each, n_channels * sizeof *l->rows);
    for (size_t c = 0; c < n_channels; c++)
        nm[c] = 300 + 0.05 * (double)c;
    for (size_t k = 0; k < p->n; k++) {
        for (size_t i = 0; i < n_lines; i++)
            height[i] = 600 + 200 * random_uniform(&stream);
        for (size_t i = 0; i < shots_each; i++)
            draw_shot(l->rows + (k * shots_each + i) * n_channels, p, k, height, (int)i < p->saturated[k]);
    }
    cr_assert_eq(work_begin(&l->w, &options, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_lend(&l->set, p->n * shots_each, n_channels, l->rows, nm, NULL), ADAMAS_OK);
    set_tables(l, p);
    cr_assert_eq(dataset_make(&l->c, (const adamas_spectra *const *)&l->set, 1, 1, NULL), ADAMAS_OK);
    cr_assert_eq(dataset_screen(&l->c, &l->w, NULL), ADAMAS_OK);
    adamas_protocol protocol = ADAMAS_PROTOCOL_INIT;
    cr_assert_eq(folds_of_protocol(&l->outer, &l->c, &protocol, 1, NULL), ADAMAS_OK);
}

static inline void library_clear(library *l)
{
    folds_clear(&l->outer);
    dataset_clear(&l->c);
    spectra_free(l->set);
    work_end(&l->w);
    free(l->rows);
}

static inline int uses_feature(const audit *a, const char *feature)
{
    for (size_t i = 0; i < a->n_features; i++)
        if (strcmp(a->features[i], feature) == 0)
            return 1;
    return 0;
}

#endif
