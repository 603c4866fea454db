/* Cross-fitting, and its group in a model file. */
#include "training/cross_fit.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

adamas_status cross_fit_has_localities(int *out, const dataset *c, adamas_error *error)
{
    unsigned char *seen = memory_new(c->n_localities, sizeof *seen);
    size_t *count = memory_new(c->n_origins, sizeof *count);
    adamas_status status = seen && count ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < c->n_specimens; k++) {
        count[c->origin[k]] += !seen[c->locality[k]];
        seen[c->locality[k]] = 1;
    }
    *out = 1;
    for (size_t o = 0; !status && o < c->n_origins; o++)
        *out = *out && count[o] >= CROSS_FIT_MIN_LOCALITIES;
    free(seen);
    free(count);
    return status;
}

static adamas_status reserve(cross_fit *cf, size_t n, size_t n_folds, size_t n_origins, adamas_error *error)
{
    *cf = (cross_fit){.n_folds = n_folds, .n = n, .n_origins = n_origins};
    cf->classifiers = memory_new(n_folds, sizeof *cf->classifiers);
    cf->origin = memory_new(n, sizeof *cf->origin);
    cf->fold = memory_new(n, sizeof *cf->fold);
    cf->locality = memory_new(n, sizeof *cf->locality);
    cf->session = memory_new(n, sizeof *cf->session);
    cf->shots = memory_new(n, sizeof *cf->shots);
    cf->log_density = memory_new(n, n_origins * sizeof *cf->log_density);
    cf->nonconformity = memory_new(n, n_origins * sizeof *cf->nonconformity);
    return cf->classifiers && cf->origin && cf->fold && cf->locality && cf->session && cf->shots && cf->log_density &&
                   cf->nonconformity
               ? ADAMAS_OK
               : status_no_memory(error);
}

void cross_fit_clear(cross_fit *cf)
{
    for (size_t f = 0; cf->classifiers && f < cf->n_folds; f++)
        classifier_clear(&cf->classifiers[f]);
    free(cf->classifiers);
    free(cf->origin);
    free(cf->fold);
    free(cf->locality);
    free(cf->session);
    free(cf->shots);
    free(cf->log_density);
    free(cf->nonconformity);
    *cf = (cross_fit){0};
}

int cross_fit_holds_out_sessions(const cross_fit *cf)
{
    if (cf->by_session)
        return 1;
    for (size_t i = 0; i < cf->n; i++) {
        size_t first = 0;
        while (cf->session[first] != cf->session[i])
            first++;
        if (cf->session[i] == cf->n_sessions || cf->fold[first] != cf->fold[i])
            return 0;
    }
    return cf->n > 0;
}

typedef struct cross_fit_job {
    cross_fit *out;
    const compiled_method *compiled;
    const axis *library;
    dataset *c;
    const unsigned char *training;
    reduction most;
    const pca *span;
    const folds *folds;
    size_t *row; /* [n_specimens]: a specimen's row; out->n if it has none */
    work *w;
} cross_fit_job;

static adamas_status evaluate_rows(const cross_fit_job *h, size_t fold, const specimen_scores *s, adamas_error *error)
{
    cross_fit *out = h->out;
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; !status && k < h->c->n_specimens; k++) {
        size_t row = h->row[k];
        if (k % WORK_CHECK_INTERVAL == 0)
            status = work_check_cancelled(h->w, error);
        if (status || row == out->n || h->folds->fold[k] != (int)fold || !s->shots[k])
            continue;
        out->shots[row] = s->shots[k];
        status = classifier_specimen(&out->classifiers[fold], s, k, out->log_density + row * out->n_origins,
                                     out->nonconformity + row * out->n_origins, error);
    }
    return status;
}

static adamas_status fit_fold(void *context, size_t fold, int thread, adamas_error *error)
{
    (void)thread;
    const cross_fit_job *h = context;
    specimen_scores scores = {0};
    unsigned char *inner = memory_new(h->c->n_specimens, sizeof *inner);
    adamas_status status =
        inner ? work_progress(h->w, "holding out", fold, h->folds->n_folds, error) : status_no_memory(error);
    if (!status) {
        folds_training(h->folds, h->training, fold, inner);
        status = classifier_make(&h->out->classifiers[fold], &scores, h->compiled, h->library, h->c, h->span, inner,
                                 h->training, h->most, h->w, error);
    }
    if (!status)
        status = evaluate_rows(h, fold, &scores, error);
    specimen_scores_clear(&scores);
    free(inner);
    return status;
}

/* Numbers value[n] anew, in the order of their first appearance; those not below n_values are not known and become the
 * number of the others, which is returned. number[n_values]: scratch. */
