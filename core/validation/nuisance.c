#include "validation/nuisance.h"

#include "base/memory.h"
#include "base/names.h"
#include "base/sums.h"
#include "dataset/screening.h"
#include "preprocess/resample.h"
#include "preprocess/screen.h"
#include "preprocess/snip.h"
#include "preprocess/steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const nuisance_names[NUISANCE_NUMBERS] = {"total intensity", "continuum", "noise",
                                                      "saturated share", "shift",     "mass"};

/* The median absolute deviation of normal numbers is 0.6745 of their standard deviation, and a second difference has 6
 * times the variance of a channel. */
static const double deviation_of_median = 1.4826;
static const double variance_of_difference = 6;

/* The widest half window of the continuum, in channels: as align's. */
enum { widest_window = 64 };

/* Numbers that differ by less are the same. */
static const double least_difference = 1e-12;

/* In channels: shifts that differ by less are the rounding of float32 rows. */
static const double least_shift = 1e-3;

enum { part_shots = 32 };

/* Of one thread. */
typedef struct bench {
    float *rows;     /* [part_shots, stride] */
    double *sum;     /* [stride] */
    float *mean;     /* [stride] */
    float *onto;     /* [library's channels] */
    float *envelope; /* a segment, folded */
    double *sizes;   /* [stride]: for medians */
    float *scratch;
    double *segments; /* [library's segments] */
} bench;

typedef struct survey {
    dataset *c;
    nuisance *out;
    const size_t *apart;
    const axis *library;
    resampler **resamplers; /* [n_sets]; NULL where shifts cannot be told */
    double *full_scale;     /* [n_sets] */
    double *total;          /* [n_references, library's channels]: sums of the mean shots set apart */
    size_t *specimens;      /* [n_references] in them */
    void **aligners;        /* [n_references] */
    float *specimen_means;  /* [n_specimens, library's channels], NULL where they are too many to hold */
    bench *benches;         /* [threads] */
    size_t n_steps;
    atomic_size_t done;
    work *w;
} survey;

static adamas_status make_bench(bench *b, const survey *s, size_t scratch, adamas_error *error)
{
    size_t stride = s->c->stride;
    b->rows = memory_raw(part_shots, stride * sizeof *b->rows);
    b->sum = memory_raw(stride, sizeof *b->sum);
    b->mean = memory_raw(stride, sizeof *b->mean);
    b->onto = memory_raw(s->library->n, sizeof *b->onto);
    const folded longest = folded_shape(stride, 0, 0, widest_window);
    b->envelope = memory_raw(folded_floats(&longest), sizeof *b->envelope);
    b->sizes = memory_raw(stride, sizeof *b->sizes);
    b->scratch = memory_raw(scratch, sizeof *b->scratch);
    b->segments = memory_raw(s->library->n_segments, sizeof *b->segments);
    return b->rows && b->sum && b->mean && b->onto && b->envelope && b->sizes && b->scratch && b->segments
               ? ADAMAS_OK
               : status_no_memory(error);
}

static void free_bench(bench *b)
{
    free(b->rows);
    free(b->sum);
    free(b->mean);
    free(b->onto);
    free(b->envelope);
    free(b->sizes);
    free(b->scratch);
    free(b->segments);
}

static double total_of(const float *row, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += row[i];
    return sum;
}

static double noise_of(const float *row, const axis *a, double *sizes)
{
    size_t n = 0;
    for (size_t s = 0; s < a->n_segments; s++)
        for (size_t i = a->first[s] + 1; i + 1 < a->first[s + 1]; i++)
            sizes[n++] = fabs((double)row[i - 1] - 2 * (double)row[i] + (double)row[i + 1]);
    return n ? deviation_of_median / sqrt(variance_of_difference) * screen_median_of(sizes, n) : 0;
}

