/* The parcel: what it is, its composition, and what its papers declare. */
#include "report/html.h"

#include "evidence/verbal.h"
#include "report/phrase.h"
#include "report/svg.h"

#include <math.h>

static void put_stones(text *page, const result *r)
{
    size_t n = reading_rows(r, ADAMAS_SPECIMENS), judged = reading_judged(r);
    double whole = reading_number(r, "parcel/whole");
    text said = {0};
    text_append(&said, "%zu measured", n);
    if (judged < n)
        text_append(&said, ", of which %zu could be judged", judged);
    if (whole > (double)n) {
        text_append(&said, ", of ");
        phrase_count(&said, whole);
        text_append(&said, " in the parcel");
    }
    html_pair_said(page, "Stones", &said);
}

static void put_carats(text *page, const result *r)
{
    double sum = 0;
    size_t known = 0, n = reading_rows(r, ADAMAS_SPECIMENS);
    for (size_t i = 0; i < n; i++)
        if (!isnan(reading_cell(r, ADAMAS_SPECIMENS, "mass_ct", i))) {
            sum += reading_cell(r, ADAMAS_SPECIMENS, "mass_ct", i);
            known++;
        }
    text said = {0};
    if (!known)
        return;
    text_append(&said, "%s ct", svg_decimal(sum, 2).name);
    if (known < n)
        text_append(&said, " (the mass of %zu stones is not known)", n - known);
    html_pair_said(page, "Mass of those measured", &said);
}

static void put_control(text *page, const result *r)
{
    text said = {0};
    if (!reading_has_control(r))
        return;
    text_append(&said, "%.0f, %s (least p-value of the own origin ", reading_number(r, "control/stones"),
                reading_control_holds(r) ? "as they should be" : "not as they should be");
    phrase_p(&said, reading_number(r, "control/worst_p"));
    text_append(&said, ")");
    html_pair_said(page, "Control specimens", &said);
}

static void put_estimate(text *page, const result *r, const char *mean, const char *low, const char *high, size_t row)
{
    if (!reading_has(r, ADAMAS_SHARES, mean))
        return;
    text_append(page, "<td class=\"n\">");
    phrase_estimate(page, reading_cell(r, ADAMAS_SHARES, mean, row), reading_cell(r, ADAMAS_SHARES, low, row),
                    reading_cell(r, ADAMAS_SHARES, high, row), 1);
    text_append(page, "</td>");
}

static void put_composition(text *page, const result *r)
{
    const char *headings[5] = {"Origin"};
    size_t n = 1;
    headings[n++] = "#Of the stones measured";
    if (reading_has(r, ADAMAS_SHARES, "carats_mean"))
        headings[n++] = "#Of their carats";
    if (reading_has(r, ADAMAS_SHARES, "whole_mean"))
        headings[n++] = "#Of the whole parcel";
    html_table(page, "Composition: estimate (95 % interval)", headings, n);
    for (size_t i = 0; i < reading_rows(r, ADAMAS_SHARES); i++) {
        text_append(page, "<tr>");
        html_cell(page, reading_text(r, ADAMAS_SHARES, "origin", i));
        put_estimate(page, r, "mean", "low", "high", i);
        put_estimate(page, r, "carats_mean", "carats_low", "carats_high", i);
        put_estimate(page, r, "whole_mean", "whole_low", "whole_high", i);
        text_append(page, "</tr>\n");
    }
    html_table_end(page);
    text_append(page, "<p class=\"note\">With 95 %% probability, supposing the prior weights, the true share is within "
                      "the interval. It is not counted from the answers to single stones: errors in those do not "
                      "cancel.</p>\n");
}

static void put_no_composition(text *page, const result *r)
{
    const char *why = reading_fact(r, "no_parcels");
    text_append(page, "<p>The parcel's composition is not estimated%s", why ? ": " : "");
    html_text(page, why ? why : "");
    text_append(page, ".</p>\n");
}

void html_parcel(text *page, const result *r)
{
    html_heading(page, "The parcel");
    html_pairs(page);
    html_pair(page, "Parcel", reading_fact(r, "case/parcel"));
    html_pair(page, "Seizure", reading_fact(r, "case/seizure"));
    html_pair(page, "Kimberley certificate", reading_fact(r, "case/certificate"));
    html_pair(page, "Origin declared in the file", reading_fact(r, "case/declared_origin"));
    html_pair(page, "Declared origin that is weighed", reading_fact(r, "declared"));
    put_stones(page, r);
    put_carats(page, r);
    put_control(page, r);
    html_pair(page, "File", reading_fact(r, "parcel/file"));
    html_pair_code(page, "SHA-256", reading_fact(r, "parcel/sha256"));
    html_pairs_end(page);
    if (reading_rows(r, ADAMAS_SHARES))
        put_composition(page, r);
    else
        put_no_composition(page, r);
}

/* "+2.13 (LR 130, moderately strong support for the declaration)"; past a bound only the bound is quoted. */
static void pair_lr(text *page, const result *r)
{
    double lr = reading_number(r, "declared/log10_lr"), low = reading_number(r, "declared/log10_lr_low"),
           high = reading_number(r, "declared/log10_lr_high"), error = reading_number(r, "declared/log10_lr_error");
    int beyond = lr > high || lr < low;
    double quoted = lr > high ? high : lr < low ? low : lr;
    text said = {0};
    if (isnan(lr))
        return;
    text_append(&said, "%s", beyond ? lr > high ? "above " : "below " : "");
    phrase_log10(&said, quoted);
    text_append(&said, " (LR %s", beyond ? lr > high ? "above " : "below " : "");
    phrase_lr(&said, quoted);
    text_append(&said, ": %s%s)%s", verbal_support(quoted),
                fabs(quoted) < log10(2) ? ""
                : quoted > 0            ? " for the declaration"
                                        : " for another composition",
                beyond ? "; further is beyond what this library can support" : "");
    if (!isnan(error))
        text_append(&said, "; Monte Carlo error %s", svg_decimal(error, 2).name);
    html_pair_said(page, "log10 LR", &said);
}

