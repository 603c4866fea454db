/* The contract of the public header: arguments, options and their defaults, steps, codes. */
#include "fixture.h"
#include "helpers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

TestSuite(contract, .init = fixture_begin, .fini = fixture_end);

/* The call is refused, with an adamas_error to fill and with NULL. */
#define REFUSED(call_with)                                                                                             \
    do {                                                                                                               \
        adamas_error error = {0}, *e = &error;                                                                         \
        expect_error((call_with), ADAMAS_E_ARGUMENT, &error, "NULL");                                                  \
        e = NULL;                                                                                                      \
        cr_assert_eq((call_with), ADAMAS_E_ARGUMENT);                                                                  \
    } while (0)

static adamas_status no_rows(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    (void)data, (void)first, (void)n, (void)out, (void)error;
    return ADAMAS_OK;
}

Test(contract, null_is_refused_by_spectra)
{
    adamas_spectra *s = NULL, *set = parcel.spectra;
    const char *text = "a";
    double number = 1;
    float row[300];
    uint8_t fate[100];
    adamas_import import = {.struct_size = sizeof import, .n_files = 1};
    REFUSED(adamas_spectra_read(NULL, "a", e));
    REFUSED(adamas_spectra_read(&s, NULL, e));
    REFUSED(adamas_spectra_lend(NULL, 1, 300, row, parcel.wavelength, e));
    REFUSED(adamas_spectra_lend(&s, 1, 300, NULL, parcel.wavelength, e));
    REFUSED(adamas_spectra_lend(&s, 1, 300, row, NULL, e));
    REFUSED(adamas_spectra_stream(NULL, 1, 300, parcel.wavelength, no_rows, NULL, e));
    REFUSED(adamas_spectra_stream(&s, 1, 300, NULL, no_rows, NULL, e));
    REFUSED(adamas_spectra_stream(&s, 1, 300, parcel.wavelength, NULL, NULL, e));
    REFUSED(adamas_spectra_set_text(NULL, ADAMAS_SOURCES, "a", 1, &text, e));
    REFUSED(adamas_spectra_set_text(set, ADAMAS_SOURCES, NULL, 1, &text, e));
    REFUSED(adamas_spectra_set_text(set, ADAMAS_SOURCES, "a", 1, NULL, e));
    REFUSED(adamas_spectra_set_numbers(NULL, ADAMAS_SOURCES, "a", 1, &number, e));
    REFUSED(adamas_spectra_set_numbers(set, ADAMAS_SOURCES, NULL, 1, &number, e));
    REFUSED(adamas_spectra_set_numbers(set, ADAMAS_SOURCES, "a", 1, NULL, e));
    REFUSED(adamas_spectra_set_fact(NULL, "case/parcel", "a", e));
    REFUSED(adamas_spectra_set_fact(set, NULL, "a", e));
    REFUSED(adamas_spectra_set_fact(set, "case/parcel", NULL, e));
    REFUSED(adamas_spectra_set_segments(NULL, 1, &(size_t){0}, e));
    REFUSED(adamas_spectra_set_segments(set, 1, NULL, e));
    REFUSED(adamas_spectra_write(NULL, in_folder("a"), NULL, e));
    REFUSED(adamas_spectra_write(set, NULL, NULL, e));
    REFUSED(adamas_spectra_import(NULL, &import, NULL, e));
    REFUSED(adamas_spectra_import(in_folder("a"), NULL, NULL, e));
    REFUSED(adamas_spectra_import(in_folder("a"), &import, NULL, e));
    REFUSED(adamas_spectra_rows(NULL, 0, 1, row, e));
    REFUSED(adamas_spectra_rows(set, 0, 1, NULL, e));
    REFUSED(adamas_spectra_screen(NULL, fate, NULL, e));
    REFUSED(adamas_spectra_screen(set, NULL, NULL, e));
    cr_assert_null(s);
    cr_assert_eq(folder_entries(), 0);
}

