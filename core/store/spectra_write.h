/* Writing a spectra set's file (NeXus NXoptical_spectroscopy in HDF5). */
#ifndef STORE_SPECTRA_WRITE_H
#define STORE_SPECTRA_WRITE_H

#include "store/spectra.h"

/* Writes a whole set. The file is at `path` only if all of it could be written. */
adamas_status spectra_write(const adamas_spectra *s, const char *path, work *w, adamas_error *error);

/* A file that is written shot by shot: its axis is known at the start, its tables when all rows have been appended. */
typedef struct spectra_writer spectra_writer;

adamas_status spectra_writer_start(spectra_writer **out, const char *path, const axis *a, adamas_error *error);

/* Appends rows[n, axis.n]. */
adamas_status spectra_writer_append(spectra_writer *writer, size_t n, const float *rows, adamas_error *error);

/* Writes the tables and metadata of `set`, whose n_shots must be the number of rows appended and whose rows are not
 * read, and commits the file. Frees the writer in any case. */
adamas_status spectra_writer_finish(spectra_writer *writer, const adamas_spectra *set, adamas_error *error);

/* Frees the writer and removes the unfinished file; NULL is fine. */
void spectra_writer_abandon(spectra_writer *writer);

#endif
