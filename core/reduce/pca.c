/* Principal component analysis: accumulation of rows, the Gram matrix or the rows themselves, eigenvectors,
 * components. */
#include "reduce/pca.h"

#include "base/linalg.h"
#include "base/memory.h"
#include "base/simd.h"
#include "base/sums.h"
#include "reduce/epo.h"
#include "reduce/krylov.h"
#include "reduce/krylov_pca.h"
#include "reduce/projection.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows and columns of a tile of a Gram matrix, which one thread computes; the channels of a block in a panel. */
enum { tile = PROJECTION_CHANNELS };

/* With many_channels or more, products of in_floats rows are summed in float32, which is twice as fast, and these sums
 * in float64: 100,000 rows of 8,192 channels take 6.7e12 operations. The relative error of a tile is then about 2^-24,
 * at random, and that of the captured variance its square. */
enum { many_channels = 2048, in_floats = 512 };

static const step_parameter parameters[] = {
    {.name = "components", .low = 1, .high = PCA_MAX_COMPONENTS, .whole = 1, .words = "auto", .fallback_word = "auto"},
    {.name = "of", .low = 1, .words = "specimens|shots", .fallback_word = "specimens"},
};

const reduce_step pca_step = {
    .name = "pca",
    .summary = "principal components; components=auto: by nested cross-validation of log loss",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
};

struct pca_accumulator {
    size_t max_rows, n, p;
    int keeps_rows;
    float *panels;  /* rows in panels (reduce/projection.h), if they are kept */
    int is_centred; /* has the mean been subtracted from the rows in panels? */
    double *shift;  /* [p]: the first row; it is subtracted before sums are taken, against cancellation */
    double *sum;    /* [p] */
    double *gram;   /* [p, p] if rows are not kept: lower triangle of the sum of (x - shift)(x - shift)' */
    double *block;  /* [PCA_BATCH_ROWS, p]: rows less the shift, of the batch that is not yet multiplied */
    float *floats;  /* [PCA_BATCH_ROWS, p]: used instead if there are many_channels */
    float *product; /* [threads, tile, tile]: while these are multiplied */
    size_t pending; /* rows in the batch */
    size_t n_removed;
    const float *removed; /* [n_removed, p]: projected out of the rows */
    float *projected;     /* [PROJECTION_ROWS, p]: rows without them; NULL if there are none */
};

adamas_status pca_accumulator_make(pca_accumulator **out, size_t max_rows, size_t p, adamas_error *error)
{
    *out = NULL;
    pca_accumulator *s = memory_new(1, sizeof *s);
    if (!s)
        return status_no_memory(error);
    *s = (pca_accumulator){.max_rows = max_rows, .p = p, .keeps_rows = max_rows <= p};
    s->shift = memory_new(p, sizeof *s->shift);
    s->sum = memory_new(p, sizeof *s->sum);
    int allocated = s->shift && s->sum;
    if (s->keeps_rows) {
        size_t panels = (max_rows + PROJECTION_ROWS - 1) / PROJECTION_ROWS;
        s->panels = memory_large(panels, projection_panel_floats(p) * sizeof *s->panels);
        allocated = allocated && s->panels;
    } else {
        s->gram = memory_new(p, p * sizeof *s->gram);
        if (p < many_channels)
            s->block = memory_raw(PCA_BATCH_ROWS, p * sizeof *s->block);
        else
            s->floats = memory_raw(PCA_BATCH_ROWS, p * sizeof *s->floats);
        allocated = allocated && s->gram && (s->block || s->floats);
    }
    if (!allocated) {
        pca_accumulator_free(s);
        return status_no_memory(error);
    }
    *out = s;
    return ADAMAS_OK;
}

void pca_accumulator_free(pca_accumulator *s)
{
    if (!s)
        return;
    free(s->panels);
    free(s->shift);
    free(s->sum);
    free(s->gram);
    free(s->block);
    free(s->floats);
    free(s->projected);
    free(s);
}

adamas_status pca_accumulator_remove(pca_accumulator *s, size_t n, const float *directions, adamas_error *error)
{
    s->n_removed = n;
    s->removed = directions;
    s->projected = memory_raw(PROJECTION_ROWS, s->p * sizeof *s->projected);
    return s->projected ? ADAMAS_OK : status_no_memory(error);
}

