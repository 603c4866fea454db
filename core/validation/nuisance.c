/* Nuisance variables of specimens. A visitor of the raw shots sums over the shots of each specimen and measures its
 * mean shot; shifts are found between mean shots and references made of them. */
#include "validation/nuisance.h"

#include "base/memory.h"
#include "base/names.h"
#include "dataset/screening.h"
#include "dataset/specimen_means.h"
#include "preprocess/resample.h"
#include "preprocess/snip.h"
#include "preprocess/steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const nuisance_names[NUISANCE_VARIABLES] = {"total intensity", "continuum", "noise",
                                                        "saturated share", "shift",     "mass"};

/* The standard deviation of normal variables is 1.4826 times their median absolute deviation, and a second difference
 * of white noise has 6 times the variance of a channel. */
static const double sd_of_mad = 1.4826;
static const double variance_of_difference = 6;

/* The widest half window of the continuum, in channels: as align's. */
enum { widest_window = 64 };

/* Values whose relative range is smaller are the same. */
static const double min_relative_range = 1e-12;

/* In channels: a smaller range of shifts is the rounding of float32 rows. */
static const double min_shift_range = 1e-3;

/* Sums over the shots of one specimen. */
typedef struct shot_sums {
    size_t n_used, n_saturated;
    double total, noise, full_scale_share;
} shot_sums;

/* Of one thread. */
typedef struct workspace {
    specimen_means means;
    shot_sums sums;   /* of a specimen whose shots come in several batches, so far */
    float *resampled; /* [BATCH_MAX_SPECIMENS, library's channels]: the means on the library's axis */
    float *envelope;  /* a segment, folded */
    double *values;   /* [stride], for medians */
    float *scratch;
    double *segment_shifts; /* [library's segments] */
} workspace;

typedef struct measurement {
    dataset *c;
    nuisance *out;
    const size_t *group; /* [n_specimens] */
    size_t n_parts;
    const axis *library;
    resampler **resamplers;  /* [n_sets]; NULL if shifts cannot be found */
    double *full_scale;      /* [n_sets] */
    double *group_total;     /* [n_references, library's channels]: sums of the mean shots of each group */
    size_t *group_specimens; /* [n_references] in these sums */
    void **aligners;         /* [n_references] */
    float *held_means;       /* [n_specimens, library's channels]; NULL if they are too many to hold */
    workspace *workspaces;   /* [threads] */
    size_t n_steps;
    atomic_size_t done;
    work *w;
} measurement;

static adamas_status report_progress(measurement *m, adamas_error *error)
{
    return work_progress(m->w, "auditing", atomic_fetch_add(&m->done, 1) + 1, m->n_steps, error);
}

/* ------------------------------------------------------------------------------------- variables of one specimen */

static double total_of(const float *row, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += row[i];
    return sum;
}

static double noise_of(const float *row, const axis *a, double *differences)
{
    size_t n = 0;
    for (size_t s = 0; s < a->n_segments; s++)
        for (size_t i = a->first[s] + 1; i + 1 < a->first[s + 1]; i++)
            differences[n++] = fabs((double)row[i - 1] - 2 * (double)row[i] + (double)row[i + 1]);
    return n ? sd_of_mad / sqrt(variance_of_difference) * screen_median_of(differences, n) : 0;
}

static double continuum_of(const float *row, const axis *a, float *envelope, double *values)
{
    for (size_t s = 0; s < a->n_segments; s++) {
        size_t first = a->first[s], n = a->first[s + 1] - first;
        folded f = folded_shape(n, 0, 0, widest_window);
        float *at = folded_first(&f, envelope);
        folded_pack(&f, row + first, at);
        snip_envelope(&f, at, widest_window);
        for (size_t i = 0; i < n; i++)
            values[first + i] = at[folded_index(&f, (ptrdiff_t)i)];
    }
    return screen_median_of(values, a->n);
}