static size_t renumber(size_t n, size_t *value, size_t n_values, size_t *number)
{
    size_t found = 0;
    for (size_t v = 0; v < n_values; v++)
        number[v] = SIZE_MAX;
    for (size_t i = 0; i < n; i++)
        if (value[i] < n_values && number[value[i]] == SIZE_MAX)
            number[value[i]] = found++;
    for (size_t i = 0; i < n; i++)
        value[i] = value[i] < n_values ? number[value[i]] : found;
    return found;
}

static adamas_status label_rows(const cross_fit_job *h, adamas_error *error)
{
    cross_fit *out = h->out;
    const dataset *c = h->c;
    size_t *number = memory_raw(c->n_specimens, sizeof *number);
    if (!number)
        return status_no_memory(error);
    for (size_t k = 0; k < c->n_specimens; k++) {
        size_t row = h->row[k];
        if (row == out->n)
            continue;
        out->origin[row] = c->origin[k];
        out->fold[row] = (size_t)h->folds->fold[k];
        out->locality[row] = out->by_locality ? c->locality[k] : row;
        out->session[row] = c->session[k];
    }
    out->n_localities = renumber(out->n, out->locality, out->by_locality ? c->n_localities : out->n, number);
    out->n_sessions = renumber(out->n, out->session, c->n_sessions, number);
    free(number);
    return ADAMAS_OK;
}

static int has_used_shot(const dataset *c, size_t specimen)
{
    for (size_t i = c->first_shot[specimen]; i < c->first_shot[specimen + 1]; i++)
        if (c->shot_flag[i] == ADAMAS_SHOT_USED)
            return 1;
    return 0;
}

/* Drops the rows of specimens of which preprocessing makes every shot NaN. */
static void drop_empty(cross_fit *cf)
{
    size_t n = 0;
    for (size_t i = 0; i < cf->n; i++) {
        if (!cf->shots[i])
            continue;
        cf->origin[n] = cf->origin[i];
        cf->fold[n] = cf->fold[i];
        cf->locality[n] = cf->locality[i];
        cf->session[n] = cf->session[i];
        cf->shots[n] = cf->shots[i];
        memmove(cf->log_density + n * cf->n_origins, cf->log_density + i * cf->n_origins,
                cf->n_origins * sizeof(double));
        memmove(cf->nonconformity + n * cf->n_origins, cf->nonconformity + i * cf->n_origins,
                cf->n_origins * sizeof(double));
        n++;
    }
    cf->n = n;
}

adamas_status cross_fit_make(cross_fit *out, const compiled_method *compiled, const axis *library, dataset *c,
                             const unsigned char *training, const size_t *group, int by_locality, reduction most,
                             const pca *span, work *w, adamas_error *error)
{
    folds inner = {0};
    *out = (cross_fit){0};
    size_t *row = memory_raw(c->n_specimens, sizeof *row), n = 0;
    adamas_status status =
        row ? folds_inner(&inner, c, training, group, CROSS_FIT_FOLDS, error) : status_no_memory(error);
    for (size_t k = 0; !status && k < c->n_specimens; k++)
        row[k] = training[k] && inner.fold[k] != FOLD_NONE && has_used_shot(c, k) ? n++ : SIZE_MAX;
    if (!status)
        status = reserve(out, n, inner.n_folds, c->n_origins, error);
    out->by_session = inner.n_session_parts > 0;
    for (size_t k = 0; !status && k < c->n_specimens; k++)
        row[k] = row[k] < n ? row[k] : n;
    out->by_locality = by_locality;
    cross_fit_job h = {.out = out,
                       .compiled = compiled,
                       .library = library,
                       .c = c,
                       .training = training,
                       .most = most,
                       .span = span,
                       .folds = &inner,
                       .row = row,
                       .w = w};
    if (!status)
        status = label_rows(&h, error);
    if (!status)
        status = folds_each(w, c, library, inner.n_folds, fit_fold, &h, error);
    if (!status)
        drop_empty(out);
    folds_clear(&inner);
    free(row);
    if (status)
        cross_fit_clear(out);
    return status;
}

enum { n_labels = 5 };

typedef struct label {
    const char *name;
    size_t *values;
} label;

static void labels_of(const cross_fit *cf, label *out)
{
    const label labels[n_labels] = {{"origin", cf->origin},
                                    {"fold", cf->fold},
                                    {"locality", cf->locality},
                                    {"session", cf->session},
                                    {"shots", cf->shots}};
    memcpy(out, labels, sizeof labels);
}

static const char *fold_group(store_name out, const char *group, size_t fold)
{
    char number[40];
    snprintf(number, sizeof number, "without_fold_%zu", fold + 1);
    return store_within(out, group, number);
}