/* The tiles of a lower triangle, numbered: tile (i, j), j <= i, is number i(i+1)/2 + j. */
static void tile_of(size_t number, size_t *i, size_t *j)
{
    *i = 0;
    while ((*i + 1) * (*i + 2) / 2 <= number)
        ++*i;
    *j = number - *i * (*i + 1) / 2;
}

static size_t tiles_in(size_t n)
{
    size_t across = (n + tile - 1) / tile;
    return across * (across + 1) / 2;
}

static size_t tile_length(size_t n, size_t number)
{
    size_t left = n - number * tile;
    return left < tile ? left : (size_t)tile;
}

static adamas_status add_tile(void *context, size_t item, int thread, adamas_error *error)
{
    (void)error;
    pca_accumulator *s = context;
    size_t i, j, p = s->p;
    tile_of(item, &i, &j);
    size_t rows = tile_length(p, i), columns = tile_length(p, j);
    double *gram = s->gram + i * tile * p + j * tile;
    if (s->block) {
        linalg_inner(rows, columns, s->pending, s->block + i * tile, p, s->block + j * tile, p, gram, p);
        return ADAMAS_OK;
    }
    float *product = s->product + (size_t)thread * tile * tile;
    for (size_t first = 0; first < s->pending; first += in_floats) {
        const float *block = s->floats + first * p;
        size_t some = s->pending - first < in_floats ? s->pending - first : (size_t)in_floats;
        linalg_inner_floats(rows, columns, some, block + i * tile, p, block + j * tile, p, product);
        for (size_t r = 0; r < rows; r++)
            sums_add(gram + r * p, product + r * columns, 1, columns);
    }
    return ADAMAS_OK;
}

adamas_status pca_accumulator_flush(pca_accumulator *s, work *w, adamas_error *error)
{
    if (s->pending == 0)
        return ADAMAS_OK;
    s->product = s->floats ? memory_raw((size_t)w->threads * tile, tile * sizeof *s->product) : NULL;
    adamas_status status =
        s->product || s->block ? work_each(w, tiles_in(s->p), add_tile, s, error) : status_no_memory(error);
    free(s->product);
    s->product = NULL;
    s->pending = 0;
    return status;
}

SIMD_CLONES static void add_differences(size_t n, const float *row, const double *shift, double *sum)
{
    for (size_t c = 0; c < n; c++)
        sum[c] += row[c] - shift[c];
}

SIMD_CLONES static void to_doubles(size_t n, const float *from, double *to)
{
    for (size_t i = 0; i < n; i++)
        to[i] = from[i];
}

SIMD_CLONES static void differences_of(size_t n, const float *row, const double *shift, double *out)
{
    for (size_t c = 0; c < n; c++)
        out[c] = row[c] - shift[c];
}

SIMD_CLONES static void float_differences_of(size_t n, const float *row, const double *shift, float *out)
{
    for (size_t c = 0; c < n; c++)
        out[c] = (float)(row[c] - shift[c]);
}

/* Copies n channels from `first` on of row r of those being added to the panels or the batch. */
static void store_row(pca_accumulator *s, size_t r, size_t first, size_t n, const float *row)
{
    const double *shift = s->shift + first;
    if (s->keeps_rows)
        memcpy(s->panels + projection_offset(s->p, s->n + r, first), row, n * sizeof *row);
    else if (s->block)
        differences_of(n, row, shift, s->block + (s->pending + r) * s->p + first);
    else
        float_differences_of(n, row, shift, s->floats + (s->pending + r) * s->p + first);
}

/* Copies of n rows, PROJECTION_ROWS at most, without the directions removed. */
static const float *project_out(pca_accumulator *s, size_t n, const float *rows)
{
    memcpy(s->projected, rows, n * s->p * sizeof *rows);
    for (size_t r = 0; r < n; r++)
        epo_remove(s->n_removed, s->p, s->removed, s->projected + r * s->p);
    return s->projected;
}

