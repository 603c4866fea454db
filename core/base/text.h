/* Numbers as text and back, whatever the host program's locale; UTF-8; texts that grow. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>

/* Reads a decimal number at `text` (no leading blanks, no hexadecimal, no "nan" or "inf"), point as decimal mark.
 * Returns where it ends, or NULL where there is none. */
const char *text_to_number(const char *text, double *value);

/* The shortest text that reads back as the same float64; "nan", "inf", "-inf" for those. */
void text_of_number(char out[32], double value);

/* Is it UTF-8 throughout? */
int text_is_utf8(const char *c);

/* A path's last part, within the path: a file's name without its folder. */
const char *text_file_name(const char *path);

/* A text that grows; all zero is an empty one. After memory ran out `failed` is set and appending does nothing. */
typedef struct text {
    char *at; /* ended by NUL once anything was appended */
    size_t length;
    size_t room;
    int failed;
} text;

void text_append(text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_clear(text *t);

#endif
