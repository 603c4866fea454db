/* SHA-256 (OpenSSL, which uses the processor's instructions for it, if there are any). */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/work.h"

typedef struct digest digest;

adamas_status digest_start(digest **out, adamas_error *error);
void digest_add(digest *d, const void *bytes, size_t n);
/* Ends and frees it (NULL is fine); hex, if it is not NULL, becomes 64 lower-case digits and NUL. */
void digest_end(digest *d, char hex[65]);

/* The digest of a file's bytes; can be cancelled through w. */
adamas_status digest_file(char hex[65], const char *path, work *w, adamas_error *error);

#endif
