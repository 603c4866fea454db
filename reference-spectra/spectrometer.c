/* The spectrometer: line shape, pixels, response and noise. */
#include "spectrometer.h"

#include "constants.h"

#include <math.h>
#include <stdlib.h>

static const double low_edge[N_SEGMENTS] = {200, 317.6, 461.6, 635.6}; /* nm: neighbouring detectors overlap */
static const double high_edge[N_SEGMENTS] = {318.4, 462.4, 636.4, 900};
static const double line_width[N_SEGMENTS] = {0.10, 0.12, 0.15, 0.22}; /* nm, full width at half maximum */
static const double sensitivity[N_SEGMENTS] = {0.55, 1.0, 1.0, 1.25};  /* assumed */
static const double counts_per_light = 2.6e4; /* assumed: an average shot in air reaches two thirds of full scale */

/* Deviations of a detector from the nominal one: the instrument's plus smaller ones of the session. */
typedef struct detector_error {
    double gain, offset, width, tilt, vignetting, etalon_phase, etalon_period;
} detector_error;

static double pixel_width(int segment)
{
    return (high_edge[segment] - low_edge[segment]) / SEGMENT_PIXELS;
}

void spectrometer_axis(double nm[N_PIXELS])
{
    for (int s = 0; s < N_SEGMENTS; s++)
        for (int i = 0; i < SEGMENT_PIXELS; i++)
            nm[s * SEGMENT_PIXELS + i] = low_edge[s] + (i + 0.5) * pixel_width(s);
}

const char *spectrometer_name(uint64_t number)
{
    return number % 2 ? "simulated four-channel spectrometer A" : "simulated four-channel spectrometer B";
}

static void add_detector_errors(detector_error f[N_SEGMENTS], random_stream *r, double share)
{
    for (int s = 0; s < N_SEGMENTS; s++) {
        f[s].gain += 0.06 * share * random_normal(r);
        f[s].offset += 0.02 * share * random_normal(r);
        f[s].width += 0.04 * share * random_normal(r);
        f[s].tilt += 0.05 * share * random_normal(r);
        f[s].vignetting += 0.08 * share * random_uniform(r);
        f[s].etalon_phase += 2 * pi * share * random_uniform(r);
        f[s].etalon_period += 0.5 * share * random_uniform(r);
    }
}

/* Optics and detectors are less sensitive in the ultraviolet and the near infrared, and at a detector's edges; a
 * back-thinned detector has etalon fringes in the red. */
static double response(const detector_error *f, int s, double nm)
{
    double across = (nm - low_edge[s]) / (high_edge[s] - low_edge[s]) * 2 - 1;
    double optics = (1 - 0.85 * exp(-(nm - 190) / 70)) / (1 + exp((nm - 880) / 60));
    double ripple = nm > 650 ? 0.02 * sin(2 * pi * nm / (5 + f->etalon_period) + f->etalon_phase) : 0;
    return sensitivity[s] * optics * exp(f->gain) * (1 + f->tilt * across) *
           (1 - (0.10 + f->vignetting) * across * across) * (1 + ripple);
}

/* The range of wavelengths that contributes to a pixel: its true edges, and the reach of the line shape. */
typedef struct window {
    double low, high, sigma;
    size_t first, end;
} window;

static window pixel_window(const grid *g, const detector_error *f, int s, int i)
{
    double shift = f->offset;
    window w = {low_edge[s] + i * pixel_width(s) + shift, low_edge[s] + (i + 1) * pixel_width(s) + shift,
                line_width[s] * (1 + f->width) / 2.3548, 0, 0};
    w.first = grid_find(g, w.low - 3.2 * w.sigma);
    w.end = grid_find(g, w.high + 3.2 * w.sigma);
    return w;
}

static void fill_weights(float *weight, const grid *g, const window *w, double counts)
{
    double scale = 1 / (w->sigma * sqrt(2));
    for (size_t k = w->first; k < w->end; k++) {
        double share = 0.5 * (erf((w->high - g->nm[k]) * scale) - erf((w->low - g->nm[k]) * scale));
        weight[k - w->first] = (float)(share * counts * g->step[k]);
    }
}

static int weights_make(session *out, const grid *g, const detector_error f[N_SEGMENTS], random_stream *r)
{
    size_t n_weights = 0;
    for (int p = 0; p < N_PIXELS; p++) {
        window w = pixel_window(g, &f[p / SEGMENT_PIXELS], p / SEGMENT_PIXELS, p % SEGMENT_PIXELS);
        out->start[p] = n_weights;
        out->first[p] = w.first;
        n_weights += w.end - w.first;
    }
    out->start[N_PIXELS] = n_weights;
    out->weight = malloc(n_weights * sizeof *out->weight);
    if (!out->weight)
        return 0;
    for (int p = 0; p < N_PIXELS; p++) {
        int s = p / SEGMENT_PIXELS;
        window w = pixel_window(g, &f[s], s, p % SEGMENT_PIXELS);
        double pixel = 1 + 0.005 * random_normal(r);
        fill_weights(out->weight + out->start[p], g, &w, counts_per_light * pixel * response(&f[s], s, w.low));
    }
    return 1;
}

int session_make(session *out, const grid *g, uint64_t seed, uint64_t number)
{
    detector_error f[N_SEGMENTS] = {{0}};
    random_stream instrument = random_start(seed, RANDOM_INSTRUMENT, 0, number % 2, 0, 0);
    random_stream day = random_start(seed, RANDOM_SESSION, 0, number, 0, 0);
    add_detector_errors(f, &instrument, 1.0);
    add_detector_errors(f, &day, 0.3);
    out->gas_share = 0.30 * exp(0.08 * random_normal(&day));
    out->humidity = 0.010 * exp(0.4 * random_normal(&day));
    for (int p = 0; p < N_PIXELS; p++)
        out->dark[p] = (float)(3 * random_normal(&instrument) + random_normal(&day));
    return weights_make(out, g, f, &instrument);
}

void session_clear(session *s)
{
    free(s->weight);
    s->weight = NULL;
}

void session_expose(const session *s, const float *photons, float *counts)
{
    for (int p = 0; p < N_PIXELS; p++) {
        const float *weight = s->weight + s->start[p], *light = photons + s->first[p];
        size_t n = s->start[p + 1] - s->start[p];
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (size_t k = 0; k < n; k++)
            sum += weight[k] * light[k];
        counts[p] = sum;
    }
}

void spectrometer_noise(const session *s, random_stream *r, float *counts)
{
    for (int p = 0; p < N_PIXELS; p++) {
        double light = random_poisson(r, counts[p]);
        double read = light + read_noise * random_normal(r) + s->dark[p];
        counts[p] = (float)fmin(round(read), full_scale);
    }
}
