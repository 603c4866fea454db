/* The open set of a validation: what a library without an origin says of that origin's specimens. */
#include "validation/open_set.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* Trains on the specimens of the other origins, and evaluates this one's. */
static adamas_status evaluate(specimen_results *v, const validation *h, dataset *others, size_t origin,
                              adamas_error *error)
{
    size_t n = others->n_specimens;
    fitted_method t = {0};
    unsigned char *training = memory_new(n, sizeof *training), *left_out = memory_new(n, sizeof *left_out);
    adamas_status status = training && left_out ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < n; k++) {
        left_out[k] = h->c->origin[k] == origin;
        training[k] = !left_out[k];
    }
    if (!status)
        status = fitted_method_make(&t, h->r, h->library, others, training, &h->inner_groups, h->w, error);
    if (!status)
        status = specimen_lr_evaluate(v, NULL, &t.classifier, &t.cross_fit, t.has_evidence ? &t.specimen_lr : NULL,
                                      others, left_out, h->w, error);
    if (!status && t.has_evidence)
        specimen_lr_rejectable(&t.specimen_lr, others->n_origins, v->epsilon, v->rejectable);
    v->has_evidence = t.has_evidence;
    fitted_method_clear(&t);
    free(training);
    free(left_out);
    return status;
}

/* If the other origins' specimens are too few to train on, nothing is told of the origin. */
adamas_status open_set_leave_origin(validation *h, size_t origin, adamas_error *error)
{
    specimen_results *v = &h->open_set[origin];
    dataset others;
    adamas_status status = dataset_without(&others, h->c, origin, error);
    if (status)
        return status;
    status = specimen_results_make(v, others.n_specimens, others.n_origins, error);
    v->epsilon = h->out->specimens.epsilon;
    adamas_error found = {0};
    adamas_status evaluated = status ? ADAMAS_OK : evaluate(v, h, &others, origin, &found);
    dataset_without_clear(&others);
    if (evaluated == ADAMAS_OK || evaluated == ADAMAS_E_DATA)
        return status;
    if (error)
        *error = found;
    return evaluated;
}

/* Every LR quoted is of a wrong origin: the largest counts. */
static void count_specimen(open_set_counts *out, const specimen_results *v, size_t specimen)
{
    size_t rejectable = 0;
    double largest = -INFINITY;
    for (size_t o = 0; o < v->n_origins; o++) {
        rejectable += v->rejectable[o];
        if (specimen_results_standing(v, specimen, o) == ORIGIN_NOT_REJECTED)
            largest = fmax(largest, v->log_lr[specimen * v->n_origins + o]);
    }
    int quoted = largest > -INFINITY;
    out->n++;
    out->none += !quoted && rejectable == v->n_origins;
    out->gated += !quoted;
    out->above_1 += largest > 0;
    out->above_10 += largest > log(10);
    out->above_100 += largest > log(100);
}

static open_set_counts count_origin(const validation *h, size_t origin)
{
    static const open_set_counts not_known = {NAN, NAN, NAN, NAN, NAN, NAN};
    const specimen_results *v = &h->open_set[origin];
    open_set_counts out = {0};
    if (!v->has_evidence)
        return not_known;
    for (size_t k = 0; k < h->c->n_specimens; k++)
        if (h->c->origin[k] == origin && specimen_results_is_evaluated(v, k))
            count_specimen(&out, v, k);
    return out;
}

/* If more than one in twenty of an origin's specimens get a large LR for a wrong origin, the worst is warned of. */
static void find_misled_origin(validation_result *out)
{
    double worst = 0.05;
    for (size_t o = 0; o < out->origins.n; o++)
        if (out->open_set[o].above_10 / out->open_set[o].n > worst) {
            worst = out->open_set[o].above_10 / out->open_set[o].n;
            out->misled_origin = o;
            out->warnings |= VALIDATION_OPEN_SET;
        }
}

adamas_status open_set_count(validation *h, adamas_error *error)
{
    validation_result *out = h->out;
    out->open_set = memory_raw(h->c->n_origins, sizeof *out->open_set);
    if (!out->open_set)
        return status_no_memory(error);
    for (size_t o = 0; o < h->c->n_origins; o++)
        out->open_set[o] = count_origin(h, o);
    find_misled_origin(out);
    return ADAMAS_OK;
}
