/* The audit of nuisance variables: a two-level model of their standardised values, cross-validated by the folds of the
 * spectra, and the share of each session among the training specimens of an origin. */
#include "validation/audit.h"

#include "base/memory.h"
#include "match/matchers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Shifts are found against at most this many references, so that leave-one-specimen-out does not need one for each
 * specimen: fold f uses reference f % max_references, variable is made without any of the folds that use it. */
enum { max_references = 5 };

/* If sessions are left out with groups, reference r is made without part r / sessions of the groups' parts, which are
 * taken together to this many, and part r % sessions of the sessions. */
enum { crossed_references = 2 };

/* The standard deviation of the measurement error of standardised values. It keeps the covariance within origins
 * invertible if their specimens have the same values to the last digit. */
static const double measurement_error = 0.01;

/* Added to the values of one training specimen. It is far below what can be measured, and lets values that are the same
 * to the last bit within each origin be fitted like values that are nearly so: they tell the origin with certainty. */
static const double tie_breaker = 1e-9;

typedef struct cross_validation {
    const dataset *c;
    const folds *outer;
    const nuisance *known;
    int uses_session;
    double *log_probability; /* [n_specimens, n_origins] */
    work *w;
} cross_validation;

/* The training specimens of a fold, and the values of every specimen, standardised on them. p: values of a specimen. */
typedef struct workspace {
    size_t n, p;
    unsigned char *training; /* [n_specimens] */
    size_t *origin;          /* [n_specimens]: of the n training ones */
    double *mean;            /* [n, p] of the training ones */
    double *all;             /* [n_specimens, p] */
    double *within;          /* [p, p]: scatter of the measurement error */
    double *squares;         /* [p, p] */
    size_t *shots;           /* [n_specimens]: 1 each */
    double *density;         /* [n_origins] */
    double *session;         /* [n_origins]: log shares of a specimen's session; 0 if it is not used */
    double *prior;           /* [n_origins] */
} workspace;

static void workspace_clear(workspace *ws)
{
    free(ws->training);
    free(ws->origin);
    free(ws->mean);
    free(ws->all);
    free(ws->within);
    free(ws->squares);
    free(ws->shots);
    free(ws->density);
    free(ws->session);
    free(ws->prior);
}

static adamas_status workspace_make(workspace *ws, const dataset *c, adamas_error *error)
{
    *ws = (workspace){0};
    ws->training = memory_new(c->n_specimens, sizeof *ws->training);
    ws->origin = memory_new(c->n_specimens, sizeof *ws->origin);
    ws->mean = memory_new(c->n_specimens, NUISANCE_VARIABLES * sizeof *ws->mean);
    ws->all = memory_new(c->n_specimens, NUISANCE_VARIABLES * sizeof *ws->all);
    ws->within = memory_new(NUISANCE_VARIABLES, NUISANCE_VARIABLES * sizeof *ws->within);
    ws->squares = memory_new(NUISANCE_VARIABLES, NUISANCE_VARIABLES * sizeof *ws->squares);
    ws->shots = memory_new(c->n_specimens, sizeof *ws->shots);
    ws->density = memory_new(c->n_origins, sizeof *ws->density);
    ws->session = memory_new(c->n_origins, sizeof *ws->session);
    ws->prior = memory_new(c->n_origins, sizeof *ws->prior);
    return ws->training && ws->origin && ws->mean && ws->all && ws->within && ws->squares && ws->shots && ws->density &&
                   ws->session && ws->prior
               ? ADAMAS_OK
               : status_no_memory(error);
}

static double value_of(const cross_validation *v, size_t fold, size_t specimen, size_t variable)
{
    const nuisance *k = v->known;
    return variable == NUISANCE_SHIFT ? k->shift[fold % k->n_references * k->n_specimens + specimen]
                                      : k->value[specimen * NUISANCE_VARIABLES + variable];
}

/* Mean and standard deviation over the training specimens. */
static void mean_and_deviation(double *mean, double *deviation, const workspace *ws, const cross_validation *v,
                               size_t fold, size_t variable)
{
    double n = 0, sum = 0, squares = 0;
    for (size_t k = 0; k < v->c->n_specimens; k++)
        if (ws->training[k]) {
            sum += value_of(v, fold, k, variable);
            n++;
        }
    *mean = sum / n;
    for (size_t k = 0; k < v->c->n_specimens; k++)
        if (ws->training[k]) {
            double r = value_of(v, fold, k, variable) - *mean;
            squares += r * r;
        }
    *deviation = sqrt(squares / n);
}

