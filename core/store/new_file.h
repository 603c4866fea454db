/* A file that is written beside its name, and renamed when it is whole: it is whole or it is not there. */
#ifndef STORE_NEW_FILE_H
#define STORE_NEW_FILE_H

#include "base/status.h"

typedef struct newfile newfile;

/* Starts an empty file in the folder of `path`, under a hidden name that ends in ".partial". Refuses a path that is a
 * folder or a device. */
adamas_status newfile_start(newfile **out, const char *path, adamas_error *error);

/* Writes n bytes at a place. A failure is remembered, and bytes then go to memory: whoever reads his bytes back (as
 * HDF5 does) always finds them, and can end in good order. */
void newfile_write(newfile *f, uint64_t at, const void *bytes, size_t n);

/* Reads n bytes at a place; what was never written is 0. */
void newfile_read(newfile *f, uint64_t at, void *bytes, size_t n);

/* Cuts the file, or makes it longer with bytes of 0. */
void newfile_resize(newfile *f, uint64_t size);

/* ADAMAS_E_FILE where something failed since the start: "report.h5: cannot write: No space left on device". */
adamas_status newfile_check(const newfile *f, adamas_error *error);

/* Syncs and renames it to its path; on failure nothing of it is left, and what was at the path before stays. Frees it.
 */
adamas_status newfile_commit(newfile *f, adamas_error *error);

/* Leaves nothing behind; NULL is fine. */
void newfile_abandon(newfile *f);

#endif
