/* Cllr, equal error rate, devPAV, Tippett plots, empirical cross-entropy and reliability. */
#include "evidence/lr_metrics.h"

#include "evidence/pav.h"

#include <math.h>

static const double ln2 = 0.6931471805599453, ln10 = 2.302585092994046;

/* ln(1 + e^x), without overflow. */
static double softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/* Mean of the cost in bits of log LRs times prior odds; sign -1 for same-source cases, 1 for the others. */
static double mean_cost(size_t n, const double *log_lr, double sign, double log_odds)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += softplus(sign * (log_lr[i] + log_odds));
    return sum / (double)n / ln2;
}

static double cllr(size_t n_ss, const double *log_lr_ss, size_t n_ds, const double *log_lr_ds)
{
    return (mean_cost(n_ss, log_lr_ss, -1, 0) + mean_cost(n_ds, log_lr_ds, 1, 0)) / 2;
}

/* mean_cost of LRs after PAV. Counts of 0 are skipped: their cost may be infinite. */
static double pooled_cost(const pav *p, const double *count, double total, double sign, double log_odds)
{
    double sum = 0;
    for (size_t i = 0; i < p->n; i++)
        if (count[i] > 0)
            sum += count[i] * softplus(sign * (p->log_lr[i] + log_odds));
    return sum / total / ln2;
}

/* The convex hull of the ROC has a straight segment for each pool, from (no miss, all false alarms), a threshold below
 * all scores, to (all missed, no false alarm). The rate is where the hull crosses miss = false alarm. */
static double equal_error_rate(const pav *p, double n_ss, double n_ds)
{
    double miss = 0, alarm = 1;
    for (size_t i = 0; i < p->n;) {
        double ss = 0, ds = 0, pool = p->log_lr[i];
        for (; i < p->n && p->log_lr[i] == pool; i++) {
            ss += p->n_ss[i];
            ds += p->n_ds[i];
        }
        double more_missed = ss / n_ss, fewer_alarms = ds / n_ds;
        double fraction = (alarm - miss) / (more_missed + fewer_alarms);
        if (fraction <= 1)
            return miss + fraction * more_missed;
        miss += more_missed;
        alarm -= fewer_alarms;
    }
    return miss; /* only if rounding hid the crossing in the last pool */
}

/* Area between the identity and the line from deviation d0 to deviation d1 over this width. */
static double area(double width, double d0, double d1)
{
    if (d0 * d1 >= 0)
        return width * fabs(d0 + d1) / 2;
    return width * (d0 * d0 + d1 * d1) / (fabs(d0) + fabs(d1)) / 2;
}

static double deviation(const pav *p)
{
    size_t first = 0, end = p->n;
    while (first < end && isinf(p->log_lr[first]))
        first++;
    while (end > first && isinf(p->log_lr[end - 1]))
        end--;
    if (first == end)
        return NAN;
    if (isinf(p->score[first]) || isinf(p->score[end - 1]))
        return INFINITY;
    double sum = 0, width = p->score[end - 1] - p->score[first];
    for (size_t i = first + 1; i < end; i++)
        sum += area(p->score[i] - p->score[i - 1], p->log_lr[i - 1] - p->score[i - 1], p->log_lr[i] - p->score[i]);
    return (width > 0 ? sum / width : fabs(p->log_lr[first] - p->score[first])) / ln10;
}

adamas_status lr_metrics_find(lr_metrics *out, size_t n_ss, const double *log_lr_ss, size_t n_ds,
                              const double *log_lr_ds, adamas_error *error)
{
    *out = (lr_metrics){.n_ss = n_ss, .n_ds = n_ds};
    pav p;
    adamas_status status = pav_find(&p, n_ss, log_lr_ss, n_ds, log_lr_ds, error);
    if (status)
        return status;
    double ss = (double)n_ss, ds = (double)n_ds;
    out->cllr = cllr(n_ss, log_lr_ss, n_ds, log_lr_ds);
    out->cllr_min = (pooled_cost(&p, p.n_ss, ss, -1, 0) + pooled_cost(&p, p.n_ds, ds, 1, 0)) / 2;
    out->cllr_cal = out->cllr - out->cllr_min;
    out->eer = equal_error_rate(&p, ss, ds);
    out->devpav = deviation(&p);
    pav_free(&p);
    return ADAMAS_OK;
}

void lr_tippett(double *share, size_t n_thresholds, const double *log10_threshold, size_t n, const double *log_lr)
{
    for (size_t t = 0; t < n_thresholds; t++) {
        size_t above = 0;
        for (size_t i = 0; i < n; i++)
            above += log_lr[i] / ln10 > log10_threshold[t];
        share[t] = (double)above / (double)n;
    }
}

adamas_status lr_ece(double *as_is, double *after_pav, double *neutral, size_t n_odds, const double *log10_odds,
                     size_t n_ss, const double *log_lr_ss, size_t n_ds, const double *log_lr_ds, adamas_error *error)
{
    pav p;
    adamas_status status = pav_find(&p, n_ss, log_lr_ss, n_ds, log_lr_ds, error);
    if (status)
        return status;
    for (size_t k = 0; k < n_odds; k++) {
        double log_odds = log10_odds[k] * ln10;
        double prior = exp(-softplus(-log_odds)), rest = exp(-softplus(log_odds));
        as_is[k] = prior * mean_cost(n_ss, log_lr_ss, -1, log_odds) + rest * mean_cost(n_ds, log_lr_ds, 1, log_odds);
        after_pav[k] = prior * pooled_cost(&p, p.n_ss, (double)n_ss, -1, log_odds) +
                       rest * pooled_cost(&p, p.n_ds, (double)n_ds, 1, log_odds);
        neutral[k] = (prior * softplus(-log_odds) + rest * softplus(log_odds)) / ln2;
    }
    pav_free(&p);
    return ADAMAS_OK;
}

static size_t bin_of(double probability, size_t n_bins)
{
    double bin = floor(probability * (double)n_bins);
    return bin >= (double)n_bins ? n_bins - 1 : (size_t)fmax(bin, 0);
}

void lr_reliability(double *mean, double *share, size_t *count, size_t n_bins, size_t n, const double *probability,
                    const unsigned char *is_true)
{
    for (size_t b = 0; b < n_bins; b++) {
        mean[b] = share[b] = 0;
        count[b] = 0;
    }
    for (size_t i = 0; i < n; i++) {
        if (isnan(probability[i]))
            continue;
        size_t b = bin_of(probability[i], n_bins);
        mean[b] += probability[i];
        share[b] += is_true[i] != 0;
        count[b]++;
    }
    for (size_t b = 0; b < n_bins; b++) {
        mean[b] /= (double)count[b];
        share[b] /= (double)count[b];
    }
}
