/* Reading chunks: from the file, through inflate and unshuffle, to rows in memory. */
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

/* The buffers of one thread. The band stays inflated for the next request, which often continues within it. */
typedef struct workspace {
    struct workspace *next;
    struct libdeflate_decompressor *inflater;
    unsigned char *packed; /* one chunk as it is in the file */
    size_t packed_size;
    unsigned char *band; /* [across] chunks, inflated: all chunks of the same rows */
    char *is_shuffled;   /* [across] */
    uint64_t number;     /* of the band: its first row / chunk_rows */
    int is_filled;       /* false after a failure */
} workspace;

struct chunks {
    chunk_source source;
    uint64_t across; /* chunks side by side */
    size_t values;   /* in a chunk */
    size_t bytes;
    pthread_mutex_t lock; /* of the list */
    workspace *idle;      /* the last used first */
};

enum { max_across = 4096, max_band_bytes = 64 << 20 };

/* Deflate hardly enlarges data that it cannot compress: a larger chunk is damaged. */
static size_t max_packed_bytes(const chunks *c)
{
    return 2 * c->bytes + 1024;
}

int chunks_fit(const chunk_source *source)
{
    uint64_t values, bytes, across;
    if (!source->rows || !source->cols || !source->chunk_rows || !source->chunk_cols)
        return 0;
    across = (source->cols - 1) / source->chunk_cols + 1;
    return across <= max_across && !__builtin_mul_overflow(source->chunk_rows, source->chunk_cols, &values) &&
           !__builtin_mul_overflow(values, across * sizeof(float), &bytes) && bytes <= max_band_bytes;
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

static void workspace_free(workspace *b)
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
    for (workspace *b = c->idle, *next; b; b = next) {
        next = b->next;
        workspace_free(b);
    }
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static workspace *workspace_new(const chunks *c)
{
    workspace *b = memory_new(1, sizeof *b);
    if (!b)
        return NULL;
    b->inflater = libdeflate_alloc_decompressor();
    b->band = memory_raw(c->across, c->bytes);
    b->is_shuffled = memory_new(c->across, 1);
    if (b->inflater && b->band && b->is_shuffled)
        return b;
    workspace_free(b);
    return NULL;
}

/* The idle workspace that holds the wanted band, else the one that has been idle longest, else a new one; NULL if
 * memory has run out. */
static workspace *take_workspace(chunks *c, uint64_t number)
{
    pthread_mutex_lock(&c->lock);
    workspace **at = &c->idle;
    while (*at && !((*at)->is_filled && (*at)->number == number) && (*at)->next)
        at = &(*at)->next;
    workspace *b = *at;
    if (b)
        *at = b->next;
    pthread_mutex_unlock(&c->lock);
    return b ? b : workspace_new(c);
}

static void give_back(chunks *c, workspace *b)
{
    if (!b)
        return;
    pthread_mutex_lock(&c->lock);
    b->next = c->idle;
    c->idle = b;
    pthread_mutex_unlock(&c->lock);
}

/* Messages count rows from 1. */
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

static adamas_status reserve_packed(const chunks *c, workspace *b, uint64_t row, uint64_t bytes, adamas_error *error)
{
    if (bytes > max_packed_bytes(c))
        return damaged(&c->source, row, last_row(&c->source, row), "bytes of a chunk are", bytes, c->bytes, error);
    if (bytes <= b->packed_size)
        return ADAMAS_OK;
    free(b->packed);
    b->packed = memory_raw(bytes, 1);
    b->packed_size = b->packed ? bytes : 0;
    return b->packed ? ADAMAS_OK : status_no_memory(error);
}

static adamas_status inflate_chunk(const chunks *c, workspace *b, uint64_t row, const chunk_place *place,
                                   unsigned char *out, adamas_error *error)
{
    const chunk_source *s = &c->source;
    uint64_t last = last_row(s, row);
    size_t got = 0;
    adamas_status status = reserve_packed(c, b, row, place->bytes, error);
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

/* Reads a chunk that is not deflated. It may be shuffled. */
static adamas_status copy_chunk(const chunks *c, uint64_t row, const chunk_place *place, unsigned char *out,
                                adamas_error *error)
{
    uint64_t last = last_row(&c->source, row);
    if (place->bytes != c->bytes)
        return damaged(&c->source, row, last, "bytes of a chunk are", place->bytes, c->bytes, error);
    return chunks_bytes(&c->source, row, last, place->at, out, c->bytes, error);
}

/* Reads all chunks of a band. */
static adamas_status fill_band(const chunks *c, workspace *b, uint64_t number, adamas_error *error)
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
        if (!status && !place.is_unallocated && place.is_deflated)
            status = inflate_chunk(c, b, row, &place, out, error);
        else if (!status && !place.is_unallocated)
            status = copy_chunk(c, row, &place, out, error);
    }
    b->number = number;
    b->is_filled = !status;
    return status;
}

