/* The method on the page: its text, the libraries, shots set aside, and what the numbers of a parcel are based on. */
#include "report/html_method.h"

#include "dataset/screening.h"
#include "report/html_write.h"
#include "report/phrase.h"
#include "report/svg.h"

#include <math.h>

static void write_libraries(text *page, const model_description *m)
{
    static const char *const headings[] = {"Library", "SHA-256"};
    if (!m->library_files.n)
        return;
    html_table(page, "Reference libraries", headings, 2);
    for (size_t i = 0; i < m->library_files.n; i++) {
        text_append(page, "<tr>");
        html_cell(page, m->library_files.at[i]);
        text_append(page, "<td class=\"code\">");
        html_text(page, m->library_sha256.at[i]);
        text_append(page, "</td></tr>\n");
    }
    html_table_end(page);
}

static void write_bounds(text *page, const classification *c)
{
    static const char *const headings[] = {"Origin",          "#Specimens",         "#Independent",
                                           "#Least log10 LR", "#Greatest log10 LR", "Rejectable"};
    if (!c->specimens.has_evidence)
        return;
    html_table(page, "Origins of the libraries, and the bounds of their likelihood ratios", headings, 6);
    for (size_t o = 0; o < c->origins.n; o++) {
        text_append(page, "<tr>");
        html_cell(page, c->origins.at[o]);
        html_number_cell(page, (double)c->library_specimens[o], 0);
        html_number_cell(page, (double)c->units[o], 0);
        text_append(page, "<td class=\"n\">");
        phrase_log10(page, c->log10_lr_low[o]);
        text_append(page, "</td><td class=\"n\">");
        phrase_log10(page, c->log10_lr_high[o]);
        text_append(page, "</td>");
        html_cell(page, c->specimens.rejectable[o] ? "yes" : "no: too few specimens");
        text_append(page, "</tr>\n");
    }
    html_table_end(page);
}

/* Of a parcel, its stones' alone. */
static size_t sum_of(const size_t *counts, const report_result *r)
{
    size_t sum = 0;
    for (size_t k = 0; k < report_specimens(r)->n_specimens; k++)
        if (r->kind == REPORT_VALIDATION || classification_is_stone(&r->classification, k))
            sum += counts[k];
    return sum;
}

static void pair_shots(text *page, const report_result *r)
{
    const specimen_results *v = report_specimens(r);
    text said = {0};
    text_append(&said,
                "%zu used; set aside %zu not finite, %zu saturated (over %s %% of channels at full scale), "
                "%zu outlying (robust z over %s among the shots of its specimen, where it has %d at least)",
                sum_of(v->shots, r), sum_of(v->not_finite, r), sum_of(v->saturated, r),
                svg_decimal(100 * screen_saturated_share, 1).name, sum_of(v->outlier, r),
                svg_decimal(screen_robust_z, 1).name, (int)screen_min_shots);
    html_pair_text(page, "Shots", &said);
}

/* Two numbers that the composition is based on but that cannot be found out from the parcel. */
static void write_sensitivity(text *page, const classification *c)
{
    static const char *const headings[] = {"Origin", "#Prior weight α", "#Estimate",       "#At τ/3",
                                           "#At 3τ", "#R-hat",          "#Effective draws"};
    if (!c->composition.n_shares)
        return;
    html_table(page, "The composition's prior, its sensitivity, and how well it was simulated", headings, 7);
    for (size_t i = 0; i < c->composition.n_shares; i++) {
        const composition_share *s = &c->composition.shares[i];
        const double means[] = {s->by_number.mean, s->tau_third, s->tau_triple};
        text_append(page, "<tr>");
        html_cell(page, report_share_name(c, i));
        html_number_cell(page, s->alpha, 2);
        for (size_t k = 0; k < 3; k++) {
            text_append(page, "<td class=\"n\">");
            phrase_share(page, means[k]);
            text_append(page, "</td>");
        }
        html_number_cell(page, s->by_number.r_hat, 3);
        html_number_cell(page, s->by_number.effective, 0);
        text_append(page, "</tr>\n");
    }
    html_table_end(page);
    text_append(page,
                "<p class=\"note\">τ: how far from the libraries' common mean an origin of which no library has "
                "a stone may lie, in units of the spread within a locality. R-hat near 1: the chains agree.</p>\n");
}

static void pair_parcel_model(text *page, const composition *c)
{
    if (!c->n_shares)
        return;
    html_pair_number(page, "ρ: spread of localities", c->rho, 3);
    if (isnan(c->rho))
        html_pair(page, "ρ: spread of localities", "cannot be known from these libraries");
    html_pair_number(page, "σ: spread of sessions", c->sigma, 3);
    html_pair_number(page, "τ: spread of unknown origins", c->tau, 2);
    html_pair_number(page, "Temper of the log likelihoods", c->likelihood_power, 2);
}

static void write_pairs(text *page, const report_result *r)
{
    const model_description *m = report_model(r);
    html_pair_code(page, "Method", m->method);
    html_pair_code(page, "In full", m->method_canonical);
    if (m->has_components)
        html_pair_number(page, "Principal components", (double)m->components, 0);
    html_pair_number(page, "Parts of the origin's path told apart", (double)m->level, 0);
    html_pair(page, "Wavelengths in", m->axis_medium);
    if (report_specimens(r))
        pair_shots(page, r);
    if (r->kind == REPORT_CLASSIFICATION) {
        if (r->classification.specimens.has_evidence)
            html_pair_number(page, "Calibration slope", r->classification.slope, 3);
        pair_parcel_model(page, &r->classification.composition);
    } else if (r->kind == REPORT_VALIDATION) {
        html_pair_number(page, "Seed", (double)r->validation.seed, 0);
    }
    html_pair(page, "Engine", m->engine);
}

void html_method(text *page, const report_result *r)
{
    html_heading(page, "The method");
    html_pairs(page);
    write_pairs(page, r);
    html_pairs_end(page);
    if (r->kind == REPORT_CLASSIFICATION) {
        write_bounds(page, &r->classification);
        write_sensitivity(page, &r->classification);
    }
    write_libraries(page, report_model(r));
}
