/* Typed arrays by name in an HDF5 file: the one door to HDF5. Names are paths ("/entry/data/wavelength").
 *
 * A store is used by one thread at a time, but for store_read_rows; different stores may be used by different threads
 * (a lock of our own where H5is_library_threadsafe says no). HDF5's own error printing is off while we call it, and as
 * it was afterwards. Every error names the file, the array, what was found and what was expected. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/status.h"

typedef struct store store;

/* Opens for reading. ADAMAS_E_FILE where the system refuses; ADAMAS_E_FORMAT for a file that is not HDF5, or truncated.
 */
adamas_status store_open(store **out, const char *path, adamas_error *error);

/* Starts a file beside `path` (same folder, a name that shows it is unfinished). */
adamas_status store_create(store **out, const char *path, adamas_error *error);

/* Ends a created store: writes out, syncs, renames to its path. Frees the store in any case; on failure the unfinished
 * file is removed and what was at `path` before stays. */
adamas_status store_commit(store *s, adamas_error *error);

/* Frees a store (NULL is fine); of a created one that was not committed nothing is left behind. */
void store_close(store *s);

/* The path as it was given. */
const char *store_path(const store *s);

/* "group/name" in a buffer of the caller's, which is returned; cut where it is too long (our own names are not). */
typedef char store_name[256];
const char *store_within(store_name out, const char *group, const char *name);

/* ---- Writing. Object times are off, so that the same calls make the same bytes. */

/* A group, its parents being there; nx_class (NXentry, ...) becomes its attribute @NX_class, NULL for none. */
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
/* Fixed-length UTF-8, n of them; a scalar where n is 0 (values[0] is written then). */
adamas_status store_write_texts(store *s, const char *name, size_t n, const char *const *values, adamas_error *error);

/* A float32 array [any, cols] that grows by rows: chunks of whole rows (about 256 KiB), shuffle and gzip. */
adamas_status store_start_rows(store *s, const char *name, size_t cols, adamas_error *error);
adamas_status store_append_rows(store *s, const char *name, size_t n, const float *values, adamas_error *error);

/* ---- Reading. Any numeric HDF5 type is converted; a shape or class that is not as expected is ADAMAS_E_FORMAT. */

/* Is there a group or an array of this name? A group? */
int store_has(store *s, const char *name);
int store_has_group(store *s, const char *name);

/* The value of a text attribute (scalar, fixed or variable length), in memory of the caller's to free(); *out is NULL
 * where there is none or it is no text. */
adamas_status store_attribute(store *s, const char *object, const char *name, char **out, adamas_error *error);

/* The shape of an array: rank 0 to 2, rows and cols (1 where the rank is less). is_text tells text from numbers. */
typedef struct store_shape {
    int rank;
    size_t rows;
    size_t cols;
    int is_text;
} store_shape;
adamas_status store_read_shape(store *s, const char *name, store_shape *shape, adamas_error *error);

/* Whole arrays, whose rows x cols the caller knows from store_read_shape. */
adamas_status store_read_doubles(store *s, const char *name, size_t rows, size_t cols, double *out,
                                 adamas_error *error);
adamas_status store_read_floats(store *s, const char *name, size_t rows, size_t cols, float *out, adamas_error *error);

/* n texts as one block for the caller to free(): pointers, then characters. Scalars count as n = 1. */
adamas_status store_read_texts(store *s, const char *name, size_t n, char ***out, adamas_error *error);

/* Rows first ... first+n-1 of a 2-D array, as float32. Several threads may read rows of the same array at once: where
 * it is stored as we write arrays, in one piece, or in chunks without filters, they do not wait for each other. */
adamas_status store_read_rows(store *s, const char *name, uint64_t first, size_t n, size_t cols, float *out,
                              adamas_error *error);

/* Calls `each` with the name of each member of a group, in the order of names; stops where it returns a failure. */
typedef adamas_status (*store_member)(void *context, const char *member, adamas_error *error);
adamas_status store_each_member(store *s, const char *group, store_member each, void *context, adamas_error *error);

#endif
