/* Folds of specimens: of a protocol, and inner ones. */
#include "dataset/folds.h"

#include "base/memory.h"
#include "base/names.h"
#include "base/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const leave_names[] = {"folds", "specimen", "locality", "session", "parcel"};

const char *folds_leave_name(int32_t leave)
{
    return leave_names[leave];
}

/* Specimens of equal keys are left out together; "" if the library does not say. */
static const char *group_key(const dataset *c, size_t specimen, int32_t leave)
{
    if (leave == ADAMAS_LEAVE_LOCALITY)
        return dataset_text(c, specimen, "origin");
    if (leave == ADAMAS_LEAVE_PARCEL)
        return dataset_text(c, specimen, "parcel");
    if (leave == ADAMAS_LEAVE_SESSION)
        return table_text(&c->sets[dataset_set(c, specimen)]->shots, "session", c->shot[c->first_shot[specimen]]);
    return dataset_text(c, specimen, "id");
}

/* A specimen measured in two sessions cannot be left out with one of them. */
static adamas_status check_sessions(const dataset *c, size_t specimen, adamas_error *error)
{
    const adamas_spectra *set = c->sets[dataset_set(c, specimen)];
    const char *first = group_key(c, specimen, ADAMAS_LEAVE_SESSION);
    for (size_t i = c->first_shot[specimen]; i < c->first_shot[specimen + 1]; i++) {
        const char *other = table_text(&set->shots, "session", c->shot[i]);
        if (strcmp(first, other) != 0)
            return status_set(error, ADAMAS_E_DATA,
                              "%s: specimen '%s' was measured in sessions '%s' and '%s': to leave out sessions, each "
                              "specimen must be of one",
                              set->name, dataset_text(c, specimen, "id"), first, other);
    }
    return ADAMAS_OK;
}

static adamas_status find_groups(folds *f, names *groups, const dataset *c, int32_t leave, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; !status && k < c->n_specimens; k++) {
        const char *key = group_key(c, k, leave);
        if (!*key)
            return status_set(error, ADAMAS_E_DATA, "%s: specimen '%s' has no %s, and %ss are to be left out in turn",
                              c->sets[dataset_set(c, k)]->name, dataset_text(c, k, "id"), leave_names[leave],
                              leave_names[leave]);
        status = leave == ADAMAS_LEAVE_SESSION ? check_sessions(c, k, error) : ADAMAS_OK;
        if (!status)
            status = names_add(groups, key, &f->group[k], error);
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

static adamas_status name_fold(folds *f, size_t i, const char *name, adamas_error *error)
{
    f->names[i] = memory_text(name);
    return f->names[i] ? ADAMAS_OK : status_no_memory(error);
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
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; k < f->n_specimens; k++)
        f->fold[k] = (int)f->group[k];
    f->names = memory_new(groups->n, sizeof *f->names);
    if (!f->names)
        return status_no_memory(error);
    f->n_folds = groups->n;
    for (size_t g = 0; !status && g < groups->n; g++)
        status = name_fold(f, g, groups->name[g], error);
    return status;
}

static adamas_status leave_folds(folds *f, const dataset *c, const unsigned char *all, int32_t n, uint64_t seed,
                                 adamas_error *error)
{
    size_t *order = memory_raw(f->n_groups, sizeof *order);
    if (!order)
        return status_no_memory(error);
    for (size_t g = 0; g < f->n_groups; g++)
        order[g] = g;
    random_stream random = {.seed = seed};
    random_shuffle(&random, f->n_groups, order);
    adamas_status status = deal(f, c, all, order, (size_t)n, error);
    free(order);
    f->names = status ? NULL : memory_new(f->n_folds, sizeof *f->names);
    if (!status && !f->names)
        status = status_no_memory(error);
    for (size_t i = 0; !status && i < f->n_folds; i++) {
        char name[32];
        snprintf(name, sizeof name, "fold %zu", i + 1);
        status = name_fold(f, i, name, error);
    }
    return status;
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
    if (p->leave < ADAMAS_LEAVE_FOLDS || p->leave > ADAMAS_LEAVE_AUTO)
        return status_set(error, ADAMAS_E_ARGUMENT, "protocol: leave is %d, 0 to 5 expected", (int)p->leave);
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
        out[k] = training[k] && !in_group && !in_session;
    }
}

/* Deals the sessions of the training specimens to parts, in the order of their first appearance. Returns 0 if one is
 * not known or there are fewer sessions than parts. scratch[c->n_sessions]. */
