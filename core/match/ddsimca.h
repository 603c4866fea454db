/* A class model by data-driven SIMCA (Pomerantsev & Rodionova 2014, Journal of Chemometrics 28, 332 and 429): principal
 * components of one class's rows; h = sum_a t_a^2 / lambda_a, the score distance, and q, the orthogonal distance (the
 * squared residual). Each is modelled as u0/N times a chi-square variable of N degrees of freedom, with u0 and N
 * estimated from the training rows, so that the full distance f = N_h h/h0 + N_q q/q0 is a chi-square variable of
 * N_h + N_q degrees of freedom.
 *
 * Classic estimates: u0 is the mean, N = 2 (u0/sd)^2. Robust ones: N by the authors' interpolation from the ratio of
 * the interquartile range to the median, u0 the mean of the values that match the median and the range. N is rounded
 * and limited to 1 ... 250.
 *
 * If the rows are scores on principal components of spectra, q is the residual among those components only: the
 * residual of the spectrum itself is not in it. */
#ifndef MATCH_DDSIMCA_H
#define MATCH_DDSIMCA_H

#include "base/status.h"

enum { DDSIMCA_MIN_ROWS = 3 }; /* with two training rows all distances are equal */

typedef struct class_model {
    size_t n, p;       /* training rows, columns */
    size_t components; /* the requested number, or fewer if the rank is lower */
    double *centre;    /* [p] */
    double *loading;   /* [components, p]: unit rows */
    double *variance;  /* [components]: lambda, divisor n - 1 */
    double h0, n_h;    /* scale and degrees of freedom of h */
    double q0, n_q;    /* and of q; n_q = 0 if components = p, so that there is no residual */
} class_model;

/* Fits to rows[n, p], n >= DDSIMCA_MIN_ROWS; components >= 1. If the requested components reach a rank that is less
 * than p, or the rank n - 1, one fewer than the rank is used: otherwise all orthogonal, or all score distances would be
 * equal. ADAMAS_E_DATA if there are too few rows, or they are all the same, or lie on one line in more than one
 * dimension. On failure nothing is allocated. */
adamas_status ddsimca_fit(class_model *out, size_t n, size_t p, const double *rows, size_t components, int robust,
                          adamas_error *error);
void ddsimca_clear(class_model *m);

/* Score and orthogonal distance of row[p]. scratch: p doubles. */
void ddsimca_distances(const class_model *m, const double *row, double *h, double *q, double *scratch);

double ddsimca_full_distance(const class_model *m, double h, double q);

/* A row is accepted if f is below the limit for the significance level alpha, and an outlier among the n training rows
 * if f is above the limit for the significance level gamma of all of them together. */
double ddsimca_limit(const class_model *m, double alpha);
double ddsimca_outlier_limit(const class_model *m, double gamma);

#endif
