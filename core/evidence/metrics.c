/* Accuracy, balanced accuracy, log loss and the confusion matrix. */
#include "evidence/metrics.h"

#include "evidence/interval.h"

#include <math.h>
#include <string.h>

static size_t most_probable(size_t n_origins, const double *log_probability)
{
    size_t best = 0;
    for (size_t o = 1; o < n_origins; o++)
        if (log_probability[o] > log_probability[best])
            best = o;
    return best;
}

static double balance(const double *confusion, size_t n_origins)
{
    double sum = 0, origins = 0;
    for (size_t t = 0; t < n_origins; t++) {
        double row = 0;
        for (size_t o = 0; o < n_origins; o++)
            row += confusion[t * n_origins + o];
        if (row > 0) {
            sum += confusion[t * n_origins + t] / row;
            origins++;
        }
    }
    return sum / origins;
}

void metrics_find(metrics *out, double *confusion, size_t n_specimens, size_t n_origins, const size_t *truth,
                  const double *log_probability)
{
    *out = (metrics){0};
    memset(confusion, 0, n_origins * n_origins * sizeof *confusion);
    for (size_t i = 0; i < n_specimens; i++) {
        const double *own = log_probability + i * n_origins;
        if (isnan(own[0]))
            continue;
        size_t found = most_probable(n_origins, own);
        confusion[truth[i] * n_origins + found]++;
        out->n++;
        out->right += found == truth[i];
        out->log_loss -= own[truth[i]];
    }
    out->accuracy = (double)out->right / (double)out->n;
    out->log_loss /= (double)out->n;
    out->balanced_accuracy = balance(confusion, n_origins);
    interval_clopper_pearson(out->right, out->n, 0.95, &out->accuracy_low, &out->accuracy_high);
}
