/* What a library says of the specimens of a parcel from localities that it does not hold, measured in a session of its
 * own: a hierarchical model with random effects of localities and sessions. With features x[d] of a specimen, T the
 * likelihood power and B the pooled covariance of specimens within a locality:
 *   origin k          f_k(x | l_k) = sum_m pi_km N(x; mu_km + l_k, C_km / T)
 *   its shift         l_k ~ N(0, v_k B), v_k = rho (1 + 1/L_k) + sigma (1 + 1/S)
 *   none of these     N(x; mu_0, B / T), mu_0 ~ N(grand mean, (tau + rho + sigma) B)
 * L_k localities of origin k, S sessions of the library, (rho, sigma) on a grid (variance_ratio.h). All is kept in
 * whitened coordinates, W^-1 x with B = W W^T, in which B is 1. */
#ifndef EVIDENCE_PARCEL_MODEL_H
#define EVIDENCE_PARCEL_MODEL_H

#include "base/status.h"
#include "evidence/likelihood_power.h"
#include "evidence/variance_ratio.h"

#define PARCEL_UNKNOWN ((size_t)-1) /* a locality or a session that is not known */

/* The library's specimens; the arrays are the caller's. The features of a specimen are those that it has while its
 * locality is held out. */
typedef struct parcel_library {
    size_t n, d;            /* d = 1 ... 20 */
    size_t n_origins;       /* at least 1 */
    const double *rows;     /* [n, d], finite */
    const size_t *origin;   /* [n] */
    const size_t *locality; /* [n], any numbers (the same in two origins is two localities), or PARCEL_UNKNOWN; NULL:
                               none is known. All specimens of an origin whose locality is unknown count as one. */
    const size_t *session;  /* [n], any numbers; NULL: none is known. One PARCEL_UNKNOWN makes all unknown. */
} parcel_library;

typedef struct parcel_model {
    size_t d, n_origins;
    size_t n_sessions;    /* S; 0 if not known */
    size_t *n_specimens;  /* [n_origins]; 0 for an origin none of whose specimens is used: it has no components */
    size_t *n_localities; /* [n_origins]: L_k */
    variance_ratio ratio;
    double tau;              /* at least 1 */
    double likelihood_power; /* T */
    double *whiten;          /* [d, d]: W, lower */
    double *grand_mean;      /* [d], whitened: the mean of the origins' means */
    /* As likelihood_power_fit gives them; NaN if T was given or there is nothing to distinguish. */
    double likelihood_power_scores[likelihood_power_steps];
    /* Components of the mixtures: those of origin k are first[k] ... first[k+1]-1; the last, n_components-1 and
     * first[n_origins], is that of none of the origins, with mean = grand_mean. */
    size_t n_components;
    size_t *first;            /* [n_origins + 2] */
    double *log_weight;       /* [n_components]: ln pi_km; 0 for none */
    double *log_norm;         /* [n_components]: ln of the density of x at the mean */
    double *mean;             /* [n_components, d], whitened */
    double *inverse_cholesky; /* [n_components, d, d]: R, the inverse of the lower Cholesky factor of the whitened
                                 covariance over T, so that ln N = log_norm - |R (W^-1 x - mean)|^2 / 2 */
    double *precision;        /* [n_components, d, d]: R^T R */
} parcel_model;

/* Fits to the specimens with use[i] != 0 (NULL: all). Deterministic to the byte. T is `likelihood_power`, in (0, 1]; if
 * that is 0, it is chosen by likelihood_power_fit (B stays that of all specimens). ADAMAS_E_ARGUMENT: a size or
 * likelihood_power is out of range; ADAMAS_E_DATA: B is not positive definite, or a row is not finite. *out is to be
 * freed. */
adamas_status parcel_model_fit(parcel_model *out, const parcel_library *library, const unsigned char *use,
                               double likelihood_power, adamas_error *error);

void parcel_model_free(parcel_model *m);

#endif
