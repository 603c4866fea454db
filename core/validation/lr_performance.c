/* How good the likelihood ratios of a validation are. */
#include "base/memory.h"
#include "base/text.h"
#include "evidence/lr_metrics.h"
#include "validation/validation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void add_cases(lr_cases *out, const validation *h, size_t origin, int same)
{
    size_t n = h->c->n_origins;
    for (size_t k = 0; k < h->c->n_specimens; k++)
        if (validation_has_result(h, k) && (h->c->origin[k] == origin) == same) {
            out->log_lr[out->n_ss + out->n_ds] = h->v.log_lr[k * n + origin];
            *(same ? &out->n_ss : &out->n_ds) += 1;
        }
}

adamas_status validation_cases(lr_cases *out, const validation *h, size_t origin, adamas_error *error)
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

enum { n_measures = 5 };
static const char *const measures[n_measures] = {"cllr", "cllr_min", "cllr_cal", "eer", "devpav"};

/* Of one origin, or of all; NaN where it has no case of one kind. */
static adamas_status measure(double out[n_measures], const validation *h, size_t origin, adamas_error *error)
{
    lr_metrics m = {.cllr = NAN, .cllr_min = NAN, .cllr_cal = NAN, .eer = NAN, .devpav = NAN};
    lr_cases cases;
    adamas_status status = validation_cases(&cases, h, origin, error);
    if (!status && cases.n_ss && cases.n_ds)
        status = lr_metrics_find(&m, cases.n_ss, cases.log_lr, cases.n_ds, cases.log_lr + cases.n_ss, error);
    const double found[n_measures] = {m.cllr, m.cllr_min, m.cllr_cal, m.eer, m.devpav};
    memcpy(out, found, sizeof found);
    free(cases.log_lr);
    return status;
}

static adamas_status put_measures(result *out, const validation *h, adamas_error *error)
{
    size_t n = h->c->n_origins;
    double found[n_measures], *columns = memory_raw(n, n_measures * sizeof *columns);
    adamas_status status = columns ? measure(found, h, n, error) : status_no_memory(error);
    for (size_t i = 0; !status && i < n_measures; i++)
        status = result_number(out, measures[i], found[i], error);
    for (size_t o = 0; !status && o < n; o++) {
        status = measure(found, h, o, error);
        for (size_t i = 0; i < n_measures; i++)
            columns[i * n + o] = found[i];
    }
    for (size_t i = 0; !status && i < n_measures; i++)
        status = validation_column(out, h, measures[i], NULL, columns + i * n, error);
    free(columns);
    return status;
}

/* The largest LR that is quoted for an origin of a specimen which is not from there; NaN where none is. */
static double largest_wrong(const validation *h, size_t origin)
{
    size_t n = h->c->n_origins;
    const answering a = {h->epsilon, h->rejectable};
    double largest = NAN;
    for (size_t k = 0; k < h->c->n_specimens; k++)
        if (validation_has_result(h, k) && h->c->origin[k] != origin &&
            result_quotes(&a, h->v.typicality + k * n, origin))
            largest = fmax(largest, h->v.log_lr[k * n + origin] / M_LN10);
    return largest;
}

static adamas_status put_largest_wrong(result *out, const validation *h, adamas_error *error)
{
    static const char name[] = "largest_wrong_log10_lr";
    double overall = NAN, *column = memory_raw(h->c->n_origins, sizeof *column);
    if (!column)
        return status_no_memory(error);
    for (size_t o = 0; o < h->c->n_origins; o++) {
        column[o] = largest_wrong(h, o);
        overall = fmax(overall, column[o]);
    }
    adamas_status status = validation_column(out, h, name, NULL, column, error);
    free(column);
    return status ? status : result_number(out, name, overall, error);
}

/* Every LR, so that whoever reads the report can find its metrics again. */
static adamas_status put_every_lr(result *out, const validation *h, adamas_error *error)
{
    size_t n = h->c->n_origins;
    double *column = memory_raw(h->c->n_specimens, sizeof *column);
    adamas_status status = column ? ADAMAS_OK : status_no_memory(error);
    for (size_t o = 0; !status && o < n; o++) {
        text name = {0};
        text_append(&name, "log10_lr_before_gate/%s", h->c->origins[o]);
        for (size_t k = 0; k < h->c->n_specimens; k++)
            column[k] = h->v.log_lr[k * n + o] / M_LN10;
        status = name.failed
                     ? status_no_memory(error)
                     : table_set_numbers(&out->tables[ADAMAS_SPECIMENS], name.at, h->c->n_specimens, column, error);
        text_clear(&name);
    }
    free(column);
    return status;
}

adamas_status validation_lr(result *out, const validation *h, adamas_error *error)
{
    adamas_status status = put_measures(out, h, error);
    if (!status)
        status = put_every_lr(out, h, error);
    return status ? status : put_largest_wrong(out, h, error);
}
