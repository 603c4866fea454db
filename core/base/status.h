/* Filling the caller's error, and passing failure on. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include "adamas/adamas.h"

/* Fills *error (NULL is fine) with the code and one line, and returns the code: `return status_set(error, ...)`.
 * Line ends and other control characters in the text become blanks, and a text that is too long is cut. */
adamas_status status_set(adamas_error *error, adamas_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The one message for memory that could not be had. */
adamas_status status_no_memory(adamas_error *error);

#endif
