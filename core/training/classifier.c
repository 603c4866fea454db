/* A classifier: fitting it, evaluating specimens, and its group in a model file. */
#include "training/classifier.h"

#include "base/memory.h"
#include "reduce/pca_file.h"
#include "training/match_step.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const match *match_of(const compiled_method *compiled)
{
    return compiled->steps[compiled->match].match;
}

static double mean_and_variance(const specimen_scores *s, const unsigned char *training, double *variance,
                                double *inverse_shots)
{
    double n = 0, sum = 0, squares = 0, inverse = 0;
    for (size_t k = 0; k < s->n_specimens; k++)
        if (training[k] && s->shots[k]) {
            n++;
            sum += s->residual[k];
            inverse += 1 / (double)s->shots[k];
        }
    for (size_t k = 0; k < s->n_specimens; k++)
        if (training[k] && s->shots[k])
            squares += (s->residual[k] - sum / n) * (s->residual[k] - sum / n);
    *variance = n > 1 ? squares / (n - 1) : 0;
    *inverse_shots = inverse / n;
    return sum / n;
}

/* The training specimens are closer to the plane, which was fitted to them, than others will be: by the factor (rows -
 * 1 - components) / rows. If the plane contains them all, a thousandth of the total variance is taken instead. */
static void estimate_residual(classifier *clf, const specimen_scores *s, const unsigned char *training)
{
    const pca *p = &clf->fit.pca;
    double variance, inverse_shots, in_plane = 0;
    double mean = mean_and_variance(s, training, &variance, &inverse_shots);
    double left = (double)p->n_rows - 1 - (double)p->n_components;
    double floor = 1e-3 * p->total_variance;
    double expected = fmax(left > 0 ? mean * (double)p->n_rows / left : 0, floor);
    for (size_t a = 0; a < p->n_components; a++)
        in_plane += s->within[a * p->n_components + a];
    double shot = s->within_freedom ? fmax(s->within_total - in_plane, 0) / (double)s->within_freedom : 0;
    clf->residual_shot = fmin(shot, 0.95 * expected / inverse_shots);
    clf->residual = expected - clf->residual_shot * inverse_shots;
    clf->residual_freedom = variance > 0 ? fmin(fmax(round(2 * mean * mean / variance), 1), 250) : 1;
}

static adamas_status estimate_origin_means(classifier *clf, const specimen_scores *s, const dataset *c,
                                           const unsigned char *training, adamas_error *error)
{
    size_t p = s->n_components;
    double *n = memory_new(clf->n_origins, sizeof *n);
    clf->origin_mean = memory_new(clf->n_origins, p * sizeof *clf->origin_mean);
    for (size_t k = 0; n && clf->origin_mean && k < s->n_specimens; k++) {
        if (!training[k] || !s->shots[k])
            continue;
        n[c->origin[k]]++;
        for (size_t a = 0; a < p; a++)
            clf->origin_mean[c->origin[k] * p + a] += s->mean[k * p + a];
    }
    for (size_t i = 0; n && clf->origin_mean && i < clf->n_origins * p; i++)
        clf->origin_mean[i] /= n[i / p];
    free(n);
    return n && clf->origin_mean ? ADAMAS_OK : status_no_memory(error);
}

adamas_status classifier_make(classifier *out, specimen_scores *kept, const compiled_method *compiled,
                              const axis *library, dataset *c, const pca *span, const unsigned char *training,
                              const unsigned char *include, reduction most, work *w, adamas_error *error)
{
    *out = (classifier){.n_origins = c->n_origins};
    specimen_scores scores = {0};
    row_cache rows = {0};
    pca wide = {0};
    adamas_status status = fit_make(&out->fit, compiled, library, c, training, most, &rows, w, error);
    if (!status && span)
        status = pca_expand(&wide, &out->fit.pca, span, error);
    if (!status)
        status = specimen_scores_make(&scores, &(const fit *){&out->fit}, 1, c, include, training, &rows, w, error);
    if (!status)
        status = match_step_fit(&out->match_state, compiled, &scores, c, training, scores.n_components, error);
    if (!status)
        status = estimate_origin_means(out, &scores, c, training, error);
    if (!status)
        estimate_residual(out, &scores, training);
    if (!status && span) {
        pca_clear(&out->fit.pca);
        out->fit.pca = wide;
        wide = (pca){0};
    }
    pca_clear(&wide);
    row_cache_clear(&rows);
    if (!status && kept)
        *kept = scores;
    else
        specimen_scores_clear(&scores);
    if (status)
        classifier_clear(out);
    return status;
}

void classifier_clear(classifier *clf)
{
    if (clf->match_state)
        match_of(clf->fit.compiled_method)->destroy(clf->match_state);
    fit_clear(&clf->fit);
    free(clf->origin_mean);
    *clf = (classifier){0};
}

adamas_status classifier_scores(specimen_scores *out, const classifier *const *classifiers, size_t n_classifiers,
                                dataset *c, const unsigned char *include, work *w, adamas_error *error)
{
    const fit **fits = memory_new(n_classifiers, sizeof *fits);
    if (!fits)
        return status_no_memory(error);
    for (size_t j = 0; j < n_classifiers; j++)
        fits[j] = &classifiers[j]->fit;
    adamas_status status = specimen_scores_make(out, fits, n_classifiers, c, include, NULL, NULL, w, error);
    free(fits);
    return status;
}

