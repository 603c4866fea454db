/* The table of the steps that a method may name: a new step is one row here. */
#include "pipeline/step_table.h"

#include "match/matchers.h"
#include "preprocess/steps.h"
#include "reduce/epo.h"
#include "reduce/pca.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const step_entry table[] = {
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
    {.reduce = &epo_step},
    {.reduce = &pca_step},
    {.match = &twolevel_match},
    {.match = &multilevel_match},
    {.match = &lda_match},
    {.match = &kernel_match},
    {.match = &ddsimca_match},
};
/* clang-format on */

enum { n_entries = sizeof table / sizeof table[0] };

/* The part that steps of all kinds have. */
static reduce_step description(const step_entry *e)
{
    const step *p = e->preprocess;
    const match *m = e->match;
    if (e->reduce)
        return *e->reduce;
    return p ? (reduce_step){p->name, p->summary, p->n_parameters, p->parameters}
             : (reduce_step){m->name, m->summary, m->n_parameters, m->parameters};
}

const char *step_entry_name(const step_entry *e)
{
    return description(e).name;
}

size_t step_entry_parameters(const step_entry *e, const step_parameter **parameters)
{
    *parameters = description(e).parameters;
    return description(e).n_parameters;
}

const char *step_table_describe(size_t index, char usage[256])
{
    if (index >= n_entries)
        return NULL;
    reduce_step d = description(&table[index]);
    text built = {0};
    parameter_usage(&built, d.name, d.n_parameters, d.parameters);
    snprintf(usage, 256, "%s", built.failed ? d.name : built.at);
    text_clear(&built);
    return d.summary;
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
