/* How good the likelihood ratios of a validation are. */
#include "validation/lr_performance.h"

#include "base/memory.h"
#include "evidence/lr_metrics.h"

#include <math.h>
#include <stdlib.h>

static void add_cases(lr_cases *out, const validation *h, size_t origin, int same)
{
    const specimen_results *v = &h->out->specimens;
    for (size_t k = 0; k < v->n_specimens; k++)
        if (specimen_results_is_evaluated(v, k) && (h->c->origin[k] == origin) == same) {
            out->log_lr[out->n_ss + out->n_ds] = v->log_lr[k * v->n_origins + origin];
            *(same ? &out->n_ss : &out->n_ds) += 1;
        }
}

adamas_status lr_cases_collect(lr_cases *out, const validation *h, size_t origin, adamas_error *error)
{
    size_t n = h->c->n_origins, first = origin < n ? origin : 0, last = origin < n ? origin + 1 : n;
    *out = (lr_cases){.log_lr = memory_raw(h->c->n_specimens, (last - first) * sizeof *out->log_lr)};
    if (!out->log_lr)
        return status_no_memory(error);
    for (int same = 1; same >= 0; same--)
        for (size_t o = first; o < last; o++)
            add_cases(out, h, o, same);
    return ADAMAS_OK;
}

/* The largest LR that is quoted for an origin of a specimen which is not from there. */
static double largest_wrong(const validation *h, size_t origin)
{
    const specimen_results *v = &h->out->specimens;
    double largest = NAN;
    for (size_t k = 0; k < v->n_specimens; k++)
        if (specimen_results_is_evaluated(v, k) && h->c->origin[k] != origin)
            largest = fmax(largest, specimen_results_log10_lr(v, k, origin));
    return largest;
}

/* Of one origin; of all if origin is n_origins. */
static adamas_status measure(lr_performance *out, const validation *h, size_t origin, adamas_error *error)
{
    lr_metrics m = {.cllr = NAN, .cllr_min = NAN, .cllr_cal = NAN, .eer = NAN, .devpav = NAN};
    lr_cases cases;
    adamas_status status = lr_cases_collect(&cases, h, origin, error);
    if (!status && cases.n_ss && cases.n_ds)
        status = lr_metrics_find(&m, cases.n_ss, cases.log_lr, cases.n_ds, cases.log_lr + cases.n_ss, error);
    *out = (lr_performance){m.cllr, m.cllr_min, m.cllr_cal, m.eer, m.devpav, NAN};
    free(cases.log_lr);
    return status;
}

adamas_status validation_lr_performance(validation *h, adamas_error *error)
{
    validation_result *out = h->out;
    size_t n = h->c->n_origins;
    out->origin_performance = memory_raw(n, sizeof *out->origin_performance);
    adamas_status status = out->origin_performance ? measure(&out->performance, h, n, error) : status_no_memory(error);
    for (size_t o = 0; !status && o < n; o++) {
        status = measure(&out->origin_performance[o], h, o, error);
        out->origin_performance[o].largest_wrong_log10_lr = largest_wrong(h, o);
        out->performance.largest_wrong_log10_lr =
            fmax(out->performance.largest_wrong_log10_lr, out->origin_performance[o].largest_wrong_log10_lr);
    }
    return status;
}
