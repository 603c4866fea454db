/* Reads rows without HDF5: checks that the layout is a known one, and locates its bytes. */
#include "store/store_direct.h"

#include "base/memory.h"
#include "store/chunks.h"

#include <stdlib.h>
#include <string.h>

struct store_direct {
    store *from;
    chunk_source source;
    chunks *chunks;       /* NULL if the array is contiguous */
    uint64_t at;          /* of a contiguous array: its offset in the file */
    unsigned shuffle_bit; /* of a chunk's filter mask, set if the filter was skipped; 0 if there is no such filter */
    unsigned deflate_bit;
};

/* Reads the values of a chunk that is not in the file (HDF5 gives the fill value) or that HDF5 cannot locate. */
static adamas_status read_through_hdf5(const store_direct *d, uint64_t row, uint64_t col, float *values,
                                       adamas_error *error)
{
    const chunk_source *s = &d->source;
    hsize_t start[2] = {row, col}, size[2] = {s->chunk_rows, s->chunk_cols}, none[2] = {0, 0}, count[2];
    count[0] = s->rows - row < size[0] ? s->rows - row : size[0];
    count[1] = s->cols - col < size[1] ? s->cols - col : size[1];
    memset(values, 0, size[0] * size[1] * sizeof *values);
    hid_t in_file = H5Dget_space(d->from->rows);
    hid_t in_memory = H5Screate_simple(2, size, NULL);
    int good = H5Sselect_hyperslab(in_file, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
               H5Sselect_hyperslab(in_memory, H5S_SELECT_SET, none, NULL, count, NULL) >= 0 &&
               H5Dread(d->from->rows, H5T_NATIVE_FLOAT, in_memory, in_file, H5P_DEFAULT, values) >= 0;
    adamas_status status = good ? ADAMAS_OK : store_hdf5_failed(d->from, s->name, "read", error);
    store_hdf5_close(in_memory);
    store_hdf5_close(in_file);
    return status;
}

static adamas_status find_chunk(void *context, uint64_t row, uint64_t col, chunk_place *place, float *values,
                                adamas_error *error)
{
    const store_direct *d = context;
    store_file *file = &d->from->io;
    const hsize_t start[2] = {row, col};
    uint32_t skipped_filters = 0;
    adamas_status status = ADAMAS_OK;
    pthread_mutex_lock(&d->from->lock);
    store_guard guard = store_hdf5_enter();
    file->n_located = 0;
    file->is_locating = 1;
    herr_t result = H5Dread_chunk(d->from->rows, H5P_DEFAULT, start, &skipped_filters, values);
    file->is_locating = 0;
    *place = (chunk_place){.is_unallocated = 1};
    if (result >= 0 && file->n_located < 2)
        *place = (chunk_place){.at = file->located_at,
                               .bytes = file->n_located ? file->located_bytes : 0,
                               .is_deflated = d->deflate_bit && !(skipped_filters & d->deflate_bit),
                               .is_shuffled = d->shuffle_bit && !(skipped_filters & d->shuffle_bit)};
    else
        status = read_through_hdf5(d, row, col, values, error);
    store_hdf5_leave(guard);
    pthread_mutex_unlock(&d->from->lock);
    return status;
}

/* Is the array contiguous, of the size that follows from its shape? */
static int is_contiguous(store_direct *d, hid_t array, hid_t creation)
{
    uint64_t bytes;
    d->at = H5Dget_offset(array);
    return H5Pget_layout(creation) == H5D_CONTIGUOUS && H5Pget_external_count(creation) == 0 &&
           !__builtin_mul_overflow(d->source.rows, d->source.cols * sizeof(float), &bytes) && bytes &&
           bytes <= INT64_MAX && d->at <= INT64_MAX - bytes && H5Dget_storage_size(array) == bytes;
}

/* Are the filters none, shuffle, gzip, or shuffle and gzip? */
static int knows_filters(store_direct *d, hid_t creation)
{
    int n = H5Pget_nfilters(creation);
    for (int i = 0; i < n; i++) {
        unsigned flags, config, value[1] = {0};
        size_t n_values = 1;
        H5Z_filter_t filter = H5Pget_filter2(creation, (unsigned)i, &flags, &n_values, value, 0, NULL, &config);
        if (filter == H5Z_FILTER_SHUFFLE && i == 0 && n_values == 1 && value[0] == sizeof(float))
            d->shuffle_bit = 1;
        else if (filter == H5Z_FILTER_DEFLATE && i == n - 1 && !d->deflate_bit)
            d->deflate_bit = 1u << i;
        else
            return 0;
    }
    return n >= 0;
}

static int has_known_chunks(store_direct *d, hid_t creation)
{
    hsize_t chunk[2];
    unsigned edges;
    if (H5Pget_layout(creation) != H5D_CHUNKED || H5Pget_chunk(creation, 2, chunk) != 2 ||
        H5Pget_chunk_opts(creation, &edges) < 0 || edges || !knows_filters(d, creation))
        return 0;
    d->source.chunk_rows = chunk[0];
    d->source.chunk_cols = chunk[1];
    d->source.is_plain = !d->shuffle_bit && !d->deflate_bit;
    return chunks_fit(&d->source);
}

static int is_native(hid_t array)
{
    hid_t type = H5Dget_type(array);
    int yes = H5Tequal(type, H5T_NATIVE_FLOAT) > 0;
    store_hdf5_close(type);
    return yes;
}

adamas_status store_direct_new(store_direct **out, store *s, adamas_error *error)
{
    store_direct *d = memory_new(1, sizeof *d);
    *out = NULL;
    if (!d)
        return status_no_memory(error);
    *d = (store_direct){.from = s,
                        .source = {.file = s->io.descriptor,
                                   .path = s->path,
                                   .name = s->rows_name,
                                   .rows = s->n_rows,
                                   .cols = s->n_cols,
                                   .context = d,
                                   .find = find_chunk}};
    adamas_status status = ADAMAS_OK;
    hid_t creation = H5Dget_create_plist(s->rows);
    int native = is_native(s->rows);
    if (native && is_contiguous(d, s->rows, creation))
        *out = d;
    else if (native && has_known_chunks(d, creation) && !(status = chunks_new(&d->chunks, &d->source, error)))
        *out = d;
    store_hdf5_close(creation);
    if (!*out)
        free(d);
    return status;
}

void store_direct_free(store_direct *d)
{
    if (d)
        chunks_free(d->chunks);
    free(d);
}

adamas_status store_direct_rows(const store_direct *d, uint64_t first, size_t n, float *out, adamas_error *error)
{
    if (d->chunks)
        return chunks_rows(d->chunks, first, n, out, error);
    uint64_t row_bytes = d->source.cols * sizeof *out;
    return chunks_bytes(&d->source, first, first + n - 1, d->at + first * row_bytes, out, n * row_bytes, error);
}
