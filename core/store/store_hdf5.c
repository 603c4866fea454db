/* HDF5's lock, its error stack, and the release of its objects. */
#include "store/store_hdf5.h"

#include <stdio.h>
#include <string.h>

static pthread_mutex_t hdf5_lock = PTHREAD_MUTEX_INITIALIZER;

store_guard store_hdf5_enter(void)
{
    store_guard guard = {0};
    hbool_t is_safe = 0;
    guard.is_locked = H5is_library_threadsafe(&is_safe) < 0 || !is_safe;
    if (guard.is_locked)
        pthread_mutex_lock(&hdf5_lock);
    H5Eget_auto2(H5E_DEFAULT, &guard.print, &guard.print_data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return guard;
}

void store_hdf5_leave(store_guard guard)
{
    H5Eclear2(H5E_DEFAULT);
    H5Eset_auto2(H5E_DEFAULT, guard.print, guard.print_data);
    if (guard.is_locked)
        pthread_mutex_unlock(&hdf5_lock);
}

void store_hdf5_close(hid_t id)
{
    if (id >= 0)
        H5Idec_ref(id);
}

/* The innermost message is the most specific one, except for the one that gives a truncated file's sizes. */
static herr_t keep_message(unsigned n, const H5E_error2_t *e, void *data)
{
    store_hdf5_error *last = data;
    if (n == 0)
        last->is_no_memory = e->maj_num == H5E_RESOURCE && e->min_num == H5E_NOSPACE;
    if (e->desc && (n == 0 || strncmp(e->desc, "truncated file:", 15) == 0))
        snprintf(last->text, sizeof last->text, "%s", e->desc);
    return 0;
}

store_hdf5_error store_hdf5_last_error(void)
{
    store_hdf5_error last = {0};
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_message, &last);
    return last;
}

adamas_status store_hdf5_failed(const store *s, const char *name, const char *what, adamas_error *error)
{
    store_hdf5_error last = store_hdf5_last_error();
    if (s->io.out && new_file_check(s->io.out, error))
        return ADAMAS_E_FILE;
    if (last.is_no_memory)
        return status_no_memory(error);
    return status_set(error, s->io.out ? ADAMAS_E_FILE : ADAMAS_E_FORMAT, "%s: %s cannot be %s (%s)", s->path, name,
                      what, last.text);
}