static void add_shot(shot_sums *t, const float *row, uint8_t flag, const axis *a, double full_scale, double *values)
{
    if (flag != ADAMAS_SHOT_USED && flag != ADAMAS_SHOT_SATURATED)
        return;
    t->full_scale_share += (double)screen_at_full_scale(row, a->n, full_scale) / (double)a->n;
    if (flag == ADAMAS_SHOT_SATURATED) {
        t->n_saturated++;
        return;
    }
    t->n_used++;
    t->total += total_of(row, a->n);
    t->noise += noise_of(row, a, values);
}

static void average_shots(nuisance *out, size_t specimen, const shot_sums *t)
{
    double *value = out->value + specimen * NUISANCE_VARIABLES, n = (double)t->n_used;
    out->shots[specimen] = t->n_used;
    if (t->n_used == 0)
        return;
    value[NUISANCE_TOTAL] = t->total / n;
    value[NUISANCE_NOISE] = t->noise / n;
    value[NUISANCE_SATURATED] = t->full_scale_share / (double)(t->n_used + t->n_saturated);
}

/* ------------------------------------------------------------------------------------------ visitors of raw shots */

/* Mean i of the last batch on the library's axis. */
static float *resampled_mean(const measurement *m, const workspace *ws, size_t i)
{
    return m->held_means ? m->held_means + ws->means.specimen[i] * m->library->n : ws->resampled + i * m->library->n;
}

static void resample_mean(const measurement *m, workspace *ws, size_t i)
{
    const float *mean = ws->means.rows + i * ws->means.n_channels;
    float *resampled = resampled_mean(m, ws, i);
    resampler_apply(m->resamplers[dataset_set(m->c, ws->means.specimen[i])], 1, &mean, NULL, &resampled, ws->scratch);
}

static adamas_status measure_batch(void *context, int thread, const row_batch *part, adamas_error *error)
{
    measurement *m = context;
    workspace *ws = &m->workspaces[thread];
    size_t set = dataset_set(m->c, part->specimen[0]);
    const axis *a = &m->c->sets[set]->axis;
    adamas_status status = ADAMAS_OK;
    specimen_means_add(&ws->means, part);
    for (size_t i = 0; i < ws->means.n; i++) {
        m->out->value[ws->means.specimen[i] * NUISANCE_VARIABLES + NUISANCE_CONTINUUM] =
            continuum_of(ws->means.rows + i * a->n, a, ws->envelope, ws->values);
        if (m->resamplers)
            resample_mean(m, ws, i);
    }
    for (size_t k = 0; !status && k < part->n_specimens; k++) {
        if (part->begins)
            ws->sums = (shot_sums){0};
        for (size_t i = part->first[k]; i < part->first[k + 1]; i++)
            add_shot(&ws->sums, part->rows + i * a->n, part->shot_flag[i], a, m->full_scale[set], ws->values);
        if (part->ends) {
            average_shots(m->out, part->specimen[k], &ws->sums);
            status = report_progress(m, error);
        }
    }
    return status;
}

static adamas_status add_to_group_totals(void *context, int thread, adamas_error *error)
{
    (void)error;
    measurement *m = context;
    const workspace *ws = &m->workspaces[thread];
    for (size_t i = 0; i < ws->means.n; i++) {
        size_t group = m->group[ws->means.specimen[i]];
        double *total = m->group_total + group * m->library->n;
        const float *mean = resampled_mean(m, ws, i);
        for (size_t j = 0; j < m->library->n; j++)
            total[j] += mean[j];
        m->group_specimens[group]++;
    }
    return ADAMAS_OK;
}

static void find_shifts(measurement *m, workspace *ws, size_t specimen, const float *mean)
{
    for (size_t r = 0; r < m->out->n_references; r++) {
        align_step.shift(m->aligners[r], m->library, mean, ws->segment_shifts, ws->scratch);
        double sum = 0;
        for (size_t i = 0; i < m->library->n_segments; i++)
            sum += ws->segment_shifts[i];
        m->out->shift[r * m->c->n_specimens + specimen] = sum / (double)m->library->n_segments;
    }
}

