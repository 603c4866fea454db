/* Which channels of the spectrum the evidence for a parcel's origin comes from. */
#include "classification/mean_spectrum.h"

#include "base/memory.h"
#include "evidence/calibration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Scores of a spectrum that is one already: no shot. */
static void project(const pca *p, const double *spectrum, double *score)
{
    for (size_t a = 0; a < p->n_components; a++) {
        const float *component = p->components + a * p->n_channels;
        score[a] = 0;
        for (size_t i = 0; i < p->n_channels; i++)
            score[a] += (spectrum[i] - p->mean[i]) * component[i];
    }
}

/* mean + scores times components */
static void unproject(const pca *p, const double *score, double *spectrum)
{
    memcpy(spectrum, p->mean, p->n_channels * sizeof *spectrum);
    for (size_t a = 0; a < p->n_components; a++)
        for (size_t i = 0; i < p->n_channels; i++)
            spectrum[i] += score[a] * p->components[a * p->n_channels + i];
}

/* Everything that the gradient is taken of. */
typedef struct ratio {
    const classifier *j;
    size_t origin, shots;
    double *density; /* [n_origins] */
    double *scratch; /* [n_components + n_origins] */
} ratio;

static double log_lr(const ratio *r, const double *score)
{
    const match *m = r->j->fit.compiled_method->steps[r->j->fit.compiled_method->match].match;
    m->density(r->j->match_state, score, r->shots, r->density, r->scratch);
    return calibration_log_lr(r->j->n_origins, r->density, NULL, r->origin);
}

/* By central differences of a hundredth of each component's spread. */
static void find_gradient(const ratio *r, double *score, double *gradient)
{
    const pca *p = &r->j->fit.pca;
    for (size_t a = 0; a < p->n_components; a++) {
        double kept = score[a], h = 0.01 * sqrt(p->variance[a]);
        score[a] = kept + h;
        double above = log_lr(r, score);
        score[a] = kept - h;
        gradient[a] = h > 0 ? (above - log_lr(r, score)) / (2 * h) : 0;
        score[a] = kept;
    }
}

static size_t usual_shots(const specimen_results *v, const measured_parcel *parcel)
{
    size_t sum = 0;
    for (size_t i = 0; i < parcel->n; i++)
        sum += v->shots[parcel->specimen[i]];
    return sum / parcel->n;
}

static adamas_status find_contribution(mean_spectrum *out, const classifier *j, const double *gradient, double slope,
                                       adamas_error *error)
{
    const pca *p = &j->fit.pca;
    size_t n = p->n_channels, k = p->n_components;
    double *middle = memory_new(k, sizeof *middle), *reference = memory_raw(n, sizeof *reference);
    adamas_status status = middle && reference ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < j->n_origins * k; i++)
        middle[i % k] += j->origin_mean[i] / (double)j->n_origins;
    if (!status) {
        unproject(p, middle, reference);
        memset(out->contribution, 0, n * sizeof *out->contribution);
        for (size_t a = 0; a < k; a++)
            for (size_t i = 0; i < n; i++)
                out->contribution[i] += gradient[a] * p->components[a * n + i];
        for (size_t i = 0; i < n; i++)
            out->contribution[i] *= slope * (out->parcel[i] - reference[i]) / M_LN10;
    }
    free(middle);
    free(reference);
    return status;
}

static adamas_status reserve(mean_spectrum *out, size_t n_channels, size_t n_origins, size_t origin,
                             adamas_error *error)
{
    *out = (mean_spectrum){.n_channels = n_channels, .origin = origin};
    out->wavelength = memory_raw(n_channels, sizeof *out->wavelength);
    out->parcel = memory_raw(n_channels, sizeof *out->parcel);
    out->origins = memory_raw(n_origins, n_channels * sizeof *out->origins);
    out->contribution = memory_raw(n_channels, sizeof *out->contribution);
    return out->wavelength && out->parcel && out->origins && out->contribution ? ADAMAS_OK : status_no_memory(error);
}

adamas_status mean_spectrum_make(mean_spectrum *out, const classifier *j, const specimen_results *v,
                                 const measured_parcel *parcel, size_t origin, double slope, adamas_error *error)
{
    const pca *p = &j->fit.pca;
    size_t n = p->n_channels, k = p->n_components;
    double *score = memory_raw(k, sizeof *score);
    double *gradient = memory_raw(k, sizeof *gradient), *density = memory_raw(j->n_origins, sizeof *density);
    double *scratch = memory_raw(k + j->n_origins, sizeof *scratch);
    adamas_status status = reserve(out, n, j->n_origins, origin, error);
    if (!status && !(score && gradient && density && scratch))
        status = status_no_memory(error);
    if (!status) {
        const ratio r = {j, origin, usual_shots(v, parcel), density, scratch};
        memcpy(out->wavelength, j->fit.pipeline.out.nm, n * sizeof *out->wavelength);
        memcpy(out->parcel, v->spectrum, n * sizeof *out->parcel);
        for (size_t o = 0; o < j->n_origins; o++)
            unproject(p, j->origin_mean + o * k, out->origins + o * n);
        project(p, out->parcel, score);
        find_gradient(&r, score, gradient);
        status = find_contribution(out, j, gradient, slope, error);
    }
    free(score);
    free(gradient);
    free(density);
    free(scratch);
    if (status)
        mean_spectrum_clear(out);
    return status;
}

void mean_spectrum_clear(mean_spectrum *s)
{
    free(s->wavelength);
    free(s->parcel);
    free(s->origins);
    free(s->contribution);
    *s = (mean_spectrum){0};
}
