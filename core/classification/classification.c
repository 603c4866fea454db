/* What a model says of a parcel. */
#include "classification/classification.h"

#include "base/memory.h"
#include "base/text.h"
#include "evidence/interval.h"
#include "evidence/typicality.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------ the parcel's file */

/* *out becomes a copy of a fact of the set, NULL if it is not stated. */
static adamas_status copy_fact(char **out, const adamas_spectra *set, const char *name, adamas_error *error)
{
    const char *found = spectra_fact(set, name);
    if (!found || !*found)
        return ADAMAS_OK;
    *out = memory_text(found);
    return *out ? ADAMAS_OK : status_no_memory(error);
}

/* Densities alone are no evidence, and need no digest that proves of what. */
static adamas_status describe_parcel(parcel_description *out, const adamas_spectra *parcel, int has_digest, work *w,
                                     adamas_error *error)
{
    char digest[65];
    out->file = memory_text(text_file_name(parcel->name));
    adamas_status status = out->file ? ADAMAS_OK : status_no_memory(error);
    if (!status && has_digest)
        status = spectra_digest(parcel, digest, w, error);
    if (!status && has_digest) {
        out->sha256 = memory_text(digest);
        status = out->sha256 ? ADAMAS_OK : status_no_memory(error);
    }
    if (!status)
        status = copy_fact(&out->name, parcel, "case/parcel", error);
    if (!status)
        status = copy_fact(&out->declared_origin, parcel, "case/declared_origin", error);
    if (!status)
        status = copy_fact(&out->seizure, parcel, "case/seizure", error);
    return status ? status : copy_fact(&out->certificate, parcel, "case/certificate", error);
}

static int is_synthetic(const adamas_spectra *parcel)
{
    const char *found = spectra_fact(parcel, "provenance/synthetic");
    return found && strcmp(found, "yes") == 0;
}

static int is_own_library(const adamas_model *m, const char *digest)
{
    for (size_t i = 0; i < m->sources.n_rows; i++)
        if (strcmp(table_text(&m->sources, "sha256", i), digest) == 0)
            return 1;
    return 0;
}

static unsigned find_warnings(const classification *c, const adamas_model *m, const adamas_spectra *parcel)
{
    int of_model = c->model.axis_medium != NULL, of_parcel = spectra_fact(parcel, "axis/medium") != NULL;
    unsigned found = 0;
    if (is_own_library(m, c->parcel.sha256 ? c->parcel.sha256 : ""))
        found |= CLASSIFICATION_OWN_LIBRARY;
    if (of_model && !of_parcel)
        found |= CLASSIFICATION_MEDIUM_OF_MODEL;
    if (of_parcel && !of_model)
        found |= CLASSIFICATION_MEDIUM_OF_PARCEL;
    return found;
}

/* ------------------------------------------------------------------------------------------------ each specimen */

static adamas_status reserve_origins(classification *out, size_t n, int has_evidence, adamas_error *error)
{
    out->library_specimens = memory_new(n, sizeof *out->library_specimens);
    out->prior = memory_raw(n, sizeof *out->prior);
    if (!out->library_specimens || !out->prior)
        return status_no_memory(error);
    if (!has_evidence)
        return ADAMAS_OK;
    out->units = memory_raw(n, sizeof *out->units);
    out->log10_lr_low = memory_raw(n, sizeof *out->log10_lr_low);
    out->log10_lr_high = memory_raw(n, sizeof *out->log10_lr_high);
    return out->units && out->log10_lr_low && out->log10_lr_high ? ADAMAS_OK : status_no_memory(error);
}

