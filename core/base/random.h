/* Counter-based random numbers (Philox, Salmon et al. 2011, by Random123): the k-th number of a stream is a function of
 * (seed, stream, k) alone, so results depend neither on threads nor on the order of drawing. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

typedef struct random_stream {
    uint64_t seed;
    uint64_t stream;
    uint64_t next;
} random_stream;

/* 64 uniform bits. */
uint64_t random_bits(random_stream *r);

/* Uniform on 0 ... n-1, without bias. */
size_t random_below(random_stream *r, size_t n);

/* Shuffles items (Fisher and Yates). */
void random_shuffle(random_stream *r, size_t n, size_t *items);

/* Uniform on the open interval (0, 1): the midpoints of 2^52 equal cells, so neither 0 nor 1 is ever drawn. */
double random_uniform(random_stream *r);

/* Standard normal (Box and Muller 1958); takes two uniform numbers. */
double random_normal(random_stream *r);

/* Gamma of the given shape > 0 and scale 1 (Marsaglia and Tsang 2000). For very small shapes it may underflow to 0. */
double random_gamma(random_stream *r, double shape);

#endif
