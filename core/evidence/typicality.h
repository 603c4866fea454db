/* Typicality: whether a specimen is like those of an origin, by cross-conformal p-values (Vovk 2015). No distribution
 * is assumed, only that the specimen is exchangeable with those of the origin. */
#ifndef EVIDENCE_TYPICALITY_H
#define EVIDENCE_TYPICALITY_H

#include "base/status.h"

#include <stddef.h>

/* p of one origin for a new specimen. held_out[n] is the nonconformity of each specimen of the library to its own
 * origin, under the model that was fitted without its fold; origin[n] and fold[n] say where each belongs; own[fold] is
 * the nonconformity of the new specimen to `wanted` under the model without that fold.
 *   p = (1 + number of i of the origin with held_out[i] >= own[fold[i]]) / (n_origin + 1)
 * A value that is NaN counts as at least as great, so it does not reject. */
double typicality_p(size_t n, const double *held_out, const size_t *origin, const size_t *fold, size_t wanted,
                    const double *own);

/* How the sessions of a library differ in nonconformity: a session's shift is common to all its specimens, so that it
 * is no property of a specimen. On the log scale it is taken as normal. */
typedef struct session_effect {
    size_t n_sessions;
    double *offset; /* [n_sessions]: mean ln nonconformity of its held-out specimens to their own origins, less the mean
                       of all sessions */
    double sd; /* of the shift of a new session, about the mean of those: with the factor sqrt(1 + 1/S). The variance
                  of the sessions' means, less what specimens contribute to it, and not below 0 */
    size_t freedom; /* S - 1, for S sessions with specimens */
} session_effect;

/* From held_out[n], the nonconformity of specimens to their own origins under models that know neither the specimen nor
 * its session: session[n] below n_sessions. Two sessions at least must have specimens. */
adamas_status session_effect_fit(session_effect *out, size_t n, const double *held_out, const size_t *session,
                                 size_t n_sessions, adamas_error *error);
void session_effect_clear(session_effect *e);

/* As typicality_p, for a specimen of a session that is not in the library and differs from its sessions as these do
 * from each other: an i counts with the probability that held_out[i], freed of its session's offset and given a new
 * session's shift d, which is Student's t times sd, is at least own[fold[i]]: p = (1 + sum of P(d >= ln own[fold[i]] -
 * ln held_out[i] + offset[session[i]])) / (n_origin + 1) */
double typicality_p_new_session(size_t n, const double *held_out, const size_t *origin, const size_t *fold,
                                const size_t *session, size_t wanted, const double *own, const session_effect *e);

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
