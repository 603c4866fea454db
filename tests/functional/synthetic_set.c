/* Synthetic spectra: Gaussian lines whose strengths depend on origin and specimen, a background and noise. */
#include "synthetic_set.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const synthetic_shape synthetic_library = {3, 6, 4, 300, 300, 0.1, 1, "stone", 0};
const synthetic_shape synthetic_parcel = {3, 2, 4, 300, 300, 0.1, 7, "seized", 1};

static const char *const countries[] = {"alpha", "beta", "gamma"};
static const char *const fields[] = {"east", "west"};
static const char *const days[] = {"monday", "tuesday", "friday"};
static const char *const parcels[] = {"p1", "p2", "p3"};

/* SplitMix64 (Steele, Lea & Flood 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

/* Mean 0, standard deviation 1: the sum of four uniform numbers. */
static double noise(uint64_t *state)
{
    uint64_t bits = next_random(state);
    double sum =
        (double)(bits & 0xFFFF) + (double)(bits >> 16 & 0xFFFF) + (double)(bits >> 32 & 0xFFFF) + (double)(bits >> 48);
    return (sum / 65535 - 2) * sqrt(3);
}

static void *allocate(size_t n, size_t size)
{
    void *block = calloc(n, size);
    if (!block)
        abort();
    return block;
}

enum { n_lines = 8 };

/* Positions of the lines as fractions of the axis. Each of the first three is stronger in one of the origins. */
static const double line_position[n_lines] = {0.08, 0.2, 0.33, 0.45, 0.52, 0.66, 0.79, 0.93};

static void draw_strengths(double *strength, size_t origin, uint64_t *state)
{
    for (size_t l = 0; l < n_lines; l++)
        strength[l] = 400 * (1 + (double)(l % 3)) * exp(0.15 * noise(state));
    strength[origin % 3] *= 1.6;
}

static void draw_shot(float *row, const synthetic_shape *shape, const double *strength, uint64_t *state)
{
    double n = (double)shape->n_channels, energy = exp(0.05 * noise(state));
    for (size_t c = 0; c < shape->n_channels; c++) {
        double value = 120 + 60 * sin(3 * (double)c / n);
        for (size_t l = 0; l < n_lines; l++) {
            double distance = ((double)c - line_position[l] * n) / 2.5;
            value += distance * distance < 50 ? strength[l] * exp(-distance * distance / 2) : 0;
        }
        row[c] = (float)(energy * value + 4 * noise(state));
    }
}

static void draw_set(synthetic_set *s, const synthetic_shape *shape)
{
    uint64_t state = shape->seed;
    for (size_t k = 0; k < s->n_specimens; k++) {
        double strength[n_lines];
        size_t origin = k % shape->n_origins;
        snprintf(s->ids[k], sizeof *s->ids, "%s-%zu", shape->prefix, k + 1);
        snprintf(s->paths[k], sizeof *s->paths, "%s/%s", countries[origin % 3], fields[k / shape->n_origins % 2]);
        s->origin[k] = shape->is_parcel ? NULL : s->paths[k];
        draw_strengths(strength, origin, &state);
        for (size_t i = k * shape->n_shots; i < (k + 1) * shape->n_shots; i++) {
            s->specimen[i] = s->ids[k];
            draw_shot(s->intensity + i * s->n_channels, shape, strength, &state);
        }
    }
}

static void require_ok(adamas_status status, const adamas_error *error)
{
    if (!status)
        return;
    fprintf(stderr, "synthetic set: %s\n", error->message);
    abort();
}

static void set_columns(adamas_spectra *set, const synthetic_set *s)
{
    adamas_error error = {0};
    size_t per = s->n_shots / s->n_specimens;
    const char **session = allocate(s->n_shots, sizeof *session), **parcel = allocate(s->n_specimens, sizeof *parcel);
    double *shot = allocate(s->n_shots, sizeof *shot);
    for (size_t i = 0; i < s->n_shots; i++) {
        session[i] = days[i / per / 3 % 3];
        shot[i] = (double)(i % per + 1);
    }
    for (size_t k = 0; k < s->n_specimens; k++)
        parcel[k] = parcels[k / 3 % 3];
    require_ok(adamas_spectra_set_text(set, ADAMAS_SHOTS, "session", s->n_shots, session, &error), &error);
    require_ok(adamas_spectra_set_numbers(set, ADAMAS_SHOTS, "shot", s->n_shots, shot, &error), &error);
    require_ok(adamas_spectra_set_text(set, ADAMAS_SPECIMENS, "parcel", s->n_specimens, parcel, &error), &error);
    if (s->origin[0])
        require_ok(adamas_spectra_set_text(set, ADAMAS_SPECIMENS, "origin", s->n_specimens, s->origin, &error), &error);
    free(session);
    free(parcel);
    free(shot);
}

adamas_spectra *synthetic_lend(const synthetic_set *s, int is_bare)
{
    adamas_error error = {0};
    adamas_spectra *set;
    require_ok(adamas_spectra_lend(&set, s->n_shots, s->n_channels, s->intensity, s->wavelength, &error), &error);
    require_ok(adamas_spectra_set_text(set, ADAMAS_SHOTS, "specimen", s->n_shots, s->specimen, &error), &error);
    if (!is_bare)
        set_columns(set, s);
    return set;
}

synthetic_set synthetic_make(synthetic_shape shape)
{
    synthetic_set s = {.n_specimens = shape.n_origins * shape.n_specimens, .n_channels = shape.n_channels};
    s.n_shots = s.n_specimens * shape.n_shots;
    s.intensity = allocate(s.n_shots * s.n_channels, sizeof *s.intensity);
    s.wavelength = allocate(s.n_channels, sizeof *s.wavelength);
    s.ids = allocate(s.n_specimens, sizeof *s.ids);
    s.paths = allocate(s.n_specimens, sizeof *s.paths);
    s.specimen = allocate(s.n_shots, sizeof *s.specimen);
    s.origin = allocate(s.n_specimens, sizeof *s.origin);
    for (size_t c = 0; c < s.n_channels; c++)
        s.wavelength[c] = shape.first_nm + shape.step_nm * (double)c;
    draw_set(&s, &shape);
    s.spectra = synthetic_lend(&s, 0);
    return s;
}

void synthetic_free(synthetic_set *s)
{
    adamas_spectra_free(s->spectra);
    free(s->intensity);
    free(s->wavelength);
    free(s->ids);
    free(s->paths);
    free(s->specimen);
    free(s->origin);
}