static adamas_status describe_origins(classification *out, const adamas_model *m, adamas_error *error)
{
    size_t n = m->origins.n_rows;
    const specimen_lr *e = &m->fitted.specimen_lr;
    const match *matcher = m->compiled_method->steps[m->compiled_method->match].match;
    adamas_status status = reserve_origins(out, n, out->specimens.has_evidence, error);
    if (!status)
        status = text_list_copy(&out->origins, n, table_column(&m->origins, "origin")->text, error);
    if (status)
        return status;
    matcher->prior(m->fitted.classifier.match_state, out->prior);
    for (size_t o = 0; o < n; o++)
        out->library_specimens[o] = (size_t)table_column(&m->origins, "specimens")->number[o];
    if (out->specimens.has_evidence) {
        memcpy(out->units, e->units, n * sizeof *out->units);
        memcpy(out->log10_lr_low, e->log10_low, n * sizeof *out->log10_lr_low);
        memcpy(out->log10_lr_high, e->log10_high, n * sizeof *out->log10_lr_high);
    }
    return ADAMAS_OK;
}

/* The stones and the controls one after the other: the mean spectrum is that of the stones alone. */
static adamas_status evaluate_apart(classification *out, const adamas_model *m, dataset *c, work *w,
                                    adamas_error *error)
{
    specimen_results *v = &out->specimens;
    const fitted_method *t = &m->fitted;
    const cross_fit *cf = v->has_evidence ? &t->cross_fit : NULL;
    const specimen_lr *lr = t->has_evidence ? &t->specimen_lr : NULL;
    unsigned char *include = memory_raw(c->n_specimens, 1);
    adamas_status status = include ? ADAMAS_OK : status_no_memory(error);
    for (int of_controls = 0; !status && of_controls <= (out->controls.known.n > 0); of_controls++) {
        for (size_t k = 0; k < c->n_specimens; k++)
            include[k] = controls_has(&out->controls, k) == of_controls;
        status =
            specimen_lr_evaluate(v, of_controls ? NULL : &v->spectrum, &t->classifier, cf, lr, c, include, w, error);
    }
    free(include);
    return status;
}

static adamas_status evaluate_specimens(classification *out, const adamas_model *m, dataset *c,
                                        const adamas_question *question, work *w, adamas_error *error)
{
    const fitted_method *t = &m->fitted;
    specimen_results *v = &out->specimens;
    size_t n = m->origins.n_rows;
    adamas_status status = specimen_results_make(v, c->n_specimens, n, error);
    if (status)
        return status;
    v->has_evidence = t->has_evidence && question->answer != ADAMAS_ANSWER_DENSITIES;
    v->epsilon = question->epsilon;
    if (v->has_evidence)
        specimen_lr_rejectable(&t->specimen_lr, n, v->epsilon, v->rejectable);
    status = evaluate_apart(out, m, c, w, error);
    return status ? status : specimen_results_describe(v, c, error);
}

/* What stands behind the evidence, or why there is none. */
static adamas_status describe_evidence(classification *out, const fitted_method *t, const adamas_question *question,
                                       adamas_error *error)
{
    const cross_fit *h = &t->cross_fit;
    if (question->answer == ADAMAS_ANSWER_DENSITIES) {
        out->no_evidence = MISSING_NOT_ASKED;
        return ADAMAS_OK;
    }
    if (!t->has_evidence) {
        out->no_evidence = MISSING_NOT_SUPPORTED;
        out->no_evidence_text = t->no_evidence_reason ? memory_text(t->no_evidence_reason) : NULL;
        return t->no_evidence_reason && !out->no_evidence_text ? status_no_memory(error) : ADAMAS_OK;
    }
    for (size_t o = 0; o < h->n_origins; o++)
        out->typicality_bound =
            fmax(out->typicality_bound, typicality_bound(question->epsilon, t->specimen_lr.specimens[o], h->n_folds));
    out->typicality_bound = fmin(out->typicality_bound, 1);
    out->by_locality = h->by_locality;
    out->by_session = cross_fit_holds_out_sessions(h);
    out->n_folds = h->n_folds;
    out->slope = t->specimen_lr.calibration.slope;
    return ADAMAS_OK;
}

/* ------------------------------------------------------------------------------------------------ the parcel */

/* Stones that fit no origin: the greatest p-value of each is at most twice epsilon. So many of them that it points
 * to the measurement are warned of. */
