/* Writing to a created store. Object times are off, so that the same calls make the same bytes. */
#ifndef STORE_STORE_WRITE_H
#define STORE_STORE_WRITE_H

#include "store/store.h"

/* A group, whose parent exists; nx_class (NXentry, ...) becomes its attribute @NX_class, NULL for none. */
adamas_status store_write_group(store *s, const char *name, const char *nx_class, adamas_error *error);

/* Attributes of a group or array ("/" is the root): scalar UTF-8, a list of UTF-8. */
adamas_status store_write_attribute(store *s, const char *object, const char *name, const char *value,
                                    adamas_error *error);
adamas_status store_write_attributes(store *s, const char *object, const char *name, size_t n,
                                     const char *const *values, adamas_error *error);

/* Arrays of rank 1 (cols = 0) or 2 in row-major order; small ones contiguous, from 64 KiB on chunked with shuffle and
 * gzip. */
adamas_status store_write_doubles(store *s, const char *name, size_t rows, size_t cols, const double *values,
                                  adamas_error *error);
adamas_status store_write_floats(store *s, const char *name, size_t rows, size_t cols, const float *values,
                                 adamas_error *error);
/* Fixed-length UTF-8, n of them; a scalar if n is 0 (values[0] is written then). */
adamas_status store_write_texts(store *s, const char *name, size_t n, const char *const *values, adamas_error *error);

/* A float32 array [any, cols] that grows by rows: chunks of whole rows (about 256 KiB), shuffle and gzip. */
adamas_status store_start_rows(store *s, const char *name, size_t cols, adamas_error *error);
adamas_status store_append_rows(store *s, const char *name, size_t n, const float *values, adamas_error *error);

#endif