/* A block of channels at a time, so that its sums stay in the cache from row to row. */
static void add_rows(pca_accumulator *s, size_t n, const float *rows)
{
    for (size_t first = 0; first < s->p; first += tile) {
        size_t channels = s->p - first < tile ? s->p - first : (size_t)tile;
        for (size_t r = 0; r < n; r++) {
            const float *row = rows + r * s->p + first;
            if (r + PROJECTION_AHEAD < n)
                projection_prefetch(row + PROJECTION_AHEAD * s->p, s->p, 1);
            add_differences(channels, row, s->shift + first, s->sum + first);
            store_row(s, r, first, channels, row);
        }
    }
    s->n += n;
    s->pending += s->keeps_rows ? 0 : n;
}

adamas_status pca_accumulator_add(pca_accumulator *s, size_t n, const float *rows, work *w, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    if (n > s->max_rows - s->n)
        return status_set(error, ADAMAS_E_ARGUMENT, "more than the %zu rows promised to the PCA", s->max_rows);
    for (size_t r = 0, some; !status && r < n; r += some) {
        if (s->pending == PCA_BATCH_ROWS)
            status = pca_accumulator_flush(s, w, error);
        size_t space = PCA_BATCH_ROWS - s->pending,
               limit = s->projected && space > PROJECTION_ROWS ? PROJECTION_ROWS : space;
        some = n - r < limit ? n - r : limit;
        const float *added = rows + r * s->p;
        if (s->projected)
            added = project_out(s, some, added);
        for (size_t c = 0; s->n == 0 && c < s->p; c++)
            s->shift[c] = added[c];
        if (!status)
            add_rows(s, some, added);
    }
    return status;
}

/* The n x n Gram matrix of centred rows: each thread centres the two groups of rows of its tile, a block of channels at
 * a time. */
typedef struct row_gram {
    const pca_accumulator *s;
    const double *mean;
    double *gram;
    double *buffer; /* [threads, 2, tile, tile] */
} row_gram;

static void centre(const row_gram *g, size_t first_row, size_t rows, size_t first, size_t channels, double *out)
{
    for (size_t r = 0; r < rows; r++) {
        const float *row = g->s->panels + projection_offset(g->s->p, first_row + r, first);
        if (!g->s->is_centred)
            differences_of(channels, row, g->mean + first, out + r * tile);
        else
            to_doubles(channels, row, out + r * tile);
    }
}

static adamas_status row_tile(void *context, size_t item, int thread, adamas_error *error)
{
    (void)error;
    const row_gram *g = context;
    double *a = g->buffer + (size_t)thread * 2 * tile * tile, *b = a + tile * tile;
    size_t i, j, n = g->s->n;
    tile_of(item, &i, &j);
    size_t rows_i = tile_length(n, i), rows_j = tile_length(n, j);
    for (size_t first = 0; first < g->s->p; first += tile) {
        size_t channels = g->s->p - first < tile ? g->s->p - first : (size_t)tile;
        centre(g, i * tile, rows_i, first, channels, a);
        centre(g, j * tile, rows_j, first, channels, b);
        linalg_outer(rows_i, rows_j, channels, a, tile, b, tile, g->gram + i * tile * n + j * tile, n);
    }
    return ADAMAS_OK;
}

/* Components from the n x n matrix, v = X'u / |X'u|: each thread computes a block of channels, a group of rows at a
 * time. */
typedef struct from_rows {
    row_gram g;
    pca *p;
    double *weight; /* [n, n_components]: u / |X'u|, one column for each component */
    double *sum;    /* [threads, n_components, tile] */
} from_rows;

static adamas_status components_of(void *context, size_t item, int thread, adamas_error *error)
{
    (void)error;
    const from_rows *f = context;
    size_t n = f->g.s->n, p = f->g.s->p, k = f->p->n_components;
    size_t first = item * tile, channels = tile_length(p, item);
    double *rows = f->g.buffer + (size_t)thread * 2 * tile * tile, *sum = f->sum + (size_t)thread * k * tile;
    memset(sum, 0, k * tile * sizeof *sum);
    for (size_t r = 0; r < n; r += tile) {
        size_t some = n - r < tile ? n - r : (size_t)tile;
        centre(&f->g, r, some, first, channels, rows);
        linalg_inner(k, channels, some, f->weight + r * k, k, rows, tile, sum, tile);
    }
    for (size_t a = 0; a < k; a++)
        for (size_t c = 0; c < channels; c++)
            f->p->components[a * p + first + c] = (float)sum[a * tile + c];
    return ADAMAS_OK;
}

