/* Unusable data: each error has its code and names what is wrong; what can be answered is answered. */
#include "fixture.h"
#include "helpers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

TestSuite(bad_data, .init = fixture_begin, .fini = fixture_end);

static adamas_status train_on(const char *text, const adamas_spectra *const *libraries, size_t n, adamas_error *error)
{
    adamas_method *method = method_of(text);
    adamas_model *model;
    adamas_status status = adamas_model_train(&model, method, libraries, n, 1, NULL, error);
    cr_assert_eq(status == ADAMAS_OK, model != NULL);
    adamas_model_free(model);
    adamas_method_free(method);
    return status;
}

static adamas_status train_one(const char *text, const synthetic_set *s, adamas_error *error)
{
    const adamas_spectra *only = s->spectra;
    return train_on(text, &only, 1, error);
}

static adamas_status validate_one(const char *text, const synthetic_set *s, adamas_error *error)
{
    adamas_method *method = method_of(text);
    adamas_report *report;
    const adamas_spectra *only = s->spectra;
    adamas_status status = adamas_model_validate(&report, method, &only, 1, NULL, NULL, error);
    cr_assert_eq(status == ADAMAS_OK, report != NULL);
    adamas_report_free(report);
    adamas_method_free(method);
    return status;
}

static adamas_status classify_one(const adamas_model *model, const adamas_spectra *set, adamas_error *error)
{
    adamas_report *report;
    adamas_status status = adamas_model_classify(&report, model, set, NULL, NULL, error);
    cr_assert_eq(status == ADAMAS_OK, report != NULL);
    adamas_report_free(report);
    return status;
}

static void set_origins(synthetic_set *s)
{
    adamas_error error = {0};
    expect_ok(adamas_spectra_set_text(s->spectra, ADAMAS_SPECIMENS, "origin", s->n_specimens, s->origin, &error),
              &error);
}

Test(bad_data, a_specimen_in_two_libraries)
{
    adamas_error error = {0};
    const adamas_spectra *both[] = {library.spectra, library.spectra};
    expect_error(train_on("snv | pca(2) | lda", both, 2, &error), ADAMAS_E_DATA, &error, "'stone-1'");
}

Test(bad_data, no_library)
{
    adamas_error error = {0};
    expect_error(train_on("snv", NULL, 0, &error), ADAMAS_E_ARGUMENT, &error, "no reference library");
}

Test(bad_data, a_specimen_without_origin)
{
    adamas_error error = {0};
    library.origin[4] = "";
    set_origins(&library);
    expect_error(train_one("snv | pca(2) | lda", &library, &error), ADAMAS_E_DATA, &error, "'stone-5'");
    expect_error(train_one("snv | pca(2) | lda", &parcel, &error), ADAMAS_E_DATA, &error, "'seized-1'");
    cr_assert_eq(train_one("snv | pca(2)", &parcel, NULL), ADAMAS_OK);
}

Test(bad_data, one_origin)
{
    adamas_error error = {0};
    for (size_t k = 0; k < library.n_specimens; k++)
        library.origin[k] = "alpha/east";
    set_origins(&library);
    expect_error(train_one("snv | pca(2) | lda", &library, &error), ADAMAS_E_DATA, &error, "'alpha'");
    expect_error(validate_one("snv | pca(2) | lda", &library, &error), ADAMAS_E_DATA, &error, "'alpha'");
}

Test(bad_data, an_origin_with_one_specimen)
{
    adamas_error error = {0};
    library.origin[0] = "delta/north";
    set_origins(&library);
    expect_error(validate_one("snv | pca(2) | lda", &library, &error), ADAMAS_E_DATA, &error, "'delta' has 1 specimen");
    cr_assert_eq(train_one("snv | pca(2) | lda", &library, NULL), ADAMAS_OK);
}

