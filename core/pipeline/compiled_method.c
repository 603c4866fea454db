#include "pipeline/compiled_method.h"

#include "base/memory.h"
#include "match/matchers.h"
#include "preprocess/steps.h"
#include "reduce/pca.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A row a step; pca is the one step that is neither a preprocessing nor a matching step. */
typedef struct row {
    const step *preprocess;
    const match *match;
} row;

static const row table[] = {
    {.preprocess = &crop_step},
    {.preprocess = &mask_step},
    {.preprocess = &align_step},
    {.preprocess = &despike_step},
    {.preprocess = &snip_step},
    {.preprocess = &arpls_step},
    {.preprocess = &asls_step},
    {.preprocess = &airpls_step},
    {.preprocess = &whittaker_step},
    {.preprocess = &savgol_step},
    {.preprocess = &gaussian_step},
    {.preprocess = &snv_step},
    {.preprocess = &msc_step},
    {.preprocess = &area_step},
    {.preprocess = &minmax_step},
    {.preprocess = &standard_step},
    {.preprocess = &sqrt_step},
    {.preprocess = &log1p_step},
    {0},
    {.match = &twolevel_match},
    {.match = &lda_match},
    {.match = &kernel_match},
    {.match = &ddsimca_match},
};

enum { n_rows = sizeof table / sizeof table[0] };

const char default_method[] = "align(0.3) | snip(40) | whittaker(20) | snv | pca | twolevel";

static const char *name_of(const row *r)
{
    return r->preprocess ? r->preprocess->name : r->match ? r->match->name : "pca";
}

static size_t parameters_of(const row *r, const step_parameter **parameters)
{
    *parameters = r->preprocess ? r->preprocess->parameters : r->match ? r->match->parameters : pca_parameters;
    return r->preprocess ? r->preprocess->n_parameters : r->match ? r->match->n_parameters : (size_t)PCA_PARAMETERS;
}

const char *step_table_describe(size_t index, char usage[256])
{
    if (index >= n_rows)
        return NULL;
    const row *r = &table[index];
    const step_parameter *parameters;
    size_t n = parameters_of(r, &parameters);
    text built = {0};
    parameter_usage(&built, name_of(r), n, parameters);
    snprintf(usage, 256, "%s", built.failed ? name_of(r) : built.at);
    text_clear(&built);
    return r->preprocess ? r->preprocess->summary : r->match ? r->match->summary : pca_summary;
}

static const row *find(const char *name)
{
    for (size_t i = 0; i < n_rows; i++)
        if (strcmp(name_of(&table[i]), name) == 0)
            return &table[i];
    return NULL;
}

static adamas_status refuse_name(const method_step *parsed, adamas_error *error)
{
    text names = {0};
    for (size_t i = 0; i < n_rows; i++)
        text_append(&names, "%s%s", i ? ", " : "", name_of(&table[i]));
    adamas_status status =
        names.failed ? status_no_memory(error)
                     : status_set(error, ADAMAS_E_METHOD, "method, column %zu: there is no step '%s'; the steps are %s",
                                  parsed->column, parsed->name, names.at);
    text_clear(&names);
    return status;
}

/* Steps stand in this order. */
typedef enum place { place_select, place_align, place_row, place_pca, place_match } place;

static place place_of(const row *r)
{
    if (r->match)
        return place_match;
    if (!r->preprocess)
        return place_pca;
    return r->preprocess->shift ? place_align : place_row;
}

/* `reached` is the place of the step before. A step that only selects channels may stand anywhere among the
 * preprocessing. */
static adamas_status check_place(place *reached, const row *r, const method_step *parsed, adamas_error *error)
{
    place here = place_of(r);
    int selects = r->preprocess && r->preprocess->select && !r->preprocess->apply;
    const char *why = NULL;
    if (here == place_align && *reached >= place_align)
        why = "must come once, and before the steps that change intensities: spectra are resampled once only";
    else if (here == place_row && *reached >= place_pca)
        why = "must come before pca";
    else if (here == place_pca && *reached >= place_pca)
        why = "must come once, and before the matching step";
    else if (here == place_match && *reached != place_pca)
        why = *reached == place_match ? "is a second matching step" : "needs pca before it";
    if (why)
        return status_set(error, ADAMAS_E_METHOD, "method, column %zu: %s %s", parsed->column, parsed->name, why);
    if (!selects || *reached > place_select)
        *reached = here > *reached ? here : *reached;
    return ADAMAS_OK;
}

static adamas_status compile(compiled_method *out, const method *parsed, text *canonical, adamas_error *error)
{
    place reached = place_select;
    for (size_t i = 0; i < parsed->n_steps; i++) {
        const row *r = find(parsed->steps[i].name);
        if (!r)
            return refuse_name(&parsed->steps[i], error);
        adamas_status status = check_place(&reached, r, &parsed->steps[i], error);
        const step_parameter *parameters;
        size_t n = parameters_of(r, &parameters);
        if (!status)
            status = parameter_values(out->steps[i].values, n, parameters, &parsed->steps[i], error);
        if (status)
            return status;
        out->steps[i].preprocess = r->preprocess;
        out->steps[i].match = r->match;
        *(r->preprocess ? &out->n_preprocess : r->match ? &out->match : &out->pca) = r->preprocess ? i + 1 : i;
        text_append(canonical, "%s", i ? " | " : "");
        parameter_canonical(canonical, name_of(r), n, parameters, out->steps[i].values);
    }
    return ADAMAS_OK;
}

adamas_status compiled_method_make(compiled_method **out, const char *typed, adamas_error *error)
{
    *out = NULL;
    method parsed = {0};
    text canonical = {0};
    compiled_method *r = memory_new(1, sizeof *r);
    adamas_status status = r ? method_parse(&parsed, typed ? typed : default_method, error) : status_no_memory(error);
    if (!status) {
        *r = (compiled_method){.pca = METHOD_NO_STEP, .match = METHOD_NO_STEP};
        status = compile(r, &parsed, &canonical, error);
    }
    if (!status && (canonical.failed || !(r->text = memory_text(parsed.text))))
        status = status_no_memory(error);
    if (!status) {
        r->canonical = canonical.at;
        canonical = (text){0};
        *out = r;
        r = NULL;
    }
    method_clear(&parsed);
    text_clear(&canonical);
    compiled_method_free(r);
    return status;
}

void compiled_method_free(compiled_method *r)
{
    if (!r)
        return;
    free(r->text);
    free(r->canonical);
    free(r);
}

int compiled_method_fits_preprocessing(const compiled_method *r)
{
    for (size_t i = 0; i < r->n_preprocess; i++)
        if (r->steps[i].preprocess->needs_reference)
            return 1;
    return 0;
}

int compiled_method_is_fitted(const compiled_method *r)
{
    return r->pca != METHOD_NO_STEP || compiled_method_fits_preprocessing(r);
}
