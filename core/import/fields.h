/* The fields of a line, and numbers in them, whatever the delimiter, the decimal mark and the locale. */
#ifndef IMPORT_FIELDS_H
#define IMPORT_FIELDS_H

#include "import/lines.h"

/* What stands between fields: one of these. */
enum { by_tab = '\t', by_semicolon = ';', by_comma = ',', by_blanks = ' ', by_comma_and_blank = 'b' };

/* A field in its line, without blanks around it and without the quotes (doubled quotes within are still doubled). */
typedef struct field {
    const char *at;
    size_t length;
} field;

/* The field at *at, which then moves on to the next; 0 where there is none (*at is NULL after the last one). */
int field_next(const char **at, char delimiter, field *f);

size_t fields_count(const char *line, char delimiter);

/* The mark '.' or ',' that a field's number would have, 0 where it has none or both. */
char field_mark(const field *f);

/* Is the whole field a number with this decimal mark (0: either)? */
int field_number(const field *f, char mark, double *value);

/* The same, "nan" and "inf" in any case and with any sign being numbers, too. */
int field_number_or_nan(const field *f, char mark, double *value);

int field_is(const field *f, const char *word); /* ASCII letters in any case */
int field_length(const field *f);               /* for %.*s in messages: cut where it is very long */

/* A copy with doubled quotes made single; NULL where memory cannot be had. */
char *field_copy(const field *f);

/* How the numbers of a file are written. */
typedef struct dialect {
    char delimiter; /* 0: not known */
    char mark;
} dialect;

/* How many fields a line of nothing but numbers has, 0 for any other line. One delimiter at its end does not count. */
size_t fields_all_numbers(const char *line, dialect d);

/* The dialect in which most of the lines first ... last-1 are two or more numbers; its delimiter is 0 where none is. */
dialect dialect_of(const page *p, size_t first, size_t last);

/* Nothing but blanks? */
int line_is_empty(const char *line);

/* What follows the comment sign (#, %, //, ;) that a line starts with; NULL where it starts with none. */
const char *line_comment(const char *line);

#endif
