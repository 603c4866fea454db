/* Metadata of a shot from its file's name, by regular expressions (PCRE2). */
#ifndef IMPORT_FILE_NAME_H
#define IMPORT_FILE_NAME_H

#include "import/meta.h"

typedef struct file_name_pattern file_name_pattern;

/* For specimen, origin, session and shot; NULL if there is no expression for it. */
typedef struct file_name_patterns {
    file_name_pattern *at[4];
} file_name_patterns;

/* Compiles the expressions of `what`, whose texts are borrowed; ADAMAS_E_ARGUMENT for one that is not valid. *out is
 * zero before the call, and to be cleared after it in any case. */
adamas_status file_name_compile(file_name_patterns *out, const adamas_import *what, adamas_error *error);

/* Sets the entries of the newest row of m from the file's name, except those that are set already. Without an
 * expression for it the specimen is the name without its ending. ADAMAS_E_DATA if an expression does not match. */
adamas_status file_name_apply(const file_name_patterns *p, const char *path, meta *m, adamas_error *error);

void file_name_clear(file_name_patterns *p);

#endif
