/* The test of a declared origin on a parcel that was measured. */
#include "classification/declared_test.h"

#include "base/memory.h"
#include "evidence/declared.h"

#include <math.h>
#include <stdlib.h>

/* Of each source but the declared origin itself; the overall limit is that of the source that hides best. */
static adamas_status copy_limits(declared_test *out, const declared_answer *a, size_t n_shares, size_t declared,
                                 adamas_error *error)
{
    out->limits = memory_raw(n_shares, sizeof *out->limits);
    if (!out->limits)
        return status_no_memory(error);
    for (size_t source = 0; source < n_shares; source++)
        if (source != declared) {
            double share = a->detection_limit[source];
            out->limits[out->n_limits++] = (detection_limit){source, share};
            out->detection_limit =
                isnan(share) || isnan(out->detection_limit) ? NAN : fmax(out->detection_limit, share);
        }
    return ADAMAS_OK;
}

static adamas_status copy_foreign(declared_test *out, const declared_answer *a, const parcel_posterior *post,
                                  const measured_parcel *p, size_t declared, size_t n_specimens, adamas_error *error)
{
    out->foreign_probability = memory_raw(n_specimens, sizeof *out->foreign_probability);
    out->is_foreign = memory_raw(n_specimens, sizeof *out->is_foreign);
    if (!out->foreign_probability || !out->is_foreign)
        return status_no_memory(error);
    for (size_t k = 0; k < n_specimens; k++)
        out->foreign_probability[k] = out->is_foreign[k] = NAN;
    for (size_t i = 0; i < p->n; i++) {
        out->foreign_probability[p->specimen[i]] = 1 - post->probability[i * post->n_shares + declared];
        out->is_foreign[p->specimen[i]] = a->is_foreign[i];
    }
    return ADAMAS_OK;
}

adamas_status declared_test_run(declared_test *out, const parcel_posterior *post, const measured_parcel *p,
                                const parcel_reference *g, size_t origin, size_t n_specimens, work *w,
                                adamas_error *error)
{
    declared_answer a;
    const declared_case declared = {.pseudo = &g->pseudo,
                                    .specimens = &p->measured,
                                    .posterior = post,
                                    .alpha = g->alpha,
                                    .origin = origin,
                                    .seed = w->seed};
    adamas_status status = declared_evaluate(&a, &declared, w, error);
    if (status)
        return status;
    *out = (declared_test){.log10_lr = a.log_lr.value / M_LN10,
                           .log10_lr_error = a.log_lr.error / M_LN10,
                           .log10_lr_half_alpha = a.log_lr_half.value / M_LN10,
                           .log10_lr_double_alpha = a.log_lr_double.value / M_LN10,
                           .log10_lr_low = a.log10_low,
                           .log10_lr_high = a.log10_high,
                           .units = a.units,
                           .foreign = a.foreign,
                           .foreign_high = a.foreign_high,
                           .threshold = a.threshold,
                           .pure_parcels = a.pure_parcels,
                           .is_inconsistent = a.inconsistent,
                           .n_foreign = a.n_foreign,
                           .false_discovery = a.false_discovery};
    status = copy_limits(out, &a, post->n_shares, origin, error);
    if (!status)
        status = copy_foreign(out, &a, post, p, origin, n_specimens, error);
    declared_clear(&a);
    if (status)
        declared_test_clear(out);
    return status;
}

void declared_test_clear(declared_test *t)
{
    free(t->limits);
    free(t->foreign_probability);
    free(t->is_foreign);
    *t = (declared_test){0};
}
