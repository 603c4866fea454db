/* The open set of a validation: what a library without an origin says of that origin's specimens. */
#include "base/memory.h"
#include "base/text.h"
#include "training/model.h"
#include "validation/validation.h"

#include <math.h>
#include <stdlib.h>

/* Learns from the specimens of the other origins, and classifiers this one's. Where those are too few to learn from,
 * nothing is told of the origin. */
static adamas_status judge_strangers(open_set_run *s, const validation *h, dataset *others, size_t origin,
                                     adamas_error *error)
{
    size_t n = others->n_specimens;
    fitted_method t = {0};
    unsigned char *training = memory_new(n, sizeof *training), *strangers = memory_new(n, sizeof *strangers);
    adamas_status status = training && strangers ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < n; k++) {
        strangers[k] = h->c->origin[k] == origin;
        training[k] = !strangers[k];
    }
    if (!status)
        status = fitted_method_make(&t, h->r, h->library, others, training, &h->inner_groups, h->w, error);
    if (!status)
        status = specimen_lr_evaluate(&s->v, &t.classifier, &t.cross_fit, t.has_evidence ? &t.specimen_lr : NULL,
                                      others, strangers, h->w, error);
    if (!status && t.has_evidence)
        specimen_lr_rejectable(&t.specimen_lr, others->n_origins, h->epsilon, s->rejectable);
    s->has_evidence = t.has_evidence;
    fitted_method_clear(&t);
    free(training);
    free(strangers);
    return status;
}

adamas_status validation_leave_origin(validation *h, size_t origin, adamas_error *error)
{
    open_set_run *s = &h->strangers[origin];
    dataset others;
    adamas_status status = dataset_without(&others, h->c, origin, error);
    if (status)
        return status;
    s->rejectable = memory_new(others.n_origins, sizeof *s->rejectable);
    status = s->rejectable ? specimen_results_make(&s->v, others.n_specimens, others.n_origins, error)
                           : status_no_memory(error);
    adamas_error found = {0};
    adamas_status judged = status ? ADAMAS_OK : judge_strangers(s, h, &others, origin, &found);
    dataset_without_clear(&others);
    if (judged == ADAMAS_OK || judged == ADAMAS_E_DATA)
        return status;
    if (error)
        *error = found;
    return judged;
}

enum { n_counts = 6, counted_n = 0, counted_none, counted_1, counted_10, counted_100, counted_gated };
static const char *const counts_names[n_counts] = {"open_n",        "open_none",      "open_above_1",
                                                   "open_above_10", "open_above_100", "open_gated"};

/* Every LR quoted is of a wrong origin: the largest counts. */
static void count_one(double *counts, const open_set_run *s, const answering *a, size_t specimen)
{
    size_t n = s->v.n_origins, rejectable = 0;
    double largest = -INFINITY;
    for (size_t o = 0; o < n; o++) {
        rejectable += a->rejectable[o];
        if (result_quotes(a, s->v.typicality + specimen * n, o))
            largest = fmax(largest, s->v.log_lr[specimen * n + o]);
    }
    int quoted = largest > -INFINITY;
    counts[counted_n]++;
    counts[counted_none] += !quoted && rejectable == n;
    counts[counted_gated] += !quoted;
    counts[counted_1] += largest > 0;
    counts[counted_10] += largest > log(10);
    counts[counted_100] += largest > log(100);
}

static void count_strangers(double *counts, const validation *h, size_t origin)
{
    const open_set_run *s = &h->strangers[origin];
    const answering a = {h->epsilon, s->rejectable};
    for (size_t i = 0; i < n_counts; i++)
        counts[i] = s->has_evidence ? 0 : NAN;
    for (size_t k = 0; s->has_evidence && k < h->c->n_specimens; k++)
        if (h->c->origin[k] == origin && s->v.shots[k])
            count_one(counts, s, &a, k);
}

/* Where more than one in twenty of an origin's specimens get a large LR for a wrong origin, the worst is named. */
static adamas_status warn_of_strangers(result *out, const validation *h, const double *columns, adamas_error *error)
{
    size_t n = h->c->n_origins, worst = n;
    double share = 0.05;
    for (size_t o = 0; o < n; o++)
        if (columns[counted_10 * n + o] / columns[counted_n * n + o] > share) {
            share = columns[counted_10 * n + o] / columns[counted_n * n + o];
            worst = o;
        }
    if (worst == n)
        return ADAMAS_OK;
    text said = {0};
    text_append(
        &said,
        "likelihood ratios weigh the origins of the library against one another alone: of %s's specimens, were it not "
        "in the library, %.0f of %.0f would get one above 10 for a wrong origin",
        h->c->origins[worst], columns[counted_10 * n + worst], columns[counted_n * n + worst]);
    adamas_status status =
        said.failed ? status_no_memory(error) : facts_set(&out->facts, "warning/strangers", said.at, error);
    text_clear(&said);
    return status;
}

adamas_status validation_open_set(result *out, const validation *h, adamas_error *error)
{
    size_t n = h->c->n_origins;
    double *columns = memory_raw(n_counts, n * sizeof *columns);
    adamas_status status = columns ? ADAMAS_OK : status_no_memory(error);
    for (size_t o = 0; !status && o < n; o++) {
        double counts[n_counts];
        count_strangers(counts, h, o);
        for (size_t i = 0; i < n_counts; i++)
            columns[i * n + o] = counts[i];
    }
    for (size_t i = 0; !status && i < n_counts; i++)
        status = validation_column(out, h, counts_names[i], NULL, columns + i * n, error);
    if (!status)
        status = warn_of_strangers(out, h, columns, error);
    free(columns);
    return status;
}
