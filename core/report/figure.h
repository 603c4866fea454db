/* The figures of reports. Each function appends one SVG, 720 wide, to `out` (memory that ran out is told by
 * out->failed); `prefix` starts its ids and is unique within a page (svg.h). Numbers that are not finite are left out,
 * or drawn at the axis' end where they are infinite, and the figure says how many. Arrays are row by row and only lent.
 * The k-th origin has the same looks in every figure: svg_style_of(k). */
#ifndef REPORT_FIGURE_H
#define REPORT_FIGURE_H

#include "base/text.h"

/* figure_parcel.c */

typedef struct figure_share {
    double mean, low, high; /* 0 to 1, with the 95 % interval */
} figure_share;

typedef struct figure_composition {
    size_t n_origins;
    const char *const *origin;  /* [n_origins] */
    const figure_share *stones; /* [n_origins + 1]: the last is that of "none of these" */
    const figure_share *carats; /* [n_origins + 1]; NULL where no masses are known */
    size_t declared;            /* the origin that the papers declare; n_origins where it is none of these */
} figure_composition;

void figure_draw_composition(text *out, const char *prefix, const figure_composition *f);

/* Words for likelihood ratios from log10 low to high. */
typedef struct figure_zone {
    double low, high; /* may be infinite */
    const char *words;
} figure_zone;

typedef struct figure_strips {
    size_t n_stones, n_origins;
    const char *const *origin; /* [n_origins] */
    const double *log10_lr;    /* [n_stones, n_origins]; NaN where none is quoted */
    double bound_low;          /* log10 of the bounds that validation supports; infinite or NaN for none */
    double bound_high;
    size_t n_zones;
    const figure_zone *zones; /* [n_zones] */
} figure_strips;

void figure_draw_strips(text *out, const char *prefix, const figure_strips *f);

/* figure_plane.c */

typedef struct figure_plane {
    size_t n_origins;
    const char *const *origin; /* [n_origins] */
    size_t n_axes;             /* coordinates of a specimen: 1 or 2 */
    const char *axis_label[2]; /* [n_axes] */
    size_t n_library;
    const double *library;        /* [n_library, n_axes] */
    const size_t *library_origin; /* [n_library] */
    size_t n_stones;
    const double *stones;          /* [n_stones, n_axes] */
    const unsigned char *rejected; /* [n_stones] 1 where no origin is left; NULL where none is rejected */
    const double *centre;          /* [n_origins, n_axes] */
    const double *covariance;      /* [n_origins, n_axes, n_axes], that of a specimen about the centre */
} figure_plane;

void figure_draw_plane(text *out, const char *prefix, const figure_plane *f);

/* figure_spectra.c */

typedef struct figure_spectra {
    size_t n_channels;
    const double *nm;    /* [n_channels], rising within each segment */
    size_t n_segments;   /* of the detector; 0 counts as one of all channels */
    const size_t *first; /* [n_segments] first channel of each */
    int in_air;
    double tolerance_nm; /* within which a peak may bear the name of an emission line */
    const char *intensity_label;
    const char *parcel_name;
    const double *parcel; /* [n_channels] */
    size_t n_libraries;
    const char *const *library_name; /* [n_libraries] */
    const size_t *library_origin;    /* [n_libraries] for the looks */
    const double *library;           /* [n_libraries, n_channels] */
    const double *contribution;      /* [n_channels] each channel's to log10 LR; NULL for none */
    const char *supports;            /* what positive contributions support */
    const char *opposes;             /* what negative ones do */
} figure_spectra;

void figure_draw_spectra(text *out, const char *prefix, const figure_spectra *f);

/* figure_validation.c */

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
