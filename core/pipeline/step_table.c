/* The table of the steps that a method may name: a new step is one row here. */
#include "pipeline/step_table.h"

#include "match/matchers.h"
#include "preprocess/steps.h"
#include "reduce/epo.h"
#include "reduce/pca.h"

#include <stdio.h>
#include <string.h>

static const step_entry table[] = {
    {.preprocess = &crop_step},     {.preprocess = &mask_step},     {.preprocess = &align_step},
    {.preprocess = &despike_step},  {.preprocess = &snip_step},     {.preprocess = &arpls_step},
    {.preprocess = &asls_step},     {.preprocess = &airpls_step},   {.preprocess = &whittaker_step},
    {.preprocess = &savgol_step},   {.preprocess = &gaussian_step}, {.preprocess = &snv_step},
    {.preprocess = &msc_step},      {.preprocess = &area_step},     {.preprocess = &minmax_step},
    {.preprocess = &standard_step}, {.preprocess = &sqrt_step},     {.preprocess = &log1p_step},
    {.reduce = &epo_step},          {.reduce = &pca_step},          {.match = &twolevel_match},
    {.match = &multilevel_match},   {.match = &lda_match},          {.match = &kernel_match},
    {.match = &ddsimca_match},
};

enum { n_entries = sizeof table / sizeof table[0] };

const char *step_entry_name(const step_entry *e)
{
    return e->preprocess ? e->preprocess->name : e->reduce ? e->reduce->name : e->match->name;
}

size_t step_entry_parameters(const step_entry *e, const step_parameter **parameters)
{
    *parameters = e->preprocess ? e->preprocess->parameters : e->reduce ? e->reduce->parameters : e->match->parameters;
    return e->preprocess ? e->preprocess->n_parameters : e->reduce ? e->reduce->n_parameters : e->match->n_parameters;
}

const char *step_table_describe(size_t index, char usage[256])
{
    if (index >= n_entries)
        return NULL;
    const step_entry *e = &table[index];
    const step_parameter *parameters;
    size_t n = step_entry_parameters(e, &parameters);
    text built = {0};
    parameter_usage(&built, step_entry_name(e), n, parameters);
    snprintf(usage, 256, "%s", built.failed ? step_entry_name(e) : built.at);
    text_clear(&built);
    return e->preprocess ? e->preprocess->summary : e->reduce ? e->reduce->summary : e->match->summary;
}

const step_entry *step_table_find(const char *name)
{
    for (size_t i = 0; i < n_entries; i++)
        if (strcmp(step_entry_name(&table[i]), name) == 0)
            return &table[i];
    return NULL;
}

void step_table_names(text *out)
{
    for (size_t i = 0; i < n_entries; i++)
        text_append(out, "%s%s", i ? ", " : "", step_entry_name(&table[i]));
}
