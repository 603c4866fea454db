/* Isotonic regression of case labels on scores. */
#include "evidence/pav.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

typedef struct scored {
    double score;
    double ss;
} scored;

static int by_score(const void *a, const void *b)
{
    double x = ((const scored *)a)->score, y = ((const scored *)b)->score;
    return (x > y) - (x < y);
}

static adamas_status check(size_t n_ss, const double *score_ss, size_t n_ds, const double *score_ds,
                           adamas_error *error)
{
    if (n_ss == 0 || n_ds == 0)
        return status_set(error, ADAMAS_E_DATA,
                          "%zu same-source and %zu different-source cases: at least one of each is needed", n_ss, n_ds);
    for (size_t i = 0; i < n_ss; i++)
        if (isnan(score_ss[i]))
            return status_set(error, ADAMAS_E_DATA, "the score of same-source case %zu is not a number", i + 1);
    for (size_t i = 0; i < n_ds; i++)
        if (isnan(score_ds[i]))
            return status_set(error, ADAMAS_E_DATA, "the score of different-source case %zu is not a number", i + 1);
    return ADAMAS_OK;
}

static void sort_cases(scored *cases, size_t n_ss, const double *score_ss, size_t n_ds, const double *score_ds)
{
    for (size_t i = 0; i < n_ss; i++)
        cases[i] = (scored){.score = score_ss[i], .ss = 1};
    for (size_t i = 0; i < n_ds; i++)
        cases[n_ss + i] = (scored){.score = score_ds[i], .ss = 0};
    qsort(cases, n_ss + n_ds, sizeof *cases, by_score);
}

static void pool_ties(pav *p, size_t n, const scored *cases)
{
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || cases[i].score > p->score[p->n - 1])
            p->score[p->n++] = cases[i].score;
        p->n_ss[p->n - 1] += cases[i].ss;
        p->n_ds[p->n - 1] += 1 - cases[i].ss;
    }
}

typedef struct block {
    size_t first;
    double ss, ds;
} block;

/* A block is pooled with the one below while its share of same-source cases is not greater. Products of counts are
 * compared, which are exact. */
static size_t pool_violators(block *blocks, const pav *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        block own = {.first = i, .ss = p->n_ss[i], .ds = p->n_ds[i]};
        while (n > 0 && blocks[n - 1].ss * own.ds >= own.ss * blocks[n - 1].ds) {
            own.first = blocks[n - 1].first;
            own.ss += blocks[n - 1].ss;
            own.ds += blocks[n - 1].ds;
            n--;
        }
        blocks[n++] = own;
    }
    return n;
}

static void write_ratios(pav *p, size_t n_blocks, const block *blocks, double n_ss, double n_ds)
{
    for (size_t b = 0; b < n_blocks; b++) {
        size_t end = b + 1 < n_blocks ? blocks[b + 1].first : p->n;
        double ratio = log(blocks[b].ss / n_ss) - log(blocks[b].ds / n_ds);
        for (size_t i = blocks[b].first; i < end; i++)
            p->log_lr[i] = ratio;
    }
}

adamas_status pav_find(pav *out, size_t n_ss, const double *score_ss, size_t n_ds, const double *score_ds,
                       adamas_error *error)
{
    *out = (pav){0};
    adamas_status status = check(n_ss, score_ss, n_ds, score_ds, error);
    if (status)
        return status;
    size_t n = n_ss + n_ds;
    scored *cases = memory_raw(n, sizeof *cases);
    block *blocks = memory_raw(n, sizeof *blocks);
    out->score = memory_raw(n, sizeof *out->score);
    out->n_ss = memory_new(n, sizeof *out->n_ss);
    out->n_ds = memory_new(n, sizeof *out->n_ds);
    out->log_lr = memory_raw(n, sizeof *out->log_lr);
    if (!cases || !blocks || !out->score || !out->n_ss || !out->n_ds || !out->log_lr) {
        status = status_no_memory(error);
        pav_free(out);
    } else {
        sort_cases(cases, n_ss, score_ss, n_ds, score_ds);
        pool_ties(out, n, cases);
        write_ratios(out, pool_violators(blocks, out), blocks, (double)n_ss, (double)n_ds);
    }
    free(blocks);
    free(cases);
    return status;
}

void pav_free(pav *p)
{
    free(p->log_lr);
    free(p->n_ds);
    free(p->n_ss);
    free(p->score);
    *p = (pav){0};
}
