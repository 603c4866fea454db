/* Sets of names: numbers follow the first appearance. */
#include "base/names.h"

#include <criterion/criterion.h>
#include <stdio.h>

Test(names, numbers_follow_first_appearance)
{
    enum { n = 1000 };
    static char text[n][8];
    names all = {0};
    size_t number;
    cr_assert_eq(names_find(&all, "0"), 0);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < n; i++) {
            snprintf(text[i], sizeof text[i], "%zu", i);
            cr_assert_eq(names_add(&all, text[i], &number, NULL), ADAMAS_OK);
            cr_assert_eq(number, i);
        }
    cr_assert_eq(all.n, n);
    cr_assert_eq(names_find(&all, "999"), 999);
    cr_assert_eq(names_find(&all, "1000"), n);
    cr_assert_str_eq(all.name[17], "17");
    names_clear(&all);
    cr_assert_eq(all.n, 0);
}
