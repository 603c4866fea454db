/* Choosing the number of principal components by an inner cross-validation. */
#include "training/components.h"

#include "base/memory.h"
#include "dataset/folds.h"
#include "reduce/epo.h"
#include "training/match_step.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Dense for few components, of which one more makes a difference, sparse for many. */
static const size_t grid[COMPONENTS_GRID] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 12,
                                             14, 16, 18, 20, 25, 30, 35, 40, 45, 50, 60};

/* The loss of one specimen is limited, so that a single gross misclassification does not decide. */
static const double max_loss = 20;

typedef struct fold_losses {
    double loss[COMPONENTS_GRID]; /* sums over a fold's held-out specimens */
    int failed[COMPONENTS_GRID];  /* the fold has fewer components */
    size_t n;
} fold_losses;

typedef struct selection {
    const compiled_method *compiled;
    const axis *library;
    dataset *c;
    const unsigned char *training;
    const folds *folds;
    size_t n_numbers;
    const size_t *numbers;              /* [n_numbers] of components to try, rising */
    size_t n_directions, directions[2]; /* numbers of directions to try */
    fold_losses *losses;                /* [n_directions, n_folds] */
    work *w;
} selection;

/* The log loss, summed over one fold's held-out specimens, with so many components. */
static adamas_status fold_loss(const selection *h, const specimen_scores *s, const unsigned char *inner, int fold,
                               size_t components, double *loss, adamas_error *error)
{
    size_t n_origins = h->c->n_origins;
    void *state = NULL;
    double *log_density = memory_raw(2 * n_origins, sizeof *log_density);
    adamas_status status =
        log_density ? match_step_fit(&state, h->compiled, s, h->c, inner, components, error) : status_no_memory(error);
    *loss = 0;
    for (size_t k = 0; !status && k < h->c->n_specimens; k++) {
        if (h->folds->fold[k] == fold && s->shots[k]) {
            status = match_step_densities(h->compiled, state, n_origins, components, s->mean + k * s->n_components,
                                          s->shots[k], log_density, log_density + n_origins, error);
            *loss += fmin(-log_density[n_origins + h->c->origin[k]], max_loss);
        }
        if (!status && k % WORK_CHECK_INTERVAL == 0)
            status = work_check_cancelled(h->w, error);
    }
    h->compiled->steps[h->compiled->match].match->destroy(state);
    free(log_density);
    return status;
}

static adamas_status try_grid(const selection *h, const specimen_scores *s, const unsigned char *inner, int fold,
                              fold_losses *t, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; k < h->c->n_specimens; k++)
        t->n += h->folds->fold[k] == fold && s->shots[k];
    for (size_t g = 0; !status && g < h->n_numbers; g++) {
        t->failed[g] = h->numbers[g] > s->n_components;
        if (!t->failed[g])
            status = fold_loss(h, s, inner, fold, h->numbers[g], &t->loss[g], error);
        if (status == ADAMAS_E_DATA) {
            t->failed[g] = 1;
            status = ADAMAS_OK;
        }
    }
    return status;
}

static adamas_status try_directions(const selection *h, const unsigned char *inner, size_t fold, size_t directions,
                                    fold_losses *t, adamas_error *error)
{
    fit f = {0};
    specimen_scores scores = {0};
    row_cache rows = {0};
    const reduction most = {h->numbers[h->n_numbers - 1], directions};
    adamas_status status = fit_make(&f, h->compiled, h->library, h->c, inner, most, &rows, h->w, error);
    if (!status)
        status = specimen_scores_make(&scores, &(const fit *){&f}, 1, h->c, h->training, inner, &rows, h->w, error);
    if (!status)
        status = try_grid(h, &scores, inner, (int)fold, t, error);
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
        status = try_directions(h, inner, fold, h->directions[d], &h->losses[d * h->folds->n_folds + fold], error);
    free(inner);
    return status;
}

/* Mean losses, rounded to 1e-9, of the numbers of components with which no fold failed. Returns the smallest, with the
 * fewest components of equals; INFINITY if there is none. */
static double list_losses(components_choice *out, const selection *h, const fold_losses *losses)
{
    double best = INFINITY;
    size_t n_folds = h->folds->n_folds;
    for (size_t i = 0; i < n_folds; i++)
        out->n_folds += losses[i].n > 0;
    for (size_t g = 0; g < h->n_numbers; g++) {
        double loss = 0;
        size_t n = 0;
        int failed = 0;
        for (size_t i = 0; i < n_folds; i++) {
            loss += losses[i].loss[g];
            n += losses[i].n;
            failed |= losses[i].n && losses[i].failed[g];
        }
        if (failed || n == 0)
            continue;
        loss = round(loss / (double)n * 1e9) / 1e9;
        out->tried[out->n_tried] = (double)h->numbers[g];
        out->log_loss[out->n_tried++] = loss;
        if (loss < best) {
            best = loss;
            out->chosen.components = h->numbers[g];
        }
    }
    return best;
}

/* Of equal losses the fewest directions. */
static adamas_status choose(components_choice *out, const selection *h, adamas_error *error)
{
    double best = INFINITY;
    for (size_t d = 0; d < h->n_directions; d++) {
        components_choice tried = {.chosen.directions = h->directions[d]};
        double loss = list_losses(&tried, h, h->losses + d * h->folds->n_folds);
        if (loss < best) {
            best = loss;
            *out = tried;
        }
    }
    return best < INFINITY
               ? ADAMAS_OK
               : status_set(error, ADAMAS_E_DATA,
                            "too few specimens, or groups left out together, to choose the number of components: name "
                            "it, pca(components=N)");
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
    h.losses = memory_new(h.n_directions * inner.n_folds, sizeof *h.losses);
    status = h.losses ? folds_each(w, c, library, inner.n_folds, try_fold, &h, error) : status_no_memory(error);
    if (!status)
        status = choose(out, &h, error);
    free(h.losses);
    folds_clear(&inner);
    return status;
}
