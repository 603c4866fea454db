/* A validation: how well a method does on specimens that it was fitted without. validate.c makes it, report/ words and
 * draws it. */
#ifndef VALIDATION_VALIDATION_RESULT_H
#define VALIDATION_VALIDATION_RESULT_H

#include "base/text_list.h"
#include "dataset/crossed_folds.h"
#include "evidence/metrics.h"
#include "training/model_description.h"
#include "training/specimen_results.h"
#include "validation/audit.h"

/* Bits of what the reader must be warned of. */
enum {
    VALIDATION_OPEN_SET = 1, /* specimens of `misled_origin`, were it not in the library, often get large wrong LRs */
    VALIDATION_CONFOUND = 2, /* the spectra have not been shown to tell origins better than what should carry none */
    VALIDATION_SESSION = 4   /* spectra tell in which session a specimen was measured */
};

typedef struct validation_fold {
    size_t specimens;  /* left out */
    size_t components; /* principal components of the model fitted without them */
    int by_session;    /* sessions were held out behind that model's evidence */
} validation_fold;

/* How good the LRs of one origin, or of all, are; NaN if there is no case of one kind. */
typedef struct lr_performance {
    double cllr, cllr_min, cllr_cal, eer, devpav;
    double largest_wrong_log10_lr; /* that is quoted for a wrong origin; NaN: none is */
} lr_performance;

/* How often the set of origins with p > epsilon holds the true one. */
typedef struct coverage {
    double epsilon;
    double covered, low, high; /* share, with its 95 % interval */
    double set_size;           /* mean number of origins in a set */
    double bound;              /* the least that P(p > epsilon) can be for a specimen like the library's */
} coverage;

/* What a library without an origin says of that origin's specimens, in specimens; NaN: it gives no evidence. */
typedef struct open_set_counts {
    double n;
    double none;                         /* every origin is rejected */
    double above_1, above_10, above_100; /* the largest LR quoted, for a wrong origin */
    double gated;                        /* no LR is quoted */
} open_set_counts;

/* A share of specimens, with its 95 % interval. */
typedef struct share_interval {
    double share, low, high;
} share_interval;

/* Specimens of which the localities, the sessions or both are new to the classifiers that judge them. */
typedef struct validation_case {
    metrics likeliest;
    share_interval covered;      /* the true origin is not rejected at specimens.epsilon */
    share_interval wrong_single; /* the only origin that is not rejected is a wrong one */
} validation_case;

enum { TIPPETT_THRESHOLDS = 201, CROSS_ENTROPY_PRIORS = 61, RELIABILITY_BINS = 10, COVERAGE_LEVELS = 9 };

/* Of the pooled cases of all origins (validation.h). */
typedef struct validation_curves {
    struct {
        double log10_lr[TIPPETT_THRESHOLDS];
        double same[TIPPETT_THRESHOLDS], different[TIPPETT_THRESHOLDS]; /* shares of LRs above it */
    } tippett;
    struct {
        double log10_odds[CROSS_ENTROPY_PRIORS];
        double as_is[CROSS_ENTROPY_PRIORS], after_pav[CROSS_ENTROPY_PRIORS], neutral[CROSS_ENTROPY_PRIORS]; /* bits */
    } cross_entropy;
    struct {
        double predicted[RELIABILITY_BINS]; /* mean probability */
        double observed[RELIABILITY_BINS], low[RELIABILITY_BINS], high[RELIABILITY_BINS];
        double specimens[RELIABILITY_BINS];
    } reliability;
} validation_curves;

/* What there is of evidence is there if specimens.has_evidence. */
typedef struct validation_result {
    model_description model;
    unsigned warnings; /* VALIDATION_... */
    int32_t leave;     /* ADAMAS_LEAVE_... */
    uint64_t seed;
    int new_localities, new_sessions; /* were all specimens of a left-out specimen's locality, of its session, left out
                                         with it? 0 if that is not known */
    text_list fold_names;             /* what each fold left out */
    validation_fold *folds;           /* [fold_names.n] */

    text_list origins;
    size_t *library_specimens; /* [n_origins] */
    specimen_results specimens;
    size_t *true_origin; /* [n_specimens] */
    metrics likeliest;   /* how often the likeliest origin is the true one */
    double *confusion;   /* [n_origins, n_origins] specimens by true and likeliest origin */

    char *no_evidence;       /* why a fold has none; NULL: the method has no calibration, or there is evidence */
    int by_locality;         /* held-out groups behind the evidence: localities, else specimens */
    int by_session;          /* sessions were held out with them in every fold */
    double typicality_bound; /* the most that P(p <= epsilon) can be for a specimen like the library's */
    size_t *units;           /* [n_origins] independent specimens or localities */
    double *answers; /* [n_origins, n_origins + 2] specimens by true origin and answer: an origin, not resolved, none */
    size_t *gated;   /* [n_origins]: own specimens without an LR for it */
    coverage coverage;                         /* at specimens.epsilon */
    coverage coverage_levels[COVERAGE_LEVELS]; /* at significance levels from 0.01 to 0.5 */
    lr_performance performance;                /* pooled */
    lr_performance *origin_performance;        /* [n_origins] */
    validation_curves *curves;                 /* NULL: there is no case of one kind */
    open_set_counts *open_set;                 /* [n_origins]; NULL: fewer than three origins */
    size_t misled_origin;                      /* of VALIDATION_OPEN_SET */

    validation_case *cases; /* [CROSSED_CASES]; NULL unless localities and sessions were left out together */
    int cases_have_evidence;

    audit audit;
} validation_result;

void validation_result_clear(validation_result *v);

#endif
