/* How many specimens of a parcel to measure. */
#include "classification/plan.h"

#include "base/memory.h"
#include "evidence/sampling_plan.h"

#include <math.h>
#include <stdlib.h>

/* The origin for which most specimens are needed; 0 specimens: no number suffices. */
static int is_harder(const declared_plan *a, const declared_plan *b)
{
    if (!a->specimens || !b->specimens)
        return !a->specimens && b->specimens;
    return a->specimens > b->specimens;
}

static adamas_status find_hardest(declared_plan *found, size_t *origin, const adamas_model *m, const adamas_plan *plan,
                                  const planned_parcel *parcel, work *w, adamas_error *error)
{
    size_t first = 0, last = m->origins.n_rows;
    adamas_status status = ADAMAS_OK;
    if (plan->declared) {
        status = model_find_origin(&first, m, plan->declared, error);
        last = first + 1;
    }
    *origin = first;
    for (size_t o = first; !status && o < last; o++) {
        declared_plan own;
        status = declared_plan_find(&own, &m->parcel_reference.pseudo, m->parcel_reference.alpha, o, parcel, w->seed, w,
                                    error);
        if (!status && (o == first || is_harder(&own, found))) {
            *found = own;
            *origin = o;
        }
    }
    return status;
}

static adamas_status check_calibrated(const adamas_model *m, adamas_error *error)
{
    if (m->fitted.has_evidence && !m->no_parcel_reason)
        return ADAMAS_OK;
    return status_set(error, ADAMAS_E_DATA, "the model holds no calibration, so nothing can be planned by it: %s",
                      m->no_parcel_reason            ? m->no_parcel_reason
                      : m->fitted.no_evidence_reason ? m->fitted.no_evidence_reason
                                                     : "its method has no matching step");
}

adamas_status model_plan(plan_result *out, const adamas_model *m, const adamas_plan *asked, work *w,
                         adamas_error *error)
{
    *out = (plan_result){.n_parcel = (size_t)asked->parcel,
                         .n_foreign = (size_t)fmax(ceil(asked->share * (double)asked->parcel - 1e-9), 1),
                         .share = asked->share,
                         .confidence = asked->confidence};
    const planned_parcel parcel = {out->n_parcel, out->n_foreign, out->confidence};
    size_t origin;
    adamas_status status = check_calibrated(m, error);
    if (!status)
        status = find_hardest(&out->plan, &origin, m, asked, &parcel, w, error);
    if (!status) {
        out->n_perfect = sampling_plan_min_size(out->n_parcel, out->n_foreign, 1, out->confidence);
        out->declared = memory_text(table_column(&m->origins, "origin")->text[origin]);
        status = out->declared ? model_description_make(&out->model, &m->facts, &m->sources, error)
                               : status_no_memory(error);
    }
    if (status)
        plan_result_clear(out);
    return status;
}

void plan_result_clear(plan_result *p)
{
    model_description_clear(&p->model);
    free(p->declared);
    *p = (plan_result){0};
}
