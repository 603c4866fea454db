/* Class models of origins: data driven SIMCA (ddsimca.h) of each origin's specimens, on their mean scores in the plane
 * of the principal components. The number of shots plays no part.
 *
 * A class model says how far out a specimen is, not how dense the origin is there. What stands for the log density is
 * ln P(chi-square > f), the log of the p-value of the full distance: within an origin it falls as f grows, and between
 * origins it is comparable, where f itself is not, being on degrees of freedom of their own. So specimens are ranked by
 * the origin that would least reject them; it is no likelihood, and probabilities made from it want calibration.
 *
 * The verdict is the laboratory's own: accepted at alpha, extreme beyond, outlier beyond what gamma allows for all the
 * training specimens of the origin. */
#include "match/ddsimca.h"

#include "base/memory.h"
#include "base/special.h"
#include "match/matchers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct classes {
    size_t n_origins, p;
    double alpha, gamma;
    class_model *model; /* [n_origins] */
} classes;

static const step_parameter parameters[] = {
    {.name = "components", .required = 1, .low = 1, .high = 512, .whole = 1},
    {.name = "alpha", .fallback = 0.05, .low = 1e-6, .high = 0.5},
    {.name = "gamma", .fallback = 0.01, .low = 1e-6, .high = 0.5},
    {.name = "robust", .low = 1, .words = "no|yes", .fallback_word = "no"},
};

static void destroy(void *state)
{
    classes *m = state;
    if (!m)
        return;
    for (size_t k = 0; m->model && k < m->n_origins; k++)
        ddsimca_clear(&m->model[k]);
    free(m->model);
    free(m);
}

static classes *reserve(size_t n_origins, size_t p)
{
    classes *m = memory_new(1, sizeof *m);
    if (!m)
        return NULL;
    *m = (classes){.n_origins = n_origins, .p = p};
    m->model = memory_new(n_origins, sizeof *m->model);
    if (m->model)
        return m;
    destroy(m);
    return NULL;
}

static adamas_status fit_class(class_model *out, const match_data *d, size_t origin, const step_value *values, size_t p,
                               double *rows, adamas_error *error)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n_specimens; i++)
        if (d->origin[i] == origin)
            memcpy(rows + n++ * p, d->mean + i * d->n_components, p * sizeof *rows);
    return ddsimca_fit(out, n, p, rows, (size_t)values[0].number, step_value_is(values[3], "yes"), error);
}

static adamas_status fit(void **state, const step_value *values, const match_data *d, size_t p, adamas_error *error)
{
    *state = NULL;
    classes *m = reserve(d->n_origins, p);
    double *rows = memory_new(d->n_specimens, p * sizeof *rows);
    adamas_status status = m && rows ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < d->n_origins; k++)
        status = fit_class(&m->model[k], d, k, values, p, rows, error);
    free(rows);
    if (status) {
        destroy(m);
        return status;
    }
    m->alpha = values[1].number;
    m->gamma = values[2].number;
    *state = m;
    return ADAMAS_OK;
}

static double full_distance(const class_model *m, const double *mean, double *scratch)
{
    double h, q;
    ddsimca_distances(m, mean, &h, &q, scratch);
    return ddsimca_full_distance(m, h, q);
}

static void density(const void *state, const double *mean, size_t n_shots, double *log_density, double *scratch)
{
    (void)n_shots;
    const classes *m = state;
    for (size_t k = 0; k < m->n_origins; k++)
        log_density[k] =
            special_chi2_log_survival(full_distance(&m->model[k], mean, scratch), m->model[k].n_h + m->model[k].n_q);
}

static void assign_classes(const void *state, const double *mean, class_assignment *out, double *scratch)
{
    const classes *m = state;
    for (size_t k = 0; k < m->n_origins; k++) {
        double f = full_distance(&m->model[k], mean, scratch);
        out[k] = f < ddsimca_limit(&m->model[k], m->alpha)           ? class_accepted
                 : f > ddsimca_outlier_limit(&m->model[k], m->gamma) ? class_outlier
                                                                     : class_extreme;
    }
}

/* ln p = 0 at a class's centre. */
static void peak(const void *state, size_t n_shots, double *out)
{
    (void)n_shots;
    const classes *m = state;
    for (size_t k = 0; k < m->n_origins; k++)
        out[k] = 0;
}

static void prior(const void *state, double *out)
{
    const classes *m = state;
    match_equal_prior(m->n_origins, out);
}

/* ---- Saved: alpha and gamma; a row of numbers an origin; centres; all components, origin by origin. */

enum { n_numbers = 6, n_fields = 5 };

static size_t all_components(const classes *m)
{
    size_t sum = 0;
    for (size_t k = 0; k < m->n_origins; k++)
        sum += m->model[k].components;
    return sum;
}

typedef struct packed {
    double levels[2];
    double *numbers;  /* [n_origins, n_numbers] */
    double *centre;   /* [n_origins, p] */
    double *loading;  /* [all components, p] */
    double *variance; /* [all components] */
} packed;

static void packed_clear(packed *b)
{
    free(b->numbers);
    free(b->centre);
    free(b->loading);
    free(b->variance);
}

