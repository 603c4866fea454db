/* A whole text file in memory, line by line. */
#ifndef IMPORT_PAGE_H
#define IMPORT_PAGE_H

#include "base/status.h"

typedef struct page {
    const char *path; /* borrowed */
    size_t n;         /* lines */
    char *text;
    size_t *start; /* [n]: the offset in text of each line, which ends with NUL */
} page;

/* Reads and decodes the file as lines_next does. */
adamas_status page_read(page *out, const char *path, adamas_error *error);

/* Line `index`, from 0: line number index + 1 of the file. */
const char *page_line(const page *p, size_t index);

void page_clear(page *p);

#endif
