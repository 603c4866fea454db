/* From spectra and files to a model and a report: everything is read back the same, for any number of threads, and the
 * JSON of a report agrees with its columns. */
#include "fixture.h"
#include "helpers.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

TestSuite(whole_way, .init = fixture_begin, .fini = fixture_end);

static adamas_spectra *written_and_read(const adamas_spectra *set, const char *name)
{
    adamas_error error = {0};
    adamas_spectra *read;
    expect_ok(adamas_spectra_write(set, in_folder(name), NULL, &error), &error);
    expect_ok(adamas_spectra_read(&read, in_folder(name), &error), &error);
    return read;
}

static void same_column(const adamas_column *a, const adamas_column *b)
{
    cr_assert_not_null(b, "%s", a->name);
    cr_assert_eq(a->n, b->n);
    for (size_t i = 0; i < a->n; i++)
        if (a->text)
            cr_assert_str_eq(a->text[i], b->text[i]);
        else
            cr_assert(a->number[i] == b->number[i] || (isnan(a->number[i]) && isnan(b->number[i])));
}

static void same_tables(const adamas_spectra *a, const adamas_spectra *b)
{
    const adamas_column *column;
    for (int32_t table = ADAMAS_SHOTS; table <= ADAMAS_SPECIMENS; table++)
        for (size_t i = 0; (column = adamas_spectra_column_at(a, table, i)); i++)
            same_column(column, adamas_spectra_column(b, table, column->name));
}

Test(whole_way, a_written_set_reads_back_the_same)
{
    adamas_error error = {0};
    adamas_spectra *read = written_and_read(library.spectra, "library.h5");
    cr_assert_eq(adamas_spectra_shots(read), library.n_shots);
    cr_assert_eq(adamas_spectra_channels(read), library.n_channels);
    cr_assert_eq(adamas_spectra_specimens(read), library.n_specimens);
    cr_assert_eq(memcmp(adamas_spectra_wavelength(read), library.wavelength, library.n_channels * sizeof(double)), 0);
    size_t bytes = library.n_shots * library.n_channels * sizeof(float);
    float *rows = malloc(bytes);
    expect_ok(adamas_spectra_rows(read, 0, library.n_shots, rows, &error), &error);
    cr_assert_eq(memcmp(rows, library.intensity, bytes), 0);
    same_tables(library.spectra, read);
    free(rows);
    adamas_spectra_free(read);
}

/* Reads rows of the set's array. */
static adamas_status stream_rows(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    (void)error;
    const synthetic_set *s = data;
    memcpy(out, s->intensity + first * s->n_channels, n * s->n_channels * sizeof *out);
    return ADAMAS_OK;
}

Test(whole_way, a_streamed_set_is_the_same_as_a_lent_one)
{
    adamas_error error = {0};
    adamas_spectra *stream;
    expect_ok(adamas_spectra_stream(&stream, parcel.n_shots, parcel.n_channels, parcel.wavelength, stream_rows, &parcel,
                                    &error),
              &error);
    expect_ok(adamas_spectra_set_text(stream, ADAMAS_SHOTS, "specimen", parcel.n_shots, parcel.specimen, &error),
              &error);
    adamas_model *model = trained(NULL, &library, NULL);
    adamas_report *lent = classified(model, parcel.spectra, NULL), *streamed = classified(model, stream, NULL);
    cr_assert_str_eq(adamas_report_json(lent), adamas_report_json(streamed));
    adamas_report_free(lent);
    adamas_report_free(streamed);
    adamas_model_free(model);
    adamas_spectra_free(stream);
}

static adamas_status fail_rows(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    (void)data, (void)first, (void)n, (void)out;
    error->code = ADAMAS_E_FILE;
    strcpy(error->message, "the instrument is switched off");
    return ADAMAS_E_FILE;
}

Test(whole_way, errors_of_a_row_callback_are_returned)
{
    adamas_error error = {0};
    adamas_spectra *set;
    expect_ok(
        adamas_spectra_stream(&set, parcel.n_shots, parcel.n_channels, parcel.wavelength, fail_rows, NULL, &error),
        &error);
    expect_ok(adamas_spectra_set_text(set, ADAMAS_SHOTS, "specimen", parcel.n_shots, parcel.specimen, &error), &error);
    expect_error(adamas_spectra_write(set, in_folder("out.h5"), NULL, &error), ADAMAS_E_FILE, &error, "switched off");
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL);
    adamas_report *report;
    expect_error(adamas_model_classify(&report, model, set, NULL, NULL, &error), ADAMAS_E_FILE, &error, "switched off");
    cr_assert_null(report);
    cr_assert_eq(folder_entries(), 0);
    adamas_model_free(model);
    adamas_spectra_free(set);
}

