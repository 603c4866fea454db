/* One import at work: what its rooms share. */
#ifndef IMPORT_IMPORT_JOB_H
#define IMPORT_IMPORT_JOB_H

#include "import/fields.h"
#include "import/file_name.h"
#include "import/meta.h"
#include "store/spectra_write.h"

/* Where a channel of the set's axis lies between two channels of a file's. */
typedef struct between {
    size_t left;
    float weight; /* of the channel left + 1; 0: the left one alone */
} between;

typedef struct import {
    const adamas_import *what;
    work *work;
    const char *path;
    uint64_t bytes;      /* of all files */
    uint64_t bytes_done; /* of the files that are done */
    axis axis;           /* the first file's; n is 0 before */
    const char *axis_file;
    spectra_writer *writer;
    adamas_spectra *set; /* what is written with the rows; its shots are counted at the end */
    size_t block_rows;   /* rows are written in blocks */
    size_t in_block;
    float *block;     /* [block_rows, axis.n] */
    between *mapping; /* [axis.n] for the file at hand; NULL where its axis is the set's */
    meta meta;
    file_patterns patterns;
    meta table; /* of what->table; its columns have places of their own in `meta`: */
    size_t *table_column;
    unsigned char *table_used; /* [table.n] */
} import;

/* import.c: the axis of the file whose rows come next; the first one starts the writing. */
adamas_status import_axis(import *in, const char *file, const double *nm, size_t n, adamas_error *error);
/* The intensities of the shot that meta_add has made, on that axis. */
adamas_status import_row(import *in, const float *row, adamas_error *error);
/* `read` bytes of the file at hand are done. */
adamas_status import_progress(import *in, uint64_t read, adamas_error *error);

/* import_wide.c: is this first line of a file that of a wide table? Its delimiter, or 0. */
char wide_delimiter(const char *line);
/* Reads the table whose first line `line` is the newest of l. */
adamas_status wide_read(import *in, lines *l, const char *line, adamas_error *error);

/* import_single.c: a file of one spectrum. */
adamas_status single_read(import *in, const char *path, adamas_error *error);

/* import_table.c: the table of what->table. */
adamas_status file_table_read(import *in, adamas_error *error);
/* Copies the columns of a file's row into the newest row of in->meta. */
adamas_status file_table_apply(import *in, const char *path, adamas_error *error);
/* After all files: a row that no file has is an error. */
adamas_status file_table_check(const import *in, adamas_error *error);

#endif
