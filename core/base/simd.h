/* One binary for all processors of an architecture: functions marked SIMD_CLONES are compiled for several levels of
 * x86-64, and the loader selects the best one for the processor. On other architectures, and with sanitizers, which are
 * initialised too late for that, they are plain C.
 *
 * Sums in them use SIMD_FLOATS or SIMD_DOUBLES lanes (a cache line) on every processor, so that the order of summation
 * is the same everywhere. */
#ifndef BASE_SIMD_H
#define BASE_SIMD_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&               \
    !defined(__SANITIZE_THREAD__)
#define SIMD_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SIMD_CLONES
#endif

/* Kernels that use vector types are in files of their own, *_kernel.c, which the build compiles once for each vector
 * width SIMD_BYTES, with fused multiply-add. The width is appended to the names of their functions. A header declares
 * them for all widths with SIMD_KERNEL; SIMD_WIDEST(name, ...) calls the one for the widest vectors of this processor.
 */
#define SIMD_JOIN_(name, bytes) name##_##bytes
#define SIMD_JOIN(name, bytes)  SIMD_JOIN_(name, bytes)
#define SIMD_NAME(name)         SIMD_JOIN(name, SIMD_BYTES)
#define SIMD_KERNEL(type, name, ...)                                                                                   \
    type name##_16 __VA_ARGS__;                                                                                        \
    type name##_32 __VA_ARGS__;                                                                                        \
    type name##_64 __VA_ARGS__

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SIMD_WIDER 1 /* than 16 bytes: kernels are compiled for 32 and 64, too */
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

/* For a helper that is to be compiled into each clone of its callers. */
#define SIMD_INLINE static inline __attribute__((always_inline))

enum { SIMD_FLOATS = 16, SIMD_DOUBLES = 8 };

#endif
