/* Evaluates whether a parcel is of the origin that is declared for it. */
#ifndef EVIDENCE_DECLARED_H
#define EVIDENCE_DECLARED_H

#include "evidence/parcel_evidence.h"
#include "evidence/simulation.h"

typedef struct declared_case {
    const pseudo_library *pseudo;
    const parcel_specimens *specimens;
    const parcel_posterior *posterior; /* of the specimens, with alpha */
    const double *alpha;               /* [n_origins + 1] */
    size_t origin;                     /* declared */
    uint64_t seed;
} declared_case;

/* Log LRs are natural. H1: all specimens are of the declared origin; H2: shares ~ Dirichlet(alpha). Foreign specimens
 * are those of any other origin or of none. */
typedef struct declared_answer {
    parcel_log_estimate log_lr, log_lr_half, log_lr_double; /* at alpha, alpha / 2 and 2 alpha */
    double log10_low, log10_high; /* bounds of the LR (ELUB) from pseudo-parcels of the held-out localities */
    size_t units;                 /* localities of the declared origin, which the bounds rest on */
    double foreign, foreign_high; /* share of foreign specimens: posterior mean and 95 % quantile */
    double threshold;    /* critical value of `foreign`: pure pseudo-parcels of any origin exceed it in 5 % of cases at
                            most; 1 if the method would not detect a parcel of which half is foreign */
    size_t pure_parcels; /* pseudo-parcels behind the threshold */
    int inconsistent;    /* foreign > threshold */
    double *detection_limit;   /* [n_origins + 1]: the smallest share of foreign specimens of one source that is found
                                  inconsistent with probability 0.95; NaN: none is; the declared origin's is NaN */
    unsigned char *is_foreign; /* [n]: specimens called foreign at an expected false discovery rate of 5 % */
    size_t n_foreign;          /* of these */
    double false_discovery;    /* expected share of false ones among them */
} declared_answer;

/* ADAMAS_E_CANCELLED, ADAMAS_E_MEMORY, and those of parcel_log_lr and parcel_model_fit. *out is to be cleared. */
adamas_status declared_evaluate(declared_answer *out, const declared_case *c, work *w, adamas_error *error);
void declared_clear(declared_answer *a);

#endif
