/* What a report says in sentences beside its numbers. */
#include "report/statements.h"

#include "dataset/protocol_folds.h"
#include "report/phrase.h"
#include "report/reasons.h"
#include "report/svg.h"
#include "report/warnings.h"

#include <math.h>
#include <string.h>

void statements_clear(statements *s)
{
    for (size_t i = 0; i < s->n; i++)
        text_clear(&s->at[i]);
    *s = (statements){0};
}

static text *next(statements *s)
{
    return &s->at[s->n++];
}

static void say(statements *s, const char *sentence)
{
    text_append(next(s), "%s", sentence);
}

static adamas_status finish(statements *s, adamas_error *error)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i].failed) {
            statements_clear(s);
            return status_no_memory(error);
        }
    return ADAMAS_OK;
}

/* ------------------------------------------------------------------------------------------------ warnings */

adamas_status statements_warnings(statements *out, const report_result *r, adamas_error *error)
{
    *out = (statements){0};
    for (size_t i = 0; warnings_all[i]; i++) {
        warnings_all[i](&out->at[out->n], r);
        out->n += out->at[out->n].at || out->at[out->n].failed;
    }
    return finish(out, error);
}

/* ------------------------------------------------------------------------------------------------ basis of evidence */

static int has_evidence(const report_result *r)
{
    const specimen_results *v = report_specimens(r);
    return v && v->has_evidence;
}

/* What was held out behind the evidence; a validation says of its own folds more below. */
static void say_held_out(statements *s, const report_result *r)
{
    int is_parcel = r->kind == REPORT_CLASSIFICATION, by_locality = report_holds_out_localities(r);
    text *t = next(s);
    text_append(t, by_locality ? "Localities were held out" : "Specimens were held out, not localities");
    if (is_parcel)
        text_append(t, ", in %zu folds", r->classification.n_folds);
    if (by_locality)
        text_append(t, ": each specimen of the libraries was judged by a model that knew no specimen of its locality, "
                       "because the next parcel comes from a place that no library holds.");
    else
        text_append(t,
                    "%s: what is said holds for stones of the libraries' own places, and may be too sure for any other "
                    "place.",
                    is_parcel ? ", because not every origin has three localities in the libraries" : "");
    text_append(t, report_holds_out_sessions(r)
                       ? " Sessions were held out with them, because a parcel is measured in a session that no library "
                         "holds."
                       : " Sessions were not held out: what is said may be too sure for a session that no library "
                         "holds.");
}

static void say_typicality(statements *s, const report_result *r)
{
    double epsilon = report_specimens(r)->epsilon;
    double bound =
        r->kind == REPORT_CLASSIFICATION ? r->classification.typicality_bound : r->validation.typicality_bound;
    char written[32];
    text_of_number(written, epsilon);
    text *t = next(s);
    text_append(t,
                "Typicality is a p-value: the share of held-out specimens of an origin, the stone counted among "
                "them, that are no more like that origin than the stone is. An origin is rejected for a stone where "
                "p is at most %s; the answer is the origins that are not rejected.",
                written);
    if (!isnan(bound)) {
        text_append(t, " Of stones that are drawn like the library's, at most ");
        phrase_share(t, bound);
        text_append(t, " lose their true origin by it (bound for so many specimens and folds); about ");
        phrase_share(t, epsilon);
        text_append(t, " is expected.");
    }
}

/* What was tried, and what was not: of places or of sessions. */
static void say_what_is_new(text *t, int is_new, const char *is_of, const char *same)
{
    if (is_new)
        text_append(t, " The next parcel %s that no library holds: this is what was tried.", is_of);
    else
        text_append(t,
                    " Specimens of the same %s stood on both sides if a library has them: a parcel that %s that no "
                    "library holds may be judged worse.",
                    same, is_of);
}

