/* The audit of sessions: within each origin (a stratum) sessions are predicted by a cross-validated two-level model of
 * the scores, and the number of correct predictions is tested against predicting the commonest session. */
#include "validation/session_audit.h"

#include "base/memory.h"
#include "match/matchers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The specimens of one origin, of the sessions that have enough of them; none if that is not two sessions or more. */
typedef struct stratum {
    size_t n, n_sessions;
    size_t commonest; /* specimens of its commonest session */
    size_t *specimen; /* [n], sorted by session */
    size_t *session;  /* [n]: 0 ... n_sessions - 1 */
} stratum;

typedef struct session_test {
    size_t n_components;
    const double *mean;
    const size_t *shots;
    const double *zeros; /* [n_components, n_components]: the scatter within specimens, which is not known */
    size_t n_strata;
    stratum *strata; /* [n_strata] */
    size_t *correct; /* [n_strata, SESSION_AUDIT_FOLDS]: correct predictions */
} session_test;

static void add_session(stratum *s, const dataset *c, const nuisance *sessions, const size_t *shots, size_t origin,
                        size_t session)
{
    size_t first = s->n;
    for (size_t k = 0; k < c->n_specimens; k++)
        if (shots[k] && c->origin[k] == origin && sessions->session[k] == session) {
            s->specimen[s->n] = k;
            s->session[s->n++] = s->n_sessions;
        }
    size_t taken = s->n - first;
    if (taken < SESSION_AUDIT_MIN_SPECIMENS) {
        s->n = first;
        return;
    }
    s->n_sessions++;
    s->commonest = taken > s->commonest ? taken : s->commonest;
}

static adamas_status make_strata(session_test *t, const dataset *c, const nuisance *sessions, adamas_error *error)
{
    t->strata = memory_new(c->n_origins, sizeof *t->strata);
    if (!t->strata)
        return status_no_memory(error);
    for (size_t o = 0; o < c->n_origins; o++) {
        stratum *s = &t->strata[t->n_strata++];
        s->specimen = memory_new(c->n_specimens, sizeof *s->specimen);
        s->session = memory_new(c->n_specimens, sizeof *s->session);
        if (!s->specimen || !s->session)
            return status_no_memory(error);
        for (size_t i = 0; i < sessions->n_sessions; i++)
            add_session(s, c, sessions, t->shots, o, i);
        if (s->n_sessions < 2)
            s->n = s->commonest = 0;
    }
    return ADAMAS_OK;
}

static void release(session_test *t)
{
    for (size_t i = 0; i < t->n_strata; i++) {
        free(t->strata[i].specimen);
        free(t->strata[i].session);
    }
    free(t->strata);
    free(t->correct);
}

/* Specimens are sorted by session and go to the folds in turn, so that each session is in each training set. */
static int is_held_out(size_t position, size_t fold)
{
    return position % SESSION_AUDIT_FOLDS == fold;
}

/* The training specimens of one fold. */
typedef struct workspace {
    size_t n;
    double *mean;            /* [n, n_components] */
    size_t *shots, *session; /* [n] */
    double *prior;           /* [n_sessions] */
    double *density;         /* [n_sessions] */
    double *scratch;         /* [n_components] */
} workspace;

static adamas_status workspace_make(workspace *ws, const session_test *t, const stratum *s, adamas_error *error)
{
    *ws = (workspace){0};
    ws->mean = memory_new(s->n, t->n_components * sizeof *ws->mean);
    ws->shots = memory_new(s->n, sizeof *ws->shots);
    ws->session = memory_new(s->n, sizeof *ws->session);
    ws->prior = memory_new(s->n_sessions, sizeof *ws->prior);
    ws->density = memory_new(s->n_sessions, sizeof *ws->density);
    ws->scratch = memory_new(t->n_components, sizeof *ws->scratch);
    return ws->mean && ws->shots && ws->session && ws->prior && ws->density && ws->scratch ? ADAMAS_OK
                                                                                           : status_no_memory(error);
}

static void workspace_clear(workspace *ws)
{
    free(ws->mean);
    free(ws->shots);
    free(ws->session);
    free(ws->prior);
    free(ws->density);
    free(ws->scratch);
}

static void take_training(workspace *ws, const session_test *t, const stratum *s, size_t fold)
{
    size_t p = t->n_components;
    for (size_t i = 0; i < s->n; i++)
        if (!is_held_out(i, fold)) {
            memcpy(ws->mean + ws->n * p, t->mean + s->specimen[i] * p, p * sizeof *ws->mean);
            ws->shots[ws->n] = t->shots[s->specimen[i]];
            ws->session[ws->n++] = s->session[i];
            ws->prior[s->session[i]]++;
        }
    for (size_t k = 0; k < s->n_sessions; k++)
        ws->prior[k] /= (double)ws->n;
}

/* The session with the highest posterior probability; without a model (all specimens have the same scores) the
 * commonest. */
