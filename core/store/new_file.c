/* A file that is written under a temporary name and renamed when it is complete. */
#include "store/new_file.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes that could not be written to the file, after a failure. */
typedef struct unwritten {
    struct unwritten *next; /* in the order of writing */
    uint64_t at;
    size_t n;
    unsigned char bytes[];
} unwritten;

struct new_file {
    int fd;
    int failure; /* the first errno */
    char *path;
    char *partial;
    unwritten *first;
    unwritten **last;
};

static size_t folder_length(const char *path)
{
    return (size_t)(text_file_name(path) - path);
}

/* A hidden name in the folder of `path`. A very long name is cut, because systems allow 255 bytes. */
static char *partial_name(const char *path)
{
    uint32_t random;
    if (getrandom(&random, sizeof random, 0) != sizeof random)
        random = (uint32_t)getpid();
    text name = {0};
    size_t folder = folder_length(path);
    text_append(&name, "%.*s.%.200s.%08x.partial", (int)folder, path, path + folder, random);
    return name.at;
}

static int open_partial(new_file *f)
{
    for (int attempt = 0; attempt < 100; attempt++) {
        f->partial = partial_name(f->path);
        if (!f->partial)
            return ENOMEM;
        f->fd = open(f->partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (f->fd >= 0)
            return 0;
        int failure = errno;
        free(f->partial);
        f->partial = NULL;
        if (failure != EEXIST)
            return failure;
    }
    return EEXIST;
}

/* A device is refused, because renaming would replace it (/dev/null, for example) by a file. */
static adamas_status check_place(const char *path, adamas_error *error)
{
    struct stat there;
    if (!*path || path[strlen(path) - 1] == '/')
        return status_set(error, ADAMAS_E_FILE, "%s: cannot write: the name of a file expected", path);
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return status_set(error, ADAMAS_E_FILE, "%s: cannot write: %s", path,
                          S_ISDIR(there.st_mode) ? strerror(EISDIR) : "not a regular file");
    return ADAMAS_OK;
}

adamas_status new_file_start(new_file **out, const char *path, adamas_error *error)
{
    *out = NULL;
    adamas_status status = check_place(path, error);
    if (status)
        return status;
    new_file *f = memory_new(1, sizeof *f);
    if (!f)
        return status_no_memory(error);
    *f = (new_file){.fd = -1, .path = memory_text(path)};
    f->last = &f->first;
    int failure = f->path ? open_partial(f) : ENOMEM;
    if (failure) {
        new_file_abandon(f);
        return failure == ENOMEM ? status_no_memory(error)
                                 : status_set(error, ADAMAS_E_FILE, "%s: cannot write: %s", path, strerror(failure));
    }
    *out = f;
    return ADAMAS_OK;
}

static void fail(new_file *f, int failure)
{
    if (!f->failure)
        f->failure = failure;
}

/* Returns the number of bytes written; fewer than n only after a failure. */
static size_t write_out(new_file *f, uint64_t at, const unsigned char *bytes, size_t n)
{
    size_t done = 0;
    while (done < n && !f->failure) {
        ssize_t wrote = pwrite(f->fd, bytes + done, n - done, (off_t)(at + done));
        if (wrote > 0)
            done += (size_t)wrote;
        else if (wrote == 0 || errno != EINTR)
            fail(f, wrote == 0 ? ENOSPC : errno);
    }
    return done;
}

void new_file_write(new_file *f, uint64_t at, const void *bytes, size_t n)
{
    size_t done = write_out(f, at, bytes, n);
    unwritten *rest = done < n ? memory_raw(1, sizeof *rest + (n - done)) : NULL;
    if (!rest)
        return;
    *rest = (unwritten){.at = at + done, .n = n - done};
    memcpy(rest->bytes, (const unsigned char *)bytes + done, rest->n);
    *f->last = rest;
    f->last = &rest->next;
}

/* Copies that part of an unwritten block that is within the n bytes from offset `at`. */
static void overlay(const unwritten *k, uint64_t at, unsigned char *bytes, size_t n)
{
    uint64_t from = k->at > at ? k->at : at;
    uint64_t to = k->at + k->n < at + n ? k->at + k->n : at + n;
    if (from < to)
        memcpy(bytes + (from - at), k->bytes + (from - k->at), (size_t)(to - from));
}

void new_file_read(new_file *f, uint64_t at, void *bytes, size_t n)
{
    size_t done = 0;
    ssize_t got = 1;
    while (done < n && got != 0) {
        got = pread(f->fd, (unsigned char *)bytes + done, n - done, (off_t)(at + done));
        if (got > 0) {
            done += (size_t)got;
        } else if (got < 0 && errno != EINTR) {
            fail(f, errno);
            got = 0;
        }
    }
    memset((unsigned char *)bytes + done, 0, n - done);
    for (const unwritten *k = f->first; k; k = k->next)
        overlay(k, at, bytes, n);
}

void new_file_resize(new_file *f, uint64_t size)
{
    if (!f->failure && ftruncate(f->fd, (off_t)size))
        fail(f, errno);
}

adamas_status new_file_check(const new_file *f, adamas_error *error)
{
    if (f->failure)
        return status_set(error, ADAMAS_E_FILE, "%s: cannot write: %s", f->path, strerror(f->failure));
    return ADAMAS_OK;
}

/* Makes the new name survive a loss of power. The file is complete by now, so a folder that cannot be opened or synced
 * is no failure. */
static void sync_folder(char *partial)
{
    partial[folder_length(partial)] = '\0';
    int folder = open(*partial ? partial : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        fsync(folder);
        close(folder);
    }
}

adamas_status new_file_commit(new_file *f, adamas_error *error)
{
    /* File systems without fsync return EINVAL. */
    if (!f->failure && fsync(f->fd) && errno != EINVAL)
        fail(f, errno);
    if (close(f->fd))
        fail(f, errno);
    f->fd = -1;
    if (!f->failure && rename(f->partial, f->path))
        fail(f, errno);
    adamas_status status = new_file_check(f, error);
    if (!status) {
        sync_folder(f->partial);
        free(f->partial);
        f->partial = NULL;
    }
    new_file_abandon(f);
    return status;
}

void new_file_abandon(new_file *f)
{
    if (!f)
        return;
    if (f->fd >= 0)
        close(f->fd);
    if (f->partial)
        unlink(f->partial);
    for (unwritten *k = f->first, *next; k; k = next) {
        next = k->next;
        free(k);
    }
    free(f->partial);
    free(f->path);
    free(f);
}
