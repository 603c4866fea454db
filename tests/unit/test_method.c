/* Method texts: every text is parsed or refused, with the column of the mistake. */
#include "method/method.h"

#include "base/text.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void refuses(const char *typed, const char *message)
{
    method m;
    adamas_error error = {0};
    adamas_status status = method_parse(&m, typed, &error);
    cr_assert_eq(status, ADAMAS_E_METHOD, "\"%s\" is taken", typed);
    cr_assert_eq(error.code, ADAMAS_E_METHOD);
    cr_assert_str_eq(error.message, message);
    cr_assert(!m.text && !m.steps && m.n_steps == 0);
}

Test(method, the_default_method)
{
    const char *typed = "crop(240,850) | align(max_shift=6) |\n snip( max_half_window = 40 )|pca(components=auto, "
                        "of=specimens) | twolevel ";
    method m;
    cr_assert_eq(method_parse(&m, typed, NULL), ADAMAS_OK);
    cr_assert_str_eq(m.text, typed);
    cr_assert_eq(m.n_steps, 5);
    cr_assert_str_eq(m.steps[0].name, "crop");
    cr_assert_eq(m.steps[0].column, 1);
    cr_assert_eq(m.steps[0].n_arguments, 2);
    cr_assert_null(m.steps[0].arguments[1].key);
    cr_assert_eq(m.steps[0].arguments[1].value.number, 850);
    cr_assert_eq(m.steps[0].arguments[1].column, 10);
    cr_assert_str_eq(m.steps[1].arguments[0].key, "max_shift");
    cr_assert_eq(m.steps[1].arguments[0].column, 23);
    cr_assert_eq(m.steps[1].arguments[0].value_column, 33);
    cr_assert_eq(m.steps[1].arguments[0].value.number, 6);
    cr_assert_not(m.steps[1].arguments[0].value.is_word);
    cr_assert_eq(m.steps[2].arguments[0].value.number, 40);
    cr_assert(m.steps[3].arguments[0].value.is_word);
    cr_assert_str_eq(m.steps[3].arguments[0].value.word, "auto");
    cr_assert_str_eq(m.steps[3].arguments[1].key, "of");
    cr_assert_str_eq(m.steps[4].name, "twolevel");
    cr_assert_eq(m.steps[4].n_arguments, 0);
    method_clear(&m);
    cr_assert(!m.text && !m.steps && m.n_steps == 0);
    method_clear(&m);
}

Test(method, numbers_and_words)
{
    method m;
    cr_assert_eq(method_parse(&m, "_a1(-1.5e-3, +.5, 2., auto, x_9=7)|b()", NULL), ADAMAS_OK);
    const method_argument *a = m.steps[0].arguments;
    cr_assert_str_eq(m.steps[0].name, "_a1");
    cr_assert_eq(a[0].value.number, -1.5e-3);
    cr_assert_eq(a[1].value.number, 0.5);
    cr_assert_eq(a[2].value.number, 2);
    cr_assert_str_eq(a[3].value.word, "auto");
    cr_assert_str_eq(a[4].key, "x_9");
    cr_assert_eq(m.steps[1].n_arguments, 0);
    method_clear(&m);
}

Test(method, errors_are_exact_to_the_column)
{
    refuses("", "method, column 1: the name of a step expected, the end found");
    refuses("  \n ", "method, column 5: the name of a step expected, the end found");
    refuses("snip |", "method, column 7: the name of a step expected, the end found");
    refuses("snip | | snv", "method, column 8: the name of a step expected, '|' found");
    refuses("| snv", "method, column 1: the name of a step expected, '|' found");
    refuses("crop(240,850 | snv", "method, column 14: ')' or ',' expected, '|' found");
    refuses("crop(240,850", "method, column 13: ')' or ',' expected, the end found");
    refuses("crop(", "method, column 6: a number or a word expected, the end found");
    refuses("crop(240,)", "method, column 10: a number or a word expected, ')' found");
    refuses("crop(,240)", "method, column 6: a number or a word expected, ',' found");
    refuses("snip(w=)", "method, column 8: a number or a word expected, ')' found");
    refuses("snip(w 40)", "method, column 8: ')' or ',' expected, '40' found");
    refuses("snip(40=w)", "method, column 8: ')' or ',' expected, '=' found");
    refuses("snip(0x10)", "method, column 7: ')' or ',' expected, 'x10' found");
    refuses("snip 40", "method, column 6: '(' or '|' expected, '40' found");
    refuses("snip(40))", "method, column 9: '|' expected, ')' found");
    refuses("snip(40) snv", "method, column 10: '|' expected, 'snv' found");
    refuses("Snip", "method, column 1: the name of a step expected, 'S' found");
    refuses("snip(Auto)", "method, column 6: a number or a word expected, 'A' found");
    refuses("snip(1e999)", "method, column 6: a number below 1.8e308 expected, '1e999' found");
    refuses("pca(a=1, 5)", "method, column 10: key=value expected, because 'a=' stands before it");
    refuses("pca(a=1, b=2, a=3)", "method, column 15: 'a' is given a second time (first in column 5)");
}

Test(method, columns_count_characters)
{
    refuses("snip | \xC3\xA9t\xC3\xA9", "method, column 8: the name of a step expected, '\xC3\xA9' found");
    refuses("sn\xE2\x86\x92p", "method, column 3: '(' or '|' expected, '\xE2\x86\x92' found");
    refuses("sn\xFF", "method, column 3: '(' or '|' expected, a byte that is no text (ff) found");
    refuses("sn\xC3", "method, column 3: '(' or '|' expected, a byte that is no text (c3) found");
    refuses("sn\xF0\x9F\x92", "method, column 3: '(' or '|' expected, a byte that is no text (f0) found");
}

Test(method, limits)
{
    text steps = {0}, arguments = {0};
    for (int i = 0; i < 64; i++)
        text_append(&steps, i ? "|s" : "s");
    text_append(&arguments, "s(");
    for (int i = 0; i < 16; i++)
        text_append(&arguments, i ? ",1" : "1");
    method m;
    cr_assert_eq(method_parse(&m, steps.at, NULL), ADAMAS_OK);
    cr_assert_eq(m.n_steps, 64);
    method_clear(&m);
    text_append(&steps, "|s");
    refuses(steps.at, "method, column 129: a method has at most 64 steps");
    text_append(&arguments, ",1)");
    refuses(arguments.at, "method, column 35: a step has at most 16 arguments");
    text_clear(&steps);
    text_clear(&arguments);
}

/* For any text parsing gives a method or one error. */
Test(method, any_text_is_taken_or_refused)
{
    static const char alphabet[] = "ab_1.e+-=(),| \n\xC3\xA9\xFF";
    srand(1);
    size_t taken = 0;
    for (int round = 0; round < 200000; round++) {
        char typed[16];
        size_t n = (size_t)rand() % sizeof typed;
        for (size_t i = 0; i < n; i++)
            typed[i] = alphabet[(size_t)rand() % (sizeof alphabet - 1)];
        typed[n < sizeof typed ? n : n - 1] = '\0';
        method m;
        adamas_error error = {0};
        adamas_status status = method_parse(&m, typed, &error);
        cr_assert(status == ADAMAS_OK ? m.n_steps > 0 : status == ADAMAS_E_METHOD && error.message[0] && !m.steps);
        taken += !status;
        method_clear(&m);
    }
    cr_assert_gt(taken, 100);
}
