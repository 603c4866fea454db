/* Reading arrays and attributes. */
#include "store/store_read.h"

#include "base/memory.h"
#include "store/store_direct.h"
#include "store/store_rows.h"

#include <stdlib.h>
#include <string.h>

enum { min_cache_bytes = 1 << 20, max_cache_bytes = 1 << 30, max_across = 4096 };

/* An array with more elements is taken for damaged or malicious. */
static const uint64_t max_elements = (uint64_t)1 << 40;

int store_has(store *s, const char *name)
{
    store_guard guard = store_hdf5_enter();
    int there = H5Oexists_by_name(s->file, name, H5P_DEFAULT) > 0;
    store_hdf5_leave(guard);
    return there;
}

int store_has_group(store *s, const char *name)
{
    store_guard guard = store_hdf5_enter();
    hid_t group = H5Gopen2(s->file, name, H5P_DEFAULT);
    if (group >= 0)
        H5Gclose(group);
    store_hdf5_leave(guard);
    return group >= 0;
}

/* Refuses more than two dimensions, and more than max_elements elements. */
static adamas_status check_shape(const store *s, const char *name, int rank, const hsize_t size[2], adamas_error *error)
{
    if (rank < 0 || rank > 2)
        return status_set(error, ADAMAS_E_FORMAT, "%s: %s has %d dimensions, 0 to 2 expected", s->path, name, rank);
    if (size[0] > max_elements || size[1] > max_elements || (size[1] && size[0] > max_elements / size[1]))
        return status_set(error, ADAMAS_E_FORMAT, "%s: %s has %llu x %llu elements, no more than 2^40 expected",
                          s->path, name, (unsigned long long)size[0], (unsigned long long)size[1]);
    return ADAMAS_OK;
}

static adamas_status shape_of(const store *s, const char *name, hid_t array, store_shape *shape, adamas_error *error)
{
    hid_t space = H5Dget_space(array), type = H5Dget_type(array);
    H5T_class_t class = H5Tget_class(type);
    int empty = H5Sget_simple_extent_type(space) == H5S_NULL;
    int rank = H5Sget_simple_extent_ndims(space);
    hsize_t size[H5S_MAX_RANK] = {1, 1};
    H5Sget_simple_extent_dims(space, size, NULL);
    store_hdf5_close(type);
    store_hdf5_close(space);
    if (empty || (class != H5T_STRING && class != H5T_INTEGER && class != H5T_FLOAT))
        return status_set(error, ADAMAS_E_FORMAT, "%s: %s holds %s, numbers or text expected", s->path, name,
                          empty ? "nothing" : "something else");
    *shape = (store_shape){rank, (size_t)size[0], (size_t)size[1], class == H5T_STRING};
    return check_shape(s, name, rank, size, error);
}

static adamas_status open_array(const store *s, const char *name, hid_t cache, hid_t *array, store_shape *shape,
                                adamas_error *error)
{
    *array = -1;
    if (H5Oexists_by_name(s->file, name, H5P_DEFAULT) <= 0)
        return status_set(error, ADAMAS_E_FORMAT, "%s: %s is missing", s->path, name);
    *array = H5Dopen2(s->file, name, cache);
    return *array < 0 ? store_hdf5_failed(s, name, "read", error) : shape_of(s, name, *array, shape, error);
}

adamas_status store_read_shape(store *s, const char *name, store_shape *shape, adamas_error *error)
{
    store_guard guard = store_hdf5_enter();
    hid_t array;
    adamas_status status = open_array(s, name, H5P_DEFAULT, &array, shape, error);
    store_hdf5_close(array);
    store_hdf5_leave(guard);
    return status;
}

static adamas_status expect(const store *s, const char *name, store_shape found, size_t rows, size_t cols, int is_text,
                            adamas_error *error)
{
    if (found.is_text != is_text)
        return status_set(error, ADAMAS_E_FORMAT, "%s: %s holds %s, %s expected", s->path, name,
                          is_text ? "numbers" : "text", is_text ? "text" : "numbers");
    if (found.rows != rows || found.cols != cols)
        return status_set(error, ADAMAS_E_FORMAT, "%s: %s is %zu x %zu, %zu x %zu expected", s->path, name, found.rows,
                          found.cols, rows, cols);
    return ADAMAS_OK;
}

static adamas_status read_numbers(store *s, const char *name, size_t rows, size_t cols, size_t item, void *out,
                                  adamas_error *error)
{
    store_guard guard = store_hdf5_enter();
    hid_t array;
    store_shape shape;
    adamas_status status = open_array(s, name, H5P_DEFAULT, &array, &shape, error);
    if (!status)
        status = expect(s, name, shape, rows, cols ? cols : 1, 0, error);
    if (!status && H5Dread(array, item == sizeof(double) ? H5T_NATIVE_DOUBLE : H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL,
                           H5P_DEFAULT, out) < 0)
        status = store_hdf5_failed(s, name, "read", error);
    store_hdf5_close(array);
    store_hdf5_leave(guard);
    return status;
}

