/* One binary for every processor of a kind: functions marked SIMD_CLONES are compiled for several generations of it,
 * and the loader takes the best that it finds. Everywhere else, and beneath sanitizers, which start too late for that,
 * they are plain C.
 *
 * Sums go in so many lanes as a cache line holds, whatever the processor: so their order is the same everywhere. */
#ifndef BASE_SIMD_H
#define BASE_SIMD_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&               \
    !defined(__SANITIZE_THREAD__)
#define SIMD_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SIMD_CLONES
#endif

/* Of a helper that is to be compiled into each clone of its callers. */
#define SIMD_INLINE static inline __attribute__((always_inline))

enum { SIMD_FLOATS = 16, SIMD_DOUBLES = 8 };

#endif
