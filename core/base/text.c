/* Numbers as text in the C locale, UTF-8, and growing text. */
#define _GNU_SOURCE /* strtod_l */
#include "base/text.h"

#include "base/memory.h"

#include <ctype.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* newlocale for "C" gives glibc's built-in one: nothing is allocated, so nothing is freed. */
static locale_t c_locale(void)
{
    return newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* Stops at the first character that is no digit, or as soon as the number has reached `max`. */
static const char *read_digits(const char *c, uint64_t *number, uint64_t max)
{
    for (; isdigit((unsigned char)*c) && *number < max; c++)
        *number = 10 * *number + (uint64_t)(*c - '0');
    return c;
}

/* Adds the exponent at c, if there is one; returns where it ends, or c. */
static const char *read_exponent(const char *c, long *exponent)
{
    if (*c != 'e' && *c != 'E')
        return c;
    const char *digits = c + 1 + (c[1] == '-' || c[1] == '+');
    if (!isdigit((unsigned char)*digits))
        return c;
    uint64_t size = 0;
    const char *end = read_digits(digits, &size, 1000);
    *exponent += c[1] == '-' ? -(long)size : (long)size;
    return end;
}

/* A mantissa below 2^53 and a power of ten up to 22 are exact in float64, so their product or quotient is
 * correctly rounded (Clinger 1990). NULL for any other number, which is left to the much slower strtod. */
static const char *read_short(const char *c, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const uint64_t max_mantissa = (uint64_t)1 << 53;
    const long max_exponent = 22;
    uint64_t mantissa = 0;
    c = read_digits(c, &mantissa, max_mantissa);
    const char *fraction = *c == '.' ? c + 1 : c;
    c = *c == '.' ? read_digits(fraction, &mantissa, max_mantissa) : c;
    long exponent = (long)(fraction - c);
    c = read_exponent(c, &exponent);
    if (mantissa >= max_mantissa || exponent > max_exponent || exponent < -max_exponent || isdigit((unsigned char)*c))
        return NULL;
    *value = exponent < 0 ? (double)mantissa / powers[-exponent] : (double)mantissa * powers[exponent];
    return c;
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
    const char *short_end = read_short(c, value);
    if (short_end) {
        *value = *from == '-' ? -*value : *value;
        return short_end;
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

/* The number of bytes of the character at c; 0 if it is not valid (The Unicode Standard, table 3-7). */
static size_t utf8_length(const char *c)
{
    const unsigned char *b = (const unsigned char *)c;
    if (b[0] < 0x80)
        return 1;
    if (b[0] < 0xC2 || b[0] > 0xF4)
        return 0;
    size_t n = b[0] < 0xE0 ? 2 : b[0] < 0xF0 ? 3 : 4;
    unsigned char min = b[0] == 0xE0 ? 0xA0 : b[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char max = b[0] == 0xED ? 0x9F : b[0] == 0xF4 ? 0x8F : 0xBF;
    if (b[1] < min || b[1] > max)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((b[i] & 0xC0) != 0x80)
            return 0;
    return n;
}

int text_is_utf8(const char *c)
{
    size_t n = 1;
    for (; *c && n; c += n)
        n = utf8_length(c);
    return n > 0;
}

const char *text_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void text_append(text *t, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = t->failed ? -1 : vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length >= 0 && t->length + (size_t)length + 1 > t->capacity) {
        size_t capacity = 2 * (t->length + (size_t)length + 1);
        char *grown = memory_grow(t->at, capacity, 1);
        if (grown) {
            t->at = grown;
            t->capacity = capacity;
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
