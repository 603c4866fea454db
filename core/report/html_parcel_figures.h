/* The figures of a parcel. They can run out of memory. */
#ifndef REPORT_HTML_PARCEL_FIGURES_H
#define REPORT_HTML_PARCEL_FIGURES_H

#include "base/text.h"
#include "classification/classification.h"

adamas_status html_composition_figure(text *page, const classification *c, adamas_error *error);

/* Likelihood ratios of each specimen, the plane of the origins, mean spectra: those of them that there are. */
adamas_status html_parcel_figures(text *page, const classification *c, adamas_error *error);

#endif
