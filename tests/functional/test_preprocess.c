/* adamas_model_preprocess and the derived spectra set that it makes. */
#include "fixture.h"
#include "helpers.h"

#include <math.h>
#include <stdlib.h>

TestSuite(preprocess, .init = fixture_begin, .fini = fixture_end);

static adamas_spectra *derived(const adamas_model *model, const adamas_spectra *from, const adamas_options *options)
{
    adamas_error error = {0};
    adamas_spectra *made;
    expect_ok(adamas_model_preprocess(&made, model, from, options, &error), &error);
    return made;
}

static float *rows_by(const adamas_spectra *set, size_t block)
{
    adamas_error error = {0};
    size_t n = adamas_spectra_shots(set), width = adamas_spectra_channels(set);
    float *rows = malloc(n * width * sizeof *rows);
    for (size_t first = 0; first < n; first += block)
        expect_ok(adamas_spectra_rows(set, first, first + block < n ? block : n - first, rows + first * width, &error),
                  &error);
    return rows;
}

Test(preprocess, rows_do_not_depend_on_blocks_or_threads)
{
    static const size_t blocks[] = {1, 2, 5, 7};
    adamas_model *model = trained(NULL, &library, NULL);
    adamas_spectra *whole = derived(model, parcel.spectra, NULL);
    size_t bytes = parcel.n_shots * adamas_spectra_channels(whole) * sizeof(float);
    float *expected = rows_by(whole, parcel.n_shots);
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        adamas_options options = ADAMAS_OPTIONS_INIT;
        options.threads = (int32_t)i % 3 + 1;
        adamas_spectra *set = derived(model, parcel.spectra, &options);
        float *rows = rows_by(set, blocks[i]);
        cr_assert_eq(memcmp(rows, expected, bytes), 0, "blocks of %zu", blocks[i]);
        free(rows);
        adamas_spectra_free(set);
    }
    free(expected);
    adamas_spectra_free(whole);
    adamas_model_free(model);
}

Test(preprocess, a_derived_set_is_written_with_its_tables)
{
    adamas_error error = {0};
    adamas_model *model = trained("crop(305, 325) | snv", &library, NULL);
    adamas_spectra *set = derived(model, library.spectra, NULL), *read;
    expect_ok(adamas_spectra_write(set, in_folder("derived.h5"), NULL, &error), &error);
    expect_ok(adamas_spectra_read(&read, in_folder("derived.h5"), &error), &error);
    size_t width;
    const double *nm = adamas_model_wavelength(model, &width);
    cr_assert_eq(adamas_spectra_channels(read), width);
    cr_assert_eq(memcmp(adamas_spectra_wavelength(read), nm, width * sizeof *nm), 0);
    cr_assert_str_eq(adamas_spectra_fact(read, "provenance/preprocessing"), "crop(lo=305, hi=325) | snv");
    cr_assert_str_eq(adamas_spectra_column(read, ADAMAS_SPECIMENS, "origin")->text[1], "beta/east");
    float *a = rows_by(set, 3), *b = rows_by(read, 100);
    cr_assert_eq(memcmp(a, b, library.n_shots * width * sizeof *a), 0);
    free(a);
    free(b);
    adamas_spectra_free(set);
    adamas_spectra_free(read);
    adamas_model_free(model);
}

Test(preprocess, snv_rows_have_mean_0_and_deviation_1)
{
    adamas_model *model = trained("snv", &library, NULL);
    adamas_spectra *set = derived(model, parcel.spectra, NULL);
    float *rows = rows_by(set, 100);
    for (size_t i = 0; i < parcel.n_shots; i++) {
        double sum = 0, squares = 0;
        for (size_t c = 0; c < parcel.n_channels; c++) {
            double x = rows[i * parcel.n_channels + c];
            sum += x;
            squares += x * x;
        }
        cr_assert_float_eq(sum / (double)parcel.n_channels, 0, 1e-5);
        cr_assert_float_eq(squares / (double)(parcel.n_channels - 1), 1, 1e-2);
    }
    free(rows);
    adamas_spectra_free(set);
    adamas_model_free(model);
}

Test(preprocess, a_model_without_matching_cannot_classify)
{
    static const char *const methods[] = {"snv", "align | snv", "snip | pca(3)", "gaussian | msc"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        adamas_error error = {0};
        adamas_report *report;
        adamas_model *model = trained(methods[i], &parcel, NULL), *again; /* without origins */
        expect_error(adamas_model_classify(&report, model, parcel.spectra, NULL, NULL, &error), ADAMAS_E_METHOD, &error,
                     "matching");
        cr_assert_null(report);
        expect_ok(adamas_model_write(model, in_folder("model.h5"), &error), &error);
        expect_ok(adamas_model_read(&again, in_folder("model.h5"), &error), &error);
        adamas_spectra *a = derived(model, library.spectra, NULL), *b = derived(again, library.spectra, NULL);
        float *first = rows_by(a, 100), *second = rows_by(b, 100);
        cr_assert_eq(memcmp(first, second, library.n_shots * library.n_channels * sizeof *first), 0);
        free(first);
        free(second);
        adamas_spectra_free(a);
        adamas_spectra_free(b);
        adamas_model_free(model);
        adamas_model_free(again);
    }
    adamas_error error = {0};
    adamas_report *report;
    adamas_method *method = method_of("snv | pca");
    const adamas_spectra *only = library.spectra;
    expect_error(adamas_model_validate(&report, method, &only, 1, NULL, NULL, &error), ADAMAS_E_METHOD, &error,
                 "matching");
    adamas_method_free(method);
}

Test(preprocess, a_row_that_snv_cannot_scale_is_nan)
{
    parcel.intensity[5] = NAN;
    for (size_t c = 0; c < parcel.n_channels; c++)
        parcel.intensity[3 * parcel.n_channels + c] = 7;
    adamas_model *model = trained("snv", &library, NULL);
    adamas_spectra *set = derived(model, parcel.spectra, NULL);
    float *rows = rows_by(set, 2);
    for (size_t i = 0; i < parcel.n_shots; i++)
        for (size_t c = 0; c < parcel.n_channels; c++)
            cr_assert_eq(!isfinite(rows[i * parcel.n_channels + c]), i == 0 || i == 3, "shot %zu", i);
    free(rows);
    adamas_spectra_free(set);
    adamas_model_free(model);
}
