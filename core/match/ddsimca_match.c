/* Class models of origins: data-driven SIMCA (ddsimca.h) of each origin's specimens, on their mean scores. The number
 * of shots has no influence.
 *
 * A class model gives the distance of a specimen from an origin, not the density of the origin there. The log density
 * is replaced by ln P(chi-square > f), the log of the p-value of the full distance: it falls as f grows, and is
 * comparable between origins, whereas f is not, because its degrees of freedom differ between origins. This ranks
 * origins by how little they reject a specimen. It is no likelihood: probabilities computed from it need calibration.
 *
 * Class assignment follows Pomerantsev & Rodionova: accepted below the limit for alpha, extreme above it, an outlier
 * above the limit for gamma (for all the training specimens of the origin together). */
#include "match/matchers.h"

#include "base/memory.h"
#include "base/special.h"
#include "match/ddsimca.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { n_numbers = 6 };

/* The arrays are those of the model file, origin by origin; n_components counts the components of all origins. */
typedef struct classes {
    size_t n_origins, p, n_components;
    double levels[2];   /* alpha and gamma */
    double *numbers;    /* [n_origins, n_numbers]: n, components, h0, n_h, q0, n_q */
    double *centre;     /* [n_origins, p] */
    double *loading;    /* [n_components, p] */
    double *variance;   /* [n_components] */
    class_model *model; /* [n_origins]: with pointers into these arrays */
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
    free(m->numbers);
    free(m->centre);
    free(m->loading);
    free(m->variance);
    free(m->model);
    free(m);
}

static void *reserve(size_t n_origins, size_t p, size_t n_components)
{
    classes *m = memory_new(1, sizeof *m);
    if (!m)
        return NULL;
    *m = (classes){.n_origins = n_origins, .p = p, .n_components = n_components};
    m->numbers = memory_new(n_origins, n_numbers * sizeof *m->numbers);
    m->centre = memory_new(n_origins, p * sizeof *m->centre);
    m->loading = memory_new(n_components, p * sizeof *m->loading);
    m->variance = memory_new(n_components, sizeof *m->variance);
    m->model = memory_new(n_origins, sizeof *m->model);
    if (m->numbers && m->centre && m->loading && m->variance && m->model)
        return m;
    destroy(m);
    return NULL;
}

/* The class model of origin k from the arrays; `before`: components of the origins before it. */
static void set_model(classes *m, size_t k, size_t before)
{
    const double *numbers = m->numbers + k * n_numbers;
    m->model[k] = (class_model){.n = (size_t)numbers[0],
                                .p = m->p,
                                .components = (size_t)numbers[1],
                                .centre = m->centre + k * m->p,
                                .loading = m->loading + before * m->p,
                                .variance = m->variance + before,
                                .h0 = numbers[2],
                                .n_h = numbers[3],
                                .q0 = numbers[4],
                                .n_q = numbers[5]};
}

/* NULL if memory is exhausted. */
static classes *copy_of_models(size_t n_origins, size_t p, const class_model *model)
{
    size_t n_components = 0, before = 0;
    for (size_t k = 0; k < n_origins; k++)
        n_components += model[k].components;
    classes *m = reserve(n_origins, p, n_components);
    for (size_t k = 0; m && k < n_origins; k++) {
        const class_model *c = &model[k];
        const double numbers[n_numbers] = {(double)c->n, (double)c->components, c->h0, c->n_h, c->q0, c->n_q};
        memcpy(m->numbers + k * n_numbers, numbers, sizeof numbers);
        memcpy(m->centre + k * p, c->centre, p * sizeof *m->centre);
        memcpy(m->loading + before * p, c->loading, c->components * p * sizeof *m->loading);
        memcpy(m->variance + before, c->variance, c->components * sizeof *m->variance);
        set_model(m, k, before);
        before += c->components;
    }
    return m;
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
    class_model *model = memory_new(d->n_origins, sizeof *model);
    double *rows = memory_new(d->n_specimens, p * sizeof *rows);
    adamas_status status = model && rows ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < d->n_origins; k++)
        status = fit_class(&model[k], d, k, values, p, rows, error);
    classes *m = status ? NULL : copy_of_models(d->n_origins, p, model);
    if (!status && !m)
        status = status_no_memory(error);
    if (m) {
        m->levels[0] = values[1].number;
        m->levels[1] = values[2].number;
    }
    *state = m;
    for (size_t k = 0; model && k < d->n_origins; k++)
        ddsimca_clear(&model[k]);
    free(model);
    free(rows);
    return status;
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
        out[k] = f < ddsimca_limit(&m->model[k], m->levels[0])           ? class_accepted
                 : f > ddsimca_outlier_limit(&m->model[k], m->levels[1]) ? class_outlier
                                                                         : class_extreme;
    }
}

/* The p-value is 1 at the centre of a class. */
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

static size_t fields(void *state, match_field out[MATCH_MAX_FIELDS])
{
    classes *m = state;
    const match_field all[] = {{"levels", 2, 1, m->levels},
                               {"numbers", m->n_origins, n_numbers, m->numbers},
                               {"centre", m->n_origins, m->p, m->centre},
                               {"loading", m->n_components, m->p, m->loading},
                               {"variance", m->n_components, 1, m->variance}};
    memcpy(out, all, sizeof all);
    return sizeof all / sizeof *all;
}

/* Can a fit have produced this row of numbers? left: components not used by the origins before. */
static int is_possible(const double *numbers, size_t p, size_t left)
{
    double n = numbers[0], components = numbers[1];
    return n >= DDSIMCA_MIN_ROWS && n <= 1e9 && components >= 1 && components <= (double)p &&
           components <= (double)left && numbers[2] > 0 && numbers[3] >= 1 && numbers[4] > 0 && numbers[5] >= 0;
}

static adamas_status complete(void *state, const char *file, const char *group, adamas_error *error)
{
    classes *m = state;
    size_t before = 0;
    for (size_t k = 0; k < m->n_origins; k++) {
        if (!is_possible(m->numbers + k * n_numbers, m->p, m->n_components - before))
            return status_set(error, ADAMAS_E_FORMAT, "%s: row %zu of %s/numbers is of no class model", file, k + 1,
                              group);
        set_model(m, k, before);
        before += m->model[k].components;
    }
    return before == m->n_components ? ADAMAS_OK
                                     : status_set(error, ADAMAS_E_FORMAT, "%s: %s/loading has %zu rows, %zu expected",
                                                  file, group, m->n_components, before);
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
                             .reserve = reserve,
                             .fields = fields,
                             .complete = complete,
                             .rows_of = "loading",
                             .destroy = destroy};
