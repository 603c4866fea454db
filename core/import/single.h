/* A text file that holds one spectrum: columns of wavelengths and intensities, or JCAMP-DX. */
#ifndef IMPORT_SINGLE_H
#define IMPORT_SINGLE_H

#include "import/import_job.h"

/* Reads the file and adds its spectrum as one shot. */
adamas_status single_read(import_job *job, const char *path, adamas_error *error);

#endif
