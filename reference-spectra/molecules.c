/* Energy levels, partition functions and equilibrium constants of diatomic molecules, and their bands. */
#include "molecules.h"

#include "constants.h"
#include "elements.h"
#include "lines.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_N = 170, MAX_V = 40, N_TEMPERATURES = 20 };
static const double min_temperature = 2600, temperature_step = 400; /* K, of the band tables */

/* Full width of the rotational lines, nm: more than the Doppler width, so that the grid resolves them, and well below
 * the line width of any spectrometer. */
static const double rotational_width = 0.02;

static double vibration(const state *s, int v)
{
    double h = v + 0.5;
    return h * (s->we - h * (s->wexe - h * s->weye));
}

static double rotation_constant(const state *s, int v)
{
    double h = v + 0.5;
    return s->be - h * (s->alpha - h * s->gamma);
}

static double rotation(const state *s, int v, int n)
{
    double j = (double)n * (n + 1);
    return j * (rotation_constant(s, v) - s->de * j);
}

double molecule_level(const state *s, int v, int n)
{
    return s->te + vibration(s, v) + rotation(s, v, n);
}

double air_of_wavenumber(double wavenumber)
{
    /* Edlén (1966), as in Morton (2000). */
    double s = wavenumber * 1e-4, s2 = s * s;
    double index = 1 + 8.34254e-5 + 2.406147e-2 / (130 - s2) + 1.5998e-4 / (38.9 - s2);
    return 1e7 / wavenumber / index;
}

static double state_partition(const state *s, double zero_point, double temperature)
{
    double kt = temperature / hc_over_k_cm, sum = 0;
    for (int v = 0; v < MAX_V && (v == 0 || vibration(s, v) > vibration(s, v - 1)); v++) {
        double b = rotation_constant(s, v);
        if (b > 0)
            sum += exp(-(s->te + vibration(s, v) - zero_point) / kt) * kt / b;
    }
    return s->weight * sum;
}

double molecule_partition(int which, double temperature)
{
    const molecule *m = &molecule_table[which];
    double zero_point = vibration(&m->states[0], 0), sum = 0;
    for (int i = 0; i < m->n_states; i++)
        sum += state_partition(&m->states[i], zero_point, temperature);
    return sum / (m->atom[0] == m->atom[1] ? 2 : 1);
}

double molecule_equilibrium(int which, double temperature)
{
    const molecule *m = &molecule_table[which];
    double a = element_table[m->atom[0]].mass, b = element_table[m->atom[1]].mass;
    double apart = mass_action * pow(a * b / (a + b) * temperature, 1.5) *
                   plasma_partition(m->atom[0], 0, temperature) * plasma_partition(m->atom[1], 0, temperature) /
                   molecule_partition(which, temperature);
    return exp(m->dissociation / (boltzmann_ev * temperature)) / apart;
}

/* One rotational line of a band. */
typedef struct rotational_line {
    double nm, gf, lower; /* lower: 1/cm above the ground state's v = 0 */
} rotational_line;

static void add_rotational_line(const band_table *t, const grid *g, const rotational_line *r)
{
    double scale = 1.6651092223153954 / rotational_width;
    size_t first = grid_find(g, r->nm - 1.6 * rotational_width), end = grid_find(g, r->nm + 1.6 * rotational_width);
    double area[N_TEMPERATURES];
    for (int k = 0; k < N_TEMPERATURES; k++) {
        double cm = r->nm * 1e-7, kt = (min_temperature + k * temperature_step) / hc_over_k_cm;
        area[k] = pi_electron_radius_cm * cm * cm * r->gf * exp(-r->lower / kt) * 0.5641895835 * scale * 1e7;
    }
    for (size_t i = first; i < end; i++) {
        if (i < t->first || i >= t->first + t->n)
            continue;
        double x = (g->nm[i] - r->nm) * scale, shape = exp(-x * x);
        for (int k = 0; k < N_TEMPERATURES; k++)
            t->area[(size_t)k * t->n + i - t->first] += (float)(area[k] * shape);
    }
}

/* P branch: N'' = N' + 1, strength N' + 1; R branch: N'' = N' - 1, strength N'. */
static void add_band(const band_table *t, const grid *g, const molecule *m, int upper_v, int lower_v, double a)
{
    const state *up = &m->states[m->bands->upper], *low = &m->states[m->bands->lower];
    double zero_point = vibration(&m->states[0], 0);
    double weight = up->weight / (m->atom[0] == m->atom[1] ? 2 : 1);
    for (int n = 0; n < MAX_N; n++)
        for (int branch = -1; branch <= 1; branch += 2) {
            int lower_n = n - branch;
            if (lower_n < 0)
                continue;
            double lower = molecule_level(low, lower_v, lower_n), wave = molecule_level(up, upper_v, n) - lower;
            double strength = branch < 0 ? n + 1 : n;
            rotational_line r = {air_of_wavenumber(wave), 0, lower - zero_point};
            r.gf = gf_from_ga(r.nm, weight * strength * a);
            add_rotational_line(t, g, &r);
        }
}

/* Transition rates are proportional to q nu^3; the factor follows from the lifetime of v' = 0. */
static double rate_scale(const molecule *m)
{
    const state *up = &m->states[m->bands->upper], *low = &m->states[m->bands->lower];
    double sum = 0;
    for (int v = 0; v < N_FC_LOWER; v++)
        sum += m->bands->fc[0][v] * pow(molecule_level(up, 0, 0) - molecule_level(low, v, 0), 3);
    return 1 / (m->bands->lifetime * sum);
}

int band_table_make(band_table *out, int which, const grid *g)
{
    const molecule *m = &molecule_table[which];
    const band_system *b = m->bands;
    band_table t = {.first = grid_find(g, b->first_nm)};
    t.n = grid_find(g, b->last_nm) - t.first;
    t.area = calloc(N_TEMPERATURES * t.n, sizeof *t.area);
    if (!t.area)
        return 0;
    double scale = rate_scale(m);
    for (int u = 0; u < N_FC_UPPER; u++)
        for (int l = 0; l < N_FC_LOWER; l++) {
            double wave = molecule_level(&m->states[b->upper], u, 0) - molecule_level(&m->states[b->lower], l, 0);
            if (b->fc[u][l] > 1e-3)
                add_band(&t, g, m, u, l, scale * b->fc[u][l] * pow(wave, 3));
        }
    for (int k = 0; k < N_TEMPERATURES; k++) {
        float per_molecule = (float)(1 / molecule_partition(which, min_temperature + k * temperature_step));
        for (size_t i = 0; i < t.n; i++)
            t.area[(size_t)k * t.n + i] *= per_molecule;
    }
    *out = t;
    return 1;
}

void band_table_clear(band_table *t)
{
    free(t->area);
    *t = (band_table){0};
}

void band_table_add(const band_table *t, double temperature, double column, float *tau)
{
    double at = fmin(fmax((temperature - min_temperature) / temperature_step, 0), N_TEMPERATURES - 1.001);
    size_t k = (size_t)at;
    const float *a = t->area + k * t->n, *b = a + t->n;
    float left = (float)(column * (1 - (at - (double)k))), right = (float)(column * (at - (double)k));
    float *to = tau + t->first;
#pragma omp simd
    for (size_t i = 0; i < t->n; i++)
        to[i] += left * a[i] + right * b[i];
}
