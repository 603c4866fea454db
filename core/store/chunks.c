#include "store/chunks.h"

#include "base/memory.h"
#include "base/simd.h"

#include <errno.h>
#include <libdeflate.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One thread's room. The band stays unpacked for the next request, which often goes on within it. */
typedef struct bench {
    struct bench *next;
    struct libdeflate_decompressor *inflater;
    unsigned char *packed; /* one chunk as it lies in the file */
    size_t packed_size;
    unsigned char *band; /* [across] chunks, inflated */
    char *is_shuffled;   /* [across] */
    uint64_t number;     /* which band that is */
    int is_filled;       /* is it whole? */
} bench;

struct chunks {
    chunk_source source;
    uint64_t across; /* chunks side by side */
    size_t values;   /* of a chunk */
    size_t bytes;
    pthread_mutex_t lock; /* over the list */
    bench *idle;          /* the last used first */
};

enum { most_across = 4096, most_band = 64 << 20 };

/* What deflate makes larger it makes hardly larger: more than this is no chunk of ours. */
static size_t most_packed(const chunks *c)
{
    return 2 * c->bytes + 1024;
}

int chunks_fit(const chunk_source *source)
{
    uint64_t values, bytes, across;
    if (!source->rows || !source->cols || !source->chunk_rows || !source->chunk_cols)
        return 0;
    across = (source->cols - 1) / source->chunk_cols + 1;
    return across <= most_across && !__builtin_mul_overflow(source->chunk_rows, source->chunk_cols, &values) &&
           !__builtin_mul_overflow(values, across * sizeof(float), &bytes) && bytes <= most_band;
}

adamas_status chunks_new(chunks **out, const chunk_source *source, adamas_error *error)
{
    chunks *c = *out = memory_new(1, sizeof *c);
    if (!c)
        return status_no_memory(error);
    c->source = *source;
    c->across = (source->cols - 1) / source->chunk_cols + 1;
    c->values = source->chunk_rows * source->chunk_cols;
    c->bytes = c->values * sizeof(float);
    pthread_mutex_init(&c->lock, NULL);
    return ADAMAS_OK;
}

static void bench_free(bench *b)
{
    if (!b)
        return;
    libdeflate_free_decompressor(b->inflater);
    free(b->packed);
    free(b->band);
    free(b->is_shuffled);
    free(b);
}