Test(contract, null_is_refused_by_methods_models_and_files)
{
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL), *m = NULL;
    adamas_method *method = method_of("snv");
    adamas_report *r = NULL, *report = classified(model, parcel.spectra, NULL);
    adamas_spectra *s = NULL;
    const adamas_spectra *libraries[] = {library.spectra, NULL};
    int32_t kind;
    char hex[65];
    REFUSED(adamas_method_parse(NULL, "snv", e));
    REFUSED(adamas_model_train(NULL, method, libraries, 1, 1, NULL, e));
    REFUSED(adamas_model_train(&m, NULL, libraries, 1, 1, NULL, e));
    REFUSED(adamas_model_train(&m, method, NULL, 1, 1, NULL, e));
    REFUSED(adamas_model_train(&m, method, libraries, 2, 1, NULL, e));
    REFUSED(adamas_model_read(NULL, "a", e));
    REFUSED(adamas_model_read(&m, NULL, e));
    REFUSED(adamas_model_write(NULL, in_folder("a"), e));
    REFUSED(adamas_model_write(model, NULL, e));
    REFUSED(adamas_model_preprocess(NULL, model, parcel.spectra, NULL, e));
    REFUSED(adamas_model_preprocess(&s, NULL, parcel.spectra, NULL, e));
    REFUSED(adamas_model_preprocess(&s, model, NULL, NULL, e));
    REFUSED(adamas_model_classify(NULL, model, parcel.spectra, NULL, NULL, e));
    REFUSED(adamas_model_classify(&r, NULL, parcel.spectra, NULL, NULL, e));
    REFUSED(adamas_model_classify(&r, model, NULL, NULL, NULL, e));
    REFUSED(adamas_model_validate(NULL, method, libraries, 1, NULL, NULL, e));
    REFUSED(adamas_model_validate(&r, NULL, libraries, 1, NULL, NULL, e));
    REFUSED(adamas_model_validate(&r, method, NULL, 1, NULL, NULL, e));
    REFUSED(adamas_model_validate(&r, method, libraries, 2, NULL, NULL, e));
    REFUSED(adamas_report_write(NULL, in_folder("a"), e));
    REFUSED(adamas_report_write(report, NULL, e));
    REFUSED(adamas_file_kind(NULL, "a", e));
    REFUSED(adamas_file_kind(&kind, NULL, e));
    REFUSED(adamas_file_sha256(NULL, "a", e));
    REFUSED(adamas_file_sha256(hex, NULL, e));
    cr_assert(!m && !r && !s);
    cr_assert_eq(folder_entries(), 0);
    adamas_report_free(report);
    adamas_method_free(method);
    adamas_model_free(model);
}

Test(contract, freeing_null_is_fine)
{
    adamas_spectra_free(NULL);
    adamas_method_free(NULL);
    adamas_model_free(NULL);
    adamas_report_free(NULL);
}

Test(contract, components)
{
    adamas_error error = {0};
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL), *without = trained("snv", &library, NULL);
    adamas_components c = {.struct_size = sizeof c};
    REFUSED(adamas_model_components(NULL, model, e));
    REFUSED(adamas_model_components(&c, NULL, e));
    expect_error(adamas_model_components(&c, without, &error), ADAMAS_E_METHOD, &error, "no pca: snv");
    c.struct_size--;
    expect_error(adamas_model_components(&c, model, &error), ADAMAS_E_ARGUMENT, &error,
                 "adamas_components.struct_size");
    c.struct_size++;
    expect_ok(adamas_model_components(&c, model, &error), &error);
    size_t n_channels;
    adamas_model_wavelength(model, &n_channels);
    cr_assert(c.n_components == 2 && c.n_channels == n_channels && c.struct_size == sizeof c);
    for (size_t a = 0; a < 2; a++)
        for (size_t b = 0; b <= a; b++) {
            double product = 0;
            for (size_t i = 0; i < n_channels; i++)
                product += (double)c.components[a * n_channels + i] * (double)c.components[b * n_channels + i];
            cr_assert_float_eq(product, a == b, 1e-5);
        }
    cr_assert(c.explained_variance[0] >= c.explained_variance[1] && c.explained_variance[1] > 0);
    cr_assert(c.total_variance >= c.explained_variance[0] + c.explained_variance[1]);
    cr_assert(isfinite(c.mean[0]));
    adamas_model_free(model);
    adamas_model_free(without);
}