static const char *const methods[] = {
    NULL, /* the default */
    "snv | pca(3) | lda",
    "crop(301, 329) | align | snip | standard(nm=309.9, half_width=0.5) | pca(components=4, of=shots) | "
    "lda(priors=equal)",
    "area | sqrt | whittaker | pca(components=auto) | twolevel",
    "mask(309, 311) | msc | savgol(7) | minmax | pca(3) | lda",
    "gaussian | despike(50) | savgol(deriv=1) | log1p | msc | pca | twolevel",
    "snv | pca | kernel",
    "snv | pca | multilevel",
    "snv | pca(3) | ddsimca(2, robust=yes)",
};

static void same_bytes(const char *one, const char *other)
{
    size_t n, m;
    char *a = folder_get(one, &n), *b = folder_get(other, &m);
    cr_assert(n == m && memcmp(a, b, n) == 0, "%s and %s differ", one, other);
    free(a);
    free(b);
}

Test(whole_way, a_read_model_reports_the_same_bytes)
{
    adamas_error error = {0};
    adamas_spectra *read = written_and_read(parcel.spectra, "parcel.h5");
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        adamas_model *model = trained(methods[i], &library, NULL), *again;
        expect_ok(adamas_model_write(model, in_folder("model.h5"), &error), &error);
        expect_ok(adamas_model_read(&again, in_folder("model.h5"), &error), &error);
        expect_ok(adamas_model_write(again, in_folder("again.h5"), &error), &error);
        same_bytes("model.h5", "again.h5");
        adamas_report *a = classified(model, read, NULL), *b = classified(again, read, NULL);
        cr_assert_str_eq(adamas_report_json(a), adamas_report_json(b));
        cr_assert_str_eq(adamas_model_fact(model, "method_canonical"), adamas_model_fact(again, "method_canonical"));
        same_column(adamas_model_column(model, ADAMAS_ORIGINS, "shots"),
                    adamas_model_column(again, ADAMAS_ORIGINS, "shots"));
        adamas_report_free(a);
        adamas_report_free(b);
        adamas_model_free(model);
        adamas_model_free(again);
    }
    adamas_spectra_free(read);
}

Test(whole_way, the_same_training_writes_the_same_file)
{
    adamas_error error = {0};
    for (int i = 0; i < 2; i++) {
        adamas_options options = ADAMAS_OPTIONS_INIT;
        options.threads = 1 + 2 * i;
        adamas_model *model = trained(NULL, &library, &options);
        expect_ok(adamas_model_write(model, in_folder(i ? "other.h5" : "one.h5"), &error), &error);
        adamas_model_free(model);
    }
    same_bytes("one.h5", "other.h5");
}

Test(whole_way, same_bytes_on_any_threads)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        char *first = NULL, *first_validation = NULL;
        for (int32_t threads = 1; threads <= 3; threads++) {
            adamas_options options = ADAMAS_OPTIONS_INIT;
            options.threads = threads;
            adamas_model *model = trained(methods[i], &library, &options);
            adamas_report *report = classified(model, parcel.spectra, &options);
            adamas_report *validation = validated(methods[i], &library, NULL, &options);
            if (threads == 1) {
                first = strdup(adamas_report_json(report));
                first_validation = strdup(adamas_report_json(validation));
            }
            cr_assert_str_eq(adamas_report_json(report), first);
            cr_assert_str_eq(adamas_report_json(validation), first_validation);
            adamas_report_free(report);
            adamas_report_free(validation);
            adamas_model_free(model);
        }
        free(first);
        free(first_validation);
    }
}

static void same_number(json_t *drawn, double number)
{
    cr_assert_not_null(drawn);
    if (json_is_null(drawn))
        cr_assert(isnan(number));
    else
        cr_assert_leq(fabs(json_number_value(drawn) - number), 1e-14 * fabs(number));
}

