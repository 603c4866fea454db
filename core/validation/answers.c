/* What a validation answers: likeliest origins, and sets of origins that are not rejected. */
#include "validation/answers.h"

#include "base/memory.h"
#include "evidence/interval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const double validation_levels[COVERAGE_LEVELS] = {0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5};

static adamas_status describe_origins(validation *h, adamas_error *error)
{
    const dataset *c = h->c;
    validation_result *out = h->out;
    out->library_specimens = memory_new(c->n_origins, sizeof *out->library_specimens);
    out->true_origin = memory_raw(c->n_specimens, sizeof *out->true_origin);
    if (!out->library_specimens || !out->true_origin)
        return status_no_memory(error);
    for (size_t k = 0; k < c->n_specimens; k++)
        out->library_specimens[c->origin[k]]++;
    memcpy(out->true_origin, c->origin, c->n_specimens * sizeof *out->true_origin);
    return text_list_copy(&out->origins, c->n_origins, (const char *const *)c->origins, error);
}

static adamas_status find_likeliest(validation *h, adamas_error *error)
{
    const dataset *c = h->c;
    validation_result *out = h->out;
    out->confusion = memory_raw(c->n_origins, c->n_origins * sizeof *out->confusion);
    if (!out->confusion)
        return status_no_memory(error);
    metrics_find(&out->likeliest, out->confusion, c->n_specimens, c->n_origins, c->origin,
                 out->specimens.log_probability);
    return ADAMAS_OK;
}

/* Independent units: localities if those are held out, else specimens. */
static adamas_status count_units(validation *h, adamas_error *error)
{
    const dataset *c = h->c;
    h->out->units = memory_new(c->n_origins, sizeof *h->out->units);
    if (!h->out->units)
        return status_no_memory(error);
    for (size_t k = 0; k < c->n_specimens; k++) {
        size_t first = 0;
        while (h->inner_groups.by_locality && h->folds->group[first] != h->folds->group[k])
            first++;
        h->out->units[c->origin[k]] += !h->inner_groups.by_locality || first == k;
    }
    return ADAMAS_OK;
}

size_t validation_answer(const specimen_results *v, size_t specimen)
{
    size_t n = v->n_origins, listed = 0, answer = n + 1;
    for (size_t o = 0; o < n; o++) {
        origin_standing standing = specimen_results_standing(v, specimen, o);
        if (standing == ORIGIN_NOT_EXCLUDED)
            return n;
        if (standing == ORIGIN_NOT_REJECTED) {
            answer = o;
            listed++;
        }
    }
    return listed > 1 ? n : answer;
}

static adamas_status count_answers(validation *h, adamas_error *error)
{
    validation_result *out = h->out;
    const specimen_results *v = &out->specimens;
    size_t n = v->n_origins, width = n + 2;
    out->answers = memory_new(n, width * sizeof *out->answers);
    out->gated = memory_new(n, sizeof *out->gated);
    if (!out->answers || !out->gated)
        return status_no_memory(error);
    for (size_t k = 0; k < v->n_specimens; k++)
        if (specimen_results_is_evaluated(v, k)) {
            size_t truth = out->true_origin[k];
            out->answers[truth * width + validation_answer(v, k)]++;
            out->gated[truth] += specimen_results_standing(v, k, truth) != ORIGIN_NOT_REJECTED;
        }
    return ADAMAS_OK;
}

/* level: the place of epsilon in h->bound. */
static coverage coverage_at(const validation *h, double epsilon, size_t level)
{
    const specimen_results *v = &h->out->specimens;
    size_t n = v->n_origins, evaluated = 0, covered = 0, listed = 0;
    coverage out = {.epsilon = epsilon};
    double worst = 0;
    for (size_t k = 0; k < v->n_specimens; k++)
        if (specimen_results_is_evaluated(v, k)) {
            const double *p = v->typicality + k * n;
            evaluated++;
            covered += p[h->c->origin[k]] > epsilon;
            for (size_t o = 0; o < n; o++)
                listed += p[o] > epsilon;
        }
    for (size_t f = 0; f < h->folds->n_folds; f++)
        worst = fmax(worst, h->bound[f * (COVERAGE_LEVELS + 1) + level]);
    out.covered = (double)covered / (double)evaluated;
    out.set_size = (double)listed / (double)evaluated;
    interval_clopper_pearson(covered, evaluated, 0.95, &out.low, &out.high);
    out.bound = fmax(1 - worst, 0);
    return out;
}

static void find_coverage(validation *h)
{
    validation_result *out = h->out;
    for (size_t i = 0; i < COVERAGE_LEVELS; i++)
        out->coverage_levels[i] = coverage_at(h, validation_levels[i], i);
    out->coverage = coverage_at(h, out->specimens.epsilon, COVERAGE_LEVELS);
    out->typicality_bound = 1 - out->coverage.bound;
}

adamas_status validation_answers(validation *h, adamas_error *error)
{
    adamas_status status = specimen_results_describe(&h->out->specimens, h->c, error);
    if (!status)
        status = describe_origins(h, error);
    if (!status)
        status = find_likeliest(h, error);
    if (status || !h->out->specimens.has_evidence)
        return status;
    status = count_units(h, error);
    if (!status)
        status = count_answers(h, error);
    if (!status)
        find_coverage(h);
    return status;
}