static void say_left_out(statements *s, const validation_result *v)
{
    text *t = next(s);
    if (v->leave == ADAMAS_LEAVE_FOLDS)
        text_append(t, "The specimens were dealt to groups, and each group was left out of the library in turn");
    else if (v->leave == ADAMAS_LEAVE_LOCALITY_SESSION)
        text_append(t, "The localities and the sessions were dealt to parts, and each part of the localities was left "
                       "out of the library together with each part of the sessions in turn");
    else
        text_append(t, "Each %s was left out of the library in turn", folds_leave_name(v->leave));
    text_append(t, ": whatever the method fits was fitted anew without %s.",
                v->leave == ADAMAS_LEAVE_LOCALITY_SESSION ? "either" : "it");
    if (v->new_localities && v->new_sessions) {
        say_what_is_new(t, 1, "comes from a place and is measured in a session", NULL);
    } else {
        say_what_is_new(t, v->new_localities, "comes from a place", "place");
        say_what_is_new(t, v->new_sessions, "is measured in a session", "session");
    }
}

static void say_lr(statements *s)
{
    say(s,
        "A likelihood ratio (LR) says how many times more probable the spectra are under the first proposition than "
        "under the second; log10 LR 2 is an LR of 100. It is calibrated on specimens that were held out, and bounded "
        "by what the number of independent ones supports. The words are those of the ENFSI Guideline for Evaluative "
        "Reporting (2015) and stand beside the number, never for it.");
}

static void say_no_evidence(statements *s, const report_result *r)
{
    text reason = {0};
    reason_no_evidence(&reason, r);
    if (reason.at || reason.failed) {
        text *t = next(s);
        text_append(t, "No typicality and no likelihood ratios are given: %s.", reason.at ? reason.at : "");
        t->failed |= reason.failed;
    }
    text_clear(&reason);
}

adamas_status statements_basis(statements *out, const report_result *r, adamas_error *error)
{
    *out = (statements){0};
    say_no_evidence(out, r);
    if (has_evidence(r))
        say_held_out(out, r);
    if (r->kind == REPORT_VALIDATION)
        say_left_out(out, &r->validation);
    if (has_evidence(r)) {
        say_typicality(out, r);
        say_lr(out);
    }
    return finish(out, error);
}

/* ------------------------------------------------------------------------------------------------ propositions */

static void write_alpha(text *t, const classification *c)
{
    for (size_t i = 0; i < c->composition.n_shares; i++)
        text_append(t, "%s%s %s", i ? ", " : "", report_share_name(c, i),
                    svg_decimal(c->composition.shares[i].alpha, 2).name);
}

static void say_parcel(statements *s, const classification *c)
{
    if (!c->composition.n_shares)
        return;
    text *t = next(s);
    text_append(t,
                "The parcel's composition: before the spectra are seen, the shares of the origins are held to follow "
                "a Dirichlet distribution with weights ");
    write_alpha(t, c);
    text_append(t, ". \"None of these\" is an origin that no library holds.");
    if (c->declared_test.n_limits)
        text_append(next(s),
                    "The declared origin: that all stones measured come from %s, against that the shares follow the "
                    "distribution above.",
                    c->declared);
}

adamas_status statements_propositions(statements *out, const report_result *r, adamas_error *error)
{
    *out = (statements){0};
    size_t n = has_evidence(r) ? report_origins(r)->n : 0;
    if (n > 1) {
        text *t = next(out);
        text_append(t, "Each %s: that it comes from the origin named, against that it comes from ",
                    r->kind == REPORT_VALIDATION ? "specimen" : "stone");
        if (n == 2)
            text_append(t, "the other.");
        else
            text_append(t, "one of the other %zu, each with weight 1/%zu.", n - 1, n - 1);
    }
    if (r->kind == REPORT_CLASSIFICATION)
        say_parcel(out, &r->classification);
    return finish(out, error);
}

/* ------------------------------------------------------------------------------------------------ limits */

static void say_of_places(statements *s, const classification *c)
{
    say(s, "It cannot tell a stone of an origin that no library holds from a stone of a library where the two look "
           "alike: a stranger who resembles a library cannot be told from it.");
    if (report_is_of_own_localities(c))
        say(s, "It speaks of the libraries' own localities only: no origin has two localities in them, so how much "
               "places of one origin differ cannot be known.");
    else if (c->specimens.has_evidence)
        say(s, "Typicality's bound holds for stones drawn like the library's. For places that no library holds it is "
               "measured by validation, and not promised.");
}

