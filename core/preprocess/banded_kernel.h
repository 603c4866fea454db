/* The sweeps of banded.c, by the width of vectors. */
#ifndef PREPROCESS_BANDED_KERNEL_H
#define PREPROCESS_BANDED_KERNEL_H

#include "base/simd.h"
#include "preprocess/folded.h"

#include <stddef.h>

/* Of a record: D^-1 and the diagonals of L beside the main one, at each lane's channel. */
typedef struct banded_factors {
    double inverse[FOLDED_LANES];
    double first[FOLDED_LANES];
    double second[FOLDED_LANES];
} banded_factors;

/* The factors of records -2 and on, the first two of which are the lanes' before; those of records alike - 2 ... unlike
 * - 1 are the same in all lanes, and from record to record. Where none are, both are a record's number all the same. */
typedef struct banded_sweep {
    const banded_factors *record;
    size_t alike, unlike;
} banded_sweep;

/* The last two numbers of a recurrence, in each lane. */
typedef struct banded_recent {
    _Alignas(64) double last[FOLDED_LANES];
    double before_last[FOLDED_LANES];
} banded_recent;

/* v = L^-1 y, and x = L'^-1 D^-1 v in the reverse order, of records begin ... end - 1; kept: in place of at's. */
SIMD_KERNEL(void, banded_forward_kernel,
            (const banded_sweep *s, float *at, size_t begin, size_t end, int kept, banded_recent *recent));
SIMD_KERNEL(void, banded_backward_kernel,
            (const banded_sweep *s, float *at, size_t begin, size_t end, int kept, banded_recent *recent));

#endif
