/* What is found of each specimen, while a classification or a validation runs and when it is done. */
#ifndef TRAINING_SPECIMEN_RESULTS_H
#define TRAINING_SPECIMEN_RESULTS_H

#include "base/text_list.h"
#include "dataset/dataset.h"

/* What a specimen's typicality says of an origin: p <= epsilon rejects it. An origin with too few specimens to be
 * rejected at all cannot be excluded. A likelihood ratio is quoted for an origin that is not rejected, for no other. */
typedef enum origin_standing { ORIGIN_REJECTED, ORIGIN_NOT_REJECTED, ORIGIN_NOT_EXCLUDED } origin_standing;

/* Arrays by specimen and origin are NaN for a specimen without a shot of use; typicality and log_lr also if there is no
 * evidence. */
typedef struct specimen_results {
    size_t n_specimens, n_origins;
    text_list ids;           /* [n_specimens]; this and the next four: of specimen_results_describe */
    double *mass_ct;         /* [n_specimens] carats, NaN: not known; NULL: none is known */
    size_t *not_finite;      /* [n_specimens] shots set aside: a channel is not finite, or preprocessing left nothing */
    size_t *saturated;       /* [n_specimens] */
    size_t *outlier;         /* [n_specimens] */
    size_t *shots;           /* [n_specimens] used */
    size_t *unusable;        /* [n_specimens] shots of which preprocessing left nothing */
    double *log_density;     /* [n_specimens, n_origins] natural */
    double *log_probability; /* [n_specimens, n_origins] natural */
    double *nonconformity;   /* [n_specimens, n_origins] */
    double *class_model;     /* [n_specimens, n_origins]: class_assignment of a method with class models, else NaN */
    double *typicality;      /* [n_specimens, n_origins]: p-values */
    double *log_lr;          /* [n_specimens, n_origins]: natural, calibrated and bounded, whether typical or not */
    double *spectrum;        /* [n_channels]: mean spectrum after preprocessing of the specimens that were evaluated
                                together, the first time; NULL: not yet */
    int has_evidence;        /* typicality and log_lr are known of every specimen with a shot of use */
    double epsilon;
    unsigned char *rejectable; /* [n_origins]: has the origin specimens enough to be rejected at epsilon? */
} specimen_results;

adamas_status specimen_results_make(specimen_results *out, size_t n_specimens, size_t n_origins, adamas_error *error);
void specimen_results_clear(specimen_results *v);

/* Fills in who the specimens are and which of their shots were set aside; shots and unusable are known by then. */
adamas_status specimen_results_describe(specimen_results *v, const dataset *c, adamas_error *error);

/* Has the specimen a shot of use? */
int specimen_results_is_evaluated(const specimen_results *v, size_t specimen);

/* Is there typicality of every specimen with a shot of use? */
int specimen_results_have_typicality(const specimen_results *v);

/* Of a specimen and an origin; there is evidence. log10_lr is NaN if none is quoted. */
origin_standing specimen_results_standing(const specimen_results *v, size_t specimen, size_t origin);
double specimen_results_log10_lr(const specimen_results *v, size_t specimen, size_t origin);

/* Has the method class models? */
int specimen_results_has_class_models(const specimen_results *v);

#endif
