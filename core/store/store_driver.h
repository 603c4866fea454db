/* The two file drivers that HDF5 is given: one writes a new file, one reads a file. Only for the files of the store. */
#ifndef STORE_STORE_DRIVER_H
#define STORE_STORE_DRIVER_H

#include "store/new_file.h"

#include <hdf5.h>

/* A file as the drivers see it. It belongs to the caller, who closes the descriptor and frees `out`. */
typedef struct store_file {
    H5FD_t head;       /* HDF5's part, which must come first */
    haddr_t allocated; /* end of what HDF5 has allocated (its EOA) */
    new_file *out;     /* writing: the new file; NULL if it is read */
    haddr_t written;   /* writing: end of what HDF5 has written (its EOF) */
    int descriptor;    /* reading: -1 for none */
    int is_locating;   /* reading: raw data are not read, only located: */
    size_t n_located;  /* pieces of raw data that were asked for, and the place of the last one */
    haddr_t located_at;
    size_t located_bytes;
} store_file;

/* A new file access property list with the driver that reads or writes `file`, which must outlive the HDF5 file;
 * negative without memory, which is the one way in which this fails. */
hid_t store_driver_reading(store_file *file);
hid_t store_driver_writing(store_file *file);

#endif
