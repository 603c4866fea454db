/* A new file that is complete or does not exist: it is written under a temporary name and renamed at the end. */
#ifndef STORE_NEW_FILE_H
#define STORE_NEW_FILE_H

#include "base/status.h"

typedef struct new_file new_file;

/* Starts an empty file in the folder of `path`, under a hidden name that ends in ".partial". Refuses a path that is a
 * folder or a device. */
adamas_status new_file_start(new_file **out, const char *path, adamas_error *error);

/* Writes n bytes at an offset. After a failure, which new_file_check reports, bytes are kept in memory instead, so that
 * a caller that reads them back (as HDF5 does) finds them and can shut down normally. */
void new_file_write(new_file *f, uint64_t at, const void *bytes, size_t n);

/* Reads n bytes at an offset; bytes that were never written are 0. */
void new_file_read(new_file *f, uint64_t at, void *bytes, size_t n);

/* Truncates the file, or extends it with bytes of 0. */
void new_file_resize(new_file *f, uint64_t size);

/* ADAMAS_E_FILE if anything has failed since the start: "report.h5: cannot write: No space left on device". */
adamas_status new_file_check(const new_file *f, adamas_error *error);

/* Syncs the file and renames it to its path. On failure the temporary file is removed, and the file that was at the
 * path before stays. Frees f in any case. */
adamas_status new_file_commit(new_file *f, adamas_error *error);

/* Removes the temporary file and frees f; NULL is fine. */
void new_file_abandon(new_file *f);

#endif
