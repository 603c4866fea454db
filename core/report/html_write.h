/* Elements of the page: texts, headings, tables, rows of two, figures. Each function appends to the page. */
#ifndef REPORT_HTML_WRITE_H
#define REPORT_HTML_WRITE_H

#include "base/text.h"

/* Texts are escaped, as svg_escape does. */
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

/* Rows of two: what it is, and a text (left out if it is NULL or "") or a number (left out if it is NaN). */
void html_pairs(text *page);
void html_pair(text *page, const char *name, const char *value);
void html_pair_code(text *page, const char *name, const char *value); /* in letters of one width */
void html_pair_text(text *page, const char *name, text *value);       /* clears it */
void html_pair_number(text *page, const char *name, double value, int decimals);
void html_pairs_end(text *page);

#endif
