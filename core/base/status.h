/* Errors: a code that functions return, and a message in a struct that the caller owns. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include "adamas/adamas.h"

/* Fills *error (NULL is fine) with the code and one line, and returns the code: `return status_set(error, ...)`.
 * Control characters in the message, such as line ends, become blanks; a message that is too long is truncated. */
adamas_status status_set(adamas_error *error, adamas_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ADAMAS_E_MEMORY with its message. */
adamas_status status_no_memory(adamas_error *error);

#endif
