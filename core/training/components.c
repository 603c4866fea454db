#include "training/components.h"

#include "base/memory.h"
#include "dataset/folds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Close where one component more matters, sparse where it hardly does. */
static const size_t grid[COMPONENTS_GRID] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 12,
                                             14, 16, 18, 20, 25, 30, 35, 40, 45, 50, 60};

/* One specimen that is wrong beyond all measure must not decide alone. */
static const double most_loss = 20;

typedef struct trial {
    double loss[COMPONENTS_GRID]; /* sums over a fold's held-out specimens */
    int failed[COMPONENTS_GRID];  /* the fold cannot have so many components */
    size_t n;
} trial;

typedef struct choosing {
    const compiled_method *r;
    const axis *library;
    dataset *c;
    const unsigned char *training;
    const folds *folds;
    trial *trials;
    work *w;
} choosing;

/* Losses of one fold's held-out specimens with so many components. */
static adamas_status judge_fold(const choosing *h, const specimen_scores *s, const unsigned char *inner, int fold,
                                size_t components, double *loss, adamas_error *error)
{
    size_t n_origins = h->c->n_origins;
    void *state = NULL;
    double *log_density = memory_raw(2 * n_origins, sizeof *log_density);
    adamas_status status =
        log_density ? match_step_fit(&state, h->r, s, h->c, inner, components, error) : status_no_memory(error);
    *loss = 0;
    for (size_t k = 0; !status && k < h->c->n_specimens; k++) {
        if (h->folds->fold[k] == fold && s->shots[k]) {
            status = match_step_densities(h->r, state, n_origins, components, s->mean + k * s->n_components,
                                          s->shots[k], log_density, log_density + n_origins, error);
            *loss += fmin(-log_density[n_origins + h->c->origin[k]], most_loss);
        }
        if (!status && k % WORK_CHECK_INTERVAL == 0)
            status = work_check_cancelled(h->w, error);
    }
    h->r->steps[h->r->match].match->destroy(state);
    free(log_density);
    return status;
}

static adamas_status try_grid(const choosing *h, const specimen_scores *s, const unsigned char *inner, int fold,
                              trial *t, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; k < h->c->n_specimens; k++)
        t->n += h->folds->fold[k] == fold && s->shots[k];
    for (size_t g = 0; !status && g < COMPONENTS_GRID; g++) {
        t->failed[g] = grid[g] > s->n_components;
        if (!t->failed[g])
            status = judge_fold(h, s, inner, fold, grid[g], &t->loss[g], error);
        if (status == ADAMAS_E_DATA) {
            t->failed[g] = 1;
            status = ADAMAS_OK;
        }
    }
    return status;
}

static adamas_status try_fold(void *context, size_t fold, int thread, adamas_error *error)
{
    (void)thread;
    choosing *h = context;
    unsigned char *inner = memory_new(h->c->n_specimens, sizeof *inner);
    fit f = {0};
    specimen_scores scores = {0};
    row_cache rows = {0};
    adamas_status status =
        inner ? work_progress(h->w, "choosing components", fold, h->folds->n_folds, error) : status_no_memory(error);
    for (size_t k = 0; !status && k < h->c->n_specimens; k++)
        inner[k] = h->training[k] && h->folds->fold[k] != (int)fold;
    if (!status)
        status = fit_make(&f, h->r, h->library, h->c, inner, grid[COMPONENTS_GRID - 1], &rows, h->w, error);
    if (!status)
        status = specimen_scores_make(&scores, &(const fit *){&f}, 1, h->c, h->training, inner, &rows, h->w, error);
    if (!status)
        status = try_grid(h, &scores, inner, (int)fold, &h->trials[fold], error);
    specimen_scores_clear(&scores);
    fit_clear(&f);
    row_cache_clear(&rows);
    free(inner);
    return status;
}

/* The least mean loss; of equals (to 1e-9) the fewest components. A number is tried where every fold can have it. */
static adamas_status least(components_choice *out, const trial *trials, size_t n_folds, adamas_error *error)
{
    double best = INFINITY;
    for (size_t i = 0; i < n_folds; i++)
        out->n_folds += trials[i].n > 0;
    for (size_t g = 0; g < COMPONENTS_GRID; g++) {
        double loss = 0;
        size_t n = 0;
        int failed = 0;
        for (size_t i = 0; i < n_folds; i++) {
            loss += trials[i].loss[g];
            n += trials[i].n;
            failed |= trials[i].n && trials[i].failed[g];
        }
        if (failed || n == 0)
            continue;
        loss = round(loss / (double)n * 1e9) / 1e9;
        out->tried[out->n_tried] = (double)grid[g];
        out->log_loss[out->n_tried++] = loss;
        if (loss < best) {
            best = loss;
            out->chosen = grid[g];
        }
    }
    return out->n_tried
               ? ADAMAS_OK
               : status_set(error, ADAMAS_E_DATA,
                            "too few specimens, or groups left out together, to choose the number of components: name "
                            "it, pca(components=N)");
}

adamas_status components_choose(components_choice *out, const compiled_method *r, const axis *library, dataset *c,
                                const unsigned char *training, const size_t *group, work *w, adamas_error *error)
{
    *out = (components_choice){0};
    step_value components = r->steps[r->pca].values[0];
    if (!components.word) {
        out->chosen = (size_t)components.number;
        return ADAMAS_OK;
    }
    folds inner;
    adamas_status status = folds_inner(&inner, c, training, group, COMPONENTS_FOLDS, error);
    if (status)
        return status;
    choosing h = {.r = r, .library = library, .c = c, .training = training, .folds = &inner, .w = w};
    h.trials = memory_new(COMPONENTS_FOLDS, sizeof *h.trials);
    status = h.trials ? folds_each(w, c, library, inner.n_folds, try_fold, &h, error) : status_no_memory(error);
    if (!status)
        status = least(out, h.trials, inner.n_folds, error);
    free(h.trials);
    folds_clear(&inner);
    return status;
}