static void count_low_typicality(classification *out)
{
    const specimen_results *v = &out->specimens;
    size_t low = 0, n = classification_judged(out);
    for (size_t k = 0; k < v->n_specimens; k++) {
        double greatest = 0;
        for (size_t o = 0; o < v->n_origins; o++)
            greatest = fmax(greatest, v->typicality[k * v->n_origins + o]);
        low += classification_is_judged(out, k) && greatest <= 2 * v->epsilon;
    }
    out->low_typicality = n ? (double)low / (double)n : NAN;
    out->low_typicality_chance = n ? interval_upper_tail(low, n, 2 * v->epsilon) : 1;
}

/* What is declared, by the question or by the parcel's own case data. An origin that stands in the file alone and that
 * no library holds is no mistake of the caller's: the report says that it cannot be tested. */
static adamas_status find_declared(classification *out, const adamas_model *m, const adamas_spectra *parcel,
                                   const adamas_question *question, adamas_error *error)
{
    const char *said = question->declared ? question->declared : spectra_fact(parcel, "case/declared_origin");
    out->declared_origin = m->origins.n_rows;
    if (!said || !*said)
        return ADAMAS_OK;
    adamas_error own;
    adamas_status status = model_find_origin(&out->declared_origin, m, said, &own);
    if (status == ADAMAS_E_DATA && !question->declared) {
        out->warnings |= CLASSIFICATION_DECLARED_UNKNOWN;
        status = ADAMAS_OK;
    } else if (status && error) {
        *error = own;
    }
    if (status)
        return status;
    out->declared = memory_text(said);
    return out->declared ? ADAMAS_OK : status_no_memory(error);
}

static adamas_status find_whole(size_t *whole, const classification *c, const adamas_spectra *parcel,
                                const adamas_question *question, adamas_error *error)
{
    const char *said = spectra_fact(parcel, "case/stones");
    double number = 0;
    if (!question->stones && said &&
        !(text_to_number(said, &number) && said[strspn(said, "0123456789")] == '\0' && number >= 1 && number < 1e9))
        return status_set(error, ADAMAS_E_DATA, "%s: case/stones is '%s', a whole number above 0 expected",
                          parcel->name, said);
    *whole = question->stones ? (size_t)question->stones : (size_t)number;
    size_t measured = classification_stones(c);
    if (*whole && *whole < measured)
        return status_set(error, ADAMAS_E_DATA, "%s: %zu stones measured, and the whole parcel is said to have %zu",
                          parcel->name, measured, *whole);
    return ADAMAS_OK;
}

/* The spectrum shows what speaks for the declared origin, or else for the one of the greatest share. */
static size_t spectrum_origin(const classification *c)
{
    size_t origin = 0;
    if (c->declared_origin < c->origins.n)
        return c->declared_origin;
    for (size_t o = 0; o < c->origins.n; o++)
        origin = c->composition.shares[o].by_number.mean > c->composition.shares[origin].by_number.mean ? o : origin;
    return origin;
}

static adamas_status evaluate_composition(classification *out, const adamas_model *m, const measured_parcel *p, work *w,
                                          adamas_error *error)
{
    const parcel_reference *g = &m->parcel_reference;
    size_t n = out->specimens.n_specimens;
    parcel_posterior post;
    adamas_status status = composition_find(&out->composition, &post, p, g, n, w, error);
    if (status)
        return status;
    status = origin_plane_add_parcel(&out->plane, g, p, n, error);
    if (!status && out->declared_origin < out->origins.n)
        status = declared_test_run(&out->declared_test, &post, p, g, out->declared_origin, n, w, error);
    parcel_posterior_free(&post);
    return status ? status
                  : mean_spectrum_make(&out->spectrum, &m->fitted.classifier, &out->specimens, p, spectrum_origin(out),
                                       out->slope, error);
}

/* Why the composition is not estimated, though there is evidence. */
static adamas_status find_obstacle(classification *out, const adamas_model *m, const adamas_question *question,
                                   adamas_error *error)
{
    if (question->answer == ADAMAS_ANSWER_SPECIMENS) {
        out->no_composition = MISSING_NOT_ASKED;
    } else if (m->no_parcel_reason) {
        out->no_composition = MISSING_NOT_SUPPORTED;
        out->no_composition_text = memory_text(m->no_parcel_reason);
        return out->no_composition_text ? ADAMAS_OK : status_no_memory(error);
    }
    return ADAMAS_OK;
}

