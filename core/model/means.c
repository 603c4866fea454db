#include "model/means.h"

#include "base/memory.h"
#include "base/sums.h"

#include <stdlib.h>

adamas_status means_make(means *m, size_t n_channels, adamas_error *error)
{
    m->n_channels = n_channels;
    m->total = memory_new(n_channels, sizeof *m->total);
    m->rows = memory_raw(COLLECTION_SPECIMENS, n_channels * sizeof *m->rows);
    return m->total && m->rows ? ADAMAS_OK : status_no_memory(error);
}

void means_clear(means *m)
{
    free(m->total);
    free(m->rows);
}

static void finish(means *m, size_t specimen)
{
    sums_mean(m->rows + m->n * m->n_channels, m->total, (double)m->n_so_far, m->n_channels);
    m->specimen[m->n] = specimen;
    m->shots[m->n++] = m->n_so_far;
    m->n_so_far = 0;
}

void means_of(means *m, const collection_part *part)
{
    m->n = 0;
    for (size_t s = 0; s < part->n_specimens; s++) {
        size_t n = part->first[s + 1] - part->first[s];
        sums_add(m->total, part->rows + part->first[s] * m->n_channels, n, m->n_channels);
        m->n_so_far += n;
        if (part->ends && m->n_so_far)
            finish(m, part->specimen[s]);
    }
}
