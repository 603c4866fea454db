#include "report/conclusion.h"

#include "base/memory.h"
#include "base/text.h"
#include "evidence/verbal.h"
#include "report/phrase.h"
#include "report/statements.h"
#include "report/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "the one stone measured", "the 58 stones that could be judged, of 60 measured". */
static void put_stones(text *t, const result *r)
{
    size_t judged = reading_judged(r), n = reading_rows(r, ADAMAS_SPECIMENS);
    if (judged < n) {
        text_append(t, "the %zu stone%s that could be judged, of %zu measured,", judged, judged == 1 ? "" : "s", n);
        return;
    }
    text_append(t, n == 1 ? "the one stone measured" : "the %zu stones measured", n);
}

/* Stones that no spectrum was taken of, which no sentence may seem to speak of. */
static void put_reach(text *t, const result *r)
{
    double rest = reading_number(r, "parcel/whole") - (double)reading_rows(r, ADAMAS_SPECIMENS);
    if (reading_has_number(r, "parcel/rho") && isnan(reading_number(r, "parcel/rho")))
        text_append(t, "; this speaks of the libraries' own localities only");
    if (rest > 0) {
        text_append(t, "; ");
        phrase_count(t, rest);
        text_append(t, " stone%s of the parcel %s not measured", rest == 1 ? "" : "s", rest == 1 ? "was" : "were");
    }
}

/* "likelihood ratio 35, moderate support for the declaration". */
static void put_declared_lr(text *t, const result *r)
{
    double lr = reading_number(r, "declared/log10_lr"), low = reading_number(r, "declared/log10_lr_low"),
           high = reading_number(r, "declared/log10_lr_high");
    const char *side = lr > 0 ? " for the declaration" : " for another composition";
    if (isnan(lr)) {
        text_append(t, "no likelihood ratio is known");
        return;
    }
    int beyond = lr > high ? 1 : lr < low ? -1 : 0;
    lr = beyond > 0 ? high : beyond < 0 ? low : lr;
    text_append(t, "likelihood ratio %s", beyond > 0 ? "above " : beyond < 0 ? "below " : "");
    phrase_lr(t, lr);
    text_append(t, ", %s%s", verbal_support(lr), fabs(lr) < log10(2) ? "" : side);
    if (beyond)
        text_append(t, "; how far %s is beyond what this library can support", beyond > 0 ? "above" : "below");
}

static void put_foreign(text *t, const result *r)
{
    double mean = reading_number(r, "declared/foreign"), high = reading_number(r, "declared/foreign_high"),
           threshold = reading_number(r, "declared/threshold");
    if (!isnan(mean)) {
        text_append(t, "; the share of stones from elsewhere is estimated at ");
        phrase_share(t, mean);
        if (reading_number(r, "declared/inconsistent") == 1 && !isnan(threshold)) {
            text_append(t, ", above the ");
            phrase_share(t, threshold);
            text_append(t, " that 19 of 20 parcels wholly from there do not exceed,");
        }
        if (!isnan(high)) {
            text_append(t, " and is, with 95 %% probability, at most ");
            phrase_share(t, ceil(100 * high - 1e-9) / 100);
        }
    }
}

static void put_inconsistent(text *t, const result *r, const char *declared)
{
    put_stones(t, r);
    text_append(t, " are inconsistent with all coming from %s, as declared (", declared);
    put_declared_lr(t, r);
    text_append(t, ")");
    put_foreign(t, r);
}

static void put_flagged(text *t, const result *r, const char *declared)
{
    double n = reading_number(r, "declared/foreign_stones"), wrong = reading_number(r, "declared/false_discovery");
    put_stones(t, r);
    text_append(t,
                " are not shown to be inconsistent with coming from %s, as declared, but %.0f of them %s probably "
                "from elsewhere",
                declared, n, n == 1 ? "is" : "are");
    if (!isnan(wrong)) {
        text_append(t, " (of stones so flagged ");
        phrase_share(t, wrong);
        text_append(t, " are expected to be flagged wrongly; ");
        put_declared_lr(t, r);
        text_append(t, ")");
    }
    put_foreign(t, r);
}

