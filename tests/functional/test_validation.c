/* Validation by every protocol: its numbers are recomputed from the probabilities in the report; no information on
 * held-out specimens leaks into training; levels, seeds and several libraries. */
#include "helpers.h"

#include <math.h>
#include <stdio.h>

static synthetic_set library;

static void begin(void)
{
    folder_begin();
    synthetic_shape shape = synthetic_library;
    shape.n_specimens = 12; /* enough for a calibration that moves few specimens to another origin */
    library = synthetic_make(shape);
}

static void end(void)
{
    synthetic_free(&library);
    folder_end();
}

TestSuite(validation, .init = begin, .fini = end);

enum { max_origins = 8 };

typedef struct recomputed {
    double n, n_correct, log_loss;
    double confusion[max_origins][max_origins];
} recomputed;

static const adamas_column *of_origin(const adamas_report *report, int32_t table, const char *what, size_t o)
{
    char name[100];
    snprintf(name, sizeof name, "%s/%s", what, adamas_report_column(report, ADAMAS_ORIGINS, "origin")->text[o]);
    const adamas_column *column = adamas_report_column(report, table, name);
    cr_assert(column && column->number, "%s", name);
    return column;
}

static size_t index_of(const adamas_column *origins, const char *origin)
{
    size_t o = 0;
    while (strcmp(origins->text[o], origin) != 0)
        cr_assert_lt(++o, origins->n);
    return o;
}

static recomputed recompute(const adamas_report *report)
{
    recomputed r = {0};
    const adamas_column *origins = adamas_report_column(report, ADAMAS_ORIGINS, "origin");
    const adamas_column *truth = adamas_report_column(report, ADAMAS_SPECIMENS, "true_origin");
    for (size_t k = 0; k < truth->n; k++) {
        size_t own = index_of(origins, truth->text[k]), best = 0;
        double p[max_origins];
        for (size_t o = 0; o < origins->n; o++) {
            p[o] = of_origin(report, ADAMAS_SPECIMENS, "probability", o)->number[k];
            best = p[o] > p[best] ? o : best;
        }
        if (isnan(p[0]))
            continue;
        r.n++;
        r.n_correct += best == own;
        r.log_loss -= log(p[own]);
        r.confusion[own][best]++;
    }
    r.log_loss /= r.n;
    return r;
}

static void check_numbers(const adamas_report *report)
{
    recomputed r = recompute(report);
    size_t n = adamas_report_column(report, ADAMAS_ORIGINS, "origin")->n;
    double balanced = 0;
    for (size_t t = 0; t < n; t++) {
        double row = 0;
        for (size_t o = 0; o < n; o++) {
            cr_assert_eq(of_origin(report, ADAMAS_ORIGINS, "predicted", o)->number[t], r.confusion[t][o]);
            row += r.confusion[t][o];
        }
        balanced += r.confusion[t][t] / row / (double)n;
    }
    cr_assert_float_eq(adamas_report_number(report, "accuracy"), r.n_correct / r.n, 1e-12);
    cr_assert_float_eq(adamas_report_number(report, "balanced_accuracy"), balanced, 1e-12);
    cr_assert_float_eq(adamas_report_number(report, "log_loss"), r.log_loss, 1e-12 * (1 + r.log_loss));
    cr_assert_leq(adamas_report_number(report, "accuracy_low"), r.n_correct / r.n);
    cr_assert_geq(adamas_report_number(report, "accuracy_high"), r.n_correct / r.n);
}

static adamas_protocol leaving(int32_t leave)
{
    adamas_protocol protocol = ADAMAS_PROTOCOL_INIT;
    protocol.leave = leave;
    protocol.folds = 5;
    return protocol;
}

Test(validation, numbers_of_every_protocol)
{
    static const char *const methods[] = {"snv | pca(4) | twolevel", "align | snv | pca(3) | lda",
                                          "msc | pca(3) | lda"};
    static const int32_t every[] = {ADAMAS_LEAVE_FOLDS,   ADAMAS_LEAVE_SPECIMEN, ADAMAS_LEAVE_LOCALITY,
                                    ADAMAS_LEAVE_SESSION, ADAMAS_LEAVE_PARCEL,   ADAMAS_LEAVE_LOCALITY_SESSION};
    for (size_t p = 0; p < sizeof every / sizeof *every; p++)
        for (size_t i = 0; i < 3; i++) {
            int32_t leave = every[p];
            adamas_protocol protocol = leaving(leave);
            adamas_report *report = validated(methods[i], &library, &protocol, NULL);
            cr_assert_eq(adamas_report_column(report, ADAMAS_SPECIMENS, "id")->n, library.n_specimens);
            check_numbers(report);
            cr_assert_geq(adamas_report_number(report, "accuracy"), 0.6, "leave %d", (int)leave);
            adamas_report_free(report);
        }
}

