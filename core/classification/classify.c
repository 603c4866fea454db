#include "training/model.h"

#include "base/memory.h"
#include "base/text.h"
#include "classification/spectrum.h"
#include "evidence/interval.h"
#include "evidence/typicality.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static adamas_status copy_texts(table *to, const table *from, const char *name, adamas_error *error)
{
    const adamas_column *column = table_column(from, name);
    return table_set_text(to, name, column->n, column->text, error);
}

static adamas_status put_counts(table *t, const char *name, const size_t *counts, size_t n, double *column,
                                adamas_error *error)
{
    for (size_t o = 0; o < n; o++)
        column[o] = (double)counts[o];
    return table_set_numbers(t, name, n, column, error);
}

static adamas_status put_bounds(table *t, const specimen_lr *e, const unsigned char *rejectable, size_t n,
                                double *column, adamas_error *error)
{
    adamas_status status = put_counts(t, "units", e->units, n, column, error);
    for (size_t o = 0; o < n; o++)
        column[o] = rejectable[o];
    if (!status)
        status = table_set_numbers(t, "rejectable", n, column, error);
    if (!status)
        status = table_set_numbers(t, "log10_lr_low", n, e->log10_low, error);
    return status ? status : table_set_numbers(t, "log10_lr_high", n, e->log10_high, error);
}

static adamas_status put_origins(result *out, const adamas_model *m, const unsigned char *rejectable,
                                 adamas_error *error)
{
    size_t n = m->origins.n_rows;
    table *t = &out->tables[ADAMAS_ORIGINS];
    double *column = memory_raw(n, sizeof *column);
    adamas_status status = column ? copy_texts(t, &m->origins, "origin", error) : status_no_memory(error);
    if (!status)
        status = table_set_numbers(t, "specimens", n, table_column(&m->origins, "specimens")->number, error);
    if (!status) {
        m->compiled_method->steps[m->compiled_method->match].match->prior(m->fitted.classifier.match_state, column);
        status = table_set_numbers(t, "prior", n, column, error);
    }
    if (!status && rejectable)
        status = put_bounds(t, &m->fitted.specimen_lr, rejectable, n, column, error);
    free(column);
    return status;
}

/* Densities alone are no evidence, and need no digest that proves of what. */
static adamas_status put_facts(result *out, const adamas_model *m, const adamas_spectra *parcel, int has_digest,
                               work *w, adamas_error *error)
{
    static const char *const kept[] = {"case/parcel", "case/declared_origin", "case/seizure", "case/certificate"};
    char digest[65];
    adamas_status status = facts_set(&out->facts, "parcel/file", text_file_name(parcel->name), error);
    if (!status && has_digest)
        status = spectra_digest(parcel, digest, w, error);
    if (!status && has_digest)
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

/* Stones that fit no origin: the greatest p-value of each is at most twice epsilon. The report warns where they are so
 * many that it points to the measurement. */
static adamas_status count_unlike(result *out, const specimen_results *v, double epsilon, adamas_error *error)
{
    size_t low = 0, n = 0;
    for (size_t k = 0; k < v->n_specimens; k++) {
        double greatest = 0;
        for (size_t o = 0; v->shots[k] && o < v->n_origins; o++)
            greatest = fmax(greatest, v->typicality[k * v->n_origins + o]);
        n += v->shots[k] > 0;
        low += v->shots[k] > 0 && greatest <= 2 * epsilon;
    }
    double chance = n ? interval_upper_tail(low, n, 2 * epsilon) : 1;
    adamas_status status = result_number(out, "parcel/low_typicality", n ? (double)low / (double)n : NAN, error);
    return status ? status : result_number(out, "parcel/low_typicality_chance", chance, error);
}

/* A control's typicality of the origin that it is known to have. */
static adamas_status check_controls(result *out, const adamas_model *m, const specimen_results *v, const dataset *c,
                                    adamas_error *error)
{
    double worst = 1;
    size_t n = 0;
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; !status && k < c->n_specimens; k++) {
        const char *known = dataset_text(c, k, "control");
        size_t origin;
        if (!*known)
            continue;
        status = model_find_origin(&origin, m, known, error);
        if (!status && v->shots[k]) {
            n++;
            worst = fmin(worst, v->typicality[k * v->n_origins + origin]);
        }
    }
    if (status || !n)
        return status;
    status = result_number(out, "control/stones", (double)n, error);
    return status ? status : result_number(out, "control/worst_p", worst, error);
}