static void put_consistent(text *t, const result *r, const char *declared)
{
    put_stones(t, r);
    text_append(t,
                " are consistent with all coming from %s, as declared, within this limit: the method would have "
                "revealed a foreign share of ",
                declared);
    phrase_share(t, ceil(100 * reading_number(r, "declared/revealed") - 1e-9) / 100);
    text_append(t, " or more in 19 of 20 cases, and a smaller one may be there unseen (");
    put_declared_lr(t, r);
    text_append(t, ")");
}

static void put_undecided(text *t, const result *r, const char *declared)
{
    int is_one = reading_judged(r) == 1;
    text_append(t, "the spectra cannot tell whether ");
    put_stones(t, r);
    text_append(t, is_one ? " comes from %s, as declared" : " all come from %s, as declared", declared);
    if (isnan(reading_number(r, "declared/revealed")))
        text_append(t, is_one ? ": by one stone this method would not have revealed a foreign one in 19 of 20 cases"
                              : ": with so many stones this method would not have revealed any share of foreign ones "
                                "in 19 of 20 cases");
    text_append(t, " (");
    put_declared_lr(t, r);
    text_append(t, ")");
}

/* "Consistent" needs more than the want of a contradiction: that foreign stones would have been seen, that none was,
 * and that the likelihood ratio does not speak for another composition. */
static void put_declared(text *t, const result *r, const char *declared)
{
    double inconsistent = reading_number(r, "declared/inconsistent");
    double lr = reading_number(r, "declared/log10_lr");
    int seen = reading_number(r, "declared/foreign_stones") > 0;
    if (inconsistent == 1)
        put_inconsistent(t, r, declared);
    else if (seen)
        put_flagged(t, r, declared);
    else if (inconsistent == 0 && isfinite(reading_number(r, "declared/revealed")) && !(lr <= -log10(2)))
        put_consistent(t, r, declared);
    else
        put_undecided(t, r, declared);
    put_reach(t, r);
}

enum { most_named = 4 };

