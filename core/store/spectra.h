/* A spectra set: its axis, its tables, and a reader of its rows. */
#ifndef STORE_SPECTRA_H
#define STORE_SPECTRA_H

#include "base/axis.h"
#include "base/table.h"
#include "base/work.h"

#include <pthread.h>

struct adamas_spectra {
    char *name; /* for messages: the file's path, or "spectra in memory" */
    char *path; /* the file, for its digest; NULL if there is none */
    size_t n_shots;
    axis axis;
    table shots;
    table specimens; /* its first column is `id` */
    table sources;
    table facts;         /* metadata: one row, with a text column for each "group/name" */
    size_t *specimen_of; /* [n_shots]: the row of the specimens' table; NULL until the shots' "specimen" is set */
    adamas_row_reader reader;
    void *reader_data;
    void (*release)(void *reader_data); /* NULL if reader_data is the caller's */
    int reader_is_thread_safe;          /* may several threads call it at once? */
    pthread_mutex_t reader_lock;        /* held during each of its calls, if not */
};

/* A set whose rows `reader` reads; `release` frees reader_data. ADAMAS_E_DATA if there are no shots. The reader is
 * called by one thread at a time, unless reader_is_thread_safe is set afterwards. */
adamas_status spectra_new(adamas_spectra **out, const char *name, size_t n_shots, size_t n_channels,
                          const double *wavelength, adamas_row_reader reader, void *reader_data,
                          void (*release)(void *), adamas_error *error);

/* A set of intensity[n_shots, n_channels], which is borrowed. */
adamas_status spectra_lend(adamas_spectra **out, size_t n_shots, size_t n_channels, const float *intensity,
                           const double *wavelength, adamas_error *error);

/* See adamas_spectra_set_text and the functions that follow it in adamas.h. */
adamas_status spectra_set_text(adamas_spectra *s, int32_t table, const char *column, size_t n,
                               const char *const *values, adamas_error *error);
adamas_status spectra_set_numbers(adamas_spectra *s, int32_t table, const char *column, size_t n, const double *values,
                                  adamas_error *error);
adamas_status spectra_set_fact(adamas_spectra *s, const char *name, const char *value, adamas_error *error);
adamas_status spectra_set_segments(adamas_spectra *s, size_t n, const size_t *first, adamas_error *error);

const char *spectra_fact(const adamas_spectra *s, const char *name); /* NULL if it is not set */
table *spectra_table(adamas_spectra *s, int32_t table);              /* NULL if there is no such table */
/* Reads shots first ... first+n-1 into out[n, axis.n]. Several threads may call it at once for any set, if nothing else
 * is done with the set: files and arrays in memory are read in parallel, callers' readers by one thread at a time. */
adamas_status spectra_rows(const adamas_spectra *s, uint64_t first, uint64_t n, float *out, adamas_error *error);

/* SHA-256 of the file, or of the bytes of wavelengths and intensities if the set is not a file: 64 hexadecimal digits
 * and NUL. Can be cancelled through w. */
adamas_status spectra_digest(const adamas_spectra *s, char hex[65], work *w, adamas_error *error);

void spectra_free(adamas_spectra *s); /* NULL is fine */

#endif