/* A value at another prior is quoted within the bounds too. */
static void pair_log10(text *page, const result *r, const char *name, const char *number)
{
    double value = reading_number(r, number), low = reading_number(r, "declared/log10_lr_low"),
           high = reading_number(r, "declared/log10_lr_high");
    text said = {0};
    if (isnan(value))
        return;
    text_append(&said, "%s", value > high ? "above " : value < low ? "below " : "");
    phrase_log10(&said, value > high ? high : value < low ? low : value);
    html_pair_said(page, name, &said);
}

static void pair_bounds(text *page, const result *r)
{
    double units = reading_number(r, "declared/units");
    text said = {0};
    if (isnan(reading_number(r, "declared/log10_lr_low")) && isnan(reading_number(r, "declared/log10_lr_high")))
        return;
    phrase_log10(&said, reading_number(r, "declared/log10_lr_low"));
    text_append(&said, " to ");
    phrase_log10(&said, reading_number(r, "declared/log10_lr_high"));
    if (!isnan(units))
        text_append(&said, ", from pseudo-parcels of %.0f localities that were held out", units);
    html_pair_said(page, "Bounds of log10 LR", &said);
}

static void pair_share(text *page, const char *name, double share)
{
    text said = {0};
    if (isnan(share))
        return;
    phrase_share(&said, share);
    html_pair_said(page, name, &said);
}

static void pair_verdict(text *page, const result *r)
{
    double inconsistent = reading_number(r, "declared/inconsistent"), pure = reading_number(r, "declared/pure_parcels"),
           threshold = reading_number(r, "declared/threshold");
    text said = {0};
    if (isnan(inconsistent))
        return;
    text_append(&said, inconsistent > 0 ? "yes" : "no");
    if (!isnan(threshold)) {
        text_append(&said, ": the estimated share of stones from elsewhere is %s ",
                    inconsistent > 0 ? "above" : "not above");
        phrase_share(&said, threshold);
        text_append(&said, ", which it exceeds in at most 5 %% of parcels that are all of the declared origin");
        if (!isnan(pure))
            text_append(&said, " (by %.0f pseudo-parcels)", pure);
    }
    html_pair_said(page, "Called inconsistent", &said);
}

static void put_revealed(text *page, const result *r)
{
    static const char *const headings[] = {"Foreign stones from", "#Smallest share revealed in 19 of 20 cases"};
    if (!reading_rows(r, ADAMAS_REVEALED))
        return;
    html_table(page, "What would have been revealed", headings, 2);
    for (size_t i = 0; i < reading_rows(r, ADAMAS_REVEALED); i++) {
        double share = reading_cell(r, ADAMAS_REVEALED, "share", i);
        text_append(page, "<tr>");
        html_cell(page, reading_text(r, ADAMAS_REVEALED, "origin", i));
        text_append(page, "<td class=\"n\">");
        if (isnan(share))
            text_append(page, "none");
        else
            phrase_share(page, ceil(100 * share - 1e-9) / 100);
        text_append(page, "</td></tr>\n");
    }
    html_table_end(page);
}

static void put_flagged(text *page, const result *r)
{
    double n = reading_number(r, "declared/foreign_stones"), wrong = reading_number(r, "declared/false_discovery");
    if (!(n > 0))
        return;
    text_append(page, "<p>Probably from elsewhere: ");
    for (size_t i = 0, listed = 0; i < reading_rows(r, ADAMAS_SPECIMENS); i++)
        if (reading_cell(r, ADAMAS_SPECIMENS, "is_foreign", i) > 0) {
            text_append(page, "%s", listed++ ? ", " : "");
            html_text(page, reading_text(r, ADAMAS_SPECIMENS, "id", i));
        }
    text_append(page, ".");
    if (!isnan(wrong)) {
        text_append(page, " Of these ");
        phrase_share(page, wrong);
        text_append(page, " are expected to be named wrongly.");
    }
    text_append(page, "</p>\n");
}

void html_declared(text *page, const result *r)
{
    const char *declared = reading_fact(r, "declared");
    if (!declared)
        return;
    html_heading(page, "The declared origin");
    if (!reading_has_number(r, "declared/inconsistent")) {
        html_paragraph(page, "Whether the stones come from the declared origin could not be weighed.");
        return;
    }
    html_pairs(page);
    html_pair(page, "Declared", declared);
    pair_lr(page, r);
    pair_log10(page, r, "log10 LR with half the prior weights", "declared/log10_lr_half");
    pair_log10(page, r, "log10 LR with twice the prior weights", "declared/log10_lr_double");
    pair_bounds(page, r);
    pair_verdict(page, r);
    pair_share(page, "Share of stones from elsewhere, estimated", reading_number(r, "declared/foreign"));
    pair_share(page, "Share of stones from elsewhere, at most (95 %)",
               ceil(100 * reading_number(r, "declared/foreign_high") - 1e-9) / 100);
    if (reading_has_number(r, "declared/revealed") && isnan(reading_number(r, "declared/revealed")))
        html_pair(page, "Foreign share that would have been revealed", "none, so it cannot be called consistent");
    else
        pair_share(page, "Foreign share that would have been revealed in 19 of 20 cases",
                   ceil(100 * reading_number(r, "declared/revealed") - 1e-9) / 100);
    html_pairs_end(page);
    put_revealed(page, r);
    put_flagged(page, r);
}
