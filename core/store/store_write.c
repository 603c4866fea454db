/* Writing arrays and attributes. */
#include "store/store_write.h"

#include "base/memory.h"
#include "store/store_rows.h"

#include <stdlib.h>
#include <string.h>

/* The low bits of spectra are noise: higher levels of gzip take more time for hardly smaller files. */
enum { gzip_level = 1, chunk_bytes = 256 << 10, chunked_from_bytes = 64 << 10 };

/* The status after calls of HDF5 that were good or not: an error of the file itself comes first. */
static adamas_status written(const store *s, const char *name, int good, adamas_error *error)
{
    return good ? new_file_check(s->io.out, error) : store_hdf5_failed(s, name, "written", error);
}

static hid_t text_type(size_t size)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size);
    H5Tset_cset(type, H5T_CSET_UTF8);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    return type;
}

/* n texts of fixed length, that of the longest, padded with NUL. */
static char *pack(size_t n, const char *const *values, size_t *size)
{
    *size = 1;
    for (size_t i = 0; i < n; i++)
        *size = strlen(values[i]) > *size ? strlen(values[i]) : *size;
    char *packed = memory_new(n, *size);
    for (size_t i = 0; packed && i < n; i++)
        memcpy(packed + i * *size, values[i], strlen(values[i]));
    return packed;
}

