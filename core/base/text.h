/* Numbers to text and back, independent of the host program's locale; UTF-8; growing text. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>

/* Reads a decimal number at `text` (no leading blanks, no hexadecimal, no "nan" or "inf"), point as decimal mark.
 * Returns the end of the number, or NULL if there is none. */
const char *text_to_number(const char *text, double *value);

/* The shortest text that reads back as the same float64; "nan", "inf", "-inf" for those. */
void text_of_number(char out[32], double value);

/* Is the whole text valid UTF-8? */
int text_is_utf8(const char *c);

/* The last part of a path, as a pointer into it: a file's name without its folder. */
const char *text_file_name(const char *path);

/* A growing text; empty if all zero. After memory has run out `failed` is set and appending does nothing. */
typedef struct text {
    char *at; /* ended by NUL once anything was appended */
    size_t length;
    size_t capacity;
    int failed;
} text;

void text_append(text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_clear(text *t);

#endif
