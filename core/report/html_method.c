/* The method, the libraries, what was set aside, and what the parcel's numbers rest on. */
#include "report/html.h"

#include "report/phrase.h"
#include "report/svg.h"

#include <math.h>

static void put_libraries(text *page, const result *r)
{
    static const char *const headings[] = {"Library", "SHA-256"};
    if (!reading_rows(r, ADAMAS_SOURCES))
        return;
    html_table(page, "Reference libraries", headings, 2);
    for (size_t i = 0; i < reading_rows(r, ADAMAS_SOURCES); i++) {
        text_append(page, "<tr>");
        html_cell(page, reading_text(r, ADAMAS_SOURCES, "file", i));
        text_append(page, "<td class=\"code\">");
        html_text(page, reading_text(r, ADAMAS_SOURCES, "sha256", i));
        text_append(page, "</td></tr>\n");
    }
    html_table_end(page);
}

static void put_bounds(text *page, const result *r)
{
    static const char *const headings[] = {"Origin",          "#Specimens",         "#Independent",
                                           "#Least log10 LR", "#Greatest log10 LR", "Rejectable"};
    if (!reading_has(r, ADAMAS_ORIGINS, "log10_lr_low"))
        return;
    html_table(page, "Origins of the libraries, and the bounds of their likelihood ratios", headings, 6);
    for (size_t o = 0; o < reading_rows(r, ADAMAS_ORIGINS); o++) {
        double low = reading_cell(r, ADAMAS_ORIGINS, "log10_lr_low", o),
               high = reading_cell(r, ADAMAS_ORIGINS, "log10_lr_high", o);
        text_append(page, "<tr>");
        html_cell(page, reading_origin(r, o));
        html_number_cell(page, reading_cell(r, ADAMAS_ORIGINS, "specimens", o), 0);
        html_number_cell(page, reading_cell(r, ADAMAS_ORIGINS, "units", o), 0);
        text_append(page, "<td class=\"n\">");
        phrase_log10(page, low);
        text_append(page, "</td><td class=\"n\">");
        phrase_log10(page, high);
        text_append(page, "</td>");
        html_cell(page, reading_cell(r, ADAMAS_ORIGINS, "rejectable", o) == 0 ? "no: too few specimens" : "yes");
        text_append(page, "</tr>\n");
    }
    html_table_end(page);
}

static double sum_of(const result *r, const char *column)
{
    double sum = 0;
    for (size_t i = 0; i < reading_rows(r, ADAMAS_SPECIMENS); i++)
        sum += reading_cell(r, ADAMAS_SPECIMENS, column, i);
    return sum;
}

static void put_set_aside(text *page, const result *r)
{
    text said = {0};
    if (!reading_has(r, ADAMAS_SPECIMENS, "shots_used"))
        return;
    text_append(&said,
                "%.0f used; set aside %.0f not finite, %.0f saturated (over %s %% of channels at full scale), "
                "%.0f outlying (robust z over %s among the shots of its specimen, where it has %.0f at least)",
                sum_of(r, "shots_used"), sum_of(r, "shots_not_finite"), sum_of(r, "shots_saturated"),
                svg_decimal(100 * reading_number(r, "screening/saturated_share"), 1).name, sum_of(r, "shots_outlier"),
                svg_decimal(reading_number(r, "screening/robust_z"), 1).name,
                reading_number(r, "screening/fewest_shots"));
    html_pair_said(page, "Shots", &said);
}

/* Two numbers that the composition rests on but cannot find out from the parcel. */
static void put_sensitivity(text *page, const result *r)
{
    static const char *const headings[] = {"Origin", "#Prior weight α", "#Estimate",       "#At τ/3",
                                           "#At 3τ", "#R-hat",          "#Effective draws"};
    if (!reading_has(r, ADAMAS_SHARES, "alpha"))
        return;
    html_table(page, "The composition's prior, its sensitivity, and how well it was simulated", headings, 7);
    for (size_t i = 0; i < reading_rows(r, ADAMAS_SHARES); i++) {
        static const char *const shares[] = {"mean", "tau_third", "tau_triple"};
        text_append(page, "<tr>");
        html_cell(page, reading_text(r, ADAMAS_SHARES, "origin", i));
        html_number_cell(page, reading_cell(r, ADAMAS_SHARES, "alpha", i), 2);
        for (size_t k = 0; k < 3; k++) {
            text_append(page, "<td class=\"n\">");
            phrase_share(page, reading_cell(r, ADAMAS_SHARES, shares[k], i));
            text_append(page, "</td>");
        }
        html_number_cell(page, reading_cell(r, ADAMAS_SHARES, "r_hat", i), 3);
        html_number_cell(page, reading_cell(r, ADAMAS_SHARES, "effective", i), 0);
        text_append(page, "</tr>\n");
    }
    html_table_end(page);
    text_append(page,
                "<p class=\"note\">τ: how far from the libraries' common mean an origin of which no library has "
                "a stone may lie, in units of the spread within a locality. R-hat near 1: the chains agree.</p>\n");
}

static void put_parcel_model(text *page, const result *r)
{
    html_pair_number(page, "ρ: spread of localities", reading_number(r, "parcel/rho"), 3);
    if (reading_has_number(r, "parcel/rho") && isnan(reading_number(r, "parcel/rho")))
        html_pair(page, "ρ: spread of localities", "cannot be known from these libraries");
    html_pair_number(page, "σ: spread of sessions", reading_number(r, "parcel/sigma"), 3);
    html_pair_number(page, "τ: spread of unknown origins", reading_number(r, "parcel/tau"), 2);
    html_pair_number(page, "Temper of the log likelihoods", reading_number(r, "parcel/temper"), 2);
}

void html_method(text *page, const result *r)
{
    html_heading(page, "The method");
    html_pairs(page);
    html_pair_code(page, "Method", reading_fact(r, "method"));
    html_pair_code(page, "In full", reading_fact(r, "method_canonical"));
    html_pair(page, "Principal components", reading_fact(r, "components"));
    html_pair(page, "Parts of the origin's path told apart", reading_fact(r, "level"));
    html_pair(page, "Wavelengths in", reading_fact(r, "axis/medium"));
    put_set_aside(page, r);
    html_pair_number(page, "Calibration slope", reading_number(r, "slope"), 3);
    put_parcel_model(page, r);
    html_pair_number(page, "Seed", reading_number(r, "seed"), 0);
    html_pair(page, "Engine", reading_fact(r, "engine"));
    html_pairs_end(page);
    put_bounds(page, r);
    put_sensitivity(page, r);
    put_libraries(page, r);
}