static adamas_status components_from_rows(pca *p, const pca_accumulator *s, const double *vector, work *w,
                                          adamas_error *error)
{
    size_t k = p->n_components;
    from_rows f = {.g = {.s = s, .mean = p->mean}, .p = p};
    f.g.buffer = memory_raw((size_t)w->threads * 2 * tile, tile * sizeof(double));
    f.weight = memory_raw(s->n, k * sizeof *f.weight);
    f.sum = memory_raw((size_t)w->threads * k, tile * sizeof *f.sum);
    adamas_status status = f.g.buffer && f.weight && f.sum ? ADAMAS_OK : status_no_memory(error);
    for (size_t a = 0; !status && a < k; a++)
        for (size_t r = 0; r < s->n; r++)
            f.weight[r * k + a] = vector[a * s->n + r] / sqrt(p->variance[a]);
    if (!status)
        status = work_each(w, (s->p + tile - 1) / tile, components_of, &f, error);
    free(f.g.buffer);
    free(f.weight);
    free(f.sum);
    return status;
}

/* The sum of (x - mean)(x - mean)' from that of (x - shift)(x - shift)'. */
static void centre_gram(pca_accumulator *s)
{
    for (size_t i = 0; i < s->p; i++)
        for (size_t j = 0; j <= i; j++)
            s->gram[i * s->p + j] -= s->sum[i] * s->sum[j] / (double)s->n;
}

static void negate(float *v, size_t n)
{
    for (size_t c = 0; c < n; c++)
        v[c] = -v[c];
}

/* Makes the entry of largest magnitude (the first of equals) positive. Returns 1 if the sign was changed. */
static int fix_sign(float *v, size_t n)
{
    size_t largest = 0;
    for (size_t c = 1; c < n; c++)
        if (fabsf(v[c]) > fabsf(v[largest]))
            largest = c;
    if (v[largest] >= 0)
        return 0;
    negate(v, n);
    return 1;
}

/* The number of eigenvalues that are more than rounding error. The rows are float32, with a relative error of
 * FLT_EPSILON; an eigenvalue below its square, relative to the largest, is not significant. */
static size_t rank_of(const double *value, size_t wanted)
{
    size_t rank = 0;
    while (rank < wanted && value[rank] > value[0] * (double)FLT_EPSILON * (double)FLT_EPSILON && value[rank] > 0)
        rank++;
    return rank;
}

static adamas_status reserve(pca *out, adamas_error *error)
{
    out->mean = memory_new(out->n_channels, sizeof *out->mean);
    out->components = memory_new(out->n_components + out->n_removed, out->n_channels * sizeof *out->components);
    out->variance = memory_new(out->n_components, sizeof *out->variance);
    return out->mean && out->components && out->variance ? ADAMAS_OK : status_no_memory(error);
}

/* A full decomposition of a large matrix costs many times as much as a few of its eigenvectors. */
static adamas_status find_largest(size_t n, size_t wanted, double *gram, double *value, double *vector, work *w,
                                  adamas_error *error)
{
    int converged;
    adamas_status status = krylov_largest(n, wanted, gram, value, vector, &converged, w, error);
    return status || converged ? status : linalg_eigen(n, wanted, gram, value, vector, w, error);
}

static adamas_status fit_rows(pca *out, pca_accumulator *s, size_t wanted, double *vector, work *w, adamas_error *error)
{
    row_gram g = {.s = s, .mean = out->mean, .gram = memory_new(s->n, s->n * sizeof(double))};
    g.buffer = memory_raw((size_t)w->threads * 2 * tile, tile * sizeof(double));
    adamas_status status = g.gram && g.buffer ? ADAMAS_OK : status_no_memory(error);
    if (!status)
        status = work_each(w, tiles_in(s->n), row_tile, &g, error);
    for (size_t i = 0; !status && i < s->n; i++)
        out->total_variance += g.gram[i * s->n + i];
    if (!status)
        status = find_largest(s->n, wanted, g.gram, out->variance, vector, w, error);
    free(g.gram);
    free(g.buffer);
    return status;
}