static double number_of(const adamas_report *report, int32_t table, const char *column, size_t row)
{
    const adamas_column *found = adamas_report_column(report, table, column);
    cr_assert(found && found->number && row < found->n, "%s", column);
    return found->number[row];
}

static void same_by_origin(json_t *object, const adamas_report *report, int32_t table, const char *what, size_t row)
{
    const char *origin;
    json_t *value;
    cr_assert_eq(json_object_size(object), adamas_report_column(report, ADAMAS_ORIGINS, "origin")->n);
    json_object_foreach(object, origin, value)
    {
        char name[100];
        snprintf(name, sizeof name, "%s/%s", what, origin);
        same_number(value, number_of(report, table, name, row));
    }
}

static void same_specimen(json_t *drawn, const adamas_report *report, size_t row)
{
    json_t *shots = json_object_get(drawn, "shots"), *aside = json_object_get(shots, "set_aside");
    cr_assert_str_eq(json_string_value(json_object_get(drawn, "id")),
                     adamas_report_column(report, ADAMAS_SPECIMENS, "id")->text[row]);
    same_number(json_object_get(shots, "used"), number_of(report, ADAMAS_SPECIMENS, "shots_used", row));
    same_number(json_object_get(aside, "not_finite"), number_of(report, ADAMAS_SPECIMENS, "shots_not_finite", row));
    same_number(json_object_get(aside, "saturated"), number_of(report, ADAMAS_SPECIMENS, "shots_saturated", row));
    same_number(json_object_get(aside, "outlier"), number_of(report, ADAMAS_SPECIMENS, "shots_outlier", row));
    same_by_origin(json_object_get(drawn, "log_density"), report, ADAMAS_SPECIMENS, "log_density", row);
    same_by_origin(json_object_get(drawn, "probability"), report, ADAMAS_SPECIMENS, "probability", row);
}

static json_t *same_report(const adamas_report *report)
{
    json_t *root = json_loads(adamas_report_json(report), 0, NULL), *drawn;
    size_t row;
    cr_assert_not_null(root, "not JSON");
    json_t *specimens = json_object_get(root, "specimens"), *origins = json_object_get(root, "origins");
    cr_assert_eq(json_array_size(specimens), adamas_report_column(report, ADAMAS_SPECIMENS, "id")->n);
    json_array_foreach(specimens, row, drawn) same_specimen(drawn, report, row);
    cr_assert_eq(json_array_size(origins), adamas_report_column(report, ADAMAS_ORIGINS, "origin")->n);
    json_array_foreach(origins, row, drawn)
    {
        cr_assert_str_eq(json_string_value(json_object_get(drawn, "origin")),
                         adamas_report_column(report, ADAMAS_ORIGINS, "origin")->text[row]);
        same_number(json_object_get(drawn, "specimens"), number_of(report, ADAMAS_ORIGINS, "specimens", row));
    }
    return root;
}

/* All specimens of the parcel but one at most are classified as the origin that they were made with. */
static void check_predictions(const adamas_report *report)
{
    static const char *const names[] = {"probability/alpha", "probability/beta", "probability/gamma"};
    size_t right = 0, n = adamas_report_column(report, ADAMAS_SPECIMENS, "id")->n;
    for (size_t k = 0; k < n; k++) {
        double sum = 0;
        for (size_t o = 0; o < 3; o++)
            sum += number_of(report, ADAMAS_SPECIMENS, names[o], k);
        cr_assert_float_eq(sum, 1, 1e-12);
        right += number_of(report, ADAMAS_SPECIMENS, names[k % 3], k) > 0.5;
    }
    cr_assert_geq(right, n - 1, "%zu of %zu", right, n);
}

Test(whole_way, json_and_columns_of_a_classification_agree)
{
    adamas_model *model = trained(NULL, &library, NULL);
    adamas_report *report = classified(model, parcel.spectra, NULL);
    check_predictions(report);
    json_t *root = same_report(report);
    cr_assert_str_eq(json_string_value(json_object_get(root, "report")), "classification");
    cr_assert_str_eq(json_string_value(json_object_get(root, "engine")), adamas_version());
    cr_assert_str_eq(json_string_value(json_object_get(root, "method_canonical")),
                     adamas_model_fact(model, "method_canonical"));
    json_decref(root);
    adamas_report_free(report);
    adamas_model_free(model);
}