Test(bad_data, a_group_that_is_not_known)
{
    adamas_error error = {0};
    adamas_spectra *bare = synthetic_lend(&library, 1);
    expect_ok(adamas_spectra_set_text(bare, ADAMAS_SPECIMENS, "origin", library.n_specimens, library.origin, &error),
              &error);
    const adamas_spectra *only = bare;
    adamas_method *method = method_of("snv | pca(2) | lda");
    adamas_protocol protocol = ADAMAS_PROTOCOL_INIT;
    adamas_report *report;
    protocol.leave = ADAMAS_LEAVE_SESSION;
    expect_error(adamas_model_validate(&report, method, &only, 1, &protocol, NULL, &error), ADAMAS_E_DATA, &error,
                 "'stone-1' has no session");
    protocol.leave = ADAMAS_LEAVE_PARCEL;
    expect_error(adamas_model_validate(&report, method, &only, 1, &protocol, NULL, &error), ADAMAS_E_DATA, &error,
                 "'stone-1' has no parcel");
    adamas_method_free(method);
    adamas_spectra_free(bare);
}

Test(bad_data, specimens_that_are_not_set)
{
    adamas_error error = {0};
    adamas_spectra *set;
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL);
    expect_ok(adamas_spectra_lend(&set, parcel.n_shots, parcel.n_channels, parcel.intensity, parcel.wavelength, &error),
              &error);
    expect_error(classify_one(model, set, &error), ADAMAS_E_ARGUMENT, &error, "specimens");
    const adamas_spectra *only = set;
    expect_error(train_on("snv", &only, 1, &error), ADAMAS_E_ARGUMENT, &error, "specimens");
    uint8_t fate[100];
    expect_error(adamas_spectra_screen(set, fate, NULL, &error), ADAMAS_E_ARGUMENT, &error, "specimens");
    adamas_spectra_free(set);
    adamas_model_free(model);
}

static synthetic_set on_axis(double first_nm, double step_nm)
{
    synthetic_shape shape = synthetic_parcel;
    shape.first_nm = first_nm;
    shape.step_nm = step_nm;
    return synthetic_make(shape);
}

static void set_origins_of(synthetic_set *s)
{
    for (size_t k = 0; k < s->n_specimens; k++)
        s->origin[k] = s->paths[k];
    set_origins(s);
}

Test(bad_data, an_axis_that_does_not_cover)
{
    adamas_error error = {0};
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL);
    synthetic_set late = on_axis(310, 0.1), elsewhere = on_axis(500, 0.1), wider = on_axis(299, 0.11);
    expect_error(classify_one(model, late.spectra, &error), ADAMAS_E_AXIS, &error, "300");
    cr_assert_not_null(strstr(error.message, "missing"), "%s", error.message);
    expect_error(classify_one(model, elsewhere.spectra, &error), ADAMAS_E_AXIS, &error, "500");
    expect_ok(classify_one(model, wider.spectra, &error), &error);
    set_origins_of(&late);
    const adamas_spectra *both[] = {library.spectra, late.spectra};
    expect_error(train_on("snv | pca(2) | lda", both, 2, &error), ADAMAS_E_AXIS, &error, "missing");
    adamas_spectra *derived;
    expect_error(adamas_model_preprocess(&derived, model, late.spectra, NULL, &error), ADAMAS_E_AXIS, &error,
                 "missing");
    cr_assert_null(derived);
    synthetic_free(&late);
    synthetic_free(&elsewhere);
    synthetic_free(&wider);
    adamas_model_free(model);
}

Test(bad_data, another_medium)
{
    adamas_error error = {0};
    expect_ok(adamas_spectra_set_fact(library.spectra, "axis/medium", "air", &error), &error);
    expect_ok(adamas_spectra_set_fact(parcel.spectra, "axis/medium", "vacuum", &error), &error);
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL);
    expect_error(classify_one(model, parcel.spectra, &error), ADAMAS_E_AXIS, &error, "vacuum");
    adamas_model_free(model);
}

