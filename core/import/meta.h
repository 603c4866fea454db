/* Metadata of the imported shots, as text: a row for each shot, and columns that the files share. */
#ifndef IMPORT_META_H
#define IMPORT_META_H

#include "base/status.h"

/* The place from which a row was read; line 0 stands for the whole file. `mark`: its decimal mark, 0 for either. */
typedef struct meta_place {
    const char *file; /* borrowed */
    size_t line;
    char mark;
} meta_place;

typedef struct meta_column {
    char *name;
    size_t *value; /* [capacity]: where each row's text starts in the pool; 0 is "" */
} meta_column;

typedef struct meta {
    size_t n;
    size_t capacity;
    meta_place *places; /* [capacity] */
    size_t n_columns;
    meta_column *columns;
    char *pool; /* the texts, each ended by NUL; the first is "" */
    size_t pool_length;
    size_t pool_capacity;
} meta;

/* The index of a column, which is added if there is none of that name. Case is ignored in names with a meaning. */
adamas_status meta_column_of(meta *m, size_t *column, const char *name, adamas_error *error);

/* Adds an empty row. */
adamas_status meta_add(meta *m, meta_place place, adamas_error *error);

/* Sets a text of the newest row. */
adamas_status meta_set(meta *m, size_t column, const char *text, adamas_error *error);

/* NULL if there is no such column. */
const meta_column *meta_find(const meta *m, const char *name);
const char *meta_value(const meta *m, const meta_column *column, size_t row);

void meta_clear(meta *m);

#endif