/* Variables that are the same for all training specimens are left out. */
static void standardise(workspace *ws, const cross_validation *v, size_t fold)
{
    size_t used[NUISANCE_VARIABLES];
    double mean[NUISANCE_VARIABLES], deviation[NUISANCE_VARIABLES];
    for (size_t i = 0; i < NUISANCE_VARIABLES; i++) {
        if (!v->known->varies[i])
            continue;
        mean_and_deviation(&mean[ws->p], &deviation[ws->p], ws, v, fold, i);
        used[ws->p] = i;
        ws->p += deviation[ws->p] > 1e-12 * fabs(mean[ws->p]);
    }
    for (size_t k = 0; k < v->c->n_specimens; k++)
        for (size_t j = 0; v->known->shots[k] && j < ws->p; j++)
            ws->all[k * ws->p + j] = (value_of(v, fold, k, used[j]) - mean[j]) / deviation[j];
}

/* Copies the training specimens' values; equal priors. */
static adamas_status take_training(workspace *ws, const cross_validation *v, adamas_error *error)
{
    double *count = ws->prior;
    for (size_t k = 0; k < v->c->n_specimens; k++)
        if (ws->training[k]) {
            memcpy(ws->mean + ws->n * ws->p, ws->all + k * ws->p, ws->p * sizeof *ws->mean);
            ws->origin[ws->n] = v->c->origin[k];
            ws->shots[ws->n++] = 1;
            count[v->c->origin[k]]++;
        }
    for (size_t o = 0; o < v->c->n_origins; o++)
        if (count[o] == 0)
            return status_set(error, ADAMAS_E_DATA, "origin '%s': no training specimen has a shot of use",
                              v->c->origins[o]);
    for (size_t o = 0; o < v->c->n_origins; o++)
        ws->prior[o] = 1 / (double)v->c->n_origins;
    for (size_t j = 0; j < ws->p; j++)
        ws->mean[j] += tie_breaker;
    return ADAMAS_OK;
}

/* *state is NULL if there is nothing to fit: no variable, or too few specimens to estimate a covariance. */
static adamas_status fit_values(void **state, workspace *ws, const dataset *c, adamas_error *error)
{
    *state = NULL;
    double freedom = (double)ws->n;
    for (size_t a = 0; a < ws->p; a++) {
        double variance = measurement_error * measurement_error;
        ws->within[a * ws->p + a] = freedom * variance;
        ws->squares[a * ws->p + a] = freedom * variance * variance;
    }
    match_data data = {.n_specimens = ws->n,
                       .n_origins = c->n_origins,
                       .n_components = ws->p,
                       .mean = ws->mean,
                       .shots = ws->shots,
                       .origin = ws->origin,
                       .within = ws->within,
                       .within_squares = ws->squares,
                       .within_freedom = ws->n};
    static const step_value none[STEP_VALUES] = {{0}};
    if (ws->p == 0)
        return ADAMAS_OK;
    adamas_error own = {0};
    adamas_status status = twolevel_match.fit(state, none, &data, ws->p, &own);
    if (status && status != ADAMAS_E_DATA && error)
        *error = own;
    return status == ADAMAS_E_DATA ? ADAMAS_OK : status;
}

/* Log shares of a specimen's session among the training specimens of each origin, with one pseudo-specimen for each
 * origin that is spread evenly over all sessions. 0 for each if no training specimen is of that session. */
static void session_log_shares(double *log_share, const workspace *ws, const cross_validation *v, size_t specimen,
                               double *count)
{
    size_t n_origins = v->c->n_origins;
    double same = 0;
    memset(log_share, 0, n_origins * sizeof *log_share);
    memset(count, 0, n_origins * sizeof *count);
    for (size_t k = 0; k < v->c->n_specimens; k++)
        if (ws->training[k]) {
            int is_same = v->known->session[k] == v->known->session[specimen];
            count[v->c->origin[k]]++;
            log_share[v->c->origin[k]] += is_same;
            same += is_same;
        }
    for (size_t o = 0; o < n_origins; o++)
        log_share[o] = same > 0 ? log((log_share[o] + 1 / (double)v->known->n_sessions) / (count[o] + 1)) : 0;
}

