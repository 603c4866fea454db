/* The sentence at the top of a report. */
#include "report/conclusion.h"

#include "base/memory.h"
#include "dataset/protocol_folds.h"
#include "report/lr_words.h"
#include "report/phrase.h"
#include "report/reasons.h"
#include "report/svg.h"
#include "report/warnings.h"

#include <math.h>
#include <stdlib.h>

/* "the one stone measured", "the 58 stones that could be judged, of 60 measured". */
static void write_specimens(text *t, const classification *c)
{
    size_t evaluated = classification_judged(c), n = classification_stones(c);
    if (evaluated < n) {
        text_append(t, "the %zu stone%s that could be judged, of %zu measured,", evaluated, evaluated == 1 ? "" : "s",
                    n);
        return;
    }
    text_append(t, n == 1 ? "the one stone measured" : "the %zu stones measured", n);
}

/* Specimens that no spectrum was taken of: no sentence may seem to speak of them. */
static void write_reach(text *t, const classification *c)
{
    size_t rest = report_not_measured(c);
    if (report_is_of_own_localities(c))
        text_append(t, "; this speaks of the libraries' own localities only");
    if (rest > 0) {
        text_append(t, "; ");
        phrase_count(t, (double)rest);
        text_append(t, " stone%s of the parcel %s not measured", rest == 1 ? "" : "s", rest == 1 ? "was" : "were");
    }
}

/* ------------------------------------------------------------------------------------------------ declared origin */

static void write_foreign(text *t, const declared_test *d)
{
    if (isnan(d->foreign))
        return;
    text_append(t, "; the share of stones from elsewhere is estimated at ");
    phrase_share(t, d->foreign);
    if (d->is_inconsistent && !isnan(d->threshold)) {
        text_append(t, ", above the ");
        phrase_share(t, d->threshold);
        text_append(t, " that 19 of 20 parcels wholly from there do not exceed,");
    }
    if (!isnan(d->foreign_high)) {
        text_append(t, " and is, with 95 %% probability, at most ");
        phrase_share_up(t, d->foreign_high);
    }
}

static void write_inconsistent(text *t, const classification *c)
{
    write_specimens(t, c);
    text_append(t, " are inconsistent with all coming from %s, as declared (", c->declared);
    lr_words_declared(t, &c->declared_test);
    text_append(t, ")");
    write_foreign(t, &c->declared_test);
}

static void write_some_foreign(text *t, const classification *c)
{
    const declared_test *d = &c->declared_test;
    write_specimens(t, c);
    text_append(t,
                " are not shown to be inconsistent with coming from %s, as declared, but %zu of them %s probably "
                "from elsewhere",
                c->declared, d->n_foreign, d->n_foreign == 1 ? "is" : "are");
    if (!isnan(d->false_discovery)) {
        text_append(t, " (of stones so flagged ");
        phrase_share(t, d->false_discovery);
        text_append(t, " are expected to be flagged wrongly; ");
        lr_words_declared(t, d);
        text_append(t, ")");
    }
    write_foreign(t, d);
}

static void write_consistent(text *t, const classification *c)
{
    write_specimens(t, c);
    text_append(t,
                " are consistent with all coming from %s, as declared, within this limit: the method would have "
                "revealed a foreign share of ",
                c->declared);
    phrase_share_up(t, c->declared_test.detection_limit);
    text_append(t, " or more in 19 of 20 cases, and a smaller one may be there unseen (");
    lr_words_declared(t, &c->declared_test);
    text_append(t, ")");
}

static void write_undecided(text *t, const classification *c)
{
    int is_one = classification_judged(c) == 1;
    text_append(t, "the spectra cannot tell whether ");
    write_specimens(t, c);
    text_append(t, is_one ? " comes from %s, as declared" : " all come from %s, as declared", c->declared);
    if (isnan(c->declared_test.detection_limit))
        text_append(t, is_one ? ": by one stone this method would not have revealed a foreign one in 19 of 20 cases"
                              : ": with so many stones this method would not have revealed any share of foreign ones "
                                "in 19 of 20 cases");
    text_append(t, " (");
    lr_words_declared(t, &c->declared_test);
    text_append(t, ")");
}

/* "Consistent" needs more than the want of a contradiction: that foreign specimens would have been detected, that none
 * was, and that the likelihood ratio does not speak for another composition. */
static void write_declared(text *t, const classification *c)
{
    const declared_test *d = &c->declared_test;
    if (d->is_inconsistent)
        write_inconsistent(t, c);
    else if (d->n_foreign > 0)
        write_some_foreign(t, c);
    else if (isfinite(d->detection_limit) && !(d->log10_lr <= -log10(2)))
        write_consistent(t, c);
    else
        write_undecided(t, c);
    write_reach(t, c);
}

/* ------------------------------------------------------------------------------------------------ composition */

enum { max_named = 4 };