Test(whole_way, json_and_columns_of_a_validation_agree)
{
    adamas_report *report = validated("snv | pca(4) | twolevel", &library, NULL, NULL);
    json_t *root = same_report(report), *confusion = json_object_get(root, "confusion"), *drawn;
    json_t *interval = json_object_get(root, "accuracy_interval_95");
    const adamas_column *origin = adamas_report_column(report, ADAMAS_ORIGINS, "origin");
    same_number(json_object_get(root, "accuracy"), adamas_report_number(report, "accuracy"));
    same_number(json_array_get(interval, 0), adamas_report_number(report, "accuracy_low"));
    same_number(json_array_get(interval, 1), adamas_report_number(report, "accuracy_high"));
    same_number(json_object_get(root, "balanced_accuracy"), adamas_report_number(report, "balanced_accuracy"));
    same_number(json_object_get(root, "log_loss"), adamas_report_number(report, "log_loss"));
    for (size_t o = 0; o < origin->n; o++) {
        drawn = json_object_get(confusion, origin->text[o]);
        same_by_origin(drawn, report, ADAMAS_ORIGINS, "predicted", o);
    }
    cr_assert(isnan(adamas_report_number(report, "no such number")));
    json_decref(root);
    adamas_report_free(report);
}

Test(whole_way, a_report_is_written)
{
    adamas_error error = {0};
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL);
    adamas_report *report = classified(model, parcel.spectra, NULL);
    expect_ok(adamas_report_write(report, in_folder("report.json"), &error), &error);
    size_t n;
    char *bytes = folder_get("report.json", &n);
    cr_assert_str_eq(bytes, adamas_report_json(report));
    cr_assert_eq(folder_entries(), 1);
    free(bytes);
    adamas_report_free(report);
    adamas_model_free(model);
}

Test(whole_way, files_are_known_by_content)
{
    adamas_error error = {0};
    int32_t kind = 0;
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL);
    expect_ok(adamas_model_write(model, in_folder("a"), &error), &error);
    expect_ok(adamas_spectra_write(parcel.spectra, in_folder("b"), NULL, &error), &error);
    expect_ok(adamas_file_kind(&kind, in_folder("a"), &error), &error);
    cr_assert_eq(kind, ADAMAS_FILE_MODEL);
    expect_ok(adamas_file_kind(&kind, in_folder("b"), &error), &error);
    cr_assert_eq(kind, ADAMAS_FILE_SPECTRA);
    char hex[65];
    folder_put("empty", "", 0);
    expect_ok(adamas_file_sha256(hex, in_folder("empty"), &error), &error);
    cr_assert_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    adamas_model_free(model);
}

Test(whole_way, a_model_names_its_libraries_by_digest)
{
    adamas_error error = {0};
    adamas_spectra *read = written_and_read(library.spectra, "library.h5");
    adamas_method *method = method_of("snv | pca(2) | lda");
    adamas_model *model;
    const adamas_spectra *only = read;
    expect_ok(adamas_model_train(&model, method, &only, 1, 1, NULL, &error), &error);
    char hex[65];
    expect_ok(adamas_file_sha256(hex, in_folder("library.h5"), &error), &error);
    cr_assert_str_eq(adamas_model_column(model, ADAMAS_SOURCES, "sha256")->text[0], hex);
    cr_assert_str_eq(adamas_model_column(model, ADAMAS_SOURCES, "file")->text[0], "library.h5");
    adamas_model_free(model);
    adamas_method_free(method);
    adamas_spectra_free(read);
}

Test(whole_way, synthetic_libraries_are_marked_first)
{
    static const char first[] = "{\n \"warnings\": [\n  \"synthetic reference spectra: not evidence\"";
    adamas_error error = {0};
    expect_ok(adamas_spectra_set_fact(library.spectra, "provenance/synthetic", "yes", &error), &error);
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL);
    adamas_report *report = classified(model, parcel.spectra, NULL);
    cr_assert_eq(strncmp(adamas_report_json(report), first, sizeof first - 1), 0);
    adamas_report *validation = validated("snv | pca(2) | lda", &library, NULL, NULL);
    cr_assert_eq(strncmp(adamas_report_json(validation), first, sizeof first - 1), 0);
    adamas_report_free(report);
    adamas_report_free(validation);
    adamas_model_free(model);
}
