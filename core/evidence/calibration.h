/* Calibrated likelihoods from log densities: multinomial logistic calibration (Bruemmer and van Leeuwen 2006, "On
 * calibration of language recognition scores"). Logs are natural. */
#ifndef EVIDENCE_CALIBRATION_H
#define EVIDENCE_CALIBRATION_H

#include "base/status.h"

/* Log likelihood of origin k = slope * its log density + offset[k]; slope >= 0, and the offsets sum to 0. */
typedef struct calibration {
    double slope;
    size_t n_origins;
    double *offset;
} calibration;

/* Normal priors centred at "LR = 1 whatever the densities". Without them a small library whose origins are separable
 * would have an infinite slope. */
typedef struct calibration_prior {
    double log_lr_sd; /* of the size of a calibrated log LR: that of the slope is log_lr_sd / s, where s is the root
                         mean square of the log density of the true origin less that of another */
    double offset_sd; /* of each offset */
} calibration_prior;

/* log_lr_sd = ln 100: if two origins are separable, n independent units give LRs of 3 n to 5 n; if they overlap, the
 * prior counts for a fifth of a unit. offset_sd = 1/2: the prior holds the offsets at 0 as 8 units would that are
 * equally like both of two origins. */
extern const calibration_prior calibration_weak;

/* Fits to held-out specimens: truth[n], log_density[n, n_origins], weight[n] within an origin (NULL: equal). Maximises
 *   n_units * sum_i w_i ln p_i(truth) - slope^2 / (2 slope_sd^2) - sum_k offset_k^2 / (2 offset_sd^2)
 * where p_i is of equal prior probabilities and the w_i of each origin sum to 1 / n_origins. n_units > 0 is the
 * number of independent units (localities): what the data count for. A standard deviation of INFINITY is no prior.
 * ADAMAS_E_DATA: an origin has no weight, a density is not finite, or there is no finite optimum. */
adamas_status calibration_fit(calibration *out, size_t n, size_t n_origins, const size_t *truth,
                              const double *log_density, const double *weight, double n_units,
                              const calibration_prior *prior, adamas_error *error);

/* log_likelihood[n_origins] of one specimen; may be log_density itself. */
void calibration_apply(const calibration *c, const double *log_density, double *log_likelihood);

/* The mean of -ln p(truth) at equal prior probabilities, each at most 20, so that a single gross misclassification does
 * not decide: over the specimens of an origin weighted by weight[n] (NULL: equal), then over the origins that have one.
 * scratch[n_origins]. */
double calibration_log_loss(const calibration *c, size_t n, const size_t *truth, const double *log_density,
                            const double *weight, double *scratch);

void calibration_free(calibration *c);

/* Log LR of one origin against all others, with the prior weights of the others (weight[n_origins], that of the origin
 * itself is not used; NULL: equal): ln L_k - ln (sum_{j != k} w_j L_j / sum_{j != k} w_j). NaN if the others have no
 * weight. */
double calibration_log_lr(size_t n_origins, const double *log_likelihood, const double *weight, size_t origin);

#endif