/* The second pass, if the first could not hold the mean shots. */
static adamas_status find_shifts_of_batch(void *context, int thread, const row_batch *part, adamas_error *error)
{
    measurement *m = context;
    workspace *ws = &m->workspaces[thread];
    adamas_status status = ADAMAS_OK;
    specimen_means_add(&ws->means, part);
    for (size_t i = 0; i < ws->means.n; i++) {
        resample_mean(m, ws, i);
        find_shifts(m, ws, ws->means.specimen[i], resampled_mean(m, ws, i));
    }
    for (size_t k = 0; !status && part->ends && k < part->n_specimens; k++)
        status = report_progress(m, error);
    return status;
}

static adamas_status find_shifts_of_held(void *context, size_t specimen, int thread, adamas_error *error)
{
    measurement *m = context;
    if (m->out->shots[specimen])
        find_shifts(m, &m->workspaces[thread], specimen, m->held_means + specimen * m->library->n);
    return report_progress(m, error);
}

/* ------------------------------------------------------------------------------------------- references and memory */

static int is_apart(const measurement *m, size_t group, size_t r)
{
    return m->n_parts ? group / m->n_parts != r / m->n_parts && group % m->n_parts != r % m->n_parts : group != r;
}

/* The reference without the specimens that are not apart from group r. */
static adamas_status make_aligner(measurement *m, size_t r, float *reference, adamas_error *error)
{
    size_t n = m->library->n, specimens = 0;
    for (size_t g = 0; g < m->out->n_references; g++)
        specimens += is_apart(m, g, r) ? m->group_specimens[g] : 0;
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t g = 0; g < m->out->n_references; g++)
            sum += is_apart(m, g, r) ? m->group_total[g * n + i] : 0;
        reference[i] = specimens ? (float)(sum / (double)specimens) : 0;
    }
    step_value values[STEP_VALUES] = {{.number = align_step.parameters[0].fallback}};
    return align_step.create(&m->aligners[r], values, m->library, reference, error);
}

static adamas_status make_aligners(measurement *m, adamas_error *error)
{
    size_t scratch = 0;
    float *reference = memory_raw(m->library->n, sizeof *reference);
    adamas_status status = reference ? ADAMAS_OK : status_no_memory(error);
    for (size_t r = 0; !status && r < m->out->n_references; r++)
        if (!(status = make_aligner(m, r, reference, error))) {
            size_t needed = align_step.scratch(m->aligners[r]);
            scratch = needed > scratch ? needed : scratch;
        }
    free(reference);
    for (size_t i = 0; !status && i < m->c->n_sets; i++) {
        size_t needed = resampler_scratch(m->resamplers[i]);
        scratch = needed > scratch ? needed : scratch;
    }
    for (int i = 0; !status && i < m->w->threads; i++) {
        free(m->workspaces[i].scratch);
        m->workspaces[i].scratch = memory_raw(scratch, sizeof *m->workspaces[i].scratch);
        if (!m->workspaces[i].scratch)
            status = status_no_memory(error);
    }
    return status;
}

static void free_resamplers(measurement *m)
{
    for (size_t i = 0; m->resamplers && i < m->c->n_sets; i++)
        resampler_free(m->resamplers[i]);
    free(m->resamplers);
    m->resamplers = NULL;
}