adamas_status cross_fit_save(const cross_fit *cf, store *s, const char *group, adamas_error *error)
{
    store_name name;
    label labels[n_labels];
    labels_of(cf, labels);
    const double extent[4] = {(double)cf->n_folds, (double)cf->n_localities, (double)cf->n_sessions, cf->by_locality};
    double *column = memory_raw(cf->n, sizeof *column);
    adamas_status status = column ? store_write_group(s, group, NULL, error) : status_no_memory(error);
    if (!status)
        status = store_write_doubles(s, store_within(name, group, "folds_localities_sessions_bylocality"), 4, 0, extent,
                                     error);
    const double by_session = 1;
    if (!status && cf->by_session)
        status = store_write_doubles(s, store_within(name, group, "bysession"), 1, 0, &by_session, error);
    for (size_t l = 0; !status && l < n_labels; l++) {
        for (size_t i = 0; i < cf->n; i++)
            column[i] = (double)labels[l].values[i];
        status = store_write_doubles(s, store_within(name, group, labels[l].name), cf->n, 0, column, error);
    }
    if (!status)
        status = store_write_doubles(s, store_within(name, group, "log_density"), cf->n, cf->n_origins, cf->log_density,
                                     error);
    if (!status)
        status = store_write_doubles(s, store_within(name, group, "nonconformity"), cf->n, cf->n_origins,
                                     cf->nonconformity, error);
    for (size_t f = 0; !status && f < cf->n_folds; f++)
        status = classifier_save(&cf->classifiers[f], s, fold_group(name, group, f), error);
    free(column);
    return status;
}

/* A column of whole numbers below a limit. */
static adamas_status load_label(const label *l, size_t n, size_t limit, store *s, const char *group, double *column,
                                adamas_error *error)
{
    store_name name;
    adamas_status status = store_read_doubles(s, store_within(name, group, l->name), n, 1, column, error);
    for (size_t i = 0; !status && i < n; i++) {
        if (!(column[i] >= 0 && column[i] < (double)limit))
            status = status_set(error, ADAMAS_E_FORMAT, "%s: %s has %g in place %zu, 0 to %zu expected", store_path(s),
                                name, column[i], i + 1, limit - 1);
        else
            l->values[i] = (size_t)column[i];
    }
    return status;
}

static adamas_status load_extent(double extent[4], size_t *n, store *s, const char *group, adamas_error *error)
{
    store_name name;
    store_shape shape;
    adamas_status status = store_read_shape(s, store_within(name, group, "origin"), &shape, error);
    if (!status)
        status = store_read_doubles(s, store_within(name, group, "folds_localities_sessions_bylocality"), 4, 1, extent,
                                    error);
    *n = status ? 0 : shape.rows;
    for (size_t i = 0; !status && i < 4; i++)
        if (!(extent[i] >= 0 && extent[i] <= (double)(i ? *n : CROSS_FIT_FOLDS)))
            status = status_set(error, ADAMAS_E_FORMAT, "%s: %s has %g in place %zu, 0 to %zu expected", store_path(s),
                                name, extent[i], i + 1, i ? *n : (size_t)CROSS_FIT_FOLDS);
    return status;
}

static adamas_status load_columns(cross_fit *cf, store *s, const char *group, adamas_error *error)
{
    const size_t limits[n_labels] = {cf->n_origins, cf->n_folds, cf->n_localities, cf->n_sessions + 1, SIZE_MAX};
    store_name name;
    label labels[n_labels];
    labels_of(cf, labels);
    double *column = memory_raw(cf->n, sizeof *column);
    adamas_status status = column ? ADAMAS_OK : status_no_memory(error);
    for (size_t l = 0; !status && l < n_labels; l++)
        status = load_label(&labels[l], cf->n, limits[l], s, group, column, error);
    if (!status)
        status = store_read_doubles(s, store_within(name, group, "log_density"), cf->n, cf->n_origins, cf->log_density,
                                    error);
    if (!status)
        status = store_read_doubles(s, store_within(name, group, "nonconformity"), cf->n, cf->n_origins,
                                    cf->nonconformity, error);
    free(column);
    return status;
}

adamas_status cross_fit_load(cross_fit *out, const compiled_method *compiled, const axis *library, size_t n_origins,
                             store *s, const char *group, adamas_error *error)
{
    *out = (cross_fit){0};
    store_name name;
    double extent[4];
    size_t n;
    adamas_status status = load_extent(extent, &n, s, group, error);
    if (!status)
        status = reserve(out, n, (size_t)extent[0], n_origins, error);
    if (!status) {
        out->n_localities = (size_t)extent[1];
        out->n_sessions = (size_t)extent[2];
        out->by_locality = extent[3] > 0;
        out->by_session = store_has(s, store_within(name, group, "bysession"));
        status = load_columns(out, s, group, error);
    }
    for (size_t f = 0; !status && f < out->n_folds; f++)
        status =
            classifier_load(&out->classifiers[f], compiled, library, n_origins, s, fold_group(name, group, f), error);
    if (status)
        cross_fit_clear(out);
    return status;
}
