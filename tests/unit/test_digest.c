/* SHA-256: the known answers of FIPS 180-2, of memory and of files. */
#include "base/digest.h"

#include "folder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* FIPS 180-2, appendix B. */
static const char of_nothing[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char of_abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
static const char of_million_a[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

Test(digest, known_answers)
{
    digest *d;
    char hex[65];
    cr_assert_eq(digest_start(&d, NULL), ADAMAS_OK);
    digest_end(d, hex);
    cr_assert_str_eq(hex, of_nothing);
    cr_assert_eq(digest_start(&d, NULL), ADAMAS_OK);
    digest_add(d, "a", 1);
    digest_add(d, "bc", 2);
    digest_end(d, hex);
    cr_assert_str_eq(hex, of_abc);
    digest_end(NULL, hex);
    cr_assert_eq(digest_start(&d, NULL), ADAMAS_OK);
    digest_end(d, NULL);
}

Test(digest, of_a_file_longer_than_a_block)
{
    static char million[1000000];
    memset(million, 'a', sizeof million);
    folder_begin();
    folder_put("a", million, sizeof million);
    char hex[65];
    cr_assert_eq(digest_file(hex, in_folder("a"), NULL, NULL), ADAMAS_OK);
    folder_end();
    cr_assert_str_eq(hex, of_million_a);
}

Test(digest, says_which_file_cannot_be_read)
{
    char hex[65];
    adamas_error error = {0};
    cr_assert_eq(digest_file(hex, "/nowhere/a.h5", NULL, &error), ADAMAS_E_FILE);
    cr_assert_str_eq(error.message, "/nowhere/a.h5: cannot open: No such file or directory");
    cr_assert_eq(digest_file(hex, "/tmp", NULL, &error), ADAMAS_E_FILE);
    cr_assert_str_eq(error.message, "/tmp: cannot read: Is a directory");
}
