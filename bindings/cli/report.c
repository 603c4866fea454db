#include "cli.h"

#include <stdio.h>
#include <string.h>

const adamas_column *column_of(const adamas_report *r, int32_t table, const char *what, const char *origin)
{
    const adamas_column *column;
    size_t length = strlen(what);
    for (size_t i = 0; (column = adamas_report_column_at(r, table, i)) != NULL; i++)
        if (strncmp(column->name, what, length) == 0 && strcmp(column->name + length, origin) == 0)
            return column;
    return NULL;
}

void print_warnings(const adamas_report *r)
{
    const char *said;
    for (size_t i = 0; (said = adamas_report_warning(r, i)) != NULL; i++)
        printf("%s\n", said);
}
