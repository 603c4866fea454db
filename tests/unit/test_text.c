/* Text: decimal numbers read and written bit for bit in any locale, growing strings, UTF-8, file names. */
#include "base/text.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
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

static void same_as_strtod(const char *from)
{
    double value = 1, wanted;
    char *end;
    wanted = strtod(from, &end);
    cr_assert_eq(text_to_number(from, &value), end, "%s", from);
    cr_assert_eq(memcmp(&value, &wanted, sizeof value), 0, "%s: %.17g, %.17g", from, value, wanted);
}

static uint64_t below(uint64_t *state, uint64_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (*state >> 33) % n;
}

/* Up to 22 digits, with or without a point, with or without an exponent or something similar. */
static void random_number(char *out, uint64_t *state)
{
    static const char *const tails[] = {"",    "",  " ",    ",5", "e",      "e+",
                                        "E-x", ".", "e5.5", "f",  "e00007", "e99999999999"};
    size_t n_digits = 1 + below(state, 22), point = below(state, 2 * n_digits), at = 0;
    if (below(state, 3) == 0)
        out[at++] = below(state, 2) ? '-' : '+';
    for (size_t i = 0; i < n_digits; i++) {
        if (i == point)
            out[at++] = '.';
        out[at++] = (char)('0' + (below(state, 4) ? below(state, 10) : 0));
    }
    if (below(state, 2))
        snprintf(out + at, 32, "e%d", (int)below(state, 60) - 30);
    else
        strcpy(out + at, tails[below(state, sizeof tails / sizeof *tails)]);
}

Test(text, reads_what_strtod_reads_bit_for_bit)
{
    static const char *const edges[] = {"9007199254740991",
                                        "9007199254740992",
                                        "9007199254740993",
                                        "90071992547409925",
                                        "9007199254740991e22",
                                        "9007199254740991e23",
                                        "9007199254740991e-22",
                                        "9007199254740991e-23",
                                        "1e22",
                                        "1e23",
                                        "1e-22",
                                        "1e-23",
                                        "0.3",
                                        "-0",
                                        "-0e9",
                                        "0e400",
                                        "1e400",
                                        "-1e-400",
                                        "4.9e-324",
                                        "123456789012345678901234567890",
                                        "0000000000000000000000001.5",
                                        "0.00000000000000000000000015",
                                        "1.00000000000000000000000000001",
                                        "8.5e+0001",
                                        "1e-2147483649"};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
        same_as_strtod(edges[i]);
    char long_one[1100];
    memset(long_one, '0', sizeof long_one);
    long_one[1] = '.';
    strcpy(long_one + 1002, "1e10015");
    same_as_strtod(long_one);
    strcpy(long_one + 1002, "1e1003");
    same_as_strtod(long_one);
    uint64_t state = 1;
    for (int i = 0; i < 300000; i++) {
        char from[64];
        random_number(from, &state);
        same_as_strtod(from);
    }
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

Test(text, utf8)
{
    static const char *const good[] = {"",
                                       "abc",
                                       "\x7F",
                                       "\xC2\x80",
                                       "\xDF\xBF",
                                       "\xE0\xA0\x80",
                                       "\xED\x9F\xBF",
                                       "\xEE\x80\x80",
                                       "\xEF\xBF\xBF",
                                       "\xF0\x90\x80\x80",
                                       "\xF4\x8F\xBF\xBF",
                                       "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x92\x8Ez"};
    /* Invalid lead bytes, overlong forms, surrogates, beyond U+10FFFF, truncated and broken characters. */
    static const char *const bad[] = {"\x80",
                                      "\xFF",
                                      "a\xE9",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xE0\x9F\xBF",
                                      "\xED\xA0\x80",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xC3",
                                      "\xE2\x82",
                                      "\xF0\x9F\x92",
                                      "\xC3"
                                      "a",
                                      "\xE2\x82"
                                      "a",
                                      "\xF0\x9F\x92"
                                      "a",
                                      "abc\xC3\xA9\xBF"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_assert(text_is_utf8(good[i]), "%zu", i);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert(!text_is_utf8(bad[i]), "%zu", i);
}

Test(text, file_names)
{
    cr_assert_str_eq(text_file_name("a.csv"), "a.csv");
    cr_assert_str_eq(text_file_name("/data/lab 2/a.csv"), "a.csv");
    cr_assert_str_eq(text_file_name("data/"), "");
}
