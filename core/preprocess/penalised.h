/* Baselines by penalised least squares (Eilers 2003): z minimises sum w (y - z)^2 + lam sum (second difference of z)^2,
 * and the weights w follow from y - z, over and over. What steps differ in is the rule for the weights.
 *
 * Eight rows are solved at once, each in two lanes, from both its ends; a row that has come to rest makes room for the
 * next. */
#ifndef PREPROCESS_PENALISED_H
#define PREPROCESS_PENALISED_H

#include "preprocess/penalised_kernel.h"
#include "preprocess/step.h"

/* Of a row after a solve. */
typedef struct penalised_fit {
    size_t iteration; /* 1, 2, ... */
    double n_below;   /* channels whose residual y - z is below 0, and their sums */
    double sum_below;
    double squares_below;
    double sum_of_magnitudes; /* of |y| */
} penalised_fit;

typedef struct penalised penalised;

typedef struct penalised_rule {
    /* Finds the numbers for the next weights. Non-zero: the row is at rest. */
    int (*judge)(const penalised *p, const penalised_fit *fit, double *a, double *b);

    /* Makes w from y and z, and sums the change. */
    void (*weigh)(const penalised_weights *weights, penalised_change *change);

    int stops_by_change; /* a row is at rest where |w' - w| / |w| < tol */
} penalised_rule;

struct penalised {
    const penalised_rule *rule;
    double lam;
    double max_iter;
    double tol;
    double p;       /* of asls */
    size_t longest; /* segment */
};

/* For the steps: *state becomes a copy of p, for rows on this axis. */
adamas_status penalised_make(void **state, penalised p, const axis *in, adamas_error *error);
size_t penalised_scratch(const void *state);

/* Subtracts the baseline from n rows. Segments of one or two channels have no second difference: they stay. */
void penalised_apply(const void *state, const axis *in, size_t n, float *rows, size_t stride, float *scratch);

#endif
