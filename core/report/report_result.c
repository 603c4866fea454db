/* What follows from a result and is worded in more than one place of its report. */
#include "report/report_result.h"

#include <math.h>

void report_result_clear(report_result *r)
{
    if (r->kind == REPORT_CLASSIFICATION)
        classification_clear(&r->classification);
    else if (r->kind == REPORT_VALIDATION)
        validation_result_clear(&r->validation);
    else if (r->kind == REPORT_PLAN)
        plan_result_clear(&r->plan);
}

const model_description *report_model(const report_result *r)
{
    return r->kind == REPORT_CLASSIFICATION ? &r->classification.model
           : r->kind == REPORT_VALIDATION   ? &r->validation.model
                                            : &r->plan.model;
}

const specimen_results *report_specimens(const report_result *r)
{
    return r->kind == REPORT_CLASSIFICATION ? &r->classification.specimens
           : r->kind == REPORT_VALIDATION   ? &r->validation.specimens
                                            : NULL;
}

const text_list *report_origins(const report_result *r)
{
    return r->kind == REPORT_CLASSIFICATION ? &r->classification.origins
           : r->kind == REPORT_VALIDATION   ? &r->validation.origins
                                            : NULL;
}

int report_holds_out_localities(const report_result *r)
{
    return r->kind == REPORT_CLASSIFICATION ? r->classification.by_locality : r->validation.by_locality;
}

int report_holds_out_sessions(const report_result *r)
{
    return r->kind == REPORT_CLASSIFICATION ? r->classification.by_session : r->validation.by_session;
}

const char *report_case_name(size_t which)
{
    static const char *const names[CROSSED_CASES] = {[CROSSED_BOTH_NEW] = "new locality, new session",
                                                     [CROSSED_GROUP_NEW] = "new locality, the library's sessions",
                                                     [CROSSED_SESSION_NEW] = "the library's localities, new session"};
    return names[which];
}

const char *report_share_name(const classification *c, size_t share)
{
    return share < c->origins.n ? c->origins.at[share] : "none of these";
}

size_t report_not_measured(const classification *c)
{
    size_t measured = classification_stones(c);
    return c->composition.n_whole > measured ? c->composition.n_whole - measured : 0;
}

int report_is_of_own_localities(const classification *c)
{
    return c->composition.n_shares && isnan(c->composition.rho);
}

/* Foreign specimens among others are unlike every library too: only if most are does it point to the measurement. */
int report_differs(const classification *c)
{
    return c->specimens.has_evidence && c->low_typicality > 0.5 && c->low_typicality_chance < 0.01;
}

size_t report_controls_failing(const classification *c)
{
    size_t n = 0;
    for (size_t k = 0; k < c->controls.known.n; k++)
        n += (size_t)controls_fails(&c->controls, k);
    return n;
}

int report_controls_hold(const classification *c)
{
    return !isnan(c->controls.min_p) && c->controls.n && !report_controls_failing(c);
}
