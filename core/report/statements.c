#include "report/statements.h"

#include "report/phrase.h"
#include "report/svg.h"

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

/* -------------------------------------------------------------------------------------------------- the ground */

static void say_held_out(statements *s, const result *r)
{
    const char *held_out = reading_fact(r, "held_out");
    double folds = reading_number(r, "folds");
    if (!held_out)
        return;
    text *t = next(s);
    int by_locality = strcmp(held_out, "locality") == 0;
    text_append(t, by_locality ? "Localities were held out" : "Specimens were held out, not localities");
    if (folds > 0)
        text_append(t, ", in %.0f folds", folds);
    text_append(t, by_locality ? ": each specimen of the libraries was judged by a model that knew no specimen of its "
                                 "locality, because the next parcel comes from a place that no library holds."
                               : ", because not every origin has three localities in the libraries: what is said holds "
                                 "for stones of the libraries' own places, and may be too sure for any other place.");
}

static void say_typicality(statements *s, const result *r)
{
    double epsilon = reading_number(r, "epsilon"), bound = reading_number(r, "typicality/bound");
    if (isnan(epsilon))
        return;
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

static void say_left_out(statements *s, const result *r)
{
    const char *leave = reading_fact(r, "leave");
    if (!leave)
        return;
    text *t = next(s);
    if (strcmp(leave, "folds") == 0)
        text_append(t, "The specimens were dealt to groups, and each group was left out of the library in turn");
    else
        text_append(t, "Each %s was left out of the library in turn", leave);
    text_append(
        t, ": whatever the method fits was fitted anew without it.%s",
        strcmp(leave, "locality") == 0
            ? " The next parcel comes from a place that no library holds: this is what was tried."
            : " Specimens of the same place stood on both sides where a library has them: a parcel from a place "
              "that no library holds may be judged worse.");
}

static void say_lr(statements *s)
{
    say(s,
        "A likelihood ratio (LR) says how many times more probable the spectra are under the first proposition than "
        "under the second; log10 LR 2 is an LR of 100. It is calibrated on specimens that were held out, and bounded "
        "by what the number of independent ones supports. The words are those of the ENFSI Guideline for Evaluative "
        "Reporting (2015) and stand beside the number, never for it.");
}

adamas_status statements_ground(statements *out, const result *r, adamas_error *error)
{
    *out = (statements){0};
    const char *why = reading_fact(r, "no_evidence");
    if (why)
        text_append(next(out), "No typicality and no likelihood ratios are given: %s.", why);
    say_held_out(out, r);
    say_left_out(out, r);
    if (reading_has(r, ADAMAS_SPECIMENS, "answer")) {
        say_typicality(out, r);
        say_lr(out);
    }
    return finish(out, error);
}

/* -------------------------------------------------------------------------------------------------- propositions */

static void put_alpha(text *t, const result *r)
{
    size_t n = reading_rows(r, ADAMAS_SHARES);
    for (size_t i = 0; i < n; i++)
        text_append(t, "%s%s %s", i ? ", " : "", reading_text(r, ADAMAS_SHARES, "origin", i),
                    svg_decimal(reading_cell(r, ADAMAS_SHARES, "alpha", i), 2).name);
}

static void say_parcel(statements *s, const result *r)
{
    const char *declared = reading_fact(r, "declared");
    if (!reading_has(r, ADAMAS_SHARES, "alpha"))
        return;
    text *t = next(s);
    text_append(t,
                "The parcel's composition: before the spectra are seen, the shares of the origins are held to follow "
                "a Dirichlet distribution with weights ");
    put_alpha(t, r);
    text_append(t, ". \"None of these\" is an origin that no library holds.");
    if (!declared || !reading_has_number(r, "declared/log10_lr"))
        return;
    t = next(s);
    text_append(t,
                "The declared origin: that all stones measured come from %s, against that the shares follow the "
                "distribution above.",
                declared);
}

adamas_status statements_propositions(statements *out, const result *r, adamas_error *error)
{
    *out = (statements){0};
    size_t n = reading_rows(r, ADAMAS_ORIGINS);
    if (reading_has(r, ADAMAS_SPECIMENS, "answer") && n > 1) {
        text *t = next(out);
        text_append(t, "Each %s: that it comes from the origin named, against that it comes from ",
                    r->kind == RESULT_VALIDATION ? "specimen" : "stone");
        if (n == 2)
            text_append(t, "the other.");
        else
            text_append(t, "one of the other %zu, each with weight 1/%zu.", n - 1, n - 1);
    }
    say_parcel(out, r);
    return finish(out, error);
}

/* -------------------------------------------------------------------------------------------------- limits */

static void say_of_places(statements *s, const result *r)
{
    say(s, "It cannot tell a stone of an origin that no library holds from a stone of a library where the two look "
           "alike: a stranger who resembles a library cannot be told from it.");
    if (reading_has_number(r, "parcel/rho") && isnan(reading_number(r, "parcel/rho")))
        say(s, "It speaks of the libraries' own localities only: no origin has two localities in them, so how much "
               "places of one origin differ cannot be known.");
    else if (reading_has(r, ADAMAS_SPECIMENS, "answer"))
        say(s, "Typicality's bound holds for stones drawn like the library's. For places that no library holds it is "
               "measured by validation, and not promised.");
}

static void say_of_numbers(statements *s, const result *r)
{
    if (!reading_has(r, ADAMAS_SPECIMENS, "answer"))
        return;
    say(s, "It quotes no likelihood ratio beyond the bounds of the libraries, and none for an origin that a stone's "
           "typicality rejects.");
    text *t = NULL;
    for (size_t o = 0; o < reading_rows(r, ADAMAS_ORIGINS); o++)
        if (reading_cell(r, ADAMAS_ORIGINS, "rejectable", o) == 0) {
            text_append(t ? t : next(s),
                        t ? ", %s"
                          : "It neither supports nor excludes origins that have too few "
                            "specimens in the libraries: %s",
                        reading_origin(r, o));
            t = &s->at[s->n - 1];
        }
    if (t)
        text_append(t, ".");
}

static void say_of_unmeasured(statements *s, const result *r)
{
    size_t n = reading_rows(r, ADAMAS_SPECIMENS), judged = reading_judged(r);
    double rest = reading_number(r, "parcel/whole") - (double)n, no_mass = reading_number(r, "parcel/without_mass");
    text *t = next(s);
    if (rest > 0) {
        text_append(t, "It says nothing of any one of the ");
        phrase_count(t, rest);
        text_append(t, " stones that were not measured; what is said of the whole parcel supposes that those measured "
                       "were drawn from it at random.");
    } else {
        text_append(t, "It says nothing of stones that were not measured.");
    }
    if (judged < n)
        text_append(next(s), "It says nothing of %zu stone%s measured without a shot of use.", n - judged,
                    n - judged == 1 ? "" : "s");
    if (no_mass > 0)
        text_append(next(s), "Shares by carats leave out %.0f stone%s whose mass is not known.", no_mass,
                    no_mass == 1 ? "" : "s");
}

static void say_of_parcel(statements *s, const result *r)
{
    double chains = reading_number(r, "parcel/chains"), draws = reading_number(r, "parcel/draws");
    if (reading_has(r, ADAMAS_SPECIMENS, "answer"))
        say(s,
            "The likelihood ratios of single stones must not be multiplied: stones of a parcel share their place and "
            "their session, and the product would be far too sure. What is said of the parcel takes this into "
            "account.");
    if (chains > 0 && draws > 0)
        text_append(next(s),
                    "The parcel's numbers come from simulation (%.0f chains of %.0f draws, always the same for "
                    "the same input): they have a Monte Carlo error, which R-hat and the effective number of "
                    "draws show for the shares.",
                    chains, draws);
    if (reading_has(r, ADAMAS_SHARES, "mean"))
        say(s,
            "The shares, and a stone's probability within the parcel, hold with the prior weights shown; with others "
            "they would differ.");
    if (reading_has_number(r, "declared/inconsistent"))
        say(s, "Not to be inconsistent with a declared origin is no proof of it: foreign stones fewer than the share "
               "that would have been revealed may be there.");
}

adamas_status statements_limits(statements *out, const result *r, adamas_error *error)
{
    *out = (statements){0};
    if (reading_is_synthetic(r))
        say(out, "It says nothing of real stones: the reference spectra were computed, not measured.");
    if (r->kind == RESULT_CLASSIFICATION) {
        say_of_places(out, r);
        say_of_numbers(out, r);
        say_of_unmeasured(out, r);
        say_of_parcel(out, r);
    } else if (r->kind == RESULT_VALIDATION) {
        say(out, "It speaks of this method with these libraries: another library, instrument or laboratory needs a "
                 "validation of its own.");
        say(out, "Origins that no library holds were tried only by leaving out those that it does hold: a stranger who "
                 "resembles a library cannot be told from it.");
    } else {
        say(out, "It supposes that the stones to be measured are drawn at random, and that foreign stones are like "
                 "those that the libraries let it try.");
        say(out, "Foreign stones from a place that resembles the declared origin may not be revealed by any number.");
    }
    return finish(out, error);
}

/* -------------------------------------------------------------------------------------------------- warnings */

void statements_differs(text *t, const result *r)
{
    phrase_share(t, reading_number(r, "parcel/low_typicality"));
    text_append(t, " of the stones are unlike every library, as so many of a parcel like the libraries would be by "
                   "chance in under 1 %% of cases: ");
    if (reading_has_control(r) && reading_control_holds(r))
        text_append(t, "the control specimens are as they should be, so either the stones are of no library or the way "
                       "they were measured differs from the controls'");
    else
        text_append(t,
                    "this points to the way the parcel was measured, not to its stones, unless all come from a place "
                    "that no library holds; %s",
                    reading_has_control(r) ? "the control specimens are amiss too"
                                           : "control specimens should be measured first");
}

static adamas_status set_warning(result *r, const char *name, const text *t, adamas_error *error)
{
    return t->failed ? status_no_memory(error) : table_set_text(&r->facts, name, 1, &(const char *){t->at}, error);
}

static adamas_status warn_of_measuring(result *r, adamas_error *error)
{
    text t = {0};
    if (reading_differs(r)) {
        statements_differs(&t, r);
    } else if (reading_has_control(r) && !reading_control_holds(r)) {
        text_append(&t, "a control specimen is not like its own origin (p-value ");
        phrase_p(&t, reading_number(r, "control/worst_p"));
        text_append(&t,
                    "): the parcel may have been measured differently from the libraries, and then nothing below can "
                    "be relied on");
    } else {
        return ADAMAS_OK;
    }
    adamas_status status = set_warning(r, "warning/measured", &t, error);
    text_clear(&t);
    return status;
}

/* Gelman and Rubin's R-hat above 1.05: the chains have not come to the same answer. */
static adamas_status warn_of_sampling(result *r, adamas_error *error)
{
    double worst = 0;
    for (size_t i = 0; i < reading_rows(r, ADAMAS_SHARES); i++)
        worst = fmax(worst, reading_cell(r, ADAMAS_SHARES, "r_hat", i));
    if (!(worst > 1.05))
        return ADAMAS_OK;
    text t = {0};
    text_append(&t,
                "the simulation of the composition has not settled (R-hat %s): its intervals are not to be relied on",
                svg_decimal(worst, 2).name);
    adamas_status status = set_warning(r, "warning/sampling", &t, error);
    text_clear(&t);
    return status;
}

adamas_status statements_warn(result *r, adamas_error *error)
{
    if (r->kind != RESULT_CLASSIFICATION)
        return ADAMAS_OK;
    adamas_status status = warn_of_measuring(r, error);
    return status ? status : warn_of_sampling(r, error);
}
