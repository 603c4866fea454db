/* The fields of a line, and numbers in them, whatever the delimiter, the decimal mark and the locale. */
#ifndef IMPORT_FIELDS_H
#define IMPORT_FIELDS_H

#include "import/page.h"

/* The delimiters of fields. */
enum { by_tab = '\t', by_semicolon = ';', by_comma = ',', by_blanks = ' ', by_comma_and_blank = 'b' };

/* A field within its line, without surrounding blanks and quotes (doubled quotes inside it are still doubled). */
typedef struct field {
    const char *at;
    size_t length;
} field;

/* Gets the field at *at, and moves *at to the next one; 0 if there is none (*at is NULL after the last one). */
int field_next(const char **at, char delimiter, field *f);

size_t fields_count(const char *line, char delimiter);

/* The decimal mark, '.' or ',', of a field's number; 0 if it contains neither or both. */
char field_mark(const field *f);

/* Is the whole field a number with this decimal mark (0: either)? */
int field_number(const field *f, char mark, double *value);

/* The same; "nan", "inf" and "infinity", in upper or lower case and with or without a sign, are numbers, too. */
int field_number_or_nan(const field *f, char mark, double *value);

int field_is(const field *f, const char *word); /* ignoring the case of ASCII letters */
int field_length(const field *f);               /* for %.*s in messages: at most 60 */

/* A copy with doubled quotes made single; NULL if memory has run out. */
char *field_copy(const field *f);

/* How the numbers of a file are written. */
typedef struct dialect {
    char delimiter; /* 0: not known */
    char mark;
} dialect;

/* The number of fields of a line that consists of numbers, 0 for any other line. A delimiter at its end is ignored. */
size_t fields_all_numbers(const char *line, dialect d);

/* The dialect in which the largest number of the lines first ... last-1 are two or more numbers; its delimiter is 0 if
 * there are no such lines. */
dialect fields_find_dialect(const page *p, size_t first, size_t last);

/* Only blanks? */
int fields_is_empty_line(const char *line);

/* The text after the comment sign (#, %, //, ;) at the start of a line; NULL if there is none. */
const char *fields_comment(const char *line);

#endif
