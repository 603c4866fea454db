/* Numbers as words of the report: shares, intervals rounded outwards, likelihood ratios. */
#include "report/phrase.h"

#include <criterion/criterion.h>
#include <math.h>

static void assert_text(text *t, const char *expected)
{
    cr_assert_str_eq(t->at, expected);
    text_clear(t);
    *t = (text){0};
}

Test(phrase, shares)
{
    static const struct {
        double share;
        const char *said;
    } rows[] = {{0, "0 %"},      {0.004, "under 1 %"}, {0.006, "1 %"}, {0.234, "23 %"},
                {0.994, "99 %"}, {0.996, "over 99 %"}, {1, "100 %"},   {NAN, "unknown"}};
    text t = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        phrase_share(&t, rows[i].share);
        assert_text(&t, rows[i].said);
    }
}

/* Rounding never makes an interval narrower than it is. */
Test(phrase, intervals_are_rounded_outwards)
{
    text t = {0};
    phrase_estimate(&t, 0.5, 0.4099, 0.6001, 0);
    assert_text(&t, "50 % (95 % interval 40 to 61 %)");
    phrase_estimate(&t, 0.5, 0.41, 0.60, 1);
    assert_text(&t, "50 % (41 to 60 %)");
    phrase_estimate(&t, 0.5, NAN, 0.6, 0);
    assert_text(&t, "50 %");
}

Test(phrase, likelihood_ratios)
{
    static const struct {
        double log10_lr;
        const char *said;
    } rows[] = {{0, "1.0"},         {0.8, "6.3"},          {0.9999, "10"},       {2.13, "130"}, {-2.13, "1/130"},
                {-3.38, "1/2,400"}, {6.11, "1.3 million"}, {7.11, "13 million"}, {12, "10^12"}, {NAN, "unknown"}};
    text t = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        phrase_lr(&t, rows[i].log10_lr);
        assert_text(&t, rows[i].said);
    }
}

Test(phrase, other_numbers)
{
    text t = {0};
    phrase_count(&t, 1234567);
    assert_text(&t, "1,234,567");
    phrase_count(&t, 999);
    assert_text(&t, "999");
    phrase_log10(&t, 2.126);
    assert_text(&t, "+2.13");
    phrase_log10(&t, -0.4);
    assert_text(&t, "−0.40");
    phrase_log10(&t, 0.001);
    assert_text(&t, "0.00");
    phrase_chance(&t, 0.95);
    assert_text(&t, "19 of 20");
    phrase_chance(&t, 0.97);
    assert_text(&t, "97.0 % of");
    phrase_p(&t, 0.0123);
    assert_text(&t, "0.012");
    phrase_p(&t, 0.0004);
    assert_text(&t, "0.0004");
    phrase_p(&t, 0.0001);
    assert_text(&t, "0.0001");
    phrase_p(&t, 8.2e-189);
    assert_text(&t, "under 0.0001");
}
