/* The parcel on the page: what it is, its composition, and the test of what its papers declare. */
#include "report/html_parcel.h"

#include "report/html_write.h"
#include "report/lr_words.h"
#include "report/phrase.h"
#include "report/reasons.h"
#include "report/svg.h"

#include <math.h>

static void pair_specimens(text *page, const classification *c)
{
    size_t n = classification_stones(c), evaluated = classification_judged(c);
    text said = {0};
    text_append(&said, "%zu measured", n);
    if (evaluated < n)
        text_append(&said, ", of which %zu could be judged", evaluated);
    if (report_not_measured(c) > 0) {
        text_append(&said, ", of ");
        phrase_count(&said, (double)c->composition.n_whole);
        text_append(&said, " in the parcel");
    }
    html_pair_text(page, "Stones", &said);
}

static void pair_carats(text *page, const classification *c)
{
    const specimen_results *v = &c->specimens;
    double sum = 0;
    size_t known = 0, n = classification_stones(c);
    for (size_t k = 0; v->mass_ct && k < v->n_specimens; k++)
        if (classification_is_stone(c, k) && !isnan(v->mass_ct[k])) {
            sum += v->mass_ct[k];
            known++;
        }
    text said = {0};
    if (!known)
        return;
    text_append(&said, "%s ct", svg_decimal(sum, 2).name);
    if (known < n)
        text_append(&said, " (the mass of %zu stones is not known)", n - known);
    html_pair_text(page, "Mass of those measured", &said);
}

static void pair_controls(text *page, const classification *c)
{
    size_t n = c->specimens.n_specimens - classification_stones(c), checked = 0;
    text said = {0};
    if (!n)
        return;
    for (size_t k = 0; k < c->specimens.n_specimens; k++)
        checked += isnan(c->controls.p[k]) ? 0 : 1;
    text_append(&said, "%zu", n);
    if (checked < n)
        text_append(&said, ", of which %zu could be checked", checked);
    if (checked) {
        text_append(&said, ", %s (least p-value of the own origin ",
                    report_controls_hold(c) ? "as they should be" : "not as they should be");
        phrase_p(&said, c->controls.min_p);
        text_append(&said, ")");
    }
    html_pair_text(page, "Control specimens", &said);
}

static void write_estimate(text *page, const chains_summary *s)
{
    text_append(page, "<td class=\"n\">");
    phrase_estimate(page, s->mean, s->low, s->high, 1);
    text_append(page, "</td>");
}

static void write_composition(text *page, const classification *c)
{
    const char *headings[4] = {"Origin", "#Of the stones measured"};
    size_t n = 2;
    if (c->composition.has_carats)
        headings[n++] = "#Of their carats";
    if (c->composition.has_whole)
        headings[n++] = "#Of the whole parcel";
    html_table(page, "Composition: estimate (95 % interval)", headings, n);
    for (size_t i = 0; i < c->composition.n_shares; i++) {
        const composition_share *s = &c->composition.shares[i];
        text_append(page, "<tr>");
        html_cell(page, report_share_name(c, i));
        write_estimate(page, &s->by_number);
        if (c->composition.has_carats)
            write_estimate(page, &s->by_mass);
        if (c->composition.has_whole)
            write_estimate(page, &s->whole_parcel);
        text_append(page, "</tr>\n");
    }
    html_table_end(page);
    text_append(page, "<p class=\"note\">With 95 %% probability, supposing the prior weights, the true share is within "
                      "the interval. It is not counted from the answers to single stones: errors in those do not "
                      "cancel.</p>\n");
}

static void write_no_composition(text *page, const report_result *r)
{
    text reason = {0};
    reason_no_composition(&reason, r);
    text_append(page, "<p>The parcel's composition is not estimated%s", reason.at ? ": " : "");
    html_text(page, reason.at ? reason.at : "");
    text_append(page, ".</p>\n");
    page->failed |= reason.failed;
    text_clear(&reason);
}

void html_parcel(text *page, const report_result *r)
{
    const classification *c = &r->classification;
    html_heading(page, "The parcel");
    html_pairs(page);
    html_pair(page, "Parcel", c->parcel.name);
    html_pair(page, "Seizure", c->parcel.seizure);
    html_pair(page, "Kimberley certificate", c->parcel.certificate);
    html_pair(page, "Origin declared in the file", c->parcel.declared_origin);
    html_pair(page, "Declared origin that is weighed", c->declared);
    pair_specimens(page, c);
    pair_carats(page, c);
    pair_controls(page, c);
    html_pair(page, "File", c->parcel.file);
    html_pair_code(page, "SHA-256", c->parcel.sha256);
    html_pairs_end(page);
    if (c->composition.n_shares)
        write_composition(page, c);
    else
        write_no_composition(page, r);
}

/* ------------------------------------------------------------------------------------------------ declared origin */

