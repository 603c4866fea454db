/* What a cross-validation found, and a plan, on the page. */
#include "report/html_validation.h"

#include "report/html_write.h"
#include "report/phrase.h"

#include <math.h>

static void pair_estimate(text *page, const char *name, double mean, double low, double high)
{
    text said = {0};
    if (isnan(mean))
        return;
    phrase_estimate(&said, mean, low, high, 0);
    html_pair_text(page, name, &said);
}

static void pair_components(text *page, const validation_result *v)
{
    size_t n = v->fold_names.n, min = SIZE_MAX, max = 0;
    text said = {0};
    for (size_t i = 0; i < n; i++) {
        min = v->folds[i].components < min ? v->folds[i].components : min;
        max = v->folds[i].components > max ? v->folds[i].components : max;
    }
    if (!n)
        return;
    text_append(&said, "%zu", min);
    if (min < max)
        text_append(&said, " to %zu", max);
    text_append(&said, " in %zu folds", n);
    html_pair_text(page, "Principal components", &said);
}

static void pair_evidence(text *page, const validation_result *v)
{
    const lr_performance *p = &v->performance;
    if (!v->specimens.has_evidence)
        return;
    html_pair_number(page, "Cllr (0 perfect, 1 says nothing)", p->cllr, 3);
    html_pair_number(page, "Cllr_min: what calibration cannot mend", p->cllr_min, 3);
    html_pair_number(page, "Cllr_cal: what it could", p->cllr_cal, 3);
    html_pair_number(page, "Equal error rate", p->eer, 3);
    html_pair_number(page, "devPAV", p->devpav, 3);
    html_pair_number(page, "Largest log10 LR for a wrong origin", p->largest_wrong_log10_lr, 2);
    pair_estimate(page, "Answers that hold the true origin", v->coverage.covered, v->coverage.low, v->coverage.high);
    html_pair_number(page, "Origins in an answer, on average", v->coverage.set_size, 2);
}

static void write_summary(text *page, const validation_result *v)
{
    const metrics *m = &v->likeliest;
    html_heading(page, "The method as a whole");
    html_pairs(page);
    html_pair_number(page, "Specimens judged", (double)m->n, 0);
    html_pair_number(page, "Of which the likeliest origin was the true one", (double)m->right, 0);
    pair_estimate(page, "Accuracy", m->accuracy, m->accuracy_low, m->accuracy_high);
    html_pair_number(page, "Balanced accuracy", m->balanced_accuracy, 3);
    html_pair_number(page, "Log loss (natural)", m->log_loss, 3);
    pair_evidence(page, v);
    pair_components(page, v);
    html_pairs_end(page);
}

/* counts[n_origins, width]: a row a true origin, a column an origin; the last of n_others have names of their own. */
static void write_matrix(text *page, const char *caption, const text_list *origins, const double *counts,
                         const char *const *others, size_t n_others)
{
    size_t width = origins->n + n_others;
    text_append(page, "<div class=\"scroll\"><table>\n<caption>%s</caption>\n<thead><tr><th>True origin</th>", caption);
    for (size_t i = 0; i < width; i++) {
        text_append(page, "<th class=\"n\">");
        html_text(page, i < origins->n ? origins->at[i] : others[i - origins->n]);
        text_append(page, "</th>");
    }
    text_append(page, "</tr></thead>\n<tbody>\n");
    for (size_t o = 0; o < origins->n; o++) {
        text_append(page, "<tr>");
        html_cell(page, origins->at[o]);
        for (size_t i = 0; i < width; i++)
            html_number_cell(page, counts[o * width + i], 0);
        text_append(page, "</tr>\n");
    }
    html_table_end(page);
}

static void write_performance(text *page, const validation_result *v)
{
    static const char *const headings[] = {"Origin",    "#Specimens", "#Cllr",   "#Cllr_min",
                                           "#Cllr_cal", "#EER",       "#devPAV", "#Largest wrong log10 LR"};
    html_table(page, "Likelihood ratios of each origin against the others", headings,
               v->specimens.has_evidence ? 8 : 2);
    for (size_t o = 0; o < v->origins.n; o++) {
        text_append(page, "<tr>");
        html_cell(page, v->origins.at[o]);
        html_number_cell(page, (double)v->library_specimens[o], 0);
        if (v->specimens.has_evidence) {
            const lr_performance *p = &v->origin_performance[o];
            const double measures[] = {p->cllr, p->cllr_min, p->cllr_cal, p->eer, p->devpav};
            for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
                html_number_cell(page, measures[i], 3);
            html_number_cell(page, p->largest_wrong_log10_lr, 2);
        }
        text_append(page, "</tr>\n");
    }
    html_table_end(page);
}

static void write_open_set(text *page, const validation_result *v)
{
    static const char *const headings[] = {"Origin",
                                           "#Specimens",
                                           "#Answered none",
                                           "#A wrong LR above 1",
                                           "#Above 10",
                                           "#Above 100",
                                           "#Kept from an LR by the gate",
                                           "#Known ones that lose theirs"};
    html_heading(page, "Origins that the library lacks");
    html_paragraph(page, "Each origin in turn was left out of the library, and its specimens were judged by the "
                         "rest: whatever origin they were given is wrong.");
    html_table(page, "This origin left out", headings, 8);
    for (size_t o = 0; o < v->origins.n; o++) {
        const open_set_counts *s = &v->open_set[o];
        const double counts[] = {s->n, s->none, s->above_1, s->above_10, s->above_100, s->gated, (double)v->gated[o]};
        text_append(page, "<tr>");
        html_cell(page, v->origins.at[o]);
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
            html_number_cell(page, counts[i], 0);
        text_append(page, "</tr>\n");
    }
    html_table_end(page);
}

