/* One binary for every processor of a kind: functions marked SIMD_CLONES are compiled for several generations of it,
 * and the loader takes the best that it finds. Everywhere else, and beneath sanitizers, which start too late for that,
 * they are plain C.
 *
 * Sums in them go in so many lanes as a cache line holds, whatever the processor: so their order is the same
 * everywhere. */
#ifndef BASE_SIMD_H
#define BASE_SIMD_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&               \
    !defined(__SANITIZE_THREAD__)
#define SIMD_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SIMD_CLONES
#endif

/* Kernels that are written in vectors stand in files of their own, *_kernel.c, which the build compiles once for each
 * width of SIMD_BYTES, with a product and a sum made one instruction: their functions' names end in it. A header
 * declares all with SIMD_KERNEL; SIMD_WIDEST(name, ...) calls that for the widest vectors that this processor has. */
#define SIMD_JOIN_(name, bytes) name##_##bytes
#define SIMD_JOIN(name, bytes)  SIMD_JOIN_(name, bytes)
#define SIMD_NAME(name)         SIMD_JOIN(name, SIMD_BYTES)
#define SIMD_KERNEL(type, name, ...)                                                                                   \
    type name##_16 __VA_ARGS__;                                                                                        \
    type name##_32 __VA_ARGS__;                                                                                        \
    type name##_64 __VA_ARGS__

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SIMD_WIDER 1 /* than 16 bytes: the build makes those kernels, too */
static inline int simd_bytes(void)
{
    return __builtin_cpu_supports("x86-64-v4") ? 64 : __builtin_cpu_supports("x86-64-v3") ? 32 : 16;
}
#define SIMD_WIDEST(name, ...)                                                                                         \
    (simd_bytes() == 64 ? name##_64(__VA_ARGS__) : simd_bytes() == 32 ? name##_32(__VA_ARGS__) : name##_16(__VA_ARGS__))
#else
static inline int simd_bytes(void)
{
    return 16;
}
#define SIMD_WIDEST(name, ...) name##_16(__VA_ARGS__)
#endif

/* Of a helper that is to be compiled into each clone of its callers. */
#define SIMD_INLINE static inline __attribute__((always_inline))

enum { SIMD_FLOATS = 16, SIMD_DOUBLES = 8 };

#endif
