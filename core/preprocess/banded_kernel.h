/* The sweeps of banded.c, one kernel for each width of SIMD vectors. */
#ifndef PREPROCESS_BANDED_KERNEL_H
#define PREPROCESS_BANDED_KERNEL_H

#include "base/simd.h"
#include "preprocess/folded_lanes.h"

#include <stddef.h>

/* The factors of a record: D^-1 and the diagonals of L beside the main one, at each lane's channel. */
typedef struct banded_factors {
    double inverse[FOLDED_LANES];
    double first[FOLDED_LANES];
    double second[FOLDED_LANES];
} banded_factors;

/* record[-2] and record[-1] are the factors of the channels before each lane. Those of records constant_begin - 2 ...
 * constant_end - 1 are the same in all lanes and from record to record; if there are none, both are the number of a
 * record. */
typedef struct banded_sweep {
    const banded_factors *record;
    size_t constant_begin, constant_end;
} banded_sweep;

/* The last two values of a recurrence, in each lane. */
typedef struct banded_recent {
    _Alignas(64) double last[FOLDED_LANES];
    double before_last[FOLDED_LANES];
} banded_recent;

/* v = L^-1 y, and x = L'^-1 D^-1 v in the reverse order, in records begin ... end - 1 of `at`; store: the result
 * replaces them, else only *recent is computed. */
SIMD_KERNEL(void, banded_forward_kernel,
            (const banded_sweep *s, float *at, size_t begin, size_t end, int store, banded_recent *recent));
SIMD_KERNEL(void, banded_backward_kernel,
            (const banded_sweep *s, float *at, size_t begin, size_t end, int store, banded_recent *recent));

#endif
