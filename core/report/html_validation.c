/* What a cross-validation found, and a plan. */
#include "report/html.h"

#include "report/phrase.h"
#include "report/svg.h"

#include <math.h>
#include <string.h>

static void pair_estimate(text *page, const result *r, const char *name, const char *mean, const char *low,
                          const char *high)
{
    text said = {0};
    if (isnan(reading_number(r, mean)))
        return;
    phrase_estimate(&said, reading_number(r, mean), reading_number(r, low), reading_number(r, high), 0);
    html_pair_said(page, name, &said);
}

static void pair_components(text *page, const result *r)
{
    double least = INFINITY, most = -INFINITY;
    size_t n = reading_rows(r, ADAMAS_FOLDS);
    text said = {0};
    for (size_t i = 0; i < n; i++) {
        double components = reading_cell(r, ADAMAS_FOLDS, "components", i);
        least = fmin(least, components);
        most = fmax(most, components);
    }
    if (!(least <= most))
        return;
    text_append(&said, "%.0f", least);
    if (least < most)
        text_append(&said, " to %.0f", most);
    text_append(&said, " in %zu folds", n);
    html_pair_said(page, "Principal components", &said);
}

static void put_summary(text *page, const result *r)
{
    html_heading(page, "The method as a whole");
    html_pairs(page);
    html_pair_number(page, "Specimens judged", reading_number(r, "judged"), 0);
    html_pair_number(page, "Of which the likeliest origin was the true one", reading_number(r, "right"), 0);
    pair_estimate(page, r, "Accuracy", "accuracy", "accuracy_low", "accuracy_high");
    html_pair_number(page, "Balanced accuracy", reading_number(r, "balanced_accuracy"), 3);
    html_pair_number(page, "Log loss (natural)", reading_number(r, "log_loss"), 3);
    html_pair_number(page, "Cllr (0 perfect, 1 says nothing)", reading_number(r, "cllr"), 3);
    html_pair_number(page, "Cllr_min: what calibration cannot mend", reading_number(r, "cllr_min"), 3);
    html_pair_number(page, "Cllr_cal: what it could", reading_number(r, "cllr_cal"), 3);
    html_pair_number(page, "Equal error rate", reading_number(r, "eer"), 3);
    html_pair_number(page, "devPAV", reading_number(r, "devpav"), 3);
    html_pair_number(page, "Largest log10 LR for a wrong origin", reading_number(r, "largest_wrong_log10_lr"), 2);
    pair_estimate(page, r, "Answers that hold the true origin", "covered", "covered_low", "covered_high");
    html_pair_number(page, "Origins in an answer, on average", reading_number(r, "set_size"), 2);
    pair_components(page, r);
    html_pairs_end(page);
}

/* The columns what/... of ADAMAS_ORIGINS, a row a true origin. */
static void put_matrix(text *page, const result *r, const char *what, const char *caption)
{
    const table *t = &r->tables[ADAMAS_ORIGINS];
    size_t length = strlen(what), columns = 0;
    for (size_t c = 0; c < t->n_columns; c++)
        columns += strncmp(t->columns[c]->name, what, length) == 0 && t->columns[c]->name[length] == '/';
    if (!columns)
        return;
    text_append(page, "<div class=\"scroll\"><table>\n<caption>%s</caption>\n<thead><tr><th>True origin</th>", caption);
    for (size_t c = 0; c < t->n_columns; c++)
        if (strncmp(t->columns[c]->name, what, length) == 0 && t->columns[c]->name[length] == '/') {
            text_append(page, "<th class=\"n\">");
            html_text(page, t->columns[c]->name + length + 1);
            text_append(page, "</th>");
        }
    text_append(page, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < t->n_rows; i++) {
        text_append(page, "<tr>");
        html_cell(page, reading_origin(r, i));
        for (size_t c = 0; c < t->n_columns; c++)
            if (strncmp(t->columns[c]->name, what, length) == 0 && t->columns[c]->name[length] == '/')
                html_number_cell(page, t->columns[c]->number ? t->columns[c]->number[i] : NAN, 0);
        text_append(page, "</tr>\n");
    }
    html_table_end(page);
}

typedef struct measure {
    const char *heading, *column;
    int decimals;
} measure;

enum { most_measures = 8 };

/* A row an origin; columns that the result has not are left out, and the table where it has none. */
static void put_measures(text *page, const result *r, const char *caption, const measure *measures, size_t n)
{
    const char *headings[most_measures + 1] = {"Origin"};
    size_t there[most_measures], n_there = 0;
    for (size_t i = 0; i < n; i++)
        if (reading_has(r, ADAMAS_ORIGINS, measures[i].column)) {
            headings[n_there + 1] = measures[i].heading;
            there[n_there++] = i;
        }
    if (!n_there)
        return;
    html_table(page, caption, headings, n_there + 1);
    for (size_t o = 0; o < reading_rows(r, ADAMAS_ORIGINS); o++) {
        text_append(page, "<tr>");
        html_cell(page, reading_origin(r, o));
        for (size_t i = 0; i < n_there; i++)
            html_number_cell(page, reading_cell(r, ADAMAS_ORIGINS, measures[there[i]].column, o),
                             measures[there[i]].decimals);
        text_append(page, "</tr>\n");
    }
    html_table_end(page);
}

