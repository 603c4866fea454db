/* What a classification or a validation found, as tables: report/ draws them. */
#ifndef TRAINING_RESULT_H
#define TRAINING_RESULT_H

#include "base/table.h"
#include "dataset/dataset.h"

enum { RESULT_CLASSIFICATION, RESULT_VALIDATION, RESULT_PLAN };
enum { RESULT_TABLES = ADAMAS_PLAN + 1 };

/* Tables are by the public names ADAMAS_SPECIMENS ... ADAMAS_PLAN, with the columns that adamas_report_column tells.
 * Numbers (one row; each is there where its report has it):
 *   seed, epsilon, screening/saturated_share, screening/robust_z, screening/fewest_shots;
 *   typicality/bound (the most that P(p <= epsilon) can be), folds (held out), slope (of the calibration);
 *   parcel/stones, parcel/whole, parcel/without_mass, parcel/rho, parcel/sigma, parcel/tau, parcel/likelihood_power,
 *     parcel/chains, parcel/draws, parcel/low_typicality (share of stones whose greatest p is at most 2 epsilon),
 *     parcel/low_typicality_chance (of as many or more in a parcel like the library);
 *   declared/log10_lr, log10_lr_error, log10_lr_half, log10_lr_double (at alpha / 2, 2 alpha), log10_lr_low,
 *     log10_lr_high (bounds), units (localities behind them), foreign, foreign_high (mean, upper 95 % bound of the
 *     foreign share), threshold, pure_parcels (behind it), inconsistent (1, 0), revealed (the smallest share of foreign
 *     stones that would have been revealed with 95 % probability whatever their source; NaN: none), foreign_stones,
 *     false_discovery (expected share of stones that are not foreign among them);
 *   control/stones, control/worst_p;
 *   judged, right, accuracy, accuracy_low, accuracy_high, balanced_accuracy, log_loss, cllr, cllr_min, cllr_cal, eer,
 *     devpav, covered, covered_low, covered_high, set_size, largest_wrong_log10_lr;
 *   audit/accuracy, audit/accuracy_low, audit/accuracy_high, audit/balanced_accuracy, audit/log_loss,
 *     audit/session_accuracy, audit/session_chance, audit/session_p;
 *   plan/stones, plan/parcel, plan/share, plan/confidence, plan/perfect (stones for a method that never errs). */
typedef struct result {
    int kind;
    table tables[RESULT_TABLES];
    table facts;   /* texts, one row */
    table numbers; /* numbers, one row */
} result;

void result_clear(result *r);

/* Everything that is said of each specimen, while it is found: NaN where a specimen has no shot of use, and what is
 * evidence also where the model has none. */
typedef struct specimen_results {
    size_t n_specimens, n_origins;
    size_t *shots;           /* [n_specimens] used */
    size_t *unusable;        /* [n_specimens] of which preprocessing left nothing */
    double *log_density;     /* [n_specimens, n_origins] */
    double *log_probability; /* [n_specimens, n_origins] */
    double *nonconformity;   /* [n_specimens, n_origins] */
    double *class_model; /* [n_specimens, n_origins]: class_assignment of a method that has class models, else NaN */
    double *typicality;  /* [n_specimens, n_origins]: p-values */
    double *spectrum;    /* [n_channels]: mean spectrum of the specimens, after preprocessing; NULL where only
                            some of them are judged */
    double *log_lr;      /* [n_specimens, n_origins]: calibrated and bounded, whether typical or not */
} specimen_results;

adamas_status specimen_results_make(specimen_results *out, size_t n_specimens, size_t n_origins, adamas_error *error);
void specimen_results_clear(specimen_results *v);

/* How typicality becomes an answer: an origin is rejected where p <= epsilon. One with too few specimens to be rejected
 * at all (rejectable[n_origins] 0) is listed as not to be excluded, and no LR is quoted for it, nor for a rejected one.
 */
typedef struct answering {
    double epsilon;
    const unsigned char *rejectable;
} answering;

/* What a specimen's typicality[n_origins] says of an origin. */
int result_quotes(const answering *a, const double *typicality, size_t origin);

/* Fills the specimens' table from id to log10_lr/ORIGIN, and `answer`; with true origins (c has them) true_origin. a:
 * NULL where the model has no evidence; typicality, log10_lr and answer are then left out. */
adamas_status result_specimens(result *r, const specimen_results *v, const dataset *c, const char *const *origins,
                               const answering *a, adamas_error *error);

adamas_status result_number(result *r, const char *name, double value, adamas_error *error);

/* The thresholds by which shots are set aside, among the numbers. */
adamas_status result_screening(result *r, adamas_error *error);

#endif
