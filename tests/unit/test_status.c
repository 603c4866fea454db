/* Errors: one line, cut between characters. */
#include "base/status.h"

#include <criterion/criterion.h>
#include <string.h>

Test(status, fills_one_line)
{
    adamas_error error = {0};
    cr_assert_eq(status_set(&error, ADAMAS_E_FORMAT, "a\nb\t%d\x7f.", 3), ADAMAS_E_FORMAT);
    cr_assert_eq(error.code, ADAMAS_E_FORMAT);
    cr_assert_str_eq(error.message, "a b 3 .");
    cr_assert_eq(status_set(NULL, ADAMAS_E_FILE, "x"), ADAMAS_E_FILE);
    cr_assert_eq(status_no_memory(&error), ADAMAS_E_MEMORY);
    cr_assert_str_eq(error.message, "out of memory");
}

Test(status, cuts_between_characters)
{
    static const char *const letters[] = {"x", "é", "石", "💎"};
    for (size_t bytes = 1; bytes <= 4; bytes++)
        for (size_t shift = 0; shift < 4; shift++) {
            char text[1200 + 1] = {0};
            memset(text, 'a', shift);
            while (strlen(text) + bytes < sizeof text)
                strcat(text, letters[bytes - 1]);
            adamas_error error = {0};
            status_set(&error, ADAMAS_E_DATA, "%s", text);
            size_t room = sizeof error.message - 1;
            cr_assert_eq(strlen(error.message), shift + (room - shift) / bytes * bytes);
            cr_assert_eq(strncmp(error.message, text, strlen(error.message)), 0);
        }
}
