/* Random numbers from a counter-based generator (Philox). */
#include "random.h"

#include "constants.h"

#include <Random123/philox.h>
#include <math.h>

random_stream random_start(uint64_t seed, enum random_purpose purpose, uint64_t index, uint64_t a, uint64_t b,
                           uint64_t c)
{
    return (random_stream){.key = {seed, (uint64_t)purpose + (index << 8)}, .counter = {0, a, b, c}, .spare = NAN};
}

uint64_t random_name(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    return hash;
}

static uint64_t next(random_stream *r)
{
    if (r->left == 0) {
        philox4x64_ctr_t counter = {{r->counter[0], r->counter[1], r->counter[2], r->counter[3]}};
        philox4x64_key_t key = {{r->key[0], r->key[1]}};
        philox4x64_ctr_t block = philox4x64(counter, key);
        for (int i = 0; i < 4; i++)
            r->block[i] = block.v[i];
        r->counter[0]++;
        r->left = 4;
    }
    return r->block[--r->left];
}

double random_uniform(random_stream *r)
{
    return ((double)(next(r) >> 12) + 0.5) * 0x1p-52;
}

double random_normal(random_stream *r)
{
    if (!isnan(r->spare)) {
        double kept = r->spare;
        r->spare = NAN;
        return kept;
    }
    double radius = sqrt(-2 * log(random_uniform(r))), angle = 2 * pi * random_uniform(r);
    r->spare = radius * sin(angle);
    return radius * cos(angle);
}

static double poisson_by_inversion(double u, double mean)
{
    double term = exp(-mean), sum = term;
    int k = 0;
    while (u > sum && k < 200) {
        k++;
        term *= mean / k;
        sum += term;
    }
    return k;
}

double random_poisson(random_stream *r, double mean)
{
    if (!(mean > 0))
        return 0;
    if (mean < 30)
        return poisson_by_inversion(random_uniform(r), mean);
    double z = random_normal(r);
    return fmax(0, round(mean + sqrt(mean) * z + (z * z - 1) / 6));
}