static void write_origins(text *page, const validation_result *v)
{
    static const char *const others[] = {"not resolved", "none"};
    html_heading(page, "Each origin");
    write_performance(page, v);
    write_matrix(page, "The likeliest origin, in specimens", &v->origins, v->confusion, NULL, 0);
    if (v->specimens.has_evidence)
        write_matrix(page, "The answer by typicality, in specimens", &v->origins, v->answers, others, 2);
    if (v->open_set)
        write_open_set(page, v);
}

static void estimate_cell(text *page, double share, double low, double high)
{
    text_append(page, "<td class=\"n\">");
    if (isnan(share))
        text_append(page, "–");
    else
        phrase_estimate(page, share, low, high, 1);
    text_append(page, "</td>");
}

static void write_cases(text *page, const validation_result *v)
{
    static const char *const headings[] = {"What is new",
                                           "#Specimens",
                                           "#Accuracy (95 % interval)",
                                           "#Log loss",
                                           "#Answers that hold the true origin",
                                           "#Answers of one wrong origin alone"};
    html_heading(page, "What is new to the library");
    html_paragraph(page, "The next parcel comes from a new locality and is measured in a new session: the first row, "
                         "of which the accuracy, the likelihood ratios and the figures of this page are. The same "
                         "models also judged specimens whose sessions or localities they knew: the other rows show "
                         "what each of the two costs.");
    html_table(page, "What the models had not seen of the specimens", headings, v->cases_have_evidence ? 6 : 4);
    for (size_t i = 0; i < CROSSED_CASES; i++) {
        const validation_case *s = &v->cases[i];
        const metrics *m = &s->likeliest;
        text_append(page, "<tr>");
        html_cell(page, report_case_name(i));
        html_number_cell(page, (double)m->n, 0);
        estimate_cell(page, m->accuracy, m->accuracy_low, m->accuracy_high);
        html_number_cell(page, m->log_loss, 3);
        if (v->cases_have_evidence) {
            estimate_cell(page, s->covered.share, s->covered.low, s->covered.high);
            estimate_cell(page, s->wrong_single.share, s->wrong_single.low, s->wrong_single.high);
        }
        text_append(page, "</tr>\n");
    }
    html_table_end(page);
}

static void pair_names(text *page, const char *name, const char *const *names, size_t n)
{
    text said = {0};
    for (size_t i = 0; i < n; i++)
        text_append(&said, "%s%s", i ? ", " : "", names[i]);
    html_pair_text(page, name, &said);
}

static void write_audit(text *page, const validation_result *v)
{
    const audit *a = &v->audit;
    const metrics *m = &a->nuisance, *of_spectra = &v->likeliest;
    if (!a->n_features && !a->has_session)
        return;
    html_heading(page, "Has the library learned how it was measured?");
    html_paragraph(page, "The same cross-validation, with what should carry no origin (intensity, continuum, noise, "
                         "saturation, shift, mass, session) in place of the spectra.");
    html_pairs(page);
    pair_estimate(page, "Accuracy of the spectra", of_spectra->accuracy, of_spectra->accuracy_low,
                  of_spectra->accuracy_high);
    if (a->n_features)
        pair_estimate(page, "Accuracy of the others", m->accuracy, m->accuracy_low, m->accuracy_high);
    pair_names(page, "They are", a->features, a->n_features);
    pair_names(page, "Left out, being the same throughout", a->left_out, a->n_left_out);
    if (a->n_features)
        html_pair_number(page, "Balanced accuracy of the others", m->balanced_accuracy, 3);
    if (a->has_session) {
        text p = {0};
        html_pair_number(page, "Session told from the spectra within an origin", a->session_accuracy, 3);
        html_pair_number(page, "By chance", a->session_chance, 3);
        phrase_p(&p, a->session_p);
        html_pair_text(page, "p-value of that difference", &p);
    }
    html_pairs_end(page);
}

void html_validation(text *page, const validation_result *v)
{
    write_summary(page, v);
    if (v->cases)
        write_cases(page, v);
    write_origins(page, v);
    write_audit(page, v);
}

void html_plan(text *page, const plan_result *p)
{
    static const char *const headings[] = {"#Stones measured", "#Chance to reveal", "#Chance to wrong a pure parcel"};
    const declared_plan *plan = &p->plan;
    html_heading(page, "The plan");
    html_pairs(page);
    html_pair(page, "Origin that will be declared", p->declared);
    html_pair_number(page, "Stones of the parcel", (double)p->n_parcel, 0);
    html_pair_number(page, "Share of foreign stones to be revealed", p->share, 3);
    html_pair_number(page, "With probability", p->confidence, 3);
    if (plan->specimens)
        html_pair_number(page, "Stones to measure", (double)plan->specimens, 0);
    else
        html_pair(page, "Stones to measure", "no number suffices");
    html_pair_number(page, "A method that never errs would need", (double)p->n_perfect, 0);
    html_pairs_end(page);
    html_table(page, "What a number of stones gives", headings, 3);
    for (size_t i = 0; i < plan->n_sizes; i++) {
        text_append(page, "<tr>");
        html_number_cell(page, plan->sample_size[i], 0);
        html_number_cell(page, plan->detection_power[i], 3);
        html_number_cell(page, plan->false_alarm, 3);
        text_append(page, "</tr>\n");
    }
    html_table_end(page);
}
