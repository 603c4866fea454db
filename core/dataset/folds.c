/* Folds of specimens: of a protocol, and inner ones. */
#include "dataset/folds.h"

#include "base/memory.h"
#include "base/names.h"
#include "base/random.h"
#include "dataset/crossed_folds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const leave_names[] = {
    "folds", "specimen", "locality", "session", "parcel", "auto", "locality and session"};

/* Parts of the localities, if sessions are left out together with them: their fits are as many as those of eight
 * localities of each of three origins. */
enum { crossed_localities = 8 };

const char *folds_leave_name(int32_t leave)
{
    return leave_names[leave];
}

/* Specimens of equal keys are left out together; "" if the library does not say. */
static const char *group_key(const dataset *c, size_t specimen, int32_t leave)
{
    if (leave == ADAMAS_LEAVE_LOCALITY || leave == ADAMAS_LEAVE_LOCALITY_SESSION)
        return dataset_text(c, specimen, "origin");
    if (leave == ADAMAS_LEAVE_PARCEL)
        return dataset_text(c, specimen, "parcel");
    if (leave == ADAMAS_LEAVE_SESSION)
        return table_text(&c->sets[dataset_set(c, specimen)]->shots, "session", c->shot[c->first_shot[specimen]]);
    return dataset_text(c, specimen, "id");
}

/* The library says of each specimen what is to be left out. */
static adamas_status check_key(const dataset *c, size_t specimen, int32_t leave, adamas_error *error)
{
    if (*group_key(c, specimen, leave))
        return ADAMAS_OK;
    return status_set(error, ADAMAS_E_DATA, "%s: specimen '%s' has no %s, and %ss are to be left out in turn",
                      c->sets[dataset_set(c, specimen)]->name, dataset_text(c, specimen, "id"), leave_names[leave],
                      leave_names[leave]);
}

/* A specimen measured in two sessions cannot be left out with one of them. */
static adamas_status check_session(const dataset *c, size_t specimen, adamas_error *error)
{
    const adamas_spectra *set = c->sets[dataset_set(c, specimen)];
    const char *first = group_key(c, specimen, ADAMAS_LEAVE_SESSION);
    adamas_status status = check_key(c, specimen, ADAMAS_LEAVE_SESSION, error);
    for (size_t i = c->first_shot[specimen]; !status && i < c->first_shot[specimen + 1]; i++) {
        const char *other = table_text(&set->shots, "session", c->shot[i]);
        if (strcmp(first, other) != 0)
            status = status_set(error, ADAMAS_E_DATA,
                                "%s: specimen '%s' was measured in sessions '%s' and '%s': to leave out sessions, each "
                                "specimen must be of one",
                                set->name, dataset_text(c, specimen, "id"), first, other);
    }
    return status;
}

static adamas_status find_groups(folds *f, names *groups, const dataset *c, int32_t leave, adamas_error *error)
{
    int of_sessions = leave == ADAMAS_LEAVE_SESSION || leave == ADAMAS_LEAVE_LOCALITY_SESSION;
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; !status && k < c->n_specimens; k++) {
        status = of_sessions ? check_session(c, k, error) : check_key(c, k, leave, error);
        if (!status)
            status = names_add(groups, group_key(c, k, leave), &f->group[k], error);
    }
    f->n_groups = groups->n;
    return status;
}

static adamas_status reserve(folds *f, size_t n_specimens, adamas_error *error)
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

