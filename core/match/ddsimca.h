/* A class model by data driven SIMCA (Pomerantsev & Rodionova 2014, Journal of Chemometrics 28, 332 and 429): principal
 * components of one class's rows; h = sum_a t_a^2 / lambda_a, the score distance, and q, the squared residual. Each is
 * taken for u0/N times a chi-square of N degrees of freedom, u0 and N being found from the training rows, so that the
 * full distance f = N_h h/h0 + N_q q/q0 is a chi-square of N_h + N_q.
 *
 * Classic moments: u0 is the mean, N = 2 (u0/sd)^2. Robust ones: N from the ratio of the interquartile range to the
 * median by their interpolation, u0 the mean of what the two ask for. Both with N rounded and kept within 1 ... 250.
 *
 * q is the residual within the space of the rows. Where rows are scores in a plane of principal components, what the
 * spectrum itself has off that plane is not in q; a caller who knows that squared distance adds it to the q that
 * ddsimca_distances finds, for the training rows before ddsimca_moments and for a new row before
 * ddsimca_full_distance. */
#ifndef MATCH_DDSIMCA_H
#define MATCH_DDSIMCA_H

#include "base/status.h"

enum { DDSIMCA_MIN_ROWS = 3 }; /* rows that a class model needs: two make all distances equal */

typedef struct class_model {
    size_t n, p;       /* training rows, columns */
    size_t components; /* no more than asked for, and fewer where the rank is lower */
    double *centre;    /* [p] */
    double *loading;   /* [components, p]: unit rows */
    double *variance;  /* [components]: lambda, divisor n - 1 */
    double h0, n_h;    /* scale and degrees of freedom of h */
    double q0, n_q;    /* and of q; n_q = 0 where the components fill the space, so that there is no residual */
} class_model;

/* Components and moments from rows[n, p], n >= DDSIMCA_MIN_ROWS; components >= 1. Where those asked for would use up a
 * rank that is less than p, or n - 1, one fewer than the rank is taken, so that distances are left to judge by.
 * ADAMAS_E_DATA where rows are too few, all the same, or on one line of more columns. On failure nothing is held. */
adamas_status ddsimca_fit(class_model *out, size_t n, size_t p, const double *rows, size_t components, int robust,
                          adamas_error *error);
void ddsimca_clear(class_model *m);

/* scratch: p doubles. */
void ddsimca_distances(const class_model *m, const double *row, double *h, double *q, double *scratch);

double ddsimca_full_distance(const class_model *m, double h, double q);

/* A row is accepted where f is less than the limit for alpha, and an outlier of the training rows where it is more than
 * the limit for gamma. */
double ddsimca_limit(const class_model *m, double alpha);
double ddsimca_outlier_limit(const class_model *m, double gamma);

#endif
