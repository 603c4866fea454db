/* Shares of a mixture whose components are known. Likelihoods are natural logs, column by column: [n_columns, n]. */
#ifndef EVIDENCE_SHARES_H
#define EVIDENCE_SHARES_H

#include "base/random.h"
#include "base/work.h"

/* relative[n_columns, n]: share of a column times (its likelihood)^power, over e^greatest[i]; total[n]: their sums over
 * the columns. log_share[n_columns] may be -INFINITY. */
void shares_weigh(size_t n, size_t n_columns, double power, const double *log_likelihood, const double *log_share,
                  double *relative, double *total, double *greatest);

/* One Gibbs step of the labels: each item i is of a column with probability relative / total, one uniform number each.
 * label[n]; count[n_columns]. */
void shares_draw_labels(size_t n, size_t n_columns, const double *relative, const double *total, random_stream *r,
                        size_t *label, size_t *count);

/* One Gibbs step of the shares: share[n_shares] from Dirichlet(alpha + count), by gamma numbers in logs, so that small
 * alphas do not underflow together. An alpha of 0 leaves a share out: it is 0, whatever its count. */
void shares_draw(size_t n_shares, const double *alpha, const size_t *count, random_stream *r, double *share);

/* count[n_shares] of n items: a multinomial number (binomials by Devroye 1986, chapter X.4.2). */
void shares_draw_counts(size_t n, size_t n_shares, const double *share, random_stream *r, size_t *count);

/* Maximum-likelihood shares by expectation and maximisation from equal shares on, until none moves by 1e-12 (at most
 * 100,000 rounds). weight[n]: how often an item stands (NULL: once); every item has a finite likelihood in
 * some column. Of posterior probabilities over their training priors this is the method of Saerens, Latinne and
 * Decaestecker (2002). */
adamas_status shares_maximise(size_t n, size_t n_columns, const double *log_likelihood, const double *weight,
                              double *share, work *w, adamas_error *error);

#endif