Test(bad_data, an_invalid_axis)
{
    adamas_error error = {0};
    adamas_spectra *set;
    double nm[4] = {300, 301, 301, 302};
    expect_error(adamas_spectra_lend(&set, 1, 4, parcel.intensity, nm, &error), ADAMAS_E_AXIS, &error,
                 "same wavelength, 301");
    nm[2] = NAN;
    expect_error(adamas_spectra_lend(&set, 1, 4, parcel.intensity, nm, &error), ADAMAS_E_AXIS, &error, "channel 3");
    expect_error(adamas_spectra_lend(&set, 0, 4, parcel.intensity, parcel.wavelength, &error), ADAMAS_E_DATA, &error,
                 "no shots");
    cr_assert_null(set);
}

Test(bad_data, a_crop_that_keeps_nothing)
{
    adamas_error error = {0};
    expect_error(train_one("crop(500, 600) | snv", &library, &error), ADAMAS_E_AXIS, &error, "500");
}

Test(bad_data, a_model_is_not_a_spectra_set)
{
    adamas_error error = {0};
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL), *read;
    adamas_spectra *set;
    int32_t kind;
    expect_ok(adamas_model_write(model, in_folder("model.h5"), &error), &error);
    expect_ok(adamas_spectra_write(parcel.spectra, in_folder("parcel.h5"), NULL, &error), &error);
    expect_error(adamas_spectra_read(&set, in_folder("model.h5"), &error), ADAMAS_E_FORMAT, &error, "model.h5");
    expect_error(adamas_model_read(&read, in_folder("parcel.h5"), &error), ADAMAS_E_FORMAT, &error, "a spectra set");
    folder_put("text.h5", "not HDF5", 8);
    expect_error(adamas_spectra_read(&set, in_folder("text.h5"), &error), ADAMAS_E_FORMAT, &error, "text.h5");
    expect_error(adamas_model_read(&read, in_folder("text.h5"), &error), ADAMAS_E_FORMAT, &error, "text.h5");
    expect_error(adamas_file_kind(&kind, in_folder("text.h5"), &error), ADAMAS_E_FORMAT, &error, "text.h5");
    cr_assert(!set && !read);
    adamas_model_free(model);
}

Test(bad_data, files_that_do_not_exist)
{
    adamas_error error = {0};
    adamas_spectra *set;
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL), *read;
    adamas_report *report = classified(model, parcel.spectra, NULL);
    char hex[65];
    int32_t kind;
    expect_error(adamas_spectra_read(&set, in_folder("none"), &error), ADAMAS_E_FILE, &error, "none");
    expect_error(adamas_model_read(&read, in_folder("none"), &error), ADAMAS_E_FILE, &error, "none");
    expect_error(adamas_file_kind(&kind, in_folder("none"), &error), ADAMAS_E_FILE, &error, "none");
    expect_error(adamas_file_sha256(hex, in_folder("none"), &error), ADAMAS_E_FILE, &error, "none");
    expect_error(adamas_spectra_write(parcel.spectra, in_folder("no/where"), NULL, &error), ADAMAS_E_FILE, &error,
                 "no/where");
    expect_error(adamas_model_write(model, in_folder("no/where"), &error), ADAMAS_E_FILE, &error, "no/where");
    expect_error(adamas_report_write(report, in_folder("no/where"), &error), ADAMAS_E_FILE, &error, "no/where");
    expect_error(adamas_report_write(report, folder, &error), ADAMAS_E_FILE, &error, "directory");
    adamas_report_free(report);
    adamas_model_free(model);
}

static double of(const adamas_report *report, const char *column, size_t row)
{
    return adamas_report_column(report, ADAMAS_SPECIMENS, column)->number[row];
}

Test(bad_data, a_specimen_without_a_good_shot_is_reported)
{
    for (size_t i = 0; i < 4 * parcel.n_channels; i += parcel.n_channels)
        parcel.intensity[i + 7] = i ? INFINITY : NAN;
    adamas_model *model = trained(NULL, &library, NULL);
    adamas_report *report = classified(model, parcel.spectra, NULL);
    cr_assert_eq(of(report, "shots_used", 0), 0);
    cr_assert_eq(of(report, "shots_not_finite", 0), 4);
    cr_assert(isnan(of(report, "probability/alpha", 0)) && isnan(of(report, "log_density/gamma", 0)));
    cr_assert_eq(of(report, "shots_used", 1), 4);
    cr_assert(of(report, "probability/beta", 1) > 0.5);
    cr_assert_not_null(strstr(adamas_report_json(report), "\"alpha\": null"));
    adamas_report_free(report);
    adamas_model_free(model);
}

