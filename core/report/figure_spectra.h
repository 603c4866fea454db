/* The figure of mean spectra. Each function appends one SVG, 720 wide, to `out`; out->failed is set if memory runs out.
 * `prefix` starts the ids of the drawing and is unique within a page (svg.h). Numbers that are not finite are left out,
 * or drawn at the end of the axis if they are infinite, and the figure says how many. Arrays are row-major and only
 * borrowed. The k-th origin is drawn alike in every figure: svg_style_of(k). */
#ifndef REPORT_FIGURE_SPECTRA_H
#define REPORT_FIGURE_SPECTRA_H

#include "base/text.h"

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

#endif
