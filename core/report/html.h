/* The page of a report: one file of HTML with no script and no link, for the screen, a telephone and A4 paper. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/text.h"
#include "report/reading.h"

/* The text, for the caller to free(). */
adamas_status report_html(char **out, const result *r, adamas_error *error);

/* ----- within html*.c: each appends to the page and leaves out what the result has not */

extern const char html_style[]; /* html_style.c */

/* html_write.c. Texts are escaped, as svg_escape does. */
void html_text(text *page, const char *raw);
void html_heading(text *page, const char *raw);
void html_paragraph(text *page, const char *raw);
void html_cell(text *page, const char *raw);                   /* <td> */
void html_number_cell(text *page, double value, int decimals); /* <td class="n">; "–" for NaN */

void html_figure(text *page); /* what it draws follows */
void html_figure_end(text *page, const char *caption);

/* Tables; headings[n] become one row. A heading that starts with '#' is over numbers. */
void html_table(text *page, const char *caption, const char *const *headings, size_t n);
void html_table_head(text *page, const char *caption, const char *const *headings, size_t n); /* no <tbody> yet */
void html_table_end(text *page);

/* Rows of two: what it is, and a text (left out for NULL and "") or a number (left out for NaN). */
void html_pairs(text *page);
void html_pair(text *page, const char *name, const char *value);
void html_pair_code(text *page, const char *name, const char *value); /* in letters of one width */
void html_pair_said(text *page, const char *name, text *value);       /* clears it */
void html_pair_number(text *page, const char *name, double value, int decimals);
void html_pairs_end(text *page);

/* html_parcel.c, html_stones.c */
void html_parcel(text *page, const result *r);
void html_declared(text *page, const result *r);
void html_stones(text *page, const result *r);

/* html_validation.c */
void html_validation(text *page, const result *r);
void html_plan(text *page, const result *r);

/* html_method.c */
void html_method(text *page, const result *r);

/* html_figures.c: numbers are gathered for them, so memory may run out. */
adamas_status html_composition_figure(text *page, const result *r, adamas_error *error);
adamas_status html_parcel_figures(text *page, const result *r, adamas_error *error);
adamas_status html_validation_figures(text *page, const result *r, adamas_error *error);

#endif
