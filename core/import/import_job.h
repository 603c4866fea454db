/* The state of one import, and the shots that it writes: all are brought to the axis of the first file. */
#ifndef IMPORT_IMPORT_JOB_H
#define IMPORT_IMPORT_JOB_H

#include "import/file_name.h"
#include "import/file_table.h"
#include "import/meta.h"
#include "store/spectra_write.h"

/* Linear interpolation of one channel of the set's axis between two neighbouring channels of a file's axis. */
typedef struct interpolation {
    size_t left;
    float weight; /* of channel left + 1; 0: channel `left` alone */
} interpolation;

typedef struct import_job {
    const adamas_import *what;
    work *work;
    const char *path;    /* of the set */
    uint64_t bytes;      /* of all files */
    uint64_t bytes_done; /* of the files that have been read */
    axis axis;           /* the first file's; n is 0 before it */
    const char *axis_file;
    spectra_writer *writer;
    adamas_spectra *set; /* metadata to be written with the rows; its number of shots is set at the end */
    size_t block_rows;   /* rows are written in blocks of so many */
    size_t in_block;
    float *block;           /* [block_rows, axis.n] */
    interpolation *mapping; /* [axis.n] for the current file; NULL if its axis is the set's */
    meta meta;              /* a row for each shot */
    file_name_patterns patterns;
    file_table table;
} import_job;

/* The axis of the file whose rows come next. The first one becomes the set's, and starts the writing. */
adamas_status import_job_set_axis(import_job *job, const char *file, const double *nm, size_t n, adamas_error *error);

/* The intensities, on that axis, of the shot that meta_add has added. */
adamas_status import_job_add_row(import_job *job, const float *row, adamas_error *error);

/* Writes the rows that have not been written. */
adamas_status import_job_flush(import_job *job, adamas_error *error);

/* Reports that `read` bytes of the current file have been read. */
adamas_status import_job_progress(import_job *job, uint64_t read, adamas_error *error);

void import_job_clear(import_job *job);

#endif
