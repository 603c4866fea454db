/* The folds of a protocol. */
#include "dataset/protocol_folds.h"

#include "base/memory.h"
#include "base/names.h"
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

static adamas_status leave_groups(folds *f, const names *groups, adamas_error *error)
{
    for (size_t k = 0; k < f->n_specimens; k++)
        f->fold[k] = (int)f->group[k];
    f->n_folds = groups->n;
    return name_folds(f, groups->name, error);
}

static adamas_status leave_folds(folds *f, const dataset *c, const unsigned char *all, int32_t n, uint64_t seed,
                                 adamas_error *error)
{
    random_stream random = {.seed = seed};
    adamas_status status = folds_deal(f, c, all, (size_t)n, &random, error);
    return status ? status : name_folds(f, NULL, error);
}

static adamas_status leave_crossed(folds *f, const dataset *c, const unsigned char *all, adamas_error *error)
{
    adamas_status status = folds_deal(f, c, all, crossed_localities, NULL, error);
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
        size_t origin = folds_emptied_origin(f, c, all, (int)i);
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
        status = all ? folds_reserve(out, c->n_specimens, error) : status_no_memory(error);
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
