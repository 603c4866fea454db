/* Drawing one shot: its spot, the composition of what it ablates, and the state of its plume. */
#include "shot.h"

#include <math.h>

static const double core_temperature = 11800;       /* K */
static const double core_electrons = 1.2e17;        /* 1/cm3 */
static const double argon_temperature_ratio = 1.05; /* assumed */
static const double late_gas_ratio = 2.0;   /* assumed: share of gas in the late plume over that in the early one */
static const double argon_impurity = 0.002; /* nitrogen, assumed */

static random_stream stream_of(const specimen *s, enum random_purpose purpose, uint64_t index, uint64_t seed)
{
    return random_start(seed, purpose, index, random_name(s->origin->name), s->locality.number, s->number);
}

random_stream shot_noise(const specimen *s, uint64_t number, uint64_t seed)
{
    return stream_of(s, RANDOM_NOISE, number, seed);
}

/* A spot: factors on the composition of its specimen, and an inclusion if the laser hits one. */
typedef struct spot {
    double ablation, coat, fluid, dirt;
    double inclusion; /* share of the ablated mass */
    int mineral;
} spot;

static spot spot_draw(const specimen *s, const origins *o, uint64_t number, uint64_t seed)
{
    random_stream r = stream_of(s, RANDOM_SPOT, number, seed);
    double spread = o->scalar[SPOT_SPREAD];
    spot p;
    p.ablation = exp(0.05 * random_normal(&r));
    p.coat = exp(spread * random_normal(&r));
    p.fluid = exp(spread * random_normal(&r));
    p.dirt = exp(spread * random_normal(&r));
    p.inclusion = o->scalar[INCLUSION_SHARE] * exp(random_normal(&r));
    if (random_uniform(&r) >= o->scalar[INCLUSION_CHANCE])
        p.inclusion = 0;
    p.mineral = (int)(random_uniform(&r) * N_MINERALS);
    return p;
}

/* Coating and dirt decrease exponentially with the number of shots on a spot. */
static void trace_composition(double ppm[N_ELEMENTS], const specimen *s, const origins *o, const spot *p,
                              uint64_t depth)
{
    double coat = p->coat * exp(-(double)depth / o->scalar[COAT_SHOTS]);
    double dirt = p->dirt * exp(-(double)depth / o->scalar[DIRT_SHOTS]);
    for (int e = 0; e < N_ELEMENTS; e++)
        ppm[e] = s->gem[e] + p->fluid * s->fluid_ppm[e] + coat * s->coat[e] + dirt * s->dirt[e] +
                 p->inclusion * o->mineral[p->mineral].ppm[e];
}

static void gas_composition(double gas[N_ELEMENTS], int which, double humidity)
{
    for (int e = 0; e < N_ELEMENTS; e++)
        gas[e] = 0;
    double air = which == GAS_AIR ? 1 : argon_impurity;
    gas[EL_N] = 0.781 * air * (1 - humidity);
    gas[EL_O] = 0.210 * air * (1 - humidity);
    gas[EL_H] = humidity * air;
    gas[EL_AR] = 1 - gas[EL_N] - gas[EL_O] - gas[EL_H];
}

/* Diamond with its trace elements, mixed with a share of gas. */
static void mix(mixture *out, const double ppm[N_ELEMENTS], const double gas[N_ELEMENTS], double share)
{
    double sum = 1;
    for (int e = 0; e < N_ELEMENTS; e++)
        sum += out->atoms[e] = ppm[e] * 1e-6 * element_table[EL_C].mass / element_table[e].mass;
    out->atoms[EL_C] += 1;
    for (int e = 0; e < N_ELEMENTS; e++)
        out->atoms[e] = (1 - share) * out->atoms[e] / sum + share * gas[e];
}

void shot_plume(plume *out, const specimen *s, const origins *o, const session *day, int gas, uint64_t number,
                uint64_t seed)
{
    spot p = spot_draw(s, o, number / SHOTS_PER_SPOT, seed);
    random_stream r = stream_of(s, RANDOM_SHOT, number, seed);
    double a = random_normal(&r), b = random_normal(&r), c = random_normal(&r);
    /* Cholesky of the correlations: mass and temperature -0.2, mass and electrons 0.5, temperature and electrons 0.4.
     */
    double mass = a, heat = -0.2 * a + 0.979796 * b, electrons = 0.5 * a + 0.510310 * b + 0.699854 * c;
    out->mass = s->ablation * p.ablation * exp(0.18 * mass);
    out->temperature = core_temperature * exp(0.025 * heat) * (gas == GAS_ARGON ? argon_temperature_ratio : 1);
    out->electrons = core_electrons * exp(0.09 * electrons);
    out->gas = gas;
    double ppm[N_ELEMENTS], around[N_ELEMENTS];
    trace_composition(ppm, s, o, &p, number % SHOTS_PER_SPOT);
    gas_composition(around, gas, day->humidity);
    mix(&out->early, ppm, around, day->gas_share);
    mix(&out->late, ppm, around, fmin(late_gas_ratio * day->gas_share, 0.9));
}
