#include "model/model.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static adamas_status copy_texts(table *to, const table *from, const char *name, adamas_error *error)
{
    const adamas_column *column = table_column(from, name);
    return table_set_text(to, name, column->n, column->text, error);
}

static adamas_status put_origins(result *out, const adamas_model *m, adamas_error *error)
{
    size_t n = m->origins.n_rows;
    double *prior = memory_raw(n, sizeof *prior);
    adamas_status status = prior ? copy_texts(&out->origins, &m->origins, "origin", error) : status_no_memory(error);
    if (!status)
        status =
            table_set_numbers(&out->origins, "specimens", n, table_column(&m->origins, "specimens")->number, error);
    if (!status) {
        m->recipe->steps[m->recipe->match].match->prior(m->trained.judge.match_state, prior);
        status = table_set_numbers(&out->origins, "prior", n, prior, error);
    }
    free(prior);
    return status;
}

static adamas_status put_facts(result *out, const adamas_model *m, const adamas_spectra *parcel, adamas_error *error)
{
    static const char *const kept[] = {"case/parcel", "case/declared_origin", "case/seizure", "case/certificate"};
    char digest[65];
    adamas_status status = spectra_digest(parcel, digest, error);
    if (!status)
        status = facts_set(&out->facts, "parcel/file", text_file_name(parcel->name), error);
    if (!status)
        status = facts_set(&out->facts, "parcel/sha256", digest, error);
    for (size_t i = 0; !status && i < m->facts.n_columns; i++)
        status = copy_texts(&out->facts, &m->facts, m->facts.columns[i]->name, error);
    for (size_t i = 0; !status && i < sizeof kept / sizeof *kept; i++)
        if (spectra_fact(parcel, kept[i]))
            status = facts_set(&out->facts, kept[i], spectra_fact(parcel, kept[i]), error);
    const char *synthetic = spectra_fact(parcel, "provenance/synthetic");
    if (!status && synthetic && strcmp(synthetic, "yes") == 0)
        status = facts_set(&out->facts, "synthetic", "yes", error);
    return status;
}

static int is_own_library(const adamas_model *m, const char *digest)
{
    for (size_t i = 0; i < m->sources.n_rows; i++)
        if (strcmp(table_text(&m->sources, "sha256", i), digest) == 0)
            return 1;
    return 0;
}

static adamas_status put_warnings(result *out, const adamas_model *m, const adamas_spectra *parcel, adamas_error *error)
{
    int model_says = facts_get(&m->facts, "axis/medium") != NULL;
    int parcel_says = spectra_fact(parcel, "axis/medium") != NULL;
    adamas_status status = ADAMAS_OK;
    if (is_own_library(m, table_text(&out->facts, "parcel/sha256", 0)))
        status = facts_set(&out->facts, "warning/library",
                           "the parcel is one of the model's own reference libraries: these probabilities say nothing "
                           "of new specimens",
                           error);
    if (!status && model_says != parcel_says)
        status = facts_set(&out->facts, "warning/medium",
                           model_says ? "the wavelengths' medium (air or vacuum) is stated for the model only: they "
                                        "can differ by 0.3 nm"
                                      : "the wavelengths' medium (air or vacuum) is stated for the parcel only: they "
                                        "can differ by 0.3 nm",
                           error);
    return status;
}

adamas_status model_classify(result *out, const adamas_model *m, const adamas_spectra *parcel, work *w,
                             adamas_error *error)
{
    *out = (result){0};
    if (m->recipe->match == RECIPE_NONE)
        return status_set(error, ADAMAS_E_METHOD,
                          "the model's method ends before a matching step (twolevel, lda): it can "
                          "preprocess, not classify");
    collection c = {0};
    verdicts v = {0};
    adamas_status status = model_check_medium(m, parcel, error);
    if (!status)
        status = collection_make(&c, &parcel, 1, 0, w, error);
    if (!status)
        status = verdicts_make(&v, c.n_specimens, m->origins.n_rows, error);
    if (!status)
        status = stone_evidence_judge(&v, &m->trained.judge, &m->trained.held_out,
                                      m->trained.has_evidence ? &m->trained.stone : NULL, &c, NULL, w, error);
    if (!status)
        status = result_specimens(out, &v, &c, table_column(&m->origins, "origin")->text, error);
    if (!status)
        status = put_origins(out, m, error);
    if (!status)
        status = copy_texts(&out->sources, &m->sources, "file", error);
    if (!status)
        status = copy_texts(&out->sources, &m->sources, "sha256", error);
    if (!status)
        status = put_facts(out, m, parcel, error);
    if (!status)
        status = put_warnings(out, m, parcel, error);
    if (!status)
        status = result_screening(out, error);
    verdicts_clear(&v);
    collection_clear(&c);
    if (status)
        result_clear(out);
    return status;
}
