/* One binary for every processor of a kind: functions marked SIMD_CLONES are compiled for several generations of it,
 * and the loader takes the best that it finds. Everywhere else, and beneath sanitizers, which start too late for that,
 * they are plain C.
 *
 * The vectors are as wide as a cache line whatever the processor: the compiler splits them where its registers are
 * narrower. So lanes, and the order of sums, are the same everywhere. They are never passed by value between functions
 * that are not inlined. */
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

typedef float simd_floats __attribute__((vector_size(64)));
typedef double simd_doubles __attribute__((vector_size(64)));

#endif