static size_t predict(workspace *ws, const session_test *t, const stratum *s, size_t specimen, const void *state)
{
    memset(ws->density, 0, s->n_sessions * sizeof *ws->density);
    if (state)
        twolevel_match.density(state, t->mean + specimen * t->n_components, t->shots[specimen], ws->density,
                               ws->scratch);
    size_t best = 0;
    for (size_t k = 0; k < s->n_sessions; k++) {
        ws->density[k] += log(ws->prior[k]);
        best = ws->density[k] > ws->density[best] ? k : best;
    }
    return best;
}

static adamas_status run_fold(void *context, size_t item, int thread, adamas_error *error)
{
    (void)thread;
    const session_test *t = context;
    const stratum *s = &t->strata[item / SESSION_AUDIT_FOLDS];
    size_t fold = item % SESSION_AUDIT_FOLDS;
    static const step_value none[STEP_VALUES] = {{0}};
    void *state = NULL;
    workspace ws;
    if (s->n == 0)
        return ADAMAS_OK;
    adamas_error own = {0};
    adamas_status status = workspace_make(&ws, t, s, &own);
    if (!status) {
        take_training(&ws, t, s, fold);
        match_data data = {.n_specimens = ws.n,
                           .n_origins = s->n_sessions,
                           .n_components = t->n_components,
                           .mean = ws.mean,
                           .shots = ws.shots,
                           .origin = ws.session,
                           .within = t->zeros,
                           .within_squares = t->zeros};
        status = twolevel_match.fit(&state, none, &data, t->n_components, &own);
        status = status == ADAMAS_E_DATA ? ADAMAS_OK : status;
    }
    for (size_t i = fold; !status && i < s->n; i += SESSION_AUDIT_FOLDS)
        t->correct[item] += predict(&ws, t, s, s->specimen[i], state) == s->session[i];
    twolevel_match.destroy(state);
    workspace_clear(&ws);
    if (status && error)
        *error = own;
    return status;
}

/* P(n_correct or more of n predictions are correct) if they are independent, and each is correct with the share of the
 * commonest session of its stratum: the tail of a Poisson binomial distribution, built one prediction at a time. */
static adamas_status p_of_chance(double *tail, const session_test *t, size_t n, size_t n_correct, adamas_error *error)
{
    double *probability = memory_new(n + 1, sizeof *probability);
    if (!probability)
        return status_no_memory(error);
    probability[0] = 1;
    for (size_t i = 0, predictions = 0; i < t->n_strata; i++) {
        double p = (double)t->strata[i].commonest / (double)(t->strata[i].n ? t->strata[i].n : 1);
        for (size_t j = 0; j < t->strata[i].n; j++) {
            for (size_t k = ++predictions; k > 0; k--)
                probability[k] = probability[k] * (1 - p) + probability[k - 1] * p;
            probability[0] *= 1 - p;
        }
    }
    *tail = 0;
    for (size_t k = n + 1; k > n_correct; k--)
        *tail += probability[k - 1];
    *tail = fmin(*tail, 1);
    free(probability);
    return ADAMAS_OK;
}

static adamas_status summarise(audit *out, const session_test *t, adamas_error *error)
{
    size_t commonest = 0, n = 0, n_correct = 0;
    for (size_t i = 0; i < t->n_strata; i++) {
        n += t->strata[i].n;
        commonest += t->strata[i].commonest;
        for (size_t fold = 0; fold < SESSION_AUDIT_FOLDS; fold++)
            n_correct += t->correct[i * SESSION_AUDIT_FOLDS + fold];
    }
    out->has_session = n > 0;
    out->session_n = n;
    out->session_right = n_correct;
    out->session_accuracy = (double)n_correct / (double)n;
    out->session_chance = (double)commonest / (double)n;
    out->session_p = NAN;
    return n ? p_of_chance(&out->session_p, t, n, n_correct, error) : ADAMAS_OK;
}

adamas_status audit_session(audit *out, const dataset *c, size_t n_components, const double *mean, const size_t *shots,
                            work *w, adamas_error *error)
{
    nuisance sessions = {0};
    session_test t = {.n_components = n_components, .mean = mean, .shots = shots};
    adamas_status status = nuisance_sessions(&sessions, c, error);
    double *zeros = memory_new(n_components, n_components * sizeof *zeros);
    t.zeros = zeros;
    t.correct = memory_new(c->n_origins, SESSION_AUDIT_FOLDS * sizeof *t.correct);
    if (!status)
        status = zeros && t.correct ? make_strata(&t, c, &sessions, error) : status_no_memory(error);
    if (!status)
        status = work_each(w, t.n_strata * SESSION_AUDIT_FOLDS, run_fold, &t, error);
    if (!status)
        status = summarise(out, &t, error);
    release(&t);
    free(zeros);
    nuisance_clear(&sessions);
    return status;
}