adamas_status classifier_specimen(const classifier *clf, const specimen_scores *s, size_t specimen, double *log_density,
                                  double *nonconformity, adamas_error *error)
{
    const match *m = match_of(clf->fit.compiled_method);
    size_t n = clf->n_origins, shots = s->shots[specimen];
    double *scratch = memory_raw(2 * n + s->n_components, sizeof *scratch);
    if (!scratch)
        return status_no_memory(error);
    double *density = scratch, *peak = scratch + n;
    m->density(clf->match_state, s->mean + specimen * s->n_components, shots, density, scratch + 2 * n);
    m->peak(clf->match_state, shots, peak);
    double residual =
        clf->residual_freedom * s->residual[specimen] / (clf->residual + clf->residual_shot / (double)shots);
    for (size_t k = 0; nonconformity && k < n; k++)
        nonconformity[k] = 2 * (peak[k] - density[k]) + residual;
    if (log_density)
        memcpy(log_density, density, n * sizeof *density);
    free(scratch);
    return ADAMAS_OK;
}

adamas_status classifier_class_models(const classifier *clf, const specimen_scores *s, size_t specimen,
                                      double *class_model, adamas_error *error)
{
    const match *m = match_of(clf->fit.compiled_method);
    if (!m->class_assignment)
        return ADAMAS_OK;
    class_assignment *assigned = memory_raw(clf->n_origins, sizeof *assigned);
    double *scratch = memory_raw(s->n_components, sizeof *scratch);
    if (assigned && scratch)
        m->class_assignment(clf->match_state, s->mean + specimen * s->n_components, assigned, scratch);
    for (size_t o = 0; assigned && scratch && o < clf->n_origins; o++)
        class_model[o] = assigned[o];
    adamas_status status = assigned && scratch ? ADAMAS_OK : status_no_memory(error);
    free(assigned);
    free(scratch);
    return status;
}

adamas_status classifier_save(const classifier *clf, store *s, const char *group, adamas_error *error)
{
    double numbers[3] = {clf->residual, clf->residual_shot, clf->residual_freedom};
    store_name name;
    adamas_status status = store_write_group(s, group, NULL, error);
    if (!status)
        status = pipeline_save(&clf->fit.pipeline, s, store_within(name, group, "preprocess"), error);
    if (!status && clf->fit.compiled_method->pca != METHOD_NO_STEP)
        status = pca_save(&clf->fit.pca, s, store_within(name, group, "pca"), error);
    if (!status && clf->match_state)
        status = store_write_doubles(s, store_within(name, group, "residual"), 3, 0, numbers, error);
    if (!status && clf->match_state)
        status = store_write_doubles(s, store_within(name, group, "origin_mean"), clf->n_origins,
                                     clf->fit.pca.n_components, clf->origin_mean, error);
    return status || !clf->match_state ? status
                                       : match_save(match_of(clf->fit.compiled_method), clf->match_state, s,
                                                    store_within(name, group, "match"), error);
}

static adamas_status load_pca(classifier *clf, store *s, const char *group, adamas_error *error)
{
    store_name name;
    adamas_status status = pca_load(&clf->fit.pca, s, store_within(name, group, "pca"), error);
    const pca *p = &clf->fit.pca;
    if (!status && p->n_channels != clf->fit.pipeline.out.n)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s/components has %zu channels, %zu expected", store_path(s),
                            name, p->n_channels, clf->fit.pipeline.out.n);
    if (!status && (p->n_components < 1 || p->n_components > PCA_MAX_COMPONENTS))
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s/components has %zu rows, 1 to %d expected", store_path(s),
                            name, p->n_components, (int)PCA_MAX_COMPONENTS);
    return status;
}

static adamas_status load_residual(classifier *clf, store *s, const char *group, adamas_error *error)
{
    double numbers[3];
    store_name name;
    adamas_status status = store_read_doubles(s, store_within(name, group, "residual"), 3, 1, numbers, error);
    if (!status && !(numbers[0] > 0 && numbers[1] >= 0 && numbers[2] >= 1))
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s is %g, %g, %g: above 0, 0 or more and 1 or more expected",
                            store_path(s), name, numbers[0], numbers[1], numbers[2]);
    clf->residual = numbers[0];
    clf->residual_shot = numbers[1];
    clf->residual_freedom = numbers[2];
    clf->origin_mean = memory_new(clf->n_origins, clf->fit.pca.n_components * sizeof *clf->origin_mean);
    if (!status && !clf->origin_mean)
        status = status_no_memory(error);
    return status ? status
                  : store_read_doubles(s, store_within(name, group, "origin_mean"), clf->n_origins,
                                       clf->fit.pca.n_components, clf->origin_mean, error);
}

adamas_status classifier_load(classifier *out, const compiled_method *compiled, const axis *library, size_t n_origins,
                              store *s, const char *group, adamas_error *error)
{
    *out = (classifier){.fit.compiled_method = compiled, .n_origins = n_origins};
    store_name name;
    adamas_status status =
        pipeline_load(&out->fit.pipeline, compiled, library, s, store_within(name, group, "preprocess"), error);
    if (!status && compiled->pca != METHOD_NO_STEP)
        status = load_pca(out, s, group, error);
    if (!status && compiled->match != METHOD_NO_STEP) {
        status = load_residual(out, s, group, error);
        if (!status)
            status = match_load(match_of(compiled), &out->match_state, n_origins, out->fit.pca.n_components, s,
                                store_within(name, group, "match"), error);
    }
    if (status)
        classifier_clear(out);
    return status;
}
