/* Choosing the number of principal components by an inner cross-validation. */
#include "training/components.h"

#include "base/memory.h"
#include "dataset/inner_folds.h"
#include "evidence/calibration.h"
#include "reduce/epo.h"
#include "training/match_step.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Dense for few components, of which one more makes a difference, sparse for many. */
static const size_t grid[COMPONENTS_GRID] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 12,
                                             14, 16, 18, 20, 25, 30, 35, 40, 45, 50, 60};

typedef struct selection {
    const compiled_method *compiled;
    const axis *library;
    dataset *c;
    const unsigned char *training;
    const folds *folds;
    size_t n_numbers;
    const size_t *numbers;              /* [n_numbers] of components to try, rising */
    size_t n_directions, directions[2]; /* numbers of directions to try */
    double *log_density;                /* [n_directions, n_numbers, n_specimens, n_origins] of the held-out specimens;
                                           NaN for the others, and if the fold has fewer components */
    unsigned char *evaluated;           /* [n_specimens]: was held out, with a shot of use */
    work *w;
} selection;

static double *densities_of(const selection *h, size_t direction, size_t number)
{
    return h->log_density + (direction * h->n_numbers + number) * h->c->n_specimens * h->c->n_origins;
}

/* log_density[n_specimens, n_origins]: the rows of one fold's held-out specimens, with so many components. */
static adamas_status hold_out(const selection *h, const specimen_scores *s, const unsigned char *inner, int fold,
                              size_t components, double *log_density, adamas_error *error)
{
    const match *m = h->compiled->steps[h->compiled->match].match;
    void *state = NULL;
    double *scratch = memory_raw(components, sizeof *scratch);
    adamas_status status =
        scratch ? match_step_fit(&state, h->compiled, s, h->c, inner, components, error) : status_no_memory(error);
    for (size_t k = 0; !status && k < h->c->n_specimens; k++) {
        if (h->folds->fold[k] == fold && s->shots[k])
            m->density(state, s->mean + k * s->n_components, s->shots[k], log_density + k * h->c->n_origins, scratch);
        if (!status && k % WORK_CHECK_INTERVAL == 0)
            status = work_check_cancelled(h->w, error);
    }
    m->destroy(state);
    free(scratch);
    return status;
}

static adamas_status try_grid(const selection *h, const specimen_scores *s, const unsigned char *inner, int fold,
                              size_t direction, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; k < h->c->n_specimens; k++)
        if (h->folds->fold[k] == fold)
            h->evaluated[k] = s->shots[k] > 0;
    for (size_t g = 0; !status && g < h->n_numbers && h->numbers[g] <= s->n_components; g++) {
        status = hold_out(h, s, inner, fold, h->numbers[g], densities_of(h, direction, g), error);
        status = status == ADAMAS_E_DATA ? ADAMAS_OK : status;
    }
    return status;
}

static adamas_status try_directions(const selection *h, const unsigned char *inner, size_t fold, size_t direction,
                                    adamas_error *error)
{
    fit f = {0};
    specimen_scores scores = {0};
    row_cache rows = {0};
    const reduction most = {h->numbers[h->n_numbers - 1], h->directions[direction]};
    adamas_status status = fit_make(&f, h->compiled, h->library, h->c, inner, most, &rows, h->w, error);
    if (!status)
        status = specimen_scores_make(&scores, &(const fit *){&f}, 1, h->c, h->training, inner, &rows, h->w, error);
    if (!status)
        status = try_grid(h, &scores, inner, (int)fold, direction, error);
    specimen_scores_clear(&scores);
    fit_clear(&f);
    row_cache_clear(&rows);
    return status;
}

static adamas_status try_fold(void *context, size_t fold, int thread, adamas_error *error)
{
    (void)thread;
    selection *h = context;
    unsigned char *inner = memory_new(h->c->n_specimens, sizeof *inner);
    adamas_status status =
        inner ? work_progress(h->w, "choosing components", fold, h->folds->n_folds, error) : status_no_memory(error);
    if (!status)
        folds_training(h->folds, h->training, fold, inner);
    for (size_t d = 0; !status && d < h->n_directions; d++)
        status = try_directions(h, inner, fold, d, error);
    free(inner);
    return status;
}

/* Specimens that were held out, and an uncalibrated log density of each under each origin. */
typedef struct held_out {
    size_t n, n_groups;
    size_t *truth;       /* [n] */
    double *weight;      /* [n]: those of a group weigh 1 together */
    double *log_density; /* [n, n_origins] */
    double *scratch;     /* [n_origins] */
    calibration none;    /* leaves densities as they are */
} held_out;

static void held_out_clear(held_out *out)
{
    free(out->truth);
    free(out->weight);
    free(out->log_density);
    free(out->scratch);
    calibration_free(&out->none);
}

static adamas_status held_out_list(held_out *out, const selection *h, adamas_error *error)
{
    size_t n_specimens = h->c->n_specimens, n_origins = h->c->n_origins;
    size_t *size = memory_new(h->folds->n_groups, sizeof *size);
    *out = (held_out){.none = {1, n_origins, memory_new(n_origins, sizeof(double))}};
    out->truth = memory_raw(n_specimens, sizeof *out->truth);
    out->weight = memory_raw(n_specimens, sizeof *out->weight);
    out->log_density = memory_raw(n_specimens, n_origins * sizeof *out->log_density);
    out->scratch = memory_raw(n_origins, sizeof *out->scratch);
    int there = size && out->truth && out->weight && out->log_density && out->scratch && out->none.offset;
    for (size_t k = 0; there && k < n_specimens; k++)
        if (h->evaluated[k])
            out->n_groups += size[h->folds->group[k]]++ == 0;
    for (size_t k = 0; there && k < n_specimens; k++)
        if (h->evaluated[k]) {
            out->truth[out->n] = h->c->origin[k];
            out->weight[out->n++] = 1 / (double)size[h->folds->group[k]];
        }
    free(size);
    return there ? ADAMAS_OK : status_no_memory(error);
}