static adamas_status evaluate_parcel(classification *out, const adamas_model *m, const adamas_spectra *parcel,
                                     const adamas_question *question, work *w, adamas_error *error)
{
    size_t whole = 0;
    measured_parcel p = {0};
    adamas_status status = find_declared(out, m, parcel, question, error);
    if (!status)
        status = find_whole(&whole, out, parcel, question, error);
    if (!status)
        status = controls_check(&out->controls, m, &out->specimens, error);
    if (status || !out->specimens.has_evidence)
        return status;
    count_low_typicality(out);
    status = find_obstacle(out, m, question, error);
    if (status || out->no_composition)
        return status;
    status = origin_plane_make(&out->plane, &m->parcel_reference, error);
    if (!status)
        status = measured_parcel_make(&p, &out->specimens, &out->controls, whole, error);
    if (!status && p.n)
        status = evaluate_composition(out, m, &p, w, error);
    measured_parcel_clear(&p);
    return status;
}

adamas_status model_classify(classification *out, const adamas_model *m, const adamas_spectra *parcel,
                             const adamas_question *question, work *w, adamas_error *error)
{
    *out = (classification){0};
    if (m->compiled_method->match == METHOD_NO_STEP)
        return status_set(error, ADAMAS_E_METHOD,
                          "the model's method ends before a matching step (twolevel, ...): it can "
                          "preprocess, not classify");
    dataset c = {0};
    adamas_status status = model_check_medium(m, parcel, error);
    if (!status)
        status = dataset_make(&c, &parcel, 1, 0, error);
    if (!status)
        status = controls_find(&out->controls, m, &c, error);
    if (!status)
        status = evaluate_specimens(out, m, &c, question, w, error);
    if (!status)
        status = describe_origins(out, m, error);
    if (!status)
        status = model_description_make(&out->model, &m->facts, &m->sources, error);
    if (!status)
        status = describe_parcel(&out->parcel, parcel, question->answer != ADAMAS_ANSWER_DENSITIES, w, error);
    if (!status)
        status = describe_evidence(out, &m->fitted, question, error);
    if (!status)
        status = evaluate_parcel(out, m, parcel, question, w, error);
    dataset_clear(&c);
    if (status) {
        classification_clear(out);
        return status;
    }
    out->warnings |= find_warnings(out, m, parcel);
    out->model.is_synthetic |= is_synthetic(parcel);
    return ADAMAS_OK;
}

static void parcel_description_clear(parcel_description *p)
{
    free(p->file);
    free(p->sha256);
    free(p->name);
    free(p->seizure);
    free(p->certificate);
    free(p->declared_origin);
}

void classification_clear(classification *c)
{
    model_description_clear(&c->model);
    parcel_description_clear(&c->parcel);
    text_list_clear(&c->origins);
    controls_clear(&c->controls);
    free(c->library_specimens);
    free(c->prior);
    free(c->units);
    free(c->log10_lr_low);
    free(c->log10_lr_high);
    specimen_results_clear(&c->specimens);
    free(c->no_evidence_text);
    free(c->declared);
    free(c->no_composition_text);
    origin_plane_clear(&c->plane);
    composition_clear(&c->composition);
    declared_test_clear(&c->declared_test);
    mean_spectrum_clear(&c->spectrum);
    *c = (classification){0};
}

int classification_is_stone(const classification *c, size_t specimen)
{
    return !controls_has(&c->controls, specimen);
}

int classification_is_judged(const classification *c, size_t specimen)
{
    return classification_is_stone(c, specimen) && specimen_results_is_evaluated(&c->specimens, specimen);
}

size_t classification_stones(const classification *c)
{
    size_t n = 0;
    for (size_t k = 0; k < c->specimens.n_specimens; k++)
        n += (size_t)classification_is_stone(c, k);
    return n;
}

size_t classification_judged(const classification *c)
{
    size_t n = 0;
    for (size_t k = 0; k < c->specimens.n_specimens; k++)
        n += (size_t)classification_is_judged(c, k);
    return n;
}
