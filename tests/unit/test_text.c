#include "base/text.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void expect_number(const char *from, double wanted, size_t length)
{
    double value = -1;
    const char *end = text_to_number(from, &value);
    cr_assert_not_null(end, "%s", from);
    cr_assert(value == wanted && end == from + length, "%s: %g, %zu", from, value, (size_t)(end - from));
}

static void number_cases(void)
{
    static const char *const none[] = {"", "-", ".", "+.", " 1", "nan", "inf", "e5", "-e5", "x"};
    double value;
    expect_number("1.5", 1.5, 3);
    expect_number("-.5;", -0.5, 3);
    expect_number("+2.e3 ", 2000, 5);
    expect_number("7e", 7, 1);
    expect_number("1,5", 1, 1);
    expect_number("0x10", 0, 1);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_assert_null(text_to_number(none[i], &value), "%s", none[i]);
}

Test(text, reads_decimal_numbers)
{
    number_cases();
}

Test(text, does_not_heed_the_locale)
{
    char out[32];
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        cr_skip_test("the locale de_DE.UTF-8 is not installed");
    number_cases();
    text_of_number(out, 0.5);
    cr_assert_str_eq(out, "0.5");
}

Test(text, writes_the_shortest_that_reads_back)
{
    char out[32];
    static const struct {
        double value;
        const char *wanted;
    } known[] = {{0.1, "0.1"},
                 {1e22, "1e+22"},
                 {850, "850"},
                 {5e-324, "5e-324"},
                 {0.1 + 0.2, "0.30000000000000004"},
                 {65535, "65535"},
                 {-0.0, "-0"},
                 {(double)NAN, "nan"},
                 {-(double)INFINITY, "-inf"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        text_of_number(out, known[i].value);
        cr_assert_str_eq(out, known[i].wanted);
    }
    uint64_t bits = 1;
    for (int i = 0; i < 20000; i++) {
        double value, back;
        bits = bits * 6364136223846793005u + 1442695040888963407u;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        text_of_number(out, value);
        cr_assert_not_null(text_to_number(out, &back));
        cr_assert_eq(memcmp(&value, &back, sizeof value), 0);
    }
}

Test(text, grows)
{
    text t = {0};
    for (int i = 0; i < 1000; i++)
        text_append(&t, "%d,", i % 10);
    cr_assert(t.length == 2000 && strlen(t.at) == 2000 && !t.failed);
    cr_assert_eq(strncmp(t.at + 1990, "5,6,7,8,9,", 10), 0);
    text_clear(&t);
    cr_assert_null(t.at);
}
