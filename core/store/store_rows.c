/* The array that is read or written by rows: it stays open, so that its chunk cache and its layout are set up once. */
#include "store/store_rows.h"

#include "base/memory.h"
#include "store/store_direct.h"

#include <stdlib.h>
#include <string.h>

adamas_status store_rows_keep(store *s, const char *name, hid_t array, size_t n_rows, size_t n_cols,
                              adamas_error *error)
{
    store_rows_close(s);
    s->rows_name = memory_text(name);
    if (!s->rows_name) {
        store_hdf5_close(array);
        return status_no_memory(error);
    }
    s->rows = array;
    s->n_rows = n_rows;
    s->n_cols = n_cols;
    return ADAMAS_OK;
}

int store_rows_is_open(const store *s, const char *name)
{
    return s->rows >= 0 && strcmp(s->rows_name, name) == 0;
}

/* Reads if `in` is NULL, else writes. */
static adamas_status transfer(const store *s, uint64_t first, size_t n, float *out, const float *in,
                              adamas_error *error)
{
    hsize_t start[2] = {first, 0}, count[2] = {n, s->n_cols};
    hid_t in_file = H5Dget_space(s->rows);
    hid_t in_memory = H5Screate_simple(2, count, NULL);
    herr_t result = H5Sselect_hyperslab(in_file, H5S_SELECT_SET, start, NULL, count, NULL);
    if (result >= 0)
        result = in ? H5Dwrite(s->rows, H5T_NATIVE_FLOAT, in_memory, in_file, H5P_DEFAULT, in)
                    : H5Dread(s->rows, H5T_NATIVE_FLOAT, in_memory, in_file, H5P_DEFAULT, out);
    adamas_status status = result < 0 ? store_hdf5_failed(s, s->rows_name, in ? "written" : "read", error) : ADAMAS_OK;
    store_hdf5_close(in_memory);
    store_hdf5_close(in_file);
    return status;
}

adamas_status store_rows_read(const store *s, uint64_t first, size_t n, float *out, adamas_error *error)
{
    return transfer(s, first, n, out, NULL, error);
}

adamas_status store_rows_write(const store *s, uint64_t first, size_t n, const float *in, adamas_error *error)
{
    return transfer(s, first, n, NULL, in, error);
}

void store_rows_close(store *s)
{
    store_direct_free(s->direct);
    store_hdf5_close(s->rows);
    free(s->rows_name);
    s->direct = NULL;
    s->rows = -1;
    s->rows_name = NULL;
}
