/* Reading a spectra set's file (NeXus NXoptical_spectroscopy in HDF5). */
#ifndef STORE_SPECTRA_READ_H
#define STORE_SPECTRA_READ_H

#include "store/spectra.h"

/* Opens the file and reads its axis, tables and metadata. It stays open: intensities are read from it on demand, by any
 * number of threads, until spectra_free. ADAMAS_E_FORMAT for a file that is not a spectra set or is damaged. */
adamas_status spectra_read(adamas_spectra **out, const char *path, adamas_error *error);

#endif