void chunks_free(chunks *c)
{
    if (!c)
        return;
    for (bench *b = c->idle, *next; b; b = next) {
        next = b->next;
        bench_free(b);
    }
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static bench *bench_new(const chunks *c)
{
    bench *b = memory_new(1, sizeof *b);
    if (!b)
        return NULL;
    b->inflater = libdeflate_alloc_decompressor();
    b->band = memory_raw(c->across, c->bytes);
    b->is_shuffled = memory_new(c->across, 1);
    if (b->inflater && b->band && b->is_shuffled)
        return b;
    bench_free(b);
    return NULL;
}

/* The bench that has the wanted band, else the one that lay idle longest, else a new one; NULL without memory. */
static bench *take_bench(chunks *c, uint64_t number)
{
    pthread_mutex_lock(&c->lock);
    bench **at = &c->idle;
    while (*at && !((*at)->is_filled && (*at)->number == number) && (*at)->next)
        at = &(*at)->next;
    bench *b = *at;
    if (b)
        *at = b->next;
    pthread_mutex_unlock(&c->lock);
    return b ? b : bench_new(c);
}

static void give_back(chunks *c, bench *b)
{
    if (!b)
        return;
    pthread_mutex_lock(&c->lock);
    b->next = c->idle;
    c->idle = b;
    pthread_mutex_unlock(&c->lock);
}

/* Rows are counted from 1 where people read them. */
static adamas_status damaged(const chunk_source *s, uint64_t first, uint64_t last, const char *what, uint64_t found,
                             uint64_t expected, adamas_error *error)
{
    return status_set(error, ADAMAS_E_FORMAT, "%s: %s, rows %llu to %llu: truncated or damaged: %s %llu, %llu expected",
                      s->path, s->name, (unsigned long long)first + 1, (unsigned long long)last + 1, what,
                      (unsigned long long)found, (unsigned long long)expected);
}

static adamas_status ends_early(const chunk_source *s, uint64_t first, uint64_t last, uint64_t expected,
                                adamas_error *error)
{
    struct stat now;
    uint64_t size = fstat(s->file, &now) ? 0 : (uint64_t)now.st_size;
    return damaged(s, first, last, "the file ends at byte", size, expected, error);
}

adamas_status chunks_bytes(const chunk_source *s, uint64_t first, uint64_t last, uint64_t at, void *out, size_t n,
                           adamas_error *error)
{
    unsigned char *to = out;
    if (at > INT64_MAX - n)
        return ends_early(s, first, last, at > UINT64_MAX - n ? UINT64_MAX : at + n, error);
    for (size_t done = 0; done < n;) {
        ssize_t got = pread(s->file, to + done, n - done, (off_t)(at + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return status_set(error, ADAMAS_E_FILE, "%s: cannot read: %s", s->path, strerror(errno));
        if (got == 0)
            return ends_early(s, first, last, at + n, error);
        done += (size_t)got;
    }
    return ADAMAS_OK;
}

static uint64_t last_row(const chunk_source *s, uint64_t first)
{
    return s->rows - first < s->chunk_rows ? s->rows - 1 : first + s->chunk_rows - 1;
}

static adamas_status make_room(const chunks *c, bench *b, uint64_t row, uint64_t bytes, adamas_error *error)
{
    if (bytes > most_packed(c))
        return damaged(&c->source, row, last_row(&c->source, row), "bytes of a chunk are", bytes, c->bytes, error);
    if (bytes <= b->packed_size)
        return ADAMAS_OK;
    free(b->packed);
    b->packed = memory_raw(bytes, 1);
    b->packed_size = b->packed ? bytes : 0;
    return b->packed ? ADAMAS_OK : status_no_memory(error);
}

static adamas_status inflate_chunk(const chunks *c, bench *b, uint64_t row, const chunk_place *place,
                                   unsigned char *out, adamas_error *error)
{
    const chunk_source *s = &c->source;
    uint64_t last = last_row(s, row);
    size_t got = 0;
    adamas_status status = make_room(c, b, row, place->bytes, error);
    if (!status)
        status = chunks_bytes(s, row, last, place->at, b->packed, place->bytes, error);
    if (status)
        return status;
    enum libdeflate_result result =
        libdeflate_zlib_decompress(b->inflater, b->packed, place->bytes, out, c->bytes, &got);
    if (result == LIBDEFLATE_SUCCESS && got == c->bytes)
        return ADAMAS_OK;
    if (result == LIBDEFLATE_SUCCESS)
        return damaged(s, row, last, "bytes of a chunk are", got, c->bytes, error);
    return status_set(error, ADAMAS_E_FORMAT,
                      "%s: %s, rows %llu to %llu: truncated or damaged: a chunk cannot be inflated to %zu bytes",
                      s->path, s->name, (unsigned long long)row + 1, (unsigned long long)last + 1, c->bytes);
}

/* The bytes of a chunk that is as it will be in memory, or but for its shuffling. */
static adamas_status copy_chunk(const chunks *c, uint64_t row, const chunk_place *place, unsigned char *out,
                                adamas_error *error)
{
    uint64_t last = last_row(&c->source, row);
    if (place->bytes != c->bytes)
        return damaged(&c->source, row, last, "bytes of a chunk are", place->bytes, c->bytes, error);
    return chunks_bytes(&c->source, row, last, place->at, out, c->bytes, error);
}

/* All chunks across the rows of a band. */
static adamas_status fill_band(const chunks *c, bench *b, uint64_t number, adamas_error *error)
{
    const chunk_source *s = &c->source;
    uint64_t row = number * s->chunk_rows;
    adamas_status status = ADAMAS_OK;
    b->is_filled = 0;
    for (uint64_t i = 0; !status && i < c->across; i++) {
        unsigned char *out = b->band + i * c->bytes;
        chunk_place place = {0};
        status = s->find(s->context, row, i * s->chunk_cols, &place, (float *)(void *)out, error);
        b->is_shuffled[i] = (char)place.is_shuffled;
        if (!status && !place.is_nowhere && place.is_deflated)
            status = inflate_chunk(c, b, row, &place, out, error);
        else if (!status && !place.is_nowhere)
            status = copy_chunk(c, row, &place, out, error);
    }
    b->number = number;
    b->is_filled = !status;
    return status;
}

enum { together = 16 };
typedef unsigned char bytes_of_some __attribute__((vector_size(together)));
typedef unsigned char bytes_anywhere __attribute__((vector_size(together), aligned(1), may_alias));
typedef uint16_t pairs_of_some __attribute__((vector_size(together)));

/* Macros, for no vector may pass by value where its registers are not the processor's own. */
#define SOME(x)            (*(const bytes_anywhere *)(x))
#define FIRST_BYTES(x, y)  __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define SECOND_BYTES(x, y) __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define FIRST_PAIRS(x, y)                                                                                              \
    (bytes_of_some) __builtin_shufflevector((pairs_of_some)(x), (pairs_of_some)(y), 0, 8, 1, 9, 2, 10, 3, 11)
#define SECOND_PAIRS(x, y)                                                                                             \
    (bytes_of_some) __builtin_shufflevector((pairs_of_some)(x), (pairs_of_some)(y), 4, 12, 5, 13, 6, 14, 7, 15)

/* Floats from their first, second, third and fourth bytes, as these come in memory. */
SIMD_CLONES static void unshuffle(float *restrict out, const unsigned char *restrict in, size_t between, size_t n)
{
    unsigned char *to = (unsigned char *)out;
    size_t i = 0;
    for (; i + together <= n; i += together) {
        bytes_of_some a = SOME(in + i), b = SOME(in + between + i);
        bytes_of_some c = SOME(in + 2 * between + i), d = SOME(in + 3 * between + i);
        bytes_of_some ab = FIRST_BYTES(a, b), cd = FIRST_BYTES(c, d);
        bytes_anywhere *floats = (bytes_anywhere *)(to + i * sizeof *out);
        floats[0] = FIRST_PAIRS(ab, cd);
        floats[1] = SECOND_PAIRS(ab, cd);
        ab = SECOND_BYTES(a, b);
        cd = SECOND_BYTES(c, d);
        floats[2] = FIRST_PAIRS(ab, cd);
        floats[3] = SECOND_PAIRS(ab, cd);
    }
    for (; i < n; i++)
        for (size_t k = 0; k < sizeof *out; k++)
            to[i * sizeof *out + k] = in[k * between + i];
}

/* Rows from ... from+n-1 of the band. */
static void copy_band(const chunks *c, const bench *b, size_t from, size_t n, float *out)
{
    const chunk_source *s = &c->source;
    for (uint64_t i = 0; i < c->across; i++) {
        const unsigned char *in = b->band + i * c->bytes;
        size_t col = i * s->chunk_cols;
        size_t width = s->cols - col < s->chunk_cols ? s->cols - col : s->chunk_cols;
        for (size_t row = 0; row < n; row++) {
            size_t at = (from + row) * s->chunk_cols;
            float *to = out + row * s->cols + col;
            if (b->is_shuffled[i])
                unshuffle(to, in + at, c->values, width);
            else
                memcpy(to, in + at * sizeof *to, width * sizeof *to);
        }
    }
}

/* Unpacks a band where that is not yet done, and copies rows of it. */
static adamas_status rows_of_band(const chunks *c, bench *b, uint64_t number, size_t from, size_t n, float *out,
                                  adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    if (!b->is_filled || b->number != number)
        status = fill_band(c, b, number, error);
    if (!status)
        copy_band(c, b, from, n, out);
    return status;
}

/* The same for chunks of whole rows as they will be in memory: these are read to where they are wanted. */
static adamas_status rows_of_plain(const chunks *c, bench *b, uint64_t number, size_t from, size_t n, float *out,
                                   adamas_error *error)
{
    const chunk_source *s = &c->source;
    uint64_t row = number * s->chunk_rows, row_bytes = s->cols * sizeof *out;
    chunk_place place = {0};
    b->is_filled = 0;
    adamas_status status = s->find(s->context, row, 0, &place, (float *)(void *)b->band, error);
    if (status)
        return status;
    if (place.is_nowhere)
        copy_band(c, b, from, n, out);
    else if (place.bytes != c->bytes)
        return damaged(s, row, last_row(s, row), "bytes of a chunk are", place.bytes, c->bytes, error);
    else
        status =
            chunks_bytes(s, row + from, row + from + n - 1, place.at + from * row_bytes, out, n * row_bytes, error);
    return status;
}

adamas_status chunks_rows(chunks *c, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    const chunk_source *s = &c->source;
    int whole = s->is_plain && s->chunk_cols == s->cols;
    if (n == 0)
        return ADAMAS_OK;
    bench *b = take_bench(c, first / s->chunk_rows);
    adamas_status status = b ? ADAMAS_OK : status_no_memory(error);
    while (!status && n) {
        uint64_t number = first / s->chunk_rows, from = first % s->chunk_rows;
        uint64_t here = s->chunk_rows - from < n ? s->chunk_rows - from : n;
        status = whole ? rows_of_plain(c, b, number, from, here, out, error)
                       : rows_of_band(c, b, number, from, here, out, error);
        out += here * s->cols;
        first += here;
        n -= here;
    }
    give_back(c, b);
    return status;
}
