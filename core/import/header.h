/* The line of column names of a table. */
#ifndef IMPORT_HEADER_H
#define IMPORT_HEADER_H

#include "import/fields.h"

typedef struct header_column {
    char *name;
    size_t place; /* from 1 */
    int is_channel;
    double nm; /* of a channel */
} header_column;

typedef struct header {
    size_t n;
    header_column *columns;
    size_t n_channels;
    char mark; /* the decimal mark of the channels' names, 0 if none has one */
} header;

/* Is a name a wavelength: a number, with or without " nm" after it? Sets the decimal mark if *mark is 0. */
int header_is_channel(const field *f, char *mark, double *nm);

/* Reads the names at line `number` of a file; ADAMAS_E_FORMAT if a name is missing or occurs twice, or if one
 * between two wavelengths is not a wavelength. If has_channels is 0 all columns are metadata. */
adamas_status header_read(header *out, const char *path, size_t number, const char *line, char delimiter,
                          int has_channels, adamas_error *error);

void header_clear(header *h);

#endif
