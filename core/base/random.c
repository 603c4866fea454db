/* Random numbers of several distributions, from the bits of Philox. */
#include "base/random.h"

#include <Random123/philox.h>

#include <math.h>

uint64_t random_bits(random_stream *r)
{
    philox2x64_ctr_t counter = {{r->next++, r->stream}};
    philox2x64_key_t key = {{r->seed}};
    return philox2x64(counter, key).v[0];
}

size_t random_below(random_stream *r, size_t n)
{
    uint64_t rest = (UINT64_MAX % n + 1) % n; /* bits in the incomplete last cycle of remainders are rejected */
    uint64_t bits = random_bits(r);
    while (rest && bits > UINT64_MAX - rest)
        bits = random_bits(r);
    return (size_t)(bits % n);
}

void random_shuffle(random_stream *r, size_t n, size_t *items)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = random_below(r, i);
        size_t kept = items[i - 1];
        items[i - 1] = items[j];
        items[j] = kept;
    }
}

double random_uniform(random_stream *r)
{
    return ((double)(random_bits(r) >> 12) + 0.5) * 0x1p-52; /* 52 bits and a half: exact in the 53 of a double */
}

double random_normal(random_stream *r)
{
    double radius = sqrt(-2 * log(random_uniform(r)));
    return radius * cos(6.283185307179586 * random_uniform(r));
}

/* Marsaglia and Tsang 2000, "A simple method for generating gamma variables", for shape >= 1: d (1 + c x)^3 of a normal
 * x, accepted or rejected. */
static double gamma_from_one(random_stream *r, double shape)
{
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = random_normal(r);
        double root = 1 + c * x, v = root * root * root;
        double u = random_uniform(r);
        if (v > 0 && log(u) < 0.5 * x * x + d * (1 - v + log(v)))
            return d * v;
    }
}

double random_gamma(random_stream *r, double shape)
{
    if (shape >= 1)
        return gamma_from_one(r, shape);
    double above = gamma_from_one(r, shape + 1); /* their section 6: from a shape larger by 1 */
    return above * pow(random_uniform(r), 1 / shape);
}
