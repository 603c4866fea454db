/* The scores of specimens in the planes of fits. */
#ifndef TRAINING_SPECIMEN_SCORES_H
#define TRAINING_SPECIMEN_SCORES_H

#include "training/fit.h"

/* The mean scores of specimens, the distance of their mean spectra from the plane, and the variation of the training
 * specimens' shots. */
typedef struct specimen_scores {
    size_t n_specimens, n_components;
    double *mean;     /* [n_specimens, n_components] */
    double *residual; /* [n_specimens]: squared distance of the mean spectrum from the plane of all components */
    double *spectrum; /* [n_channels] mean over the scored specimens of their mean spectra, after preprocessing */
    size_t *shots;    /* [n_specimens] shots in the mean; 0 if none is usable or the specimen was not included */
    size_t *unusable; /* [n_specimens] used shots that preprocessing makes NaN */
    double *within;   /* [n_components, n_components]: as in match_data */
    double *within_squares;
    double within_total; /* sum over the same shots of the squared distance from their specimen's mean, all channels */
    size_t within_freedom;
} specimen_scores;

/* Scores of the specimens with include[] not 0 (NULL: all) under several fits of one method: out[n_fits], for the
 * caller to clear; on failure nothing is left. `within` of the first fit is of the specimens with training[] not 0
 * (NULL: none). rows: the cache of fit_make on the same dataset, or NULL. */
adamas_status specimen_scores_make(specimen_scores *out, const fit *const *fits, size_t n_fits, dataset *c,
                                   const unsigned char *include, const unsigned char *training, row_cache *rows,
                                   work *w, adamas_error *error);
void specimen_scores_clear(specimen_scores *s);

#endif
