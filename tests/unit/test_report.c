/* Reports of invented numbers: what they say, that they stay whole whatever is missing, and that a page is a page. */
#include "report_made.h"

#include "base/memory.h"
#include "report/html.h"
#include "report/report.h"

#include <jansson.h>
#include <locale.h>

static const char *const three[] = {"CAR", "DRC", "South Africa"};

static adamas_report *drawn(report_result *r)
{
    adamas_report *report;
    adamas_error error = {0};
    cr_assert_eq(report_make(&report, r, &error), ADAMAS_OK, "%s", error.message);
    return report;
}

/* Frees the report, and copies its conclusion. */
static const char *concluded(report_result *r)
{
    static char said[4096];
    adamas_report *report = drawn(r);
    snprintf(said, sizeof said, "%s", table_text(&report->tables.facts, "conclusion", 0));
    json_t *root = json_loads(adamas_report_json(report), 0, NULL);
    cr_assert_not_null(root);
    cr_assert_str_eq(json_string_value(json_object_get(root, "conclusion")), said);
    json_decref(root);
    report_free(report);
    return said;
}

/* What a classification without a calibration has not. */
static void made_without_evidence(report_result *r)
{
    r->classification.specimens.has_evidence = 0;
    r->classification.no_evidence = MISSING_NOT_SUPPORTED;
}

static void assert_says(const char *said, const char *part)
{
    cr_assert_not_null(strstr(said, part), "\"%s\" not in: %s", part, said);
}

static void assert_silent(const char *said, const char *part)
{
    cr_assert_null(strstr(said, part), "\"%s\" in: %s", part, said);
}

Test(report, consistent_only_where_foreign_stones_would_have_been_revealed)
{
    report_result r;
    const char *said;
    made_parcel(&r, 60, 3, three);
    made_declared(&r, "South Africa", 0, 0.2, 0.8);
    said = concluded(&r);
    assert_says(said, "The 60 stones measured are consistent with all coming from South Africa, as declared");
    assert_says(said, "a foreign share of 20 % or more in 19 of 20 cases");
    assert_says(said, "likelihood ratio 6.3, weak support for the declaration");

    static const struct {
        int is_inconsistent;
        double limit, log10_lr;
        size_t n_foreign;
    } not_so[] = {{0, NAN, 0.8, 0}, {0, 0.2, -0.5, 0}, {0, 0.2, 0.8, 2}, {1, 0.2, 0.8, 0}};
    for (size_t i = 0; i < sizeof not_so / sizeof *not_so; i++) {
        made_parcel(&r, 60, 3, three);
        made_declared(&r, "South Africa", not_so[i].is_inconsistent, not_so[i].limit, not_so[i].log10_lr);
        r.classification.declared_test.n_foreign = not_so[i].n_foreign;
        assert_silent(concluded(&r), " consistent");
    }
}

Test(report, inconsistent_with_a_ratio_past_its_bound)
{
    report_result r;
    made_parcel(&r, 60, 3, three);
    made_declared(&r, "South Africa", 1, 0.2, -3.2);
    const char *said = concluded(&r);
    assert_says(said, "are inconsistent with all coming from South Africa, as declared");
    assert_says(said, "likelihood ratio below 1/100, moderately strong support for another composition");
    assert_says(said, "beyond what this library can support");
    assert_says(said,
                "estimated at 28 %, above the 12 % that 19 of 20 parcels wholly from there do not exceed, and is, "
                "with 95 % probability, at most 42 %");
    made_parcel(&r, 60, 3, three);
    made_declared(&r, "South Africa", 1, 0.2, -3.2);
    adamas_report *report = drawn(&r);
    assert_silent(adamas_report_html(report), "3.20"); /* what is beyond the bounds is quoted nowhere on the page */
    assert_silent(adamas_report_html(report), "1/1,600");
    assert_says(adamas_report_html(report),
                "yes: the estimated share of stones from elsewhere is above 12 %, which it exceeds in at "
                "most 5 % of parcels that are all of the declared origin (by 200 pseudo-parcels)");
    report_free(report);
}