static int deal_sessions(folds *f, const dataset *c, const unsigned char *training, size_t *scratch)
{
    size_t n = 0;
    for (size_t t = 0; t < c->n_sessions; t++)
        scratch[t] = SIZE_MAX;
    for (size_t k = 0; k < f->n_specimens; k++) {
        if (!training[k])
            continue;
        if (c->session[k] >= c->n_sessions)
            return 0;
        size_t *number = &scratch[c->session[k]];
        *number = *number == SIZE_MAX ? n++ : *number;
        f->session_part[k] = *number % FOLDS_CROSSED_SESSIONS;
    }
    return n >= FOLDS_CROSSED_SESSIONS;
}

/* Does every session lie in one group, so that it is held out with it? scratch[c->n_sessions]. */
static int sessions_lie_in_groups(const folds *f, const dataset *c, const unsigned char *training, size_t *scratch)
{
    for (size_t t = 0; t < c->n_sessions; t++)
        scratch[t] = SIZE_MAX;
    for (size_t k = 0; k < f->n_specimens; k++) {
        if (!training[k])
            continue;
        size_t *group = &scratch[c->session[k]];
        if (*group != SIZE_MAX && *group != f->group[k])
            return 0;
        *group = f->group[k];
    }
    return 1;
}

/* Would a classifier for each fold be fitted to two specimens or more of every origin that there is? scratch: [2
 * n_origins]. */
static int every_origin_stays(const folds *f, const dataset *c, const unsigned char *training, unsigned char *inner,
                              size_t *scratch)
{
    size_t *there = scratch, *left = scratch + c->n_origins;
    for (size_t fold = 0; fold < f->n_folds; fold++) {
        memset(scratch, 0, 2 * c->n_origins * sizeof *scratch);
        folds_training(f, training, fold, inner);
        for (size_t k = 0; k < f->n_specimens; k++)
            if (training[k]) {
                there[c->origin[k]]++;
                left[c->origin[k]] += inner[k];
            }
        for (size_t o = 0; o < c->n_origins; o++)
            if (there[o] && left[o] < 2)
                return 0;
    }
    return 1;
}

/* Holds out sessions together with the groups, which are in FOLDS_CROSSED_GROUPS folds. *crossed: can they be? */
static adamas_status cross_sessions(folds *f, const dataset *c, const unsigned char *training, int *crossed,
                                    adamas_error *error)
{
    *crossed = 0;
    if (c->n_sessions < FOLDS_CROSSED_SESSIONS || f->n_folds < FOLDS_CROSSED_GROUPS)
        return ADAMAS_OK;
    size_t *scratch = memory_raw(c->n_sessions + 2 * c->n_origins, sizeof *scratch);
    unsigned char *inner = memory_raw(f->n_specimens, sizeof *inner);
    f->session_part = memory_new(f->n_specimens, sizeof *f->session_part);
    adamas_status status = scratch && inner && f->session_part ? ADAMAS_OK : status_no_memory(error);
    if (!status && deal_sessions(f, c, training, scratch) && !sessions_lie_in_groups(f, c, training, scratch)) {
        f->n_session_parts = FOLDS_CROSSED_SESSIONS;
        f->n_folds = FOLDS_CROSSED_GROUPS * FOLDS_CROSSED_SESSIONS;
        for (size_t k = 0; k < f->n_specimens; k++)
            if (f->fold[k] != FOLD_NONE)
                f->fold[k] = f->fold[k] * FOLDS_CROSSED_SESSIONS + (int)f->session_part[k];
        *crossed = every_origin_stays(f, c, training, inner, scratch);
    }
    free(scratch);
    free(inner);
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
    size_t *order = memory_raw(f->n_groups, sizeof *order);
    if (!status && !order)
        status = status_no_memory(error);
    for (size_t g = 0; !status && g < f->n_groups; g++)
        order[g] = g;
    if (!status)
        status = deal(f, c, training, order, n, error);
    free(order);
    return status;
}

adamas_status folds_inner(folds *out, const dataset *c, const unsigned char *training, const size_t *group, size_t n,
                          adamas_error *error)
{
    int crossed = 0;
    adamas_status status = deal_in_order(out, c, training, group, FOLDS_CROSSED_GROUPS, error);
    if (!status)
        status = cross_sessions(out, c, training, &crossed, error);
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
