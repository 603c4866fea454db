/* The block of numbers in a JCAMP-DX file. */
#ifndef IMPORT_JCAMP_H
#define IMPORT_JCAMP_H

#include "import/block.h"

typedef struct jcamp {
    double x_factor;
    double y_factor;
    size_t label; /* the line of ##XYPOINTS or ##XYDATA */
    size_t title; /* the line of the block's ##TITLE */
} jcamp;

/* Is the first line with text a ##TITLE? */
int jcamp_is(const page *p);

/* Sets the lines of `b` that hold the points, and reads the factors. If the file has several blocks (a LINK file),
 * takes the only one whose title contains "processed" or "sample", or else the first. */
adamas_status jcamp_find(jcamp *out, block *b, adamas_error *error);

/* Applies the factors, and compares with ##NPOINTS, ##FIRSTX and ##LASTX, if they are given. */
adamas_status jcamp_finish(const jcamp *j, const block *b, block_spectrum *s, adamas_error *error);

#endif
