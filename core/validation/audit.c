#include "validation/audit.h"

#include "base/memory.h"
#include "match/matchers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Shifts are found against so many references at most, so that a library that is left out specimen by specimen does not
 * need one for each: the folds are dealt to them, and a reference is made without all the folds that use it. */
enum { most_references = 5 };

/* Standardised numbers are taken to be measured with this error, so that origins which are the same to the last digit
 * do not make a covariance that cannot be inverted. */
static const double least_spread = 0.01;

/* One training specimen is moved by so much, which no measurement tells, so that numbers that are the same to the last
 * bit within each origin are judged as those that are nearly so: they tell the origin for certain. */
static const double unseen_spread = 1e-9;

typedef struct trial {
    const dataset *c;
    const folds *outer;
    const nuisance *known;
    int tells_session;
    double *log_probability; /* [n_specimens, n_origins] */
    work *w;
} trial;

/* Training specimens of a fold, and every specimen's numbers, standardised on them. */
typedef struct bench {
    size_t n, p;
    size_t *origin;  /* [n_specimens], of the n training ones */
    double *mean;    /* [n_specimens, NUISANCE_VARIABLES]: [n, p] of the training ones */
    double *all;     /* [n_specimens, NUISANCE_VARIABLES]: [n_specimens, p] */
    double *within;  /* [p, p]: of their error */
    double *squares; /* [p, p] */
    size_t *shots;   /* [n_specimens]: 1 each */
    double *density; /* [n_origins] */
    double *session; /* [n_origins] */
    double *prior;   /* [n_origins] */
} bench;

static void free_bench(bench *b)
{
    free(b->origin);
    free(b->mean);
    free(b->all);
    free(b->within);
    free(b->squares);
    free(b->shots);
    free(b->density);
    free(b->session);
    free(b->prior);
}

static adamas_status make_bench(bench *b, const dataset *c, adamas_error *error)
{
    *b = (bench){0};
    b->origin = memory_new(c->n_specimens, sizeof *b->origin);
    b->mean = memory_new(c->n_specimens, NUISANCE_VARIABLES * sizeof *b->mean);
    b->all = memory_new(c->n_specimens, NUISANCE_VARIABLES * sizeof *b->all);
    b->within = memory_new(NUISANCE_VARIABLES, NUISANCE_VARIABLES * sizeof *b->within);
    b->squares = memory_new(NUISANCE_VARIABLES, NUISANCE_VARIABLES * sizeof *b->squares);
    b->shots = memory_new(c->n_specimens, sizeof *b->shots);
    b->density = memory_new(c->n_origins, sizeof *b->density);
    b->session = memory_new(c->n_origins, sizeof *b->session);
    b->prior = memory_new(c->n_origins, sizeof *b->prior);
    return b->origin && b->mean && b->all && b->within && b->squares && b->shots && b->density && b->session && b->prior
               ? ADAMAS_OK
               : status_no_memory(error);
}

static int is_training(const trial *t, size_t fold, size_t specimen)
{
    return t->outer->fold[specimen] != (int)fold && t->known->shots[specimen];
}

static double number_of(const trial *t, size_t fold, size_t specimen, size_t which)
{
    const nuisance *k = t->known;
    return which == NUISANCE_SHIFT ? k->shift[fold % k->n_references * k->n_specimens + specimen]
                                   : k->value[specimen * NUISANCE_VARIABLES + which];
}

/* Mean and standard deviation over the training specimens. */
static void centre_and_spread(double *centre, double *spread, const trial *t, size_t fold, size_t which)
{
    double n = 0, sum = 0, squares = 0;
    for (size_t k = 0; k < t->c->n_specimens; k++)
        if (is_training(t, fold, k)) {
            sum += number_of(t, fold, k, which);
            n++;
        }
    *centre = sum / n;
    for (size_t k = 0; k < t->c->n_specimens; k++)
        if (is_training(t, fold, k)) {
            double r = number_of(t, fold, k, which) - *centre;
            squares += r * r;
        }
    *spread = sqrt(squares / n);
}

