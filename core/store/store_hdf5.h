/* What the files of the store share: the one place that includes hdf5.h. Not for others. */
#ifndef STORE_STORE_HDF5_H
#define STORE_STORE_HDF5_H

#include "store/new_file.h"
#include "store/store_read.h"

#include <hdf5.h>
#include <pthread.h>

/* What HDF5 knows of a new file: a driver of ours writes it. */
typedef struct store_driver {
    H5FD_t head;
    new_file *out;
    haddr_t space; /* what HDF5 has given out */
    haddr_t size;  /* what it has written */
} store_driver;

/* What HDF5 knows of a file that is read: a driver of ours reads it, and on demand notes where data lie instead. */
typedef struct store_reader {
    H5FD_t head;
    int file; /* -1 for none */
    haddr_t space;
    int is_noting;
    size_t noted; /* how many pieces of data were asked for, and where the last is */
    haddr_t at;
    size_t bytes;
} store_reader;
extern const H5FD_class_t store_reading;

typedef struct store_direct store_direct;

struct store {
    char *path;
    hid_t file;
    new_file *out; /* of a created store */
    store_driver driver;
    store_reader reader;
    pthread_mutex_t lock; /* of those who read rows at the same time */
    hid_t rows;           /* the array whose rows are being read or written, kept open with its cache; -1 for none */
    char *rows_name;
    store_shape rows_shape;
    store_direct *direct; /* reads them without HDF5; NULL where that cannot be */
};

/* Every run of calls to HDF5 stands between these two: our lock where HDF5 has none, and its printing of errors off. */
typedef struct store_quiet {
    int locked;
    H5E_auto2_t print;
    void *print_data;
} store_quiet;
store_quiet store_enter(void);
void store_leave(store_quiet q);

/* Closes an object of any kind, if it was opened. */
void store_drop(hid_t id);

/* Says that HDF5 could not `what` ("read", "written") an array: to be called before another call clears its messages.
 */
adamas_status store_failed(const store *s, const char *name, const char *what, adamas_error *error);

/* Makes an open array the one whose rows are read or written; takes it over. */
adamas_status store_keep_rows(store *s, const char *name, hid_t array, store_shape shape, adamas_error *error);
int store_keeps_rows(const store *s, const char *name);

/* Reads (out) or writes (in) n rows of the kept array. */
adamas_status store_move_rows(const store *s, uint64_t first, size_t n, float *out, const float *in,
                              adamas_error *error);

/* store_direct.c: reads the kept rows where they are native float32, in one piece or in chunks without filters or with
 * gzip or shuffle and gzip; *out is NULL for others. Made between store_enter and store_leave. */
adamas_status store_direct_new(store_direct **out, store *s, adamas_error *error);
void store_direct_free(store_direct *d); /* NULL is fine */

/* Rows that are there, n > 0; by several threads at once, none of which holds the store's lock. */
adamas_status store_direct_rows(const store_direct *d, uint64_t first, size_t n, float *out, adamas_error *error);

#endif
