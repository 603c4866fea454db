/* Questions to a model about a parcel, and sampling plans: their arguments are checked, and the reports have the
 * tables, numbers and facts that the header documents. */
#include "helpers.h"
#include "sanitized.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char method[] = "snv | pca(3) | twolevel";
static const synthetic_shape library_shape = {3, 12, 3, 120, 300, 0.1, 1, "stone", 0},
                             parcel_shape = {3, 2, 3, 120, 300, 0.1, 7, "seized", 1};
static synthetic_set library, parcel;
static adamas_model *model;

static void set_origins(synthetic_set *s, size_t localities)
{
    static const char *const countries[] = {"alpha", "beta", "gamma"};
    adamas_error error = {0};
    for (size_t k = 0; k < s->n_specimens; k++) {
        snprintf(s->paths[k], sizeof *s->paths, "%s/place-%zu", countries[k % 3], k / 3 % localities + 1);
        s->origin[k] = s->paths[k];
    }
    expect_ok(adamas_spectra_set_text(s->spectra, ADAMAS_SPECIMENS, "origin", s->n_specimens, s->origin, &error),
              &error);
}

static void begin(void)
{
    folder_begin();
    library = synthetic_make(library_shape);
    parcel = synthetic_make(parcel_shape);
    set_origins(&library, 4);
    model = trained(method, &library, NULL);
}

static void end(void)
{
    adamas_model_free(model);
    synthetic_free(&library);
    synthetic_free(&parcel);
    folder_end();
}

TestSuite(question, .init = begin, .fini = end, .timeout = 600);

static adamas_report *asked(const adamas_model *m, const adamas_spectra *set, const char *declared, int threads)
{
    adamas_error error = {0};
    adamas_report *report;
    adamas_question q = ADAMAS_QUESTION_INIT;
    adamas_options options = ADAMAS_OPTIONS_INIT;
    q.declared = declared;
    options.threads = threads;
    expect_ok(adamas_model_classify(&report, m, set, &q, &options, &error), &error);
    return report;
}

static void set_fact(const char *name, const char *value)
{
    adamas_error error = {0};
    expect_ok(adamas_spectra_set_fact(parcel.spectra, name, value, &error), &error);
}

static void is_refused(const adamas_question *q, adamas_status wanted, const char *named)
{
    adamas_error error = {0};
    adamas_report *report;
    expect_error(adamas_model_classify(&report, model, parcel.spectra, q, NULL, &error), wanted, &error, named);
    cr_assert_null(report);
    cr_assert_eq(adamas_model_classify(&report, model, parcel.spectra, q, NULL, NULL), wanted);
}

