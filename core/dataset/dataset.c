/* Spectra sets taken together: their specimens, shots and origins. */
#include "dataset/dataset.h"

#include "base/memory.h"
#include "base/names.h"

#include <stdlib.h>
#include <string.h>

size_t dataset_shots(const dataset *c, size_t specimen)
{
    return c->first_shot[specimen + 1] - c->first_shot[specimen];
}

size_t dataset_set(const dataset *c, size_t specimen)
{
    size_t set = 0;
    while (specimen >= c->set_first[set + 1])
        set++;
    return set;
}

const char *dataset_text(const dataset *c, size_t specimen, const char *column)
{
    size_t set = dataset_set(c, specimen);
    return table_text(&c->sets[set]->specimens, column, specimen - c->set_first[set]);
}

const char *dataset_session(const dataset *c, size_t specimen)
{
    const table *shots = &c->sets[dataset_set(c, specimen)]->shots;
    size_t first = c->first_shot[specimen], end = c->first_shot[specimen + 1];
    const char *session = first < end ? table_text(shots, "session", c->shot[first]) : "";
    for (size_t i = first + 1; i < end; i++)
        if (strcmp(session, table_text(shots, "session", c->shot[i])) != 0)
            return "";
    return session;
}

/* A method starts from raw spectra, so preprocessed ones are refused. */
adamas_status dataset_check_raw(const adamas_spectra *set, adamas_error *error)
{
    const char *before = spectra_fact(set, "provenance/preprocessing");
    if (before)
        return status_set(error, ADAMAS_E_DATA, "%s: already preprocessed (%s), raw spectra expected", set->name,
                          before);
    return ADAMAS_OK;
}

adamas_status dataset_check_specimens(const adamas_spectra *set, adamas_error *error)
{
    if (!set->specimen_of)
        return status_set(error, ADAMAS_E_ARGUMENT, "%s: the shots' specimens are not set", set->name);
    return ADAMAS_OK;
}

void dataset_group_shots(const adamas_spectra *set, size_t *first, size_t *shot)
{
    size_t n_specimens = set->specimens.n_rows;
    memset(first, 0, (n_specimens + 1) * sizeof *first);
    for (size_t i = 0; i < set->n_shots; i++)
        first[set->specimen_of[i] + 1]++;
    for (size_t k = 0; k < n_specimens; k++)
        first[k + 1] += first[k];
    for (size_t i = 0; i < set->n_shots; i++)
        shot[first[set->specimen_of[i]]++] = i;
    for (size_t k = n_specimens; k > 0; k--)
        first[k] = first[k - 1];
    first[0] = 0;
}

static adamas_status refuse_duplicates(const dataset *c, adamas_error *error)
{
    names seen = {0};
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < c->n_specimens; i++) {
        size_t number;
        const char *id = dataset_text(c, i, "id");
        status = names_add(&seen, id, &number, error);
        if (!status && number < i)
            status = status_set(error, ADAMAS_E_DATA,
                                "specimen '%s' stands in %s and in %s: a specimen belongs to one library", id,
                                c->sets[dataset_set(c, number)]->name, c->sets[dataset_set(c, i)]->name);
    }
    names_clear(&seen);
    return status;
}

static int has_empty_part(const char *path)
{
    size_t length = strlen(path);
    return path[0] == '/' || path[length - 1] == '/' || strstr(path, "//");
}

