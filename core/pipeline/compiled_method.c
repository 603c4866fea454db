/* A method text compiled against the table of steps. */
#include "pipeline/compiled_method.h"

#include "base/memory.h"
#include "pipeline/step_table.h"
#include "reduce/epo.h"

#include <stdlib.h>
#include <string.h>

const char default_method[] = "snip(40) | log1p(0.3) | epo | pca | twolevel";

static adamas_status refuse_name(const method_step *parsed, adamas_error *error)
{
    text names = {0};
    step_table_names(&names);
    adamas_status status =
        names.failed ? status_no_memory(error)
                     : status_set(error, ADAMAS_E_METHOD, "method, column %zu: there is no step '%s'; the steps are %s",
                                  parsed->column, parsed->name, names.at);
    text_clear(&names);
    return status;
}

/* Steps must come in this order. */
typedef enum step_order { order_select, order_align, order_row, order_epo, order_pca, order_match } step_order;

static step_order order_of(const step_entry *e)
{
    if (e->match)
        return order_match;
    if (e->reduce)
        return e->reduce == &epo_step ? order_epo : order_pca;
    return e->preprocess->shift ? order_align : order_row;
}

/* *reached: the order of the step before. A step that only selects channels may come anywhere in the preprocessing. */
static adamas_status check_order(step_order *reached, const step_entry *e, const method_step *parsed,
                                 adamas_error *error)
{
    step_order here = order_of(e);
    int selects = e->preprocess && e->preprocess->select && !e->preprocess->apply;
    const char *problem = NULL;
    if (here == order_align && *reached >= order_align)
        problem = "must come once, and before the steps that change intensities: spectra are resampled once only";
    else if (here == order_row && *reached >= order_epo)
        problem = *reached == order_epo ? "must come before epo" : "must come before pca";
    else if (here == order_epo && *reached >= order_epo)
        problem = "must come once, and before pca";
    else if (here == order_pca && *reached >= order_pca)
        problem = "must come once, and before the matching step";
    else if (here == order_match && *reached != order_pca)
        problem = *reached == order_match ? "is a second matching step" : "needs pca before it";
    if (problem)
        return status_set(error, ADAMAS_E_METHOD, "method, column %zu: %s %s", parsed->column, parsed->name, problem);
    if (!selects || *reached > order_select)
        *reached = here > *reached ? here : *reached;
    return ADAMAS_OK;
}

static size_t *index_of(compiled_method *out, const step_entry *e)
{
    return e->preprocess ? &out->n_preprocess : e->match ? &out->match : e->reduce == &epo_step ? &out->epo : &out->pca;
}

static adamas_status compile(compiled_method *out, const method *parsed, text *canonical, adamas_error *error)
{
    step_order reached = order_select;
    for (size_t i = 0; i < parsed->n_steps; i++) {
        const step_entry *e = step_table_find(parsed->steps[i].name);
        if (!e)
            return refuse_name(&parsed->steps[i], error);
        adamas_status status = check_order(&reached, e, &parsed->steps[i], error);
        const step_parameter *parameters;
        size_t n = step_entry_parameters(e, &parameters);
        if (!status)
            status = parameter_values(out->steps[i].values, n, parameters, &parsed->steps[i], error);
        if (status)
            return status;
        out->steps[i].preprocess = e->preprocess;
        out->steps[i].match = e->match;
        *index_of(out, e) = e->preprocess ? i + 1 : i;
        text_append(canonical, "%s", i ? " | " : "");
        parameter_canonical(canonical, step_entry_name(e), n, parameters, out->steps[i].values);
    }
    if (out->epo != METHOD_NO_STEP && out->match == METHOD_NO_STEP)
        return status_set(error, ADAMAS_E_METHOD, "method, column %zu: epo needs pca and a matching step after it",
                          parsed->steps[out->epo].column);
    return ADAMAS_OK;
}

adamas_status compiled_method_make(compiled_method **out, const char *typed, adamas_error *error)
{
    *out = NULL;
    method parsed = {0};
    text canonical = {0};
    compiled_method *compiled = memory_new(1, sizeof *compiled);
    adamas_status status =
        compiled ? method_parse(&parsed, typed ? typed : default_method, error) : status_no_memory(error);
    if (!status) {
        *compiled = (compiled_method){.epo = METHOD_NO_STEP, .pca = METHOD_NO_STEP, .match = METHOD_NO_STEP};
        status = compile(compiled, &parsed, &canonical, error);
    }
    if (!status && (canonical.failed || !(compiled->text = memory_text(parsed.text))))
        status = status_no_memory(error);
    if (!status) {
        compiled->canonical = canonical.at;
        canonical = (text){0};
        *out = compiled;
        compiled = NULL;
    }
    method_clear(&parsed);
    text_clear(&canonical);
    compiled_method_free(compiled);
    return status;
}

void compiled_method_free(compiled_method *compiled)
{
    if (!compiled)
        return;
    free(compiled->text);
    free(compiled->canonical);
    free(compiled);
}

int compiled_method_fits_preprocessing(const compiled_method *compiled)
{
    for (size_t i = 0; i < compiled->n_preprocess; i++)
        if (compiled->steps[i].preprocess->needs_reference)
            return 1;
    return 0;
}

int compiled_method_is_fitted(const compiled_method *compiled)
{
    return compiled->pca != METHOD_NO_STEP || compiled_method_fits_preprocessing(compiled);
}
