#include "report/html.h"

#include "report/report.h"
#include "report/statements.h"

#include <string.h>

static const char *title_of(const result *r)
{
    return r->kind == RESULT_VALIDATION ? "Validation of a method"
           : r->kind == RESULT_PLAN     ? "How many stones to measure"
                                        : "What spectra say of a parcel's origin";
}

static void put_head(text *page, const result *r)
{
    const char *parcel = reading_fact(r, "case/parcel");
    text_append(page,
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>%s",
                title_of(r));
    if (parcel) {
        text_append(page, ": ");
        html_text(page, parcel);
    }
    text_append(page, "</title>\n<style>%s</style>\n</head>\n<body>\n", html_style);
}

static void put_warnings(text *page, const result *r)
{
    const char *said = report_warning(r, 0);
    if (!said)
        return;
    text_append(page, "<div class=\"warning\" role=\"alert\">\n");
    for (size_t i = 0; said; said = report_warning(r, ++i)) {
        text_append(page, "<p>");
        if (said[0] >= 'a' && said[0] <= 'z') {
            text_append(page, "%c", said[0] - 'a' + 'A');
            said++;
        }
        html_text(page, said);
        text_append(page, ".</p>\n");
    }
    text_append(page, "</div>\n");
}

static void put_opening(text *page, const result *r)
{
    put_warnings(page, r);
    text_append(page, "<h1>%s", title_of(r));
    if (reading_fact(r, "case/parcel")) {
        text_append(page, ": ");
        html_text(page, reading_fact(r, "case/parcel"));
    }
    text_append(page, "</h1>\n<p class=\"conclusion\">");
    html_text(page, table_text(&r->facts, "conclusion", 0));
    text_append(page, "</p>\n");
}

static adamas_status put_statements(text *page, const char *heading, const result *r,
                                    adamas_status (*make)(statements *, const result *, adamas_error *),
                                    adamas_error *error)
{
    statements s;
    adamas_status status = make(&s, r, error);
    if (status || !s.n)
        return status;
    html_heading(page, heading);
    text_append(page, "<ul>\n");
    for (size_t i = 0; i < s.n; i++) {
        text_append(page, "<li>");
        html_text(page, s.at[i].at);
        text_append(page, "</li>\n");
    }
    text_append(page, "</ul>\n");
    statements_clear(&s);
    return ADAMAS_OK;
}

static adamas_status put_classification(text *page, const result *r, adamas_error *error)
{
    html_parcel(page, r);
    adamas_status status = html_composition_figure(page, r, error);
    html_declared(page, r);
    if (!status)
        status = html_parcel_figures(page, r, error);
    html_stones(page, r);
    return status;
}

static adamas_status put_body(text *page, const result *r, adamas_error *error)
{
    put_opening(page, r);
    adamas_status status = put_statements(page, "What was compared", r, statements_propositions, error);
    if (!status && r->kind == RESULT_CLASSIFICATION)
        status = put_classification(page, r, error);
    else if (!status && r->kind == RESULT_VALIDATION) {
        html_validation(page, r);
        status = html_validation_figures(page, r, error);
    } else if (!status)
        html_plan(page, r);
    if (!status)
        status = put_statements(page, "The ground of these numbers", r, statements_ground, error);
    html_method(page, r);
    return status ? status : put_statements(page, "What this report does not say", r, statements_limits, error);
}

adamas_status report_html(char **out, const result *r, adamas_error *error)
{
    text page = {0};
    put_head(&page, r);
    adamas_status status = put_body(&page, r, error);
    text_append(&page, "</body>\n</html>\n");
    if (!status && page.failed)
        status = status_no_memory(error);
    *out = status ? NULL : page.at;
    if (status)
        text_clear(&page);
    return status;
}
