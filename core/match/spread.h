/* The spread of specimens within an origin and of shots within a specimen, both pooled over origins, on axes on which
 * both are uncorrelated. How they are estimated is said in twolevel.c. */
#ifndef MATCH_SPREAD_H
#define MATCH_SPREAD_H

#include "match/match.h"

typedef struct spread {
    size_t p;
    double freedom;         /* f = specimens - origins */
    double shrinkage;       /* lambda of the covariance of specimens' means, 0 ... 1 */
    int has_within;         /* is the shots' W told apart? Else the specimens' covariance T stands for it, and B = T */
    double log_determinant; /* ln |det L|, W = LL': what a log density loses by going onto the axes */
    double *basis;          /* [p, p]: rows are the axes on which W is the identity and B is diagonal */
    double *between;        /* [p]: B on those axes */
} spread;

/* Room for p components. On failure nothing is held. */
adamas_status spread_reserve(spread *s, size_t p, adamas_error *error);
void spread_clear(spread *s);

/* The axes of two covariances, L^-1 T L^-T = Q diag(between) Q', basis = Q'L^-1. T and W are destroyed.
 * ADAMAS_E_DATA where W is not positive definite. */
adamas_status spread_diagonalise(spread *s, double *t, double *w, adamas_error *error);

/* Estimates from the first p components. mean and specimens are those of match_origin_means. ADAMAS_E_DATA where there
 * is no more than one specimen an origin, or no spread. */
adamas_status spread_fit(spread *s, const match_data *data, const double *mean, const double *specimens,
                         adamas_error *error);

/* A score onto the axes. */
void spread_project(const spread *s, const double *from, double *to);

#endif
