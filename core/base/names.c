#include "base/names.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Fowler, Noll and Vo's FNV-1a (1991), 64 bits; the high half is folded in as the slots are taken from the low bits. */
static size_t hash(const char *name)
{
    uint64_t h = 14695981039346656037u;
    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

/* The slot that holds a name, or the free one where it belongs. */
static size_t slot_of(const names *t, const char *name)
{
    size_t at = hash(name) & (t->room - 1);
    while (t->slot[at] && strcmp(t->name[t->slot[at] - 1], name) != 0)
        at = (at + 1) & (t->room - 1);
    return at;
}

/* Keeps the slots at most half full. */
static int grow(names *t)
{
    size_t room = t->room ? 2 * t->room : 64;
    const char **name = memory_grow(t->name, room / 2, sizeof *name);
    if (name)
        t->name = name;
    size_t *slot = name ? memory_new(room, sizeof *slot) : NULL;
    if (!slot)
        return 0;
    free(t->slot);
    t->slot = slot;
    t->room = room;
    for (size_t i = 0; i < t->n; i++)
        t->slot[slot_of(t, t->name[i])] = i + 1;
    return 1;
}

adamas_status names_add(names *t, const char *name, size_t *number, adamas_error *error)
{
    if (2 * (t->n + 1) > t->room && !grow(t))
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
    if (!t->room)
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
