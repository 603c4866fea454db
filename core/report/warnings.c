/* What whoever reads a report must know first. */
#include "report/warnings.h"

#include "report/phrase.h"
#include "report/svg.h"

#include <math.h>

void (*const warnings_all[])(text *t, const report_result *r) = {warning_synthetic,
                                                                 warning_measured,
                                                                 warning_control,
                                                                 warning_declared,
                                                                 warning_library,
                                                                 warning_medium,
                                                                 warning_sampling,
                                                                 warning_open_set,
                                                                 warning_confound,
                                                                 warning_session,
                                                                 NULL};

void warning_synthetic(text *t, const report_result *r)
{
    if (report_model(r)->is_synthetic)
        text_append(t, "synthetic reference spectra: not evidence");
}

/* ------------------------------------------------------------------------------------------------ of a parcel */

void warning_differs(text *t, const classification *c)
{
    phrase_share(t, c->low_typicality);
    text_append(t, " of the stones are unlike every library, as so many of a parcel like the libraries would be by "
                   "chance in under 1 %% of cases: ");
    if (report_controls_hold(c))
        text_append(t, "the control specimens are as they should be, so either the stones are of no library or the way "
                       "they were measured differs from the controls'");
    else
        text_append(t,
                    "this points to the way the parcel was measured, not to its stones, unless all come from a place "
                    "that no library holds; %s",
                    report_controls_failing(c) ? "the control specimens are amiss too"
                                               : "control specimens should be measured first");
}

/* "control specimen C1 (of CAR, p-value 0.008) is not like its own origin" */
static void write_failing(text *t, const classification *c, size_t n)
{
    size_t listed = 0;
    text_append(t, "control specimen%s ", n == 1 ? "" : "s");
    for (size_t k = 0; k < c->controls.known.n; k++)
        if (controls_fails(&c->controls, k)) {
            phrase_between(t, listed++, n);
            text_append(t, "%s (of %s, p-value ", c->specimens.ids.at[k], c->controls.known.at[k]);
            phrase_p(t, c->controls.p[k]);
            text_append(t, ")");
        }
    text_append(t, n == 1 ? " is not like its own origin" : " are not like their own origins");
}

/* A parcel that was measured differently makes all else idle. */
void warning_measured(text *t, const report_result *r)
{
    const classification *c = &r->classification;
    if (r->kind != REPORT_CLASSIFICATION)
        return;
    size_t failing = report_controls_failing(c);
    if (report_differs(c)) {
        warning_differs(t, c);
    } else if (failing) {
        write_failing(t, c, failing);
        text_append(t,
                    ": either %s mistaken for another specimen, or the parcel may have been measured differently "
                    "from the libraries, and then nothing below can be relied on",
                    failing == 1 ? "it was" : "they were");
    }
}

static void write_unchecked(text *t, const classification *c, size_t k)
{
    const char *known = c->controls.known.at[k];
    text_append(t, "%s (", c->specimens.ids.at[k]);
    if (!specimen_results_is_evaluated(&c->specimens, k))
        text_append(t, "no shot of use)");
    else if (!c->specimens.has_evidence)
        text_append(t, "without evidence there is no check)");
    else if (c->controls.origin[k] == c->origins.n)
        text_append(t, "%s is in no library)", known);
    else
        text_append(t, "the libraries have too few specimens of %s)", known);
}

void warning_control(text *t, const report_result *r)
{
    const classification *c = &r->classification;
    size_t n = 0, listed = 0;
    if (r->kind != REPORT_CLASSIFICATION)
        return;
    for (size_t k = 0; k < c->controls.known.n; k++)
        n += controls_has(&c->controls, k) && isnan(c->controls.p[k]);
    if (n)
        text_append(t, "control specimens could not be checked: ");
    for (size_t k = 0; k < c->controls.known.n; k++)
        if (controls_has(&c->controls, k) && isnan(c->controls.p[k])) {
            phrase_between(t, listed++, n);
            write_unchecked(t, c, k);
        }
}

static int is_warned(const report_result *r, unsigned warning)
{
    return r->kind == REPORT_CLASSIFICATION && (r->classification.warnings & warning);
}

void warning_declared(text *t, const report_result *r)
{
    if (is_warned(r, CLASSIFICATION_DECLARED_UNKNOWN))
        text_append(t, "the declared origin is in no library: whether the parcel is of it cannot be tested");
}

void warning_library(text *t, const report_result *r)
{
    if (is_warned(r, CLASSIFICATION_OWN_LIBRARY))
        text_append(t, "the parcel is one of the model's own reference libraries: this says nothing of new specimens");
}

void warning_medium(text *t, const report_result *r)
{
    if (is_warned(r, CLASSIFICATION_MEDIUM_OF_MODEL | CLASSIFICATION_MEDIUM_OF_PARCEL))
        text_append(t, "the wavelengths' medium (air or vacuum) is stated for the %s only: they can differ by 0.3 nm",
                    is_warned(r, CLASSIFICATION_MEDIUM_OF_MODEL) ? "model" : "parcel");
}

/* Gelman and Rubin's R-hat above 1.05: the chains have not come to the same answer. */
void warning_sampling(text *t, const report_result *r)
{
    const composition *c = &r->classification.composition;
    double worst = 0;
    if (r->kind != REPORT_CLASSIFICATION)
        return;
    for (size_t i = 0; i < c->n_shares; i++)
        worst = fmax(worst, c->shares[i].by_number.r_hat);
    if (worst > 1.05)
        text_append(
            t, "the simulation of the composition has not settled (R-hat %s): its intervals are not to be relied on",
            svg_decimal(worst, 2).name);
}

/* ------------------------------------------------------------------------------------------------ of a validation */

void warning_open_set(text *t, const report_result *r)
{
    const validation_result *v = &r->validation;
    if (r->kind != REPORT_VALIDATION || !(v->warnings & VALIDATION_OPEN_SET))
        return;
    const open_set_counts *misled = &v->open_set[v->misled_origin];
    text_append(
        t,
        "likelihood ratios weigh the origins of the library against one another alone: of %s's specimens, were it not "
        "in the library, %.0f of %.0f would get one above 10 for a wrong origin",
        v->origins.at[v->misled_origin], misled->above_10, misled->n);
}

void warning_confound(text *t, const report_result *r)
{
    const validation_result *v = &r->validation;
    if (r->kind != REPORT_VALIDATION || !(v->warnings & VALIDATION_CONFOUND))
        return;
    text_append(t, "the library may have learned how it was measured: what should carry no origin (");
    for (size_t i = 0; i < v->audit.n_features; i++)
        text_append(t, "%s%s", i ? ", " : "", v->audit.features[i]);
    text_append(t, ") tells origins with a balanced accuracy of %.2f, the spectra with %.2f",
                v->audit.nuisance.balanced_accuracy, v->likeliest.balanced_accuracy);
}

void warning_session(text *t, const report_result *r)
{
    const validation_result *v = &r->validation;
    const audit *a = &v->audit;
    if (r->kind != REPORT_VALIDATION || !(v->warnings & VALIDATION_SESSION))
        return;
    text_append(
        t,
        "spectra tell in which session a specimen was measured: right for %zu of %zu specimens within their "
        "origin, %.0f expected by chance (p = %.1e)%s",
        a->session_right, a->session_n, a->session_chance * (double)a->session_n, a->session_p,
        v->new_sessions ? "" : ": leave sessions out to see what a session that no library has does to these figures");
}
