/* A text file as lines: plain or gzip, any line ends, any of the encodings that spectrometers write. */
#ifndef IMPORT_LINES_H
#define IMPORT_LINES_H

#include "base/status.h"

typedef struct lines lines;

/* `path` is lent. */
adamas_status lines_open(lines **out, const char *path, adamas_error *error);

/* The next line without its end, in UTF-8; NULL after the last. It lives until the next call. LF, CR LF and CR end
 * lines; NUL bytes at a line's end, a byte-order mark and a CR that ends nothing are dropped; UTF-16 needs its
 * byte-order mark; what is not UTF-8 is taken as ISO-8859-1. A truncated gzip file and other control characters are
 * refused. */
adamas_status lines_next(lines *l, char **line, adamas_error *error);

const char *lines_path(const lines *l);
size_t lines_number(const lines *l); /* of the last line, from 1 */
uint64_t lines_bytes(lines *l);      /* of the file (as it is on disk) that are read so far */
void lines_close(lines *l);

/* A whole file's lines. */
typedef struct page {
    const char *path; /* lent */
    size_t n;
    char *text;
    size_t *start; /* [n]: where each line starts in text; it ends with NUL */
} page;

adamas_status page_read(page *out, const char *path, adamas_error *error);
const char *page_line(const page *p, size_t index); /* index from 0: line number index + 1 */
void page_clear(page *p);

#endif