Test(contract, what_does_not_exist_is_null)
{
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL);
    adamas_report *report = classified(model, parcel.spectra, NULL);
    cr_assert_null(adamas_spectra_column(parcel.spectra, ADAMAS_SHOTS, "no such"));
    cr_assert_null(adamas_spectra_column(parcel.spectra, 99, "specimen"));
    cr_assert_null(adamas_spectra_column(parcel.spectra, ADAMAS_SHOTS, NULL));
    cr_assert_null(adamas_spectra_column_at(parcel.spectra, ADAMAS_SHOTS, 3));
    cr_assert_null(adamas_spectra_fact(parcel.spectra, "case/parcel"));
    cr_assert_null(adamas_spectra_fact_at(parcel.spectra, 0));
    cr_assert_null(adamas_model_column(model, ADAMAS_SHOTS, "specimen"));
    cr_assert_null(adamas_model_column(model, ADAMAS_ORIGINS, "no such"));
    cr_assert_null(adamas_model_fact(model, "no such"));
    cr_assert_null(adamas_report_column(report, ADAMAS_SHOTS, "specimen"));
    cr_assert_null(adamas_report_column_at(report, ADAMAS_SPECIMENS, 1000));
    char usage[256];
    cr_assert_null(adamas_method_step(1000, usage));
    adamas_report_free(report);
    adamas_model_free(model);
}

/* Is it listed, for a report of this kind? what/ORIGIN stands for what and each origin. */
static int is_listed(int32_t table, int32_t reports, const char *found)
{
    adamas_name name = {.struct_size = sizeof name};
    for (size_t i = 0; adamas_report_name(&name, i); i++) {
        size_t length = strlen(name.name);
        int by_origin = length > 6 && strcmp(name.name + length - 6, "ORIGIN") == 0;
        if (name.table == table && (name.reports & reports) &&
            (by_origin ? strncmp(found, name.name, length - 6) == 0 : strcmp(found, name.name) == 0))
            return 1;
    }
    return 0;
}

Test(contract, every_column_of_a_report_is_listed)
{
    adamas_error error = {0};
    adamas_model *model = trained(NULL, &library, NULL);
    const adamas_spectra *only = library.spectra;
    adamas_method *method;
    adamas_report *reports[2] = {classified(model, parcel.spectra, NULL), NULL};
    expect_ok(adamas_method_parse(&method, "snv | pca(2) | lda", &error), &error);
    expect_ok(adamas_model_validate(&reports[1], method, &only, 1, NULL, NULL, &error), &error);
    for (int kind = 0; kind < 2; kind++) {
        size_t n = 0;
        for (int32_t table = ADAMAS_SHOTS; table <= ADAMAS_PLAN; table++)
            for (size_t i = 0; adamas_report_column_at(reports[kind], table, i); i++, n++)
                cr_assert(is_listed(table, kind ? ADAMAS_REPORT_VALIDATION : ADAMAS_REPORT_CLASSIFICATION,
                                    adamas_report_column_at(reports[kind], table, i)->name));
        cr_assert_gt(n, 20);
        adamas_report_free(reports[kind]);
    }
    adamas_method_free(method);
    adamas_model_free(model);
}

Test(contract, names_of_a_report)
{
    adamas_name name = {.struct_size = sizeof name}, too_small = {.struct_size = sizeof(size_t)};
    size_t n = 0;
    for (; adamas_report_name(&name, n); n++) {
        cr_assert(name.table >= ADAMAS_FACTS && name.table <= ADAMAS_CASES, "%s", name.name);
        cr_assert(name.reports >= 1 && name.reports <= 7, "%s", name.name);
        cr_assert(*name.name && *name.meaning && name.unit);
        cr_assert_eq(name.struct_size, sizeof name);
    }
    cr_assert_gt(n, 150);
    cr_assert_eq(adamas_report_name(&name, SIZE_MAX), 0);
    cr_assert_eq(adamas_report_name(NULL, 0), 0);
    cr_assert_eq(adamas_report_name(&too_small, 0), 0);
    cr_assert_null(too_small.name);
}

