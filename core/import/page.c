/* A whole text file in memory, line by line. */
#include "import/page.h"

#include "base/memory.h"
#include "import/lines.h"

#include <stdlib.h>
#include <string.h>

typedef struct page_capacity {
    size_t bytes;
    size_t used;
    size_t lines;
} page_capacity;

static adamas_status page_add(page *p, page_capacity *capacity, const char *line, adamas_error *error)
{
    size_t bytes = strlen(line) + 1;
    if (capacity->used + bytes > capacity->bytes) {
        size_t wanted = 2 * (capacity->used + bytes);
        char *grown = memory_grow(p->text, wanted, 1);
        if (!grown)
            return status_no_memory(error);
        p->text = grown;
        capacity->bytes = wanted;
    }
    if (p->n == capacity->lines) {
        size_t wanted = 2 * p->n + 64;
        size_t *grown = memory_grow(p->start, wanted, sizeof *grown);
        if (!grown)
            return status_no_memory(error);
        p->start = grown;
        capacity->lines = wanted;
    }
    memcpy(p->text + capacity->used, line, bytes);
    p->start[p->n++] = capacity->used;
    capacity->used += bytes;
    return ADAMAS_OK;
}

adamas_status page_read(page *out, const char *path, adamas_error *error)
{
    lines *l = NULL;
    page p = {.path = path};
    page_capacity capacity = {0};
    char *line = NULL;
    adamas_status status = lines_open(&l, path, error);
    if (!status)
        status = lines_next(l, &line, error);
    while (!status && line) {
        status = page_add(&p, &capacity, line, error);
        if (!status)
            status = lines_next(l, &line, error);
    }
    lines_close(l);
    if (status)
        page_clear(&p);
    else
        *out = p;
    return status;
}

const char *page_line(const page *p, size_t index)
{
    return p->text + p->start[index];
}

void page_clear(page *p)
{
    free(p->text);
    free(p->start);
    *p = (page){0};
}
