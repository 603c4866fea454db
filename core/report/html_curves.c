/* The figures of a validation. */
#include "report/html.h"

#include "base/memory.h"
#include "report/figure.h"

#include <math.h>
#include <stdlib.h>

/* The n log10 LRs behind a curve of shares above thresholds, each in the middle between its two thresholds; those
 * beyond the ends at the ends. Returns how many were placed, n or fewer. */
static size_t place_ratios(double *out, size_t n, size_t n_thresholds, const double *threshold, const double *above)
{
    size_t placed = 0, left = n;
    for (size_t i = 0; i < n_thresholds; i++) {
        size_t still = isfinite(above[i]) ? (size_t)lround(above[i] * (double)n) : left;
        double at = i ? (threshold[i - 1] + threshold[i]) / 2 : threshold[0];
        for (; left > still; left--)
            out[placed++] = at;
    }
    for (; left > 0; left--)
        out[placed++] = threshold[n_thresholds - 1] + 1e-6;
    return placed;
}

static void draw_tippett(text *page, const result *r)
{
    size_t n = reading_rows(r, ADAMAS_TIPPETT), k = reading_rows(r, ADAMAS_ORIGINS);
    double judged = reading_number(r, "judged");
    const double *threshold = reading_numbers(r, ADAMAS_TIPPETT, "log10_lr"),
                 *same = reading_numbers(r, ADAMAS_TIPPETT, "same"),
                 *different = reading_numbers(r, ADAMAS_TIPPETT, "different");
    if (!n || !threshold || !same || !different || k < 2 || !(judged > 0))
        return;
    size_t n_same = (size_t)judged, n_different = n_same * (k - 1);
    double *ratios = memory_raw(n_same + n_different, sizeof *ratios);
    if (!ratios) {
        page->failed = 1;
        return;
    }
    figure_tippett f = {.same = ratios,
                        .different = ratios + n_same,
                        .same_name = "of the true origin",
                        .different_name = "of each other origin"};
    f.n_same = place_ratios(ratios, n_same, n, threshold, same);
    f.n_different = place_ratios(ratios + n_same, n_different, n, threshold, different);
    html_figure(page);
    figure_draw_tippett(page, "tippett", &f);
    html_figure_end(
        page, "Likelihood ratios of the specimens' true origins and of all others, before typicality rejects any.");
    free(ratios);
}

static void draw_reliability(text *page, const result *r)
{
    const figure_reliability f = {.n_bins = reading_rows(r, ADAMAS_RELIABILITY),
                                  .predicted = reading_numbers(r, ADAMAS_RELIABILITY, "predicted"),
                                  .observed = reading_numbers(r, ADAMAS_RELIABILITY, "observed"),
                                  .low = reading_numbers(r, ADAMAS_RELIABILITY, "low"),
                                  .high = reading_numbers(r, ADAMAS_RELIABILITY, "high"),
                                  .count = reading_numbers(r, ADAMAS_RELIABILITY, "specimens")};
    if (!f.n_bins || !f.predicted || !f.observed || !f.low || !f.high || !f.count)
        return;
    html_figure(page);
    figure_draw_reliability(page, "reliability", &f);
    html_figure_end(page, "Of the times that a probability was given, how often it came true.");
}

static void draw_cross_entropy(text *page, const result *r)
{
    const figure_ece f = {.n = reading_rows(r, ADAMAS_CROSS_ENTROPY),
                          .prior_log10_odds = reading_numbers(r, ADAMAS_CROSS_ENTROPY, "log10_odds"),
                          .as_is = reading_numbers(r, ADAMAS_CROSS_ENTROPY, "as_is"),
                          .pav = reading_numbers(r, ADAMAS_CROSS_ENTROPY, "after_pav"),
                          .neutral = reading_numbers(r, ADAMAS_CROSS_ENTROPY, "neutral")};
    if (!f.n || !f.prior_log10_odds || !f.as_is || !f.pav || !f.neutral)
        return;
    html_figure(page);
    figure_draw_ece(page, "cross-entropy", &f);
    html_figure_end(
        page, "Empirical cross-entropy: lower is better, and above the neutral curve the likelihood ratios mislead.");
}

static void draw_coverage(text *page, const result *r)
{
    size_t n = reading_rows(r, ADAMAS_COVERAGE);
    const double *epsilon = reading_numbers(r, ADAMAS_COVERAGE, "epsilon");
    figure_coverage f = {.n = n,
                         .observed = reading_numbers(r, ADAMAS_COVERAGE, "covered"),
                         .low = reading_numbers(r, ADAMAS_COVERAGE, "low"),
                         .high = reading_numbers(r, ADAMAS_COVERAGE, "high")};
    if (!n || !epsilon || !f.observed)
        return;
    double *nominal = memory_raw(n, sizeof *nominal);
    if (!nominal) {
        page->failed = 1;
        return;
    }
    for (size_t i = 0; i < n; i++)
        nominal[i] = 1 - epsilon[i];
    f.nominal = nominal;
    html_figure(page);
    figure_draw_coverage(page, "coverage", &f);
    html_figure_end(page, "How often the answer held the true origin, by what it should.");
    free(nominal);
}

adamas_status html_validation_figures(text *page, const result *r, adamas_error *error)
{
    if (!reading_rows(r, ADAMAS_TIPPETT) && !reading_rows(r, ADAMAS_RELIABILITY) &&
        !reading_rows(r, ADAMAS_CROSS_ENTROPY) && !reading_rows(r, ADAMAS_COVERAGE))
        return ADAMAS_OK;
    html_heading(page, "Figures");
    draw_tippett(page, r);
    draw_reliability(page, r);
    draw_cross_entropy(page, r);
    draw_coverage(page, r);
    return page->failed ? status_no_memory(error) : ADAMAS_OK;
}