Test(contract, facts_and_warnings_of_a_report)
{
    adamas_model *model = trained("snv | pca(2) | lda", &library, NULL);
    adamas_report *report = classified(model, parcel.spectra, NULL);
    cr_assert_str_eq(adamas_report_fact(report, "method"), "snv | pca(2) | lda");
    cr_assert_str_eq(adamas_report_fact(report, "synthetic"), "no");
    cr_assert_eq(strlen(adamas_report_fact(report, "parcel/sha256")), 64);
    cr_assert_null(adamas_report_fact(report, "leave"));
    cr_assert_null(adamas_report_fact(report, "no such"));
    cr_assert_null(adamas_report_warning(report, 0));
    adamas_report *own = classified(model, library.spectra, NULL);
    cr_assert_not_null(strstr(adamas_report_warning(own, 0), "the model's own reference libraries"));
    cr_assert_null(adamas_report_warning(own, 1));
    adamas_report_free(own);
    adamas_report_free(report);
    adamas_model_free(model);
}

typedef adamas_status (*call)(const adamas_options *options, const adamas_protocol *protocol, adamas_error *error);

static adamas_status call_write(const adamas_options *options, const adamas_protocol *protocol, adamas_error *error)
{
    (void)protocol;
    return adamas_spectra_write(library.spectra, in_folder("a"), options, error);
}

static adamas_status call_import(const adamas_options *options, const adamas_protocol *protocol, adamas_error *error)
{
    (void)protocol;
    const char *file = "a.txt";
    adamas_import import = {.struct_size = sizeof import, .n_files = 1, .files = &file};
    return adamas_spectra_import(in_folder("a"), &import, options, error);
}

static adamas_status call_screen(const adamas_options *options, const adamas_protocol *protocol, adamas_error *error)
{
    (void)protocol;
    uint8_t fate[1000];
    return adamas_spectra_screen(library.spectra, fate, options, error);
}

static adamas_status call_train(const adamas_options *options, const adamas_protocol *protocol, adamas_error *error)
{
    (void)protocol;
    adamas_method *method = method_of("snv | pca(2) | lda");
    adamas_model *model;
    const adamas_spectra *only = library.spectra;
    adamas_status status = adamas_model_train(&model, method, &only, 1, 1, options, error);
    cr_assert_eq(status == ADAMAS_OK, model != NULL);
    adamas_model_free(model);
    adamas_method_free(method);
    return status;
}

static adamas_status call_validate(const adamas_options *options, const adamas_protocol *protocol, adamas_error *error)
{
    adamas_method *method = method_of("snv | pca(2) | lda");
    adamas_report *report;
    const adamas_spectra *only = library.spectra;
    adamas_status status = adamas_model_validate(&report, method, &only, 1, protocol, options, error);
    cr_assert_eq(status == ADAMAS_OK, report != NULL);
    adamas_report_free(report);
    adamas_method_free(method);
    return status;
}

static const call calls[] = {call_write, call_import, call_screen, call_train, call_validate};

Test(contract, options_are_checked)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        adamas_error error = {0};
        adamas_options options = ADAMAS_OPTIONS_INIT;
        options.struct_size--;
        expect_error(calls[i](&options, NULL, &error), ADAMAS_E_ARGUMENT, &error, "adamas_options.struct_size");
        options = (adamas_options)ADAMAS_OPTIONS_INIT;
        options.threads = -1;
        expect_error(calls[i](&options, NULL, &error), ADAMAS_E_ARGUMENT, &error, "threads is -1");
        cr_assert_eq(calls[i](&options, NULL, NULL), ADAMAS_E_ARGUMENT);
    }
    cr_assert_eq(folder_entries(), 0);
}

static void expect_cleared(adamas_status status, adamas_error *error)
{
    expect_ok(status, error);
    cr_assert(error->code == ADAMAS_OK && !*error->message, "%d: %s", (int)error->code, error->message);
    *error = (adamas_error){ADAMAS_E_FILE, "an older error"};
}