static adamas_status write_attribute(store *s, const char *object, const char *name, int rank, size_t n,
                                     const char *const *values, adamas_error *error)
{
    adamas_status status = new_file_check(s->io.out, error);
    if (status)
        return status;
    size_t size;
    char *packed = pack(n, values, &size);
    if (!packed)
        return status_no_memory(error);
    store_guard guard = store_hdf5_enter();
    hsize_t length = n;
    hid_t type = text_type(size);
    hid_t space = rank ? H5Screate_simple(rank, &length, NULL) : H5Screate(H5S_SCALAR);
    hid_t attribute = H5Acreate_by_name(s->file, object, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    status = written(s, object, attribute >= 0 && H5Awrite(attribute, type, packed) >= 0, error);
    store_hdf5_close(attribute);
    store_hdf5_close(space);
    store_hdf5_close(type);
    store_hdf5_leave(guard);
    free(packed);
    return status;
}

adamas_status store_write_attribute(store *s, const char *object, const char *name, const char *value,
                                    adamas_error *error)
{
    return write_attribute(s, object, name, 0, 1, &value, error);
}

adamas_status store_write_attributes(store *s, const char *object, const char *name, size_t n,
                                     const char *const *values, adamas_error *error)
{
    return write_attribute(s, object, name, 1, n, values, error);
}

adamas_status store_write_group(store *s, const char *name, const char *nx_class, adamas_error *error)
{
    adamas_status status = new_file_check(s->io.out, error);
    if (status)
        return status;
    store_guard guard = store_hdf5_enter();
    hid_t creation = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_obj_track_times(creation, 0);
    hid_t group = H5Gcreate2(s->file, name, H5P_DEFAULT, creation, H5P_DEFAULT);
    status = written(s, name, group >= 0, error);
    store_hdf5_close(group);
    store_hdf5_close(creation);
    store_hdf5_leave(guard);
    if (!status && nx_class)
        status = store_write_attribute(s, name, "NX_class", nx_class, error);
    return status;
}

/* An array without object times, in chunks with shuffle and gzip unless chunk is NULL. */
static hid_t create_array(store *s, const char *name, hid_t type, hid_t space, int rank, const hsize_t *chunk)
{
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(creation, 0);
    if (chunk) {
        H5Pset_chunk(creation, rank, chunk);
        H5Pset_shuffle(creation);
        H5Pset_deflate(creation, gzip_level);
    }
    hid_t array = H5Dcreate2(s->file, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    store_hdf5_close(creation);
    return array;
}

static hsize_t chunk_rows(size_t row_bytes)
{
    return row_bytes < chunk_bytes ? chunk_bytes / row_bytes : 1;
}

/* The types in the file and in memory differ at most in byte order. */
static adamas_status write_array(store *s, const char *name, int rank, const hsize_t size[2], size_t item,
                                 hid_t in_file, hid_t in_memory, const void *values, adamas_error *error)
{
    size_t row_bytes = item * (rank == 2 ? size[1] : 1);
    hsize_t chunk[2] = {chunk_rows(row_bytes), size[1]};
    int big = rank > 0 && size[0] >= chunked_from_bytes / row_bytes + (chunked_from_bytes % row_bytes > 0);
    if (chunk[0] > size[0])
        chunk[0] = size[0];
    hid_t space = rank ? H5Screate_simple(rank, size, NULL) : H5Screate(H5S_SCALAR);
    hid_t array = create_array(s, name, in_file, space, rank, big ? chunk : NULL);
    int good = array >= 0 && H5Dwrite(array, in_memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
    adamas_status status = written(s, name, good, error);
    store_hdf5_close(array);
    store_hdf5_close(space);
    return status;
}

static hid_t number_in_file(size_t item)
{
    return item == sizeof(double) ? H5T_IEEE_F64LE : H5T_IEEE_F32LE;
}

static adamas_status write_numbers(store *s, const char *name, size_t rows, size_t cols, size_t item,
                                   const void *values, adamas_error *error)
{
    adamas_status status = new_file_check(s->io.out, error);
    if (status)
        return status;
    store_guard guard = store_hdf5_enter();
    hsize_t size[2] = {rows, cols};
    status = write_array(s, name, cols ? 2 : 1, size, item, number_in_file(item),
                         item == sizeof(double) ? H5T_NATIVE_DOUBLE : H5T_NATIVE_FLOAT, values, error);
    store_hdf5_leave(guard);
    return status;
}

adamas_status store_write_doubles(store *s, const char *name, size_t rows, size_t cols, const double *values,
                                  adamas_error *error)
{
    return write_numbers(s, name, rows, cols, sizeof *values, values, error);
}

adamas_status store_write_floats(store *s, const char *name, size_t rows, size_t cols, const float *values,
                                 adamas_error *error)
{
    return write_numbers(s, name, rows, cols, sizeof *values, values, error);
}

adamas_status store_write_texts(store *s, const char *name, size_t n, const char *const *values, adamas_error *error)
{
    adamas_status status = new_file_check(s->io.out, error);
    if (status)
        return status;
    size_t size;
    char *packed = pack(n ? n : 1, values, &size);
    if (!packed)
        return status_no_memory(error);
    store_guard guard = store_hdf5_enter();
    hid_t type = text_type(size);
    hsize_t length[2] = {n, 1};
    status = write_array(s, name, n ? 1 : 0, length, size, type, type, packed, error);
    store_hdf5_close(type);
    store_hdf5_leave(guard);
    free(packed);
    return status;
}

adamas_status store_start_rows(store *s, const char *name, size_t cols, adamas_error *error)
{
    adamas_status status = new_file_check(s->io.out, error);
    if (status)
        return status;
    if (cols == 0 || cols > UINT32_MAX / sizeof(float))
        return status_set(error, ADAMAS_E_ARGUMENT, "%s: %s has rows of %zu values, 1 to %zu expected", s->path, name,
                          cols, UINT32_MAX / sizeof(float));
    store_guard guard = store_hdf5_enter();
    hsize_t size[2] = {0, cols}, max_size[2] = {H5S_UNLIMITED, cols};
    hsize_t chunk[2] = {chunk_rows(cols * sizeof(float)), cols};
    hid_t space = H5Screate_simple(2, size, max_size);
    hid_t array = create_array(s, name, H5T_IEEE_F32LE, space, 2, chunk);
    status = written(s, name, array >= 0, error);
    store_hdf5_close(space);
    if (status)
        store_hdf5_close(array);
    else
        status = store_rows_keep(s, name, array, 0, cols, error);
    store_hdf5_leave(guard);
    return status;
}

adamas_status store_append_rows(store *s, const char *name, size_t n, const float *values, adamas_error *error)
{
    adamas_status status = new_file_check(s->io.out, error);
    if (status || n == 0)
        return status;
    if (!store_rows_is_open(s, name))
        return status_set(error, ADAMAS_E_ARGUMENT, "%s: rows of %s were not started", s->path, name);
    store_guard guard = store_hdf5_enter();
    uint64_t first = s->n_rows;
    hsize_t size[2] = {first + n, s->n_cols};
    status = written(s, name, H5Dset_extent(s->rows, size) >= 0, error);
    if (!status)
        status = store_rows_write(s, first, n, values, error);
    if (!status)
        status = new_file_check(s->io.out, error);
    s->n_rows += n;
    store_hdf5_leave(guard);
    return status;
}
