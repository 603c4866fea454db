#define _GNU_SOURCE /* strtod_l */
#include "base/text.h"

#include "base/memory.h"

#include <ctype.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* newlocale for "C" gives glibc's built-in one: nothing is allocated, so nothing is freed. */
static locale_t c_locale(void)
{
    return newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

const char *text_to_number(const char *from, double *value)
{
    const char *c = from + (*from == '-' || *from == '+');
    if (!isdigit((unsigned char)*c) && !(*c == '.' && isdigit((unsigned char)c[1])))
        return NULL;
    if (c[0] == '0' && (c[1] == 'x' || c[1] == 'X')) {
        *value = 0;
        return c + 1;
    }
    char *end;
    *value = strtod_l(from, &end, c_locale());
    return end == from ? NULL : end;
}

void text_of_number(char out[32], double value)
{
    if (!isfinite(value)) {
        strcpy(out, isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        return;
    }
    locale_t before = uselocale(c_locale());
    int digits = 1;
    do
        snprintf(out, 32, "%.*g", digits, value);
    while (strtod(out, NULL) != value && digits++ < 17);
    int before_point = value == 0 ? 1 : (int)floor(log10(fabs(value))) + 1;
    if (before_point > digits && before_point <= 15) /* 40, not 4e+01 */
        snprintf(out, 32, "%.*g", before_point, value);
    uselocale(before);
}

void text_append(text *t, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = t->failed ? -1 : vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length >= 0 && t->length + (size_t)length + 1 > t->room) {
        size_t room = 2 * (t->length + (size_t)length + 1);
        char *grown = memory_grow(t->at, room, 1);
        if (grown) {
            t->at = grown;
            t->room = room;
        } else {
            length = -1;
        }
    }
    if (length >= 0) {
        vsnprintf(t->at + t->length, (size_t)length + 1, format, again);
        t->length += (size_t)length;
    } else {
        t->failed = 1;
    }
    va_end(again);
}

void text_clear(text *t)
{
    free(t->at);
    *t = (text){0};
}