static void pair_lr(text *page, const declared_test *d)
{
    text said = {0};
    if (isnan(d->log10_lr))
        return;
    lr_words_declared_log10(&said, d);
    html_pair_text(page, "log10 LR", &said);
}

/* A value at another prior is quoted within the bounds too. */
static void pair_log10(text *page, const char *name, double value, const declared_test *d)
{
    double low = d->log10_lr_low, high = d->log10_lr_high;
    text said = {0};
    if (isnan(value))
        return;
    text_append(&said, "%s", value > high ? "above " : value < low ? "below " : "");
    phrase_log10(&said, value > high ? high : value < low ? low : value);
    html_pair_text(page, name, &said);
}

static void pair_bounds(text *page, const declared_test *d)
{
    text said = {0};
    if (isnan(d->log10_lr_low) && isnan(d->log10_lr_high))
        return;
    phrase_log10(&said, d->log10_lr_low);
    text_append(&said, " to ");
    phrase_log10(&said, d->log10_lr_high);
    text_append(&said, ", from pseudo-parcels of %zu localities that were held out", d->units);
    html_pair_text(page, "Bounds of log10 LR", &said);
}

static void pair_share(text *page, const char *name, double share)
{
    text said = {0};
    if (isnan(share))
        return;
    phrase_share(&said, share);
    html_pair_text(page, name, &said);
}

/* A bound, rounded up. */
static void pair_share_up(text *page, const char *name, double share)
{
    text said = {0};
    if (isnan(share))
        return;
    phrase_share_up(&said, share);
    html_pair_text(page, name, &said);
}

static void pair_inconsistent(text *page, const declared_test *d)
{
    text said = {0};
    text_append(&said, d->is_inconsistent ? "yes" : "no");
    if (!isnan(d->threshold)) {
        text_append(&said, ": the estimated share of stones from elsewhere is %s ",
                    d->is_inconsistent ? "above" : "not above");
        phrase_share(&said, d->threshold);
        text_append(&said,
                    ", which it exceeds in at most 5 %% of parcels that are all of the declared origin (by %zu "
                    "pseudo-parcels)",
                    d->pure_parcels);
    }
    html_pair_text(page, "Called inconsistent", &said);
}

static void write_limits(text *page, const classification *c)
{
    static const char *const headings[] = {"Foreign stones from", "#Smallest share revealed in 19 of 20 cases"};
    html_table(page, "What would have been revealed", headings, 2);
    for (size_t i = 0; i < c->declared_test.n_limits; i++) {
        const detection_limit *limit = &c->declared_test.limits[i];
        text_append(page, "<tr>");
        html_cell(page, report_share_name(c, limit->source));
        text_append(page, "<td class=\"n\">");
        if (isnan(limit->share))
            text_append(page, "none");
        else
            phrase_share_up(page, limit->share);
        text_append(page, "</td></tr>\n");
    }
    html_table_end(page);
}

static void write_foreign(text *page, const classification *c)
{
    const declared_test *d = &c->declared_test;
    if (!d->n_foreign)
        return;
    text_append(page, "<p>Probably from elsewhere: ");
    for (size_t k = 0, listed = 0; k < c->specimens.n_specimens; k++)
        if (d->is_foreign[k] > 0) {
            text_append(page, "%s", listed++ ? ", " : "");
            html_text(page, c->specimens.ids.at[k]);
        }
    text_append(page, ".");
    if (!isnan(d->false_discovery)) {
        text_append(page, " Of these ");
        phrase_share(page, d->false_discovery);
        text_append(page, " are expected to be named wrongly.");
    }
    text_append(page, "</p>\n");
}

void html_declared(text *page, const classification *c)
{
    const declared_test *d = &c->declared_test;
    if (!c->declared)
        return;
    html_heading(page, "The declared origin");
    if (!d->n_limits) {
        html_paragraph(page, "Whether the stones come from the declared origin could not be weighed.");
        return;
    }
    html_pairs(page);
    html_pair(page, "Declared", c->declared);
    pair_lr(page, d);
    pair_log10(page, "log10 LR with half the prior weights", d->log10_lr_half_alpha, d);
    pair_log10(page, "log10 LR with twice the prior weights", d->log10_lr_double_alpha, d);
    pair_bounds(page, d);
    pair_inconsistent(page, d);
    pair_share(page, "Share of stones from elsewhere, estimated", d->foreign);
    pair_share_up(page, "Share of stones from elsewhere, at most (95 %)", d->foreign_high);
    if (isnan(d->detection_limit))
        html_pair(page, "Foreign share that would have been revealed", "none, so it cannot be called consistent");
    else
        pair_share_up(page, "Foreign share that would have been revealed in 19 of 20 cases", d->detection_limit);
    html_pairs_end(page);
    write_limits(page, c);
    write_foreign(page, c);
}