static double continuum_of(const float *row, const axis *a, float *envelope, double *sizes)
{
    for (size_t s = 0; s < a->n_segments; s++) {
        size_t first = a->first[s], n = a->first[s + 1] - first;
        folded f = folded_shape(n, 0, 0, widest_window);
        float *at = folded_first(&f, envelope);
        folded_pack(&f, row + first, at);
        snip_envelope(&f, at, widest_window);
        for (size_t i = 0; i < n; i++)
            sizes[first + i] = at[folded_index(&f, (ptrdiff_t)i)];
    }
    return screen_median_of(sizes, a->n);
}

/* Raw rows of the dataset's positions first ... first + n - 1, and their stride. */
static adamas_status read_rows(survey *s, size_t set, size_t first, size_t n, float *room, const float **rows,
                               size_t *stride, adamas_error *error)
{
    dataset *c = s->c;
    if (c->cache && !c->cache_is_whole) {
        *rows = c->cache + first * c->cache_stride;
        *stride = c->cache_stride;
        return ADAMAS_OK;
    }
    *rows = room;
    *stride = c->sets[set]->axis.n;
    return row_reader_read(c->sets[set], n, c->shot + first, room, *stride, error);
}

/* What is added up over a specimen's shots. */
typedef struct sums {
    size_t used, saturated;
    double total, noise, full;
} sums;

static void add_row(survey *s, bench *b, size_t set, const float *row, uint8_t fate, int is_second, sums *t)
{
    const axis *a = &s->c->sets[set]->axis;
    if (!is_second && (fate == ADAMAS_SHOT_USED || fate == ADAMAS_SHOT_SATURATED))
        t->full += (double)screen_at_full_scale(row, a->n, s->full_scale[set]) / (double)a->n;
    t->saturated += fate == ADAMAS_SHOT_SATURATED;
    if (fate != ADAMAS_SHOT_USED)
        return;
    t->used++;
    sums_add(b->sum, row, 1, a->n);
    if (is_second)
        return;
    t->total += total_of(row, a->n);
    t->noise += noise_of(row, a, b->sizes);
}

/* Goes over a specimen's shots; its mean shot comes to b->mean. is_second: for the mean alone. */
static adamas_status add_up(survey *s, bench *b, size_t specimen, int is_second, sums *t, adamas_error *error)
{
    const dataset *c = s->c;
    size_t set = dataset_set(c, specimen), last = c->first_shot[specimen + 1], n = c->sets[set]->axis.n;
    adamas_status status = ADAMAS_OK;
    *t = (sums){0};
    memset(b->sum, 0, n * sizeof *b->sum);
    for (size_t first = c->first_shot[specimen]; !status && first < last; first += part_shots) {
        size_t part = last - first < part_shots ? last - first : (size_t)part_shots, stride;
        const float *rows;
        status = read_rows(s, set, first, part, b->rows, &rows, &stride, error);
        for (size_t i = 0; !status && i < part; i++)
            add_row(s, b, set, rows + i * stride, c->shot_flag[first + i], is_second, t);
    }
    for (size_t i = 0; t->used && i < n; i++)
        b->mean[i] = (float)(b->sum[i] / (double)t->used);
    return status;
}

static adamas_status step_on(survey *s, adamas_error *error)
{
    return work_progress(s->w, "auditing", atomic_fetch_add(&s->done, 1) + 1, s->n_steps, error);
}

/* On the library's axis, where shifts are told. */
static void put_onto(survey *s, bench *b, size_t specimen)
{
    resampler_apply(s->resamplers[dataset_set(s->c, specimen)], 1, &(const float *){b->mean}, NULL, &b->onto,
                    b->scratch);
    if (s->specimen_means)
        memcpy(s->specimen_means + specimen * s->library->n, b->onto, s->library->n * sizeof *b->onto);
}

