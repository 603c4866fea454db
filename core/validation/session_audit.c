/* Whether spectra tell the session within an origin: audit_session. */
#include "base/memory.h"
#include "match/matchers.h"
#include "validation/audit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The specimens of an origin's sessions that have enough of them. */
typedef struct stratum {
    size_t n, n_sessions, commonest;
    size_t *specimen; /* [n], sorted by session */
    size_t *session;  /* [n]: 0 ... n_sessions - 1 */
} stratum;

typedef struct inquiry {
    size_t n_components;
    const double *mean;
    const size_t *shots;
    const double *nothing; /* [n_components, n_components] of 0: spreads of shots, which are not known */
    size_t n_strata;
    stratum *strata; /* [n_strata] */
    size_t *right;   /* [n_strata, AUDIT_SESSION_FOLDS] */
} inquiry;

static void take_session(stratum *s, const dataset *c, const nuisance *known, const size_t *shots, size_t origin,
                         size_t session)
{
    size_t first = s->n;
    for (size_t k = 0; k < c->n_specimens; k++)
        if (shots[k] && c->origin[k] == origin && known->session[k] == session) {
            s->specimen[s->n] = k;
            s->session[s->n++] = s->n_sessions;
        }
    size_t taken = s->n - first;
    if (taken < AUDIT_SESSION_LEAST) {
        s->n = first;
        return;
    }
    s->n_sessions++;
    s->commonest = taken > s->commonest ? taken : s->commonest;
}

static adamas_status make_strata(inquiry *q, const dataset *c, const nuisance *known, adamas_error *error)
{
    q->strata = memory_new(c->n_origins, sizeof *q->strata);
    if (!q->strata)
        return status_no_memory(error);
    for (size_t o = 0; o < c->n_origins; o++) {
        stratum *s = &q->strata[q->n_strata++];
        s->specimen = memory_new(c->n_specimens, sizeof *s->specimen);
        s->session = memory_new(c->n_specimens, sizeof *s->session);
        if (!s->specimen || !s->session)
            return status_no_memory(error);
        for (size_t i = 0; i < known->n_sessions; i++)
            take_session(s, c, known, q->shots, o, i);
        if (s->n_sessions < 2)
            s->n = s->commonest = 0;
    }
    return ADAMAS_OK;
}

static void release(inquiry *q)
{
    for (size_t i = 0; i < q->n_strata; i++) {
        free(q->strata[i].specimen);
        free(q->strata[i].session);
    }
    free(q->strata);
    free(q->right);
}

/* Specimens are dealt out session by session, so that each fold leaves some of each in training. */
static int is_left_out(size_t place, size_t fold)
{
    return place % AUDIT_SESSION_FOLDS == fold;
}

/* A fold while it is tried. */
typedef struct bench {
    size_t n;
    double *mean;            /* [n, n_components] */
    size_t *shots, *session; /* [n] */
    double *prior;           /* [n_sessions] */
    double *density;         /* [n_sessions] */
    double *scratch;         /* [n_components] */
} bench;

static adamas_status make_bench(bench *b, const inquiry *q, const stratum *s, adamas_error *error)
{
    *b = (bench){0};
    b->mean = memory_new(s->n, q->n_components * sizeof *b->mean);
    b->shots = memory_new(s->n, sizeof *b->shots);
    b->session = memory_new(s->n, sizeof *b->session);
    b->prior = memory_new(s->n_sessions, sizeof *b->prior);
    b->density = memory_new(s->n_sessions, sizeof *b->density);
    b->scratch = memory_new(q->n_components, sizeof *b->scratch);
    return b->mean && b->shots && b->session && b->prior && b->density && b->scratch ? ADAMAS_OK
                                                                                     : status_no_memory(error);
}

static void free_bench(bench *b)
{
    free(b->mean);
    free(b->shots);
    free(b->session);
    free(b->prior);
    free(b->density);
    free(b->scratch);
}

static void gather(bench *b, const inquiry *q, const stratum *s, size_t fold)
{
    size_t p = q->n_components;
    for (size_t i = 0; i < s->n; i++)
        if (!is_left_out(i, fold)) {
            memcpy(b->mean + b->n * p, q->mean + s->specimen[i] * p, p * sizeof *b->mean);
            b->shots[b->n] = q->shots[s->specimen[i]];
            b->session[b->n++] = s->session[i];
            b->prior[s->session[i]]++;
        }
    for (size_t k = 0; k < s->n_sessions; k++)
        b->prior[k] /= (double)b->n;
}

