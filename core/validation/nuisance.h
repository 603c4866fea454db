/* How each specimen was measured, in numbers that should carry no origin. */
#ifndef VALIDATION_NUISANCE_H
#define VALIDATION_NUISANCE_H

#include "dataset/dataset.h"

enum {
    NUISANCE_TOTAL,     /* mean over its shots of the sum of intensities */
    NUISANCE_CONTINUUM, /* median over channels of the SNIP envelope of its mean shot, half windows 64, 32, ... 1 */
    NUISANCE_NOISE,     /* mean over its shots of 1.4826 / sqrt(6) times the median size of second differences */
    NUISANCE_SATURATED, /* share of channels at full scale, over its shots of use and the saturated ones */
    NUISANCE_SHIFT,     /* of its mean shot against a reference, in channels: the mean over detector segments */
    NUISANCE_MASS,
    NUISANCE_NUMBERS
};

/* Total, continuum, noise and mass are natural logs where they are above 0 for all specimens (a mass else says
 * nothing). */
typedef struct nuisance {
    size_t n_specimens;
    size_t n_references;
    size_t *shots;                         /* [n_specimens] of use; where 0 there are no numbers */
    double *number;                        /* [n_specimens, NUISANCE_NUMBERS], but for the shift */
    double *shift;                         /* [n_references, n_specimens] */
    unsigned char tells[NUISANCE_NUMBERS]; /* 0: missing, or the same for all specimens */
    size_t n_sessions;
    size_t *session; /* [n_specimens]: of most of its shots, the first of equals; n_sessions where it is not known */
} nuisance;

extern const char *const nuisance_names[NUISANCE_NUMBERS];

/* Goes over the raw shots, twice where the specimens' mean shots are too many to hold. Shifts are those that `align`
 * finds with its defaults, on the first set's axis (missing where another set's does not cover it), against the mean of
 * the specimens' mean shots, once without those specimens for which apart[n_specimens] is 0, once without those for
 * which it is 1, ... n_references - 1. */
adamas_status nuisance_find(nuisance *out, dataset *c, const size_t *apart, size_t n_references, work *w,
                            adamas_error *error);

/* The sessions alone (nothing else of *out is filled). */
adamas_status nuisance_sessions(nuisance *out, const dataset *c, adamas_error *error);

void nuisance_clear(nuisance *n);

#endif
