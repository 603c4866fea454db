#include "base/random.h"

#include <Random123/philox.h>

uint64_t random_bits(random_stream *r)
{
    philox2x64_ctr_t counter = {{r->next++, r->stream}};
    philox2x64_key_t key = {{r->seed}};
    return philox2x64(counter, key).v[0];
}

size_t random_below(random_stream *r, size_t n)
{
    uint64_t rest = (UINT64_MAX % n + 1) % n; /* the incomplete last round of remainders is thrown away */
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