/* The first `level` parts of an origin's path. */
static char *cut(const char *path, int32_t level)
{
    size_t length = 0;
    for (; path[length]; length++)
        if (path[length] == '/' && --level == 0)
            break;
    char *copy = memory_new(length + 1, 1);
    if (copy)
        memcpy(copy, path, length);
    return copy;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts the cut origins, keeps one of each, and numbers those of the specimens, whose own copies are freed. */
static adamas_status number_origins(dataset *c, char **cuts, adamas_error *error)
{
    c->origins = memory_new(c->n_specimens, sizeof *c->origins);
    c->origin = memory_new(c->n_specimens, sizeof *c->origin);
    if (!c->origins || !c->origin)
        return status_no_memory(error);
    memcpy(c->origins, cuts, c->n_specimens * sizeof *cuts);
    qsort(c->origins, c->n_specimens, sizeof *c->origins, by_text);
    size_t n = 0;
    for (size_t i = 0; i < c->n_specimens; i++)
        if (n == 0 || strcmp(c->origins[n - 1], c->origins[i]) != 0)
            c->origins[n++] = c->origins[i];
    for (size_t i = 0; i < c->n_specimens; i++) {
        char **found = bsearch(&cuts[i], c->origins, n, sizeof *c->origins, by_text);
        c->origin[i] = (size_t)(found - c->origins);
    }
    for (size_t i = 0; i < c->n_specimens; i++) {
        if (c->origins[c->origin[i]] != cuts[i])
            free(cuts[i]);
        cuts[i] = NULL;
    }
    c->n_origins = n;
    return ADAMAS_OK;
}

/* An origin within another cannot be told apart from it. In sorted order the one within comes later. */
static adamas_status refuse_nested(const dataset *c, adamas_error *error)
{
    for (size_t a = 0; a < c->n_origins; a++)
        for (size_t b = a + 1; b < c->n_origins; b++) {
            size_t length = strlen(c->origins[a]);
            if (strncmp(c->origins[a], c->origins[b], length) == 0 && c->origins[b][length] == '/')
                return status_set(error, ADAMAS_E_DATA,
                                  "origin '%s' lies within '%s': at this level they cannot be told apart",
                                  c->origins[b], c->origins[a]);
        }
    return ADAMAS_OK;
}

static adamas_status find_origins(dataset *c, int32_t level, adamas_error *error)
{
    char **cuts = memory_new(c->n_specimens, sizeof *cuts);
    adamas_status status = cuts ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < c->n_specimens; i++) {
        const char *path = dataset_text(c, i, "origin");
        if (!*path)
            status = status_set(error, ADAMAS_E_DATA,
                                "%s: specimen '%s' has no origin, a reference library's specimens have",
                                c->sets[dataset_set(c, i)]->name, dataset_text(c, i, "id"));
        else if (has_empty_part(path))
            status = status_set(error, ADAMAS_E_DATA, "%s: the origin '%s' of specimen '%s' has an empty part",
                                c->sets[dataset_set(c, i)]->name, path, dataset_text(c, i, "id"));
        else if (!(cuts[i] = cut(path, level)))
            status = status_no_memory(error);
    }
    if (!status)
        status = number_origins(c, cuts, error);
    if (status) {
        free(c->origins);
        c->origins = NULL;
    }
    for (size_t i = 0; cuts && i < c->n_specimens; i++)
        free(cuts[i]);
    free(cuts);
    return status;
}

/* Numbers the localities and the sessions, after group. */
static adamas_status number_groups(dataset *c, adamas_error *error)
{
    names localities = {0}, sessions = {0};
    c->locality = memory_new(c->n_specimens, sizeof *c->locality);
    c->session = memory_new(c->n_specimens, sizeof *c->session);
    adamas_status status = c->locality && c->session ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < c->n_specimens; k++) {
        const char *session = dataset_session(c, k);
        c->session[k] = SIZE_MAX;
        status = names_add(&localities, dataset_text(c, k, "origin"), &c->locality[k], error);
        if (!status && *session)
            status = names_add(&sessions, session, &c->session[k], error);
    }
    c->n_localities = localities.n;
    c->n_sessions = sessions.n;
    for (size_t k = 0; !status && k < c->n_specimens; k++)
        c->session[k] = c->session[k] < sessions.n ? c->session[k] : sessions.n;
    names_clear(&localities);
    names_clear(&sessions);
    return status;
}