/* The foreign share alone decides: a likelihood ratio for the declaration does not undo it. */
Test(report, inconsistent_whatever_the_ratio)
{
    report_result r;
    made_parcel(&r, 60, 3, three);
    made_declared(&r, "South Africa", 1, 0.2, 0.8);
    const char *said = concluded(&r);
    assert_says(said, "are inconsistent with all coming from South Africa, as declared (likelihood ratio 6.3, weak "
                      "support for the declaration)");
    made_parcel(&r, 60, 3, three);
    made_declared(&r, "South Africa", 0, 0.2, 0.8);
    adamas_report *report = drawn(&r);
    assert_says(adamas_report_html(report), "no: the estimated share of stones from elsewhere is not above 12 %");
    assert_silent(adamas_report_html(report), "do not exceed");
    report_free(report);
}

Test(report, undecided)
{
    report_result r;
    made_parcel(&r, 60, 3, three);
    made_declared(&r, "CAR", 0, NAN, 0.1);
    const char *said = concluded(&r);
    assert_says(said, "The spectra cannot tell whether the 60 stones measured all come from CAR, as declared");
    assert_says(said, "no support for one proposition over the other)");
}

Test(report, undecided_of_one_stone)
{
    report_result r;
    made_parcel(&r, 1, 3, three);
    made_declared(&r, "CAR", 0, NAN, 1);
    assert_says(concluded(&r),
                "The spectra cannot tell whether the one stone measured comes from CAR, as declared: by one "
                "stone this method would not have revealed a foreign one in 19 of 20 cases (");
}

Test(report, composition_in_words_and_numbers)
{
    report_result r;
    made_parcel(&r, 60, 3, three);
    made_shares(&r);
    const char *said = concluded(&r);
    assert_says(said, "Of the 60 stones measured an estimated 70 % (95 % interval 56 to 91 %) from CAR");
    assert_says(said, "and 5 % (4 to 7 %) from none of these origins.");
    made_parcel(&r, 60, 3, three);
    made_shares(&r);
    r.classification.composition.rho = NAN;
    r.classification.composition.n_whole = 1500;
    said = concluded(&r);
    assert_says(said, "this speaks of the libraries' own localities only");
    assert_says(said, "1,440 stones of the parcel were not measured");
}

Test(report, synthetic_comes_first)
{
    report_result r;
    made_parcel(&r, 6, 3, three);
    r.classification.model.is_synthetic = 1;
    r.classification.low_typicality = 0.95;
    r.classification.low_typicality_chance = 1e-9;
    adamas_report *report = drawn(&r);
    cr_assert_str_eq(adamas_report_warning(report, 0), "synthetic reference spectra: not evidence");
    assert_says(adamas_report_warning(report, 1), "95 % of the stones are unlike every library");
    cr_assert_null(adamas_report_warning(report, 2));
    cr_assert_eq(strncmp(adamas_report_json(report), "{\n \"warnings\": [\n  \"synthetic", 29), 0);
    const char *conclusion = table_text(&report->tables.facts, "conclusion", 0);
    cr_assert_eq(strncmp(conclusion, "Synthetic reference spectra: not evidence. ", 43), 0);
    assert_says(strstr(adamas_report_html(report), "<body>"),
                "<body>\n<div class=\"warning\" role=\"alert\">\n<p>Synthetic reference");
    report_free(report);
}

Test(report, measured_differently)
{
    report_result r;
    made_parcel(&r, 60, 3, three);
    made_shares(&r);
    made_declared(&r, "CAR", 1, 0.2, -1);
    r.classification.low_typicality = 0.8;
    r.classification.low_typicality_chance = 0.001;
    const char *said = concluded(&r);
    assert_says(said,
                "Nothing is concluded of where these stones come from: 80 % of the stones are unlike every library");
    assert_says(said, "control specimens should be measured first");

    made_parcel(&r, 60, 3, three); /* a fifth are foreign: that is no matter of the session */
    made_shares(&r);
    r.classification.low_typicality = 0.2;
    r.classification.low_typicality_chance = 0.001;
    assert_says(concluded(&r), "an estimated");
}

