/* The callbacks of the two HDF5 file drivers (HDF5, "Virtual File Layer"). What both do the same is written once.
 *
 * The writing driver never fails, because HDF5 1.10 crashes at exit after a failed write: new_file remembers what went
 * wrong, and each function of the store checks it. The reading driver is like HDF5's own for plain files, but can be
 * told to locate raw data instead of reading them: HDF5 finds a chunk by its coordinates fast, while version 1.10
 * gives a chunk's address only after a walk through all of them. */
#include "store/store_driver.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The driver's information on the access property list is the address of a store_file. */
static H5FD_t *open_file(const char *name, unsigned flags, hid_t access, haddr_t max_address)
{
    (void)name, (void)flags, (void)max_address;
    store_file *const *file = H5Pget_driver_info(access);
    return file ? &(*file)->head : NULL;
}

/* The file is the caller's. */
static herr_t close_file(H5FD_t *head)
{
    (void)head;
    return 0;
}

static haddr_t allocated_end(const H5FD_t *head, H5FD_mem_t type)
{
    (void)type;
    return ((const store_file *)head)->allocated;
}

static herr_t set_allocated_end(H5FD_t *head, H5FD_mem_t type, haddr_t end)
{
    (void)type;
    ((store_file *)head)->allocated = end;
    return 0;
}

static herr_t query_writing(const H5FD_t *head, unsigned long *flags)
{
    (void)head;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
    return 0;
}

static haddr_t written_end(const H5FD_t *head, H5FD_mem_t type)
{
    (void)type;
    return ((const store_file *)head)->written;
}

static herr_t read_back(H5FD_t *head, H5FD_mem_t type, hid_t transfer, haddr_t at, size_t n, void *bytes)
{
    (void)type, (void)transfer;
    new_file_read(((store_file *)head)->out, at, bytes, n);
    return 0;
}

static herr_t write_bytes(H5FD_t *head, H5FD_mem_t type, hid_t transfer, haddr_t at, size_t n, const void *bytes)
{
    (void)type, (void)transfer;
    store_file *f = (store_file *)head;
    new_file_write(f->out, at, bytes, n);
    if (at + n > f->written)
        f->written = at + n;
    return 0;
}

static herr_t truncate_file(H5FD_t *head, hid_t transfer, hbool_t closing)
{
    (void)transfer, (void)closing;
    store_file *f = (store_file *)head;
    if (f->written != f->allocated)
        new_file_resize(f->out, f->allocated);
    f->written = f->allocated;
    return 0;
}

static herr_t query_reading(const H5FD_t *head, unsigned long *flags)
{
    (void)head;
    *flags = H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
    return 0;
}

static haddr_t file_end(const H5FD_t *head, H5FD_mem_t type)
{
    (void)type;
    struct stat now;
    return fstat(((const store_file *)head)->descriptor, &now) ? HADDR_UNDEF : (haddr_t)now.st_size;
}

/* Bytes after the end of the file are zero, as for HDF5's own driver. */
static herr_t read_bytes(H5FD_t *head, H5FD_mem_t type, hid_t transfer, haddr_t at, size_t n, void *bytes)
{
    (void)transfer;
    store_file *f = (store_file *)head;
    if (f->is_locating && type == H5FD_MEM_DRAW) {
        f->n_located++;
        f->located_at = at;
        f->located_bytes = n;
        return 0;
    }
    for (char *to = bytes; n;) {
        ssize_t got = at > INT64_MAX ? 0 : pread(f->descriptor, to, n, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0) {
            memset(to, 0, n);
            break;
        }
        to += got;
        at += (haddr_t)got;
        n -= (size_t)got;
    }
    return 0;
}

/* Never called, but HDF5 refuses a driver without it. */
static herr_t refuse_to_write(H5FD_t *head, H5FD_mem_t type, hid_t transfer, haddr_t at, size_t n, const void *bytes)
{
    (void)head, (void)type, (void)transfer, (void)at, (void)n, (void)bytes;
    return -1;
}

#define SHARED_MEMBERS                                                                                                 \
    .maxaddr = (haddr_t)INT64_MAX, .fc_degree = H5F_CLOSE_STRONG, .fapl_size = sizeof(store_file *),                   \
    .open = open_file, .close = close_file, .get_eoa = allocated_end, .set_eoa = set_allocated_end,                    \
    .fl_map = H5FD_FLMAP_DICHOTOMY

static const H5FD_class_t writing = {.name = "adamas",
                                     .query = query_writing,
                                     .get_eof = written_end,
                                     .read = read_back,
                                     .write = write_bytes,
                                     .truncate = truncate_file,
                                     SHARED_MEMBERS};

static const H5FD_class_t reading = {.name = "adamas-read",
                                     .query = query_reading,
                                     .get_eof = file_end,
                                     .read = read_bytes,
                                     .write = refuse_to_write,
                                     SHARED_MEMBERS};

/* The property list keeps the registered driver for as long as it needs it. */
static hid_t access_with(const H5FD_class_t *driver, store_file *file)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t registered = H5FDregister(driver);
    int good = H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 && H5Pset_driver(access, registered, &file) >= 0;
    if (registered >= 0)
        H5Idec_ref(registered);
    if (!good && access >= 0)
        H5Idec_ref(access);
    return good ? access : -1;
}

hid_t store_driver_reading(store_file *file)
{
    return access_with(&reading, file);
}

hid_t store_driver_writing(store_file *file)
{
    return access_with(&writing, file);
}
