/* The page of a report: its opening, and the order of its parts. */
#include "report/html.h"

#include "report/conclusion.h"
#include "report/html_method.h"
#include "report/html_parcel.h"
#include "report/html_parcel_figures.h"
#include "report/html_specimens.h"
#include "report/html_style.h"
#include "report/html_validation.h"
#include "report/html_validation_figures.h"
#include "report/html_write.h"
#include "report/statements.h"

#include <string.h>

static void write_title(text *page, const report_result *r)
{
    const char *parcel = r->kind == REPORT_CLASSIFICATION ? r->classification.parcel.name : NULL;
    text_append(page, "%s",
                r->kind == REPORT_VALIDATION ? "Validation of a method"
                : r->kind == REPORT_PLAN     ? "How many stones to measure"
                                             : "What spectra say of a parcel's origin");
    if (parcel) {
        text_append(page, ": ");
        html_text(page, parcel);
    }
}

static void write_head(text *page, const report_result *r)
{
    text_append(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    write_title(page, r);
    text_append(page, "</title>\n<style>%s</style>\n</head>\n<body>\n", html_style);
}

static adamas_status write_warnings(text *page, const report_result *r, adamas_error *error)
{
    statements warnings;
    adamas_status status = statements_warnings(&warnings, r, error);
    if (status || !warnings.n)
        return status;
    text_append(page, "<div class=\"warning\" role=\"alert\">\n");
    for (size_t i = 0; i < warnings.n; i++) {
        const char *said = warnings.at[i].at;
        text_append(page, "<p>");
        if (said[0] >= 'a' && said[0] <= 'z') {
            text_append(page, "%c", said[0] - 'a' + 'A');
            said++;
        }
        html_text(page, said);
        text_append(page, ".</p>\n");
    }
    text_append(page, "</div>\n");
    statements_clear(&warnings);
    return ADAMAS_OK;
}

static adamas_status write_opening(text *page, const report_result *r, adamas_error *error)
{
    text conclusion = {0};
    adamas_status status = write_warnings(page, r, error);
    text_append(page, "<h1>");
    write_title(page, r);
    text_append(page, "</h1>\n<p class=\"conclusion\">");
    conclusion_write(&conclusion, r);
    html_text(page, conclusion.at ? conclusion.at : "");
    text_append(page, "</p>\n");
    page->failed |= conclusion.failed;
    text_clear(&conclusion);
    return status;
}

static adamas_status write_statements(text *page, const char *heading, const report_result *r,
                                      adamas_status (*make)(statements *, const report_result *, adamas_error *),
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

static adamas_status write_classification(text *page, const report_result *r, adamas_error *error)
{
    const classification *c = &r->classification;
    html_parcel(page, r);
    adamas_status status = html_composition_figure(page, c, error);
    html_declared(page, c);
    if (!status)
        status = html_parcel_figures(page, c, error);
    html_specimens(page, c);
    return status;
}

static adamas_status write_body(text *page, const report_result *r, adamas_error *error)
{
    adamas_status status = write_opening(page, r, error);
    if (!status)
        status = write_statements(page, "What was compared", r, statements_propositions, error);
    if (!status && r->kind == REPORT_CLASSIFICATION) {
        status = write_classification(page, r, error);
    } else if (!status && r->kind == REPORT_VALIDATION) {
        html_validation(page, &r->validation);
        status = html_validation_figures(page, &r->validation, error);
    } else if (!status) {
        html_plan(page, &r->plan);
    }
    if (!status)
        status = write_statements(page, "The ground of these numbers", r, statements_basis, error);
    html_method(page, r);
    return status ? status : write_statements(page, "What this report does not say", r, statements_limits, error);
}

adamas_status report_html(char **out, const report_result *r, adamas_error *error)
{
    text page = {0};
    write_head(&page, r);
    adamas_status status = write_body(&page, r, error);
    text_append(&page, "</body>\n</html>\n");
    if (!status && page.failed)
        status = status_no_memory(error);
    *out = status ? NULL : page.at;
    if (status)
        text_clear(&page);
    return status;
}
