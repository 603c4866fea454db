/* What every report says of the model or the method. */
#include "training/model_description.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* *out becomes a copy of a fact, NULL if there is none. */
static adamas_status copy_fact(char **out, const table *facts, const char *name, adamas_error *error)
{
    const char *found = table_text(facts, name, 0);
    if (!*found)
        return ADAMAS_OK;
    *out = memory_text(found);
    return *out ? ADAMAS_OK : status_no_memory(error);
}

static size_t whole_number(const table *facts, const char *name)
{
    return (size_t)strtoul(table_text(facts, name, 0), NULL, 10);
}

static adamas_status copy_column(text_list *out, const table *t, const char *name, adamas_error *error)
{
    const adamas_column *column = table_column(t, name);
    return column && column->text ? text_list_copy(out, column->n, column->text, error) : ADAMAS_OK;
}

adamas_status model_description_make(model_description *out, const table *facts, const table *sources,
                                     adamas_error *error)
{
    *out = (model_description){.level = whole_number(facts, "level"),
                               .has_components = table_column(facts, "components") != NULL,
                               .components = whole_number(facts, "components"),
                               .is_synthetic = strcmp(table_text(facts, "synthetic", 0), "yes") == 0};
    adamas_status status = copy_fact(&out->method, facts, "method", error);
    if (!status)
        status = copy_fact(&out->method_canonical, facts, "method_canonical", error);
    if (!status)
        status = copy_fact(&out->engine, facts, "engine", error);
    if (!status)
        status = copy_fact(&out->components_chosen, facts, "components_chosen", error);
    if (!status)
        status = copy_fact(&out->axis_medium, facts, "axis/medium", error);
    if (!status)
        status = copy_column(&out->library_files, sources, "file", error);
    if (!status)
        status = copy_column(&out->library_sha256, sources, "sha256", error);
    if (status)
        model_description_clear(out);
    return status;
}

void model_description_clear(model_description *d)
{
    free(d->method);
    free(d->method_canonical);
    free(d->engine);
    free(d->components_chosen);
    free(d->axis_medium);
    text_list_clear(&d->library_files);
    text_list_clear(&d->library_sha256);
    *d = (model_description){0};
}