Test(report, a_control_fails)
{
    report_result r;
    made_parcel(&r, 60, 3, three);
    made_controls(&r, 0.5, 0.02);
    adamas_report *report = drawn(&r);
    assert_says(adamas_report_warning(report, 0),
                "control specimen A002 (of CAR, p-value 0.020) is not like its own origin: either it was mistaken");
    cr_assert_null(adamas_report_warning(report, 1));
    assert_says(adamas_report_html(report), "2, not as they should be (least p-value of the own origin 0.020)");
    const char *said = adamas_report_html(report), *one = strstr(said, "control fails");
    cr_assert(one && !strstr(one + 1, "control fails"));
    report_free(report);

    made_parcel(&r, 60, 3, three); /* the lesser of two p-values is compared with half of epsilon */
    made_controls(&r, 0.03, 0.5);
    report = drawn(&r);
    cr_assert_null(adamas_report_warning(report, 0));
    assert_says(adamas_report_html(report), "2, as they should be");
    assert_silent(adamas_report_html(report), "control fails");
    report_free(report);
}

Test(report, controls_that_were_not_checked)
{
    report_result r;
    made_parcel(&r, 60, 3, three);
    made_controls(&r, NAN, NAN);
    r.classification.specimens.shots[0] = 0;
    r.classification.controls.n = 1;
    r.classification.controls.origin[1] = 3;
    adamas_report *report = drawn(&r);
    cr_assert_str_eq(adamas_report_warning(report, 0),
                     "control specimens could not be checked: A001 (no shot of use) and A002 (CAR is in no library)");
    assert_says(adamas_report_html(report), "2, of which 0 could be checked");
    report_free(report);

    made_parcel(&r, 60, 3, three);
    made_controls(&r, 0.5, NAN);
    report = drawn(&r);
    cr_assert_str_eq(adamas_report_warning(report, 0),
                     "control specimens could not be checked: A002 (the libraries have too few specimens of CAR)");
    assert_says(adamas_report_html(report), "2, of which 1 could be checked, as they should be (");
    report_free(report);

    made_parcel(&r, 60, 3, three);
    made_controls(&r, NAN, NAN);
    r.classification.specimens.has_evidence = 0;
    report = drawn(&r);
    assert_says(adamas_report_warning(report, 0), "A001 (without evidence there is no check) and A002 (without");
    report_free(report);
}

/* Whatever speaks of the parcel counts its 58 stones, not the two controls among its 60 specimens. */
Test(report, controls_are_not_counted)
{
    report_result r;
    made_parcel(&r, 60, 3, three);
    made_controls(&r, 0.5, 0.5);
    made_shares(&r);
    r.classification.specimens.mass_ct = made_numbers(60, 1);
    r.classification.specimens.mass_ct[5] = NAN;
    adamas_report *report = drawn(&r);
    const char *page = adamas_report_html(report);
    assert_says(table_text(&report->tables.facts, "conclusion", 0), "Of the 58 stones measured an estimated 70 %");
    assert_says(page, "58 measured");
    assert_says(page, "57.00 ct (the mass of 1 stones is not known)");
    assert_says(page, "580 used");
    assert_silent(page, "60 measured");
    assert_silent(page, "60 stones");
    assert_says(page, "control of CAR, p 0.500");
    assert_says(adamas_report_json(report), "\"control\": \"CAR\"");
    report_free(report);

    made_parcel(&r, 60, 3, three);
    made_controls(&r, 0.5, 0.5);
    r.classification.specimens.shots[0] = r.classification.specimens.shots[7] = 0;
    assert_says(concluded(&r), "Of the 57 stones that could be judged, of 58 measured, ");
    made_parcel(&r, 3, 3, three);
    made_controls(&r, 0.5, 0.5);
    assert_says(concluded(&r), "The one stone measured ");
}

Test(report, chains_that_did_not_settle)
{
    report_result r;
    made_parcel(&r, 60, 3, three);
    made_shares(&r);
    static const double r_hat[] = {1, 1.2, 1.01, NAN};
    for (size_t i = 0; i < 4; i++)
        r.classification.composition.shares[i].by_number.r_hat = r_hat[i];
    adamas_report *report = drawn(&r);
    assert_says(adamas_report_warning(report, 0), "R-hat 1.20");
    report_free(report);
}

