/* What a validation answers: likeliest origins, and sets of origins that are not rejected. */
#include "base/memory.h"
#include "base/text.h"
#include "evidence/interval.h"
#include "evidence/metrics.h"
#include "validation/validation.h"

#include <math.h>
#include <stdlib.h>

const double validation_levels[VALIDATION_LEVELS] = {0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5};

int validation_has_result(const validation *h, size_t specimen)
{
    return h->v.shots[specimen] > 0;
}

adamas_status validation_column(result *out, const validation *h, const char *what, const char *origin,
                                const double *values, adamas_error *error)
{
    text name = {0};
    text_append(&name, origin ? "%s/%s" : "%s", what, origin);
    adamas_status status =
        name.failed ? status_no_memory(error)
                    : table_set_numbers(&out->tables[ADAMAS_ORIGINS], name.at, h->c->n_origins, values, error);
    text_clear(&name);
    return status;
}

/* Column `place` of the counts[n_origins, width]. */
static adamas_status put_counts(result *out, const validation *h, const char *what, const char *origin,
                                const double *counts, size_t width, size_t place, adamas_error *error)
{
    double *column = memory_raw(h->c->n_origins, sizeof *column);
    if (!column)
        return status_no_memory(error);
    for (size_t t = 0; t < h->c->n_origins; t++)
        column[t] = counts[t * width + place];
    adamas_status status = validation_column(out, h, what, origin, column, error);
    free(column);
    return status;
}

/* Independent units: where localities are held out, those; else specimens. */
static void count_units(double *units, const validation *h)
{
    const dataset *c = h->c;
    for (size_t k = 0; k < c->n_specimens; k++) {
        size_t first = 0;
        while (h->inner_groups.by_locality && h->folds->group[first] != h->folds->group[k])
            first++;
        units[c->origin[k]] += !h->inner_groups.by_locality || first == k;
    }
}

static adamas_status put_origins(result *out, const validation *h, adamas_error *error)
{
    const dataset *c = h->c;
    double *column = memory_new(c->n_origins, sizeof *column), *units = memory_new(c->n_origins, sizeof *units);
    adamas_status status = column && units ? table_set_text(&out->tables[ADAMAS_ORIGINS], "origin", c->n_origins,
                                                            (const char *const *)c->origins, error)
                                           : status_no_memory(error);
    for (size_t k = 0; !status && k < c->n_specimens; k++)
        column[c->origin[k]]++;
    if (!status)
        status = validation_column(out, h, "specimens", NULL, column, error);
    if (!status && h->has_evidence) {
        count_units(units, h);
        status = validation_column(out, h, "units", NULL, units, error);
    }
    for (size_t o = 0; !status && h->has_evidence && o < c->n_origins; o++)
        column[o] = h->rejectable[o];
    if (!status && h->has_evidence)
        status = validation_column(out, h, "rejectable", NULL, column, error);
    free(column);
    free(units);
    return status;
}

static adamas_status put_likeliest(result *out, const validation *h, adamas_error *error)
{
    const dataset *c = h->c;
    size_t n = c->n_origins;
    metrics m;
    double *confusion = memory_raw(n, n * sizeof *confusion);
    if (!confusion)
        return status_no_memory(error);
    metrics_find(&m, confusion, c->n_specimens, n, c->origin, h->v.log_probability);
    adamas_status status = ADAMAS_OK;
    for (size_t o = 0; !status && o < n; o++)
        status = put_counts(out, h, "predicted", c->origins[o], confusion, n, o, error);
    free(confusion);
    const struct {
        const char *name;
        double value;
    } numbers[] = {{"judged", (double)m.n},
                   {"right", (double)m.right},
                   {"accuracy", m.accuracy},
                   {"accuracy_low", m.accuracy_low},
                   {"accuracy_high", m.accuracy_high},
                   {"balanced_accuracy", m.balanced_accuracy},
                   {"log_loss", m.log_loss}};
    for (size_t i = 0; !status && i < sizeof numbers / sizeof *numbers; i++)
        status = result_number(out, numbers[i].name, numbers[i].value, error);
    return status;
}

/* Where a set of origins is counted: at its one origin, at n_origins ("not resolved") or at n_origins + 1 ("none"). A
 * set that holds an origin which cannot be rejected at all resolves nothing. */
static size_t answer_of(const validation *h, size_t specimen)
{
    size_t n = h->c->n_origins, quoted = 0, answer = n + 1;
    const answering a = {h->epsilon, h->rejectable};
    for (size_t o = 0; o < n; o++) {
        if (!h->rejectable[o])
            return n;
        if (result_quotes(&a, h->v.typicality + specimen * n, o)) {
            answer = o;
            quoted++;
        }
    }
    return quoted > 1 ? n : answer;
}

