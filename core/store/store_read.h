/* Reading from a store. Any numeric HDF5 type is converted; a shape or class that is not as expected is
 * ADAMAS_E_FORMAT. */
#ifndef STORE_STORE_READ_H
#define STORE_STORE_READ_H

#include "store/store.h"

/* Is there a group or an array of this name? A group? */
int store_has(store *s, const char *name);
int store_has_group(store *s, const char *name);

/* The value of a text attribute (scalar, fixed or variable length), in memory that the caller is to free(); *out
 * is NULL if there is none or if it is not text. */
adamas_status store_attribute(store *s, const char *object, const char *name, char **out, adamas_error *error);

/* The shape of an array: rank 0 to 2, rows and cols (1 for a dimension that it does not have). is_text is 0 for
 * numbers. */
typedef struct store_shape {
    int rank;
    size_t rows;
    size_t cols;
    int is_text;
} store_shape;
adamas_status store_read_shape(store *s, const char *name, store_shape *shape, adamas_error *error);

/* Whole arrays; rows and cols are those of store_read_shape, else ADAMAS_E_FORMAT. */
adamas_status store_read_doubles(store *s, const char *name, size_t rows, size_t cols, double *out,
                                 adamas_error *error);
adamas_status store_read_floats(store *s, const char *name, size_t rows, size_t cols, float *out, adamas_error *error);

/* n texts in one block of memory (pointers, then characters) that the caller is to free(). A scalar has n = 1. */
adamas_status store_read_texts(store *s, const char *name, size_t n, char ***out, adamas_error *error);

/* Rows first ... first+n-1 of a 2-D array, as float32. Several threads may read rows of the same array at once. They
 * do not wait for each other if the array is contiguous, or in chunks without filters or with those that we write. */
adamas_status store_read_rows(store *s, const char *name, uint64_t first, size_t n, size_t cols, float *out,
                              adamas_error *error);

/* Calls `each` with the name of each member of a group, in the order of names, until one call fails. */
typedef adamas_status (*store_member)(void *context, const char *member, adamas_error *error);
adamas_status store_each_member(store *s, const char *group, store_member each, void *context, adamas_error *error);

#endif
