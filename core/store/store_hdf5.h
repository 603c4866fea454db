/* What the files of the store share: the struct of a store, and HDF5's lock and errors. Only for the files of the
 * store: nothing else includes hdf5.h. */
#ifndef STORE_STORE_HDF5_H
#define STORE_STORE_HDF5_H

#include "store/store_driver.h"

#include <pthread.h>

typedef struct store store;
typedef struct store_direct store_direct;

struct store {
    char *path;
    hid_t file;
    store_file io;        /* io.out is not NULL for a created store, until it is committed */
    pthread_mutex_t lock; /* for threads that read rows at the same time */
    hid_t rows;           /* the array that is read or written by rows, kept open with its cache; -1 for none */
    char *rows_name;
    size_t n_rows, n_cols; /* of that array */
    store_direct *direct;  /* reads its rows without HDF5; NULL if its layout needs HDF5 */
};

/* Every run of calls to HDF5 stands between these two: they hold our own lock if the HDF5 library is not thread-safe,
 * and keep HDF5 from printing its errors. */
typedef struct store_guard {
    int is_locked;
    H5E_auto2_t print;
    void *print_data;
} store_guard;
store_guard store_hdf5_enter(void);
void store_hdf5_leave(store_guard guard);

/* Closes an object of any kind; a negative id is ignored. */
void store_hdf5_close(hid_t id);

/* HDF5's last error: the innermost message. To be called before another call of HDF5 clears it. */
typedef struct store_hdf5_error {
    int is_no_memory;
    char text[200];
} store_hdf5_error;
store_hdf5_error store_hdf5_last_error(void);

/* Fills the error for an array that HDF5 could not handle: "PATH: NAME cannot be WHAT (HDF5's message)"; `what` is
 * "read", "written", ... An error of the new file itself, or of memory, takes its place. */
adamas_status store_hdf5_failed(const store *s, const char *name, const char *what, adamas_error *error);

#endif
