/* The confound audit in a validation's report. */
#include "base/memory.h"
#include "base/text.h"
#include "training/model.h"
#include "validation/session_audit.h"
#include "validation/validation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A session that is told from spectra with a smaller chance than this is warned of. */
static const double rare = 0.01;

/* Scores of all specimens in the plane that they span themselves: it knows of no session. */
static adamas_status ask_for_session(audit *a, const validation *h, adamas_error *error)
{
    fit f = {0};
    row_cache rows = {0};
    specimen_scores scores = {0};
    double components = 0;
    for (size_t i = 0; i < h->folds->n_folds; i++)
        components += h->components[i] / (double)h->folds->n_folds;
    unsigned char *all = memory_raw(h->c->n_specimens, sizeof *all);
    adamas_status status = all ? ADAMAS_OK : status_no_memory(error);
    if (!status) {
        memset(all, 1, h->c->n_specimens);
        status = fit_make(&f, h->r, h->library, h->c, all, (size_t)lround(components), &rows, h->w, error);
    }
    if (!status)
        status = specimen_scores_make(&scores, &(const fit *){&f}, 1, h->c, NULL, NULL, &rows, h->w, error);
    if (!status)
        status = audit_session(a, h->c, scores.n_components, scores.mean, scores.shots, h->w, error);
    specimen_scores_clear(&scores);
    row_cache_clear(&rows);
    fit_clear(&f);
    free(all);
    return status;
}

static adamas_status put_list(result *out, const char *fact, const char *const *names, size_t n, adamas_error *error)
{
    text list = {0};
    for (size_t i = 0; i < n; i++)
        text_append(&list, "%s%s", i ? ", " : "", names[i]);
    adamas_status status = ADAMAS_OK;
    if (n)
        status = list.failed ? status_no_memory(error) : facts_set(&out->facts, fact, list.at, error);
    text_clear(&list);
    return status;
}

static adamas_status put_numbers(result *out, const audit *a, adamas_error *error)
{
    const struct {
        const char *name;
        double value;
        int known;
    } numbers[] = {{"audit/accuracy", a->nuisance.accuracy, a->n_features > 0},
                   {"audit/accuracy_low", a->nuisance.accuracy_low, a->n_features > 0},
                   {"audit/accuracy_high", a->nuisance.accuracy_high, a->n_features > 0},
                   {"audit/balanced_accuracy", a->nuisance.balanced_accuracy, a->n_features > 0},
                   {"audit/log_loss", a->nuisance.log_loss, a->n_features > 0},
                   {"audit/session_accuracy", a->session_accuracy, a->has_session},
                   {"audit/session_chance", a->session_chance, a->has_session},
                   {"audit/session_p", a->session_p, a->has_session}};
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].known)
            status = result_number(out, numbers[i].name, numbers[i].value, error);
    if (!status)
        status = put_list(out, "audit/features", a->features, a->n_features, error);
    return status ? status : put_list(out, "audit/left_out", a->left_out, a->n_left_out, error);
}

static double number(const result *r, const char *name)
{
    return table_column(&r->numbers, name)->number[0];
}

static adamas_status warn(result *out, const char *fact, text *said, adamas_error *error)
{
    adamas_status status = said->failed ? status_no_memory(error) : facts_set(&out->facts, fact, said->at, error);
    text_clear(said);
    return status;
}

/* Where the spectra's balanced accuracy is not above that of the nuisance by more than the upper half of its 95 %
 * interval, they have not been shown to do better. */
static adamas_status warn_of_confound(result *out, const audit *a, adamas_error *error)
{
    const metrics *m = &a->nuisance;
    double spectra = number(out, "balanced_accuracy");
    if (!a->n_features || !(spectra <= m->balanced_accuracy + m->accuracy_high - m->accuracy))
        return ADAMAS_OK;
    text said = {0};
    text_append(&said,
                "the library may have learned how it was measured: what should carry no origin (%s) tells origins with "
                "a balanced accuracy of %.2f, the spectra with %.2f",
                table_text(&out->facts, "audit/features", 0), m->balanced_accuracy, spectra);
    return warn(out, "warning/confound", &said, error);
}

static adamas_status warn_of_session(result *out, const audit *a, adamas_error *error)
{
    if (!a->has_session || !(a->session_p < rare))
        return ADAMAS_OK;
    text said = {0};
    text_append(
        &said,
        "spectra tell in which session a specimen was measured: right for %zu of %zu specimens within their "
        "origin, %.0f expected by chance (p = %.1e): leave sessions out to see what a session that no library has "
        "does to these figures",
        a->session_right, a->session_n, a->session_chance * (double)a->session_n, a->session_p);
    return warn(out, "warning/session", &said, error);
}

adamas_status validation_audit(result *out, const validation *h, adamas_error *error)
{
    audit a;
    adamas_status status = audit_run(&a, h->c, h->folds, h->w, error);
    if (!status)
        status = ask_for_session(&a, h, error);
    if (!status)
        status = put_numbers(out, &a, error);
    if (!status)
        status = warn_of_confound(out, &a, error);
    return status ? status : warn_of_session(out, &a, error);
}
