/* Drawing a specimen from what is assumed of its origin and its locality. */
#include "specimen.h"

#include <math.h>

/* What the specimens of a locality have in common: added to the logarithms of their origin's medians. */
typedef struct locality_effects {
    double coat[N_ELEMENTS];
    double fluid_logit;
} locality_effects;

static locality_effects locality_draw(const origins *o, const origin_prior *origin, uint64_t number, uint64_t seed)
{
    random_stream r = random_start(seed, RANDOM_LOCALITY, 0, random_name(origin->name), number, 0);
    locality_effects l;
    double common = o->scalar[COAT_LOCALITY_COMMON] * random_normal(&r);
    for (int e = 0; e < N_ELEMENTS; e++)
        l.coat[e] = common + o->scalar[COAT_LOCALITY_SPREAD] * random_normal(&r);
    l.fluid_logit = o->scalar[FLUID_LOCALITY_SPREAD] * random_normal(&r);
    return l;
}

static double draw_fluid_chance(const origin_prior *origin, const locality_effects *l)
{
    double p = origin->fluid_rich;
    return p / (p + (1 - p) * exp(-l->fluid_logit));
}

static int draw_fluid_kind(const origin_prior *origin, double u)
{
    double left = u * (origin->fluid[0] + origin->fluid[1] + origin->fluid[2]);
    for (int f = 0; f + 1 < N_FLUIDS; f++) {
        left -= origin->fluid[f];
        if (left < 0)
            return f;
    }
    return N_FLUIDS - 1;
}

/* A fluid is a mixture of its own end member and the carbonatitic one, to which both others are continuous (Weiss et
 * al. 2009). */
static void draw_fluid(specimen *s, const origins *o, const origin_prior *origin, const locality_effects *l,
                       random_stream *r)
{
    double chance = random_uniform(r), kind = random_uniform(r), own = 0.6 + 0.4 * random_uniform(r);
    double share = o->scalar[FLUID_SHARE] * exp(o->scalar[FLUID_SHARE_SPREAD] * random_normal(r));
    s->fluid_kind = chance < draw_fluid_chance(origin, l) ? draw_fluid_kind(origin, kind) : -1;
    for (int e = 0; e < N_ELEMENTS; e++) {
        double noise = random_normal(r);
        if (s->fluid_kind < 0)
            continue;
        const abundance *a = &o->fluid[s->fluid_kind], *b = &o->fluid[FLUID_CARBONATITIC];
        s->fluid_ppm[e] = share * (own * a->ppm[e] + (1 - own) * b->ppm[e]) * exp(a->spread[e] * noise);
    }
}

static void draw_coat(specimen *s, const origins *o, const origin_prior *origin, const locality_effects *l,
                      random_stream *r)
{
    double thick = exp(o->scalar[COAT_SPECIMEN_SPREAD] * random_normal(r));
    s->coated = random_uniform(r) < origin->coated;
    if (s->locality.alluvial)
        thick *= o->scalar[COAT_ALLUVIAL];
    if (s->cleaned)
        thick *= o->scalar[CLEANED_COAT];
    for (int e = 0; e < N_ELEMENTS; e++) {
        double noise = random_normal(r);
        if (s->coated)
            s->coat[e] = thick * origin->coat.ppm[e] * exp(l->coat[e] + origin->coat.spread[e] * noise);
    }
}

static void draw_dirt(specimen *s, const origins *o, random_stream *r)
{
    double amount =
        exp(o->scalar[DIRT_SPECIMEN_SPREAD] * random_normal(r)) * (s->cleaned ? o->scalar[CLEANED_DIRT] : 1);
    for (int e = 0; e < N_ELEMENTS; e++)
        s->dirt[e] = amount * o->dirt.ppm[e] * exp(o->dirt.spread[e] * random_normal(r));
}

void specimen_draw(specimen *out, const origins *o, const origin_prior *origin, uint64_t number_of_locality,
                   uint64_t number, uint64_t n_sessions, uint64_t seed)
{
    locality_effects l = locality_draw(o, origin, number_of_locality, seed);
    random_stream r = random_start(seed, RANDOM_SPECIMEN, 0, random_name(origin->name), number_of_locality, number);
    specimen s = {.origin = origin, .locality = origin_locality(origin, number_of_locality), .number = number};
    s.session = (uint64_t)(random_uniform(&r) * (double)n_sessions);
    s.carats = o->scalar[MASS_MEDIAN] * exp(o->scalar[MASS_SPREAD] * random_normal(&r));
    s.cleaned = random_uniform(&r) < o->scalar[CLEANED];
    s.ablation = exp(0.06 * random_normal(&r));
    for (int k = 0; k < N_SEGMENTS; k++)
        s.drift[k] = exp(0.008 * random_normal(&r));
    for (int e = 0; e < N_ELEMENTS; e++)
        s.gem[e] = o->gem.ppm[e] * exp(o->gem.spread[e] * random_normal(&r));
    draw_fluid(&s, o, origin, &l, &r);
    draw_coat(&s, o, origin, &l, &r);
    draw_dirt(&s, o, &r);
    *out = s;
}

const char *specimen_kind(const specimen *s)
{
    if (s->fluid_kind >= 0)
        return s->coated ? "coated fluid-rich" : "fluid-rich";
    return s->coated ? "coated" : "gem";
}
