/* A model is the same after it was written and read; a file that was edited is refused in one line. */
#include "base/memory.h"
#include "training/model_file.h"
#include "training/train.h"

#include "folder.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { n_specimens = 9, n_shots = 3 * n_specimens, n_channels = 120 };

static char path[300];
static float intensity[n_shots * n_channels];
static adamas_spectra *library;

static void begin(void)
{
    folder_begin();
    snprintf(path, sizeof path, "%s", in_folder("model.h5"));
}

static void end(void)
{
    adamas_spectra_free(library);
    folder_end();
}

TestSuite(model_file, .init = begin, .fini = end);

static void fill(void)
{
    for (size_t i = 0; i < n_shots; i++)
        for (size_t c = 0; c < n_channels; c++) {
            double x = (double)c, k = (double)(i / 3), origin = (double)(i / 3 % 3);
            double line = fmod(x, 15) - 7 + 0.2 * sin((double)i);
            double noise = sin(12.9898 * (double)(i * n_channels + c));
            intensity[i * n_channels + c] =
                (float)(200 + x + (300 + 80 * sin(x / 15 + origin) + 20 * cos(k + x / 9)) * exp(-line * line) +
                        4 * noise);
        }
}

/* Three contiguous detectors, at whose seams there is no gap. */
static void make_library(void)
{
    static const double first[] = {0, 35, 80};
    static char id[n_specimens][8];
    static const char *const origin[] = {"alpha", "beta", "gamma"};
    const char *specimen[n_shots], *origins[n_specimens];
    double nm[n_channels];
    axis told;
    fill();
    for (size_t c = 0; c < n_channels; c++)
        nm[c] = 300 + 0.1 * (double)c;
    for (size_t k = 0; k < n_specimens; k++) {
        snprintf(id[k], sizeof id[k], "s%zu", k);
        origins[k] = origin[k % 3];
    }
    for (size_t i = 0; i < n_shots; i++)
        specimen[i] = id[i / 3];
    cr_assert_eq(spectra_lend(&library, n_shots, n_channels, intensity, nm, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(library, ADAMAS_SHOTS, "specimen", n_shots, specimen, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(library, ADAMAS_SPECIMENS, "origin", n_specimens, origins, NULL), ADAMAS_OK);
    cr_assert_eq(library->axis.n_segments, 1);
    cr_assert_eq(axis_make_segments(&told, nm, n_channels, first, 3, "here", NULL), ADAMAS_OK);
    axis_clear(&library->axis);
    library->axis = told;
}

static adamas_model *train(const char *text)
{
    adamas_error error = {0};
    adamas_method *method;
    adamas_model *model;
    const adamas_spectra *only = library;
    cr_assert_eq(adamas_method_parse(&method, text, &error), ADAMAS_OK, "%s", error.message);
    cr_assert_eq(adamas_model_train(&model, method, &only, 1, 1, NULL, &error), ADAMAS_OK, "%s", error.message);
    adamas_method_free(method);
    return model;
}

static void same_report(const adamas_model *a, const adamas_model *b)
{
    adamas_report *from_a, *from_b;
    cr_assert_eq(adamas_model_classify(&from_a, a, library, NULL, NULL, NULL), ADAMAS_OK);
    cr_assert_eq(adamas_model_classify(&from_b, b, library, NULL, NULL, NULL), ADAMAS_OK);
    cr_assert_str_eq(adamas_report_json(from_a), adamas_report_json(from_b));
    adamas_report_free(from_a);
    adamas_report_free(from_b);
}

Test(model_file, keeps_the_detectors)
{
    adamas_error error = {0};
    make_library();
    adamas_model *model = train("align(30) | snip(20) | whittaker(20) | snv | pca(3) | lda"), *read;
    cr_assert_eq(model_write(model, path, &error), ADAMAS_OK, "%s", error.message);
    cr_assert_eq(model_read(&read, path, &error), ADAMAS_OK, "%s", error.message);
    cr_assert(axis_equal(&read->library, &library->axis));
    same_report(model, read);
    adamas_spectra *derived;
    cr_assert_eq(adamas_model_preprocess(&derived, read, library, NULL, &error), ADAMAS_OK, "%s", error.message);
    cr_assert(axis_equal(&derived->axis, &library->axis));
    adamas_spectra_free(derived);
    adamas_model_free(read);
    adamas_model_free(model);
}

Test(model_file, keeps_the_reference_of_msc)
{
    adamas_error error = {0};
    make_library();
    adamas_model *model = train("mask(303, 304) | align | msc | snip(20) | msc | pca(3) | lda"), *read;
    cr_assert_eq(model_write(model, path, &error), ADAMAS_OK, "%s", error.message);
    cr_assert_eq(model_read(&read, path, &error), ADAMAS_OK, "%s", error.message);
    same_report(model, read);
    adamas_model_free(read);
    adamas_model_free(model);
}

Test(model_file, preprocessed_spectra_say_what_they_are)
{
    adamas_error error = {0};
    make_library();
    cr_assert_eq(spectra_set_fact(library, "provenance/synthetic", "yes", NULL), ADAMAS_OK);
    adamas_model *model = train("snv");
    cr_assert_eq(spectra_set_fact(library, "provenance/synthetic", "no", NULL), ADAMAS_OK);
    adamas_spectra *derived;
    cr_assert_eq(adamas_model_preprocess(&derived, model, library, NULL, &error), ADAMAS_OK, "%s", error.message);
    cr_assert_str_eq(spectra_fact(derived, "provenance/synthetic"), "yes");
    cr_assert_eq(adamas_spectra_write(derived, path, NULL, &error), ADAMAS_OK, "%s", error.message);
    store *s;
    char *unit, *name;
    cr_assert_eq(store_open(&s, path, NULL), ADAMAS_OK);
    cr_assert_eq(store_attribute(s, "/entry/data/intensity", "units", &unit, NULL), ADAMAS_OK);
    cr_assert_eq(store_attribute(s, "/entry/data/intensity", "long_name", &name, NULL), ADAMAS_OK);
    cr_assert_str_eq(unit, "");
    cr_assert_str_eq(name, "intensity, preprocessed");
    free(unit);
    free(name);
    store_close(s);
    adamas_spectra_free(derived);
    adamas_model_free(model);
}

/* Writes a model whose members were changed, and expects its file to be refused. */
static void refused(adamas_model *model, const char *says)
{
    adamas_error error = {0};
    adamas_model *read;
    cr_assert_eq(model_write(model, path, &error), ADAMAS_OK, "%s", error.message);
    adamas_status status = model_read(&read, path, &error);
    cr_assert_eq(status, ADAMAS_E_FORMAT, "%d: %s", (int)status, error.message);
    cr_assert_eq(error.code, ADAMAS_E_FORMAT);
    cr_assert_null(read);
    cr_assert_not_null(strstr(error.message, says), "'%s' expected in: %s", says, error.message);
    cr_assert_eq(strncmp(error.message, path, strlen(path)), 0, "%s", error.message);
    cr_assert_null(strchr(error.message, '\n'));
    adamas_model_free(model);
}

static adamas_model *some_model(void)
{
    return train("align | snv | pca(4) | twolevel");
}

static void swap_states(adamas_model *a, adamas_model *b)
{
    void *state = a->fitted.classifier.match_state;
    a->fitted.classifier.match_state = b->fitted.classifier.match_state;
    b->fitted.classifier.match_state = state;
}

Test(model_file, refuses_a_matching_state_of_another_shape)
{
    static const char *const few[] = {"align | snv | pca(2) | twolevel", "snv | pca(2) | lda"},
                             *const many[] = {"align | snv | pca(4) | twolevel", "snv | pca(4) | lda"};
    make_library();
    for (size_t i = 0; i < 2; i++) {
        adamas_model *a = train(few[i]), *b = train(many[i]);
        swap_states(a, b);
        refused(a, i ? "/judge/match/mean is 3 x 4, 3 x 2 expected" : "/judge/match/basis is 4 x 4, 2 x 2 expected");
        refused(b, i ? "/judge/match/mean is 3 x 2, 3 x 4 expected" : "/judge/match/basis is 2 x 2, 4 x 4 expected");
    }
}

Test(model_file, refuses_a_cross_fit_that_does_not_match)
{
    make_library();
    adamas_model *model = some_model();
    cr_assert(model->fitted.has_evidence);
    model->fitted.cross_fit.origin[2] = 7;
    refused(model, "/held_out/origin has 7 in place 3, 0 to 2 expected");
    model = some_model();
    model->fitted.cross_fit.log_density[1] = NAN;
    refused(model, "/held_out/log_density has nan in place 2");
    model = some_model();
    model->fitted.cross_fit.classifiers[0].residual = -1;
    refused(model, "/held_out/without_fold_1/residual is -1");
}

Test(model_file, refuses_another_number_of_origins)
{
    static const char *const names[] = {"alpha", "beta", "gamma", "delta"};
    static const double counts[4] = {3, 3, 3, 3};
    make_library();
    for (size_t n = 1; n <= 4; n += n == 2 ? 2 : 1) {
        adamas_model *model = some_model();
        table_clear(&model->origins);
        cr_assert_eq(table_set_text(&model->origins, "origin", n, names, NULL), ADAMAS_OK);
        cr_assert_eq(table_set_numbers(&model->origins, "specimens", n, counts, NULL), ADAMAS_OK);
        cr_assert_eq(table_set_numbers(&model->origins, "shots", n, counts, NULL), ADAMAS_OK);
        refused(model, n == 1   ? "/origins/origin has 1 rows, at least 2"
                       : n == 2 ? "/judge/origin_mean is 3 x 4, 2 x 4 expected"
                                : "/judge/origin_mean is 3 x 4, 4 x 4 expected");
    }
}

Test(model_file, refuses_missing_facts)
{
    static const char *const facts[][3] = {
        {"method", "", "method of /facts is missing"},
        {"method_canonical", "", "method_canonical of /facts is missing"},
        {"method_canonical", "snv | nonsense", "method_canonical of /facts: "},
        {"engine", "", "engine of /facts is missing"},
        {"level", "", "level of /facts is missing"},
        {"level", "0", "level of /facts is '0'"},
        {"level", "1.5", "level of /facts is '1.5'"},
        {"level", "one", "level of /facts is 'one'"},
        {"level", "99999999999", "level of /facts is '99999999999'"},
        {"synthetic", "", "synthetic of /facts is missing"},
        {"synthetic", "perhaps", "synthetic of /facts is 'perhaps', yes or no"},
    };
    make_library();
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        adamas_model *model = some_model();
        cr_assert_eq(facts_set(&model->facts, facts[i][0], facts[i][1], NULL), ADAMAS_OK);
        refused(model, facts[i][2]);
    }
}

Test(model_file, refuses_numbers_that_are_not_finite)
{
    make_library();
    adamas_model *model = some_model();
    model->fitted.classifier.fit.pca.mean[4] = NAN;
    refused(model, "/judge/pca/mean has nan in place 5");
    model = some_model();
    model->fitted.classifier.fit.pca.components[0] = INFINITY;
    refused(model, "/judge/pca/components has inf in place 1");
    model = some_model();
    model->fitted.classifier.fit.pipeline.stages[0].reference[2] = NAN;
    refused(model, "/judge/preprocess/reference_0 has nan in place 3");
}

Test(model_file, refuses_an_axis_that_does_not_fit)
{
    make_library();
    adamas_model *model = some_model();
    model->library.first[1] = 500;
    refused(model, "detector_segments has 500 in place 2");
    model = some_model();
    model->library.n = 100;
    refused(model, "100");
}