Test(report, one_stone)
{
    report_result r;
    made_parcel(&r, 1, 3, three);
    const char *said = concluded(&r);
    assert_says(said, "The one stone measured is like the stones of one library's origin, CAR (likelihood ratio");
    made_parcel(&r, 1, 3, three);
    r.classification.specimens.typicality[1] = 0.4;
    r.classification.specimens.rejectable[2] = 0;
    said = concluded(&r);
    assert_says(said, "is not resolved between CAR and DRC; not to be excluded, for want of specimens in the library: "
                      "South Africa.");
    made_parcel(&r, 1, 3, three);
    r.classification.specimens.typicality[0] = 0.01;
    assert_says(concluded(&r), "is unlike every library: no origin is supported.");
}

/* The others are likelier, and typicality rejects them: neither is said to be supported. */
Test(report, one_stone_whose_only_origin_is_the_less_likely)
{
    report_result r;
    made_parcel(&r, 1, 3, three);
    r.classification.specimens.log_lr[0] = -1.2 * M_LN10;
    const char *said = concluded(&r);
    assert_says(said, "The one stone measured is not rejected for one origin alone, CAR (likelihood ratio against the "
                      "libraries' other origins 1/16, moderate support for the others); the likelihood ratio supports "
                      "the others, yet the stone is not typical of any of them, so no origin is supported.");
    assert_silent(said, "is like the stones");
}

/* Every fact that says why something is missing, or what is shown, is in the JSON and on the page. */
Test(report, why_there_is_no_composition)
{
    report_result r;
    made_parcel(&r, 6, 3, three);
    r.classification.no_composition = MISSING_NOT_SUPPORTED;
    made_text(&r.classification.no_composition_text, "22 origins: a parcel's composition is found for at most 21");
    assert_says(concluded(&r), "the parcel's composition is not estimated: 22 origins: a parcel's composition");
    made_parcel(&r, 6, 3, three);
    r.classification.no_composition = MISSING_NOT_SUPPORTED;
    made_text(&r.classification.no_composition_text, "too <few>");
    made_views(&r, 2);
    adamas_report *report = drawn(&r);
    assert_says(adamas_report_html(report), "The parcel's composition is not estimated: too &lt;few&gt;.");
    assert_says(adamas_report_json(report), "\"no_parcels\": \"too <few>\"");
    assert_says(adamas_report_json(report), "\"spectrum_origin\": \"CAR\"");
    report_free(report);
}

Test(report, nothing_to_say)
{
    report_result r;
    made_parcel(&r, 3, 3, three);
    memset(r.classification.specimens.shots, 0, 3 * sizeof(size_t));
    assert_says(concluded(&r), "No stone of the parcel has a shot of use: nothing can be said of its origin.");
    made_parcel(&r, 3, 3, three);
    made_without_evidence(&r);
    made_text(&r.classification.no_evidence_text, "each origin needs two localities at least");
    assert_says(concluded(&r),
                "Where these stones come from cannot be said as evidence: each origin needs two localities at least.");
    made_parcel(&r, 2, 3, three);
    made_without_evidence(&r);
    assert_says(concluded(&r),
                "Where these stones come from cannot be said as evidence: the model has no calibration.");
    r = (report_result){.kind = REPORT_CLASSIFICATION};
    assert_says(concluded(&r), "nothing can be said");
    made_validation(&r, 60, 3, three);
    r.validation.likeliest.n = 0;
    assert_says(concluded(&r), "nothing can be said of this method");
    made_plan(&r, 0, 40, 0.95);
    assert_says(concluded(&r), "No number of stones suffices");
}

Test(report, one_origin)
{
    report_result r;
    made_parcel(&r, 4, 1, three);
    adamas_report *report = drawn(&r);
    assert_says(adamas_report_html(report), "Each stone");
    assert_silent(adamas_report_html(report), "one of the other");
    report_free(report);
}

Test(report, of_a_validation)
{
    report_result r;
    made_validation(&r, 60, 3, three);
    static const open_set_counts open_set[3] = {{.n = 20, .none = 10}, {.n = 20, .none = 15}, {.n = NAN, .none = NAN}};
    r.validation.open_set = memory_raw(3, sizeof *open_set);
    memcpy(r.validation.open_set, open_set, sizeof open_set);
    const char *said = concluded(&r);
    assert_says(said,
                "named the true origin of 87 % (95 % interval 75 to 95 %) of 60 specimens while their locality was "
                "left out");
    assert_says(said, "Cllr, is 0.31");
    assert_says(said, "hold the true origin for 95 %");
    assert_says(said, "63 % were answered \"none\"");
}

