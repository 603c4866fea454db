/* The array of a store that is read or written by rows. Only for the files of the store; all functions but
 * store_rows_is_open are called between store_hdf5_enter and store_hdf5_leave. */
#ifndef STORE_STORE_ROWS_H
#define STORE_STORE_ROWS_H

#include "store/store_hdf5.h"

/* Keeps an open array [n_rows, n_cols] as the one whose rows are read or written, instead of any other. The store owns
 * `array` afterwards, also on failure. */
adamas_status store_rows_keep(store *s, const char *name, hid_t array, size_t n_rows, size_t n_cols,
                              adamas_error *error);

/* Is the array of this name the one that is kept? */
int store_rows_is_open(const store *s, const char *name);

/* Rows first ... first+n-1 of the kept array, through HDF5. */
adamas_status store_rows_read(const store *s, uint64_t first, size_t n, float *out, adamas_error *error);
adamas_status store_rows_write(const store *s, uint64_t first, size_t n, const float *in, adamas_error *error);

/* Closes the kept array, if there is one. */
void store_rows_close(store *s);

#endif
