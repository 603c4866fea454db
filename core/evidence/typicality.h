/* Typicality: whether a specimen is like those of an origin, by cross-conformal p-values (Vovk 2015). No distribution
 * is assumed, only that the specimen is exchangeable with those of the origin. */
#ifndef EVIDENCE_TYPICALITY_H
#define EVIDENCE_TYPICALITY_H

#include <stddef.h>

/* p of one origin for a new specimen. held_out[n] is the nonconformity of each specimen of the library to its own
 * origin, under the model that was fitted without its fold; origin[n] and fold[n] say where each belongs; own[fold] is
 * the nonconformity of the new specimen to `wanted` under the model without that fold.
 *   p = (1 + number of i of the origin with held_out[i] >= own[fold[i]]) / (n_origin + 1)
 * A value that is NaN counts as at least as great, so it does not reject. */
double typicality_p(size_t n, const double *held_out, const size_t *origin, const size_t *fold, size_t wanted,
                    const double *own);

/* An upper bound of P(p <= eps) for a specimen exchangeable with the n of an origin, in folds of equal size n/F:
 *   2 eps + min( 2 (1 - eps) (1 - 1/F) / (n/F + 1), (1 - F/n) / (F + 1) )
 * (the first by Vovk, Nouretdinov, Manokhin and Gammerman 2018, the second by Barber, Candes, Ramdas and Tibshirani
 * 2021, "Predictive inference with the jackknife+", Theorem 4). For leave-one-out, F = n, it is 2 eps. In practice P is
 * near eps. It holds on average over libraries, and for models that treat specimens of the origin alike. */
double typicality_bound(double eps, size_t n, size_t folds);

/* The smallest number of specimens of an origin with which it can be rejected at eps: 1/(n + 1) <= eps, so n =
 * ceil(1/eps) - 1. */
size_t typicality_min_specimens(double eps);

#endif