adamas_status store_read_doubles(store *s, const char *name, size_t rows, size_t cols, double *out, adamas_error *error)
{
    return read_numbers(s, name, rows, cols, sizeof *out, out, error);
}

adamas_status store_read_floats(store *s, const char *name, size_t rows, size_t cols, float *out, adamas_error *error)
{
    return read_numbers(s, name, rows, cols, sizeof *out, out, error);
}

/* Texts as HDF5 gives them: pointers (to its memory), or `size` bytes each. */
typedef struct raw_texts {
    size_t n;
    size_t size;
    int are_pointers;
    int is_padded; /* with blanks, as in Fortran */
    char *at;
} raw_texts;

static const char *raw_text(const raw_texts *raw, size_t i, size_t *length)
{
    const char *text = raw->at + i * raw->size;
    if (raw->are_pointers) {
        memcpy(&text, raw->at + i * raw->size, sizeof text);
        *length = text ? strlen(text) : 0;
        return text;
    }
    *length = strnlen(text, raw->size);
    while (raw->is_padded && *length && text[*length - 1] == ' ')
        --*length;
    return text;
}

/* Copies the texts into one block: pointers, then the texts that they point to. */
static char **unpack(const raw_texts *raw)
{
    size_t bytes = raw->n * sizeof(char *), length;
    for (size_t i = 0; i < raw->n; i++) {
        raw_text(raw, i, &length);
        bytes += length + 1;
    }
    char **texts = memory_new(bytes, 1);
    char *to = (char *)(texts + raw->n);
    for (size_t i = 0; texts && i < raw->n; i++) {
        const char *from = raw_text(raw, i, &length);
        if (length)
            memcpy(to, from, length);
        texts[i] = to;
        to += length + 1;
    }
    return texts;
}

/* Reads n texts from `from`, an array or an attribute. */
static adamas_status read_texts(const store *s, const char *name, hid_t from, size_t n, char ***out,
                                adamas_error *error)
{
    int is_attribute = H5Iget_type(from) == H5I_ATTR;
    hid_t type = is_attribute ? H5Aget_type(from) : H5Dget_type(from);
    hid_t space = is_attribute ? H5Aget_space(from) : H5Dget_space(from);
    raw_texts raw = {.n = n,
                     .size = H5Tget_size(type),
                     .are_pointers = H5Tis_variable_str(type) > 0,
                     .is_padded = H5Tget_strpad(type) == H5T_STR_SPACEPAD};
    raw.at = memory_new(n, raw.size);
    adamas_status status = raw.at ? ADAMAS_OK : status_no_memory(error);
    if (!status &&
        (is_attribute ? H5Aread(from, type, raw.at) : H5Dread(from, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, raw.at)) < 0)
        status = store_hdf5_failed(s, name, "read", error);
    *out = status ? NULL : unpack(&raw);
    if (!status && !*out)
        status = status_no_memory(error);
    if (raw.at && raw.are_pointers)
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, raw.at);
    store_hdf5_close(space);
    store_hdf5_close(type);
    free(raw.at);
    return status;
}

adamas_status store_read_texts(store *s, const char *name, size_t n, char ***out, adamas_error *error)
{
    *out = NULL;
    store_guard guard = store_hdf5_enter();
    hid_t array;
    store_shape shape;
    adamas_status status = open_array(s, name, H5P_DEFAULT, &array, &shape, error);
    if (!status)
        status = expect(s, name, shape, n, 1, 1, error);
    if (!status)
        status = read_texts(s, name, array, n, out, error);
    store_hdf5_close(array);
    store_hdf5_leave(guard);
    return status;
}

/* Does the attribute hold a single text? */
static int is_text(hid_t attribute)
{
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    int yes = H5Tget_class(type) == H5T_STRING && H5Sget_simple_extent_npoints(space) == 1;
    store_hdf5_close(space);
    store_hdf5_close(type);
    return yes;
}

adamas_status store_attribute(store *s, const char *object, const char *name, char **out, adamas_error *error)
{
    *out = NULL;
    store_guard guard = store_hdf5_enter();
    hid_t attribute = H5Aopen_by_name(s->file, object, name, H5P_DEFAULT, H5P_DEFAULT);
    char **texts = NULL;
    adamas_status status = ADAMAS_OK;
    if (attribute >= 0 && is_text(attribute))
        status = read_texts(s, object, attribute, 1, &texts, error);
    store_hdf5_close(attribute);
    store_hdf5_leave(guard);
    if (texts && !(*out = memory_text(texts[0])))
        status = status_no_memory(error);
    free(texts);
    return status;
}

