/* The verbal scale of likelihood ratios: the rows of the ENFSI guideline. */
#include "evidence/verbal.h"

#include <criterion/criterion.h>
#include <math.h>

static void assert_words(double lr, const char *words)
{
    cr_assert_str_eq(verbal_support(log10(lr)), words, "%g: %s", lr, verbal_support(log10(lr)));
    cr_assert_str_eq(verbal_support(-log10(lr)), words, "1/%g: %s", lr, verbal_support(-log10(lr)));
}

/* Each row of the table at its least value, within, and just below its end. */
Test(verbal, rows_of_the_guideline)
{
    const char *none = "no support for one proposition over the other";
    assert_words(1, none);
    assert_words(1.99, none);
    assert_words(2, "weak support");
    assert_words(9.99, "weak support");
    assert_words(10, "moderate support");
    assert_words(99.9, "moderate support");
    assert_words(100, "moderately strong support");
    assert_words(999, "moderately strong support");
    assert_words(1000, "strong support");
    assert_words(9990, "strong support");
    assert_words(10000, "very strong support");
    assert_words(999000, "very strong support");
    assert_words(1e6, "extremely strong support");
    assert_words(INFINITY, "extremely strong support");
    cr_assert_str_eq(verbal_support(NAN), none);
}
