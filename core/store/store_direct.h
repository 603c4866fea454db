/* Rows of an array read from the file without HDF5, which reads and decompresses one chunk at a time behind its lock.
 * Only for the files of the store. */
#ifndef STORE_STORE_DIRECT_H
#define STORE_STORE_DIRECT_H

#include "store/store_hdf5.h"

/* Prepares reading the store's kept array, if it is native float32, in one piece or in chunks without filters or with
 * gzip or shuffle and gzip; *out is NULL for any other. To be called between store_hdf5_enter and store_hdf5_leave. */
adamas_status store_direct_new(store_direct **out, store *s, adamas_error *error);
void store_direct_free(store_direct *d); /* NULL is fine */

/* Rows first ... first+n-1, which must be in the array; n > 0. Any number of threads at once, none of which holds the
 * store's lock. */
adamas_status store_direct_rows(const store_direct *d, uint64_t first, size_t n, float *out, adamas_error *error);

#endif
