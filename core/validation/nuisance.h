/* Nuisance variables: how each specimen was measured, in numbers that should carry no information on its origin. */
#ifndef VALIDATION_NUISANCE_H
#define VALIDATION_NUISANCE_H

#include "dataset/dataset.h"

enum {
    NUISANCE_TOTAL,     /* mean over its shots of the sum of intensities */
    NUISANCE_CONTINUUM, /* median over channels of the SNIP envelope of its mean shot, half windows 64, 32, ... 1 */
    NUISANCE_NOISE,     /* mean over its shots of 1.4826 / sqrt(6) times the median absolute second difference */
    NUISANCE_SATURATED, /* share of channels at full scale, over its used and its saturated shots */
    NUISANCE_SHIFT,     /* of its mean shot against a reference, in channels: the mean over detector segments */
    NUISANCE_MASS,
    NUISANCE_VARIABLES
};

/* Total, continuum, noise and mass are natural logs if they are above 0 for all specimens (masses that are not are not
 * used). */
typedef struct nuisance {
    size_t n_specimens;
    size_t n_references;
    size_t *shots;                            /* [n_specimens] used; a specimen with none has no values */
    double *value;                            /* [n_specimens, NUISANCE_VARIABLES], except for the shift */
    double *shift;                            /* [n_references, n_specimens] */
    unsigned char varies[NUISANCE_VARIABLES]; /* 0: missing for some specimen, or the same for all */
    size_t n_sessions;
    size_t *session; /* [n_specimens]: of most of its shots, the first if several tie; n_sessions if unknown */
} nuisance;

extern const char *const nuisance_names[NUISANCE_VARIABLES];

/* Scans the raw shots, twice if there are too many specimens to hold their mean shots. Shifts are those that `align`
 * finds with its defaults, on the first set's axis (missing if the axis of another set does not cover it). Reference r
 * is the mean of the mean shots of all specimens whose group[n_specimens] is not r, r = 0 ... n_references - 1; if
 * n_parts is not 0, groups are numbered i n_parts + j, and both i and j must differ from r's.
 * ADAMAS_E_CANCELLED, ADAMAS_E_MEMORY and errors of reading; *out is then empty. nuisance_clear frees it. */
adamas_status nuisance_measure(nuisance *out, dataset *c, const size_t *group, size_t n_references, size_t n_parts,
                               work *w, adamas_error *error);

/* The sessions alone (nothing else of *out is filled). */
adamas_status nuisance_sessions(nuisance *out, const dataset *c, adamas_error *error);

void nuisance_clear(nuisance *n);

#endif
