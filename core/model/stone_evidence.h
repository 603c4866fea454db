/* From what judges say of a stone (any specimen) to evidence: typicality, and likelihood ratios that are calibrated and
 * bounded by what was held out. */
#ifndef MODEL_STONE_EVIDENCE_H
#define MODEL_STONE_EVIDENCE_H

#include "evidence/calibration.h"
#include "model/held_out.h"
#include "model/result.h"

typedef struct stone_evidence {
    calibration calibration;
    double *log10_low;  /* [n_origins]: bounds of the LR of each origin against the others (ELUB) */
    double *log10_high; /* [n_origins] */
    size_t *specimens;  /* [n_origins] held out */
    size_t *units;      /* [n_origins]: independent ones among them: localities, else specimens */
} stone_evidence;

/* ADAMAS_E_DATA where some origin has no specimen that could be held out: then there is no calibration. */
adamas_status stone_evidence_make(stone_evidence *out, const held_out *h, adamas_error *error);
void stone_evidence_clear(stone_evidence *e);

/* Can each origin be rejected at epsilon at all, having so many held-out specimens? rejectable[n_origins]. */
void stone_evidence_rejectable(const stone_evidence *e, size_t n_origins, double epsilon, unsigned char *rejectable);

/* Log LR (natural) of each origin against the others, equal weights: log_lr[n_origins], within the bounds. */
void stone_evidence_lr(const stone_evidence *e, const double *log_density, double *log_lr, double *scratch);

/* p-values of one specimen: own[n_folds, n_origins] is its nonconformity under each of the held-out judges. */
void stone_evidence_typicality(const held_out *h, const double *own, double *typicality, double *scratch);

/* Judges the included specimens (NULL: all) of a collection: fills their rows of the verdicts. evidence: NULL where
 * there is none. */
adamas_status stone_evidence_judge(verdicts *v, const judge *whole, const held_out *h, const stone_evidence *e,
                                   collection *c, const unsigned char *include, work *w, adamas_error *error);

#endif