Test(validation, components_are_chosen_in_inner_folds)
{
    adamas_protocol protocol = leaving(ADAMAS_LEAVE_PARCEL);
    adamas_report *report = validated(NULL, &library, &protocol, NULL);
    check_numbers(report);
    cr_assert_not_null(strstr(adamas_report_json(report), "\"components\""));
    adamas_report_free(report);
}

/* No leak: the shots of a held-out specimen have no part in the reference of msc. The test multiplies them by 10^4,
 * which msc removes again from the shots; if they were part of the reference, they would dominate it and change the
 * result. */
Test(validation, the_reference_of_msc_is_of_training_specimens)
{
    adamas_protocol protocol = leaving(ADAMAS_LEAVE_SPECIMEN);
    adamas_report *before = validated("msc | pca(3) | lda", &library, &protocol, NULL);
    for (size_t i = 0; i < library.n_shots; i++)
        for (size_t c = 0; strcmp(library.specimen[i], library.ids[0]) == 0 && c < library.n_channels; c++)
            library.intensity[i * library.n_channels + c] *= 1e4F;
    adamas_report *after = validated("msc | pca(3) | lda", &library, &protocol, NULL);
    for (size_t o = 0; o < 3; o++) {
        double was = of_origin(before, ADAMAS_SPECIMENS, "log_density", o)->number[0];
        cr_assert_float_eq(of_origin(after, ADAMAS_SPECIMENS, "log_density", o)->number[0], was,
                           1e-3 * (1 + fabs(was)));
    }
    adamas_report_free(before);
    adamas_report_free(after);
}

/* No leak: the label of a held-out specimen is not used, so a wrong one changes none of its log densities. */
Test(validation, a_specimens_own_label_is_not_used)
{
    adamas_protocol protocol = leaving(ADAMAS_LEAVE_SPECIMEN);
    adamas_report *before =
        validated("standard(nm=310, half_width=0.6) | pca(3) | twolevel", &library, &protocol, NULL);
    adamas_error error = {0};
    library.origin[0] = "beta/east"; /* the true one is alpha */
    expect_ok(adamas_spectra_set_text(library.spectra, ADAMAS_SPECIMENS, "origin", library.n_specimens, library.origin,
                                      &error),
              &error);
    adamas_report *after = validated("standard(nm=310, half_width=0.6) | pca(3) | twolevel", &library, &protocol, NULL);
    for (size_t o = 0; o < 3; o++)
        cr_assert_eq(of_origin(before, ADAMAS_SPECIMENS, "log_density", o)->number[0],
                     of_origin(after, ADAMAS_SPECIMENS, "log_density", o)->number[0]);
    cr_assert_str_eq(adamas_report_column(after, ADAMAS_SPECIMENS, "true_origin")->text[0], "beta");
    adamas_report_free(before);
    adamas_report_free(after);
}

Test(validation, the_level_cuts_the_path)
{
    adamas_protocol protocol = leaving(ADAMAS_LEAVE_SPECIMEN);
    protocol.level = 2;
    adamas_report *report = validated("snv | pca(3) | lda(priors=equal)", &library, &protocol, NULL);
    const adamas_column *origins = adamas_report_column(report, ADAMAS_ORIGINS, "origin");
    cr_assert_eq(origins->n, 6);
    cr_assert_str_eq(origins->text[0], "alpha/east");
    check_numbers(report);
    adamas_report_free(report);
}

Test(validation, the_seed_draws_the_folds)
{
    adamas_options options = ADAMAS_OPTIONS_INIT;
    adamas_protocol protocol = leaving(ADAMAS_LEAVE_FOLDS);
    adamas_report *one = validated("snv | pca(3) | lda", &library, &protocol, &options);
    options.seed = 2;
    adamas_report *two = validated("snv | pca(3) | lda", &library, &protocol, &options);
    cr_assert_neq(of_origin(one, ADAMAS_SPECIMENS, "log_density", 0)->number[0],
                  of_origin(two, ADAMAS_SPECIMENS, "log_density", 0)->number[0]);
    adamas_report_free(one);
    adamas_report_free(two);
}

Test(validation, two_libraries_are_one_dataset)
{
    synthetic_shape shape = synthetic_library;
    shape.prefix = "later";
    shape.seed = 5;
    synthetic_set more = synthetic_make(shape);
    const adamas_spectra *both[] = {library.spectra, more.spectra};
    adamas_error error = {0};
    adamas_method *method = method_of("snv | pca(3) | twolevel");
    adamas_report *report;
    expect_ok(adamas_model_validate(&report, method, both, 2, NULL, NULL, &error), &error);
    cr_assert_eq(adamas_report_column(report, ADAMAS_SPECIMENS, "id")->n, library.n_specimens + more.n_specimens);
    check_numbers(report);
    adamas_report_free(report);
    adamas_method_free(method);
    synthetic_free(&more);
}