Test(bad_data, a_parcel_of_nothing_but_nan_is_reported)
{
    for (size_t i = 0; i < parcel.n_shots * parcel.n_channels; i++)
        parcel.intensity[i] = NAN;
    adamas_model *model = trained(NULL, &library, NULL);
    adamas_report *report = classified(model, parcel.spectra, NULL);
    for (size_t k = 0; k < parcel.n_specimens; k++)
        cr_assert(of(report, "shots_used", k) == 0 && isnan(of(report, "probability/beta", k)));
    adamas_report_free(report);
    adamas_model_free(model);
}

Test(bad_data, constant_spectra_are_not_finite_after_snv)
{
    for (size_t i = 0; i < 4 * parcel.n_channels; i++)
        parcel.intensity[i] = 12;
    cr_assert_eq(adamas_spectra_set_fact(parcel.spectra, "acquisition/full_scale", "65535", NULL), ADAMAS_OK);
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL);
    adamas_report *report = classified(model, parcel.spectra, NULL);
    cr_assert_eq(of(report, "shots_not_finite", 0), 4);
    cr_assert(isnan(of(report, "probability/alpha", 0)));
    adamas_report_free(report);
    adamas_model_free(model);
}

Test(bad_data, a_library_of_constant_spectra_is_refused)
{
    static const char *const methods[] = {"snv | pca(2) | lda", "pca(2) | lda",       "align | pca(2) | twolevel",
                                          "snv | pca",          "msc | pca(2) | lda", "minmax | pca(2) | lda"};
    for (size_t i = 0; i < library.n_shots * library.n_channels; i++)
        library.intensity[i] = 12;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        adamas_error error = {0};
        adamas_status status = train_one(methods[i], &library, &error);
        expect_error(status, ADAMAS_E_DATA, &error, "");
        cr_assert_neq(*error.message, '\0');
    }
}

Test(bad_data, saturated_shots_are_set_aside)
{
    adamas_error error = {0};
    for (size_t i = 10; i < 13; i++)
        parcel.intensity[i] = 1e6F; /* three at the maximum */
    uint8_t fate[24];
    expect_ok(adamas_spectra_screen(parcel.spectra, fate, NULL, &error), &error);
    cr_assert_eq(fate[0], ADAMAS_SHOT_SATURATED);
    cr_assert_eq(fate[1], ADAMAS_SHOT_USED);
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL);
    adamas_report *report = classified(model, parcel.spectra, NULL);
    cr_assert_eq(of(report, "shots_saturated", 0), 1);
    cr_assert_eq(of(report, "shots_used", 0), 3);
    expect_ok(adamas_spectra_set_fact(parcel.spectra, "acquisition/full_scale", "1", &error), &error);
    adamas_report *none = classified(model, parcel.spectra, NULL);
    for (size_t k = 0; k < parcel.n_specimens; k++)
        cr_assert(of(none, "shots_saturated", k) == 4 && isnan(of(none, "probability/alpha", k)));
    adamas_report_free(report);
    adamas_report_free(none);
    adamas_model_free(model);
}

Test(bad_data, one_specimen_of_one_shot_is_classified)
{
    synthetic_shape shape = {1, 1, 1, 300, 300, 0.1, 3, "lone", 1};
    synthetic_set one = synthetic_make(shape);
    adamas_model *model = trained(NULL, &library, NULL);
    adamas_report *report = classified(model, one.spectra, NULL);
    cr_assert_eq(of(report, "shots_used", 0), 1);
    cr_assert_float_eq(of(report, "probability/alpha", 0) + of(report, "probability/beta", 0) +
                           of(report, "probability/gamma", 0),
                       1, 1e-12);
    adamas_report_free(report);
    adamas_model_free(model);
    adamas_error error = {0};
    expect_error(train_one("snv | pca | lda", &one, &error), ADAMAS_E_DATA, &error, "lone-1");
    synthetic_free(&one);
}

