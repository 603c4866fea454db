/* Multivariate Student's t on axes on which the covariance is diagonal, as the predictive density of a normal model
 * whose covariance was estimated. */
#ifndef MATCH_STUDENT_H
#define MATCH_STUDENT_H

#include <stddef.h>

typedef struct student {
    double freedom;  /* nu */
    double scale;    /* of the variances: the squared scale of t on an axis is scale * variance */
    double log_norm; /* of the density, without the terms of the variances */
} student;

/* nu of the predictive density of p components, whose covariance has f degrees of freedom and is shrunk by lambda:
 * max(f - (1 - lambda) p + 1, 1). An unshrunk covariance has f - p + 1; a diagonal one f + 1 on each component alone.
 */
double student_freedom(double f, double lambda, size_t p);

/* log_determinant: ln |det L|, L of the axes (spread.h). */
student student_make(double freedom, double scale, size_t p, double log_determinant);

/* Natural log density at the squared distance sum_a u_a^2 / (scale variance_a) from the centre. peak: log_norm less
 * half the log of each scale * variance_a. */
double student_log_density(const student *t, size_t p, double peak, double distance);

#endif
