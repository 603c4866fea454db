/* The confound audit of a validation. */
#include "validation/audit_result.h"

#include "base/memory.h"
#include "validation/session_audit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A session that is told from spectra with a smaller chance than this is warned of. */
static const double rare = 0.01;

/* Scores of all specimens in the plane that they span themselves: no session is known to it. */
static adamas_status audit_sessions(audit *a, const validation *h, adamas_error *error)
{
    fit f = {0};
    row_cache rows = {0};
    specimen_scores scores = {0};
    double components = 0;
    for (size_t i = 0; i < h->folds->n_folds; i++)
        components += (double)h->out->folds[i].components / (double)h->folds->n_folds;
    unsigned char *all = memory_raw(h->c->n_specimens, sizeof *all);
    adamas_status status = all ? ADAMAS_OK : status_no_memory(error);
    if (!status) {
        memset(all, 1, h->c->n_specimens);
        status =
            fit_make(&f, h->r, h->library, h->c, all, (reduction){(size_t)lround(components), 0}, &rows, h->w, error);
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

/* The spectra have been shown to do better only if their balanced accuracy is above that of the nuisance by more than
 * the upper half of its 95 % interval. */
static int is_confounded(const audit *a, double of_spectra)
{
    const metrics *m = &a->nuisance;
    return a->n_features && of_spectra <= m->balanced_accuracy + m->accuracy_high - m->accuracy;
}

adamas_status validation_audit(validation *h, adamas_error *error)
{
    audit *a = &h->out->audit;
    adamas_status status = audit_run(a, h->c, h->folds, h->w, error);
    if (!status)
        status = audit_sessions(a, h, error);
    if (status)
        return status;
    if (is_confounded(a, h->out->likeliest.balanced_accuracy))
        h->out->warnings |= VALIDATION_CONFOUND;
    if (a->has_session && a->session_p < rare)
        h->out->warnings |= VALIDATION_SESSION;
    return ADAMAS_OK;
}
