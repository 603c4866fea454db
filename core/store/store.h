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

#endif
