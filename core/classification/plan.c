#include "training/model.h"

#include "evidence/declared_plan.h"
#include "evidence/sampling_plan.h"

#include <math.h>
#include <string.h>

static adamas_status put_tried(table *t, const declared_plan *p, adamas_error *error)
{
    double false_alarm[DECLARED_PLAN_MAX_SIZES];
    for (size_t i = 0; i < p->n_sizes; i++)
        false_alarm[i] = p->false_alarm;
    adamas_status status = table_set_numbers(t, "stones", p->n_sizes, p->sample_size, error);
    if (!status)
        status = table_set_numbers(t, "chance", p->n_sizes, p->detection_power, error);
    return status ? status : table_set_numbers(t, "false_alarm", p->n_sizes, false_alarm, error);
}

static adamas_status put_plan(result *out, const adamas_model *m, const adamas_plan *plan, const declared_plan *found,
                              size_t origin, size_t foreign, adamas_error *error)
{
    const struct {
        const char *name;
        double value;
    } numbers[] = {
        {"plan/stones", found->specimens ? (double)found->specimens : NAN},
        {"plan/parcel", (double)plan->parcel},
        {"plan/foreign", (double)foreign},
        {"plan/share", plan->share},
        {"plan/confidence", plan->confidence},
        {"plan/false_alarm", found->false_alarm},
        {"plan/perfect", (double)sampling_plan_min_size((size_t)plan->parcel, foreign, 1, plan->confidence)}};
    adamas_status status = put_tried(&out->tables[ADAMAS_PLAN], found, error);
    for (size_t i = 0; !status && i < sizeof numbers / sizeof *numbers; i++)
        status = result_number(out, numbers[i].name, numbers[i].value, error);
    return status ? status
                  : facts_set(&out->facts, "declared", table_column(&m->origins, "origin")->text[origin], error);
}

/* The origin for which most stones are needed: 0 stones stands for none suffice. */
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

adamas_status model_plan(result *out, const adamas_model *m, const adamas_plan *plan, work *w, adamas_error *error)
{
    *out = (result){.kind = RESULT_PLAN};
    size_t origin;
    declared_plan found = {0};
    if (!m->fitted.has_evidence || m->no_parcel_reason)
        return status_set(error, ADAMAS_E_DATA, "the model holds no calibration, so nothing can be planned by it: %s",
                          m->no_parcel_reason            ? m->no_parcel_reason
                          : m->fitted.no_evidence_reason ? m->fitted.no_evidence_reason
                                                         : "its method has no matching step");
    const planned_parcel parcel = {.specimens = (size_t)plan->parcel,
                                   .foreign = (size_t)fmax(ceil(plan->share * (double)plan->parcel - 1e-9), 1),
                                   .confidence = plan->confidence};
    adamas_status status = find_hardest(&found, &origin, m, plan, &parcel, w, error);
    if (!status)
        status = put_plan(out, m, plan, &found, origin, parcel.foreign, error);
    for (size_t i = 0; !status && i < m->facts.n_columns; i++)
        status = facts_set(&out->facts, m->facts.columns[i]->name, m->facts.columns[i]->text[0], error);
    if (!status)
        status = table_set_text(&out->tables[ADAMAS_SOURCES], "file", m->sources.n_rows,
                                table_column(&m->sources, "file")->text, error);
    if (!status)
        status = table_set_text(&out->tables[ADAMAS_SOURCES], "sha256", m->sources.n_rows,
                                table_column(&m->sources, "sha256")->text, error);
    if (status)
        result_clear(out);
    return status;
}
