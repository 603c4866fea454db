/* The lanes of folded rows (preprocess/folded.h). */
#ifndef PREPROCESS_FOLDED_LANES_H
#define PREPROCESS_FOLDED_LANES_H

#include "base/simd.h"

enum { FOLDED_LANES = SIMD_FLOATS };

#endif
