/* The figures of a validation. */
#include "report/html_validation_figures.h"

#include "base/memory.h"
#include "report/figure_validation.h"
#include "report/html_write.h"

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

static void draw_tippett(text *page, const validation_result *v)
{
    size_t n_same = v->likeliest.n, n_different = n_same * (v->origins.n - 1);
    const double *threshold = v->curves->tippett.log10_lr;
    double *ratios = memory_raw(n_same + n_different, sizeof *ratios);
    if (!ratios) {
        page->failed = 1;
        return;
    }
    figure_tippett f = {.same = ratios,
                        .different = ratios + n_same,
                        .same_name = "of the true origin",
                        .different_name = "of each other origin"};
    f.n_same = place_ratios(ratios, n_same, TIPPETT_THRESHOLDS, threshold, v->curves->tippett.same);
    f.n_different =
        place_ratios(ratios + n_same, n_different, TIPPETT_THRESHOLDS, threshold, v->curves->tippett.different);
    html_figure(page);
    figure_draw_tippett(page, "tippett", &f);
    html_figure_end(
        page, "Likelihood ratios of the specimens' true origins and of all others, before typicality rejects any.");
    free(ratios);
}

static void draw_reliability(text *page, const validation_result *v)
{
    const figure_reliability f = {.n_bins = RELIABILITY_BINS,
                                  .predicted = v->curves->reliability.predicted,
                                  .observed = v->curves->reliability.observed,
                                  .low = v->curves->reliability.low,
                                  .high = v->curves->reliability.high,
                                  .count = v->curves->reliability.specimens};
    html_figure(page);
    figure_draw_reliability(page, "reliability", &f);
    html_figure_end(page, "Of the times that a probability was given, how often it came true.");
}

static void draw_cross_entropy(text *page, const validation_result *v)
{
    const figure_ece f = {.n = CROSS_ENTROPY_PRIORS,
                          .prior_log10_odds = v->curves->cross_entropy.log10_odds,
                          .as_is = v->curves->cross_entropy.as_is,
                          .pav = v->curves->cross_entropy.after_pav,
                          .neutral = v->curves->cross_entropy.neutral};
    html_figure(page);
    figure_draw_ece(page, "cross-entropy", &f);
    html_figure_end(
        page, "Empirical cross-entropy: lower is better, and above the neutral curve the likelihood ratios mislead.");
}

static void draw_coverage(text *page, const validation_result *v)
{
    double nominal[COVERAGE_LEVELS], observed[COVERAGE_LEVELS], low[COVERAGE_LEVELS], high[COVERAGE_LEVELS];
    for (size_t i = 0; i < COVERAGE_LEVELS; i++) {
        nominal[i] = 1 - v->coverage_levels[i].epsilon;
        observed[i] = v->coverage_levels[i].covered;
        low[i] = v->coverage_levels[i].low;
        high[i] = v->coverage_levels[i].high;
    }
    html_figure(page);
    figure_draw_coverage(page, "coverage", &(figure_coverage){COVERAGE_LEVELS, nominal, observed, low, high});
    html_figure_end(page, "How often the answer held the true origin, by what it should.");
}

adamas_status html_validation_figures(text *page, const validation_result *v, adamas_error *error)
{
    if (!v->specimens.has_evidence)
        return ADAMAS_OK;
    html_heading(page, "Figures");
    if (v->curves) {
        draw_tippett(page, v);
        draw_reliability(page, v);
        draw_cross_entropy(page, v);
    }
    draw_coverage(page, v);
    return page->failed ? status_no_memory(error) : ADAMAS_OK;
}
