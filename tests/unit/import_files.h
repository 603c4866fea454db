/* Files for tests of the import, and checks of what it makes of them. */
#ifndef TESTS_IMPORT_FILES_H
#define TESTS_IMPORT_FILES_H

#include "import/import.h"
#include "store/spectra_read.h"

#include "folder.h"
#include "number_table.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char paths[24][320];
static size_t n_paths;
static char out_path[320];
static adamas_error error;

static inline void begin(void)
{
    folder_begin();
    snprintf(out_path, sizeof out_path, "%s", in_folder("out.h5"));
    n_paths = 0;
}

static inline const char *put_bytes(const char *name, const void *bytes, size_t n)
{
    char *path = paths[n_paths++];
    snprintf(path, sizeof paths[0], "%s", in_folder(name));
    folder_put(name, bytes, n);
    return path;
}

static inline const char *put(const char *name, const char *content)
{
    return put_bytes(name, content, strlen(content));
}

static inline adamas_status run(const adamas_import *what)
{
    work w;
    error = (adamas_error){0};
    cr_assert_eq(work_begin(&w, NULL, &error), ADAMAS_OK);
    adamas_status status = import_files(out_path, what, &w, &error);
    work_end(&w);
    return status;
}

/* `what` with the files that were put so far, if it names none. */
static inline adamas_import of_files(adamas_import what)
{
    static const char *files[24];
    what.struct_size = sizeof what;
    if (!what.n_files) {
        for (size_t i = 0; i < n_paths; i++)
            files[i] = paths[i];
        what.files = files;
        what.n_files = n_paths;
    }
    return what;
}

static inline adamas_spectra *imported(adamas_import what)
{
    what = of_files(what);
    adamas_status status = run(&what);
    cr_assert_eq(status, ADAMAS_OK, "%s", error.message);
    adamas_spectra *s = NULL;
    cr_assert_eq(spectra_read(&s, out_path, &error), ADAMAS_OK, "%s", error.message);
    return s;
}

/* The import fails with the code and the whole message (without the folder's path), and leaves no file. */
static inline void expect_failure(adamas_import what, adamas_status code, const char *message)
{
    what = of_files(what);
    adamas_status status = run(&what);
    cr_expect_eq(status, code, "%d found, %d expected for: %s", (int)status, (int)code, message);
    char found[1100] = "", from[300];
    snprintf(from, sizeof from, "%s/", folder);
    size_t length = 0;
    for (const char *c = error.message; *c;) {
        if (strncmp(c, from, strlen(from)) == 0)
            c += strlen(from);
        else
            found[length++] = *c++;
    }
    cr_expect_str_eq(found, message);
    cr_expect_eq((size_t)folder_entries(), n_paths, "a file is left");
}

static inline void expect_refused(const char *name, const char *content, adamas_status code, const char *message)
{
    n_paths = 0;
    put(name, content);
    expect_failure((adamas_import){0}, code, message);
    unlink(paths[0]);
    n_paths = 0;
}

static inline const char *text_of(adamas_spectra *s, int32_t which, const char *column, size_t row)
{
    const adamas_column *c = table_column(spectra_table(s, which), column);
    cr_assert(c && c->text, "no text column %s", column);
    return c->text[row];
}

static inline double number_of(adamas_spectra *s, int32_t which, const char *column, size_t row)
{
    const adamas_column *c = table_column(spectra_table(s, which), column);
    cr_assert(c && c->number, "no number column %s", column);
    return c->number[row];
}

/* rows[n_shots * n_channels] of at most 64 numbers. */
static inline void expect_spectra(adamas_spectra *s, size_t n_shots, size_t n_channels, const double *nm,
                                  const float *rows)
{
    float found[64];
    cr_assert_eq(s->n_shots, n_shots, "%zu", s->n_shots);
    cr_assert_eq(s->axis.n, n_channels, "%zu", s->axis.n);
    cr_assert_eq(spectra_rows(s, 0, n_shots, found, &error), ADAMAS_OK);
    for (size_t i = 0; i < n_channels; i++)
        cr_expect_eq(s->axis.nm[i], nm[i], "channel %zu: %.17g", i, s->axis.nm[i]);
    for (size_t i = 0; i < n_shots * n_channels; i++)
        cr_expect(found[i] == rows[i] || (isnan(found[i]) && isnan(rows[i])), "value %zu: %.9g", i, (double)found[i]);
}

/* The import of one file gives one shot of three channels. */
static inline void expect_three(const char *name, const void *bytes, size_t n, adamas_import what)
{
    static const double nm[] = {200.5, 201.5, 202.5};
    static const float row[] = {10.25F, -3.5F, 1200};
    n_paths = 0;
    put_bytes(name, bytes, n);
    adamas_spectra *s = imported(what);
    expect_spectra(s, 1, 3, nm, row);
    spectra_free(s);
    unlink(out_path);
    unlink(paths[0]);
    n_paths = 0;
}

static inline void expect_three_text(const char *content)
{
    expect_three("a.txt", content, strlen(content), (adamas_import){0});
}

#endif