/* None if the axis of a set does not cover the first's. */
static adamas_status make_resamplers(measurement *m, size_t *scratch, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    m->resamplers = memory_new(m->c->n_sets, sizeof *m->resamplers);
    if (!m->resamplers)
        return status_no_memory(error);
    for (size_t i = 0; !status && i < m->c->n_sets; i++) {
        const adamas_spectra *set = m->c->sets[i];
        status = resampler_make(&m->resamplers[i], &set->axis, m->library, resampler_max_gap_nm, set->name, error);
        size_t needed = status ? 0 : resampler_scratch(m->resamplers[i]);
        *scratch = needed > *scratch ? needed : *scratch;
    }
    if (status != ADAMAS_E_AXIS)
        return status;
    free_resamplers(m);
    if (error)
        *error = (adamas_error){0};
    return ADAMAS_OK;
}

static adamas_status workspace_make(workspace *ws, const measurement *m, size_t scratch, adamas_error *error)
{
    size_t stride = m->c->stride;
    const folded longest = folded_shape(stride, 0, 0, widest_window);
    ws->resampled = m->held_means ? NULL : memory_raw(BATCH_MAX_SPECIMENS, m->library->n * sizeof *ws->resampled);
    ws->envelope = memory_raw(folded_floats(&longest), sizeof *ws->envelope);
    ws->values = memory_raw(stride, sizeof *ws->values);
    ws->scratch = memory_raw(scratch, sizeof *ws->scratch);
    ws->segment_shifts = memory_raw(m->library->n_segments, sizeof *ws->segment_shifts);
    if ((ws->resampled || m->held_means) && ws->envelope && ws->values && ws->scratch && ws->segment_shifts)
        return specimen_means_make(&ws->means, stride, error);
    return status_no_memory(error);
}

static void workspace_clear(workspace *ws)
{
    specimen_means_clear(&ws->means);
    free(ws->resampled);
    free(ws->envelope);
    free(ws->values);
    free(ws->scratch);
    free(ws->segment_shifts);
}

/* No means are held if shifts cannot be found, or if they take more than ROW_CACHE_MAX_BYTES bytes. */
static adamas_status hold_means(measurement *m, adamas_error *error)
{
    size_t bytes;
    if (!m->resamplers || __builtin_mul_overflow(m->c->n_specimens, m->library->n * sizeof *m->held_means, &bytes) ||
        bytes > ROW_CACHE_MAX_BYTES)
        return ADAMAS_OK;
    m->held_means = memory_raw(bytes, 1);
    return m->held_means ? ADAMAS_OK : status_no_memory(error);
}

static adamas_status reserve(measurement *m, adamas_error *error)
{
    size_t scratch = 0, n_references = m->out->n_references;
    adamas_status status = make_resamplers(m, &scratch, error);
    m->full_scale = memory_new(m->c->n_sets, sizeof *m->full_scale);
    m->group_total = memory_new(n_references, m->library->n * sizeof *m->group_total);
    m->group_specimens = memory_new(n_references, sizeof *m->group_specimens);
    m->aligners = memory_new(n_references, sizeof *m->aligners);
    m->workspaces = memory_new((size_t)m->w->threads, sizeof *m->workspaces);
    if (!status && !(m->full_scale && m->group_total && m->group_specimens && m->aligners && m->workspaces))
        status = status_no_memory(error);
    if (!status)
        status = hold_means(m, error);
    for (size_t i = 0; !status && i < m->c->n_sets; i++)
        m->full_scale[i] = screening_full_scale(m->c->sets[i]);
    for (int i = 0; !status && i < m->w->threads; i++)
        status = workspace_make(&m->workspaces[i], m, scratch, error);
    return status;
}

static void release(measurement *m)
{
    free_resamplers(m);
    for (size_t r = 0; m->aligners && r < m->out->n_references; r++)
        align_step.destroy(m->aligners[r]);
    for (int i = 0; m->workspaces && i < m->w->threads; i++)
        workspace_clear(&m->workspaces[i]);
    free(m->full_scale);
    free(m->group_total);
    free(m->group_specimens);
    free(m->aligners);
    free(m->workspaces);
    free(m->held_means);
}

/* -------------------------------------------------------------------------------------------------- all specimens */