static const chains_summary *estimate_of(const classification *c, size_t share, int of_whole)
{
    const composition_share *s = &c->composition.shares[share];
    return of_whole ? &s->whole_parcel : &s->by_number;
}

/* The shares by falling mean, but the last, "none of these", stays last. order[n_shares]. */
static void sort_shares(const classification *c, int of_whole, size_t *order)
{
    size_t n = c->composition.n_shares;
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        for (; i + 1 < n && at > 0 && estimate_of(c, order[at - 1], of_whole)->mean < estimate_of(c, i, of_whole)->mean;
             at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static void write_share(text *t, const classification *c, size_t share, int of_whole, int is_short)
{
    const chains_summary *s = estimate_of(c, share, of_whole);
    phrase_estimate(t, s->mean, s->low, s->high, is_short);
}

static void write_shares(text *t, const classification *c, const size_t *order, int of_whole)
{
    size_t n = c->composition.n_shares, named = n - 1 > max_named ? max_named : n - 1;
    for (size_t i = 0; i < named; i++) {
        write_share(t, c, order[i], of_whole, i > 0);
        text_append(t, " from %s, ", report_share_name(c, order[i]));
    }
    text_append(t, "and ");
    write_share(t, c, order[n - 1], of_whole, named > 0);
    text_append(t, " from none of these origins");
    if (named < n - 1)
        text_append(t, ", the rest from the libraries' other %zu", n - 1 - named);
}

static void write_composition(text *t, const classification *c)
{
    int of_whole = c->composition.has_whole && report_not_measured(c) > 0;
    size_t *order = memory_new(c->composition.n_shares, sizeof *order);
    if (!order) {
        t->failed = 1;
        return;
    }
    sort_shares(c, of_whole, order);
    if (of_whole) {
        text_append(t, "of the parcel's ");
        phrase_count(t, (double)c->composition.n_whole);
        text_append(t, " stones, judged by ");
    } else {
        text_append(t, "of ");
    }
    write_specimens(t, c);
    text_append(t, " an estimated ");
    write_shares(t, c, order, of_whole);
    free(order);
    write_reach(t, c);
}

/* ------------------------------------------------------------------------------------------------ single specimens */

static size_t count_standing(const specimen_results *v, size_t specimen, origin_standing standing)
{
    size_t n = 0;
    for (size_t o = 0; o < v->n_origins; o++)
        n += specimen_results_standing(v, specimen, o) == standing;
    return n;
}

static void write_names(text *t, const classification *c, size_t specimen, origin_standing standing, size_t n)
{
    for (size_t o = 0, listed = 0; o < c->origins.n; o++)
        if (specimen_results_standing(&c->specimens, specimen, o) == standing) {
            phrase_between(t, listed++, n);
            text_append(t, "%s", c->origins.at[o]);
        }
}

/* Of the first origin for which one is quoted; NaN if none is. */
static double first_lr(const specimen_results *v, size_t specimen)
{
    size_t o = 0;
    while (o < v->n_origins && specimen_results_standing(v, specimen, o) != ORIGIN_NOT_REJECTED)
        o++;
    return o < v->n_origins ? specimen_results_log10_lr(v, specimen, o) : NAN;
}

static void write_one_specimen(text *t, const classification *c)
{
    const specimen_results *v = &c->specimens;
    size_t k = 0;
    while (!classification_is_judged(c, k))
        k++;
    size_t listed = count_standing(v, k, ORIGIN_NOT_REJECTED), open = count_standing(v, k, ORIGIN_NOT_EXCLUDED);
    double lr = first_lr(v, k);
    write_specimens(t, c);
    if (listed == 0)
        text_append(t, open ? " is unlike every library that could tell"
                            : " is unlike every library: no origin is supported");
    else if (listed > 1)
        text_append(t, " is not resolved between ");
    else
        text_append(t, lr <= -log10(2) ? " is not rejected for one origin alone, "
                                       : " is like the stones of one library's origin, ");
    write_names(t, c, k, ORIGIN_NOT_REJECTED, listed);
    if (listed == 1)
        lr_words_specimen(t, lr);
    if (open) {
        text_append(t, "; not to be excluded, for want of specimens in the library: ");
        write_names(t, c, k, ORIGIN_NOT_EXCLUDED, open);
    }
    write_reach(t, c);
}

/* If no composition is known: what the answers to the specimens were. */
static void write_answers(text *t, const report_result *r)
{
    const classification *c = &r->classification;
    size_t one = 0, several = 0, none = 0;
    for (size_t k = 0; k < c->specimens.n_specimens; k++) {
        size_t n = count_standing(&c->specimens, k, ORIGIN_NOT_REJECTED);
        if (!classification_is_judged(c, k))
            continue;
        one += n == 1;
        several += n > 1;
        none += n == 0;
    }
    text_append(t, "of ");
    write_specimens(t, c);
    text_append(t,
                " %zu %s like the stones of one origin only, %zu %s not resolved between several, and %zu %s like "
                "none; the parcel's composition is not estimated",
                one, one == 1 ? "is" : "are", several, several == 1 ? "is" : "are", none, none == 1 ? "is" : "are");
    text reason = {0};
    reason_no_composition(&reason, r);
    if (reason.at)
        text_append(t, ": %s", reason.at);
    t->failed |= reason.failed;
    text_clear(&reason);
    write_reach(t, c);
}

static void write_no_evidence(text *t, const report_result *r, size_t evaluated)
{
    text reason = {0};
    reason_no_evidence(&reason, r);
    text_append(t, "where %s from cannot be said as evidence: %s",
                evaluated == 1 ? "this stone comes" : "these stones come",
                reason.at ? reason.at : "the model has no calibration");
    t->failed |= reason.failed;
    text_clear(&reason);
}

static void write_classification(text *t, const report_result *r)
{
    const classification *c = &r->classification;
    size_t evaluated = classification_judged(c);
    if (evaluated == 0) {
        text_append(t, "no stone of the parcel has a shot of use: nothing can be said of its origin");
    } else if (!c->specimens.has_evidence) {
        write_no_evidence(t, r, evaluated);
    } else if (report_differs(c)) {
        text_append(t, "nothing is concluded of where these stones come from: ");
        warning_differs(t, c);
    } else if (c->declared_test.n_limits) {
        write_declared(t, c);
    } else if (evaluated == 1) {
        write_one_specimen(t, c);
    } else if (c->composition.n_shares > 1) {
        write_composition(t, c);
    } else {
        write_answers(t, r);
    }
}

/* ------------------------------------------------------------------------------------------------ validation, plan */

static void write_open_set(text *t, const validation_result *v)
{
    double n = 0, none = 0;
    for (size_t o = 0; v->open_set && o < v->origins.n; o++)
        if (v->open_set[o].n > 0) {
            n += v->open_set[o].n;
            none += v->open_set[o].none;
        }
    if (n > 0) {
        text_append(t, "; of specimens from an origin that the library lacked ");
        phrase_share(t, none / n);
        text_append(t, " were answered \"none\"");
    }
}

static void write_validation(text *t, const validation_result *v)
{
    const metrics *m = &v->likeliest;
    if (!m->n) {
        text_append(t, "no specimen could be judged: nothing can be said of this method");
        return;
    }
    text_append(t, "this method named the true origin of ");
    phrase_estimate(t, m->accuracy, m->accuracy_low, m->accuracy_high, 0);
    text_append(t, " of %zu specimens while ", m->n);
    if (v->leave == ADAMAS_LEAVE_FOLDS)
        text_append(t, "they were left out of the library");
    else if (v->leave == ADAMAS_LEAVE_LOCALITY_SESSION)
        text_append(t, "their localities and sessions were left out of the library together");
    else
        text_append(t, "their %s was left out of the library", folds_leave_name(v->leave));
    if (v->specimens.has_evidence && !isnan(v->performance.cllr))
        text_append(t, "; the cost of its likelihood ratios, Cllr, is %s (0 is perfect, 1 says nothing)",
                    svg_decimal(v->performance.cllr, 2).name);
    if (v->specimens.has_evidence && !isnan(v->coverage.covered)) {
        text_append(t, "; its answers hold the true origin for ");
        phrase_share(t, v->coverage.covered);
    }
    write_open_set(t, v);
}

static void write_plan(text *t, const plan_result *p)
{
    size_t enough = p->plan.specimens;
    text_append(t, enough ? "measure " : "no number of stones suffices: even with all ");
    phrase_count(t, (double)(enough ? enough : p->n_parcel));
    text_append(t, enough ? " of the " : " measured this method would not reveal");
    if (enough) {
        phrase_count(t, (double)p->n_parcel);
        text_append(t, " stones to reveal");
    }
    text_append(t, " a share of ");
    phrase_share(t, p->share);
    text_append(t, " of foreign ones%s%s in ", p->declared ? " in a parcel declared " : "",
                p->declared ? p->declared : "");
    phrase_chance(t, p->confidence);
    text_append(t, " cases");
}

void conclusion_write(text *out, const report_result *r)
{
    text said = {0};
    if (r->kind == REPORT_CLASSIFICATION)
        write_classification(&said, r);
    else if (r->kind == REPORT_VALIDATION)
        write_validation(&said, &r->validation);
    else
        write_plan(&said, &r->plan);
    if (said.at && said.at[0] >= 'a' && said.at[0] <= 'z')
        said.at[0] = (char)(said.at[0] - 'a' + 'A');
    text_append(out, "%s%s.", report_model(r)->is_synthetic ? "Synthetic reference spectra: not evidence. " : "",
                said.at ? said.at : "");
    out->failed |= said.failed;
    text_clear(&said);
}
