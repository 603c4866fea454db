/* Typed arrays by name in an HDF5 file: opening and creating one; store_read.h and store_write.h have the rest. Names
 * are paths ("/entry/data/wavelength"). Nothing but the files of the store calls HDF5.
 *
 * A store is used by one thread at a time, except for store_read_rows; different stores may be used by different
 * threads (behind a lock of our own if the HDF5 library is not thread-safe). HDF5's error printing is off during our
 * calls and is restored afterwards. Every error names the file, the array, what was found and what was expected. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/status.h"

typedef struct store store;

/* Opens for reading. ADAMAS_E_FILE if the system refuses; ADAMAS_E_FORMAT for a file that is not HDF5, or is truncated.
 */
adamas_status store_open(store **out, const char *path, adamas_error *error);

/* Creates a file in the folder of `path`, under a temporary name (new_file.h). */
adamas_status store_create(store **out, const char *path, adamas_error *error);

/* Completes a created store: flushes and syncs the file and renames it to its path. Frees the store in any case. On
 * failure the temporary file is removed, and the file that was at `path` before stays. */
adamas_status store_commit(store *s, adamas_error *error);

/* Frees a store (NULL is fine). If it was created and not committed, its temporary file is removed. */
void store_close(store *s);

/* The path as it was given. */
const char *store_path(const store *s);

/* "group/name" in a buffer of the caller's, which is returned; truncated if it is too long (ours are not). */
typedef char store_name[256];
const char *store_within(store_name out, const char *group, const char *name);

#endif
