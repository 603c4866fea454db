/* What a matching step is: a model of each origin, fitted to the mean scores of training specimens, that gives the
 * density of a specimen's mean score under each origin. Each step is one file that defines one `const match`, declared
 * in match/matchers.h. */
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include "method/parameter.h"
#include "store/store_read.h"
#include "store/store_write.h"

/* Scores of the training specimens on the principal components. */
typedef struct match_data {
    size_t n_specimens;
    size_t n_origins;
    size_t n_components;
    const double *mean;   /* [n_specimens, n_components]: mean score of each specimen's shots */
    const size_t *shots;  /* [n_specimens]: how many shots are in the mean */
    const size_t *origin; /* [n_specimens]: 0 ... n_origins - 1 */
    /* [n_specimens]: 0 ... n_localities - 1, some of which may have no specimen here. Specimens of one locality have
     * one origin. NULL: each origin is one locality. */
    const size_t *locality;
    size_t n_localities;
    /* Sums over all shots of r r' and of (r^2)(r^2)', r the deviation from the specimen's mean, both [n_components,
     * n_components]; and their degrees of freedom, shots - specimens. */
    const double *within;
    const double *within_squares;
    size_t within_freedom;
} match_data;

/* What an origin's class model says of a specimen: accepted (its distance is below the limit of the significance
 * level), extreme (above it), or an outlier (farther than any of the training specimens is expected to be). */
typedef enum class_assignment { class_accepted, class_extreme, class_outlier } class_assignment;

/* An array of a fitted state, as the model file holds it; cols 0: a vector. */
typedef struct match_field {
    const char *name;
    size_t rows, cols;
    double *values;
} match_field;

enum { MATCH_MAX_FIELDS = 6 };

typedef struct match {
    const char *name;
    const char *summary; /* one line for `adamas help methods` */
    size_t n_parameters;
    const step_parameter *parameters;

    /* Fits to the first n_components of the data. ADAMAS_E_DATA if there are too few specimens. *state is NULL on
     * failure. */
    adamas_status (*fit)(void **state, const step_value *values, const match_data *data, size_t n_components,
                         adamas_error *error);

    /* Natural log density of a mean score over n_shots shots under each origin: log_density[n_origins]. scratch:
     * n_components doubles. The state is not changed: any number of threads may call this. */
    void (*density)(const void *state, const double *mean, size_t n_shots, double *log_density, double *scratch);

    /* The maximum over all scores of that log density (for a mixture an upper bound): peak[n_origins]. The log density
     * less its peak measures the distance of a specimen from an origin. */
    void (*peak)(const void *state, size_t n_shots, double *peak);

    /* NULL if the step has no class models; else what they say of a mean score: assignment[n_origins]. scratch as
     * above. */
    void (*class_assignment)(const void *state, const double *mean, class_assignment *assignment, double *scratch);

    /* Prior probability of each origin, from which posterior probabilities are computed: prior[n_origins], of sum 1. */
    void (*prior)(const void *state, double *prior);

    /* For match_save and match_load. reserve allocates a state without values (NULL if memory is exhausted), fields
     * lists its arrays and returns how many, complete checks what was read and computes what is derived from it:
     * ADAMAS_E_FORMAT, the message starting with `file` and `group`. rows_of is the array whose number of rows does not
     * follow from n_origins and n_components; reserve is given it. NULL: there is none, and `rows` is not used. */
    void *(*reserve)(size_t n_origins, size_t n_components, size_t rows);
    size_t (*fields)(void *state, match_field fields[MATCH_MAX_FIELDS]);
    adamas_status (*complete)(void *state, const char *file, const char *group, adamas_error *error);
    const char *rows_of;

    void (*destroy)(void *state); /* NULL is fine */
} match;

/* Writes a fitted state to a new group; the state is not changed. */
adamas_status match_save(const match *m, void *state, store *s, const char *group, adamas_error *error);

/* Reads what match_save wrote. ADAMAS_E_FORMAT if an array does not have the shape that n_origins and n_components
 * require. *state is NULL on failure; freed by m->destroy. */
adamas_status match_load(const match *m, void **state, size_t n_origins, size_t n_components, store *s,
                         const char *group, adamas_error *error);

/* The mean of the training specimens' means by origin, mean[n_origins, n_components] of the first n_components, and the
 * number of specimens: specimens[n_origins]. */
void match_origin_means(const match_data *data, size_t n_components, double *mean, double *specimens);

/* The mean of 1/shots over the specimens of each origin; specimens[n_origins] as above. */
void match_mean_inverse_shots(const match_data *data, const double *specimens, double *mean_inverse_shots);

/* The same prior probability for each origin. */
void match_equal_prior(size_t n_origins, double *prior);

/* Natural logs of the posterior probabilities, by log-sum-exp: at least one is finite if at least one density is. */
void match_posterior(size_t n_origins, const double *log_density, const double *prior, double *log_probability);

#endif
