/* Cross-conformal p-values and their bound. */
#include "evidence/typicality.h"

#include "base/memory.h"
#include "base/special.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

double typicality_p(size_t n, const double *held_out, const size_t *origin, const size_t *fold, size_t wanted,
                    const double *own)
{
    size_t members = 0, at_least = 0;
    for (size_t i = 0; i < n; i++) {
        if (origin[i] != wanted)
            continue;
        members++;
        at_least += !(held_out[i] < own[fold[i]]);
    }
    return (1 + (double)at_least) / (1 + (double)members);
}

/* Sums of one session: specimens, ln nonconformity, its square. */
typedef struct session_sums {
    double n, sum, squares;
} session_sums;

adamas_status session_effect_fit(session_effect *out, size_t n, const double *held_out, const size_t *session,
                                 size_t n_sessions, adamas_error *error)
{
    *out = (session_effect){.n_sessions = n_sessions, .offset = memory_new(n_sessions, sizeof *out->offset)};
    session_sums *s = memory_new(n_sessions, sizeof *s);
    if (!out->offset || !s) {
        free(s);
        session_effect_clear(out);
        return status_no_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        double x = log(fmax(held_out[i], DBL_MIN));
        s[session[i]].n++;
        s[session[i]].sum += x;
        s[session[i]].squares += x * x;
    }
    double sessions = 0, mean = 0, squares = 0, within = 0, inverse = 0;
    for (size_t t = 0; t < n_sessions; t++)
        if (s[t].n > 0) {
            sessions++;
            mean += s[t].sum / s[t].n;
            within += s[t].squares - s[t].sum * s[t].sum / s[t].n;
            inverse += 1 / s[t].n;
        }
    for (size_t t = 0; t < n_sessions; t++) {
        out->offset[t] = s[t].n > 0 ? s[t].sum / s[t].n - mean / sessions : 0;
        squares += out->offset[t] * out->offset[t];
    }
    double noise = (double)n > sessions ? within / ((double)n - sessions) * inverse / sessions : 0;
    out->sd = sqrt(fmax(squares / (sessions - 1) - noise, 0) * (1 + 1 / sessions));
    out->freedom = (size_t)sessions - 1;
    free(s);
    return ADAMAS_OK;
}

void session_effect_clear(session_effect *e)
{
    free(e->offset);
    *e = (session_effect){0};
}

/* A value that is NaN counts in full, so that it does not reject. */
static double chance_to_reach(double needed, const session_effect *e)
{
    double chance = e->sd > 0 ? special_student_survival(needed / e->sd, e->freedom) : !(needed > 0);
    return isnan(chance) ? 1 : chance;
}

double typicality_p_new_session(size_t n, const double *held_out, const size_t *origin, const size_t *fold,
                                const size_t *session, size_t wanted, const double *own, const session_effect *e)
{
    double members = 0, at_least = 0;
    for (size_t i = 0; i < n; i++) {
        if (origin[i] != wanted)
            continue;
        members++;
        at_least += chance_to_reach(
            log(fmax(own[fold[i]], DBL_MIN)) - log(fmax(held_out[i], DBL_MIN)) + e->offset[session[i]], e);
    }
    return (1 + at_least) / (1 + members);
}

double typicality_bound(double eps, size_t n, size_t folds)
{
    double f = (double)folds, size = (double)n / f;
    double of_large_folds = 2 * (1 - eps) * (1 - 1 / f) / (size + 1);
    double of_many_folds = (1 - 1 / size) / (f + 1);
    return fmin(1, 2 * eps + fmin(of_large_folds, of_many_folds));
}

size_t typicality_min_specimens(double eps)
{
    double n = ceil(1 / eps) - 1;
    if (n > 0 && 1 / n <= eps) /* 1/eps was rounded up past a whole number */
        n--;
    return (size_t)n;
}