Test(report, of_a_plan)
{
    report_result r;
    made_plan(&r, 120, 1500, 0.95);
    assert_says(concluded(&r), "Measure 120 of the 1,500 stones to reveal a share of 5 % of foreign ones in a parcel "
                               "declared CAR in 19 of 20 cases.");
    made_plan(&r, 0, 40, 0.97);
    assert_says(concluded(&r), "No number of stones suffices: even with all 40 measured this method would not reveal a "
                               "share of 5 % of foreign ones in a parcel declared CAR in 97.0 % of cases.");
}

/* Every element that is opened is closed in its order; void elements are few. Returns the number of elements. */
static size_t check_nesting(const char *page)
{
    char open[64][16];
    size_t depth = 0, n = 0;
    for (const char *c = strchr(page, '<'); c; c = strchr(c + 1, '<')) {
        char tag[16] = "";
        int closes = c[1] == '/';
        if (c[1] == '!')
            continue;
        cr_assert_eq(sscanf(c + 1 + closes, "%15[a-zA-Z0-9]", tag), 1, "%.60s", c);
        const char *end = strchr(c, '>');
        cr_assert_not_null(end);
        if (strcmp(tag, "meta") == 0 || end[-1] == '/')
            continue;
        if (closes) {
            cr_assert(depth > 0 && strcmp(open[depth - 1], tag) == 0, "</%s> after <%s>", tag,
                      depth ? open[depth - 1] : "");
            depth--;
        } else {
            cr_assert_lt(depth, 64);
            strcpy(open[depth++], tag);
            n++;
        }
    }
    cr_assert_eq(depth, 0);
    return n;
}

