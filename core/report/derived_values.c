/* Values that a report derives from a result. */
#include "report/derived_values.h"

#include "dataset/protocol_folds.h"
#include "dataset/screening.h"
#include "evidence/verbal.h"
#include "report/answer.h"

#include <math.h>

/* ------------------------------------------------------------------------------------------------ texts */

void derived_kind(text *t, const report_result *r)
{
    text_append(t, "%s",
                r->kind == REPORT_VALIDATION ? "validation"
                : r->kind == REPORT_PLAN     ? "plan"
                                             : "classification");
}

void derived_held_out(text *t, const report_result *r)
{
    text_append(t, "%s%s", report_holds_out_localities(r) ? "locality" : "specimen",
                report_holds_out_sessions(r) ? " and session" : "");
}

void derived_leave(text *t, const report_result *r)
{
    text_append(t, "%s", folds_leave_name(r->validation.leave));
}

void derived_note(text *t, const report_result *r)
{
    (void)r;
    text_append(t, "`probability` supposes that each specimen comes from one of these origins, with the priors shown; "
                   "the evidence is `typicality` and `log10_lr`.");
}

void derived_spectrum_origin(text *t, const report_result *r)
{
    const classification *c = &r->classification;
    text_append(t, "%s", c->origins.at[c->spectrum.origin]);
}

void derived_case(text *t, const report_result *r, size_t row, size_t column)
{
    (void)r, (void)column;
    text_append(t, "%s", report_case_name(row));
}

static void write_list(text *t, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        text_append(t, "%s%s", i ? ", " : "", names[i]);
}

void derived_audit_features(text *t, const report_result *r)
{
    write_list(t, r->validation.audit.features, r->validation.audit.n_features);
}

void derived_audit_left_out(text *t, const report_result *r)
{
    write_list(t, r->validation.audit.left_out, r->validation.audit.n_left_out);
}

void derived_true_origin(text *t, const report_result *r, size_t row, size_t column)
{
    (void)column;
    text_append(t, "%s", r->validation.origins.at[r->validation.true_origin[row]]);
}

void derived_answer(text *t, const report_result *r, size_t row, size_t column)
{
    (void)column;
    answer_write(t, report_specimens(r), report_origins(r), row);
}

/* The words are for the origin if its log10 LR is positive, and for the others if it is negative. */
void derived_verbal(text *t, const report_result *r, size_t row, size_t column)
{
    double lr = derived_log10_lr(r, row, column);
    if (!isnan(lr))
        text_append(t, "%s", verbal_support(lr));
}

void derived_share_name(text *t, const report_result *r, size_t row, size_t column)
{
    (void)column;
    text_append(t, "%s", report_share_name(&r->classification, row));
}

void derived_limit_source(text *t, const report_result *r, size_t row, size_t column)
{
    derived_share_name(t, r, r->classification.declared_test.limits[row].source, column);
}

void derived_library_origin(text *t, const report_result *r, size_t row, size_t column)
{
    derived_share_name(t, r, r->classification.plane.library_origin[row], column);
}

/* ------------------------------------------------------------------------------------------------ numbers */

double derived_saturated_share(const report_result *r, size_t row, size_t column)
{
    (void)r, (void)row, (void)column;
    return screen_saturated_share;
}

double derived_robust_z(const report_result *r, size_t row, size_t column)
{
    (void)r, (void)row, (void)column;
    return screen_robust_z;
}

double derived_fewest_shots(const report_result *r, size_t row, size_t column)
{
    (void)r, (void)row, (void)column;
    return screen_min_shots;
}

double derived_typicality_bound(const report_result *r, size_t row, size_t column)
{
    (void)row, (void)column;
    return r->kind == REPORT_CLASSIFICATION ? r->classification.typicality_bound : r->validation.typicality_bound;
}

double derived_library_specimens(const report_result *r, size_t row, size_t column)
{
    (void)column;
    return (double)(r->kind == REPORT_CLASSIFICATION ? r->classification.library_specimens
                                                     : r->validation.library_specimens)[row];
}

double derived_units(const report_result *r, size_t row, size_t column)
{
    (void)column;
    return (double)(r->kind == REPORT_CLASSIFICATION ? r->classification.units : r->validation.units)[row];
}

double derived_probability(const report_result *r, size_t row, size_t column)
{
    const specimen_results *v = report_specimens(r);
    return exp(v->log_probability[row * v->n_origins + column]);
}

double derived_log10_lr(const report_result *r, size_t row, size_t column)
{
    return specimen_results_log10_lr(report_specimens(r), row, column);
}

double derived_log10_lr_before_gate(const report_result *r, size_t row, size_t column)
{
    const specimen_results *v = report_specimens(r);
    return v->log_lr[row * v->n_origins + column] / M_LN10;
}

double derived_beyond_bounds(const report_result *r, size_t row, size_t column)
{
    const declared_test *d = &r->classification.declared_test;
    (void)row, (void)column;
    return d->log10_lr < d->log10_lr_low || d->log10_lr > d->log10_lr_high;
}

double derived_origin_spectrum(const report_result *r, size_t row, size_t column)
{
    const mean_spectrum *s = &r->classification.spectrum;
    return s->origins[column * s->n_channels + row];
}

double derived_seed(const report_result *r, size_t row, size_t column)
{
    (void)row, (void)column;
    return (double)r->validation.seed;
}

double derived_plan_stones(const report_result *r, size_t row, size_t column)
{
    (void)row, (void)column;
    return r->plan.plan.specimens ? (double)r->plan.plan.specimens : NAN;
}

double derived_plan_false_alarm(const report_result *r, size_t row, size_t column)
{
    (void)row, (void)column;
    return r->plan.plan.false_alarm;
}