Test(contract, success_clears_an_older_error)
{
    adamas_error error = {ADAMAS_E_FILE, "an older error"};
    const char *fact = "b", *file = in_folder("a.txt");
    adamas_import import = {.struct_size = sizeof import, .n_files = 1, .files = &file};
    double mass[100] = {0};
    float row[300];
    uint8_t fate[100];
    int32_t kind;
    char hex[65];
    adamas_spectra *s = NULL;
    adamas_method *method = NULL;
    adamas_model *model = NULL;
    adamas_report *report = NULL;
    const adamas_spectra *only = library.spectra;
    folder_put("a.txt", "300 1\n301 2\n302 3\n", 18);
    expect_cleared(adamas_spectra_import(in_folder("a.h5"), &import, NULL, &error), &error);
    expect_cleared(adamas_spectra_read(&s, in_folder("a.h5"), &error), &error);
    adamas_spectra_free(s);
    expect_cleared(adamas_spectra_stream(&s, 1, 300, parcel.wavelength, no_rows, NULL, &error), &error);
    adamas_spectra_free(s);
    expect_cleared(adamas_spectra_lend(&s, 1, 300, parcel.intensity, parcel.wavelength, &error), &error);
    expect_cleared(adamas_spectra_set_text(s, ADAMAS_SHOTS, "specimen", 1, &fact, &error), &error);
    expect_cleared(adamas_spectra_set_numbers(s, ADAMAS_SPECIMENS, "mass_ct", 1, mass, &error), &error);
    expect_cleared(adamas_spectra_set_fact(s, "case/parcel", fact, &error), &error);
    expect_cleared(adamas_spectra_rows(s, 0, 1, row, &error), &error);
    expect_cleared(adamas_spectra_screen(s, fate, NULL, &error), &error);
    expect_cleared(adamas_spectra_write(s, in_folder("b.h5"), NULL, &error), &error);
    adamas_spectra_free(s);
    expect_cleared(adamas_method_parse(&method, "snv | pca(2) | lda", &error), &error);
    expect_cleared(adamas_model_validate(&report, method, &only, 1, NULL, NULL, &error), &error);
    expect_cleared(adamas_report_write(report, in_folder("r.json"), &error), &error);
    adamas_report_free(report);
    expect_cleared(adamas_model_train(&model, method, &only, 1, 1, NULL, &error), &error);
    expect_cleared(adamas_model_write(model, in_folder("m.h5"), &error), &error);
    adamas_model_free(model);
    expect_cleared(adamas_model_read(&model, in_folder("m.h5"), &error), &error);
    expect_cleared(adamas_model_preprocess(&s, model, parcel.spectra, NULL, &error), &error);
    expect_cleared(adamas_model_classify(&report, model, parcel.spectra, NULL, NULL, &error), &error);
    expect_cleared(adamas_file_kind(&kind, in_folder("m.h5"), &error), &error);
    expect_cleared(adamas_file_sha256(hex, in_folder("m.h5"), &error), &error);
    adamas_report_free(report);
    adamas_spectra_free(s);
    adamas_model_free(model);
    adamas_method_free(method);
}

Test(contract, a_larger_struct_of_a_later_header_is_accepted)
{
    struct {
        adamas_options now;
        char later[64];
    } grown = {.now = ADAMAS_OPTIONS_INIT};
    grown.now.struct_size = sizeof grown;
    cr_assert_eq(call_train(&grown.now, NULL, NULL), ADAMAS_OK);
}

