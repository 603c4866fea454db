/* Helpers of the functional tests: checks of an error, and calls that must succeed. */
#ifndef FUNCTIONAL_HELPERS_H
#define FUNCTIONAL_HELPERS_H

#include "folder.h"
#include "synthetic_set.h"

#include <criterion/criterion.h>
#include <string.h>

/* The status is `wanted`, and the error has it as its code and one line that contains `named`. */
static inline void expect_error(adamas_status found, adamas_status wanted, const adamas_error *error, const char *named)
{
    cr_assert_eq(found, wanted, "%d, %d expected: %s", (int)found, (int)wanted, error->message);
    cr_assert_eq(error->code, found);
    cr_assert_not_null(strstr(error->message, named), "'%s' expected in: %s", named, error->message);
    cr_assert_null(strchr(error->message, '\n'), "more than one line: %s", error->message);
}

static inline void expect_ok(adamas_status status, const adamas_error *error)
{
    cr_assert_eq(status, ADAMAS_OK, "%s", error->message);
}

/* The method of a text; NULL: the default method. */
static inline adamas_method *method_of(const char *text)
{
    adamas_error error = {0};
    adamas_method *method;
    expect_ok(adamas_method_parse(&method, text, &error), &error);
    return method;
}

/* A model trained on one library. */
static inline adamas_model *trained(const char *text, const synthetic_set *s, const adamas_options *options)
{
    adamas_error error = {0};
    adamas_model *model;
    adamas_method *method = method_of(text);
    const adamas_spectra *library = s->spectra;
    expect_ok(adamas_model_train(&model, method, &library, 1, 1, options, &error), &error);
    adamas_method_free(method);
    return model;
}

static inline adamas_report *classified(const adamas_model *model, const adamas_spectra *parcel,
                                        const adamas_options *options)
{
    adamas_error error = {0};
    adamas_report *report;
    expect_ok(adamas_model_classify(&report, model, parcel, NULL, options, &error), &error);
    return report;
}

static inline adamas_report *validated(const char *text, const synthetic_set *s, const adamas_protocol *protocol,
                                       const adamas_options *options)
{
    adamas_error error = {0};
    adamas_report *report;
    adamas_method *method = method_of(text);
    const adamas_spectra *library = s->spectra;
    expect_ok(adamas_model_validate(&report, method, &library, 1, protocol, options, &error), &error);
    adamas_method_free(method);
    return report;
}

#endif
