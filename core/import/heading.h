/* The headings above a block of numbers: which column holds the intensity, and in what unit the wavelengths are. */
#ifndef IMPORT_HEADING_H
#define IMPORT_HEADING_H

#include "import/block.h"

/* The column, from 0, that holds the intensity: the one with the heading `wanted`; or, if that is NULL, the second of
 * two columns, or else the only one with the heading sample, s, scope, intensity or signal, with or without a unit in
 * brackets. ADAMAS_E_FORMAT if there is no such column or more than one, or if the first column does not hold the
 * wavelengths; ADAMAS_E_AXIS if they are in another unit than nm. */
adamas_status heading_column(size_t *column, const block *b, const char *wanted, adamas_error *error);

#endif