static adamas_status fit_channels(pca *out, pca_accumulator *s, size_t wanted, double *vector, work *w,
                                  adamas_error *error)
{
    adamas_status status = pca_accumulator_flush(s, w, error);
    if (status)
        return status;
    centre_gram(s);
    for (size_t i = 0; i < s->p; i++)
        out->total_variance += s->gram[i * s->p + i];
    return find_largest(s->p, wanted, s->gram, out->variance, vector, w, error);
}

/* The eigenvectors of either Gram matrix. */
typedef struct eigenvectors {
    double *vector; /* [wanted, n or p] */
    int of_rows;
} eigenvectors;

static adamas_status find_by_krylov(pca *out, pca_accumulator *s, size_t wanted, eigenvectors *f, int *converged,
                                    work *w, adamas_error *error)
{
    f->vector = memory_raw(wanted, s->p * sizeof *f->vector);
    if (!f->vector)
        return status_no_memory(error);
    adamas_status status = krylov_pca_find(s->n, s->p, s->panels, out->mean, wanted, &out->total_variance,
                                           out->variance, f->vector, converged, w, error);
    s->is_centred = 1;
    if (!status && !*converged) {
        out->total_variance = 0;
        free(f->vector);
        f->vector = NULL;
    }
    return status;
}

static adamas_status find(pca *out, pca_accumulator *s, size_t wanted, eigenvectors *f, work *w, adamas_error *error)
{
    int converged = 0;
    adamas_status status = ADAMAS_OK;
    if (s->keeps_rows && krylov_pca_is_faster(s->n, s->p, wanted))
        status = find_by_krylov(out, s, wanted, f, &converged, w, error);
    if (status || converged)
        return status;
    f->of_rows = s->keeps_rows;
    f->vector = memory_raw(wanted, (f->of_rows ? s->n : s->p) * sizeof *f->vector);
    if (!f->vector)
        return status_no_memory(error);
    return f->of_rows ? fit_rows(out, s, wanted, f->vector, w, error)
                      : fit_channels(out, s, wanted, f->vector, w, error);
}

/* Components from the eigenvectors, and variances from sums of squares. */
static adamas_status complete(pca *out, const pca_accumulator *s, const eigenvectors *f, work *w, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    if (f->of_rows)
        status = components_from_rows(out, s, f->vector, w, error);
    else
        for (size_t i = 0; i < out->n_components * s->p; i++)
            out->components[i] = (float)f->vector[i];
    out->total_variance /= (double)(s->n - 1);
    for (size_t k = 0; k < out->n_components; k++)
        out->variance[k] /= (double)(s->n - 1);
    for (size_t k = 0; k < out->n_components; k++)
        fix_sign(out->components + k * s->p, s->p);
    if (out->n_removed)
        memcpy(out->components + out->n_components * s->p, s->removed, out->n_removed * s->p * sizeof *s->removed);
    return status;
}

adamas_status pca_fit(pca *out, pca_accumulator *s, size_t max_components, work *w, adamas_error *error)
{
    *out = (pca){0};
    size_t max_rank = s->n - 1 < s->p ? s->n - 1 : s->p;
    max_rank -= s->n_removed < max_rank ? s->n_removed : max_rank;
    size_t wanted = max_components < max_rank ? max_components : max_rank;
    if (s->n < 2 || wanted == 0)
        return status_set(error, ADAMAS_E_DATA, "principal components need at least 2 spectra, %zu found", s->n);
    pca made = {.n_channels = s->p, .n_components = wanted, .n_removed = s->n_removed, .n_rows = s->n};
    eigenvectors f = {0};
    adamas_status status = reserve(&made, error);
    for (size_t c = 0; !status && c < s->p; c++)
        made.mean[c] = s->shift[c] + s->sum[c] / (double)s->n;
    if (!status)
        status = find(&made, s, wanted, &f, w, error);
    if (!status && (made.n_components = rank_of(made.variance, wanted)) == 0)
        status =
            status_set(error, ADAMAS_E_DATA, "all training spectra are the same: there are no principal components");
    if (!status)
        status = complete(&made, s, &f, w, error);
    if (!status) {
        *out = made;
        made = (pca){0};
    }
    pca_clear(&made);
    free(f.vector);
    return status;
}

