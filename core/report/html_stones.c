/* Each stone, in the order of the parcel's file. */
#include "report/html.h"

#include "evidence/verbal.h"
#include "report/phrase.h"
#include "report/svg.h"

#include <math.h>

static void put_shots(text *page, const result *r, size_t stone)
{
    static const char *const names[] = {"shots_not_finite", "shots_saturated", "shots_outlier"};
    static const char *const said[] = {"not finite", "saturated", "outlying"};
    double used = reading_cell(r, ADAMAS_SPECIMENS, "shots_used", stone);
    const char *before = " (set aside: ";
    text_append(page, "%s shot%s used", svg_decimal(used, 0).name, used == 1 ? "" : "s");
    for (size_t i = 0; i < 3; i++)
        if (reading_cell(r, ADAMAS_SPECIMENS, names[i], stone) > 0) {
            text_append(page, "%s%s %s", before,
                        svg_decimal(reading_cell(r, ADAMAS_SPECIMENS, names[i], stone), 0).name, said[i]);
            before = ", ";
        }
    text_append(page, "%s", *before == ',' ? ")" : "");
}

static void put_head(text *page, const result *r, size_t stone, size_t n_columns)
{
    double mass = reading_cell(r, ADAMAS_SPECIMENS, "mass_ct", stone);
    double foreign = reading_cell(r, ADAMAS_SPECIMENS, "foreign_probability", stone);
    double none = reading_cell_of(r, ADAMAS_SPECIMENS, "posterior", "none of these", stone);
    text_append(page, "<tr><th colspan=\"%zu\"><b>", n_columns);
    html_text(page, reading_text(r, ADAMAS_SPECIMENS, "id", stone));
    text_append(page, "</b> ");
    if (!isnan(mass))
        text_append(page, "%s ct · ", svg_decimal(mass, 2).name);
    put_shots(page, r, stone);
    if (!reading_is_judged(r, stone))
        text_append(page, " · not judged");
    else if (reading_has(r, ADAMAS_SPECIMENS, "answer")) {
        text_append(page, " · not rejected: <b>");
        html_text(page, reading_text(r, ADAMAS_SPECIMENS, "answer", stone));
        text_append(page, "</b>");
    }
    if (!isnan(none)) {
        text_append(page, " · none of these: ");
        phrase_share(page, none);
    }
    if (!isnan(foreign)) {
        text_append(page, " · foreign: ");
        phrase_share(page, foreign);
    }
    if (reading_cell(r, ADAMAS_SPECIMENS, "is_foreign", stone) > 0)
        text_append(page, " <span class=\"flag\">probably foreign</span>");
    text_append(page, "</th></tr>\n");
}

static int is_at_bound(const result *r, size_t origin, double lr)
{
    return lr <= reading_cell(r, ADAMAS_ORIGINS, "log10_lr_low", origin) + 1e-9 ||
           lr >= reading_cell(r, ADAMAS_ORIGINS, "log10_lr_high", origin) - 1e-9;
}

static void put_words(text *page, const result *r, size_t origin, int standing, double lr)
{
    if (standing == READING_REJECTED)
        text_append(page, "rejected");
    else if (standing == READING_NOT_EXCLUDED)
        text_append(page, "cannot be excluded");
    else if (isnan(lr))
        text_append(page, "not quoted");
    else if (fabs(lr) < log10(2))
        text_append(page, "no support either way");
    else
        text_append(page, "%s %s", verbal_support(lr), lr > 0 ? "for it" : "for the others");
    if (standing == READING_QUOTED && is_at_bound(r, origin, lr))
        text_append(page, " (at the bound)");
}

static void put_posterior(text *page, const result *r, size_t stone, const char *origin)
{
    if (!reading_has_of(r, ADAMAS_SPECIMENS, "posterior", origin))
        return;
    text_append(page, "<td class=\"n\">");
    phrase_share(page, reading_cell_of(r, ADAMAS_SPECIMENS, "posterior", origin, stone));
    text_append(page, "</td>");
}

static void put_origin(text *page, const result *r, size_t stone, size_t o)
{
    const char *origin = reading_origin(r, o);
    double lr = reading_cell_of(r, ADAMAS_SPECIMENS, "log10_lr", origin, stone);
    int standing = reading_standing(r, stone, o);
    text_append(page, standing == READING_REJECTED ? "<tr class=\"out\">" : "<tr>");
    html_cell(page, origin);
    text_append(page, "<td class=\"n\">");
    phrase_p(page, reading_cell_of(r, ADAMAS_SPECIMENS, "typicality", origin, stone));
    text_append(page, "</td><td class=\"n\">");
    phrase_log10(page, lr);
    text_append(page, "</td><td>");
    put_words(page, r, o, standing, lr);
    text_append(page, "</td>");
    put_posterior(page, r, stone, origin);
    text_append(page, "</tr>\n");
}

static void put_stone(text *page, const result *r, size_t stone, size_t n_columns)
{
    text_append(page, "<tbody class=\"stone\">\n");
    put_head(page, r, stone, n_columns);
    for (size_t o = 0; reading_is_judged(r, stone) && o < reading_rows(r, ADAMAS_ORIGINS); o++)
        put_origin(page, r, stone, o);
    text_append(page, "</tbody>\n");
}

/* Without evidence there is nothing to tell of a stone but its shots. */
static void put_shots_alone(text *page, const result *r)
{
    static const char *const headings[] = {"Stone", "Shots"};
    html_table(page, NULL, headings, 2);
    for (size_t i = 0; i < reading_rows(r, ADAMAS_SPECIMENS); i++) {
        text_append(page, "<tr>");
        html_cell(page, reading_text(r, ADAMAS_SPECIMENS, "id", i));
        text_append(page, "<td>");
        put_shots(page, r, i);
        text_append(page, "</td></tr>\n");
    }
    html_table_end(page);
}

static void put_legend(text *page, const result *r)
{
    char epsilon[32];
    text_of_number(epsilon, reading_number(r, "epsilon"));
    text_append(page,
                "<p class=\"note\">p: typicality, the share of the origin's own stones that are no more like it; an "
                "origin is rejected where p is at most %s. log10 LR: that origin against all the libraries' others, "
                "also those that are rejected; the words beside it are ENFSI's.",
                epsilon);
    if (reading_has_of(r, ADAMAS_SPECIMENS, "posterior", reading_origin(r, 0)))
        text_append(page, " In the parcel: how probable the origin is, given all the stones and the prior weights; "
                          "none of these: that it is of no library.");
    if (reading_has(r, ADAMAS_SPECIMENS, "foreign_probability"))
        text_append(page, " Foreign: how probable it is that the stone is from elsewhere than declared.");
    text_append(page, "</p>\n");
}

void html_stones(text *page, const result *r)
{
    const char *headings[] = {"Origin", "#p", "#log10 LR", "In words", "#In the parcel"};
    size_t n = reading_has_of(r, ADAMAS_SPECIMENS, "posterior", reading_origin(r, 0)) ? 5 : 4;
    html_heading(page, "Each stone");
    if (!reading_has_evidence(r)) {
        html_paragraph(page, "No typicality and no likelihood ratio is known of these stones.");
        put_shots_alone(page, r);
        return;
    }
    put_legend(page, r);
    html_table_head(page, NULL, headings, n);
    for (size_t i = 0; i < reading_rows(r, ADAMAS_SPECIMENS); i++)
        put_stone(page, r, i, n);
    text_append(page, "</table></div>\n");
}
