/* Numbers for names: distinct names are numbered from 0 in the order of their first appearance. */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include "base/status.h"

/* Empty if all zero. The names are borrowed: they must outlive it. */
typedef struct names {
    size_t n;
    const char **name; /* [n] */
    size_t capacity;   /* a power of two */
    size_t *slot;      /* [capacity]: a number + 1; 0 if free */
} names;

/* The number of a name, which is added if it is new. */
adamas_status names_add(names *t, const char *name, size_t *number, adamas_error *error);

/* The number of a name; t->n if it is not there. */
size_t names_find(const names *t, const char *name);

void names_clear(names *t);

#endif
