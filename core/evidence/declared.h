/* Is a parcel what its papers declare? */
#ifndef EVIDENCE_DECLARED_H
#define EVIDENCE_DECLARED_H

#include "evidence/parcel_evidence.h"
#include "evidence/simulation.h"

typedef struct declared_case {
    const pseudo_library *pseudo;
    const parcel_specimens *specimens;
    const parcel_posterior *posterior; /* of the stones, with alpha */
    const double *alpha;               /* [n_origins + 1] */
    size_t origin;                     /* declared */
    uint64_t seed;
} declared_case;

/* Log LRs are natural; H1: all stones are of the declared origin; H2: shares ~ Dirichlet(alpha). */
typedef struct declared_answer {
    parcel_log_estimate log_lr, log_lr_half, log_lr_double; /* at alpha, alpha / 2 and 2 alpha */
    double log10_low, log10_high; /* what pseudo-parcels of the held-out localities support (ELUB) */
    size_t units;                 /* localities of the declared origin behind them */
    double foreign, foreign_high; /* posterior mean and 95 % quantile of the share of stones of another origin */
    double threshold;             /* that all but 5 % of the pure pseudo-parcels of any origin stay below; 1 where the
                                     method would reveal no parcel half of whose stones are foreign */
    size_t pure_parcels;
    int inconsistent;          /* foreign > threshold */
    double *detection_limit;   /* [n_origins + 1]: the smallest share of foreign stones of one source that is found
                           inconsistent with 95 % probability; NaN: none; the declared origin's own is NaN */
    unsigned char *is_foreign; /* [n]: the stones that are foreign at an expected false discovery rate of 5 % */
    size_t n_foreign;
    double false_discovery; /* expected share of wrong ones among them */
} declared_answer;

adamas_status declared_evaluate(declared_answer *out, const declared_case *c, work *w, adamas_error *error);
void declared_clear(declared_answer *a);

#endif
