/* The covariance of specimens within an origin and of shots within a specimen, both pooled over origins, on axes on
 * which both are diagonal. twolevel.c describes the estimates. */
#ifndef MATCH_SPREAD_H
#define MATCH_SPREAD_H

#include "match/match.h"

typedef struct spread {
    size_t p;
    double freedom;   /* f = specimens - origins */
    double shrinkage; /* lambda of the covariance of specimens' means, 0 ... 1 */
    int has_within;   /* can the shots' W be estimated? If not, the specimens' covariance T replaces it, and B = T */
    double log_determinant; /* ln |det L|, W = LL': subtracted from a log density on the axes */
    double *basis;          /* [p, p]: rows are the axes on which W is the identity and B is diagonal */
    double *between;        /* [p]: B on those axes */
} spread;

/* Allocates for p components. On failure nothing is allocated. */
adamas_status spread_reserve(spread *s, size_t p, adamas_error *error);
void spread_clear(spread *s);

/* The axes of two covariances, L^-1 T L^-T = Q diag(between) Q', basis = Q'L^-1. T and W are destroyed. ADAMAS_E_DATA
 * if W is not positive definite. */
adamas_status spread_diagonalise(spread *s, double *t, double *w, adamas_error *error);

/* Estimates from the first p components. mean and specimens are those of match_origin_means. ADAMAS_E_DATA if no origin
 * has two specimens, or their means do not differ. */
adamas_status spread_fit(spread *s, const match_data *data, const double *mean, const double *specimens,
                         adamas_error *error);

/* from[p], a score, to its coordinates to[p] on the axes. */
void spread_project(const spread *s, const double *from, double *to);

#endif
