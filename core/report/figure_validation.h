/* Figures of a validation: Tippett plot, reliability, empirical cross-entropy, coverage. Each function appends one SVG,
 * 720 wide, to `out`; out->failed is set if memory runs out. `prefix` starts the ids of the drawing and is unique
 * within a page (svg.h). Numbers that are not finite are left out, or drawn at the end of the axis if they are
 * infinite, and the figure says how many. Arrays are row-major and only borrowed. The k-th origin is drawn alike in
 * every figure: svg_style_of(k). */
#ifndef REPORT_FIGURE_VALIDATION_H
#define REPORT_FIGURE_VALIDATION_H

#include "base/text.h"

typedef struct figure_tippett {
    size_t n_same, n_different; /* specimens for which the first, and the second, proposition is true */
    const double *same;         /* [n_same] log10 LR */
    const double *different;    /* [n_different] */
    const char *same_name;      /* the propositions in words */
    const char *different_name;
} figure_tippett;

void figure_draw_tippett(text *out, const char *prefix, const figure_tippett *f);

typedef struct figure_reliability {
    size_t n_bins;
    const double *predicted; /* [n_bins] mean probability in the bin */
    const double *observed;  /* [n_bins] share that came true */
    const double *low;       /* [n_bins] its 95 % interval */
    const double *high;      /* [n_bins] */
    const double *count;     /* [n_bins] specimens */
} figure_reliability;

void figure_draw_reliability(text *out, const char *prefix, const figure_reliability *f);

typedef struct figure_ece {
    size_t n;
    const double *prior_log10_odds; /* [n], rising */
    const double *as_is;            /* [n] empirical cross-entropy in bits of the ratios as they are */
    const double *pav;              /* [n] after the best calibration that keeps their order */
    const double *neutral;          /* [n] of LR = 1 always */
} figure_ece;

void figure_draw_ece(text *out, const char *prefix, const figure_ece *f);

typedef struct figure_coverage {
    size_t n;
    const double *nominal;  /* [n] 1 - epsilon */
    const double *observed; /* [n] share of sets that hold the true origin */
    const double *low;      /* [n] its 95 % interval; NULL for none */
    const double *high;     /* [n] */
} figure_coverage;

void figure_draw_coverage(text *out, const char *prefix, const figure_coverage *f);

#endif
