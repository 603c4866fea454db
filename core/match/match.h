/* What a matching step is: origin models, densities of a specimen's mean score under each origin. Each is one file that
 * defines one `const match`; pipeline/compiled_method.c lists them. */
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include "method/parameter.h"
#include "store/store_read.h"
#include "store/store_write.h"

/* Training specimens in the plane of the principal components. */
typedef struct match_data {
    size_t n_specimens;
    size_t n_origins;
    size_t n_components;
    const double *mean;   /* [n_specimens, n_components]: mean score of each specimen's shots */
    const size_t *shots;  /* [n_specimens]: how many shots are in the mean */
    const size_t *origin; /* [n_specimens]: 0 ... n_origins - 1 */
    /* Of all shots' deviations r from their specimen's mean: sum of r r', of (r^2)(r^2)', both [n_components,
     * n_components], and their degrees of freedom, shots - specimens. */
    const double *within;
    const double *within_squares;
    size_t within_freedom;
} match_data;

/* Is a specimen within an origin's class model, at its significance level? An outlier is further out than any of the
 * training specimens should be. */
typedef enum class_assignment { class_accepted, class_extreme, class_outlier } class_assignment;

typedef struct match {
    const char *name;
    const char *summary; /* one line for `adamas help methods` */
    size_t n_parameters;
    const step_parameter *parameters;

    /* Fits to the first n_components of the data. ADAMAS_E_DATA where the specimens are too few. *state NULL on
     * failure. */
    adamas_status (*fit)(void **state, const step_value *values, const match_data *data, size_t n_components,
                         adamas_error *error);
    /* Natural log density of a mean score over n_shots shots under each origin: log_density[n_origins]. scratch:
     * n_components doubles. Immutable: any number of threads. */
    void (*density)(const void *state, const double *mean, size_t n_shots, double *log_density, double *scratch);
    /* The greatest log density that a mean over n_shots shots can have under each origin (of a mixture a bound of it):
     * peak[n_origins]. How far a specimen is from an origin is told by its log density less this. */
    void (*peak)(const void *state, size_t n_shots, double *peak);
    /* NULL where a step has none, else what its class models say of a mean score: assignment[n_origins]. scratch as
     * above.
     */
    void (*class_assignment)(const void *state, const double *mean, class_assignment *assignment, double *scratch);
    /* Prior probability of each origin that probabilities are made with: prior[n_origins], of sum 1. */
    void (*prior)(const void *state, double *prior);

    adamas_status (*save)(const void *state, store *s, const char *group, adamas_error *error);
    /* ADAMAS_E_FORMAT where an array is not as n_origins and n_components want it. *state NULL on failure. */
    adamas_status (*load)(void **state, size_t n_origins, size_t n_components, store *s, const char *group,
                          adamas_error *error);
    void (*destroy)(void *state); /* NULL is fine */
} match;

/* The mean of the training specimens' means by origin, mean[n_origins, n_components] of the first n_components, and how
 * many they are: specimens[n_origins]. */
void match_origin_means(const match_data *data, size_t n_components, double *mean, double *specimens);

/* The mean of 1/shots over the specimens of each origin; specimens[n_origins] as above. */
void match_mean_inverse_shots(const match_data *data, const double *specimens, double *mean_inverse_shots);

/* The same prior probability for each origin. */
void match_equal_prior(size_t n_origins, double *prior);

/* An array that a matching step saves. */
typedef struct match_field {
    const char *name;
    size_t rows, cols;
    double *values;
} match_field;

adamas_status match_save_fields(store *s, const char *group, size_t n, const match_field *fields, adamas_error *error);
adamas_status match_load_fields(store *s, const char *group, size_t n, const match_field *fields, adamas_error *error);

/* Natural logs of the posterior probabilities, by log-sum-exp: one is finite wherever one density is. */
void match_posterior(size_t n_origins, const double *log_density, const double *prior, double *log_probability);

#endif