static adamas_status put_answered(result *out, const validation *h, adamas_error *error)
{
    const dataset *c = h->c;
    size_t n = c->n_origins, width = n + 3; /* answers, and last those that lose their LR */
    const answering a = {h->epsilon, h->rejectable};
    double *counts = memory_new(n, width * sizeof *counts);
    if (!counts)
        return status_no_memory(error);
    for (size_t k = 0; k < c->n_specimens; k++)
        if (validation_has_result(h, k)) {
            double *row = counts + c->origin[k] * width;
            row[answer_of(h, k)]++;
            row[n + 2] += !result_quotes(&a, h->v.typicality + k * n, c->origin[k]);
        }
    adamas_status status = ADAMAS_OK;
    for (size_t o = 0; !status && o < n; o++)
        status = put_counts(out, h, "answered", c->origins[o], counts, width, o, error);
    if (!status)
        status = put_counts(out, h, "answered", "not resolved", counts, width, n, error);
    if (!status)
        status = put_counts(out, h, "answered", "none", counts, width, n + 1, error);
    if (!status)
        status = put_counts(out, h, "gated", NULL, counts, width, n + 2, error);
    free(counts);
    return status;
}

/* How often the set of origins with p > epsilon holds the true one, and how many it holds. */
typedef struct cover {
    double epsilon, covered, low, high, size, bound;
} cover;

static cover cover_at(const validation *h, double epsilon, size_t level)
{
    size_t n = h->c->n_origins, judged = 0, covered = 0, listed = 0;
    cover out = {.epsilon = epsilon};
    double worst = 0;
    for (size_t k = 0; k < h->c->n_specimens; k++)
        if (validation_has_result(h, k)) {
            const double *p = h->v.typicality + k * n;
            judged++;
            covered += p[h->c->origin[k]] > epsilon;
            for (size_t o = 0; o < n; o++)
                listed += p[o] > epsilon;
        }
    for (size_t f = 0; f < h->folds->n_folds; f++)
        worst = fmax(worst, h->bound[f * (VALIDATION_LEVELS + 1) + level]);
    out.covered = (double)covered / (double)judged;
    out.size = (double)listed / (double)judged;
    interval_clopper_pearson(covered, judged, 0.95, &out.low, &out.high);
    out.bound = fmax(1 - worst, 0);
    return out;
}

static adamas_status put_cover(result *out, const validation *h, adamas_error *error)
{
    cover c = cover_at(h, h->epsilon, VALIDATION_LEVELS);
    const struct {
        const char *name;
        double value;
    } numbers[] = {{"epsilon", c.epsilon},   {"covered", c.covered}, {"covered_low", c.low},
                   {"covered_high", c.high}, {"set_size", c.size},   {"typicality/bound", 1 - c.bound}};
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < sizeof numbers / sizeof *numbers; i++)
        status = result_number(out, numbers[i].name, numbers[i].value, error);
    return status;
}

static adamas_status put_coverage(result *out, const validation *h, adamas_error *error)
{
    static const char *const names[] = {"epsilon", "covered", "low", "high", "size", "bound"};
    enum { n_names = sizeof names / sizeof *names };
    double columns[n_names][VALIDATION_LEVELS];
    for (size_t i = 0; i < VALIDATION_LEVELS; i++) {
        cover c = cover_at(h, validation_levels[i], i);
        const double values[n_names] = {c.epsilon, c.covered, c.low, c.high, c.size, c.bound};
        for (size_t j = 0; j < n_names; j++)
            columns[j][i] = values[j];
    }
    adamas_status status = ADAMAS_OK;
    for (size_t j = 0; !status && j < n_names; j++)
        status = table_set_numbers(&out->tables[ADAMAS_COVERAGE], names[j], VALIDATION_LEVELS, columns[j], error);
    return status;
}

adamas_status validation_answers(result *out, const validation *h, adamas_error *error)
{
    const answering a = {h->epsilon, h->rejectable};
    adamas_status status =
        result_specimens(out, &h->v, h->c, (const char *const *)h->c->origins, h->has_evidence ? &a : NULL, error);
    if (!status)
        status = put_origins(out, h, error);
    if (!status)
        status = put_likeliest(out, h, error);
    if (!status && h->has_evidence)
        status = put_answered(out, h, error);
    if (!status && h->has_evidence)
        status = put_coverage(out, h, error);
    if (!status && h->has_evidence)
        status = put_cover(out, h, error);
    return status;
}
