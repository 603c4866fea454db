/* A hash table of names, with open addressing. */
#include "base/names.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Fowler, Noll and Vo's FNV-1a (1991), 64 bits; the high half is folded into the low bits, from which the slot is
 * taken. */
static size_t hash(const char *name)
{
    uint64_t h = 14695981039346656037u;
    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

/* The slot of a name, or the free slot in which it is to be put. */
static size_t slot_of(const names *t, const char *name)
{
    size_t at = hash(name) & (t->capacity - 1);
    while (t->slot[at] && strcmp(t->name[t->slot[at] - 1], name) != 0)
        at = (at + 1) & (t->capacity - 1);
    return at;
}

/* Doubles the slots, so that no more than half of them are in use. */
static int grow(names *t)
{
    size_t capacity = t->capacity ? 2 * t->capacity : 64;
    const char **name = memory_grow(t->name, capacity / 2, sizeof *name);
    if (name)
        t->name = name;
    size_t *slot = name ? memory_new(capacity, sizeof *slot) : NULL;
    if (!slot)
        return 0;
    free(t->slot);
    t->slot = slot;
    t->capacity = capacity;
    for (size_t i = 0; i < t->n; i++)
        t->slot[slot_of(t, t->name[i])] = i + 1;
    return 1;
}

adamas_status names_add(names *t, const char *name, size_t *number, adamas_error *error)
{
    if (2 * (t->n + 1) > t->capacity && !grow(t))
        return status_no_memory(error);
    size_t at = slot_of(t, name);
    if (!t->slot[at]) {
        t->name[t->n] = name;
        t->slot[at] = ++t->n;
    }
    *number = t->slot[at] - 1;
    return ADAMAS_OK;
}

size_t names_find(const names *t, const char *name)
{
    if (!t->capacity)
        return 0;
    size_t held = t->slot[slot_of(t, name)];
    return held ? held - 1 : t->n;
}

void names_clear(names *t)
{
    free(t->name);
    free(t->slot);
    *t = (names){0};
}