/* A library of few shots gives a result or an error with a message. */
Test(bad_data, tiny_libraries)
{
    static const char *const methods[] = {NULL, "snv | pca(1) | lda", "snv | pca(2) | twolevel", "pca"};
    for (size_t specimens = 1; specimens <= 2; specimens++)
        for (size_t shots = 1; shots <= 2; shots++)
            for (size_t i = 0; i < 4; i++) {
                synthetic_shape shape = {2, specimens, shots, 300, 300, 0.1, 3, "few", 0};
                synthetic_set few = synthetic_make(shape);
                adamas_error error = {0};
                adamas_status trained_or_not = train_one(methods[i], &few, &error);
                cr_assert(trained_or_not == ADAMAS_OK || (trained_or_not == ADAMAS_E_DATA && *error.message), "%s",
                          error.message);
                adamas_status validated_or_not = validate_one(methods[i], &few, &error);
                cr_assert(validated_or_not == ADAMAS_OK || *error.message);
                synthetic_free(&few);
            }
}

Test(bad_data, too_many_components)
{
    adamas_error error = {0};
    expect_error(train_one("snv | pca(290) | lda", &library, &error), ADAMAS_E_DATA, &error, "290");
}

/* Reading a truncated file gives an error that names the file, or the same data; never a crash. */
static void read_truncated(const char *name, void (*check)(const char *path, size_t length))
{
    size_t n;
    char *bytes = folder_get(name, &n);
    for (size_t length = 0; length < n; length += 97) {
        folder_put("cut.h5", bytes, length);
        check(in_folder("cut.h5"), length);
    }
    free(bytes);
}

static adamas_model *whole_model;

static void check_model(const char *path, size_t length)
{
    adamas_error error = {0};
    adamas_model *read;
    int32_t kind;
    adamas_file_kind(&kind, path, NULL);
    adamas_status status = adamas_model_read(&read, path, &error);
    if (status) {
        cr_assert_null(read);
        expect_error(status, ADAMAS_E_FORMAT, &error, "cut.h5");
        return;
    }
    adamas_report *a = classified(whole_model, parcel.spectra, NULL), *b = classified(read, parcel.spectra, NULL);
    cr_assert_str_eq(adamas_report_json(a), adamas_report_json(b), "%zu bytes", length);
    adamas_report_free(a);
    adamas_report_free(b);
    adamas_model_free(read);
}

Test(bad_data, a_truncated_model)
{
    adamas_error error = {0};
    whole_model = trained("align | snv | pca(3) | twolevel", &library, NULL);
    expect_ok(adamas_model_write(whole_model, in_folder("model.h5"), &error), &error);
    read_truncated("model.h5", check_model);
    adamas_model_free(whole_model);
}

static void check_spectra(const char *path, size_t length)
{
    adamas_error error = {0};
    adamas_spectra *read;
    adamas_status status = adamas_spectra_read(&read, path, &error);
    if (!status) {
        size_t bytes = parcel.n_shots * parcel.n_channels * sizeof(float);
        float *rows = malloc(bytes);
        status = adamas_spectra_rows(read, 0, parcel.n_shots, rows, &error);
        if (!status)
            cr_assert_eq(memcmp(rows, parcel.intensity, bytes), 0, "%zu bytes", length);
        free(rows);
        adamas_spectra_free(read);
    }
    if (status)
        expect_error(status, ADAMAS_E_FORMAT, &error, "cut.h5");
}

Test(bad_data, a_truncated_spectra_set)
{
    adamas_error error = {0};
    expect_ok(adamas_spectra_write(parcel.spectra, in_folder("parcel.h5"), NULL, &error), &error);
    read_truncated("parcel.h5", check_spectra);
}