/* Numbers that are the same for all training specimens are left out. */
static void standardise(bench *b, const trial *t, size_t fold)
{
    size_t which[NUISANCE_VARIABLES];
    double centre[NUISANCE_VARIABLES], spread[NUISANCE_VARIABLES];
    for (size_t i = 0; i < NUISANCE_VARIABLES; i++) {
        if (!t->known->varies[i])
            continue;
        centre_and_spread(&centre[b->p], &spread[b->p], t, fold, i);
        which[b->p] = i;
        b->p += spread[b->p] > 1e-12 * fabs(centre[b->p]);
    }
    for (size_t k = 0; k < t->c->n_specimens; k++)
        for (size_t j = 0; t->known->shots[k] && j < b->p; j++)
            b->all[k * b->p + j] = (number_of(t, fold, k, which[j]) - centre[j]) / spread[j];
}

static adamas_status gather(bench *b, const trial *t, size_t fold, adamas_error *error)
{
    double *count = b->prior;
    for (size_t k = 0; k < t->c->n_specimens; k++)
        if (is_training(t, fold, k)) {
            memcpy(b->mean + b->n * b->p, b->all + k * b->p, b->p * sizeof *b->mean);
            b->origin[b->n] = t->c->origin[k];
            b->shots[b->n++] = 1;
            count[t->c->origin[k]]++;
        }
    for (size_t o = 0; o < t->c->n_origins; o++)
        if (count[o] == 0)
            return status_set(error, ADAMAS_E_DATA, "origin '%s': no training specimen has a shot of use",
                              t->c->origins[o]);
    for (size_t o = 0; o < t->c->n_origins; o++)
        b->prior[o] = 1 / (double)t->c->n_origins;
    for (size_t j = 0; j < b->p; j++)
        b->mean[j] += unseen_spread;
    return ADAMAS_OK;
}

/* *state is NULL where there is nothing to fit: no number, or too few specimens to see a spread. */
static adamas_status fit_numbers(void **state, bench *b, const dataset *c, adamas_error *error)
{
    *state = NULL;
    double freedom = (double)b->n;
    for (size_t a = 0; a < b->p; a++) {
        double variance = least_spread * least_spread;
        b->within[a * b->p + a] = freedom * variance;
        b->squares[a * b->p + a] = freedom * variance * variance;
    }
    match_data data = {.n_specimens = b->n,
                       .n_origins = c->n_origins,
                       .n_components = b->p,
                       .mean = b->mean,
                       .shots = b->shots,
                       .origin = b->origin,
                       .within = b->within,
                       .within_squares = b->squares,
                       .within_freedom = b->n};
    static const step_value none[STEP_VALUES] = {{0}};
    if (b->p == 0)
        return ADAMAS_OK;
    adamas_error own = {0};
    adamas_status status = twolevel_match.fit(state, none, &data, b->p, &own);
    if (status && status != ADAMAS_E_DATA && error)
        *error = own;
    return status == ADAMAS_E_DATA ? ADAMAS_OK : status;
}

/* Log shares of a specimen's session among the training specimens of each origin, to which one more is added that was
 * measured in all sessions evenly. A session that none of them has says nothing. */
static void judge_session(double *log_share, const trial *t, size_t fold, size_t specimen, double *count)
{
    size_t n_origins = t->c->n_origins;
    double same = 0;
    memset(log_share, 0, n_origins * sizeof *log_share);
    memset(count, 0, n_origins * sizeof *count);
    for (size_t k = 0; k < t->c->n_specimens; k++)
        if (is_training(t, fold, k)) {
            int is_same = t->known->session[k] == t->known->session[specimen];
            count[t->c->origin[k]]++;
            log_share[t->c->origin[k]] += is_same;
            same += is_same;
        }
    for (size_t o = 0; o < n_origins; o++)
        log_share[o] = same > 0 ? log((log_share[o] + 1 / (double)t->known->n_sessions) / (count[o] + 1)) : 0;
}

