/* Printing what all reports have, and writing them. */
#include "cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

const adamas_column *column_of(const adamas_report *r, int32_t table, const char *prefix, const char *origin)
{
    const adamas_column *column;
    size_t length = strlen(prefix);
    for (size_t i = 0; (column = adamas_report_column_at(r, table, i)) != NULL; i++)
        if (strncmp(column->name, prefix, length) == 0 && strcmp(column->name + length, origin) == 0)
            return column;
    return NULL;
}

void print_warnings(const adamas_report *r)
{
    const char *text;
    for (size_t i = 0; (text = adamas_report_warning(r, i)) != NULL; i++)
        printf("%s\n", text);
}

void print_conclusion(const adamas_report *r)
{
    const char *text = adamas_report_fact(r, "conclusion");
    if (text)
        printf("%s%s\n", adamas_report_warning(r, 0) ? "\n" : "", text);
}

void print_synthetic_warning(void)
{
    printf("synthetic reference spectra: not evidence\n");
}

adamas_status write_report(const adamas_report *r, const arguments *a, adamas_error *error)
{
    int is_new = a->output && access(a->output, F_OK) != 0;
    adamas_status status = a->output ? adamas_report_write(r, a->output, error) : ADAMAS_OK;
    if (status || !a->html)
        return status;
    status = adamas_report_write(r, a->html, error);
    if (status && is_new)
        unlink(a->output);
    return status;
}
