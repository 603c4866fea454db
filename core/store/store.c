#include "store/store_hdf5.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

store_quiet store_enter(void)
{
    store_quiet q = {0};
    hbool_t safe = 0;
    q.locked = H5is_library_threadsafe(&safe) < 0 || !safe;
    if (q.locked)
        pthread_mutex_lock(&one_at_a_time);
    H5Eget_auto2(H5E_DEFAULT, &q.print, &q.print_data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return q;
}

void store_leave(store_quiet q)
{
    H5Eclear2(H5E_DEFAULT);
    H5Eset_auto2(H5E_DEFAULT, q.print, q.print_data);
    if (q.locked)
        pthread_mutex_unlock(&one_at_a_time);
}

void store_drop(hid_t id)
{
    if (id >= 0)
        H5Idec_ref(id);
}

typedef struct complaint {
    int no_memory;
    char text[200];
} complaint;

/* The innermost message says most, but for the one that tells a truncated file's sizes. */
static herr_t hear(unsigned n, const H5E_error2_t *e, void *data)
{
    complaint *c = data;
    if (n == 0)
        c->no_memory = e->maj_num == H5E_RESOURCE && e->min_num == H5E_NOSPACE;
    if (e->desc && (n == 0 || strncmp(e->desc, "truncated file:", 15) == 0))
        snprintf(c->text, sizeof c->text, "%s", e->desc);
    return 0;
}

static complaint last_complaint(void)
{
    complaint c = {0};
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, hear, &c);
    return c;
}

adamas_status store_failed(const store *s, const char *name, const char *what, adamas_error *error)
{
    complaint c = last_complaint();
    if (s->out && new_file_check(s->out, error))
        return ADAMAS_E_FILE;
    if (c.no_memory)
        return status_no_memory(error);
    return status_set(error, s->out ? ADAMAS_E_FILE : ADAMAS_E_FORMAT, "%s: %s cannot be %s (%s)", s->path, name, what,
                      c.text);
}

static adamas_status not_opened(const char *path, adamas_error *error)
{
    complaint c = last_complaint();
    unsigned long long found, base, expected;
    if (c.no_memory)
        return status_no_memory(error);
    if (sscanf(c.text, "truncated file: eof = %llu, sblock->base_addr = %llu, stored_eof = %llu", &found, &base,
               &expected) == 3)
        return status_set(error, ADAMAS_E_FORMAT, "%s: truncated or damaged: %llu bytes found, %llu expected", path,
                          found, expected);
    return status_set(error, ADAMAS_E_FORMAT, "%s: truncated or damaged (%s)", path, c.text);
}

/* The driver through which HDF5 writes a new file. HDF5 1.10 crashes at exit after a failed write, so this one never
 * fails: new_file remembers what went wrong, and each function of the store asks it. */
static H5FD_t *driver_open(const char *name, unsigned flags, hid_t access, haddr_t most)
{
    (void)name, (void)flags, (void)most;
    store *const *s = H5Pget_driver_info(access);
    return s ? &(*s)->driver.head : NULL;
}

static herr_t driver_close(H5FD_t *head)
{
    (void)head;
    return 0;
}

static herr_t driver_query(const H5FD_t *head, unsigned long *flags)
{
    (void)head;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
    return 0;
}

static haddr_t driver_space(const H5FD_t *head, H5FD_mem_t type)
{
    (void)type;
    return ((const store_driver *)head)->space;
}

static herr_t driver_set_space(H5FD_t *head, H5FD_mem_t type, haddr_t space)
{
    (void)type;
    ((store_driver *)head)->space = space;
    return 0;
}

static haddr_t driver_size(const H5FD_t *head, H5FD_mem_t type)
{
    (void)type;
    return ((const store_driver *)head)->size;
}

static herr_t driver_read(H5FD_t *head, H5FD_mem_t type, hid_t plan, haddr_t at, size_t n, void *bytes)
{
    (void)type, (void)plan;
    new_file_read(((store_driver *)head)->out, at, bytes, n);
    return 0;
}

static herr_t driver_write(H5FD_t *head, H5FD_mem_t type, hid_t plan, haddr_t at, size_t n, const void *bytes)
{
    (void)type, (void)plan;
    store_driver *f = (store_driver *)head;
    new_file_write(f->out, at, bytes, n);
    if (at + n > f->size)
        f->size = at + n;
    return 0;
}

static herr_t driver_truncate(H5FD_t *head, hid_t plan, hbool_t closing)
{
    (void)plan, (void)closing;
    store_driver *f = (store_driver *)head;
    if (f->size != f->space)
        new_file_resize(f->out, f->space);
    f->size = f->space;
    return 0;
}