static void classifier(bench *b, const trial *t, size_t fold, size_t specimen, const void *state)
{
    size_t n = t->c->n_origins;
    double scratch[NUISANCE_VARIABLES];
    memset(b->density, 0, n * sizeof *b->density);
    if (t->tells_session)
        judge_session(b->session, t, fold, specimen, b->density);
    memset(b->density, 0, n * sizeof *b->density);
    if (state)
        twolevel_match.density(state, b->all + specimen * b->p, 1, b->density, scratch);
    for (size_t o = 0; o < n; o++)
        b->density[o] += b->session[o];
    match_posterior(n, b->density, b->prior, t->log_probability + specimen * n);
}

static adamas_status try_fold(void *context, size_t fold, int thread, adamas_error *error)
{
    (void)thread;
    const trial *t = context;
    void *state = NULL;
    bench b;
    adamas_status status = make_bench(&b, t->c, error);
    if (!status) {
        standardise(&b, t, fold);
        status = gather(&b, t, fold, error);
    }
    if (!status)
        status = fit_numbers(&state, &b, t->c, error);
    for (size_t k = 0; !status && k < t->c->n_specimens; k++)
        if (t->outer->fold[k] == (int)fold && t->known->shots[k])
            classifier(&b, t, fold, k, state);
    twolevel_match.destroy(state);
    free_bench(&b);
    return status;
}

static int tells_session(const nuisance *known)
{
    int is_known = known->n_sessions > 1;
    for (size_t k = 0; k < known->n_specimens; k++)
        is_known &= !known->shots[k] || known->session[k] < known->n_sessions;
    return is_known;
}

static void name_features(audit *out, const trial *t)
{
    for (size_t i = 0; i < NUISANCE_VARIABLES; i++)
        if (t->known->varies[i])
            out->features[out->n_features++] = nuisance_names[i];
        else
            out->left_out[out->n_left_out++] = nuisance_names[i];
    if (t->tells_session)
        out->features[out->n_features++] = "session";
    else
        out->left_out[out->n_left_out++] = "session";
}

static adamas_status try_folds(audit *out, trial *t, adamas_error *error)
{
    size_t n = t->c->n_origins;
    t->tells_session = tells_session(t->known);
    name_features(out, t);
    t->log_probability = memory_raw(t->c->n_specimens, n * sizeof *t->log_probability);
    double *confusion = memory_raw(n, n * sizeof *confusion);
    adamas_status status = t->log_probability && confusion ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < t->c->n_specimens * n; i++)
        t->log_probability[i] = NAN;
    if (!status && out->n_features)
        status = work_each(t->w, t->outer->n_folds, try_fold, t, error);
    if (!status)
        metrics_find(&out->nuisance, confusion, t->c->n_specimens, n, t->c->origin, t->log_probability);
    free(t->log_probability);
    free(confusion);
    return status;
}

adamas_status audit_run(audit *out, dataset *c, const folds *outer, work *w, adamas_error *error)
{
    *out = (audit){0};
    nuisance known = {0};
    size_t references = outer->n_folds < most_references ? outer->n_folds : (size_t)most_references;
    size_t *apart = memory_new(c->n_specimens, sizeof *apart);
    adamas_status status = apart ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < c->n_specimens; k++)
        apart[k] = outer->fold[k] == FOLD_NONE ? 0 : (size_t)outer->fold[k] % references;
    if (!status)
        status = nuisance_measure(&known, c, apart, references, w, error);
    trial t = {.c = c, .outer = outer, .known = &known, .w = w};
    if (!status)
        status = try_folds(out, &t, error);
    nuisance_clear(&known);
    free(apart);
    return status;
}
