/* Names to numbers: each distinct name has the number of its first appearance. */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include "base/status.h"

/* All zero is an empty one. The names themselves are the caller's, and must stay. */
typedef struct names {
    size_t n;
    const char **name; /* [n] */
    size_t room;       /* a power of two */
    size_t *slot;      /* [room]: a number + 1; 0 where free */
} names;

/* The number of a name, which is added where it is new. */
adamas_status names_add(names *t, const char *name, size_t *number, adamas_error *error);

/* The number of a name; t->n where it is not there. */
size_t names_find(const names *t, const char *name);

void names_clear(names *t);

#endif
