/* The curves of a validation: of the cases of all origins together. */
#include "base/memory.h"
#include "evidence/interval.h"
#include "evidence/lr_metrics.h"
#include "validation/validation.h"

#include <math.h>
#include <stdlib.h>

/* Thresholds from -widest to widest, and prior odds from 0.001 to 1000, all by log10. */
enum { n_thresholds = 201, n_odds = 61, n_bins = 10 };
static const double widest_odds = 3;

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

static adamas_status put_tippett(result *out, const lr_cases *cases, adamas_error *error)
{
    table *t = &out->tables[ADAMAS_TIPPETT];
    double threshold[n_thresholds], share[n_thresholds];
    spread_evenly(threshold, n_thresholds, widest_of(cases));
    adamas_status status = table_set_numbers(t, "log10_lr", n_thresholds, threshold, error);
    lr_tippett(share, n_thresholds, threshold, cases->n_ss, cases->log_lr);
    if (!status)
        status = table_set_numbers(t, "same", n_thresholds, share, error);
    lr_tippett(share, n_thresholds, threshold, cases->n_ds, cases->log_lr + cases->n_ss);
    return status ? status : table_set_numbers(t, "different", n_thresholds, share, error);
}

static adamas_status put_cross_entropy(result *out, const lr_cases *cases, adamas_error *error)
{
    table *t = &out->tables[ADAMAS_CROSS_ENTROPY];
    double odds[n_odds], as_is[n_odds], after_pav[n_odds], neutral[n_odds];
    spread_evenly(odds, n_odds, widest_odds);
    adamas_status status = lr_ece(as_is, after_pav, neutral, n_odds, odds, cases->n_ss, cases->log_lr, cases->n_ds,
                                  cases->log_lr + cases->n_ss, error);
    if (!status)
        status = table_set_numbers(t, "log10_odds", n_odds, odds, error);
    if (!status)
        status = table_set_numbers(t, "as_is", n_odds, as_is, error);
    if (!status)
        status = table_set_numbers(t, "after_pav", n_odds, after_pav, error);
    return status ? status : table_set_numbers(t, "neutral", n_odds, neutral, error);
}

typedef struct reliability {
    double predicted[n_bins], observed[n_bins], low[n_bins], high[n_bins], specimens[n_bins];
} reliability;

static adamas_status find_reliability(reliability *out, const lr_cases *cases, size_t n_origins, adamas_error *error)
{
    size_t n = cases->n_ss + cases->n_ds, count[n_bins];
    double *probability = memory_raw(n, sizeof *probability);
    unsigned char *is_true = memory_raw(n, sizeof *is_true);
    adamas_status status = probability && is_true ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < n; i++) {
        probability[i] = 1 / (1 + (double)(n_origins - 1) * exp(-cases->log_lr[i]));
        is_true[i] = i < cases->n_ss;
    }
    if (!status)
        lr_reliability(out->predicted, out->observed, count, n_bins, n, probability, is_true);
    for (size_t b = 0; !status && b < n_bins; b++) {
        size_t hits = count[b] ? (size_t)lround(out->observed[b] * (double)count[b]) : 0;
        out->specimens[b] = (double)count[b];
        interval_clopper_pearson(hits, count[b], 0.95, &out->low[b], &out->high[b]);
    }
    free(probability);
    free(is_true);
    return status;
}

static adamas_status put_reliability(result *out, const lr_cases *cases, size_t n_origins, adamas_error *error)
{
    reliability r;
    adamas_status status = find_reliability(&r, cases, n_origins, error);
    const struct {
        const char *name;
        const double *values;
    } columns[] = {{"predicted", r.predicted},
                   {"observed", r.observed},
                   {"low", r.low},
                   {"high", r.high},
                   {"specimens", r.specimens}};
    for (size_t i = 0; !status && i < sizeof columns / sizeof *columns; i++)
        status = table_set_numbers(&out->tables[ADAMAS_RELIABILITY], columns[i].name, n_bins, columns[i].values, error);
    return status;
}

adamas_status validation_curves(result *out, const validation *h, adamas_error *error)
{
    lr_cases cases;
    adamas_status status = validation_cases(&cases, h, h->c->n_origins, error);
    int any = !status && cases.n_ss && cases.n_ds;
    if (!status && any)
        status = put_tippett(out, &cases, error);
    if (!status && any)
        status = put_cross_entropy(out, &cases, error);
    if (!status && any)
        status = put_reliability(out, &cases, h->c->n_origins, error);
    free(cases.log_lr);
    return status;
}
