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
    char mark; /* the decimal mark of the channels' names, 0 where none shows it */
} header;

/* Is a name a wavelength: a number, with " nm" after it or not? Learns the decimal mark where *mark is 0. */
int header_is_channel(const field *f, char *mark, double *nm);

/* Reads the names at line `number` of a file; refuses a name that is missing or there twice, and one that is no
 * wavelength between two that are. Where has_channels is 0 every column is metadata. */
adamas_status header_read(header *out, const char *path, size_t number, const char *line, char delimiter,
                          int has_channels, adamas_error *error);

void header_clear(header *h);

#endif
