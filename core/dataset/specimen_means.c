/* The mean spectra of specimens, from the batches of a scan. */
#include "dataset/specimen_means.h"

#include "base/memory.h"
#include "base/sums.h"

#include <stdlib.h>

adamas_status specimen_means_make(specimen_means *m, size_t n_channels, adamas_error *error)
{
    m->n_channels = n_channels;
    m->total = memory_new(n_channels, sizeof *m->total);
    m->rows = memory_raw(BATCH_MAX_SPECIMENS, n_channels * sizeof *m->rows);
    return m->total && m->rows ? ADAMAS_OK : status_no_memory(error);
}

void specimen_means_clear(specimen_means *m)
{
    free(m->total);
    free(m->rows);
}

static void finish(specimen_means *m, size_t specimen)
{
    sums_mean(m->rows + m->n * m->n_channels, m->total, (double)m->n_so_far, m->n_channels);
    m->specimen[m->n] = specimen;
    m->shots[m->n++] = m->n_so_far;
    m->n_so_far = 0;
}

/* Adds rows first ... end - 1 of a batch; of raw rows the used ones. */
static void add_rows(specimen_means *m, const row_batch *batch, size_t first, size_t end)
{
    for (size_t i = first, n; i < end; i += n) {
        n = batch->shot_flag ? 1 : end - first;
        if (batch->shot_flag && batch->shot_flag[i] != ADAMAS_SHOT_USED)
            continue;
        sums_add(m->total, batch->rows + i * m->n_channels, n, m->n_channels);
        m->n_so_far += n;
    }
}

void specimen_means_add(specimen_means *m, const row_batch *batch)
{
    m->n = 0;
    m->n_channels = batch->n_channels;
    for (size_t s = 0; s < batch->n_specimens; s++) {
        add_rows(m, batch, batch->first[s], batch->first[s + 1]);
        if (batch->ends && m->n_so_far)
            finish(m, batch->specimen[s]);
    }
}
