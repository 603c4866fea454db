#include "training/classifier.h"

#include "base/memory.h"
#include "reduce/pca_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const match *match_of(const compiled_method *r)
{
    return r->steps[r->match].match;
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

/* The training specimens lie closer to the plane than others will, having made it: by rows less components over rows.
 * Where the plane holds them all nothing is left to learn from, and a thousandth of the variance stands in. */
static void learn_residual(classifier *j, const specimen_scores *s, const unsigned char *training)
{
    const pca *p = &j->fit.pca;
    double variance, inverse_shots, in_plane = 0;
    double mean = mean_and_variance(s, training, &variance, &inverse_shots);
    double left = (double)p->n_rows - 1 - (double)p->n_components;
    double floor = 1e-3 * p->total_variance;
    double expected = fmax(left > 0 ? mean * (double)p->n_rows / left : 0, floor);
    for (size_t a = 0; a < p->n_components; a++)
        in_plane += s->within[a * p->n_components + a];
    double shot = s->within_freedom ? fmax(s->within_total - in_plane, 0) / (double)s->within_freedom : 0;
    j->residual_shot = fmin(shot, 0.95 * expected / inverse_shots);
    j->residual = expected - j->residual_shot * inverse_shots;
    j->residual_freedom = variance > 0 ? fmin(fmax(round(2 * mean * mean / variance), 1), 250) : 1;
}

static adamas_status learn_means(classifier *j, const specimen_scores *s, const dataset *c,
                                 const unsigned char *training, adamas_error *error)
{
    size_t p = s->n_components;
    double *n = memory_new(j->n_origins, sizeof *n);
    j->origin_mean = memory_new(j->n_origins, p * sizeof *j->origin_mean);
    for (size_t k = 0; n && j->origin_mean && k < s->n_specimens; k++) {
        if (!training[k] || !s->shots[k])
            continue;
        n[c->origin[k]]++;
        for (size_t a = 0; a < p; a++)
            j->origin_mean[c->origin[k] * p + a] += s->mean[k * p + a];
    }
    for (size_t i = 0; n && j->origin_mean && i < j->n_origins * p; i++)
        j->origin_mean[i] /= n[i / p];
    free(n);
    return n && j->origin_mean ? ADAMAS_OK : status_no_memory(error);
}

adamas_status classifier_make(classifier *out, specimen_scores *kept, const compiled_method *r, const axis *library,
                              dataset *c, const pca *span, const unsigned char *training, const unsigned char *include,
                              size_t n_components, work *w, adamas_error *error)
{
    *out = (classifier){.n_origins = c->n_origins};
    specimen_scores scores = {0};
    row_cache rows = {0};
    pca wide = {0};
    adamas_status status = fit_make(&out->fit, r, library, c, training, n_components, &rows, w, error);
    if (!status && span)
        status = pca_expand(&wide, &out->fit.pca, span, error);
    if (!status)
        status = specimen_scores_make(&scores, &(const fit *){&out->fit}, 1, c, include, training, &rows, w, error);
    if (!status)
        status = match_step_fit(&out->match_state, r, &scores, c, training, scores.n_components, error);
    if (!status)
        status = learn_means(out, &scores, c, training, error);
    if (!status)
        learn_residual(out, &scores, training);
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

void classifier_clear(classifier *j)
{
    if (j->match_state)
        match_of(j->fit.compiled_method)->destroy(j->match_state);
    fit_clear(&j->fit);
    free(j->origin_mean);
    *j = (classifier){0};
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

adamas_status classifier_specimen(const classifier *j, const specimen_scores *s, size_t specimen, double *log_density,
                                  double *nonconformity, adamas_error *error)
{
    const match *m = match_of(j->fit.compiled_method);
    size_t n = j->n_origins, shots = s->shots[specimen];
    double *scratch = memory_raw(2 * n + s->n_components, sizeof *scratch);
    if (!scratch)
        return status_no_memory(error);
    double *density = scratch, *peak = scratch + n;
    m->density(j->match_state, s->mean + specimen * s->n_components, shots, density, scratch + 2 * n);
    m->peak(j->match_state, shots, peak);
    double off = j->residual_freedom * s->residual[specimen] / (j->residual + j->residual_shot / (double)shots);
    for (size_t k = 0; nonconformity && k < n; k++)
        nonconformity[k] = 2 * (peak[k] - density[k]) + off;
    if (log_density)
        memcpy(log_density, density, n * sizeof *density);
    free(scratch);
    return ADAMAS_OK;
}

adamas_status classifier_class_models(const classifier *j, const specimen_scores *s, size_t specimen,
                                      double *class_model, adamas_error *error)
{
    const match *m = match_of(j->fit.compiled_method);
    if (!m->class_assignment)
        return ADAMAS_OK;
    class_assignment *assigned = memory_raw(j->n_origins, sizeof *assigned);
    double *scratch = memory_raw(s->n_components, sizeof *scratch);
    if (assigned && scratch)
        m->class_assignment(j->match_state, s->mean + specimen * s->n_components, assigned, scratch);
    for (size_t o = 0; assigned && scratch && o < j->n_origins; o++)
        class_model[o] = assigned[o];
    adamas_status status = assigned && scratch ? ADAMAS_OK : status_no_memory(error);
    free(assigned);
    free(scratch);
    return status;
}

adamas_status classifier_save(const classifier *j, store *s, const char *group, adamas_error *error)
{
    double numbers[3] = {j->residual, j->residual_shot, j->residual_freedom};
    store_name name;
    adamas_status status = store_write_group(s, group, NULL, error);
    if (!status)
        status = pipeline_save(&j->fit.pipeline, s, store_within(name, group, "preprocess"), error);
    if (!status && j->fit.compiled_method->pca != METHOD_NO_STEP)
        status = pca_save(&j->fit.pca, s, store_within(name, group, "pca"), error);
    if (!status && j->match_state)
        status = store_write_doubles(s, store_within(name, group, "residual"), 3, 0, numbers, error);
    if (!status && j->match_state)
        status = store_write_doubles(s, store_within(name, group, "origin_mean"), j->n_origins, j->fit.pca.n_components,
                                     j->origin_mean, error);
    return status || !j->match_state ? status
                                     : match_save(match_of(j->fit.compiled_method), j->match_state, s,
                                                  store_within(name, group, "match"), error);
}

static adamas_status load_pca(classifier *j, store *s, const char *group, adamas_error *error)
{
    store_name name;
    adamas_status status = pca_load(&j->fit.pca, s, store_within(name, group, "pca"), error);
    const pca *p = &j->fit.pca;
    if (!status && p->n_channels != j->fit.pipeline.out.n)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s/components has %zu channels, %zu expected", store_path(s),
                            name, p->n_channels, j->fit.pipeline.out.n);
    if (!status && (p->n_components < 1 || p->n_components > PCA_MAX_COMPONENTS))
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s/components has %zu rows, 1 to %d expected", store_path(s),
                            name, p->n_components, (int)PCA_MAX_COMPONENTS);
    return status;
}

static adamas_status load_residual(classifier *j, store *s, const char *group, adamas_error *error)
{
    double numbers[3];
    store_name name;
    adamas_status status = store_read_doubles(s, store_within(name, group, "residual"), 3, 1, numbers, error);
    if (!status && !(numbers[0] > 0 && numbers[1] >= 0 && numbers[2] >= 1))
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s is %g, %g, %g: above 0, 0 or more and 1 or more expected",
                            store_path(s), name, numbers[0], numbers[1], numbers[2]);
    j->residual = numbers[0];
    j->residual_shot = numbers[1];
    j->residual_freedom = numbers[2];
    j->origin_mean = memory_new(j->n_origins, j->fit.pca.n_components * sizeof *j->origin_mean);
    if (!status && !j->origin_mean)
        status = status_no_memory(error);
    return status ? status
                  : store_read_doubles(s, store_within(name, group, "origin_mean"), j->n_origins,
                                       j->fit.pca.n_components, j->origin_mean, error);
}

adamas_status classifier_load(classifier *out, const compiled_method *r, const axis *library, size_t n_origins,
                              store *s, const char *group, adamas_error *error)
{
    *out = (classifier){.fit.compiled_method = r, .n_origins = n_origins};
    store_name name;
    adamas_status status =
        pipeline_load(&out->fit.pipeline, r, library, s, store_within(name, group, "preprocess"), error);
    if (!status && r->pca != METHOD_NO_STEP)
        status = load_pca(out, s, group, error);
    if (!status && r->match != METHOD_NO_STEP) {
        status = load_residual(out, s, group, error);
        if (!status)
            status = match_load(match_of(r), &out->match_state, n_origins, out->fit.pca.n_components, s,
                                store_within(name, group, "match"), error);
    }
    if (status)
        classifier_clear(out);
    return status;
}