static adamas_status measure(survey *s, bench *b, size_t specimen, adamas_error *error)
{
    sums t;
    adamas_status status = add_up(s, b, specimen, 0, &t, error);
    s->out->shots[specimen] = t.used;
    if (status || !t.used)
        return status ? status : step_on(s, error);
    double *number = s->out->number + specimen * NUISANCE_NUMBERS;
    number[NUISANCE_TOTAL] = t.total / (double)t.used;
    number[NUISANCE_CONTINUUM] =
        continuum_of(b->mean, &s->c->sets[dataset_set(s->c, specimen)]->axis, b->envelope, b->sizes);
    number[NUISANCE_NOISE] = t.noise / (double)t.used;
    number[NUISANCE_SATURATED] = t.full / (double)(t.used + t.saturated);
    if (s->resamplers) {
        size_t apart = s->apart[specimen];
        double *total = s->total + apart * s->library->n;
        put_onto(s, b, specimen);
        for (size_t i = 0; i < s->library->n; i++)
            total[i] += b->onto[i];
        s->specimens[apart]++;
    }
    return step_on(s, error);
}

/* The specimens that are set apart together, in order, so that their sum depends on no thread. */
static adamas_status measure_apart(void *context, size_t apart, int thread, adamas_error *error)
{
    survey *s = context;
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; !status && k < s->c->n_specimens; k++)
        if (s->apart[k] == apart)
            status = measure(s, &s->benches[thread], k, error);
    return status;
}

static adamas_status find_shifts(void *context, size_t specimen, int thread, adamas_error *error)
{
    survey *s = context;
    bench *b = &s->benches[thread];
    sums t;
    const float *row = s->specimen_means ? s->specimen_means + specimen * s->library->n : b->onto;
    adamas_status status = ADAMAS_OK;
    if (!s->out->shots[specimen])
        return step_on(s, error);
    if (!s->specimen_means) {
        status = add_up(s, b, specimen, 1, &t, error);
        if (!status)
            put_onto(s, b, specimen);
    }
    for (size_t r = 0; !status && r < s->out->n_references; r++) {
        align_step.shift(s->aligners[r], s->library, row, b->segments, b->scratch);
        double sum = 0;
        for (size_t i = 0; i < s->library->n_segments; i++)
            sum += b->segments[i];
        s->out->shift[r * s->c->n_specimens + specimen] = sum / (double)s->library->n_segments;
    }
    return status ? status : step_on(s, error);
}

/* The reference without what is set apart as `r`. */
static adamas_status make_aligner(survey *s, size_t r, float *reference, adamas_error *error)
{
    size_t n = s->library->n, specimens = 0;
    for (size_t g = 0; g < s->out->n_references; g++)
        specimens += g != r ? s->specimens[g] : 0;
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t g = 0; g < s->out->n_references; g++)
            sum += g != r ? s->total[g * n + i] : 0;
        reference[i] = specimens ? (float)(sum / (double)specimens) : 0;
    }
    step_value values[STEP_VALUES] = {{.number = align_step.parameters[0].fallback}};
    return align_step.create(&s->aligners[r], values, s->library, reference, error);
}

static adamas_status make_aligners(survey *s, adamas_error *error)
{
    size_t most = 0;
    float *reference = memory_raw(s->library->n, sizeof *reference);
    adamas_status status = reference ? ADAMAS_OK : status_no_memory(error);
    for (size_t r = 0; !status && r < s->out->n_references; r++)
        if (!(status = make_aligner(s, r, reference, error)))
            most = align_step.scratch(s->aligners[r]) > most ? align_step.scratch(s->aligners[r]) : most;
    free(reference);
    for (size_t i = 0; !status && i < s->c->n_sets; i++)
        most = resampler_scratch(s->resamplers[i]) > most ? resampler_scratch(s->resamplers[i]) : most;
    for (int i = 0; !status && i < s->w->threads; i++) {
        free(s->benches[i].scratch);
        s->benches[i].scratch = memory_raw(most, sizeof *s->benches[i].scratch);
        if (!s->benches[i].scratch)
            status = status_no_memory(error);
    }
    return status;
}

static void free_resamplers(survey *s)
{
    for (size_t i = 0; s->resamplers && i < s->c->n_sets; i++)
        resampler_free(s->resamplers[i]);
    free(s->resamplers);
    s->resamplers = NULL;
}

