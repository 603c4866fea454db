/* Solves banded systems: factorisation, and forward and backward sweeps over folded rows. */
#include "preprocess/banded.h"

#include "base/memory.h"
#include "preprocess/banded_kernel.h"
#include "preprocess/folded.h"

#include <math.h>
#include <string.h>

/* The linear dependence of the last two values in a lane on the two values before its first record: weights in the last
 * one and in the one before it. */
typedef struct transfer {
    double last[2][FOLDED_LANES], before_last[2][FOLDED_LANES];
} transfer;

struct banded {
    folded shape;
    size_t reach; /* records after which the values before a lane have no influence, at most all records */
    transfer forward, backward; /* 0 if that influence ends within a lane */
    banded_sweep sweep;
    banded_factors factors[]; /* [records + 2] */
};

/* An influence below this is neglected: it is far below the rounding of float32. */
static const double negligible = 0x1p-48;

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

/* Factors beyond the end of the row are 0, so that the padding has no influence on it. */
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

static int is_equal(const banded_factors *a, const banded_factors *b)
{
    for (size_t l = 0; l < FOLDED_LANES; l++)
        if (!close_to(a->inverse[l], b->inverse[0]) || !close_to(a->first[l], b->first[0]) ||
            !close_to(a->second[l], b->second[0]))
            return 0;
    return 1;
}

/* Finds the constant records, from the middle of the lanes to both sides: the factors of a matrix of constant diagonals
 * converge away from the ends of a row. The forward sweep also uses the two records before. */
static void find_constant(banded_sweep *s, size_t records)
{
    const banded_factors *middle = s->record + records / 2;
    size_t begin = records / 2, end = records / 2;
    while (begin > 0 && is_equal(s->record + begin - 1, middle))
        begin--;
    while (end < records && is_equal(s->record + end, middle))
        end++;
    s->constant_begin = begin + 2 < end ? begin + 2 : records - 1;
    s->constant_end = begin + 2 < end ? end : records - 1;
}

/* Adds a record at the beginning. Returns the largest weight of the values before it. */
static double extend(transfer *t, const double *first, const double *second)
{
    double largest = 0;
    for (size_t l = 0; l < FOLDED_LANES; l++) {
        double last = t->last[0][l], before = t->before_last[0][l];
        t->last[0][l] = t->last[1][l] - first[l] * last;
        t->last[1][l] = -second[l] * last;
        t->before_last[0][l] = t->before_last[1][l] - first[l] * before;
        t->before_last[1][l] = -second[l] * before;
        largest = fmax(largest, fmax(fabs(t->last[0][l]), fabs(t->last[1][l])));
        largest = fmax(largest, fmax(fabs(t->before_last[0][l]), fabs(t->before_last[1][l])));
    }
    return largest;
}

static void find_reach(banded *b)
{
    const banded_factors *record = b->sweep.record;
    size_t records = b->shape.records;
    double left = 1;
    for (size_t l = 0; l < FOLDED_LANES; l++)
        b->forward.last[0][l] = b->forward.before_last[1][l] = b->backward.last[0][l] = b->backward.before_last[1][l] =
            1;
    for (b->reach = 0; b->reach < records && left > negligible; b->reach++) {
        const banded_factors *last = record + records - 1 - b->reach, *first = record + b->reach;
        left = fmax(extend(&b->forward, last[-1].first, last[-2].second),
                    extend(&b->backward, first->first, first->second));
    }
    if (left <= negligible)
        b->forward = b->backward = (transfer){0};
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
    find_constant(&b->sweep, shape.records);
    find_reach(b);
    return b;
}

size_t banded_scratch(const banded *b)
{
    return folded_floats(&b->shape);
}

/* The values before each lane in the order of a sweep, from the last values of lanes that were started with 0. */
static void start_of_lanes(banded_recent *recent, const transfer *t, int backward)
{
    banded_recent before = {0};
    for (size_t i = 0; i + 1 < FOLDED_LANES; i++) {
        size_t from = backward ? FOLDED_LANES - 1 - i : i, to = backward ? from - 1 : from + 1;
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
    start_of_lanes(&recent, &b->forward, 0);
    SIMD_WIDEST(banded_forward_kernel, s, at, 0, records, 1, &recent);
    memset(&recent, 0, sizeof recent);
    SIMD_WIDEST(banded_backward_kernel, s, at, 0, b->reach, 0, &recent);
    start_of_lanes(&recent, &b->backward, 1);
    SIMD_WIDEST(banded_backward_kernel, s, at, 0, records, 1, &recent);
    folded_unpack(&b->shape, at, out);
}
