/* A spectra set: the axis, the tables, and a way to read rows. */
#ifndef STORE_SPECTRA_H
#define STORE_SPECTRA_H

#include "base/axis.h"
#include "base/table.h"
#include "base/work.h"

#include <pthread.h>

struct adamas_spectra {
    char *name; /* for messages: the file's path, or "spectra in memory" */
    char *path; /* the file, for its digest; NULL where there is none */
    size_t n_shots;
    axis axis;
    table shots;
    table specimens; /* its first column is `id` */
    table sources;
    table facts;         /* one row, a text column a fact */
    size_t *specimen_of; /* [n_shots]: the row of the specimens' table; NULL until the shots' "specimen" is set */
    adamas_row_reader reader;
    void *reader_data;
    void (*release)(void *reader_data); /* NULL where reader_data is the caller's */
    int reader_is_thread_safe;          /* may several threads be in the reader? */
    pthread_mutex_t turn;               /* of those who wait for it where not */
};

/* spectra.c: the object in memory. A set with no rows is ADAMAS_E_DATA. Its reader is called by one thread at a time
 * unless reader_is_thread_safe is set afterwards. */
adamas_status spectra_new(adamas_spectra **out, const char *name, size_t n_shots, size_t n_channels,
                          const double *wavelength, adamas_row_reader reader, void *reader_data,
                          void (*release)(void *), adamas_error *error);
adamas_status spectra_lend(adamas_spectra **out, size_t n_shots, size_t n_channels, const float *intensity,
                           const double *wavelength, adamas_error *error);
adamas_status spectra_set_text(adamas_spectra *s, int32_t table, const char *column, size_t n,
                               const char *const *values, adamas_error *error);
adamas_status spectra_set_numbers(adamas_spectra *s, int32_t table, const char *column, size_t n, const double *values,
                                  adamas_error *error);
adamas_status spectra_set_fact(adamas_spectra *s, const char *name, const char *value, adamas_error *error);
adamas_status spectra_set_segments(adamas_spectra *s, size_t n, const size_t *first, adamas_error *error);
const char *spectra_fact(const adamas_spectra *s, const char *name); /* NULL where it is not given */
table *spectra_table(adamas_spectra *s, int32_t table);              /* NULL where there is no such table */
/* Shots first ... first+n-1. May be called by several threads at once for any set, while nothing else is done with it:
 * files and arrays in memory are read side by side, callers' readers in turn. */
adamas_status spectra_rows(const adamas_spectra *s, uint64_t first, uint64_t n, float *out, adamas_error *error);
/* SHA-256 of the file, or of wavelength and intensity bytes where the set is no file: 64 hexadecimal digits and NUL.
 * w is asked meanwhile. */
adamas_status spectra_digest(const adamas_spectra *s, char hex[65], work *w, adamas_error *error);
void spectra_free(adamas_spectra *s);

#endif
