/* Opening, creating, committing and closing a store. */
#include "store/store.h"

#include "base/memory.h"
#include "store/store_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static adamas_status not_opened(const char *path, adamas_error *error)
{
    store_hdf5_error last = store_hdf5_last_error();
    unsigned long long found, base, expected;
    if (last.is_no_memory)
        return status_no_memory(error);
    if (sscanf(last.text, "truncated file: eof = %llu, sblock->base_addr = %llu, stored_eof = %llu", &found, &base,
               &expected) == 3)
        return status_set(error, ADAMAS_E_FORMAT, "%s: truncated or damaged: %llu bytes found, %llu expected", path,
                          found, expected);
    return status_set(error, ADAMAS_E_FORMAT, "%s: truncated or damaged (%s)", path, last.text);
}

/* Takes ownership of `out`, also on failure; it is NULL for a store that is read. */
static store *new_store(const char *path, new_file *out)
{
    store *s = memory_new(1, sizeof *s);
    char *copy = memory_text(path);
    if (s && copy) {
        *s = (store){.path = copy, .file = -1, .io = {.out = out, .descriptor = -1}, .rows = -1};
        pthread_mutex_init(&s->lock, NULL);
        return s;
    }
    free(s);
    free(copy);
    new_file_abandon(out);
    return NULL;
}

/* Opens the file before HDF5 does, for the system's own error message. O_NONBLOCK: a pipe is not waited for. */
static adamas_status open_plain(int *file, const char *path, adamas_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat info;
    *file = -1;
    if (fd < 0 || fstat(fd, &info)) {
        int failure = errno;
        if (fd >= 0)
            close(fd);
        return status_set(error, ADAMAS_E_FILE, "%s: cannot open: %s", path, strerror(failure));
    }
    if (S_ISREG(info.st_mode)) {
        *file = fd;
        return ADAMAS_OK;
    }
    close(fd);
    return status_set(error, ADAMAS_E_FILE, "%s: cannot open: %s", path,
                      S_ISDIR(info.st_mode) ? strerror(EISDIR) : "not a regular file");
}

/* Our driver does not lock files: our files appear by renaming and are never changed afterwards, and read-only media
 * may refuse locks. */
static adamas_status open_file(store *s, adamas_error *error)
{
    if (H5Fis_hdf5(s->path) == 0)
        return status_set(error, ADAMAS_E_FORMAT, "%s: not an HDF5 file", s->path);
    hid_t access = store_driver_reading(&s->io);
    if (access < 0)
        return status_no_memory(error);
    s->file = H5Fopen(s->path, H5F_ACC_RDONLY, access);
    adamas_status status = s->file < 0 ? not_opened(s->path, error) : ADAMAS_OK;
    store_hdf5_close(access);
    return status;
}

adamas_status store_open(store **out, const char *path, adamas_error *error)
{
    *out = NULL;
    int file;
    adamas_status status = open_plain(&file, path, error);
    if (status)
        return status;
    store *s = new_store(path, NULL);
    if (!s) {
        close(file);
        return status_no_memory(error);
    }
    s->io.descriptor = file;
    store_guard guard = store_hdf5_enter();
    status = open_file(s, error);
    store_hdf5_leave(guard);
    if (status)
        store_close(s);
    else
        *out = s;
    return status;
}

/* A file that HDF5 1.8 can read, and that contains no times. */
static adamas_status create_file(store *s, adamas_error *error)
{
    hid_t access = store_driver_writing(&s->io);
    if (access < 0)
        return status_no_memory(error);
    hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18);
    H5Pset_obj_track_times(creation, 0);
    s->file = H5Fcreate(s->path, H5F_ACC_TRUNC, creation, access);
    adamas_status status =
        s->file < 0 ? store_hdf5_failed(s, "the file", "started", error) : new_file_check(s->io.out, error);
    store_hdf5_close(creation);
    store_hdf5_close(access);
    return status;
}

adamas_status store_create(store **out, const char *path, adamas_error *error)
{
    *out = NULL;
    new_file *file;
    adamas_status status = new_file_start(&file, path, error);
    if (status)
        return status;
    store *s = new_store(path, file);
    if (!s)
        return status_no_memory(error);
    store_guard guard = store_hdf5_enter();
    status = create_file(s, error);
    store_hdf5_leave(guard);
    if (status)
        store_close(s);
    else
        *out = s;
    return status;
}

/* Ends HDF5's part; the new file, if there is one, is left to the caller. */
static adamas_status close_file(store *s, adamas_error *error)
{
    store_guard guard = store_hdf5_enter();
    store_rows_close(s);
    adamas_status status = ADAMAS_OK;
    if (s->file >= 0 && H5Fclose(s->file) < 0)
        status = store_hdf5_failed(s, "the file", "ended", error);
    s->file = -1;
    store_hdf5_leave(guard);
    return status;
}

adamas_status store_commit(store *s, adamas_error *error)
{
    adamas_status status = close_file(s, error);
    if (!status) {
        status = new_file_commit(s->io.out, error);
        s->io.out = NULL;
    }
    store_close(s);
    return status;
}

void store_close(store *s)
{
    if (!s)
        return;
    close_file(s, NULL);
    new_file_abandon(s->io.out);
    if (s->io.descriptor >= 0)
        close(s->io.descriptor);
    pthread_mutex_destroy(&s->lock);
    free(s->path);
    free(s);
}

const char *store_path(const store *s)
{
    return s->path;
}

const char *store_within(store_name out, const char *group, const char *name)
{
    snprintf(out, sizeof(store_name), "%s/%s", group, name);
    return out;
}