size_t pca_scratch(const pca *p)
{
    return projection_scratch(p->n_components + p->n_removed);
}

void pca_scores(const pca *p, size_t n_components, size_t n, const float *rows, double *scores, float *scratch)
{
    projection_scores(n, p->n_channels, rows, p->mean, n_components, p->components, scores, scratch);
}

double pca_residual(const pca *p, const float *row, const double *score)
{
    double squares = projection_squares(p->n_channels, row, p->mean);
    for (size_t a = 0; a < p->n_components + p->n_removed; a++)
        squares -= score[a] * score[a];
    return fmax(squares, 0);
}

/* The workspace of pca_expand: a block of channels at a time. */
typedef struct expansion {
    size_t rows, inner; /* rows: the components, the directions removed and, last, the mean */
    double *weight;     /* [rows, inner] */
    double *span;       /* [inner, tile] */
    double *out;        /* [rows, tile]: the negative of the result */
} expansion;

static adamas_status make_expansion(expansion *e, const pca *p, size_t inner, adamas_error *error)
{
    size_t own = (p->n_components + p->n_removed) * inner;
    *e = (expansion){.rows = p->n_components + p->n_removed + 1, .inner = inner};
    e->weight = memory_raw(e->rows, inner * sizeof *e->weight);
    e->span = memory_raw(inner, tile * sizeof *e->span);
    e->out = memory_raw(e->rows, tile * sizeof *e->out);
    if (!e->weight || !e->span || !e->out)
        return status_no_memory(error);
    for (size_t i = 0; i < own; i++)
        e->weight[i] = p->components[i];
    memcpy(e->weight + own, p->mean, inner * sizeof *e->weight);
    return ADAMAS_OK;
}

static void free_expansion(expansion *e)
{
    free(e->weight);
    free(e->span);
    free(e->out);
}

SIMD_CLONES static void to_negative_floats(size_t n, const double *from, float *to)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (float)-from[i];
}

static void expand(expansion *e, const pca *span, size_t first, size_t n, pca *out)
{
    for (size_t a = 0; a < e->inner; a++)
        to_doubles(n, span->components + a * span->n_channels + first, e->span + a * n);
    memset(e->out, 0, e->rows * n * sizeof *e->out);
    linalg_subtract(e->rows, n, e->inner, e->weight, e->span, e->out, n);
    for (size_t a = 0; a + 1 < e->rows; a++)
        to_negative_floats(n, e->out + a * n, out->components + a * out->n_channels + first);
    for (size_t c = 0; c < n; c++)
        out->mean[first + c] = span->mean[first + c] - e->out[(e->rows - 1) * n + c];
}

adamas_status pca_expand(pca *out, pca *p, const pca *span, adamas_error *error)
{
    size_t n = span->n_channels;
    expansion e;
    pca made = {.n_channels = n, .n_components = p->n_components, .n_removed = p->n_removed, .n_rows = p->n_rows};
    made.total_variance = p->total_variance;
    adamas_status status = make_expansion(&e, p, span->n_components, error);
    if (!status)
        status = reserve(&made, error);
    for (size_t first = 0; !status && first < n; first += tile)
        expand(&e, span, first, n - first < tile ? n - first : (size_t)tile, &made);
    for (size_t k = 0; !status && k < p->n_components; k++) {
        made.variance[k] = p->variance[k];
        if (fix_sign(made.components + k * n, n))
            negate(p->components + k * p->n_channels, p->n_channels);
    }
    free_expansion(&e);
    if (status)
        pca_clear(&made);
    *out = made;
    return status;
}

void pca_clear(pca *p)
{
    free(p->mean);
    free(p->components);
    free(p->variance);
    *p = (pca){0};
}
