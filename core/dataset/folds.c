/* Folds of specimens. */
#include "dataset/folds.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

adamas_status folds_reserve(folds *f, size_t n_specimens, adamas_error *error)
{
    *f = (folds){.n_specimens = n_specimens};
    f->fold = memory_new(n_specimens, sizeof *f->fold);
    f->group = memory_new(n_specimens, sizeof *f->group);
    return f->fold && f->group ? ADAMAS_OK : status_no_memory(error);
}

void folds_clear(folds *f)
{
    for (size_t i = 0; f->names && i < f->n_folds; i++)
        free(f->names[i]);
    free(f->names);
    free(f->fold);
    free(f->group);
    free(f->session_part);
    *f = (folds){0};
}

/* The origin of most of a group's training specimens; c->n_origins for a group without any. */
static adamas_status origin_of_groups(size_t *origin, const folds *f, const dataset *c, const unsigned char *training,
                                      adamas_error *error)
{
    size_t *count = memory_new(f->n_groups, c->n_origins * sizeof *count);
    if (!count)
        return status_no_memory(error);
    for (size_t k = 0; k < f->n_specimens; k++)
        if (training[k])
            count[f->group[k] * c->n_origins + c->origin[k]]++;
    for (size_t g = 0; g < f->n_groups; g++) {
        size_t most = 0;
        origin[g] = c->n_origins;
        for (size_t o = 0; o < c->n_origins; o++)
            if (count[g * c->n_origins + o] > most) {
                most = count[g * c->n_origins + o];
                origin[g] = o;
            }
    }
    free(count);
    return ADAMAS_OK;
}

/* Deals the groups, in the given order within each origin, to n folds. */
static adamas_status deal(folds *f, const dataset *c, const unsigned char *training, const size_t *order, size_t n,
                          adamas_error *error)
{
    size_t *origin = memory_raw(f->n_groups, sizeof *origin);
    size_t *fold_of_group = memory_new(f->n_groups, sizeof *fold_of_group);
    adamas_status status =
        origin && fold_of_group ? origin_of_groups(origin, f, c, training, error) : status_no_memory(error);
    size_t dealt = 0;
    for (size_t o = 0; !status && o < c->n_origins; o++)
        for (size_t i = 0; i < f->n_groups; i++)
            if (origin[order[i]] == o)
                fold_of_group[order[i]] = dealt++ % n;
    for (size_t k = 0; !status && k < f->n_specimens; k++)
        f->fold[k] = training[k] ? (int)fold_of_group[f->group[k]] : FOLD_NONE;
    f->n_folds = n < dealt ? n : dealt;
    free(origin);
    free(fold_of_group);
    return status;
}

adamas_status folds_deal(folds *f, const dataset *c, const unsigned char *training, size_t n, random_stream *random,
                         adamas_error *error)
{
    size_t *order = memory_raw(f->n_groups, sizeof *order);
    if (!order)
        return status_no_memory(error);
    for (size_t g = 0; g < f->n_groups; g++)
        order[g] = g;
    if (random)
        random_shuffle(random, f->n_groups, order);
    adamas_status status = deal(f, c, training, order, n, error);
    free(order);
    return status;
}

size_t folds_emptied_origin(const folds *f, const dataset *c, const unsigned char *training, int fold)
{
    size_t origin = 0;
    for (; origin < c->n_origins; origin++) {
        int there = 0, left = 0;
        for (size_t k = 0; k < f->n_specimens; k++)
            if (training[k] && c->origin[k] == origin) {
                there = 1;
                left |= f->fold[k] != fold;
            }
        if (there && !left)
            break;
    }
    return origin;
}

void folds_training(const folds *f, const unsigned char *training, size_t fold, unsigned char *out)
{
    size_t parts = f->n_session_parts ? f->n_session_parts : 1;
    for (size_t k = 0; k < f->n_specimens; k++) {
        int in_group = f->fold[k] != FOLD_NONE && (size_t)f->fold[k] / parts == fold / parts;
        int in_session = f->session_part && f->session_part[k] == fold % parts;
        out[k] = (!training || training[k]) && !in_group && !in_session;
    }
}

adamas_status folds_leave_all_of(int *out, const folds *f, const size_t *label, size_t n_labels, adamas_error *error)
{
    unsigned char *training = memory_raw(f->n_specimens, sizeof *training);
    unsigned char *stays = memory_raw(n_labels, sizeof *stays);
    adamas_status status = training && stays ? ADAMAS_OK : status_no_memory(error);
    *out = 1;
    for (size_t fold = 0; !status && *out && fold < f->n_folds; fold++) {
        folds_training(f, NULL, fold, training);
        memset(stays, 0, n_labels);
        for (size_t k = 0; k < f->n_specimens; k++)
            if (training[k] && label[k] < n_labels)
                stays[label[k]] = 1;
        for (size_t k = 0; k < f->n_specimens; k++)
            if (f->fold[k] == (int)fold && (label[k] >= n_labels || stays[label[k]]))
                *out = 0;
    }
    free(training);
    free(stays);
    return status;
}

adamas_status folds_each(work *w, const dataset *c, const axis *library, size_t n_folds, work_item each, void *context,
                         adamas_error *error)
{
    size_t channels = c->n_coordinates ? c->n_coordinates : library->n;
    double side = (double)(c->n_shots < channels ? c->n_shots : channels);
    if ((double)w->threads * side * side * sizeof(double) <= (double)FOLDS_MAX_GRAM_BYTES)
        return work_each(w, n_folds, each, context, error);
    adamas_status status = ADAMAS_OK;
    for (size_t fold = 0; !status && fold < n_folds; fold++)
        status = each(context, fold, 0, error);
    return status;
}