/* Names every fold: given names, or numbers of the fold, or of its parts of localities and sessions. */
static adamas_status name_folds(folds *f, const char *const *given, adamas_error *error)
{
    size_t parts = f->n_session_parts;
    f->names = memory_new(f->n_folds, sizeof *f->names);
    for (size_t i = 0; f->names && i < f->n_folds; i++) {
        char number[80];
        if (parts)
            snprintf(number, sizeof number, "localities part %zu, sessions part %zu", i / parts + 1, i % parts + 1);
        else
            snprintf(number, sizeof number, "fold %zu", i + 1);
        f->names[i] = memory_text(given ? given[i] : number);
        if (!f->names[i])
            return status_no_memory(error);
    }
    return f->names ? ADAMAS_OK : status_no_memory(error);
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

/* The first origin that has no training specimen outside a fold, or n_origins. */
static size_t emptied_origin(const folds *f, const dataset *c, const unsigned char *training, int fold)
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

static adamas_status leave_groups(folds *f, const names *groups, adamas_error *error)
{
    for (size_t k = 0; k < f->n_specimens; k++)
        f->fold[k] = (int)f->group[k];
    f->n_folds = groups->n;
    return name_folds(f, groups->name, error);
}

/* random: NULL if the groups are dealt in their order. */
static adamas_status deal_groups(folds *f, const dataset *c, const unsigned char *training, size_t n,
                                 random_stream *random, adamas_error *error)
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

static adamas_status leave_folds(folds *f, const dataset *c, const unsigned char *all, int32_t n, uint64_t seed,
                                 adamas_error *error)
{
    random_stream random = {.seed = seed};
    adamas_status status = deal_groups(f, c, all, (size_t)n, &random, error);
    return status ? status : name_folds(f, NULL, error);
}

static adamas_status leave_crossed(folds *f, const dataset *c, const unsigned char *all, adamas_error *error)
{
    adamas_status status = deal_groups(f, c, all, crossed_localities, NULL, error);
    if (!status)
        status = crossed_folds_divide(f, c, all, error);
    return status ? status : name_folds(f, NULL, error);
}

static adamas_status refuse_emptying(const folds *f, const dataset *c, const unsigned char *all, int32_t leave,
                                     adamas_error *error)
{
    if (c->n_origins < 2)
        return status_set(error, ADAMAS_E_DATA, "%s: one origin found ('%s'), at least 2 expected", c->sets[0]->name,
                          c->origins[0]);
    for (size_t i = 0; i < f->n_folds; i++) {
        size_t origin = emptied_origin(f, c, all, (int)i);
        size_t specimens = 0;
        for (size_t k = 0; origin < c->n_origins && k < c->n_specimens; k++)
            specimens += c->origin[k] == origin;
        if (origin < c->n_origins && specimens == 1)
            return status_set(error, ADAMAS_E_DATA, "%s: origin '%s' has 1 specimen, validation needs at least 2",
                              c->sets[0]->name, c->origins[origin]);
        if (origin < c->n_origins)
            return status_set(error, ADAMAS_E_DATA,
                              "%s: origin '%s' lies in one %s alone ('%s'), leaving it out needs 2", c->sets[0]->name,
                              c->origins[origin], leave ? leave_names[leave] : "fold", f->names[i]);
    }
    return ADAMAS_OK;
}

static adamas_status check_protocol(const adamas_protocol *p, adamas_error *error)
{
    if (p->leave < ADAMAS_LEAVE_FOLDS || p->leave > ADAMAS_LEAVE_LOCALITY_SESSION)
        return status_set(error, ADAMAS_E_ARGUMENT, "protocol: leave is %d, 0 to 6 expected", (int)p->leave);
    if ((p->leave == ADAMAS_LEAVE_FOLDS || p->leave == ADAMAS_LEAVE_AUTO) && p->folds < 2)
        return status_set(error, ADAMAS_E_ARGUMENT, "protocol: folds is %d, at least 2 expected", (int)p->folds);
    return ADAMAS_OK;
}

adamas_status folds_of_protocol(folds *out, const dataset *c, const adamas_protocol *protocol, uint64_t seed,
                                adamas_error *error)
{
    *out = (folds){0};
    names groups = {0};
    adamas_status status = check_protocol(protocol, error);
    unsigned char *all = memory_raw(c->n_specimens, sizeof *all);
    if (!status)
        status = all ? reserve(out, c->n_specimens, error) : status_no_memory(error);
    if (!status)
        status = find_groups(out, &groups, c, protocol->leave, error);
    if (!status) {
        memset(all, 1, c->n_specimens);
        status = protocol->leave == ADAMAS_LEAVE_FOLDS ? leave_folds(out, c, all, protocol->folds, seed, error)
                 : protocol->leave == ADAMAS_LEAVE_LOCALITY_SESSION ? leave_crossed(out, c, all, error)
                                                                    : leave_groups(out, &groups, error);
    }
    if (!status)
        status = refuse_emptying(out, c, all, protocol->leave, error);
    if (status)
        folds_clear(out);
    names_clear(&groups);
    free(all);
    return status;
}

/* Takes an origin's training specimens out of the folds, and the groups that they are in. */
static void keep_origin(folds *f, const dataset *c, const unsigned char *training, size_t origin)
{
    for (size_t k = 0; k < f->n_specimens; k++)
        for (size_t j = 0; training[k] && c->origin[k] == origin && j < f->n_specimens; j++)
            if (f->group[j] == f->group[k])
                f->fold[j] = FOLD_NONE;
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

static adamas_status deal_in_order(folds *f, const dataset *c, const unsigned char *training, const size_t *group,
                                   size_t n, adamas_error *error)
{
    adamas_status status = reserve(f, c->n_specimens, error);
    for (size_t k = 0; !status && k < c->n_specimens; k++) {
        f->group[k] = group ? group[k] : k;
        f->n_groups = f->group[k] + 1 > f->n_groups ? f->group[k] + 1 : f->n_groups;
    }
    return status ? status : deal_groups(f, c, training, n, NULL, error);
}

/* *crossed: can sessions be held out, too? */
static adamas_status deal_crossed(folds *f, const dataset *c, const unsigned char *training, const size_t *group,
                                  int *crossed, adamas_error *error)
{
    adamas_error why_not = {0};
    adamas_status status = deal_in_order(f, c, training, group, FOLDS_CROSSED_GROUPS, error);
    *crossed = !status && f->n_folds == FOLDS_CROSSED_GROUPS;
    if (!*crossed)
        return status;
    status = crossed_folds_divide(f, c, training, &why_not);
    *crossed = status == ADAMAS_OK;
    if (status && status != ADAMAS_E_DATA && error)
        *error = why_not;
    return status == ADAMAS_E_DATA ? ADAMAS_OK : status;
}

adamas_status folds_inner(folds *out, const dataset *c, const unsigned char *training, const size_t *group, size_t n,
                          adamas_error *error)
{
    int crossed = 0;
    adamas_status status = deal_crossed(out, c, training, group, &crossed, error);
    if (!status && !crossed) {
        folds_clear(out);
        status = deal_in_order(out, c, training, group, n, error);
        for (size_t i = 0; !status && i < out->n_folds; i++)
            for (size_t o; (o = emptied_origin(out, c, training, (int)i)) < c->n_origins;)
                keep_origin(out, c, training, o);
    }
    if (status)
        folds_clear(out);
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
