/* SHA-256 (OpenSSL, which uses the processor's own instructions where it has them). */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/work.h"

typedef struct digest digest;

adamas_status digest_start(digest **out, adamas_error *error);
void digest_add(digest *d, const void *bytes, size_t n);
/* Ends and frees it (NULL is fine); hex gets 64 lower-case digits and NUL unless it is NULL. */
void digest_end(digest *d, char hex[65]);

/* Of a file's bytes; w is asked meanwhile. */
adamas_status digest_file(char hex[65], const char *path, work *w, adamas_error *error);

#endif