Test(contract, the_protocol_is_checked)
{
    const struct {
        adamas_protocol protocol;
        const char *named;
    } wrong[] = {
        {{sizeof(adamas_protocol) - 1, ADAMAS_LEAVE_FOLDS, 10, 1}, "adamas_protocol.struct_size"},
        {{sizeof(adamas_protocol), -1, 10, 1}, "leave is -1"},
        {{sizeof(adamas_protocol), 7, 10, 1}, "leave is 7"},
        {{sizeof(adamas_protocol), ADAMAS_LEAVE_FOLDS, 1, 1}, "folds is 1"},
        {{sizeof(adamas_protocol), ADAMAS_LEAVE_FOLDS, 10, 0}, "level is 0"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        adamas_error error = {0};
        expect_error(call_validate(NULL, &wrong[i].protocol, &error), ADAMAS_E_ARGUMENT, &error, wrong[i].named);
    }
}

Test(contract, import_is_checked)
{
    adamas_error error = {0};
    adamas_import import = {.struct_size = sizeof import - 1};
    expect_error(adamas_spectra_import(in_folder("a"), &import, NULL, &error), ADAMAS_E_ARGUMENT, &error,
                 "adamas_import.struct_size");
    import.struct_size++;
    expect_error(adamas_spectra_import(in_folder("a"), &import, NULL, &error), ADAMAS_E_ARGUMENT, &error, "no files");
}

/* The defaults that the header documents. */
Test(contract, null_options_are_the_defaults)
{
    adamas_options init = ADAMAS_OPTIONS_INIT, said = {sizeof said, 0, 1, NULL, NULL};
    cr_assert(init.struct_size == said.struct_size && init.threads == said.threads && init.seed == said.seed &&
              !init.progress && !init.progress_data);
    adamas_report *with_null = validated("snv | pca(3) | lda", &library, NULL, NULL);
    adamas_report *with_init = validated("snv | pca(3) | lda", &library, NULL, &init);
    cr_assert_str_eq(adamas_report_json(with_null), adamas_report_json(with_init));
    adamas_report_free(with_null);
    adamas_report_free(with_init);
}

Test(contract, a_null_protocol_is_the_default)
{
    adamas_protocol init = ADAMAS_PROTOCOL_INIT, other = {sizeof other, ADAMAS_LEAVE_FOLDS, 9, 1};
    cr_assert(init.struct_size == sizeof init && init.leave == ADAMAS_LEAVE_AUTO && init.folds == 10 &&
              init.level == 1);
    adamas_report *with_null = validated("snv | pca(3) | lda", &library, NULL, NULL);
    adamas_report *with_init = validated("snv | pca(3) | lda", &library, &init, NULL);
    adamas_report *with_nine = validated("snv | pca(3) | lda", &library, &other, NULL);
    cr_assert_str_eq(adamas_report_json(with_null), adamas_report_json(with_init));
    cr_assert_str_neq(adamas_report_json(with_null), adamas_report_json(with_nine));
    adamas_report_free(with_null);
    adamas_report_free(with_init);
    adamas_report_free(with_nine);
}

Test(contract, defaults_of_steps)
{
    static const char *const said[][2] = {
        {NULL, "snip(max_half_window=40) | log1p(offset=0.3) | epo(directions=auto) | "
               "pca(components=auto, of=specimens) | twolevel"},
        {"crop(240,850)", "crop(lo=240, hi=850)"},
        {"align", "align(max_shift=0.3)"},
        {"snip", "snip(max_half_window=40)"},
        {"arpls", "arpls(lam=100000, max_iter=50, tol=0.001)"},
        {"asls", "asls(lam=1000000, p=0.01, max_iter=50, tol=0.001)"},
        {"airpls", "airpls(lam=1000000, max_iter=50, tol=0.001)"},
        {"whittaker", "whittaker(lam=20)"},
        {"savgol", "savgol(window_length=11, polyorder=2, deriv=0)"},
        {"gaussian", "gaussian(sigma=1)"},
        {"despike(9)", "despike(threshold=9, m=3)"},
        {"mask(240,850)", "mask(lo=240, hi=850)"},
        {"snv", "snv"},
        {"msc", "msc"},
        {"minmax", "minmax"},
        {"log1p", "log1p(offset=none)"},
        {"area", "area"},
        {"standard", "standard(nm=247.856, half_width=0.2)"},
        {"sqrt", "sqrt"},
        {"pca", "pca(components=auto, of=specimens)"},
        {"epo|pca|lda", "epo(directions=auto) | pca(components=auto, of=specimens) | lda(priors=training)"},
        {"pca|lda", "pca(components=auto, of=specimens) | lda(priors=training)"},
        {"pca|twolevel", "pca(components=auto, of=specimens) | twolevel"},
        {"pca|multilevel", "pca(components=auto, of=specimens) | multilevel"},
        {"pca|kernel", "pca(components=auto, of=specimens) | kernel"},
        {"pca|ddsimca(2)",
         "pca(components=auto, of=specimens) | ddsimca(components=2, alpha=0.05, gamma=0.01, robust=no)"},
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        adamas_method *method = method_of(said[i][0]);
        cr_assert_str_eq(adamas_method_canonical(method), said[i][1]);
        adamas_method *again = method_of(adamas_method_canonical(method));
        cr_assert_str_eq(adamas_method_canonical(again), said[i][1]);
        adamas_method_free(method);
        adamas_method_free(again);
    }
}

Test(contract, the_default_method)
{
    adamas_method *method = method_of(NULL);
    cr_assert_str_eq(adamas_method_text(method), "snip(40) | log1p(0.3) | epo | pca | twolevel");
    cr_assert(adamas_method_is_fitted(method));
    adamas_method_free(method);
    method = method_of("crop(1, 2) | snip | snv");
    cr_assert_not(adamas_method_is_fitted(method));
    adamas_method_free(method);
}

/* All steps of the table: a new step must be added to this test and to the one of the defaults above. */
Test(contract, usage_of_steps)
{
    static const char *const usages[] = {"crop(lo, hi)",
                                         "mask(lo, hi)",
                                         "align(max_shift=0.3)",
                                         "despike(threshold, m=3)",
                                         "snip(max_half_window=40)",
                                         "arpls(lam=100000, max_iter=50, tol=0.001)",
                                         "asls(lam=1000000, p=0.01, max_iter=50, tol=0.001)",
                                         "airpls(lam=1000000, max_iter=50, tol=0.001)",
                                         "whittaker(lam=20)",
                                         "savgol(window_length=11, polyorder=2, deriv=0)",
                                         "gaussian(sigma=1)",
                                         "snv",
                                         "msc",
                                         "area",
                                         "minmax",
                                         "standard(nm=247.856, half_width=0.2)",
                                         "sqrt",
                                         "log1p(offset=none)",
                                         "epo(directions=auto)",
                                         "pca(components=auto, of=specimens)",
                                         "twolevel",
                                         "multilevel",
                                         "lda(priors=training)",
                                         "kernel",
                                         "ddsimca(components, alpha=0.05, gamma=0.01, robust=no)"};
    size_t n = sizeof usages / sizeof *usages;
    char usage[256];
    for (size_t i = 0; i < n; i++) {
        const char *summary = adamas_method_step(i, usage);
        cr_assert(summary && *summary);
        cr_assert_str_eq(usage, usages[i]);
    }
    cr_assert_null(adamas_method_step(n, usage));
}

/* Compiled programs hold these numbers: they must not change. */
Test(contract, codes_keep_their_numbers)
{
    cr_assert(ADAMAS_OK == 0 && ADAMAS_E_ARGUMENT == 1 && ADAMAS_E_MEMORY == 2 && ADAMAS_E_FILE == 3 &&
              ADAMAS_E_FORMAT == 4 && ADAMAS_E_METHOD == 5 && ADAMAS_E_AXIS == 6 && ADAMAS_E_DATA == 7 &&
              ADAMAS_E_CANCELLED == 8);
    cr_assert(ADAMAS_SHOTS == 0 && ADAMAS_SPECIMENS == 1 && ADAMAS_SOURCES == 2 && ADAMAS_ORIGINS == 3);
    cr_assert(ADAMAS_SHOT_USED == 0 && ADAMAS_SHOT_NOT_FINITE == 1 && ADAMAS_SHOT_SATURATED == 2 &&
              ADAMAS_SHOT_OUTLIER == 3);
    cr_assert(ADAMAS_LEAVE_FOLDS == 0 && ADAMAS_LEAVE_SPECIMEN == 1 && ADAMAS_LEAVE_LOCALITY == 2 &&
              ADAMAS_LEAVE_SESSION == 3 && ADAMAS_LEAVE_PARCEL == 4 && ADAMAS_LEAVE_AUTO == 5 &&
              ADAMAS_LEAVE_LOCALITY_SESSION == 6);
    cr_assert(ADAMAS_PLAN == 13 && ADAMAS_CASES == 14);
    cr_assert(ADAMAS_FILE_SPECTRA == 1 && ADAMAS_FILE_MODEL == 2);
}

Test(contract, the_library_is_of_the_headers_version)
{
    char numbers[64];
    snprintf(numbers, sizeof numbers, "%d.%d.%d", ADAMAS_VERSION_MAJOR, ADAMAS_VERSION_MINOR, ADAMAS_VERSION_PATCH);
    cr_assert_str_eq(ADAMAS_VERSION, numbers);
    cr_assert_str_eq(adamas_version(), numbers);
}