/* The rows of ADAMAS_SHARES by falling mean, but the last, "none of these", stays last. order[n]. */
static void sort_shares(const result *r, const char *what, size_t n, size_t *order)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        for (; i + 1 < n && at > 0 &&
               reading_cell(r, ADAMAS_SHARES, what, order[at - 1]) < reading_cell(r, ADAMAS_SHARES, what, i);
             at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static void put_share(text *t, const result *r, size_t row, int whole, int is_short)
{
    phrase_estimate(t, reading_cell(r, ADAMAS_SHARES, whole ? "whole_mean" : "mean", row),
                    reading_cell(r, ADAMAS_SHARES, whole ? "whole_low" : "low", row),
                    reading_cell(r, ADAMAS_SHARES, whole ? "whole_high" : "high", row), is_short);
}

static void put_shares(text *t, const result *r, const size_t *order, size_t n, int whole)
{
    size_t named = n - 1 > most_named ? most_named : n - 1;
    for (size_t i = 0; i < named; i++) {
        put_share(t, r, order[i], whole, i > 0);
        text_append(t, " from %s, ", reading_text(r, ADAMAS_SHARES, "origin", order[i]));
    }
    text_append(t, "and ");
    put_share(t, r, order[n - 1], whole, named > 0);
    text_append(t, " from none of these origins");
    if (named < n - 1)
        text_append(t, ", the rest from the libraries' other %zu", n - 1 - named);
}

static adamas_status put_composition(text *t, const result *r, adamas_error *error)
{
    size_t n = reading_rows(r, ADAMAS_SHARES), *order = memory_new(n, sizeof *order);
    int whole = reading_has(r, ADAMAS_SHARES, "whole_mean") &&
                reading_number(r, "parcel/whole") > (double)reading_rows(r, ADAMAS_SPECIMENS);
    if (!order)
        return status_no_memory(error);
    sort_shares(r, whole ? "whole_mean" : "mean", n, order);
    if (whole) {
        text_append(t, "of the parcel's ");
        phrase_count(t, reading_number(r, "parcel/whole"));
        text_append(t, " stones, judged by ");
        put_stones(t, r);
    } else {
        text_append(t, "of ");
        put_stones(t, r);
    }
    text_append(t, " an estimated ");
    put_shares(t, r, order, n, whole);
    free(order);
    put_reach(t, r);
    return ADAMAS_OK;
}

static size_t first_judged(const result *r)
{
    size_t i = 0;
    while (!reading_is_judged(r, i))
        i++;
    return i;
}

static void put_names(text *t, const result *r, size_t specimen, int standing, size_t n)
{
    for (size_t o = 0, listed = 0; o < reading_rows(r, ADAMAS_ORIGINS); o++)
        if (reading_standing(r, specimen, o) == standing) {
            phrase_between(t, listed++, n);
            text_append(t, "%s", reading_origin(r, o));
        }
}

static size_t count_standing(const result *r, size_t specimen, int standing)
{
    size_t n = 0;
    for (size_t o = 0; o < reading_rows(r, ADAMAS_ORIGINS); o++)
        n += reading_standing(r, specimen, o) == standing;
    return n;
}

/* Of the first origin that is not rejected; NaN where none is quoted. */
static double stone_lr(const result *r, size_t specimen)
{
    size_t o = 0;
    while (o < reading_rows(r, ADAMAS_ORIGINS) && reading_standing(r, specimen, o) != READING_QUOTED)
        o++;
    return o < reading_rows(r, ADAMAS_ORIGINS)
               ? reading_cell_of(r, ADAMAS_SPECIMENS, "log10_lr", reading_origin(r, o), specimen)
               : NAN;
}

static void put_stone_lr(text *t, double lr)
{
    if (isnan(lr))
        return;
    text_append(t, " (likelihood ratio against the libraries' other origins ");
    phrase_lr(t, lr);
    text_append(t, ", %s%s)", verbal_support(lr),
                fabs(lr) < log10(2) ? ""
                : lr > 0            ? " for this origin"
                                    : " for the others");
    if (lr <= -log10(2))
        text_append(t, "; the likelihood ratio supports the others, yet the stone is not typical of any of them, so "
                       "no origin is supported");
}

static void put_one_stone(text *t, const result *r)
{
    size_t stone = first_judged(r), quoted = count_standing(r, stone, READING_QUOTED);
    size_t open = count_standing(r, stone, READING_NOT_EXCLUDED);
    double lr = stone_lr(r, stone);
    put_stones(t, r);
    if (quoted == 0)
        text_append(t, open ? " is unlike every library that could tell"
                            : " is unlike every library: no origin is supported");
    else if (quoted > 1)
        text_append(t, " is not resolved between ");
    else
        text_append(t, lr <= -log10(2) ? " is not rejected for one origin alone, "
                                       : " is like the stones of one library's origin, ");
    put_names(t, r, stone, READING_QUOTED, quoted);
    if (quoted == 1)
        put_stone_lr(t, lr);
    if (open) {
        text_append(t, "; not to be excluded, for want of specimens in the library: ");
        put_names(t, r, stone, READING_NOT_EXCLUDED, open);
    }
    put_reach(t, r);
}

/* Where no composition is known: what the stones' answers were. */
static void put_answers(text *t, const result *r)
{
    size_t one = 0, several = 0, none = 0;
    for (size_t i = 0; i < reading_rows(r, ADAMAS_SPECIMENS); i++) {
        size_t n = reading_is_judged(r, i) ? count_standing(r, i, READING_QUOTED) : 0;
        one += n == 1;
        several += n > 1;
        none += n == 0 && reading_is_judged(r, i);
    }
    text_append(t, "of ");
    put_stones(t, r);
    text_append(t,
                " %zu %s like the stones of one origin only, %zu %s not resolved between several, and %zu %s like "
                "none; the parcel's composition is not estimated",
                one, one == 1 ? "is" : "are", several, several == 1 ? "is" : "are", none, none == 1 ? "is" : "are");
    if (reading_fact(r, "no_parcels"))
        text_append(t, ": %s", reading_fact(r, "no_parcels"));
    put_reach(t, r);
}

static void put_differs(text *t, const result *r)
{
    text_append(t, "nothing is concluded of where these stones come from: ");
    statements_differs(t, r);
}

static adamas_status put_classification(text *t, const result *r, adamas_error *error)
{
    const char *declared = reading_fact(r, "declared"), *why = reading_fact(r, "no_evidence");
    size_t judged = reading_judged(r);
    if (judged == 0)
        text_append(t, "no stone of the parcel has a shot of use: nothing can be said of its origin");
    else if (!reading_has_evidence(r))
        text_append(t, "where %s from cannot be said as evidence: %s",
                    judged == 1 ? "this stone comes" : "these stones come", why ? why : "the model has no calibration");
    else if (reading_differs(r))
        put_differs(t, r);
    else if (declared && reading_has_number(r, "declared/inconsistent"))
        put_declared(t, r, declared);
    else if (judged == 1)
        put_one_stone(t, r);
    else if (reading_rows(r, ADAMAS_SHARES) > 1)
        return put_composition(t, r, error);
    else
        put_answers(t, r);
    return ADAMAS_OK;
}

static void put_left_out(text *t, const result *r)
{
    const char *leave = reading_fact(r, "leave");
    if (leave && strcmp(leave, "folds") != 0)
        text_append(t, " while their %s was left out of the library", leave);
    else
        text_append(t, " while they were left out of the library");
}

static void put_open_set(text *t, const result *r)
{
    double n = 0, none = 0;
    for (size_t o = 0; o < reading_rows(r, ADAMAS_ORIGINS); o++)
        if (reading_cell(r, ADAMAS_ORIGINS, "open_n", o) > 0) {
            n += reading_cell(r, ADAMAS_ORIGINS, "open_n", o);
            none += reading_cell(r, ADAMAS_ORIGINS, "open_none", o);
        }
    if (n > 0) {
        text_append(t, "; of specimens from an origin that the library lacked ");
        phrase_share(t, none / n);
        text_append(t, " were answered \"none\"");
    }
}

static void put_validation(text *t, const result *r)
{
    double judged = reading_number(r, "judged"), cllr = reading_number(r, "cllr"),
           covered = reading_number(r, "covered");
    if (!(judged > 0)) {
        text_append(t, "no specimen could be judged: nothing can be said of this method");
        return;
    }
    text_append(t, "this method named the true origin of ");
    phrase_estimate(t, reading_number(r, "accuracy"), reading_number(r, "accuracy_low"),
                    reading_number(r, "accuracy_high"), 0);
    text_append(t, " of %.0f specimens", judged);
    put_left_out(t, r);
    if (!isnan(cllr))
        text_append(t, "; the cost of its likelihood ratios, Cllr, is %s (0 is perfect, 1 says nothing)",
                    svg_decimal(cllr, 2).name);
    if (!isnan(covered)) {
        text_append(t, "; its answers hold the true origin for ");
        phrase_share(t, covered);
    }
    put_open_set(t, r);
}

static void put_plan(text *t, const result *r)
{
    double stones = reading_number(r, "plan/stones"), parcel = reading_number(r, "plan/parcel");
    const char *declared = reading_fact(r, "declared");
    text_append(t, isnan(stones) ? "no number of stones suffices: even with all " : "measure ");
    phrase_count(t, isnan(stones) ? parcel : stones);
    text_append(t, isnan(stones) ? " measured this method would not reveal" : " of the ");
    if (!isnan(stones)) {
        phrase_count(t, parcel);
        text_append(t, " stones to reveal");
    }
    text_append(t, " a share of ");
    phrase_share(t, reading_number(r, "plan/share"));
    text_append(t, " of foreign ones%s%s in ", declared ? " in a parcel declared " : "", declared ? declared : "");
    phrase_chance(t, reading_number(r, "plan/confidence"));
    text_append(t, " cases");
}

adamas_status conclusion_make(char **out, const result *r, adamas_error *error)
{
    text said = {0}, whole = {0};
    adamas_status status = ADAMAS_OK;
    if (r->kind == RESULT_CLASSIFICATION)
        status = put_classification(&said, r, error);
    else if (r->kind == RESULT_VALIDATION)
        put_validation(&said, r);
    else
        put_plan(&said, r);
    if (!status && !said.failed && said.at[0] >= 'a' && said.at[0] <= 'z')
        said.at[0] = (char)(said.at[0] - 'a' + 'A');
    if (!status && !said.failed)
        text_append(&whole, "%s%s.", reading_is_synthetic(r) ? "Synthetic reference spectra: not evidence. " : "",
                    said.at);
    if (!status && (said.failed || whole.failed))
        status = status_no_memory(error);
    text_clear(&said);
    *out = status ? NULL : whole.at;
    if (status)
        text_clear(&whole);
    return status;
}
