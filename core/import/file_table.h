/* The table of files: a text file with a row of metadata for each imported file, found by its column `file`. */
#ifndef IMPORT_FILE_TABLE_H
#define IMPORT_FILE_TABLE_H

#include "import/meta.h"

typedef struct file_table {
    const char *path;    /* borrowed; NULL if there is no table */
    meta rows;           /* as in the file */
    size_t *column;      /* [rows.n_columns]: the place of each column in the import's metadata */
    unsigned char *used; /* [rows.n]: whether an imported file had this row */
} file_table;

/* Reads the table, and adds its columns to the import's metadata. */
adamas_status file_table_read(file_table *out, const char *path, meta *m, adamas_error *error);

/* Copies the row for a file into the newest row of m; ADAMAS_E_DATA if there is none, or if it was used before. */
adamas_status file_table_apply(file_table *t, const char *path, meta *m, adamas_error *error);

/* After all files: ADAMAS_E_DATA if a row was used by no file. */
adamas_status file_table_check(const file_table *t, adamas_error *error);

void file_table_clear(file_table *t);

#endif
