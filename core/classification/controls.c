/* The controls of a parcel file: are they like the origins that they are known to have? */
#include "classification/controls.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

static adamas_status copy_known(controls *out, const dataset *c, size_t *n, adamas_error *error)
{
    const char **known = memory_raw(c->n_specimens, sizeof *known);
    if (!known)
        return status_no_memory(error);
    *n = 0;
    for (size_t k = 0; k < c->n_specimens; k++) {
        known[k] = dataset_text(c, k, "control");
        *n += *known[k] != '\0';
    }
    adamas_status status = *n ? text_list_copy(&out->known, c->n_specimens, known, error) : ADAMAS_OK;
    free(known);
    return status;
}

/* An origin that no library holds is no mistake of the caller's: the report says that it cannot be checked. */
static adamas_status find_origin(size_t *out, const adamas_model *m, const char *known, adamas_error *error)
{
    *out = m->origins.n_rows;
    adamas_status status = *known ? model_find_origin(out, m, known, NULL) : ADAMAS_OK;
    return status == ADAMAS_E_MEMORY ? status_no_memory(error) : ADAMAS_OK;
}

adamas_status controls_find(controls *out, const adamas_model *m, const dataset *c, adamas_error *error)
{
    size_t n;
    *out = (controls){.min_p = NAN};
    adamas_status status = copy_known(out, c, &n, error);
    if (status || !n)
        return status;
    out->origin = memory_raw(c->n_specimens, sizeof *out->origin);
    out->p = memory_raw(c->n_specimens, sizeof *out->p);
    out->limit = memory_raw(c->n_specimens, sizeof *out->limit);
    if (!out->origin || !out->p || !out->limit)
        status = status_no_memory(error);
    for (size_t k = 0; !status && k < c->n_specimens; k++) {
        out->p[k] = out->limit[k] = NAN;
        status = find_origin(&out->origin[k], m, out->known.at[k], error);
    }
    if (status)
        controls_clear(out);
    return status;
}

/* Two p-values, of which twice the less is one: typicality sees that the specimen is unlike its origin's, the
 * likelihood ratio that it is more like another's. */
static double p_of(const fitted_method *t, const specimen_results *v, size_t specimen, size_t origin, double *scratch)
{
    size_t at = specimen * v->n_origins;
    double of_lr = specimen_lr_p(&t->specimen_lr, &t->cross_fit, v->log_density + at, origin, scratch);
    return fmin(1, 2 * fmin(v->typicality[at + origin], of_lr));
}

/* Bonferroni's limit for the controls together; but one that is more extreme than all held-out specimens of its origin
 * always fails. NaN if so few specimens cannot say that at epsilon. */
static double limit_of(const controls *s, const fitted_method *t, size_t specimen, double epsilon)
{
    double least = 2 / ((double)t->specimen_lr.specimens[s->origin[specimen]] + 1);
    return least <= epsilon ? fmax(epsilon / (double)s->n, least) : NAN;
}

adamas_status controls_check(controls *s, const adamas_model *m, const specimen_results *v, adamas_error *error)
{
    double *scratch = memory_raw(v->n_origins, sizeof *scratch);
    if (!scratch)
        return status_no_memory(error);
    for (size_t k = 0; k < s->known.n; k++)
        s->n += controls_has(s, k) && specimen_results_is_evaluated(v, k);
    for (size_t k = 0; v->has_evidence && k < s->known.n; k++)
        if (s->origin[k] < v->n_origins && specimen_results_is_evaluated(v, k)) {
            s->limit[k] = limit_of(s, &m->fitted, k, v->epsilon);
            s->p[k] = isnan(s->limit[k]) ? NAN : p_of(&m->fitted, v, k, s->origin[k], scratch);
            s->min_p = fmin(s->min_p, s->p[k]); /* fmin skips a NaN */
        }
    free(scratch);
    return ADAMAS_OK;
}

int controls_has(const controls *s, size_t specimen)
{
    return s->known.n && *s->known.at[specimen];
}

int controls_fails(const controls *s, size_t specimen)
{
    return controls_has(s, specimen) && s->p[specimen] <= s->limit[specimen];
}

void controls_clear(controls *s)
{
    text_list_clear(&s->known);
    free(s->origin);
    free(s->p);
    free(s->limit);
    *s = (controls){0};
}
