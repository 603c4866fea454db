/* The block of numbers in a text file of one spectrum. */
#ifndef IMPORT_BLOCK_H
#define IMPORT_BLOCK_H

#include "import/fields.h"

typedef struct block {
    const page *page;
    size_t first; /* the lines that may hold it: first ... last-1, from 0 */
    size_t last;
    dialect dialect;
    size_t begin;    /* the line of the first row */
    size_t n_fields; /* of a row, 2 or more */
} block;

typedef struct spectrum {
    size_t n;
    double *nm;
    float *intensity;
} spectrum;

/* Finds the dialect and the first row between b->first and b->last. */
adamas_status block_find(block *b, adamas_error *error);

/* Reads wavelengths from the first field and intensities from another. The block ends at the first line that is no row;
 * a line that is a row gone wrong is refused: a line of numbers of another count, one that starts with a number and has
 * rows after it, and any other text directly before a row. Empty lines and comments between rows do no harm. */
adamas_status block_read(spectrum *out, const block *b, size_t column, adamas_error *error);

/* Which field holds the intensity: the one headed `wanted`, or where that is NULL the second of two, or else the only
 * one headed sample, s, scope, intensity or signal, a unit in brackets after it or not. A wavelength in another unit
 * than nm is refused. (import_heading.c) */
adamas_status block_column(size_t *column, const block *b, const char *wanted, adamas_error *error);

void spectrum_clear(spectrum *s);

/* The block of a JCAMP-DX file: of several (a LINK file) the only one whose title speaks of a processed or a sample
 * spectrum, or else the first. (import_jcamp.c) */
typedef struct jcamp {
    double x_factor;
    double y_factor;
    size_t label; /* the line of ##XYPOINTS or ##XYDATA */
    size_t title; /* the line of the block's ##TITLE */
} jcamp;

int jcamp_is(const page *p);
adamas_status jcamp_find(jcamp *out, block *b, adamas_error *error);

/* Applies the factors, and compares with ##NPOINTS, ##FIRSTX and ##LASTX where they are given. */
adamas_status jcamp_finish(const jcamp *j, const block *b, spectrum *s, adamas_error *error);

#endif
