/* Reading rows of a spectra set in any order. */
#ifndef DATASET_ROW_READER_H
#define DATASET_ROW_READER_H

#include "store/spectra.h"

/* Reads the raw rows rows[n] of a set to out[n, stride]; stride is at least the set's channels. Rows that follow each
 * other are read with one call if stride is the set's number of channels. */
adamas_status row_reader_read(const adamas_spectra *set, size_t n, const size_t *rows, float *out, size_t stride,
                              adamas_error *error);

#endif
