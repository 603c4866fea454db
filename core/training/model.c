/* A model: its facts, its description, its reference for parcels, the origins that it knows. */
#include "training/model.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

adamas_status facts_set(table *facts, const char *name, const char *value, adamas_error *error)
{
    return table_set_text(facts, name, 1, &value, error);
}

const char *facts_get(const table *facts, const char *name)
{
    const adamas_column *column = table_column(facts, name);
    return column && column->text && column->text[0][0] ? column->text[0] : NULL;
}

static adamas_status describe_sources(table *sources, const adamas_spectra *const *libraries, size_t n, work *w,
                                      adamas_error *error)
{
    char(*digest)[65] = memory_new(n, sizeof *digest);
    const char **texts = memory_new(n, sizeof *texts);
    adamas_status status = digest && texts ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < n; i++) {
        texts[i] = text_file_name(libraries[i]->name);
        status = spectra_digest(libraries[i], digest[i], w, error);
    }
    if (!status)
        status = table_set_text(sources, "file", n, texts, error);
    for (size_t i = 0; !status && i < n; i++)
        texts[i] = digest[i];
    if (!status)
        status = table_set_text(sources, "sha256", n, texts, error);
    free(digest);
    free(texts);
    return status;
}

/* Air and vacuum wavelengths differ by up to 0.3 nm: libraries must agree, as far as they say. */
static adamas_status find_medium(const char **medium, const adamas_spectra *const *libraries, size_t n,
                                 adamas_error *error)
{
    *medium = NULL;
    for (size_t i = 0; i < n; i++) {
        const char *own = spectra_fact(libraries[i], "axis/medium");
        if (own && *medium && strcmp(own, *medium) != 0)
            return status_set(error, ADAMAS_E_AXIS, "%s: wavelengths in %s, %s expected as in the first library",
                              libraries[i]->name, own, *medium);
        if (own)
            *medium = own;
    }
    return ADAMAS_OK;
}

adamas_status model_check_medium(const adamas_model *m, const adamas_spectra *set, adamas_error *error)
{
    const char *own = spectra_fact(set, "axis/medium"), *expected = facts_get(&m->facts, "axis/medium");
    if (own && expected && strcmp(own, expected) != 0)
        return status_set(error, ADAMAS_E_AXIS, "%s: wavelengths in %s, %s expected as in the model's libraries",
                          set->name, own, expected);
    return ADAMAS_OK;
}

static int any_synthetic(const adamas_spectra *const *libraries, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *fact = spectra_fact(libraries[i], "provenance/synthetic");
        if (fact && strcmp(fact, "yes") == 0)
            return 1;
    }
    return 0;
}

adamas_status model_describe(table *sources, table *facts, const compiled_method *compiled,
                             const adamas_spectra *const *libraries, size_t n_libraries, int32_t level, work *w,
                             adamas_error *error)
{
    char number[16];
    const char *medium;
    snprintf(number, sizeof number, "%d", (int)level);
    adamas_status status = find_medium(&medium, libraries, n_libraries, error);
    if (!status)
        status = describe_sources(sources, libraries, n_libraries, w, error);
    if (!status)
        status = facts_set(facts, "method", compiled->text, error);
    if (!status)
        status = facts_set(facts, "method_canonical", compiled->canonical, error);
    if (!status)
        status = facts_set(facts, "engine", adamas_version(), error);
    if (!status)
        status = facts_set(facts, "level", number, error);
    if (!status && medium)
        status = facts_set(facts, "axis/medium", medium, error);
    if (!status)
        status = facts_set(facts, "synthetic", any_synthetic(libraries, n_libraries) ? "yes" : "no", error);
    return status;
}

adamas_status model_find_origin(size_t *out, const adamas_model *m, const char *declared, adamas_error *error)
{
    const adamas_column *names = table_column(&m->origins, "origin");
    for (*out = 0; *out < names->n; (*out)++) {
        size_t length = strlen(names->text[*out]);
        if (strncmp(names->text[*out], declared, length) == 0 && (!declared[length] || declared[length] == '/'))
            return ADAMAS_OK;
    }
    text list = {0};
    for (size_t o = 0; o < names->n; o++)
        text_append(&list, "%s'%s'", o ? ", " : "", names->text[o]);
    adamas_status status =
        list.failed ? status_no_memory(error)
                    : status_set(error, ADAMAS_E_DATA, "the origin '%s' is in no library; the libraries hold %s",
                                 declared, list.at);
    text_clear(&list);
    return status;
}

adamas_status model_make_parcel_reference(adamas_model *m, adamas_error *error)
{
    adamas_error found = {0};
    if (!m->fitted.has_evidence)
        return ADAMAS_OK;
    adamas_status status = parcel_reference_make(&m->parcel_reference, &m->fitted.cross_fit, &found);
    if (status == ADAMAS_E_DATA) {
        m->no_parcel_reason = memory_text(found.message);
        status = m->no_parcel_reason ? ADAMAS_OK : status_no_memory(&found);
    }
    if (status && error)
        *error = found;
    return status;
}

void model_free(adamas_model *m)
{
    if (!m)
        return;
    parcel_reference_clear(&m->parcel_reference);
    free(m->no_parcel_reason);
    fitted_method_clear(&m->fitted);
    axis_clear(&m->library);
    table_clear(&m->origins);
    table_clear(&m->sources);
    table_clear(&m->facts);
    compiled_method_free(m->compiled_method);
    free(m);
}
