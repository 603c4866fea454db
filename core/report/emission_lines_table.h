/* The typed-in table behind emission_lines.h. */
#ifndef REPORT_EMISSION_LINES_TABLE_H
#define REPORT_EMISSION_LINES_TABLE_H

#include "report/emission_lines.h"

extern const emission_line emission_lines_table[]; /* by rising wavelength */
extern const size_t emission_lines_table_n;

#endif
