/* Baselines by penalised least squares (Eilers 2003): z minimises sum w (y - z)^2 + lam sum (second difference of z)^2,
 * and the weights w are computed from y - z, iteratively. Steps differ in the rule for the weights.
 *
 * Eight rows are solved at once, each in two lanes, from both its ends; a row that has converged is replaced by the
 * next. */
#ifndef PREPROCESS_PENALISED_H
#define PREPROCESS_PENALISED_H

#include "preprocess/penalised_kernel.h"
#include "preprocess/penalised_weights_kernel.h"
#include "preprocess/step.h"

/* Sums over a row after an iteration. */
typedef struct penalised_fit {
    size_t iteration;  /* 1, 2, ... */
    double n_negative; /* channels whose residual y - z is negative, and sums over these residuals */
    double sum_negative;
    double squares_negative;
    double sum_of_magnitudes; /* of |y| */
} penalised_fit;

typedef struct penalised penalised;

typedef struct penalised_rule {
    /* Computes the parameters a and b of the next weights. Returns 1 if the row has converged. */
    int (*has_converged)(const penalised *p, const penalised_fit *fit, double *a, double *b);

    /* Computes w from y and z, and the sums of squares of the change. */
    void (*reweight)(const penalised_weights *weights, penalised_change *change);

    int stops_by_change; /* a row has converged if |w' - w| / |w| < tol */
} penalised_rule;

struct penalised {
    const penalised_rule *rule;
    double lam;
    double max_iter;
    double tol;
    double p;       /* asls only */
    size_t longest; /* channels of the longest segment */
};

/* The create function of the steps: *state becomes a copy of p, for rows on this axis. */
adamas_status penalised_make(void **state, penalised p, const axis *in, adamas_error *error);
size_t penalised_scratch(const void *state);

/* Subtracts the baseline from n rows. Segments of one or two channels have no second difference and are not changed. */
void penalised_apply(const void *state, const axis *in, size_t n, float *rows, size_t stride, float *scratch);

#endif
