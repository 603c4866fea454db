/* What the files of the store share: the one place that includes hdf5.h. Not for others. */
#ifndef IO_STORE_HDF5_H
#define IO_STORE_HDF5_H

#include "io/newfile.h"
#include "io/store.h"

#include <hdf5.h>

/* What HDF5 knows of a new file: a driver of ours writes it. */
typedef struct store_driver {
    H5FD_t head;
    newfile *out;
    haddr_t space; /* what HDF5 has given out */
    haddr_t size;  /* what it has written */
} store_driver;

struct store {
    char *path;
    hid_t file;
    newfile *out; /* of a created store */
    store_driver driver;
    hid_t rows; /* the array whose rows are being read or written, kept open with its cache; -1 for none */
    char *rows_name;
    store_shape rows_shape;
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

#endif