/* The log loss after calibration to the same specimens, rounded to 1e-9; without calibration if there can be none, for
 * want of held-out specimens of an origin. NaN if there are no densities with so many components. */
static adamas_status find_loss(double *loss, held_out *of, const selection *h, size_t direction, size_t number,
                               adamas_error *error)
{
    const double *all = densities_of(h, direction, number);
    size_t n = 0, n_origins = h->c->n_origins;
    *loss = NAN;
    for (size_t k = 0; k < h->c->n_specimens; k++) {
        if (!h->evaluated[k])
            continue;
        if (isnan(all[k * n_origins]))
            return ADAMAS_OK;
        memcpy(of->log_density + n++ * n_origins, all + k * n_origins, n_origins * sizeof *all);
    }
    calibration found;
    adamas_status status = calibration_fit(&found, n, n_origins, of->truth, of->log_density, of->weight,
                                           (double)of->n_groups, &calibration_weak, NULL);
    if (status == ADAMAS_E_MEMORY)
        return status_no_memory(error);
    *loss = calibration_log_loss(status ? &of->none : &found, n, of->truth, of->log_density, of->weight, of->scratch);
    *loss = round(*loss * 1e9) / 1e9;
    calibration_free(&found);
    return ADAMAS_OK;
}

static size_t count_folds(const selection *h)
{
    size_t n = 0;
    for (size_t fold = 0; fold < h->folds->n_folds; fold++) {
        size_t k = 0;
        while (k < h->c->n_specimens && !(h->evaluated[k] && h->folds->fold[k] == (int)fold))
            k++;
        n += k < h->c->n_specimens;
    }
    return n;
}

/* The smallest loss; of equals that of the fewest directions, then of the fewest components. */
static adamas_status choose(components_choice *out, const selection *h, adamas_error *error)
{
    double best = INFINITY;
    held_out of;
    size_t n_folds = count_folds(h);
    adamas_status status = held_out_list(&of, h, error);
    for (size_t d = 0; !status && d < h->n_directions; d++) {
        components_choice tried = {.n_folds = n_folds};
        int better = 0;
        for (size_t g = 0; !status && of.n && g < h->n_numbers; g++) {
            double loss;
            status = find_loss(&loss, &of, h, d, g, error);
            if (status || isnan(loss))
                continue;
            tried.tried[tried.n_tried] = (double)h->numbers[g];
            tried.log_loss[tried.n_tried++] = loss;
            if (loss < best) {
                best = loss;
                better = 1;
                tried.chosen = (reduction){h->numbers[g], h->directions[d]};
            }
        }
        *out = better ? tried : *out;
    }
    held_out_clear(&of);
    if (!status && !(best < INFINITY))
        status = status_set(error, ADAMAS_E_DATA,
                            "too few specimens, or groups left out together, to choose the number of components: name "
                            "it, pca(components=N)");
    return status;
}

/* With epo(directions=auto): none, and as many as there are differences between sessions. */
static void list_directions(selection *h)
{
    size_t sessions = h->c->n_sessions, epo = h->compiled->epo;
    int is_auto = epo != METHOD_NO_STEP && h->compiled->steps[epo].values[0].word;
    h->n_directions = 1;
    if (is_auto && sessions > 1)
        h->directions[h->n_directions++] = sessions <= EPO_MAX_DIRECTIONS ? sessions - 1 : EPO_MAX_DIRECTIONS;
}

adamas_status components_choose(components_choice *out, const compiled_method *compiled, const axis *library,
                                dataset *c, const unsigned char *training, const size_t *group, work *w,
                                adamas_error *error)
{
    *out = (components_choice){0};
    selection h = {.compiled = compiled, .library = library, .c = c, .training = training, .w = w};
    step_value components = compiled->steps[compiled->pca].values[0];
    size_t named = components.word ? 0 : (size_t)components.number;
    h.n_numbers = named ? 1 : COMPONENTS_GRID;
    h.numbers = named ? &named : grid;
    list_directions(&h);
    if (named && h.n_directions == 1) {
        out->chosen.components = named;
        return ADAMAS_OK;
    }
    folds inner;
    adamas_status status = folds_inner(&inner, c, training, group, COMPONENTS_FOLDS, error);
    if (status)
        return status;
    h.folds = &inner;
    size_t n = h.n_directions * h.n_numbers * c->n_specimens * c->n_origins;
    h.log_density = memory_raw(n, sizeof *h.log_density);
    h.evaluated = memory_new(c->n_specimens, sizeof *h.evaluated);
    status = h.log_density && h.evaluated ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < n; i++)
        h.log_density[i] = NAN;
    if (!status)
        status = folds_each(w, c, library, inner.n_folds, try_fold, &h, error);
    if (!status)
        status = choose(out, &h, error);
    free(h.log_density);
    free(h.evaluated);
    folds_clear(&inner);
    return status;
}
