#include "base/digest.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct digest {
    crypto_hash_sha256_state state;
};

adamas_status digest_start(digest **out, adamas_error *error)
{
    *out = NULL;
    digest *d = sodium_init() < 0 ? NULL : memory_new(1, sizeof *d);
    if (!d)
        return status_no_memory(error);
    crypto_hash_sha256_init(&d->state);
    *out = d;
    return ADAMAS_OK;
}

void digest_add(digest *d, const void *bytes, size_t n)
{
    crypto_hash_sha256_update(&d->state, bytes, n);
}

void digest_end(digest *d, char hex[65])
{
    if (!d)
        return;
    unsigned char sum[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(&d->state, sum);
    if (hex)
        sodium_bin2hex(hex, 65, sum, sizeof sum);
    free(d);
}

static adamas_status add_file(digest *d, int fd, const char *path, adamas_error *error)
{
    enum { block = 1 << 18 };
    unsigned char *bytes = memory_raw(block, 1);
    if (!bytes)
        return status_no_memory(error);
    ssize_t got;
    do {
        got = read(fd, bytes, block);
        if (got > 0)
            digest_add(d, bytes, (size_t)got);
    } while (got > 0 || (got < 0 && errno == EINTR));
    int failure = errno;
    free(bytes);
    if (got < 0)
        return status_set(error, ADAMAS_E_FILE, "%s: cannot read: %s", path, strerror(failure));
    return ADAMAS_OK;
}

adamas_status digest_file(char hex[65], const char *path, adamas_error *error)
{
    digest *d;
    adamas_status status = digest_start(&d, error);
    if (status)
        return status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        status = status_set(error, ADAMAS_E_FILE, "%s: cannot open: %s", path, strerror(errno));
    } else {
        status = add_file(d, fd, path, error);
        close(fd);
    }
    digest_end(d, status ? NULL : hex);
    return status;
}
