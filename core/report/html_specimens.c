/* The table of the parcel's stones: each specimen, in the order of the parcel's file. */
#include "report/html_specimens.h"

#include "report/answer.h"
#include "report/html_write.h"
#include "report/lr_words.h"
#include "report/phrase.h"
#include "report/svg.h"

#include <math.h>

static void write_shots(text *page, const specimen_results *v, size_t k)
{
    const size_t set_aside[] = {v->not_finite[k], v->saturated[k], v->outlier[k]};
    static const char *const said[] = {"not finite", "saturated", "outlying"};
    const char *before = " (set aside: ";
    text_append(page, "%zu shot%s used", v->shots[k], v->shots[k] == 1 ? "" : "s");
    for (size_t i = 0; i < 3; i++)
        if (set_aside[i] > 0) {
            text_append(page, "%s%zu %s", before, set_aside[i], said[i]);
            before = ", ";
        }
    text_append(page, "%s", *before == ',' ? ")" : "");
}

static void write_answer(text *page, const classification *c, size_t k)
{
    text answer = {0};
    answer_write(&answer, &c->specimens, &c->origins, k);
    text_append(page, " · not rejected: <b>");
    html_text(page, answer.at ? answer.at : "");
    text_append(page, "</b>");
    page->failed |= answer.failed;
    text_clear(&answer);
}

static void write_probability(text *page, const char *what, double probability)
{
    if (isnan(probability))
        return;
    text_append(page, " · %s: ", what);
    phrase_share(page, probability);
}

static void write_control(text *page, const classification *c, size_t k)
{
    text_append(page, " · control of ");
    html_text(page, c->controls.known.at[k]);
    if (isnan(c->controls.p[k])) {
        text_append(page, ", not checked");
        return;
    }
    text_append(page, ", p ");
    phrase_p(page, c->controls.p[k]);
    if (controls_fails(&c->controls, k))
        text_append(page, " <span class=\"flag\">control fails</span>");
}

static void write_head(text *page, const classification *c, size_t k, size_t n_columns)
{
    const specimen_results *v = &c->specimens;
    size_t n_shares = c->composition.n_shares;
    text_append(page, "<tr><th colspan=\"%zu\"><b>", n_columns);
    html_text(page, v->ids.at[k]);
    text_append(page, "</b> ");
    if (v->mass_ct && !isnan(v->mass_ct[k]))
        text_append(page, "%s ct · ", svg_decimal(v->mass_ct[k], 2).name);
    write_shots(page, v, k);
    if (!specimen_results_is_evaluated(v, k))
        text_append(page, " · not judged");
    else
        write_answer(page, c, k);
    if (!classification_is_stone(c, k))
        write_control(page, c, k);
    if (n_shares)
        write_probability(page, "none of these", c->composition.posterior[k * n_shares + n_shares - 1]);
    if (c->declared_test.n_limits) {
        write_probability(page, "foreign", c->declared_test.foreign_probability[k]);
        if (c->declared_test.is_foreign[k] > 0)
            text_append(page, " <span class=\"flag\">probably foreign</span>");
    }
    text_append(page, "</th></tr>\n");
}

static void write_words(text *page, const classification *c, size_t origin, origin_standing standing, double lr)
{
    if (standing == ORIGIN_REJECTED)
        text_append(page, "rejected");
    else if (standing == ORIGIN_NOT_EXCLUDED)
        text_append(page, "cannot be excluded");
    else
        lr_words_support(page, lr);
    if (standing == ORIGIN_NOT_REJECTED &&
        (lr <= c->log10_lr_low[origin] + 1e-9 || lr >= c->log10_lr_high[origin] - 1e-9))
        text_append(page, " (at the bound)");
}

static void write_origin(text *page, const classification *c, size_t k, size_t o)
{
    const specimen_results *v = &c->specimens;
    double lr = specimen_results_log10_lr(v, k, o);
    origin_standing standing = specimen_results_standing(v, k, o);
    text_append(page, standing == ORIGIN_REJECTED ? "<tr class=\"out\">" : "<tr>");
    html_cell(page, c->origins.at[o]);
    text_append(page, "<td class=\"n\">");
    phrase_p(page, v->typicality[k * v->n_origins + o]);
    text_append(page, "</td><td class=\"n\">");
    phrase_log10(page, lr);
    text_append(page, "</td><td>");
    write_words(page, c, o, standing, lr);
    text_append(page, "</td>");
    if (c->composition.n_shares) {
        text_append(page, "<td class=\"n\">");
        phrase_share(page, c->composition.posterior[k * c->composition.n_shares + o]);
        text_append(page, "</td>");
    }
    text_append(page, "</tr>\n");
}

static void write_specimen(text *page, const classification *c, size_t k, size_t n_columns)
{
    text_append(page, "<tbody class=\"stone\">\n");
    write_head(page, c, k, n_columns);
    for (size_t o = 0; specimen_results_is_evaluated(&c->specimens, k) && o < c->origins.n; o++)
        write_origin(page, c, k, o);
    text_append(page, "</tbody>\n");
}

/* Without evidence there is nothing to tell of a specimen but its shots. */
static void write_shots_alone(text *page, const classification *c)
{
    const specimen_results *v = &c->specimens;
    static const char *const headings[] = {"Stone", "Shots"};
    html_table(page, NULL, headings, 2);
    for (size_t k = 0; k < v->n_specimens; k++) {
        text_append(page, "<tr>");
        html_cell(page, v->ids.at[k]);
        text_append(page, "<td>");
        write_shots(page, v, k);
        if (!classification_is_stone(c, k))
            write_control(page, c, k);
        text_append(page, "</td></tr>\n");
    }
    html_table_end(page);
}

static void write_legend(text *page, const classification *c)
{
    char epsilon[32];
    text_of_number(epsilon, c->specimens.epsilon);
    text_append(page,
                "<p class=\"note\">p: typicality, the share of the origin's own stones that are no more like it; an "
                "origin is rejected where p is at most %s. log10 LR: that origin against all the libraries' others, "
                "also those that are rejected; the words beside it are ENFSI's.",
                epsilon);
    if (c->composition.n_shares)
        text_append(page, " In the parcel: how probable the origin is, given all the stones and the prior weights; "
                          "none of these: that it is of no library.");
    if (c->declared_test.n_limits)
        text_append(page, " Foreign: how probable it is that the stone is from elsewhere than declared.");
    text_append(page, "</p>\n");
}

void html_specimens(text *page, const classification *c)
{
    const char *headings[] = {"Origin", "#p", "#log10 LR", "In words", "#In the parcel"};
    size_t n = c->composition.n_shares ? 5 : 4;
    html_heading(page, "Each stone");
    if (!c->specimens.has_evidence) {
        html_paragraph(page, "No typicality and no likelihood ratio is known of these stones.");
        write_shots_alone(page, c);
        return;
    }
    write_legend(page, c);
    html_table_head(page, NULL, headings, n);
    for (size_t k = 0; k < c->specimens.n_specimens; k++)
        write_specimen(page, c, k, n);
    text_append(page, "</table></div>\n");
}
