/* The table of emission lines. */
#ifndef REPORT_EMISSION_LINES_TABLE_H
#define REPORT_EMISSION_LINES_TABLE_H

#include <stddef.h>

typedef struct emission_line {
    const char *species; /* an element, or a molecule */
    int stage;           /* 1 neutral, 2 singly ionised; 0 for the head of a molecule's band */
    double air_nm;       /* wavelength in air */
    int rank;            /* 1 is the species and stage's strongest here; the order, no measure */
} emission_line;

extern const emission_line emission_lines_table[]; /* by rising wavelength */
extern const size_t emission_lines_table_n;

#endif
