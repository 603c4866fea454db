/* The matching step of a compiled method, fitted to the scores of training specimens. */
#include "training/match_step.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static adamas_status check_origins(const dataset *c, const size_t *origin, size_t n, adamas_error *error)
{
    for (size_t k = 0; k < c->n_origins; k++) {
        size_t i = 0;
        while (i < n && origin[i] != k)
            i++;
        if (i == n)
            return status_set(error, ADAMAS_E_DATA, "origin '%s': no training specimen has a shot of use",
                              c->origins[k]);
    }
    return ADAMAS_OK;
}

adamas_status match_step_fit(void **state, const compiled_method *compiled, const specimen_scores *s, const dataset *c,
                             const unsigned char *training, size_t n_components, adamas_error *error)
{
    *state = NULL;
    size_t p = s->n_components, n = 0;
    double *mean = memory_raw(s->n_specimens, p * sizeof *mean);
    size_t *shots = memory_raw(s->n_specimens, sizeof *shots);
    size_t *origin = memory_raw(s->n_specimens, sizeof *origin);
    size_t *locality = memory_raw(s->n_specimens, sizeof *locality);
    adamas_status status = mean && shots && origin && locality ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < s->n_specimens; k++)
        if (training[k] && s->shots[k]) {
            memcpy(mean + n * p, s->mean + k * p, p * sizeof *mean);
            shots[n] = s->shots[k];
            locality[n] = c->locality[k];
            origin[n++] = c->origin[k];
        }
    match_data data = {.n_specimens = n,
                       .n_origins = c->n_origins,
                       .n_components = p,
                       .mean = mean,
                       .shots = shots,
                       .origin = origin,
                       .locality = locality,
                       .n_localities = c->n_localities,
                       .within = s->within,
                       .within_squares = s->within_squares,
                       .within_freedom = s->within_freedom};
    if (!status)
        status = check_origins(c, origin, n, error);
    if (!status)
        status = compiled->steps[compiled->match].match->fit(state, compiled->steps[compiled->match].values, &data,
                                                             n_components, error);
    free(mean);
    free(shots);
    free(origin);
    free(locality);
    return status;
}
