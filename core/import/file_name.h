/* What a file's name tells of its spectrum, by regular expressions. */
#ifndef IMPORT_FILE_NAME_H
#define IMPORT_FILE_NAME_H

#include "import/meta.h"

typedef struct pattern pattern;

typedef struct file_patterns {
    pattern *at[4]; /* NULL where it is not asked for */
} file_patterns;

adamas_status file_patterns_make(file_patterns *out, const adamas_import *what, adamas_error *error);

/* Sets what the name tells of the newest row of m, except what the row says already; a specimen is always told. */
adamas_status file_patterns_apply(const file_patterns *p, const char *path, meta *m, adamas_error *error);

void file_patterns_clear(file_patterns *p);

#endif
