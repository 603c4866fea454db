/* What all matching steps share: means by origin, posterior probabilities, saving and loading. */
#include "match/match.h"

#include <math.h>
#include <string.h>

void match_origin_means(const match_data *d, size_t p, double *mean, double *specimens)
{
    memset(mean, 0, d->n_origins * p * sizeof *mean);
    memset(specimens, 0, d->n_origins * sizeof *specimens);
    for (size_t i = 0; i < d->n_specimens; i++) {
        specimens[d->origin[i]]++;
        for (size_t a = 0; a < p; a++)
            mean[d->origin[i] * p + a] += d->mean[i * d->n_components + a];
    }
    for (size_t k = 0; k < d->n_origins; k++)
        for (size_t a = 0; a < p; a++)
            mean[k * p + a] /= specimens[k];
}

void match_mean_inverse_shots(const match_data *d, const double *specimens, double *mean_inverse_shots)
{
    memset(mean_inverse_shots, 0, d->n_origins * sizeof *mean_inverse_shots);
    for (size_t i = 0; i < d->n_specimens; i++)
        mean_inverse_shots[d->origin[i]] += 1 / (double)d->shots[i];
    for (size_t k = 0; k < d->n_origins; k++)
        mean_inverse_shots[k] /= specimens[k];
}

void match_equal_prior(size_t n_origins, double *prior)
{
    for (size_t k = 0; k < n_origins; k++)
        prior[k] = 1 / (double)n_origins;
}

adamas_status match_save(const match *m, void *state, store *s, const char *group, adamas_error *error)
{
    match_field fields[MATCH_MAX_FIELDS];
    size_t n = m->fields(state, fields);
    adamas_status status = store_write_group(s, group, NULL, error);
    for (size_t i = 0; !status && i < n; i++) {
        store_name name;
        status = store_write_doubles(s, store_within(name, group, fields[i].name), fields[i].rows, fields[i].cols,
                                     fields[i].values, error);
    }
    return status;
}

static adamas_status read_fields(const match *m, void *state, store *s, const char *group, adamas_error *error)
{
    match_field fields[MATCH_MAX_FIELDS];
    size_t n = m->fields(state, fields);
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < n; i++) {
        store_name name;
        status = store_read_doubles(s, store_within(name, group, fields[i].name), fields[i].rows, fields[i].cols,
                                    fields[i].values, error);
    }
    return status;
}

adamas_status match_load(const match *m, void **state, size_t n_origins, size_t n_components, store *s,
                         const char *group, adamas_error *error)
{
    *state = NULL;
    store_name name;
    store_shape shape = {0};
    adamas_status status =
        m->rows_of ? store_read_shape(s, store_within(name, group, m->rows_of), &shape, error) : ADAMAS_OK;
    if (status)
        return status;
    void *made = m->reserve(n_origins, n_components, shape.rows);
    status = made ? read_fields(m, made, s, group, error) : status_no_memory(error);
    if (!status)
        status = m->complete(made, store_path(s), group, error);
    if (status)
        m->destroy(made);
    else
        *state = made;
    return status;
}

void match_posterior(size_t n_origins, const double *log_density, const double *prior, double *log_probability)
{
    double largest = -INFINITY, sum = 0;
    for (size_t k = 0; k < n_origins; k++) {
        log_probability[k] = prior[k] > 0 ? log_density[k] + log(prior[k]) : -INFINITY;
        largest = fmax(largest, log_probability[k]);
    }
    for (size_t k = 0; k < n_origins; k++)
        sum += exp(log_probability[k] - largest);
    for (size_t k = 0; k < n_origins; k++)
        log_probability[k] -= largest + log(sum);
}
