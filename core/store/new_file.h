/* A file that is written beside its name, and renamed when it is whole: it is whole or it is not there. */
#ifndef STORE_NEW_FILE_H
#define STORE_NEW_FILE_H

#include "base/status.h"

typedef struct new_file new_file;

/* Starts an empty file in the folder of `path`, under a hidden name that ends in ".partial". Refuses a path that is a
 * folder or a device. */
adamas_status new_file_start(new_file **out, const char *path, adamas_error *error);

/* Writes n bytes at a place. A failure is remembered, and bytes then go to memory: whoever reads his bytes back (as
 * HDF5 does) always finds them, and can end in good order. */
void new_file_write(new_file *f, uint64_t at, const void *bytes, size_t n);

/* Reads n bytes at a place; what was never written is 0. */
void new_file_read(new_file *f, uint64_t at, void *bytes, size_t n);

/* Cuts the file, or makes it longer with bytes of 0. */
void new_file_resize(new_file *f, uint64_t size);

/* ADAMAS_E_FILE where something failed since the start: "report.h5: cannot write: No space left on device". */
adamas_status new_file_check(const new_file *f, adamas_error *error);

/* Syncs and renames it to its path; on failure nothing of it is left, and what was at the path before stays. Frees it.
 */
adamas_status new_file_commit(new_file *f, adamas_error *error);

/* Leaves nothing behind; NULL is fine. */
void new_file_abandon(new_file *f);

#endif