/* None where a set's axis does not cover the first's. */
static adamas_status make_resamplers(survey *s, size_t *scratch, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    s->resamplers = memory_new(s->c->n_sets, sizeof *s->resamplers);
    if (!s->resamplers)
        return status_no_memory(error);
    for (size_t i = 0; !status && i < s->c->n_sets; i++) {
        const adamas_spectra *set = s->c->sets[i];
        status = resampler_make(&s->resamplers[i], &set->axis, s->library, resampler_max_gap_nm, set->name, error);
        size_t wanted = status ? 0 : resampler_scratch(s->resamplers[i]);
        *scratch = wanted > *scratch ? wanted : *scratch;
    }
    if (status != ADAMAS_E_AXIS)
        return status;
    free_resamplers(s);
    if (error)
        *error = (adamas_error){0};
    return ADAMAS_OK;
}

static adamas_status reserve(survey *s, adamas_error *error)
{
    size_t scratch = 0, n = s->library->n, references = s->out->n_references, bytes;
    adamas_status status = make_resamplers(s, &scratch, error);
    s->full_scale = memory_new(s->c->n_sets, sizeof *s->full_scale);
    s->total = memory_new(references, n * sizeof *s->total);
    s->specimens = memory_new(references, sizeof *s->specimens);
    s->aligners = memory_new(references, sizeof *s->aligners);
    s->benches = memory_new((size_t)s->w->threads, sizeof *s->benches);
    if (!status && !(s->full_scale && s->total && s->specimens && s->aligners && s->benches))
        status = status_no_memory(error);
    if (!status && s->resamplers && !__builtin_mul_overflow(s->c->n_specimens, n * sizeof *s->specimen_means, &bytes) &&
        bytes <= ROW_CACHE_MAX_BYTES && !(s->specimen_means = memory_raw(bytes, 1)))
        status = status_no_memory(error);
    for (size_t i = 0; !status && i < s->c->n_sets; i++)
        s->full_scale[i] = screening_full_scale(s->c->sets[i]);
    for (int i = 0; !status && i < s->w->threads; i++)
        status = make_bench(&s->benches[i], s, scratch, error);
    return status;
}

static void release(survey *s)
{
    free_resamplers(s);
    for (size_t r = 0; s->aligners && r < s->out->n_references; r++)
        align_step.destroy(s->aligners[r]);
    for (int i = 0; s->benches && i < s->w->threads; i++)
        free_bench(&s->benches[i]);
    free(s->full_scale);
    free(s->total);
    free(s->specimens);
    free(s->aligners);
    free(s->benches);
    free(s->specimen_means);
}

static void weigh(nuisance *out, const dataset *c)
{
    for (size_t k = 0; k < c->n_specimens; k++) {
        size_t set = dataset_set(c, k);
        const adamas_column *mass = table_column(&c->sets[set]->specimens, "mass_ct");
        out->number[k * NUISANCE_NUMBERS + NUISANCE_MASS] =
            mass && mass->number ? mass->number[k - c->set_first[set]] : NAN;
    }
}

/* Logs where they are told of all specimens; and does the number tell them apart? */
static void judge_number(nuisance *out, size_t which)
{
    double *number = out->number + which, low = INFINITY, high = -INFINITY;
    int is_known = 1;
    for (size_t k = 0; k < out->n_specimens; k++)
        if (out->shots[k]) {
            double value = number[k * NUISANCE_NUMBERS];
            is_known &= isfinite(value);
            low = fmin(low, value);
            high = fmax(high, value);
        }
    is_known &= which != NUISANCE_MASS || low > 0;
    out->tells[which] = is_known && high - low > least_difference * fmax(fabs(low), fabs(high));
    for (size_t k = 0; which != NUISANCE_SATURATED && low > 0 && k < out->n_specimens; k++)
        if (out->shots[k])
            number[k * NUISANCE_NUMBERS] = log(number[k * NUISANCE_NUMBERS]);
}