static void say_of_numbers(statements *s, const classification *c)
{
    if (!c->specimens.has_evidence)
        return;
    say(s, "It quotes no likelihood ratio beyond the bounds of the libraries, and none for an origin that a stone's "
           "typicality rejects.");
    text *t = NULL;
    for (size_t o = 0; o < c->origins.n; o++)
        if (!c->specimens.rejectable[o]) {
            text_append(t ? t : next(s),
                        t ? ", %s"
                          : "It neither supports nor excludes origins that have too few "
                            "specimens in the libraries: %s",
                        c->origins.at[o]);
            t = &s->at[s->n - 1];
        }
    if (t)
        text_append(t, ".");
}

static void say_of_unmeasured(statements *s, const classification *c)
{
    size_t n = classification_stones(c), evaluated = classification_judged(c);
    size_t rest = report_not_measured(c), no_mass = c->composition.n_without_mass;
    text *t = next(s);
    if (rest > 0) {
        text_append(t, "It says nothing of any one of the ");
        phrase_count(t, (double)rest);
        text_append(t, " stones that were not measured; what is said of the whole parcel supposes that those measured "
                       "were drawn from it at random.");
    } else {
        text_append(t, "It says nothing of stones that were not measured.");
    }
    if (evaluated < n)
        text_append(next(s), "It says nothing of %zu stone%s measured without a shot of use.", n - evaluated,
                    n - evaluated == 1 ? "" : "s");
    if (no_mass > 0)
        text_append(next(s), "Shares by carats leave out %zu stone%s whose mass is not known.", no_mass,
                    no_mass == 1 ? "" : "s");
}

static void say_of_parcel(statements *s, const classification *c)
{
    if (c->specimens.has_evidence)
        say(s,
            "The likelihood ratios of single stones must not be multiplied: stones of a parcel share their place and "
            "their session, and the product would be far too sure. What is said of the parcel takes this into "
            "account.");
    if (c->composition.n_shares) {
        text_append(next(s),
                    "The parcel's numbers come from simulation (%zu chains of %zu draws, always the same for "
                    "the same input): they have a Monte Carlo error, which R-hat and the effective number of "
                    "draws show for the shares.",
                    c->composition.n_chains, c->composition.n_draws);
        say(s,
            "The shares, and a stone's probability within the parcel, hold with the prior weights shown; with others "
            "they would differ.");
    }
    if (c->declared_test.n_limits)
        say(s, "Not to be inconsistent with a declared origin is no proof of it: foreign stones fewer than the share "
               "that would have been revealed may be there.");
}

static void say_of_validation(statements *s)
{
    say(s, "It speaks of this method with these libraries: another library, instrument or laboratory needs a "
           "validation of its own.");
    say(s, "Origins that no library holds were tried only by leaving out those that it does hold: a stranger who "
           "resembles a library cannot be told from it.");
}

static void say_of_plan(statements *s)
{
    say(s, "It supposes that the stones to be measured are drawn at random, and that foreign stones are like "
           "those that the libraries let it try.");
    say(s, "Foreign stones from a place that resembles the declared origin may not be revealed by any number.");
}

adamas_status statements_limits(statements *out, const report_result *r, adamas_error *error)
{
    *out = (statements){0};
    if (report_model(r)->is_synthetic)
        say(out, "It says nothing of real stones: the reference spectra were computed, not measured.");
    if (r->kind == REPORT_CLASSIFICATION) {
        say_of_places(out, &r->classification);
        say_of_numbers(out, &r->classification);
        say_of_unmeasured(out, &r->classification);
        say_of_parcel(out, &r->classification);
    } else if (r->kind == REPORT_VALIDATION) {
        say_of_validation(out);
    } else {
        say_of_plan(out);
    }
    return finish(out, error);
}
