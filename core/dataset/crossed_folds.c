/* Folds that hold out sessions together with groups. */
#include "dataset/crossed_folds.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* scratch[c->n_sessions]. */
static adamas_status deal_sessions(folds *f, const dataset *c, const unsigned char *training, size_t *scratch,
                                   adamas_error *error)
{
    size_t n = 0;
    for (size_t t = 0; t < c->n_sessions; t++)
        scratch[t] = SIZE_MAX;
    for (size_t k = 0; k < f->n_specimens; k++) {
        if (!training[k])
            continue;
        if (c->session[k] >= c->n_sessions)
            return status_set(error, ADAMAS_E_DATA, "%s: the session of specimen '%s' is not known",
                              c->sets[dataset_set(c, k)]->name, dataset_text(c, k, "id"));
        size_t *number = &scratch[c->session[k]];
        *number = *number == SIZE_MAX ? n++ : *number;
        f->session_part[k] = *number % CROSSED_SESSION_PARTS;
    }
    if (n < CROSSED_SESSION_PARTS)
        return status_set(error, ADAMAS_E_DATA,
                          "%s: %zu session%s found, leaving out sessions together with localities needs %d",
                          c->sets[0]->name, n, n == 1 ? "" : "s", CROSSED_SESSION_PARTS);
    return ADAMAS_OK;
}

/* A session of one group is held out with it. scratch[c->n_sessions]. */
static adamas_status refuse_sessions_in_groups(const folds *f, const dataset *c, const unsigned char *training,
                                               size_t *scratch, adamas_error *error)
{
    for (size_t t = 0; t < c->n_sessions; t++)
        scratch[t] = SIZE_MAX;
    for (size_t k = 0; k < f->n_specimens; k++) {
        if (!training[k])
            continue;
        size_t *group = &scratch[c->session[k]];
        if (*group != SIZE_MAX && *group != f->group[k])
            return ADAMAS_OK;
        *group = f->group[k];
    }
    return status_set(error, ADAMAS_E_DATA,
                      "%s: each session lies in one locality, so leaving out localities leaves out sessions too",
                      c->sets[0]->name);
}

static adamas_status refuse_emptying(const folds *f, const dataset *c, const unsigned char *training,
                                     unsigned char *inner, adamas_error *error)
{
    size_t *there = memory_raw(c->n_origins, sizeof *there), *left = memory_raw(c->n_origins, sizeof *left);
    adamas_status status = there && left ? ADAMAS_OK : status_no_memory(error);
    for (size_t fold = 0; !status && fold < f->n_folds; fold++) {
        memset(there, 0, c->n_origins * sizeof *there);
        memset(left, 0, c->n_origins * sizeof *left);
        folds_training(f, training, fold, inner);
        for (size_t k = 0; k < f->n_specimens; k++)
            if (training[k]) {
                there[c->origin[k]]++;
                left[c->origin[k]] += inner[k];
            }
        for (size_t o = 0; !status && o < c->n_origins; o++)
            if (there[o] && left[o] < 2)
                status = status_set(error, ADAMAS_E_DATA,
                                    "%s: origin '%s' has too few localities and sessions: leaving out some of both "
                                    "together leaves %zu of its specimens, 2 expected",
                                    c->sets[0]->name, c->origins[o], left[o]);
    }
    free(there);
    free(left);
    return status;
}

adamas_status crossed_folds_divide(folds *f, const dataset *c, const unsigned char *training, adamas_error *error)
{
    size_t *scratch = memory_raw(c->n_sessions, sizeof *scratch);
    unsigned char *inner = memory_raw(f->n_specimens, sizeof *inner);
    f->session_part = memory_new(f->n_specimens, sizeof *f->session_part);
    adamas_status status = scratch && inner && f->session_part ? ADAMAS_OK : status_no_memory(error);
    if (!status)
        status = deal_sessions(f, c, training, scratch, error);
    if (!status)
        status = refuse_sessions_in_groups(f, c, training, scratch, error);
    if (!status) {
        f->n_session_parts = CROSSED_SESSION_PARTS;
        f->n_folds *= CROSSED_SESSION_PARTS;
        for (size_t k = 0; k < f->n_specimens; k++)
            if (f->fold[k] != FOLD_NONE)
                f->fold[k] = f->fold[k] * CROSSED_SESSION_PARTS + (int)f->session_part[k];
        status = refuse_emptying(f, c, training, inner, error);
    }
    free(scratch);
    free(inner);
    return status;
}

/* The fold whose specimens a fold's classifier is evaluated on. */
static size_t fold_of_case(const folds *f, size_t fold, int which)
{
    size_t parts = f->n_session_parts, group = fold / parts, session = fold % parts;
    if (which == CROSSED_GROUP_NEW)
        return group * parts + (session + 1) % parts;
    if (which == CROSSED_SESSION_NEW)
        return (fold + parts) % f->n_folds;
    return fold;
}

adamas_status crossed_folds_case(unsigned char *out, const folds *f, const dataset *c, size_t fold, int which,
                                 adamas_error *error)
{
    const size_t *known = which == CROSSED_GROUP_NEW ? c->session : f->group;
    size_t evaluated = fold_of_case(f, fold, which);
    unsigned char *is_known = memory_new(c->n_sessions + f->n_groups, sizeof *is_known);
    if (!is_known)
        return status_no_memory(error);
    folds_training(f, NULL, fold, out);
    for (size_t k = 0; k < f->n_specimens; k++)
        is_known[known[k]] |= out[k];
    for (size_t k = 0; k < f->n_specimens; k++)
        out[k] = f->fold[k] == (int)evaluated && (which == CROSSED_BOTH_NEW || is_known[known[k]]);
    free(is_known);
    return ADAMAS_OK;
}