static void classify(workspace *ws, const cross_validation *v, size_t specimen, const void *state)
{
    size_t n = v->c->n_origins;
    double scratch[NUISANCE_VARIABLES];
    memset(ws->density, 0, n * sizeof *ws->density);
    if (v->uses_session)
        session_log_shares(ws->session, ws, v, specimen, ws->density);
    memset(ws->density, 0, n * sizeof *ws->density);
    if (state)
        twolevel_match.density(state, ws->all + specimen * ws->p, 1, ws->density, scratch);
    for (size_t o = 0; o < n; o++)
        ws->density[o] += ws->session[o];
    match_posterior(n, ws->density, ws->prior, v->log_probability + specimen * n);
}

static adamas_status run_fold(void *context, size_t fold, int thread, adamas_error *error)
{
    (void)thread;
    const cross_validation *v = context;
    void *state = NULL;
    workspace ws;
    adamas_status status = workspace_make(&ws, v->c, error);
    if (!status) {
        folds_training(v->outer, NULL, fold, ws.training);
        for (size_t k = 0; k < v->c->n_specimens; k++)
            ws.training[k] = ws.training[k] && v->known->shots[k];
        standardise(&ws, v, fold);
        status = take_training(&ws, v, error);
    }
    if (!status)
        status = fit_values(&state, &ws, v->c, error);
    for (size_t k = 0; !status && k < v->c->n_specimens; k++)
        if (v->outer->fold[k] == (int)fold && v->known->shots[k])
            classify(&ws, v, k, state);
    twolevel_match.destroy(state);
    workspace_clear(&ws);
    return status;
}

static int uses_session(const nuisance *known)
{
    int is_known = known->n_sessions > 1;
    for (size_t k = 0; k < known->n_specimens; k++)
        is_known &= !known->shots[k] || known->session[k] < known->n_sessions;
    return is_known;
}

static void name_features(audit *out, const cross_validation *v)
{
    for (size_t i = 0; i < NUISANCE_VARIABLES; i++)
        if (v->known->varies[i])
            out->features[out->n_features++] = nuisance_names[i];
        else
            out->left_out[out->n_left_out++] = nuisance_names[i];
    if (v->uses_session)
        out->features[out->n_features++] = "session";
    else
        out->left_out[out->n_left_out++] = "session";
}

static adamas_status run_folds(audit *out, cross_validation *v, adamas_error *error)
{
    size_t n = v->c->n_origins;
    v->uses_session = uses_session(v->known);
    name_features(out, v);
    v->log_probability = memory_raw(v->c->n_specimens, n * sizeof *v->log_probability);
    double *confusion = memory_raw(n, n * sizeof *confusion);
    adamas_status status = v->log_probability && confusion ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < v->c->n_specimens * n; i++)
        v->log_probability[i] = NAN;
    if (!status && out->n_features)
        status = work_each(v->w, v->outer->n_folds, run_fold, v, error);
    if (!status)
        metrics_find(&out->nuisance, confusion, v->c->n_specimens, n, v->c->origin, v->log_probability);
    free(v->log_probability);
    free(confusion);
    return status;
}

adamas_status audit_run(audit *out, dataset *c, const folds *outer, work *w, adamas_error *error)
{
    *out = (audit){0};
    nuisance known = {0};
    size_t most = outer->n_session_parts ? crossed_references * outer->n_session_parts : (size_t)max_references;
    size_t references = outer->n_folds < most ? outer->n_folds : most;
    size_t *apart = memory_new(c->n_specimens, sizeof *apart);
    adamas_status status = apart ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < c->n_specimens; k++)
        apart[k] = outer->fold[k] == FOLD_NONE ? 0 : (size_t)outer->fold[k] % references;
    if (!status)
        status = nuisance_measure(&known, c, apart, references, outer->n_session_parts, w, error);
    cross_validation v = {.c = c, .outer = outer, .known = &known, .w = w};
    if (!status)
        status = run_folds(out, &v, error);
    nuisance_clear(&known);
    free(apart);
    return status;
}
