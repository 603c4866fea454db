/* The table of the parcel's stones on the page: typicality, likelihood ratios and answer of each. */
#ifndef REPORT_HTML_SPECIMENS_H
#define REPORT_HTML_SPECIMENS_H

#include "base/text.h"
#include "classification/classification.h"

void html_specimens(text *page, const classification *c);

#endif
