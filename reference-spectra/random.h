/* Counter-based random numbers (Philox). A number depends on its purpose and not on those drawn before, so neither the
 * number of threads nor the number of specimens changes it. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdint.h>

enum random_purpose {
    RANDOM_LOCALITY = 1,
    RANDOM_SPECIMEN,
    RANDOM_SPOT,
    RANDOM_SHOT,
    RANDOM_NOISE,
    RANDOM_INSTRUMENT,
    RANDOM_SESSION,
    RANDOM_ORDER
};

typedef struct random_stream {
    uint64_t key[2];
    uint64_t counter[4];
    uint64_t block[4];
    int left;     /* unused numbers of the block */
    double spare; /* the second of a pair of normal numbers, NaN if there is none */
} random_stream;

/* The stream of a purpose: `index` counts within it (spot, shot), a, b, c identify its owner (origin, locality,
 * specimen). */
random_stream random_start(uint64_t seed, enum random_purpose purpose, uint64_t index, uint64_t a, uint64_t b,
                           uint64_t c);

/* Hash of a text (FNV-1a). */
uint64_t random_name(const char *text);

double random_uniform(random_stream *r); /* above 0, below 1 */
double random_normal(random_stream *r);
double random_poisson(random_stream *r, double mean); /* from a mean of 30 on a normal approximation with skewness */

#endif
