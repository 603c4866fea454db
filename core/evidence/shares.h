/* Shares (mixing proportions) of a finite mixture whose component densities are known. Log likelihoods are natural and
 * stand component by component: [n_components, n]. */
#ifndef EVIDENCE_SHARES_H
#define EVIDENCE_SHARES_H

#include "base/random.h"
#include "base/work.h"

/* Unnormalised posterior probabilities of the components (the responsibilities of the EM algorithm):
 * responsibility[n_components, n] is exp(beta log_likelihood + log_weight - log_scale[i]), total[n] its sum over the
 * components, log_scale[n] the greatest exponent. So item i has the log density ln total[i] + log_scale[i].
 * log_weight[n_components] may be -INFINITY. */
void shares_responsibilities(size_t n, size_t n_components, double beta, const double *log_likelihood,
                             const double *log_weight, double *responsibility, double *total, double *log_scale);

/* One Gibbs step of the labels: item i is of a component with probability responsibility / total; one uniform number
 * each. label[n]; count[n_components]. */
void shares_draw_labels(size_t n, size_t n_components, const double *responsibility, const double *total,
                        random_stream *r, size_t *label, size_t *count);

/* One Gibbs step of the shares: share[n_shares] from Dirichlet(alpha + count), by logs of gamma numbers, so that small
 * alphas do not underflow together. A share whose alpha is 0 is 0, whatever its count. */
void shares_draw(size_t n_shares, const double *alpha, const size_t *count, random_stream *r, double *share);

/* count[n_shares] of n items: a multinomial number (binomials by Devroye 1986, chapter X.4.2). */
void shares_draw_counts(size_t n, size_t n_shares, const double *share, random_stream *r, size_t *count);

/* Maximum-likelihood shares by the EM algorithm from equal shares, until none changes by 1e-12 (at most 100,000
 * iterations). weight[n]: how many items each item stands for (NULL: one); every item has a finite likelihood in some
 * component. With posterior probabilities divided by their training priors as likelihoods this is the method of
 * Saerens, Latinne and Decaestecker (2002). ADAMAS_E_CANCELLED, ADAMAS_E_MEMORY. */
adamas_status shares_maximise(size_t n, size_t n_components, const double *log_likelihood, const double *weight,
                              double *share, work *w, adamas_error *error);

#endif