static adamas_status put_warnings(result *out, const adamas_model *m, const adamas_spectra *parcel, adamas_error *error)
{
    int model_says = facts_get(&m->facts, "axis/medium") != NULL;
    int parcel_says = spectra_fact(parcel, "axis/medium") != NULL;
    adamas_status status = ADAMAS_OK;
    if (is_own_library(m, table_text(&out->facts, "parcel/sha256", 0)))
        status = facts_set(&out->facts, "warning/library",
                           "the parcel is one of the model's own reference libraries: this says nothing of new "
                           "specimens",
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

/* What stands behind the evidence, or why there is none. */
static adamas_status put_grounds(result *out, const fitted_method *t, const adamas_question *question,
                                 adamas_error *error)
{
    double epsilon = question->epsilon;
    adamas_status status = result_number(out, "epsilon", epsilon, error);
    if (!status && question->answer == ADAMAS_ANSWER_DENSITIES)
        return facts_set(&out->facts, "no_evidence", "densities alone were asked for", error);
    if (!t->has_evidence)
        return status
                   ? status
                   : facts_set(&out->facts, "no_evidence", t->no_evidence_reason ? t->no_evidence_reason : "", error);
    const cross_fit *h = &t->cross_fit;
    double bound = 0;
    for (size_t o = 0; o < h->n_origins; o++)
        bound = fmax(bound, typicality_bound(epsilon, t->specimen_lr.specimens[o], h->n_folds));
    if (!status)
        status = facts_set(&out->facts, "held_out", h->by_locality ? "locality" : "specimen", error);
    if (!status)
        status = result_number(out, "folds", (double)h->n_folds, error);
    if (!status)
        status = result_number(out, "typicality/bound", fmin(bound, 1), error);
    return status ? status : result_number(out, "slope", t->specimen_lr.calibration.slope, error);
}

static int gives_evidence(const adamas_model *m, const adamas_question *question)
{
    return m->fitted.has_evidence && question->answer != ADAMAS_ANSWER_DENSITIES;
}

/* Judges and weighs each stone. */
static adamas_status weigh_stones(result *out, specimen_results *v, const adamas_model *m, dataset *c,
                                  const adamas_question *question, work *w, adamas_error *error)
{
    const fitted_method *t = &m->fitted;
    int has_evidence = gives_evidence(m, question);
    double epsilon = question->epsilon;
    size_t n = m->origins.n_rows;
    unsigned char *rejectable = memory_new(n, sizeof *rejectable);
    adamas_status status = rejectable ? specimen_results_make(v, c->n_specimens, n, error) : status_no_memory(error);
    if (!status && has_evidence)
        specimen_lr_rejectable(&t->specimen_lr, n, epsilon, rejectable);
    if (!status)
        status = specimen_lr_evaluate(v, &t->classifier, &t->cross_fit, has_evidence ? &t->specimen_lr : NULL, c, NULL,
                                      w, error);
    if (!status)
        status = result_specimens(out, v, c, table_column(&m->origins, "origin")->text,
                                  has_evidence ? &(answering){epsilon, rejectable} : NULL, error);
    if (!status)
        status = put_origins(out, m, has_evidence ? rejectable : NULL, error);
    free(rejectable);
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

/* What is declared, by the question or by the parcel's own case data. An origin that stands in the file alone and that
 * no library holds is no mistake of the caller's: the report says that it cannot be tested. */
static adamas_status find_declared(size_t *declared, result *out, const adamas_model *m, const adamas_spectra *parcel,
                                   const adamas_question *question, adamas_error *error)
{
    const char *said = question->declared ? question->declared : spectra_fact(parcel, "case/declared_origin");
    *declared = m->origins.n_rows;
    if (!said || !*said)
        return ADAMAS_OK;
    adamas_error own;
    adamas_status status = model_find_origin(declared, m, said, &own);
    if (status && error && (question->declared || status != ADAMAS_E_DATA))
        *error = own;
    if (status == ADAMAS_E_DATA && !question->declared)
        status = facts_set(&out->facts, "warning/declared",
                           "the declared origin is in no library: whether the parcel is of it cannot be tested", error);
    return status ? status : facts_set(&out->facts, "declared", said, error);
}

static adamas_status find_whole(size_t *whole, const adamas_spectra *parcel, const adamas_question *question,
                                adamas_error *error)
{
    const char *said = spectra_fact(parcel, "case/stones");
    double number = 0;
    if (!question->stones && said &&
        !(text_to_number(said, &number) && said[strspn(said, "0123456789")] == '\0' && number >= 1 && number < 1e9))
        return status_set(error, ADAMAS_E_DATA, "%s: case/stones is '%s', a whole number above 0 expected",
                          parcel->name, said);
    *whole = question->stones ? (size_t)question->stones : (size_t)number;
    if (*whole && *whole < parcel->specimens.n_rows)
        return status_set(error, ADAMAS_E_DATA, "%s: %zu stones measured, and the whole parcel is said to have %zu",
                          parcel->name, parcel->specimens.n_rows, *whole);
    return ADAMAS_OK;
}

/* Where the evidence lies for the declared origin, or for the one of the greatest share. */
static adamas_status put_spectrum(result *out, const adamas_model *m, const specimen_results *v,
                                  const parcel_question *q, adamas_error *error)
{
    const adamas_column *mean = table_column(&out->tables[ADAMAS_SHARES], "mean");
    size_t origin = q->declared < m->origins.n_rows ? q->declared : 0;
    if (!mean)
        return ADAMAS_OK;
    for (size_t o = 0; q->declared == m->origins.n_rows && o < m->origins.n_rows; o++)
        origin = mean->number[o] > mean->number[origin] ? o : origin;
    adamas_status status =
        facts_set(&out->facts, "spectrum/origin", table_column(&m->origins, "origin")->text[origin], error);
    return status ? status
                  : spectrum_put(out, &m->fitted.classifier, v, q->origins, origin,
                                 m->fitted.specimen_lr.calibration.slope, error);
}

/* What is said of the parcel as a whole. */
static adamas_status weigh_parcel(result *out, const adamas_model *m, const adamas_spectra *parcel,
                                  const specimen_results *v, const dataset *c, const adamas_question *question, work *w,
                                  adamas_error *error)
{
    parcel_question q = {.origins = table_column(&m->origins, "origin")->text, .epsilon = question->epsilon};
    adamas_status status = find_declared(&q.declared, out, m, parcel, question, error);
    if (!status)
        status = find_whole(&q.whole, parcel, question, error);
    if (status || !gives_evidence(m, question))
        return status;
    status = count_unlike(out, v, question->epsilon, error);
    if (!status)
        status = check_controls(out, m, v, c, error);
    const char *why = question->answer == ADAMAS_ANSWER_SPECIMENS ? "it was not asked for" : m->no_parcel_reason;
    if (!status && why)
        return facts_set(&out->facts, "no_parcels", why, error);
    if (!status)
        status = parcel_put_plane(out, &m->parcel_reference, q.origins, error);
    if (!status)
        status = parcel_weigh(out, &m->parcel_reference, v, c, &q, w, error);
    return status ? status : put_spectrum(out, m, v, &q, error);
}

adamas_status model_classify(result *out, const adamas_model *m, const adamas_spectra *parcel,
                             const adamas_question *question, work *w, adamas_error *error)
{
    *out = (result){.kind = RESULT_CLASSIFICATION};
    if (m->compiled_method->match == METHOD_NO_STEP)
        return status_set(error, ADAMAS_E_METHOD,
                          "the model's method ends before a matching step (twolevel, ...): it can "
                          "preprocess, not classify");
    dataset c = {0};
    specimen_results v = {0};
    adamas_status status = model_check_medium(m, parcel, error);
    if (!status)
        status = dataset_make(&c, &parcel, 1, 0, error);
    if (!status)
        status = weigh_stones(out, &v, m, &c, question, w, error);
    if (!status)
        status = copy_texts(&out->tables[ADAMAS_SOURCES], &m->sources, "file", error);
    if (!status)
        status = copy_texts(&out->tables[ADAMAS_SOURCES], &m->sources, "sha256", error);
    if (!status)
        status = put_facts(out, m, parcel, question->answer != ADAMAS_ANSWER_DENSITIES, w, error);
    if (!status)
        status = put_grounds(out, &m->fitted, question, error);
    if (!status)
        status = weigh_parcel(out, m, parcel, &v, &c, question, w, error);
    if (!status)
        status = put_warnings(out, m, parcel, error);
    if (!status)
        status = result_screening(out, error);
    specimen_results_clear(&v);
    dataset_clear(&c);
    if (status)
        result_clear(out);
    return status;
}
