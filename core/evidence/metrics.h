/* Performance of held-out class probabilities. */
#ifndef EVIDENCE_METRICS_H
#define EVIDENCE_METRICS_H

#include "base/status.h"

typedef struct metrics {
    size_t n;            /* specimens with a result: log_probability[0] is not NaN */
    size_t right;        /* the most probable origin (the first if several are) is the true one */
    double accuracy;     /* right / n, NaN if n is 0 */
    double accuracy_low; /* its 95 % interval (Clopper & Pearson) */
    double accuracy_high;
    double balanced_accuracy; /* mean over true origins of the share right; origins without results do not count */
    double log_loss;          /* mean of -ln p(true origin) */
} metrics;

/* truth[n_specimens], log_probability[n_specimens, n_origins] (natural). confusion[n_origins, n_origins] counts
 * specimens, rows the true origins, columns the most probable. */
void metrics_find(metrics *out, double *confusion, size_t n_specimens, size_t n_origins, const size_t *truth,
                  const double *log_probability);

#endif
