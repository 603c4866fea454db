#include "preprocess/banded.h"

#include "base/memory.h"
#include "preprocess/banded_kernel.h"

#include <math.h>
#include <string.h>

/* What two numbers before a lane's records make of the last two in it: their weights in the last one and in the one
 * before. */
typedef struct transfer {
    double last[2][FOLDED_LANES], before_last[2][FOLDED_LANES];
} transfer;

struct banded {
    folded shape;
    size_t reach;         /* records after which the numbers before a lane are forgotten, or all of them */
    transfer forth, back; /* 0 where they are forgotten */
    banded_sweep sweep;
    banded_factors factors[]; /* [records + 2] */
};

/* Nothing is left of a number at this share of it: far less than float32 rounds. */
static const double forgotten = 0x1p-48;

/* Golub & Van Loan (2013), Matrix Computations, 4.3.6: L D L' of a banded matrix, no pivots needed. */
int banded_factor(size_t n, double *diagonal, double *first, double *second)
{
    for (size_t i = 0; i < n; i++) {
        double pivot = diagonal[i];
        if (!(pivot > 0))
            return 0;
        double below = i + 1 < n ? first[i] : 0, below2 = i + 2 < n ? second[i] : 0;
        diagonal[i] = 1 / pivot;
        first[i] = below / pivot;
        second[i] = below2 / pivot;
        if (i + 1 < n)
            diagonal[i + 1] -= first[i] * below;
        if (i + 2 < n) {
            first[i + 1] -= second[i] * below;
            diagonal[i + 2] -= second[i] * below2;
        }
    }
    return 1;
}

/* Beyond the row's end is nothing that depends on it, or that it depends on. */
static void fold(banded_factors *record, const folded *f, const double *inverse, const double *first,
                 const double *second)
{
    size_t n = f->n;
    for (size_t l = 0; l < FOLDED_LANES; l++)
        for (ptrdiff_t r = -2; r < (ptrdiff_t)f->records; r++) {
            ptrdiff_t channel = (ptrdiff_t)(l * f->records) + r;
            size_t c = (size_t)channel;
            record[r].inverse[l] = channel >= 0 && c < n ? inverse[c] : 0;
            record[r].first[l] = channel >= 0 && c + 1 < n ? first[c] : 0;
            record[r].second[l] = channel >= 0 && c + 2 < n ? second[c] : 0;
        }
}

static int close_to(double x, double y)
{
    return fabs(x - y) <= 0x1p-50 * fabs(y);
}

static int is_like(const banded_factors *a, const banded_factors *b)
{
    for (size_t l = 0; l < FOLDED_LANES; l++)
        if (!close_to(a->inverse[l], b->inverse[0]) || !close_to(a->first[l], b->first[0]) ||
            !close_to(a->second[l], b->second[0]))
            return 0;
    return 1;
}

/* From the middle of the lanes to both sides: away from the ends of a row the factors of a matrix whose diagonals are
 * constant there become constant. Going forth, the two records before count. */
static void find_alike(banded_sweep *s, size_t records)
{
    const banded_factors *middle = s->record + records / 2;
    size_t alike = records / 2, unlike = records / 2;
    while (alike > 0 && is_like(s->record + alike - 1, middle))
        alike--;
    while (unlike < records && is_like(s->record + unlike, middle))
        unlike++;
    s->alike = alike + 2 < unlike ? alike + 2 : records - 1;
    s->unlike = alike + 2 < unlike ? unlike : records - 1;
}

/* One record more at the stretch's beginning; what is left then of the numbers before it. */
static double lengthen(transfer *t, const double *first, const double *second)
{
    double most = 0;
    for (size_t l = 0; l < FOLDED_LANES; l++) {
        double last = t->last[0][l], before = t->before_last[0][l];
        t->last[0][l] = t->last[1][l] - first[l] * last;
        t->last[1][l] = -second[l] * last;
        t->before_last[0][l] = t->before_last[1][l] - first[l] * before;
        t->before_last[1][l] = -second[l] * before;
        most = fmax(most, fmax(fabs(t->last[0][l]), fabs(t->last[1][l])));
        most = fmax(most, fmax(fabs(t->before_last[0][l]), fabs(t->before_last[1][l])));
    }
    return most;
}

static void find_reach(banded *b)
{
    const banded_factors *record = b->sweep.record;
    size_t records = b->shape.records;
    double left = 1;
    for (size_t l = 0; l < FOLDED_LANES; l++)
        b->forth.last[0][l] = b->forth.before_last[1][l] = b->back.last[0][l] = b->back.before_last[1][l] = 1;
    for (b->reach = 0; b->reach < records && left > forgotten; b->reach++) {
        const banded_factors *last = record + records - 1 - b->reach, *first = record + b->reach;
        left =
            fmax(lengthen(&b->forth, last[-1].first, last[-2].second), lengthen(&b->back, first->first, first->second));
    }
    if (left <= forgotten)
        b->forth = b->back = (transfer){0};
}

banded *banded_new(size_t n, const double *inverse, const double *first, const double *second)
{
    folded shape = folded_shape(n, 0, 0, 0);
    banded *b = memory_new(1, sizeof *b + (shape.records + 2) * sizeof *b->factors);
    if (!b)
        return NULL;
    b->shape = shape;
    b->sweep.record = b->factors + 2;
    fold(b->factors + 2, &shape, inverse, first, second);
    find_alike(&b->sweep, shape.records);
    find_reach(b);
    return b;
}

size_t banded_scratch(const banded *b)
{
    return folded_floats(&b->shape);
}

/* What is before each lane, in the order in which a sweep comes to them, from what lanes leave that start with nothing.
 */
static void join(banded_recent *recent, const transfer *t, int goes_back)
{
    banded_recent before = {0};
    for (size_t i = 0; i + 1 < FOLDED_LANES; i++) {
        size_t from = goes_back ? FOLDED_LANES - 1 - i : i, to = goes_back ? from - 1 : from + 1;
        double last = before.last[from], before_last = before.before_last[from];
        before.last[to] = recent->last[from] + (t->last[0][from] * last + t->last[1][from] * before_last);
        before.before_last[to] =
            recent->before_last[from] + (t->before_last[0][from] * last + t->before_last[1][from] * before_last);
    }
    *recent = before;
}

void banded_solve(const banded *b, const float *row, float *out, float *scratch)
{
    const banded_sweep *s = &b->sweep;
    size_t records = b->shape.records;
    float *at = folded_first(&b->shape, scratch);
    banded_recent recent = {0};
    folded_pack(&b->shape, row, at);
    folded_zero_padding(&b->shape, at);
    SIMD_WIDEST(banded_forward_kernel, s, at, records - b->reach, records, 0, &recent);
    join(&recent, &b->forth, 0);
    SIMD_WIDEST(banded_forward_kernel, s, at, 0, records, 1, &recent);
    memset(&recent, 0, sizeof recent);
    SIMD_WIDEST(banded_backward_kernel, s, at, 0, b->reach, 0, &recent);
    join(&recent, &b->back, 1);
    SIMD_WIDEST(banded_backward_kernel, s, at, 0, records, 1, &recent);
    folded_unpack(&b->shape, at, out);
}