/* A chunk cache for all chunks that a row goes through, so that each is inflated once. */
static hid_t cache_for(hid_t array, size_t cols)
{
    hid_t cache = H5Pcreate(H5P_DATASET_ACCESS);
    hid_t creation = H5Dget_create_plist(array);
    hid_t type = H5Dget_type(array);
    hsize_t chunk[2];
    if (H5Pget_layout(creation) == H5D_CHUNKED && H5Pget_chunk(creation, 2, chunk) == 2) {
        hsize_t across = (cols + chunk[1] - 1) / chunk[1];
        hsize_t bytes = across * chunk[0] * chunk[1] * H5Tget_size(type);
        if (bytes < max_cache_bytes && across <= max_across)
            H5Pset_chunk_cache(cache, 100 * across + 1, bytes > min_cache_bytes ? bytes : min_cache_bytes, 1.0);
    }
    store_hdf5_close(type);
    store_hdf5_close(creation);
    return cache;
}

/* Opens an array for reading by rows, with a chunk cache made for its shape. */
static adamas_status open_rows(store *s, const char *name, adamas_error *error)
{
    hid_t array;
    store_shape shape;
    adamas_status status = open_array(s, name, H5P_DEFAULT, &array, &shape, error);
    if (!status && (shape.rank != 2 || shape.is_text))
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s is no table of numbers", s->path, name);
    hid_t cache = status ? -1 : cache_for(array, shape.cols);
    store_hdf5_close(array);
    if (!status)
        status = open_array(s, name, cache, &array, &shape, error);
    store_hdf5_close(cache);
    if (!status)
        status = store_rows_keep(s, name, array, shape.rows, shape.cols, error);
    if (!status)
        status = store_direct_new(&s->direct, s, error);
    return status;
}

/* Opens the array, if it is not open yet, and checks that the requested rows exist. */
static adamas_status find_rows(store *s, const char *name, uint64_t first, size_t n, size_t cols, adamas_error *error)
{
    adamas_status status = store_rows_is_open(s, name) ? ADAMAS_OK : open_rows(s, name, error);
    if (!status && cols != s->n_cols)
        status = expect(s, name, (store_shape){2, s->n_rows, s->n_cols, 0}, s->n_rows, cols, 0, error);
    if (!status && (first > s->n_rows || n > s->n_rows - first))
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s has %zu rows, %llu expected", s->path, name, s->n_rows,
                            (unsigned long long)first + n);
    return status;
}

adamas_status store_read_rows(store *s, const char *name, uint64_t first, size_t n, size_t cols, float *out,
                              adamas_error *error)
{
    pthread_mutex_lock(&s->lock);
    store_guard guard = store_hdf5_enter();
    adamas_status status = find_rows(s, name, first, n, cols, error);
    const store_direct *direct = status ? NULL : s->direct;
    if (!status && n && !direct)
        status = store_rows_read(s, first, n, out, error);
    store_hdf5_leave(guard);
    pthread_mutex_unlock(&s->lock);
    return direct && n ? store_direct_rows(direct, first, n, out, error) : status;
}

static adamas_status count_members(const store *s, const char *group, uint64_t *n, adamas_error *error)
{
    store_guard guard = store_hdf5_enter();
    H5G_info_t info = {0};
    adamas_status status = ADAMAS_OK;
    if (H5Oexists_by_name(s->file, group, H5P_DEFAULT) <= 0)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s is missing", s->path, group);
    else if (H5Gget_info_by_name(s->file, group, &info, H5P_DEFAULT) < 0)
        status = store_hdf5_failed(s, group, "read", error);
    *n = info.nlinks;
    store_hdf5_leave(guard);
    return status;
}

static adamas_status member_name(const store *s, const char *group, uint64_t i, char **name, adamas_error *error)
{
    store_guard guard = store_hdf5_enter();
    adamas_status status = ADAMAS_OK;
    ssize_t length = H5Lget_name_by_idx(s->file, group, H5_INDEX_NAME, H5_ITER_INC, i, NULL, 0, H5P_DEFAULT);
    *name = length < 0 ? NULL : memory_new((size_t)length + 1, 1);
    if (*name)
        length =
            H5Lget_name_by_idx(s->file, group, H5_INDEX_NAME, H5_ITER_INC, i, *name, (size_t)length + 1, H5P_DEFAULT);
    if (length < 0)
        status = store_hdf5_failed(s, group, "read", error);
    else if (!*name)
        status = status_no_memory(error);
    store_hdf5_leave(guard);
    return status;
}

adamas_status store_each_member(store *s, const char *group, store_member each, void *context, adamas_error *error)
{
    uint64_t n;
    adamas_status status = count_members(s, group, &n, error);
    for (uint64_t i = 0; !status && i < n; i++) {
        char *name;
        status = member_name(s, group, i, &name, error);
        if (!status)
            status = each(context, name, error);
        free(name);
    }
    return status;
}