/* Names that would break a page out of its text. */
Test(report, page_of_hostile_names)
{
    static const char *const origins[] = {"<script>alert(1)</script>", "a & b \"quoted\"", "\xff\xfe no UTF-8",
                                          "tab\tand\nline"};
    report_result r;
    made_parcel(&r, 7, 4, origins);
    made_shares(&r);
    made_declared(&r, origins[0], 0, 0.2, 0.8);
    made_text(&r.classification.parcel.name, "<img src=x onerror=\"y\">");
    made_text(&r.classification.parcel.seizure, "</body></html><script>");
    made_text(&r.classification.model.method, "]]>&amp;'");
    adamas_status status;
    char *page;
    adamas_error error = {0};
    status = report_html(&page, &r, &error);
    cr_assert_eq(status, ADAMAS_OK, "%s", error.message);
    cr_assert_gt(check_nesting(page), 100);
    cr_assert(text_is_utf8(page));
    static const char *const never[] = {"<script", "href=", "<img", "<link", "@import", "url(http", "\xff"};
    assert_says(page, "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_says(page, "a &amp; b &quot;quoted&quot;");
    assert_says(page, "]]&gt;&amp;amp;'");
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        assert_silent(page, never[i]);
    free(page);
    report_result_clear(&r);
}

static size_t count(const char *page, const char *what)
{
    size_t n = 0;
    for (const char *c = strstr(page, what); c; c = strstr(c + 1, what))
        n++;
    return n;
}

/* A figure of each kind that the tables allow, with one axis of the origins or two, and no id twice. */
Test(report, figures)
{
    for (int n_axes = 1; n_axes <= 2; n_axes++) {
        report_result r;
        made_parcel(&r, 20, 3, three);
        made_shares(&r);
        made_views(&r, n_axes);
        adamas_report *report = drawn(&r);
        check_nesting(adamas_report_html(report));
        cr_assert_eq(count(adamas_report_html(report), "<figure>"), 4);
        cr_assert_eq(count(adamas_report_html(report), "<svg "), 4);
        static const char *const ids[] = {"composition", "strips", "plane", "spectra"};
        for (size_t i = 0; i < 4; i++) {
            char id[64];
            snprintf(id, sizeof id, "id=\"%s-title\"", ids[i]);
            cr_assert_eq(count(adamas_report_html(report), id), 1, "%s", id);
        }
        assert_says(adamas_report_html(report), "Ca II 393.37");
        assert_silent(adamas_report_json(report), "wavelength"); /* mean spectra are for the eye */
        report_free(report);
    }
}

/* The Tippett plot is drawn from shares above thresholds: the counts that it prints come back from them. */
Test(report, figures_of_a_validation)
{
    report_result r;
    made_validation(&r, 60, 3, three);
    made_curves(&r);
    adamas_report *report = drawn(&r);
    check_nesting(adamas_report_html(report));
    cr_assert_eq(count(adamas_report_html(report), "<svg "), 4);
    assert_says(adamas_report_html(report), "6 of 60 have LR below 1 (misleading): 10.0 %");
    assert_says(adamas_report_html(report), "12 of 120 have LR above 1 (misleading): 10.0 %");
    report_free(report);
}

Test(report, page_without_anything)
{
    static const report_kind kinds[] = {REPORT_CLASSIFICATION, REPORT_VALIDATION, REPORT_PLAN};
    for (size_t i = 0; i < 3; i++) {
        report_result r = {.kind = kinds[i]};
        adamas_report *report = drawn(&r);
        cr_assert_eq(strncmp(adamas_report_html(report), "<!DOCTYPE html>\n<html lang=\"en\">", 32), 0);
        check_nesting(adamas_report_html(report));
        assert_silent(adamas_report_html(report), "nan");
        assert_silent(adamas_report_html(report), "(null)");
        assert_silent(adamas_report_json(report), "nan");
        report_free(report);
    }
}

/* Numbers that are not known are null in JSON and a dash on the page. */
Test(report, unknown_numbers)
{
    report_result r;
    made_parcel(&r, 4, 2, three);
    made_shares(&r);
    static const double mean[] = {NAN, 0.5, NAN};
    for (size_t i = 0; i < 3; i++) {
        r.classification.composition.shares[i].by_number.mean = mean[i];
        r.classification.composition.shares[i].by_number.low = NAN;
    }
    made_declared(&r, "CAR", 0, NAN, NAN);
    r.classification.declared_test.foreign = NAN;
    r.classification.declared_test.foreign_high = NAN;
    r.classification.log10_lr_low[0] = -INFINITY;
    r.classification.log10_lr_low[1] = NAN;
    adamas_report *report = drawn(&r);
    assert_silent(adamas_report_html(report), "nan");
    json_t *root = json_loads(adamas_report_json(report), 0, NULL);
    json_t *declared = json_object_get(json_object_get(root, "parcel"), "declared");
    cr_assert(json_is_null(json_object_get(declared, "foreign")));
    cr_assert(json_is_null(json_object_get(declared, "revealed")));
    json_decref(root);
    report_free(report);
}

Test(report, json_of_a_stone)
{
    report_result r;
    made_parcel(&r, 3, 3, three);
    adamas_report *report = drawn(&r);
    json_t *root = json_loads(adamas_report_json(report), 0, NULL), *stones = json_object_get(root, "specimens");
    json_t *first = json_array_get(stones, 0);
    cr_assert_str_eq(json_string_value(json_object_get(first, "answer")), "CAR");
    json_t *lr = json_object_get(first, "log10_lr"), *verbal = json_object_get(first, "verbal");
    cr_assert_float_eq(json_real_value(json_object_get(lr, "CAR")), 0.2, 1e-12);
    cr_assert(json_is_null(json_object_get(lr, "DRC")));
    cr_assert_str_eq(json_string_value(json_object_get(verbal, "CAR")),
                     "no support for one proposition over the other");
    cr_assert(json_is_null(json_object_get(verbal, "DRC")));
    cr_assert_null(json_object_get(first, "posterior"));
    json_decref(root);
    report_free(report);
}

/* A decimal comma in the host program's locale comes nowhere near a report. */
Test(report, no_locale)
{
    char *written[2];
    for (int i = 0; i < 2; i++) {
        report_result r;
        if (i && !setlocale(LC_ALL, "de_DE.UTF-8"))
            cr_skip_test("no locale with a decimal comma");
        made_parcel(&r, 9, 3, three);
        made_shares(&r);
        made_declared(&r, "CAR", 0, 0.2, 0.8);
        adamas_report *report = drawn(&r);
        written[i] = memory_text(adamas_report_html(report));
        report_free(report);
    }
    cr_assert_str_eq(written[0], written[1]);
    free(written[0]);
    free(written[1]);
}
