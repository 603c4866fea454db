/* What is known of each imported shot, as text: columns that several files may share, in rows. */
#ifndef IMPORT_META_H
#define IMPORT_META_H

#include "store/spectra.h"

/* Where a row was read; line 0 where the file as a whole is meant. `mark`: its decimal mark, 0 for either. */
typedef struct meta_place {
    const char *file; /* lent */
    size_t line;
    char mark;
} meta_place;

typedef struct meta_column {
    char *name;
    size_t *value; /* [room]: where each row's text starts in the pool; 0 is "" */
} meta_column;

typedef struct meta {
    size_t n;
    size_t room;
    meta_place *places; /* [room] */
    size_t n_columns;
    meta_column *columns;
    char *pool; /* the texts, each ended by NUL; the first is "" */
    size_t pool_length;
    size_t pool_room;
} meta;

/* The place of a column, added where there is none of that name. Names with a meaning are known in any case. */
adamas_status meta_column_of(meta *m, size_t *column, const char *name, adamas_error *error);

/* A new row, with nothing in it. */
adamas_status meta_add(meta *m, meta_place place, adamas_error *error);

/* Sets a text of the newest row. */
adamas_status meta_set(meta *m, size_t column, const char *text, adamas_error *error);

/* NULL where there is no such column. */
const meta_column *meta_find(const meta *m, const char *name);
const char *meta_value(const meta *m, const meta_column *column, size_t row);

/* Fills the tables of shots and specimens of a set of m->n shots. */
adamas_status meta_tables(const meta *m, adamas_spectra *set, adamas_error *error);

void meta_clear(meta *m);

#endif