static const H5FD_class_t driver = {
    .name = "adamas",
    .maxaddr = (haddr_t)INT64_MAX,
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(store *),
    .open = driver_open,
    .close = driver_close,
    .query = driver_query,
    .get_eoa = driver_space,
    .set_eoa = driver_set_space,
    .get_eof = driver_size,
    .read = driver_read,
    .write = driver_write,
    .truncate = driver_truncate,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

/* Takes over `out`, which is NULL for a store that is read. */
static store *new_store(const char *path, new_file *out)
{
    store *s = memory_new(1, sizeof *s);
    char *copy = memory_text(path);
    if (s && copy) {
        *s = (store){.path = copy, .file = -1, .out = out, .driver = {.out = out}, .reader = {.file = -1}, .rows = -1};
        pthread_mutex_init(&s->lock, NULL);
        return s;
    }
    free(s);
    free(copy);
    new_file_abandon(out);
    return NULL;
}

/* What the system says of a file, in its own words, before HDF5 sees it. O_NONBLOCK: a pipe is not waited for. */
static adamas_status open_plain(int *file, const char *path, adamas_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat there;
    *file = -1;
    if (fd < 0 || fstat(fd, &there)) {
        int failure = errno;
        if (fd >= 0)
            close(fd);
        return status_set(error, ADAMAS_E_FILE, "%s: cannot open: %s", path, strerror(failure));
    }
    if (S_ISREG(there.st_mode)) {
        *file = fd;
        return ADAMAS_OK;
    }
    close(fd);
    return status_set(error, ADAMAS_E_FILE, "%s: cannot open: %s", path,
                      S_ISDIR(there.st_mode) ? strerror(EISDIR) : "not a regular file");
}

/* Our driver does not lock files: our files appear by renaming and are never changed, and media that are only read may
 * refuse locks.
 */
static adamas_status open_file(store *s, adamas_error *error)
{
    if (H5Fis_hdf5(s->path) == 0)
        return status_set(error, ADAMAS_E_FORMAT, "%s: not an HDF5 file", s->path);
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t our_driver = H5FDregister(&store_reading);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    if (H5Pset_driver(access, our_driver, &s) >= 0)
        s->file = H5Fopen(s->path, H5F_ACC_RDONLY, access);
    adamas_status status = s->file < 0 ? not_opened(s->path, error) : ADAMAS_OK;
    store_drop(access);
    store_drop(our_driver);
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
    s->reader.file = file;
    store_quiet q = store_enter();
    status = open_file(s, error);
    store_leave(q);
    if (status)
        store_close(s);
    else
        *out = s;
    return status;
}

/* A file that HDF5 1.8 can read, and that bears no times. */
static adamas_status create_file(store *s, adamas_error *error)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t plan = H5Pcreate(H5P_FILE_CREATE);
    hid_t our_driver = H5FDregister(&driver);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18);
    H5Pset_driver(access, our_driver, &s);
    H5Pset_obj_track_times(plan, 0);
    s->file = H5Fcreate(s->path, H5F_ACC_TRUNC, plan, access);
    adamas_status status = s->file < 0 ? store_failed(s, "the file", "started", error) : new_file_check(s->out, error);
    store_drop(plan);
    store_drop(access);
    store_drop(our_driver);
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
    store_quiet q = store_enter();
    status = create_file(s, error);
    store_leave(q);
    if (status)
        store_close(s);
    else
        *out = s;
    return status;
}

/* After it only the new file, if there is one, is left. */
static adamas_status close_file(store *s, adamas_error *error)
{
    store_quiet q = store_enter();
    store_drop(s->rows);
    s->rows = -1;
    adamas_status status = ADAMAS_OK;
    if (s->file >= 0 && H5Fclose(s->file) < 0)
        status = store_failed(s, "the file", "ended", error);
    s->file = -1;
    store_leave(q);
    return status;
}

adamas_status store_commit(store *s, adamas_error *error)
{
    adamas_status status = close_file(s, error);
    if (!status) {
        status = new_file_commit(s->out, error);
        s->out = NULL;
    }
    store_close(s);
    return status;
}

void store_close(store *s)
{
    if (!s)
        return;
    store_direct_free(s->direct);
    close_file(s, NULL);
    new_file_abandon(s->out);
    if (s->reader.file >= 0)
        close(s->reader.file);
    pthread_mutex_destroy(&s->lock);
    free(s->rows_name);
    free(s->path);
    free(s);
}

const char *store_path(const store *s)
{
    return s->path;
}

adamas_status store_keep_rows(store *s, const char *name, hid_t array, store_shape shape, adamas_error *error)
{
    store_direct_free(s->direct);
    store_drop(s->rows);
    free(s->rows_name);
    s->direct = NULL;
    s->rows_name = memory_text(name);
    s->rows = s->rows_name ? array : -1;
    s->rows_shape = shape;
    if (s->rows_name)
        return ADAMAS_OK;
    store_drop(array);
    return status_no_memory(error);
}

int store_keeps_rows(const store *s, const char *name)
{
    return s->rows >= 0 && strcmp(s->rows_name, name) == 0;
}

adamas_status store_move_rows(const store *s, uint64_t first, size_t n, float *out, const float *in,
                              adamas_error *error)
{
    hsize_t start[2] = {first, 0}, count[2] = {n, s->rows_shape.cols};
    hid_t there = H5Dget_space(s->rows);
    hid_t here = H5Screate_simple(2, count, NULL);
    herr_t result = H5Sselect_hyperslab(there, H5S_SELECT_SET, start, NULL, count, NULL);
    if (result >= 0)
        result = in ? H5Dwrite(s->rows, H5T_NATIVE_FLOAT, here, there, H5P_DEFAULT, in)
                    : H5Dread(s->rows, H5T_NATIVE_FLOAT, here, there, H5P_DEFAULT, out);
    adamas_status status = result < 0 ? store_failed(s, s->rows_name, in ? "written" : "read", error) : ADAMAS_OK;
    store_drop(here);
    store_drop(there);
    return status;
}

const char *store_within(store_name out, const char *group, const char *name)
{
    snprintf(out, sizeof(store_name), "%s/%s", group, name);
    return out;
}