static adamas_status reserve(dataset *c, adamas_error *error)
{
    c->set_first = memory_new(c->n_sets + 1, sizeof *c->set_first);
    if (!c->set_first)
        return status_no_memory(error);
    for (size_t s = 0; s < c->n_sets; s++) {
        c->n_shots += c->sets[s]->n_shots;
        c->n_specimens += c->sets[s]->specimens.n_rows;
        c->set_first[s + 1] = c->n_specimens;
        c->stride = c->sets[s]->axis.n > c->stride ? c->sets[s]->axis.n : c->stride;
    }
    c->first_shot = memory_new(c->n_specimens + 1, sizeof *c->first_shot);
    c->shot = memory_new(c->n_shots, sizeof *c->shot);
    c->shot_flag = memory_new(c->n_shots, sizeof *c->shot_flag);
    return c->first_shot && c->shot && c->shot_flag ? ADAMAS_OK : status_no_memory(error);
}

/* Groups the shots of each set by specimen; positions are then counted from the dataset's start. */
static void group(dataset *c)
{
    for (size_t s = 0, shots = 0; s < c->n_sets; shots += c->sets[s++]->n_shots) {
        size_t *first = c->first_shot + c->set_first[s];
        dataset_group_shots(c->sets[s], first, c->shot + shots);
        for (size_t i = 0; i <= c->sets[s]->specimens.n_rows; i++)
            first[i] += shots;
    }
}

adamas_status dataset_make(dataset *out, const adamas_spectra *const *sets, size_t n_sets, int32_t level,
                           adamas_error *error)
{
    *out = (dataset){.n_sets = n_sets, .sets = sets};
    adamas_status status = ADAMAS_OK;
    for (size_t s = 0; !status && s < n_sets; s++)
        if (!(status = dataset_check_specimens(sets[s], error)))
            status = dataset_check_raw(sets[s], error);
    if (!status)
        status = reserve(out, error);
    if (!status)
        status = refuse_duplicates(out, error);
    if (!status && level > 0)
        status = find_origins(out, level, error);
    if (!status)
        status = refuse_nested(out, error);
    if (!status)
        group(out);
    if (!status && level > 0)
        status = number_groups(out, error);
    if (status)
        dataset_clear(out);
    return status;
}

void dataset_clear(dataset *c)
{
    for (size_t k = 0; k < c->n_origins; k++)
        free(c->origins[k]);
    free(c->origins);
    free(c->origin);
    free(c->locality);
    free(c->session);
    free(c->set_first);
    free(c->first_shot);
    free(c->shot);
    free(c->shot_flag);
    free(c->cache);
    free(c->residual_squares);
    *c = (dataset){0};
}

adamas_status dataset_of_set(dataset *out, const adamas_spectra *const *set, adamas_error *error)
{
    *out = (dataset){.n_sets = 1, .sets = set};
    adamas_status status = dataset_check_specimens(*set, error);
    if (!status)
        status = reserve(out, error);
    if (!status)
        group(out);
    else
        dataset_clear(out);
    return status;
}

adamas_status dataset_without(dataset *view, const dataset *c, size_t origin, adamas_error *error)
{
    *view = *c;
    view->n_origins = c->n_origins - 1;
    view->origins = memory_new(c->n_origins, sizeof *view->origins);
    view->origin = memory_new(c->n_specimens, sizeof *view->origin);
    if (!view->origins || !view->origin) {
        dataset_without_clear(view);
        return status_no_memory(error);
    }
    for (size_t o = 0; o < view->n_origins; o++)
        view->origins[o] = c->origins[o + (o >= origin)];
    for (size_t k = 0; k < c->n_specimens; k++)
        view->origin[k] = c->origin[k] == origin ? view->n_origins : c->origin[k] - (c->origin[k] > origin);
    return ADAMAS_OK;
}

void dataset_without_clear(dataset *view)
{
    free(view->origins);
    free(view->origin);
    *view = (dataset){0};
}
