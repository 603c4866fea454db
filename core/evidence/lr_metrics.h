/* Performance of likelihood ratios of cases with known truth: ss are same-source cases (the first proposition is true),
 * ds different-source cases. Log LRs are natural and may be infinite. */
#ifndef EVIDENCE_LR_METRICS_H
#define EVIDENCE_LR_METRICS_H

#include "base/status.h"

typedef struct lr_metrics {
    size_t n_ss;
    size_t n_ds;
    double cllr;     /* log-LR cost in bits: 0 is perfect, 1 is that of LR = 1 in every case */
    double cllr_min; /* of the LRs after pool adjacent violators (PAV): discrimination loss */
    double cllr_cal; /* cllr - cllr_min: calibration loss */
    double eer;      /* equal error rate, on the convex hull of the ROC (the thresholds between the pools) */
    double devpav;   /* deviation from calibration in log10 units; NaN or infinite in the cases below */
} lr_metrics;

/* Cllr = 1/2 [mean over ss of log2(1 + 1/LR) + mean over ds of log2(1 + LR)] (Bruemmer and du Preez 2006); infinite if
 * a case has an infinite LR on the wrong side.
 * devPAV (Vergeer, van Schaik and Sjerps 2021) is the area between the PAV transform, drawn as straight lines through
 * the points (log10 LR, log10 LR after PAV), and the identity, from the first to the last point whose LR after PAV is
 * finite, over the width in log10 LR of that range. If there is one such point only, devPAV is its distance from the
 * identity; if none (the cases are separated), NaN; if one has an LR of 0 or infinity, infinity.
 * ADAMAS_E_DATA: there is no case of one kind, or an LR is NaN. */
adamas_status lr_metrics_find(lr_metrics *out, size_t n_ss, const double *log_lr_ss, size_t n_ds,
                              const double *log_lr_ds, adamas_error *error);

/* Tippett plot: the share of the n log LRs above each threshold. */
void lr_tippett(double *share, size_t n_thresholds, const double *log10_threshold, size_t n, const double *log_lr);

/* Empirical cross-entropy in bits (Ramos and Gonzalez-Rodriguez 2013) at prior log10 odds: of the LRs as they are,
 * after PAV, and of LR = 1 in every case. At odds 1 they are cllr, cllr_min and 1. Errors as above. */
adamas_status lr_ece(double *as_is, double *after_pav, double *neutral, size_t n_odds, const double *log10_odds,
                     size_t n_ss, const double *log_lr_ss, size_t n_ds, const double *log_lr_ds, adamas_error *error);

/* Reliability of n probabilities of statements that are true (1) or not (0), in n_bins bins of equal width over 0 to 1:
 * the mean probability, the share that is true (both NaN in an empty bin), and the count. NaN is left out. */
void lr_reliability(double *mean, double *share, size_t *count, size_t n_bins, size_t n, const double *probability,
                    const unsigned char *is_true);

#endif