static void put_origins(text *page, const result *r)
{
    static const measure each[] = {{"#Specimens", "specimens", 0},
                                   {"#Cllr", "cllr", 3},
                                   {"#Cllr_min", "cllr_min", 3},
                                   {"#Cllr_cal", "cllr_cal", 3},
                                   {"#EER", "eer", 3},
                                   {"#devPAV", "devpav", 3},
                                   {"#Largest wrong log10 LR", "largest_wrong_log10_lr", 2}};
    static const measure open[] = {{"#Specimens", "open_n", 0},
                                   {"#Answered none", "open_none", 0},
                                   {"#A wrong LR above 1", "open_above_1", 0},
                                   {"#Above 10", "open_above_10", 0},
                                   {"#Above 100", "open_above_100", 0},
                                   {"#Kept from an LR by the gate", "open_gated", 0},
                                   {"#Known ones that lose theirs", "gated", 0}};
    html_heading(page, "Each origin");
    put_measures(page, r, "Likelihood ratios of each origin against the others", each, sizeof each / sizeof *each);
    put_matrix(page, r, "predicted", "The likeliest origin, in specimens");
    put_matrix(page, r, "answered", "The answer by typicality, in specimens");
    if (reading_has(r, ADAMAS_ORIGINS, "open_n")) {
        html_heading(page, "Origins that the library lacks");
        html_paragraph(page, "Each origin in turn was left out of the library, and its specimens were judged by the "
                             "rest: whatever origin they were given is wrong.");
        put_measures(page, r, "This origin left out", open, sizeof open / sizeof *open);
    }
}

static void put_audit(text *page, const result *r)
{
    if (!reading_has_number(r, "audit/accuracy") && !reading_has_number(r, "audit/session_accuracy"))
        return;
    html_heading(page, "Has the library learned how it was measured?");
    html_paragraph(page, "The same cross-validation, with what should carry no origin (intensity, continuum, noise, "
                         "saturation, shift, mass, session) in place of the spectra.");
    html_pairs(page);
    pair_estimate(page, r, "Accuracy of the spectra", "accuracy", "accuracy_low", "accuracy_high");
    pair_estimate(page, r, "Accuracy of the others", "audit/accuracy", "audit/accuracy_low", "audit/accuracy_high");
    html_pair(page, "They are", reading_fact(r, "audit/features"));
    html_pair(page, "Left out, being the same throughout", reading_fact(r, "audit/left_out"));
    html_pair_number(page, "Balanced accuracy of the others", reading_number(r, "audit/balanced_accuracy"), 3);
    html_pair_number(page, "Session told from the spectra within an origin",
                     reading_number(r, "audit/session_accuracy"), 3);
    html_pair_number(page, "By chance", reading_number(r, "audit/session_chance"), 3);
    if (reading_has_number(r, "audit/session_p")) {
        text p = {0};
        phrase_p(&p, reading_number(r, "audit/session_p"));
        html_pair_said(page, "p-value of that difference", &p);
    }
    html_pairs_end(page);
}

void html_validation(text *page, const result *r)
{
    put_summary(page, r);
    put_origins(page, r);
    put_audit(page, r);
}

void html_plan(text *page, const result *r)
{
    static const char *const headings[] = {"#Stones measured", "#Chance to reveal", "#Chance to wrong a pure parcel"};
    html_heading(page, "The plan");
    html_pairs(page);
    html_pair(page, "Origin that will be declared", reading_fact(r, "declared"));
    html_pair_number(page, "Stones of the parcel", reading_number(r, "plan/parcel"), 0);
    html_pair_number(page, "Share of foreign stones to be revealed", reading_number(r, "plan/share"), 3);
    html_pair_number(page, "With probability", reading_number(r, "plan/confidence"), 3);
    if (isnan(reading_number(r, "plan/stones")))
        html_pair(page, "Stones to measure", "no number suffices");
    else
        html_pair_number(page, "Stones to measure", reading_number(r, "plan/stones"), 0);
    html_pair_number(page, "A method that never errs would need", reading_number(r, "plan/perfect"), 0);
    html_pairs_end(page);
    if (!reading_rows(r, ADAMAS_PLAN))
        return;
    html_table(page, "What a number of stones gives", headings, 3);
    for (size_t i = 0; i < reading_rows(r, ADAMAS_PLAN); i++) {
        text_append(page, "<tr>");
        html_number_cell(page, reading_cell(r, ADAMAS_PLAN, "stones", i), 0);
        html_number_cell(page, reading_cell(r, ADAMAS_PLAN, "chance", i), 3);
        html_number_cell(page, reading_cell(r, ADAMAS_PLAN, "false_alarm", i), 3);
        text_append(page, "</tr>\n");
    }
    html_table_end(page);
}
