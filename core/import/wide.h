/* A text file that holds a table with a row for each spectrum: columns of metadata, and columns named by wavelength. */
#ifndef IMPORT_WIDE_H
#define IMPORT_WIDE_H

#include "import/import_job.h"
#include "import/lines.h"

/* The delimiter if `line` is the header of such a table (it has a column `specimen` and one named by a wavelength),
 * else 0. */
char wide_delimiter(const char *line);

/* Reads the table whose header `line` has just been read from l, and adds each row as a shot. */
adamas_status wide_read(import_job *job, lines *l, const char *line, adamas_error *error);

#endif
