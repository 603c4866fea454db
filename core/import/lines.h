/* A text file as lines: plain or gzip, any line ends, any of the encodings that spectrometers write. */
#ifndef IMPORT_LINES_H
#define IMPORT_LINES_H

#include "base/status.h"

typedef struct lines lines;

/* `path` is borrowed. */
adamas_status lines_open(lines **out, const char *path, adamas_error *error);

/* The next line without its end, in UTF-8; NULL after the last. It is valid until the next call. LF, CR LF and CR end
 * lines; NUL bytes at a line's end, a byte-order mark and a CR that ends no line are dropped. UTF-16 needs its
 * byte-order mark; a line that is not valid UTF-8 is read as ISO-8859-1. A truncated gzip file and other control
 * characters are refused. */
adamas_status lines_next(lines *l, char **line, adamas_error *error);

const char *lines_path(const lines *l);
size_t lines_number(const lines *l); /* of the last line, from 1 */
uint64_t lines_bytes(lines *l);      /* of the file as it is on disk, read so far */
void lines_close(lines *l);

#endif
