/* Text files of spectrometers, imported into a spectra set's file. */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include "base/work.h"

/* Reads the files of `what` and writes the spectra set to `path`, shot by shot. Every line of a file is accounted for:
 * what is not understood is ADAMAS_E_FORMAT (or _E_AXIS, _E_DATA) with the file and the line, and no file is written.
 */
adamas_status import_files(const char *path, const adamas_import *what, work *w, adamas_error *error);

#endif
