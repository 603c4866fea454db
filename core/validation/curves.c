/* The curves of a validation: of the cases of all origins together. */
#include "validation/curves.h"

#include "base/memory.h"
#include "evidence/interval.h"
#include "evidence/lr_metrics.h"
#include "validation/lr_performance.h"

#include <math.h>
#include <stdlib.h>

/* Prior odds go from 0.001 to 1000. */
static const double max_log10_odds = 3;

/* From -widest to widest. */
static void spread_evenly(double *out, size_t n, double widest)
{
    for (size_t i = 0; i < n; i++)
        out[i] = widest * (2 * (double)i - (double)(n - 1)) / (double)(n - 1);
}

/* The next whole power of ten beyond all finite LRs. */
static double widest_of(const lr_cases *cases)
{
    double widest = 1;
    for (size_t i = 0; i < cases->n_ss + cases->n_ds; i++)
        if (isfinite(cases->log_lr[i]))
            widest = fmax(widest, ceil(fabs(cases->log_lr[i]) / M_LN10));
    return widest;
}

static void find_tippett(validation_curves *out, const lr_cases *cases)
{
    double *threshold = out->tippett.log10_lr;
    spread_evenly(threshold, TIPPETT_THRESHOLDS, widest_of(cases));
    lr_tippett(out->tippett.same, TIPPETT_THRESHOLDS, threshold, cases->n_ss, cases->log_lr);
    lr_tippett(out->tippett.different, TIPPETT_THRESHOLDS, threshold, cases->n_ds, cases->log_lr + cases->n_ss);
}

static adamas_status find_cross_entropy(validation_curves *out, const lr_cases *cases, adamas_error *error)
{
    double *odds = out->cross_entropy.log10_odds;
    spread_evenly(odds, CROSS_ENTROPY_PRIORS, max_log10_odds);
    return lr_ece(out->cross_entropy.as_is, out->cross_entropy.after_pav, out->cross_entropy.neutral,
                  CROSS_ENTROPY_PRIORS, odds, cases->n_ss, cases->log_lr, cases->n_ds, cases->log_lr + cases->n_ss,
                  error);
}

static adamas_status find_reliability(validation_curves *out, const lr_cases *cases, size_t n_origins,
                                      adamas_error *error)
{
    size_t n = cases->n_ss + cases->n_ds, count[RELIABILITY_BINS];
    double *observed = out->reliability.observed;
    double *probability = memory_raw(n, sizeof *probability);
    unsigned char *is_true = memory_raw(n, sizeof *is_true);
    adamas_status status = probability && is_true ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < n; i++) {
        probability[i] = 1 / (1 + (double)(n_origins - 1) * exp(-cases->log_lr[i]));
        is_true[i] = i < cases->n_ss;
    }
    if (!status)
        lr_reliability(out->reliability.predicted, observed, count, RELIABILITY_BINS, n, probability, is_true);
    for (size_t b = 0; !status && b < RELIABILITY_BINS; b++) {
        size_t hits = count[b] ? (size_t)lround(observed[b] * (double)count[b]) : 0;
        out->reliability.specimens[b] = (double)count[b];
        interval_clopper_pearson(hits, count[b], 0.95, &out->reliability.low[b], &out->reliability.high[b]);
    }
    free(probability);
    free(is_true);
    return status;
}

adamas_status validation_find_curves(validation *h, adamas_error *error)
{
    size_t n = h->c->n_origins;
    lr_cases cases;
    adamas_status status = lr_cases_collect(&cases, h, n, error);
    if (!status && cases.n_ss && cases.n_ds) {
        validation_curves *made = h->out->curves = memory_new(1, sizeof *made);
        status = made ? ADAMAS_OK : status_no_memory(error);
        if (!status) {
            find_tippett(made, &cases);
            status = find_cross_entropy(made, &cases, error);
        }
        if (!status)
            status = find_reliability(made, &cases, n, error);
    }
    free(cases.log_lr);
    return status;
}
