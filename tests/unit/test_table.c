/* Tables: columns in order, replaced by name, all of one length. */
#include "base/table.h"

#include <criterion/criterion.h>
#include <math.h>

Test(table, keeps_columns_in_order_and_replaces_by_name)
{
    static const char *const texts[] = {"a", NULL, "ü"};
    static const double numbers[] = {1, (double)NAN, 3};
    table t = {0};
    cr_assert_eq(table_set_text(&t, "first", 3, texts, NULL), ADAMAS_OK);
    cr_assert_eq(table_set_numbers(&t, "second", 3, numbers, NULL), ADAMAS_OK);
    cr_assert_eq(table_set_text(&t, "third", 3, texts, NULL), ADAMAS_OK);
    cr_assert_eq(table_set_numbers(&t, "first", 3, numbers, NULL), ADAMAS_OK);
    cr_assert(t.n_columns == 3 && t.n_rows == 3);
    cr_assert_str_eq(table_column_at(&t, 0)->name, "first");
    cr_assert_null(table_column_at(&t, 0)->text);
    cr_assert_eq(table_column(&t, "first")->number[2], 3);
    cr_assert_str_eq(table_text(&t, "third", 1), "");
    cr_assert_str_eq(table_text(&t, "third", 2), "ü");
    cr_assert_str_eq(table_text(&t, "third", 3), "");
    cr_assert_str_eq(table_text(&t, "second", 0), "");
    cr_assert_null(table_column_at(&t, 3));
    table_clear(&t);
    cr_assert_eq(t.n_columns, 0);
}

Test(table, refuses_columns_of_another_length)
{
    static const double numbers[] = {1, 2, 3};
    table t = {0};
    adamas_error error = {0};
    cr_assert_eq(table_set_numbers(&t, "a", 3, numbers, &error), ADAMAS_OK);
    cr_assert_eq(table_set_numbers(&t, "b", 2, numbers, &error), ADAMAS_E_ARGUMENT);
    cr_assert_str_eq(error.message, "column 'b' has 2 rows, 3 expected");
    cr_assert_eq(t.n_columns, 1);
    table_clear(&t);
}
