/* The block of numbers in a text file of one spectrum. */
#ifndef IMPORT_BLOCK_H
#define IMPORT_BLOCK_H

#include "import/fields.h"
#include "import/page.h"

typedef struct block {
    const page *page;
    size_t first; /* the lines that may contain it: first ... last-1, from 0 */
    size_t last;
    dialect dialect;
    size_t begin;    /* the line of the first row */
    size_t n_fields; /* of a row, 2 or more */
} block;

typedef struct block_spectrum {
    size_t n;
    double *nm;
    float *intensity;
} block_spectrum;

/* Finds the dialect and the first row between b->first and b->last. */
adamas_status block_find(block *b, adamas_error *error);

/* Reads wavelengths from the first field and intensities from field `column`, from 0. The block ends at the first line
 * that is not a row. Malformed rows are ADAMAS_E_FORMAT: numbers with another count of fields, a line that starts with
 * a number and has rows after it, and any other text directly before a row. Empty lines and comments between rows are
 * skipped. */
adamas_status block_read(block_spectrum *out, const block *b, size_t column, adamas_error *error);

void block_spectrum_clear(block_spectrum *s);

#endif
