/* The tables of shots and specimens that the imported metadata make. */
#ifndef IMPORT_META_TABLES_H
#define IMPORT_META_TABLES_H

#include "import/meta.h"
#include "store/spectra.h"

/* Fills the tables of shots and specimens of a set of m->n shots. A column whose entries are all numbers is numeric. A
 * column other than those with a meaning goes to the specimens if each specimen has one value, else to the shots. */
adamas_status meta_tables(const meta *m, adamas_spectra *set, adamas_error *error);

#endif
