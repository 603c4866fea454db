/* Elements of the page. */
#include "report/html_write.h"

#include "report/svg.h"

void html_text(text *page, const char *raw)
{
    svg_escape(page, raw);
}

static void element(text *page, const char *tag, const char *raw)
{
    text_append(page, "<%s>", tag);
    html_text(page, raw);
    text_append(page, "</%s>\n", tag);
}

void html_heading(text *page, const char *raw)
{
    element(page, "h2", raw);
}

void html_paragraph(text *page, const char *raw)
{
    element(page, "p", raw);
}

void html_cell(text *page, const char *raw)
{
    text_append(page, "<td>");
    html_text(page, raw);
    text_append(page, "</td>");
}

void html_number_cell(text *page, double value, int decimals)
{
    text_append(page, "<td class=\"n\">%s</td>", svg_decimal(value, decimals).name);
}

void html_figure(text *page)
{
    text_append(page, "<figure>\n");
}

void html_figure_end(text *page, const char *caption)
{
    element(page, "figcaption", caption);
    text_append(page, "</figure>\n");
}

void html_table_head(text *page, const char *caption, const char *const *headings, size_t n)
{
    text_append(page, "<div class=\"scroll\"><table>\n");
    if (caption)
        element(page, "caption", caption);
    text_append(page, "<thead><tr>");
    for (size_t i = 0; i < n; i++) {
        int numbers = headings[i][0] == '#';
        text_append(page, numbers ? "<th class=\"n\">" : "<th>");
        html_text(page, headings[i] + numbers);
        text_append(page, "</th>");
    }
    text_append(page, "</tr></thead>\n");
}

void html_table(text *page, const char *caption, const char *const *headings, size_t n)
{
    html_table_head(page, caption, headings, n);
    text_append(page, "<tbody>\n");
}

void html_table_end(text *page)
{
    text_append(page, "</tbody></table></div>\n");
}

void html_pairs(text *page)
{
    text_append(page, "<table class=\"pairs\"><tbody>\n");
}

void html_pair(text *page, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    text_append(page, "<tr><th>");
    html_text(page, name);
    text_append(page, "</th>");
    html_cell(page, value);
    text_append(page, "</tr>\n");
}

void html_pair_code(text *page, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    text_append(page, "<tr><th>");
    html_text(page, name);
    text_append(page, "</th><td class=\"code\">");
    html_text(page, value);
    text_append(page, "</td></tr>\n");
}

void html_pair_text(text *page, const char *name, text *value)
{
    html_pair(page, name, value->at);
    page->failed |= value->failed;
    text_clear(value);
}

void html_pair_number(text *page, const char *name, double value, int decimals)
{
    if (value == value)
        html_pair(page, name, svg_decimal(value, decimals).name);
}

void html_pairs_end(text *page)
{
    text_append(page, "</tbody></table>\n");
}
