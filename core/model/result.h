/* What a classification or a validation found, as tables: report/ draws them. */
#ifndef MODEL_RESULT_H
#define MODEL_RESULT_H

#include "base/table.h"
#include "model/collection.h"

typedef struct result {
    int is_validation;
    table specimens; /* as adamas_report_column says */
    table origins;
    table folds;   /* validation: left_out, specimens, components */
    table sources; /* libraries: file, sha256 */
    table facts;   /* texts, one row */
    table numbers; /* numbers, one row */
} result;

void result_clear(result *r);

/* Everything that is said of each specimen, while it is found: NaN where a specimen has no shot of use, and what is
 * evidence also where the model has none. */
typedef struct verdicts {
    size_t n_specimens, n_origins;
    size_t *shots;           /* [n_specimens] used */
    size_t *spoilt;          /* [n_specimens] of which preprocessing left nothing */
    double *log_density;     /* [n_specimens, n_origins] */
    double *log_probability; /* [n_specimens, n_origins] */
    double *nonconformity;   /* [n_specimens, n_origins] */
    double *typicality;      /* [n_specimens, n_origins]: p-values */
    double *log_lr;          /* [n_specimens, n_origins]: calibrated and bounded, whether typical or not */
} verdicts;

adamas_status verdicts_make(verdicts *out, size_t n_specimens, size_t n_origins, adamas_error *error);
void verdicts_clear(verdicts *v);

/* Fills r->specimens: id, shots_used, shots_not_finite, shots_saturated, shots_outlier, log_density/ and
 * probability/ORIGIN, and with true origins (c has them) true_origin. */
adamas_status result_specimens(result *r, const verdicts *v, const collection *c, const char *const *origins,
                               adamas_error *error);

adamas_status result_number(result *r, const char *name, double value, adamas_error *error);

/* The thresholds by which shots are set aside, among the numbers. */
adamas_status result_screening(result *r, adamas_error *error);

#endif