Test(question, is_checked)
{
    const struct {
        adamas_question question;
        adamas_status status;
        const char *named;
    } wrong[] = {
        {{offsetof(adamas_question, answer) - 1, NULL, 0.05, 0, 0}, ADAMAS_E_ARGUMENT, "adamas_question.struct_size"},
        {{sizeof(adamas_question), NULL, 0, 0, 0}, ADAMAS_E_ARGUMENT, "epsilon is 0"},
        {{sizeof(adamas_question), NULL, 1, 0, 0}, ADAMAS_E_ARGUMENT, "epsilon is 1"},
        {{sizeof(adamas_question), NULL, 0.05, 0, 3}, ADAMAS_E_ARGUMENT, "answer is 3"},
        {{sizeof(adamas_question), NULL, 0.05, 0, -1}, ADAMAS_E_ARGUMENT, "answer is -1"},
        {{sizeof(adamas_question), NULL, NAN, 0, 0}, ADAMAS_E_ARGUMENT, "epsilon is nan"},
        {{sizeof(adamas_question), "Atlantis", 0.05, 0, 0},
         ADAMAS_E_DATA,
         "the origin 'Atlantis' is in no library; the libraries hold 'alpha', 'beta', 'gamma'"},
        {{sizeof(adamas_question), "alph", 0.05, 0, 0}, ADAMAS_E_DATA, "'alph'"},
        {{sizeof(adamas_question), "alphabet", 0.05, 0, 0}, ADAMAS_E_DATA, "'alphabet'"},
        {{sizeof(adamas_question), NULL, 0.05, 5, 0},
         ADAMAS_E_DATA,
         "6 stones measured, and the whole parcel is said to have 5"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        is_refused(&wrong[i].question, wrong[i].status, wrong[i].named);
    static const char *const numbers[] = {"5", "0", "-7", "12.5", "a dozen", "1e3"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        set_fact("case/stones", numbers[i]);
        is_refused(NULL, ADAMAS_E_DATA, i == 0 ? "said to have 5" : "case/stones is '");
    }
}

Test(question, null_is_the_default)
{
    adamas_question init = ADAMAS_QUESTION_INIT;
    cr_assert(init.struct_size == sizeof init && !init.declared && init.epsilon == 0.05 && init.stones == 0 &&
              init.answer == ADAMAS_ANSWER_PARCEL);
    adamas_error error = {0};
    adamas_report *one = asked(model, parcel.spectra, NULL, 1), *other;
    expect_ok(adamas_model_classify(&other, model, parcel.spectra, NULL, NULL, &error), &error);
    cr_assert_str_eq(adamas_report_json(one), adamas_report_json(other));
    cr_assert_null(adamas_report_fact(one, "declared"));
    cr_assert(isnan(adamas_report_number(one, "declared/inconsistent")));
    adamas_report_free(one);
    adamas_report_free(other);
}

/* A program that was compiled with a header whose adamas_question ended before `answer`. */
Test(question, an_older_question_is_accepted)
{
    adamas_error error = {0};
    adamas_question q = ADAMAS_QUESTION_INIT;
    q.struct_size = offsetof(adamas_question, answer);
    q.answer = 77;
    adamas_report *one = asked(model, parcel.spectra, NULL, 1), *other;
    expect_ok(adamas_model_classify(&other, model, parcel.spectra, &q, NULL, &error), &error);
    cr_assert_str_eq(adamas_report_json(one), adamas_report_json(other));
    adamas_report_free(one);
    adamas_report_free(other);
}

static void same_column(const adamas_report *some, const adamas_report *all, const char *name)
{
    const adamas_column *a = adamas_report_column(some, ADAMAS_SPECIMENS, name);
    const adamas_column *b = adamas_report_column(all, ADAMAS_SPECIMENS, name);
    cr_assert(a && b, "%s", name);
    for (size_t i = 0; i < parcel.n_specimens; i++)
        cr_assert(a->number[i] == b->number[i] || (isnan(a->number[i]) && isnan(b->number[i])), "%s", name);
}

/* A question for less gives the same columns as the whole, and fewer. */
Test(question, answers_of_less)
{
    adamas_error error = {0};
    adamas_question q = ADAMAS_QUESTION_INIT;
    adamas_report *whole = asked(model, parcel.spectra, NULL, 1), *specimens, *densities;
    q.answer = ADAMAS_ANSWER_SPECIMENS;
    expect_ok(adamas_model_classify(&specimens, model, parcel.spectra, &q, NULL, &error), &error);
    q.answer = ADAMAS_ANSWER_DENSITIES;
    expect_ok(adamas_model_classify(&densities, model, parcel.spectra, &q, NULL, &error), &error);
    same_column(specimens, whole, "typicality/beta");
    same_column(specimens, whole, "log10_lr/beta");
    same_column(densities, whole, "log_density/beta");
    same_column(densities, whole, "probability/beta");
    cr_assert_null(adamas_report_column(specimens, ADAMAS_SHARES, "mean"));
    cr_assert_null(adamas_report_column(densities, ADAMAS_SPECIMENS, "typicality/beta"));
    cr_assert_null(adamas_report_column(densities, ADAMAS_SPECIMENS, "log10_lr/beta"));
    cr_assert_str_eq(adamas_report_fact(densities, "no_evidence"), "densities alone were asked for");
    cr_assert_not_null(strstr(adamas_report_fact(densities, "conclusion"), "densities alone were asked for"));
    adamas_report_free(whole);
    adamas_report_free(specimens);
    adamas_report_free(densities);
}

/* The declared origin of the question overrides the file's, and "" removes it. A path within an origin is that origin.
 */
Test(question, what_is_declared)
{
    set_fact("case/declared_origin", "Atlantis");
    adamas_report *report = asked(model, parcel.spectra, NULL, 2);
    cr_assert_str_eq(adamas_report_fact(report, "declared"), "Atlantis");
    cr_assert(isnan(adamas_report_number(report, "declared/inconsistent")));
    cr_assert_not_null(adamas_report_fact(report, "warning/declared"));
    cr_assert_not_null(strstr(adamas_report_json(report), "whether the parcel is of it cannot be tested"));
    adamas_report_free(report);
    report = asked(model, parcel.spectra, "", 2);
    cr_assert_null(adamas_report_fact(report, "declared"));
    cr_assert_null(adamas_report_warning(report, 0));
    adamas_report_free(report);
    report = asked(model, parcel.spectra, "beta/anywhere", 2);
    cr_assert_str_eq(adamas_report_fact(report, "declared"), "beta/anywhere");
    cr_assert_str_eq(adamas_report_fact(report, "spectrum/origin"), "beta");
    cr_assert(isfinite(adamas_report_number(report, "declared/inconsistent")));
    adamas_report_free(report);
}

/* A third of the parcel is of the declared origin. */
Test(question, same_bytes_on_any_threads_and_from_a_file)
{
    adamas_error error = {0};
    adamas_report *one = asked(model, parcel.spectra, "alpha", 1);
    adamas_model *read;
    expect_ok(adamas_model_write(model, in_folder("m.h5"), &error), &error);
    expect_ok(adamas_model_read(&read, in_folder("m.h5"), &error), &error);
    for (int threads = is_sanitized ? 3 : 2; threads <= 3; threads++) {
        adamas_report *other = asked(read, parcel.spectra, "alpha", threads);
        cr_assert_str_eq(adamas_report_json(one), adamas_report_json(other));
        cr_assert_str_eq(adamas_report_html(one), adamas_report_html(other));
        adamas_report_free(other);
    }
    adamas_report_free(one);
    adamas_model_free(read);
}

static const adamas_column *column(const adamas_report *r, int32_t table, const char *name, size_t rows)
{
    const adamas_column *found = adamas_report_column(r, table, name);
    cr_assert_not_null(found, "no column %s in table %d", name, (int)table);
    cr_assert_eq(found->n, rows, "%s of %d has %zu rows", name, (int)table, found->n);
    return found;
}

static void has_columns(const adamas_report *r, int32_t table, size_t rows, const char *const *names)
{
    for (; *names; names++)
        column(r, table, *names, rows);
}

/* name/alpha, name/beta, name/gamma. */
static void has_columns_by_origin(const adamas_report *r, int32_t table, size_t rows, const char *const *names)
{
    static const char *const origins[] = {"alpha", "beta", "gamma"};
    for (; *names; names++)
        for (size_t o = 0; o < 3; o++) {
            char name[64];
            snprintf(name, sizeof name, "%s/%s", *names, origins[o]);
            column(r, table, name, rows);
        }
}

Test(question, tables_that_the_header_documents)
{
    adamas_error error = {0};
    const double mass[] = {0.5, 1, 2, NAN, 0.25, 4};
    expect_ok(adamas_spectra_set_numbers(parcel.spectra, ADAMAS_SPECIMENS, "mass_ct", 6, mass, &error), &error);
    set_fact("case/stones", "60");
    adamas_report *r = asked(model, parcel.spectra, "alpha", 2);
    has_columns(r, ADAMAS_SPECIMENS, 6,
                (const char *const[]){"id", "mass_ct", "shots_used", "shots_not_finite", "shots_saturated",
                                      "shots_outlier", "posterior/none of these", "answer", "foreign_probability",
                                      "is_foreign", "plane/1", "plane/2", NULL});
    has_columns_by_origin(
        r, ADAMAS_SPECIMENS, 6,
        (const char *const[]){"log_density", "probability", "typicality", "log10_lr", "posterior", NULL});
    has_columns(r, ADAMAS_ORIGINS, 3,
                (const char *const[]){"origin", "specimens", "units", "rejectable", "log10_lr_low", "log10_lr_high",
                                      "plane/1", "plane/2", "plane/11", "plane/12", "plane/22", NULL});
    has_columns(r, ADAMAS_SHARES, 4,
                (const char *const[]){"origin", "alpha", "mean", "low", "high", "r_hat", "effective", "carats_mean",
                                      "carats_low", "carats_high", "whole_mean", "whole_low", "whole_high", "tau_third",
                                      "tau_triple", NULL});
    has_columns(r, ADAMAS_DETECTION_LIMITS, 3, (const char *const[]){"origin", "share", NULL});
    has_columns(r, ADAMAS_LIBRARY, library.n_specimens, (const char *const[]){"origin", "plane/1", "plane/2", NULL});
    has_columns(r, ADAMAS_SPECTRUM, 120, (const char *const[]){"wavelength", "parcel", "contribution", NULL});
    has_columns_by_origin(r, ADAMAS_SPECTRUM, 120, (const char *const[]){"origin", NULL});
    has_columns(r, ADAMAS_SOURCES, 1, (const char *const[]){"file", "sha256", NULL});
    static const char *const numbers[] = {"declared/log10_lr",
                                          "declared/log10_lr_error",
                                          "declared/log10_lr_half",
                                          "declared/log10_lr_double",
                                          "declared/log10_lr_low",
                                          "declared/log10_lr_high",
                                          "declared/units",
                                          "declared/foreign",
                                          "declared/foreign_high",
                                          "declared/threshold",
                                          "declared/pure_parcels",
                                          "declared/inconsistent",
                                          "declared/foreign_stones",
                                          "declared/false_discovery",
                                          "parcel/tau",
                                          "parcel/temper",
                                          "parcel/chains",
                                          "parcel/draws"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        cr_assert(isfinite(adamas_report_number(r, numbers[i])), "%s", numbers[i]);
    cr_assert_eq(adamas_report_number(r, "parcel/stones"), 6);
    cr_assert_eq(adamas_report_number(r, "parcel/whole"), 60);
    cr_assert_eq(adamas_report_number(r, "parcel/without_mass"), 1);
    cr_assert_eq(adamas_report_number(r, "declared/units"), 4);
    cr_assert_eq(adamas_report_number(r, "declared/inconsistent"),
                 adamas_report_number(r, "declared/foreign") > adamas_report_number(r, "declared/threshold"));
    double sum = 0;
    for (size_t i = 0; i < 4; i++)
        sum += adamas_report_column(r, ADAMAS_SHARES, "mean")->number[i];
    cr_assert_float_eq(sum, 1, 1e-9);
    cr_assert_str_eq(adamas_report_fact(r, "held_out"), "locality and session");
    cr_assert_not_null(adamas_report_fact(r, "conclusion"));
    adamas_report_free(r);
}

/* The first specimens of the parcel: a set that lends its first shots. */
static adamas_spectra *first_shots(size_t n_shots)
{
    adamas_error error = {0};
    adamas_spectra *set;
    expect_ok(adamas_spectra_lend(&set, n_shots, parcel.n_channels, parcel.intensity, parcel.wavelength, &error),
              &error);
    expect_ok(adamas_spectra_set_text(set, ADAMAS_SHOTS, "specimen", n_shots, parcel.specimen, &error), &error);
    return set;
}

Test(question, a_parcel_of_one_specimen)
{
    for (size_t shots = 1; shots <= 3; shots += 2) {
        adamas_spectra *set = first_shots(shots);
        adamas_report *r = asked(model, set, "alpha", 2);
        cr_assert_eq(adamas_report_number(r, "parcel/stones"), 1);
        column(r, ADAMAS_SHARES, "mean", 4);
        cr_assert(isfinite(adamas_report_number(r, "declared/log10_lr")));
        const char *said = adamas_report_fact(r, "conclusion");
        cr_assert_not_null(strstr(said, "the one stone measured"), "%s", said);
        adamas_report_free(r);
        r = asked(model, set, "", 2);
        said = adamas_report_fact(r, "conclusion");
        cr_assert_eq(strncmp(said, "The one stone measured is ", 26), 0, "%s", said);
        adamas_report_free(r);
        adamas_spectra_free(set);
    }
}

Test(question, specimens_without_a_used_shot)
{
    for (size_t i = 0; i < parcel.n_shots * parcel.n_channels; i++)
        parcel.intensity[i] = NAN;
    adamas_report *r = asked(model, parcel.spectra, "alpha", 2);
    cr_assert_str_eq(adamas_report_fact(r, "conclusion"),
                     "No stone of the parcel has a shot of use: nothing can be said of its origin.");
    cr_assert_null(adamas_report_column(r, ADAMAS_SHARES, "mean"));
    cr_assert(isnan(adamas_report_number(r, "declared/inconsistent")));
    cr_assert_null(strstr(adamas_report_html(r), "nan"));
    adamas_report_free(r);
}

/* Localities are held out if each origin has three, else specimens: the report then says that it holds for the
 * libraries' own localities only. */
Test(question, libraries_of_few_localities)
{
    for (size_t localities = 1; localities <= 3; localities++) {
        set_origins(&library, localities);
        adamas_model *m = trained(method, &library, NULL);
        adamas_report *r = asked(m, parcel.spectra, localities == 2 ? NULL : "beta", 2);
        cr_assert_str_eq(adamas_report_fact(r, "held_out"),
                         localities == 3 ? "locality and session" : "specimen and session");
        cr_assert_eq(adamas_report_column(r, ADAMAS_ORIGINS, "units")->number[0], localities == 3 ? 3 : 12);
        cr_assert_eq(isnan(adamas_report_number(r, "parcel/rho")) != 0, localities < 3);
        const char *said = adamas_report_fact(r, "conclusion"), *own = "the libraries' own localities only";
        cr_assert_eq(strstr(adamas_report_html(r), own) != NULL, localities < 3, "%zu: %s", localities, said);
        cr_assert_eq(isfinite(adamas_report_number(r, "declared/inconsistent")) != 0, localities != 2);
        adamas_report_free(r);
        adamas_model_free(m);
    }
}

static void set_controls(const char *first, const char *third, const char *fifth)
{
    adamas_error error = {0};
    const char *const known[] = {first, "", third, "", fifth, ""};
    expect_ok(adamas_spectra_set_text(parcel.spectra, ADAMAS_SPECIMENS, "control", 6, known, &error), &error);
}

/* A model with so many specimens that two controls can fail. Few components: its origins overlap. */
static adamas_model *model_of_many(void)
{
    synthetic_set many = synthetic_make((synthetic_shape){3, 90, 3, 120, 300, 0.1, 1, "stone", 0});
    set_origins(&many, 9);
    adamas_model *made = trained("snv | pca(2) | twolevel", &many, NULL);
    synthetic_free(&many);
    return made;
}

/* The specimens of the parcel are of alpha, beta and gamma in turn. */
Test(question, true_controls_hold)
{
    adamas_model *m = model_of_many();
    set_controls("alpha", "", "beta/place-1");
    adamas_report *r = asked(m, parcel.spectra, NULL, 2);
    const double *p = adamas_report_column(r, ADAMAS_SPECIMENS, "control_p")->number,
                 *posterior = adamas_report_column(r, ADAMAS_SPECIMENS, "posterior/alpha")->number,
                 *alpha = adamas_report_column(r, ADAMAS_SPECIMENS, "typicality/alpha")->number;
    cr_assert_eq(adamas_report_number(r, "control/stones"), 2);
    cr_assert_eq(adamas_report_number(r, "control/worst_p"), fmin(p[0], p[4]));
    cr_assert(p[0] > 0.025 && p[4] > 0.025 && isnan(p[1]) && p[0] <= fmin(1, 2 * alpha[0]));
    cr_assert_null(adamas_report_fact(r, "warning/measured"));
    cr_assert_null(adamas_report_fact(r, "warning/control"));
    cr_assert_str_eq(adamas_report_column(r, ADAMAS_SPECIMENS, "control")->text[4], "beta/place-1");
    cr_assert_eq(adamas_report_number(r, "parcel/stones"), 4);
    cr_assert(isnan(posterior[0]) && isnan(posterior[4]) && isfinite(posterior[1]));
    cr_assert_not_null(strstr(adamas_report_html(r), "4 measured"));
    adamas_report_free(r);
    adamas_model_free(m);
}

/* The third is of gamma. As one of alpha it is typical enough, but the likelihood ratio speaks against alpha. */
Test(question, a_control_of_another_origin_fails)
{
    adamas_model *m = model_of_many();
    set_controls("", "alpha", "beta");
    adamas_report *r = asked(m, parcel.spectra, NULL, 2);
    const char *id = adamas_report_column(r, ADAMAS_SPECIMENS, "id")->text[2],
               *said = adamas_report_fact(r, "warning/measured");
    const double *p = adamas_report_column(r, ADAMAS_SPECIMENS, "control_p")->number,
                 *alpha = adamas_report_column(r, ADAMAS_SPECIMENS, "typicality/alpha")->number;
    const double *limit = adamas_report_column(r, ADAMAS_SPECIMENS, "control_limit")->number,
                 *held_out = adamas_report_column(r, ADAMAS_ORIGINS, "specimens")->number;
    cr_assert(alpha[2] > 0.05 && p[2] <= 0.025 && p[4] > 0.025, "%g %g %g", alpha[2], p[2], p[4]);
    cr_assert(isnan(limit[0]) && limit[2] == fmax(0.025, 2 / (held_out[0] + 1)), "%g %g", limit[2], held_out[0]);
    cr_assert(said && strstr(said, id) && strstr(said, "of alpha") && !strstr(said, "of beta"), "%s", said);
    adamas_report_free(r);
    adamas_model_free(m);
}

/* The parcel file without its first two specimens. */
static adamas_spectra *without_two(void)
{
    adamas_error error = {0};
    adamas_spectra *set;
    size_t first = 2 * parcel_shape.n_shots, n = parcel.n_shots - first;
    expect_ok(adamas_spectra_lend(&set, n, parcel.n_channels, parcel.intensity + first * parcel.n_channels,
                                  parcel.wavelength, &error),
              &error);
    expect_ok(adamas_spectra_set_text(set, ADAMAS_SHOTS, "specimen", n, parcel.specimen + first, &error), &error);
    return set;
}

/* The composition, the mean spectrum and the size of the parcel are of its own specimens alone: controls that are
 * measured beside them change nothing. */
Test(question, controls_are_no_part_of_the_parcel)
{
    adamas_error error = {0};
    static const char *const known[] = {"alpha", "beta", "", "", "", ""};
    expect_ok(adamas_spectra_set_text(parcel.spectra, ADAMAS_SPECIMENS, "control", 6, known, &error), &error);
    adamas_spectra *own = without_two();
    adamas_report *r = asked(model, parcel.spectra, "alpha", 2), *alone = asked(model, own, "alpha", 2);
    cr_assert_str_eq(adamas_report_fact(r, "conclusion"), adamas_report_fact(alone, "conclusion"));
    static const char *const numbers[] = {"parcel/stones", "parcel/whole", "parcel/low_typicality", "declared/log10_lr",
                                          "declared/foreign"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        cr_assert_eq(adamas_report_number(r, numbers[i]), adamas_report_number(alone, numbers[i]), "%s", numbers[i]);
    const adamas_column *mean = adamas_report_column(r, ADAMAS_SPECTRUM, "parcel"),
                        *expected = adamas_report_column(alone, ADAMAS_SPECTRUM, "parcel");
    for (size_t i = 0; i < mean->n; i++)
        cr_assert_float_eq(mean->number[i], expected->number[i], 1e-9);
    adamas_report_free(r);
    adamas_report_free(alone);
    adamas_spectra_free(own);
    adamas_question q = ADAMAS_QUESTION_INIT;
    q.stones = 4;
    expect_ok(adamas_model_classify(&r, model, parcel.spectra, &q, NULL, &error), &error);
    adamas_report_free(r);
    q.stones = 3;
    is_refused(&q, ADAMAS_E_DATA, "4 stones measured, and the whole parcel is said to have 3");
}

/* A file of controls alone has no parcel to speak of. */
Test(question, controls_alone)
{
    adamas_error error = {0};
    static const char *const known[] = {"alpha", "beta", "gamma", "alpha", "beta", "gamma"};
    expect_ok(adamas_spectra_set_text(parcel.spectra, ADAMAS_SPECIMENS, "control", 6, known, &error), &error);
    adamas_report *r = asked(model, parcel.spectra, NULL, 2);
    cr_assert_str_eq(adamas_report_fact(r, "conclusion"),
                     "No stone of the parcel has a shot of use: nothing can be said of its origin.");
    cr_assert_eq(adamas_report_number(r, "control/stones"), 6);
    cr_assert_null(adamas_report_column(r, ADAMAS_SHARES, "mean"));
    cr_assert_null(strstr(adamas_report_html(r), "nan"));
    adamas_report_free(r);
}

/* What cannot be checked is said in words: an origin of no library, and one of 12 specimens, with which none fails. */
Test(question, controls_that_cannot_be_checked)
{
    set_controls("Atlantis", "", "beta");
    adamas_report *r = asked(model, parcel.spectra, NULL, 2);
    const char *said = adamas_report_fact(r, "warning/control");
    cr_assert(said && strstr(said, "Atlantis is in no library") && strstr(said, "too few specimens of beta"), "%s",
              said);
    cr_assert(isnan(adamas_report_number(r, "control/worst_p")));
    cr_assert_eq(adamas_report_number(r, "control/stones"), 2);
    cr_assert_eq(adamas_report_number(r, "parcel/stones"), 4);
    adamas_report_free(r);
}

/* A model without calibration: one origin has a single specimen. */
static adamas_model *uncalibrated(void)
{
    adamas_error error = {0};
    size_t shots = 7 * 3; /* of 7 specimens: one of gamma, more of the others */
    adamas_spectra *set;
    adamas_model *m;
    const char *origins[] = {"alpha/1", "beta/1", "gamma/1", "alpha/2", "beta/2", "alpha/3", "alpha/4"};
    adamas_method *parsed = method_of(method);
    expect_ok(adamas_spectra_lend(&set, shots, library.n_channels, library.intensity, library.wavelength, &error),
              &error);
    expect_ok(adamas_spectra_set_text(set, ADAMAS_SHOTS, "specimen", shots, library.specimen, &error), &error);
    expect_ok(adamas_spectra_set_text(set, ADAMAS_SPECIMENS, "origin", 7, origins, &error), &error);
    expect_ok(adamas_model_train(&m, parsed, (const adamas_spectra *const *)&set, 1, 1, NULL, &error), &error);
    adamas_method_free(parsed);
    adamas_spectra_free(set);
    return m;
}

static void plan_is_refused(const adamas_model *m, const adamas_plan *plan, adamas_status wanted, const char *named)
{
    adamas_error error = {0};
    adamas_report *report;
    expect_error(adamas_model_plan(&report, m, plan, NULL, &error), wanted, &error, named);
    cr_assert_null(report);
}

Test(question, a_plan_is_checked)
{
    const struct {
        adamas_plan plan;
        adamas_status status;
        const char *named;
    } wrong[] = {
        {{sizeof(adamas_plan) - 1, 50, 0.1, 0.95, NULL}, ADAMAS_E_ARGUMENT, "adamas_plan.struct_size"},
        {{sizeof(adamas_plan), 0, 0.1, 0.95, NULL}, ADAMAS_E_ARGUMENT, "a parcel of 0 stones"},
        {{sizeof(adamas_plan), 1000000001, 0.1, 0.95, NULL}, ADAMAS_E_ARGUMENT, "a parcel of 1000000001 stones"},
        {{sizeof(adamas_plan), 50, 0, 0.95, NULL}, ADAMAS_E_ARGUMENT, "share 0"},
        {{sizeof(adamas_plan), 50, 1, 0.95, NULL}, ADAMAS_E_ARGUMENT, "share 1"},
        {{sizeof(adamas_plan), 50, NAN, 0.95, NULL}, ADAMAS_E_ARGUMENT, "share nan"},
        {{sizeof(adamas_plan), 50, 0.1, 1, NULL}, ADAMAS_E_ARGUMENT, "confidence 1"},
        {{sizeof(adamas_plan), 50, 0.1, 0.95, "Atlantis"},
         ADAMAS_E_DATA,
         "the libraries hold 'alpha', 'beta', 'gamma'"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        plan_is_refused(model, &wrong[i].plan, wrong[i].status, wrong[i].named);
    plan_is_refused(model, NULL, ADAMAS_E_ARGUMENT, "NULL");
    adamas_plan init = ADAMAS_PLAN_INIT;
    cr_assert(init.struct_size == sizeof init && init.parcel == 0 && init.share == 0.05 && init.confidence == 0.95 &&
              !init.declared);
}

Test(question, a_model_without_calibration)
{
    adamas_plan plan = ADAMAS_PLAN_INIT;
    plan.parcel = 50;
    adamas_model *m = uncalibrated();
    plan_is_refused(m, &plan, ADAMAS_E_DATA, "no specimen of one of the origins could be held out");
    adamas_report *r = asked(m, parcel.spectra, "alpha", 2);
    cr_assert_not_null(strstr(adamas_report_fact(r, "no_evidence"), "could be held out"));
    cr_assert_not_null(strstr(adamas_report_fact(r, "conclusion"), "cannot be said as evidence"));
    cr_assert_null(adamas_report_column(r, ADAMAS_SPECIMENS, "log10_lr/alpha"));
    cr_assert_null(adamas_report_column(r, ADAMAS_SPECIMENS, "answer"));
    column(r, ADAMAS_SPECIMENS, "log_density/alpha", 6);
    adamas_report_free(r);
    adamas_model_free(m);
    m = trained("snv", &library, NULL);
    plan_is_refused(m, &plan, ADAMAS_E_DATA, "its method has no matching step");
    adamas_model_free(m);
}

Test(question, a_plan)
{
    adamas_error error = {0};
    adamas_plan plan = {sizeof plan, 12, 0.5, 0.5, "alpha/anywhere"};
    adamas_report *r;
    expect_ok(adamas_model_plan(&r, model, &plan, NULL, &error), &error);
    const adamas_column *measured = adamas_report_column(r, ADAMAS_PLAN, "stones");
    cr_assert(measured && measured->n >= 1 && measured->number[measured->n - 1] == 12);
    has_columns(r, ADAMAS_PLAN, measured->n, (const char *const[]){"stones", "chance", "false_alarm", NULL});
    cr_assert_eq(adamas_report_number(r, "plan/parcel"), 12);
    cr_assert_eq(adamas_report_number(r, "plan/foreign"), 6);
    cr_assert_eq(adamas_report_number(r, "plan/perfect"), 1);
    cr_assert_str_eq(adamas_report_fact(r, "declared"), "alpha");
    has_columns(r, ADAMAS_SOURCES, 1, (const char *const[]){"file", "sha256", NULL});
    const double *chance = adamas_report_column(r, ADAMAS_PLAN, "chance")->number;
    double needed = adamas_report_number(r, "plan/stones");
    cr_assert_eq(isnan(needed) != 0, chance[measured->n - 1] < 0.5);
    cr_assert(isnan(needed) || (needed >= 1 && needed <= 12));
    adamas_options three = ADAMAS_OPTIONS_INIT;
    three.threads = 3;
    adamas_report *again;
    expect_ok(adamas_model_plan(&again, model, &plan, &three, &error), &error);
    cr_assert_str_eq(adamas_report_json(r), adamas_report_json(again));
    cr_assert_str_eq(adamas_report_html(r), adamas_report_html(again));
    adamas_report_free(again);
    adamas_report_free(r);
}
