/* The caller-owned error. */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Removes an incomplete UTF-8 character at the end of a text that was cut: continuation bytes are 10xxxxxx. */
static void end_at_character(char *text, size_t length)
{
    if (length == 0)
        return;
    size_t start = length - 1;
    while (start > 0 && ((unsigned char)text[start] & 0xC0) == 0x80)
        start--;
    unsigned char lead = (unsigned char)text[start];
    size_t wanted = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (start + wanted > length)
        text[start] = '\0';
}

adamas_status status_set(adamas_error *error, adamas_status code, const char *format, ...)
{
    if (!error)
        return code;
    error->code = code;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    if (length < 0)
        error->message[0] = '\0';
    for (char *c = error->message; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F)
            *c = ' ';
    if (length >= (int)sizeof error->message)
        end_at_character(error->message, sizeof error->message - 1);
    return code;
}

adamas_status status_no_memory(adamas_error *error)
{
    return status_set(error, ADAMAS_E_MEMORY, "out of memory");
}