enum { vector_bytes = 16 };
typedef unsigned char byte_vector __attribute__((vector_size(vector_bytes)));
typedef unsigned char unaligned_bytes __attribute__((vector_size(vector_bytes), aligned(1), may_alias));
typedef uint16_t pair_vector __attribute__((vector_size(vector_bytes)));

/* Macros, because how functions pass vectors by value depends on the registers of the processor. */
#define LOAD(x)            (*(const unaligned_bytes *)(x))
#define FIRST_BYTES(x, y)  __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define SECOND_BYTES(x, y) __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define FIRST_PAIRS(x, y)                                                                                              \
    (byte_vector) __builtin_shufflevector((pair_vector)(x), (pair_vector)(y), 0, 8, 1, 9, 2, 10, 3, 11)
#define SECOND_PAIRS(x, y)                                                                                             \
    (byte_vector) __builtin_shufflevector((pair_vector)(x), (pair_vector)(y), 4, 12, 5, 13, 6, 14, 7, 15)

/* Undoes HDF5's shuffle filter: all first bytes of the floats, `stride` bytes later all second ones, and so on. */
SIMD_CLONES static void unshuffle(float *restrict out, const unsigned char *restrict in, size_t stride, size_t n)
{
    unsigned char *to = (unsigned char *)out;
    size_t i = 0;
    for (; i + vector_bytes <= n; i += vector_bytes) {
        byte_vector a = LOAD(in + i), b = LOAD(in + stride + i);
        byte_vector c = LOAD(in + 2 * stride + i), d = LOAD(in + 3 * stride + i);
        byte_vector ab = FIRST_BYTES(a, b), cd = FIRST_BYTES(c, d);
        unaligned_bytes *floats = (unaligned_bytes *)(to + i * sizeof *out);
        floats[0] = FIRST_PAIRS(ab, cd);
        floats[1] = SECOND_PAIRS(ab, cd);
        ab = SECOND_BYTES(a, b);
        cd = SECOND_BYTES(c, d);
        floats[2] = FIRST_PAIRS(ab, cd);
        floats[3] = SECOND_PAIRS(ab, cd);
    }
    for (; i < n; i++)
        for (size_t k = 0; k < sizeof *out; k++)
            to[i * sizeof *out + k] = in[k * stride + i];
}

/* Copies rows from ... from+n-1 of the band. */
static void copy_band(const chunks *c, const workspace *b, size_t from, size_t n, float *out)
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

/* Fills the band, unless it is filled already, and copies rows of it. */
static adamas_status rows_of_band(const chunks *c, workspace *b, uint64_t number, size_t from, size_t n, float *out,
                                  adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    if (!b->is_filled || b->number != number)
        status = fill_band(c, b, number, error);
    if (!status)
        copy_band(c, b, from, n, out);
    return status;
}

/* The same for chunks of whole rows without filters, whose rows are read directly into `out`. */
static adamas_status rows_of_plain(const chunks *c, workspace *b, uint64_t number, size_t from, size_t n, float *out,
                                   adamas_error *error)
{
    const chunk_source *s = &c->source;
    uint64_t row = number * s->chunk_rows, row_bytes = s->cols * sizeof *out;
    chunk_place place = {0};
    b->is_filled = 0;
    adamas_status status = s->find(s->context, row, 0, &place, (float *)(void *)b->band, error);
    if (status)
        return status;
    if (place.is_unallocated)
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
    workspace *b = take_workspace(c, first / s->chunk_rows);
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
