/* Errors of one line, as the public header defines them. */
#ifndef FAIL_H
#define FAIL_H

#include <adamas/adamas.h>

/* Fills *error and returns the code. */
adamas_status fail(adamas_error *error, adamas_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

adamas_status fail_memory(adamas_error *error);

#endif
