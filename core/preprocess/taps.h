/* The weights of a convolution, which are symmetric or antisymmetric about the middle one. */
#ifndef PREPROCESS_TAPS_H
#define PREPROCESS_TAPS_H

#include <stddef.h>

typedef struct taps {
    size_t half;     /* taps on each side of the middle one */
    int odd;         /* 1: antisymmetric, the left taps are the negative of the right ones; 0: symmetric */
    float weights[]; /* [half + 1]: the middle one, then those on the right */
} taps;

#endif