static adamas_status packed_reserve(packed *b, const classes *m, size_t components, adamas_error *error)
{
    *b = (packed){.levels = {m->alpha, m->gamma}};
    b->numbers = memory_new(m->n_origins, n_numbers * sizeof *b->numbers);
    b->centre = memory_new(m->n_origins, m->p * sizeof *b->centre);
    b->loading = memory_new(components, m->p * sizeof *b->loading);
    b->variance = memory_new(components, sizeof *b->variance);
    return b->numbers && b->centre && b->loading && b->variance ? ADAMAS_OK : status_no_memory(error);
}

static void fields_of(const classes *m, packed *b, size_t components, match_field *out)
{
    const match_field fields[n_fields] = {{"levels", 2, 1, b->levels},
                                          {"numbers", m->n_origins, n_numbers, b->numbers},
                                          {"centre", m->n_origins, m->p, b->centre},
                                          {"loading", components, m->p, b->loading},
                                          {"variance", components, 1, b->variance}};
    memcpy(out, fields, sizeof fields);
}

static adamas_status save(const void *state, store *s, const char *group, adamas_error *error)
{
    const classes *m = state;
    packed b;
    match_field fields[n_fields];
    size_t components = all_components(m), done = 0, p = m->p;
    adamas_status status = packed_reserve(&b, m, components, error);
    for (size_t k = 0; !status && k < m->n_origins; k++) {
        const class_model *c = &m->model[k];
        const double numbers[n_numbers] = {(double)c->n, (double)c->components, c->h0, c->n_h, c->q0, c->n_q};
        memcpy(b.numbers + k * n_numbers, numbers, sizeof numbers);
        memcpy(b.centre + k * p, c->centre, p * sizeof *b.centre);
        memcpy(b.loading + done * p, c->loading, c->components * p * sizeof *b.loading);
        memcpy(b.variance + done, c->variance, c->components * sizeof *b.variance);
        done += c->components;
    }
    fields_of(m, &b, components, fields);
    if (!status)
        status = match_save_fields(s, group, n_fields, fields, error);
    packed_clear(&b);
    return status;
}

/* Is a row of numbers one that a fit can have made? `left`: components not yet taken by the origins before. */
static int is_possible(const double *numbers, size_t p, size_t left)
{
    double n = numbers[0], components = numbers[1];
    return n >= DDSIMCA_MIN_ROWS && n <= 1e9 && components >= 1 && components <= (double)p &&
           components <= (double)left && numbers[2] > 0 && numbers[3] >= 1 && numbers[4] > 0 && numbers[5] >= 0;
}

static adamas_status unpack(class_model *c, const packed *b, size_t k, size_t p, size_t done, adamas_error *error)
{
    const double *numbers = b->numbers + k * n_numbers;
    *c = (class_model){.n = (size_t)numbers[0], .p = p, .components = (size_t)numbers[1]};
    c->h0 = numbers[2];
    c->n_h = numbers[3];
    c->q0 = numbers[4];
    c->n_q = numbers[5];
    c->centre = memory_new(p, sizeof *c->centre);
    c->loading = memory_new(c->components, p * sizeof *c->loading);
    c->variance = memory_new(c->components, sizeof *c->variance);
    if (!c->centre || !c->loading || !c->variance)
        return status_no_memory(error);
    memcpy(c->centre, b->centre + k * p, p * sizeof *c->centre);
    memcpy(c->loading, b->loading + done * p, c->components * p * sizeof *c->loading);
    memcpy(c->variance, b->variance + done, c->components * sizeof *c->variance);
    return ADAMAS_OK;
}

static adamas_status unpack_all(classes *m, const packed *b, size_t components, store *s, const char *group,
                                adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    size_t done = 0;
    for (size_t k = 0; !status && k < m->n_origins; k++) {
        if (!is_possible(b->numbers + k * n_numbers, m->p, components - done))
            return status_set(error, ADAMAS_E_FORMAT, "%s: row %zu of %s/numbers is of no class model", store_path(s),
                              k + 1, group);
        status = unpack(&m->model[k], b, k, m->p, done, error);
        done += m->model[k].components;
    }
    if (!status && done != components)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s/loading has %zu rows, %zu expected", store_path(s), group,
                            components, done);
    m->alpha = b->levels[0];
    m->gamma = b->levels[1];
    return status;
}

static adamas_status load(void **state, size_t n_origins, size_t p, store *s, const char *group, adamas_error *error)
{
    *state = NULL;
    store_name name;
    store_shape shape;
    adamas_status status = store_read_shape(s, store_within(name, group, "loading"), &shape, error);
    if (status)
        return status;
    classes *m = reserve(n_origins, p);
    if (!m)
        return status_no_memory(error);
    packed b;
    match_field fields[n_fields];
    status = packed_reserve(&b, m, shape.rows, error);
    fields_of(m, &b, shape.rows, fields);
    if (!status)
        status = match_load_fields(s, group, n_fields, fields, error);
    if (!status)
        status = unpack_all(m, &b, shape.rows, s, group, error);
    packed_clear(&b);
    if (status)
        destroy(m);
    else
        *state = m;
    return status;
}

const match ddsimca_match = {.name = "ddsimca",
                             .summary = "class models of origins: data driven SIMCA on specimens' means, equal priors",
                             .n_parameters = sizeof parameters / sizeof *parameters,
                             .parameters = parameters,
                             .fit = fit,
                             .density = density,
                             .peak = peak,
                             .class_assignment = assign_classes,
                             .prior = prior,
                             .save = save,
                             .load = load,
                             .destroy = destroy};