static void judge_numbers(nuisance *out)
{
    for (size_t i = 0; i < NUISANCE_NUMBERS; i++)
        if (i != NUISANCE_SHIFT)
            judge_number(out, i);
    for (size_t r = 0; r < out->n_references; r++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t k = 0; k < out->n_specimens; k++)
            if (out->shots[k]) {
                low = fmin(low, out->shift[r * out->n_specimens + k]);
                high = fmax(high, out->shift[r * out->n_specimens + k]);
            }
        out->tells[NUISANCE_SHIFT] |= high - low > least_shift;
    }
}

adamas_status nuisance_find(nuisance *out, dataset *c, const size_t *apart, size_t n_references, work *w,
                            adamas_error *error)
{
    *out = (nuisance){0};
    survey s = {.c = c, .out = out, .apart = apart, .library = &c->sets[0]->axis, .w = w};
    adamas_status status = nuisance_sessions(out, c, error);
    out->n_references = n_references;
    out->shots = memory_new(c->n_specimens, sizeof *out->shots);
    out->number = memory_new(c->n_specimens, NUISANCE_NUMBERS * sizeof *out->number);
    out->shift = memory_new(n_references, c->n_specimens * sizeof *out->shift);
    if (!status)
        status = out->shots && out->number && out->shift ? reserve(&s, error) : status_no_memory(error);
    s.n_steps = s.resamplers ? 2 * c->n_specimens : c->n_specimens;
    if (!status)
        status = work_each(w, n_references, measure_apart, &s, error);
    if (!status && s.resamplers) {
        status = make_aligners(&s, error);
        if (!status)
            status = work_each(w, c->n_specimens, find_shifts, &s, error);
    }
    if (!status) {
        weigh(out, c);
        judge_numbers(out);
    }
    release(&s);
    if (status)
        nuisance_clear(out);
    return status;
}

/* The session of most of a specimen's shots; count[n_sessions + 1] is 0 before and after. */
static size_t session_of_most(const size_t *number, const dataset *c, size_t specimen, size_t n_sessions, size_t *count)
{
    size_t most = n_sessions, first = c->first_shot[specimen], last = c->first_shot[specimen + 1];
    for (size_t i = first; i < last; i++)
        count[number[i]]++;
    for (size_t i = first; i < last; i++)
        if (number[i] < n_sessions && (most == n_sessions || count[number[i]] > count[most]))
            most = number[i];
    for (size_t i = first; i < last; i++)
        count[number[i]] = 0;
    return most;
}

static adamas_status number_sessions(size_t *number, names *sessions, const dataset *c, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; !status && k < c->n_specimens; k++) {
        const table *shots = &c->sets[dataset_set(c, k)]->shots;
        for (size_t i = c->first_shot[k]; !status && i < c->first_shot[k + 1]; i++) {
            const char *name = table_text(shots, "session", c->shot[i]);
            number[i] = SIZE_MAX;
            if (*name)
                status = names_add(sessions, name, &number[i], error);
        }
    }
    for (size_t i = 0; !status && i < c->n_shots; i++)
        number[i] = number[i] == SIZE_MAX ? sessions->n : number[i];
    return status;
}

adamas_status nuisance_sessions(nuisance *out, const dataset *c, adamas_error *error)
{
    *out = (nuisance){.n_specimens = c->n_specimens};
    names sessions = {0};
    size_t *number = memory_raw(c->n_shots, sizeof *number), *count = NULL;
    out->session = memory_new(c->n_specimens, sizeof *out->session);
    adamas_status status =
        number && out->session ? number_sessions(number, &sessions, c, error) : status_no_memory(error);
    out->n_sessions = sessions.n;
    if (!status && !(count = memory_new(sessions.n + 1, sizeof *count)))
        status = status_no_memory(error);
    for (size_t k = 0; !status && k < c->n_specimens; k++)
        out->session[k] = session_of_most(number, c, k, sessions.n, count);
    names_clear(&sessions);
    free(number);
    free(count);
    if (status)
        nuisance_clear(out);
    return status;
}

void nuisance_clear(nuisance *n)
{
    free(n->shots);
    free(n->number);
    free(n->shift);
    free(n->session);
    *n = (nuisance){0};
}