/* The likeliest session; without a model (specimens that are all the same) the commonest. */
static size_t guess(bench *b, const inquiry *q, const stratum *s, size_t specimen, const void *state)
{
    memset(b->density, 0, s->n_sessions * sizeof *b->density);
    if (state)
        twolevel_match.density(state, q->mean + specimen * q->n_components, q->shots[specimen], b->density, b->scratch);
    size_t best = 0;
    for (size_t k = 0; k < s->n_sessions; k++) {
        b->density[k] += log(b->prior[k]);
        best = b->density[k] > b->density[best] ? k : best;
    }
    return best;
}

static adamas_status try_fold(void *context, size_t item, int thread, adamas_error *error)
{
    (void)thread;
    const inquiry *q = context;
    const stratum *s = &q->strata[item / AUDIT_SESSION_FOLDS];
    size_t fold = item % AUDIT_SESSION_FOLDS;
    static const step_value none[STEP_VALUES] = {{0}};
    void *state = NULL;
    bench b;
    if (s->n == 0)
        return ADAMAS_OK;
    adamas_error own = {0};
    adamas_status status = make_bench(&b, q, s, &own);
    if (!status) {
        gather(&b, q, s, fold);
        match_data data = {.n_specimens = b.n,
                           .n_origins = s->n_sessions,
                           .n_components = q->n_components,
                           .mean = b.mean,
                           .shots = b.shots,
                           .origin = b.session,
                           .within = q->nothing,
                           .within_squares = q->nothing};
        status = twolevel_match.fit(&state, none, &data, q->n_components, &own);
        status = status == ADAMAS_E_DATA ? ADAMAS_OK : status;
    }
    for (size_t i = fold; !status && i < s->n; i += AUDIT_SESSION_FOLDS)
        q->right[item] += guess(&b, q, s, s->specimen[i], state) == s->session[i];
    twolevel_match.destroy(state);
    free_bench(&b);
    if (status && error)
        *error = own;
    return status;
}

/* P(`right` or more are right) of independent guesses, each right with its own stratum's commonest share: the exact law
 * of their number, a guess at a time. */
static adamas_status tail_of_chance(double *tail, const inquiry *q, size_t n, size_t right, adamas_error *error)
{
    double *law = memory_new(n + 1, sizeof *law);
    if (!law)
        return status_no_memory(error);
    law[0] = 1;
    for (size_t i = 0, guesses = 0; i < q->n_strata; i++) {
        double p = (double)q->strata[i].commonest / (double)(q->strata[i].n ? q->strata[i].n : 1);
        for (size_t j = 0; j < q->strata[i].n; j++) {
            for (size_t k = ++guesses; k > 0; k--)
                law[k] = law[k] * (1 - p) + law[k - 1] * p;
            law[0] *= 1 - p;
        }
    }
    *tail = 0;
    for (size_t k = n + 1; k > right; k--)
        *tail += law[k - 1];
    *tail = fmin(*tail, 1);
    free(law);
    return ADAMAS_OK;
}

static adamas_status sum_up(audit *out, const inquiry *q, adamas_error *error)
{
    size_t commonest = 0, n = 0, right = 0;
    for (size_t i = 0; i < q->n_strata; i++) {
        n += q->strata[i].n;
        commonest += q->strata[i].commonest;
        for (size_t fold = 0; fold < AUDIT_SESSION_FOLDS; fold++)
            right += q->right[i * AUDIT_SESSION_FOLDS + fold];
    }
    out->has_session = n > 0;
    out->session_n = n;
    out->session_right = right;
    out->session_accuracy = (double)right / (double)n;
    out->session_chance = (double)commonest / (double)n;
    out->session_p = NAN;
    return n ? tail_of_chance(&out->session_p, q, n, right, error) : ADAMAS_OK;
}

adamas_status audit_session(audit *out, const dataset *c, size_t n_components, const double *mean, const size_t *shots,
                            work *w, adamas_error *error)
{
    nuisance known = {0};
    inquiry q = {.n_components = n_components, .mean = mean, .shots = shots};
    adamas_status status = nuisance_sessions(&known, c, error);
    double *nothing = memory_new(n_components, n_components * sizeof *nothing);
    q.nothing = nothing;
    q.right = memory_new(c->n_origins, AUDIT_SESSION_FOLDS * sizeof *q.right);
    if (!status)
        status = nothing && q.right ? make_strata(&q, c, &known, error) : status_no_memory(error);
    if (!status)
        status = work_each(w, q.n_strata * AUDIT_SESSION_FOLDS, try_fold, &q, error);
    if (!status)
        status = sum_up(out, &q, error);
    release(&q);
    free(nothing);
    nuisance_clear(&known);
    return status;
}
