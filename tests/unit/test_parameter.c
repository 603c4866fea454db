/* Parameters of steps: defaults, ranges, words, and the text that a step is written as. */
#include "method/parameter.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static const step_parameter parameters[] = {
    {.name = "lo", .required = 1, .low = 0, .high = 1e6},
    {.name = "width", .fallback = 40, .low = 1, .high = 100, .whole = 1},
    {.name = "scale", .fallback = 0.3, .low = 1e-4, .high = 100},
    {.name = "components", .low = 1, .high = 512, .whole = 1, .words = "auto", .fallback_word = "auto"},
    {.name = "of", .low = 1, .words = "shots|specimens", .fallback_word = "shots"},
};

enum { n = sizeof parameters / sizeof *parameters };

static adamas_status values_of(step_value *values, size_t n_parameters, const char *typed, adamas_error *error)
{
    method m;
    cr_assert_eq(method_parse(&m, typed, NULL), ADAMAS_OK, "%s", typed);
    adamas_status status = parameter_values(values, n_parameters, parameters, &m.steps[m.n_steps - 1], error);
    method_clear(&m);
    return status;
}

static void becomes(const char *typed, const char *canonical)
{
    step_value values[n];
    text out = {0};
    cr_assert_eq(values_of(values, n, typed, NULL), ADAMAS_OK, "%s", typed);
    parameter_canonical(&out, "step", n, parameters, values);
    cr_assert_str_eq(out.at, canonical);
    text_clear(&out);
}

static void refuses(const char *typed, const char *message)
{
    step_value values[n];
    adamas_error error = {0};
    cr_assert_eq(values_of(values, n, typed, &error), ADAMAS_E_METHOD, "\"%s\" is taken", typed);
    cr_assert_eq(error.code, ADAMAS_E_METHOD);
    cr_assert_str_eq(error.message, message);
}

Test(parameter, defaults_are_written_out)
{
    becomes("step(1)", "step(lo=1, width=40, scale=0.3, components=auto, of=shots)");
    becomes("step(1, 2, 3, 4, specimens)", "step(lo=1, width=2, scale=3, components=4, of=specimens)");
    becomes("step(1, of=specimens, components=auto, width=7)",
            "step(lo=1, width=7, scale=0.3, components=auto, of=specimens)");
    becomes("step(lo=0.1, scale=1e-4)", "step(lo=0.1, width=40, scale=0.0001, components=auto, of=shots)");
}

/* The canonical text is parsed to the same values. */
Test(parameter, canonical_is_its_own_canonical)
{
    becomes("step(lo=123.456, width=100, scale=0.1, components=512, of=specimens)",
            "step(lo=123.456, width=100, scale=0.1, components=512, of=specimens)");
}

Test(parameter, values)
{
    step_value values[n];
    cr_assert_eq(values_of(values, n, "step(5, of=specimens)", NULL), ADAMAS_OK);
    cr_assert(values[0].number == 5 && !values[0].word);
    cr_assert(values[1].number == 40 && values[2].number == 0.3);
    cr_assert(isnan(values[3].number) && step_value_is(values[3], "auto"));
    cr_assert(step_value_is(values[4], "specimens") && !step_value_is(values[4], "shots"));
    cr_assert_not(step_value_is(values[4], "specimen"));
    cr_assert_not(step_value_is(values[0], "auto"));
    cr_assert_eq(values_of(values, n, "step(5)", NULL), ADAMAS_OK);
    cr_assert(step_value_is(values[4], "shots") && !step_value_is(values[4], "shots|specimens"));
}

Test(parameter, ranges_include_their_ends)
{
    step_value values[n];
    cr_assert_eq(values_of(values, n, "step(0, 1, 100, 1)", NULL), ADAMAS_OK);
    cr_assert_eq(values_of(values, n, "step(1e6, 100, 1e-4, 512)", NULL), ADAMAS_OK);
    refuses("step(-1)", "method, column 6: lo is -1, a number from 0 to 1000000 expected");
    refuses("step(1, width=101)", "method, column 15: width is 101, a whole number from 1 to 100 expected");
    refuses("step(1, 0)", "method, column 9: width is 0, a whole number from 1 to 100 expected");
    refuses("step(1, 2.5)", "method, column 9: width is 2.5, a whole number from 1 to 100 expected");
    refuses("snv | step(1, scale=1e-5)", "method, column 21: scale is 1e-05, a number from 0.0001 to 100 expected");
}

Test(parameter, words)
{
    refuses("step(auto)", "method, column 6: lo is auto, a number from 0 to 1000000 expected");
    refuses("step(1, components=aut)",
            "method, column 20: components is aut, a whole number from 1 to 512 or auto expected");
    refuses("step(1, components=autos)",
            "method, column 20: components is autos, a whole number from 1 to 512 or auto expected");
    refuses("step(1, components=513)",
            "method, column 20: components is 513, a whole number from 1 to 512 or auto expected");
    refuses("step(1, of=spots)", "method, column 12: of is spots, shots or specimens expected");
    refuses("step(1, of=1)", "method, column 12: of is 1, shots or specimens expected");
}

Test(parameter, names_and_places)
{
    refuses("step", "method, column 1: step needs lo");
    refuses(" snv | step(width=3)", "method, column 8: step needs lo");
    refuses("step(1, hi=3)", "method, column 9: step has no parameter 'hi', it has: lo, width, scale, components, of");
    refuses("step(1, wid=3)",
            "method, column 9: step has no parameter 'wid', it has: lo, width, scale, components, of");
    refuses("step(1, 2, 3, 4, shots, 6)", "method, column 25: step has 5 parameters: lo, width, scale, components, of");
    refuses("step(1, lo=2)", "method, column 9: lo is given twice");
    step_value values[n];
    adamas_error error = {0};
    cr_assert_eq(values_of(values, 1, "step(1, 2)", &error), ADAMAS_E_METHOD);
    cr_assert_str_eq(error.message, "method, column 9: step has 1 parameter: lo");
    cr_assert_eq(values_of(values, 0, "step(1)", &error), ADAMAS_E_METHOD);
    cr_assert_str_eq(error.message, "method, column 6: step has no parameters");
}

Test(parameter, usage)
{
    text out = {0};
    parameter_usage(&out, "step", n, parameters);
    cr_assert_str_eq(out.at, "step(lo, width=40, scale=0.3, components=auto, of=shots)");
    text_clear(&out);
    parameter_usage(&out, "snv", 0, NULL);
    cr_assert_str_eq(out.at, "snv");
    text_clear(&out);
    parameter_canonical(&out, "snv", 0, NULL, NULL);
    cr_assert_str_eq(out.at, "snv");
    text_clear(&out);
}
