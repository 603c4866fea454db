/* SHA-256 by OpenSSL. */
#include "base/digest.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct digest {
    EVP_MD_CTX *state;
};

/* If the host program has initialised OpenSSL, its settings stay; if not, no configuration file is looked for. */
adamas_status digest_start(digest **out, adamas_error *error)
{
    *out = NULL;
    digest *d = memory_new(1, sizeof *d);
    int ready = d && OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) == 1 && (d->state = EVP_MD_CTX_new()) &&
                EVP_DigestInit_ex(d->state, EVP_sha256(), NULL) == 1;
    if (!ready) {
        digest_end(d, NULL);
        return status_no_memory(error);
    }
    *out = d;
    return ADAMAS_OK;
}

void digest_add(digest *d, const void *bytes, size_t n)
{
    EVP_DigestUpdate(d->state, bytes, n);
}

void digest_end(digest *d, char hex[65])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char sum[EVP_MAX_MD_SIZE] = {0};
    if (!d)
        return;
    if (hex) {
        EVP_DigestFinal_ex(d->state, sum, NULL);
        for (size_t i = 0; i < 32; i++) {
            hex[2 * i] = digits[sum[i] >> 4];
            hex[2 * i + 1] = digits[sum[i] & 15];
        }
        hex[64] = '\0';
    }
    EVP_MD_CTX_free(d->state);
    free(d);
}

static adamas_status add_file(digest *d, int fd, const char *path, work *w, adamas_error *error)
{
    enum { block = 1 << 20 };
    unsigned char *bytes = memory_raw(block, 1);
    if (!bytes)
        return status_no_memory(error);
    ssize_t got;
    adamas_status status = ADAMAS_OK;
    do {
        got = read(fd, bytes, block);
        if (got > 0) {
            digest_add(d, bytes, (size_t)got);
            status = work_check_cancelled(w, error);
        }
    } while (!status && (got > 0 || (got < 0 && errno == EINTR)));
    int failure = errno;
    free(bytes);
    if (got < 0)
        return status_set(error, ADAMAS_E_FILE, "%s: cannot read: %s", path, strerror(failure));
    return status;
}

adamas_status digest_file(char hex[65], const char *path, work *w, adamas_error *error)
{
    digest *d;
    adamas_status status = digest_start(&d, error);
    if (status)
        return status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        status = status_set(error, ADAMAS_E_FILE, "%s: cannot open: %s", path, strerror(errno));
    } else {
        status = add_file(d, fd, path, w, error);
        close(fd);
    }
    digest_end(d, status ? NULL : hex);
    return status;
}