static void set_masses(nuisance *out, const dataset *c)
{
    for (size_t k = 0; k < c->n_specimens; k++) {
        size_t set = dataset_set(c, k);
        const adamas_column *mass = table_column(&c->sets[set]->specimens, "mass_ct");
        out->value[k * NUISANCE_VARIABLES + NUISANCE_MASS] =
            mass && mass->number ? mass->number[k - c->set_first[set]] : NAN;
    }
}

/* Finds whether a variable varies, and takes logs. */
static void transform_variable(nuisance *out, size_t variable)
{
    double *value = out->value + variable, low = INFINITY, high = -INFINITY;
    int is_known = 1;
    for (size_t k = 0; k < out->n_specimens; k++)
        if (out->shots[k]) {
            double x = value[k * NUISANCE_VARIABLES];
            is_known &= isfinite(x);
            low = fmin(low, x);
            high = fmax(high, x);
        }
    is_known &= variable != NUISANCE_MASS || low > 0;
    out->varies[variable] = is_known && high - low > min_relative_range * fmax(fabs(low), fabs(high));
    for (size_t k = 0; variable != NUISANCE_SATURATED && low > 0 && k < out->n_specimens; k++)
        if (out->shots[k])
            value[k * NUISANCE_VARIABLES] = log(value[k * NUISANCE_VARIABLES]);
}

static void transform_variables(nuisance *out)
{
    for (size_t i = 0; i < NUISANCE_VARIABLES; i++)
        if (i != NUISANCE_SHIFT)
            transform_variable(out, i);
    for (size_t r = 0; r < out->n_references; r++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t k = 0; k < out->n_specimens; k++)
            if (out->shots[k]) {
                low = fmin(low, out->shift[r * out->n_specimens + k]);
                high = fmax(high, out->shift[r * out->n_specimens + k]);
            }
        out->varies[NUISANCE_SHIFT] |= high - low > min_shift_range;
    }
}

static adamas_status measure_specimens(measurement *m, adamas_error *error)
{
    const scan_visitor first = {
        .context = m, .accumulate = measure_batch, .reduce = m->resamplers ? add_to_group_totals : NULL};
    const scan_visitor second = {.context = m, .accumulate = find_shifts_of_batch};
    adamas_status status = dataset_scan_raw(m->c, m->w, &first, error);
    if (status || !m->resamplers)
        return status;
    status = make_aligners(m, error);
    if (!status && m->held_means)
        status = work_each(m->w, m->c->n_specimens, find_shifts_of_held, m, error);
    else if (!status)
        status = dataset_scan_raw(m->c, m->w, &second, error);
    return status;
}

adamas_status nuisance_measure(nuisance *out, dataset *c, const size_t *group, size_t n_references, size_t n_parts,
                               work *w, adamas_error *error)
{
    *out = (nuisance){0};
    measurement m = {.c = c, .out = out, .group = group, .n_parts = n_parts, .library = &c->sets[0]->axis, .w = w};
    adamas_status status = nuisance_sessions(out, c, error);
    out->n_references = n_references;
    out->shots = memory_new(c->n_specimens, sizeof *out->shots);
    out->value = memory_new(c->n_specimens, NUISANCE_VARIABLES * sizeof *out->value);
    out->shift = memory_new(n_references, c->n_specimens * sizeof *out->shift);
    if (!status)
        status = out->shots && out->value && out->shift ? reserve(&m, error) : status_no_memory(error);
    m.n_steps = m.resamplers ? 2 * c->n_specimens : c->n_specimens;
    if (!status)
        status = measure_specimens(&m, error);
    if (!status) {
        set_masses(out, c);
        transform_variables(out);
    }
    release(&m);
    if (status)
        nuisance_clear(out);
    return status;
}

/* The session of most of the shots of a specimen; count[n_sessions + 1] is 0 before and after. */
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
    free(n->value);
    free(n->shift);
    free(n->session);
    *n = (nuisance){0};
}
