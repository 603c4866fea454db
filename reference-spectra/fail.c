/* Filling the caller's error. */
#include "fail.h"

#include <stdarg.h>
#include <stdio.h>

adamas_status fail(adamas_error *error, adamas_status code, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    if (error) {
        error->code = code;
        vsnprintf(error->message, sizeof error->message, format, list);
    }
    va_end(list);
    return code;
}

adamas_status fail_memory(adamas_error *error)
{
    return fail(error, ADAMAS_E_MEMORY, "out of memory");
}
