/* A validation that leaves out localities and sessions together: what is new to the models is told apart, and its
 * numbers are recomputed from models that are trained on what the protocol leaves in. */
#include "helpers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { n_origins = 3, n_localities = 4, n_sessions = 4, locality_parts = 8, session_parts = 3, n_cases = 3 };
static const synthetic_shape shape = {n_origins, 60, 2, 120, 300, 0.1, 1, "stone", 0};
static const char method[] = "snv | pca(6) | twolevel";
static const char *const session_names[] = {"s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12"};
static synthetic_set library;

/* One locality after the other, so that a library without some sessions has its localities in the same order. */
static size_t locality_of(size_t specimen)
{
    return specimen / n_origins / (shape.n_specimens / n_localities);
}

/* Every locality was measured in every one of n sessions. */
static size_t crossed_session(size_t specimen, size_t n)
{
    return (specimen / n_origins % (shape.n_specimens / n_localities) + locality_of(specimen) + specimen % n_origins) %
           n;
}

static size_t session_of(size_t specimen)
{
    return crossed_session(specimen, n_sessions);
}

static size_t two_sessions(size_t specimen)
{
    return crossed_session(specimen, 2);
}

static size_t six_sessions(size_t specimen)
{
    return crossed_session(specimen, 6);
}

static size_t session_of_locality(size_t specimen)
{
    return specimen % n_origins * n_localities + locality_of(specimen);
}

static void set_origins(size_t localities)
{
    static const char *const countries[n_origins] = {"alpha", "beta", "gamma"};
    adamas_error error = {0};
    for (size_t k = 0; k < library.n_specimens; k++) {
        snprintf(library.paths[k], sizeof *library.paths, "%s/place-%zu", countries[k % n_origins],
                 locality_of(k) % localities + 1);
        library.origin[k] = library.paths[k];
    }
    expect_ok(adamas_spectra_set_text(library.spectra, ADAMAS_SPECIMENS, "origin", library.n_specimens, library.origin,
                                      &error),
              &error);
}

static void set_sessions(size_t (*of)(size_t))
{
    const char **session = calloc(library.n_shots, sizeof *session);
    adamas_error error = {0};
    cr_assert_not_null(session);
    for (size_t i = 0; i < library.n_shots; i++)
        session[i] = session_names[of(i / shape.n_shots)];
    expect_ok(adamas_spectra_set_text(library.spectra, ADAMAS_SHOTS, "session", library.n_shots, session, &error),
              &error);
    free(session);
}

/* In each session the instrument's response is another smooth curve. */
static void shift_sessions(void)
{
    for (size_t i = 0; i < library.n_shots; i++) {
        double session = (double)session_of(i / shape.n_shots);
        for (size_t c = 0; c < library.n_channels; c++)
            library.intensity[i * library.n_channels + c] *=
                (float)(1 + 0.15 * sin((session + 2) * (double)c / 20 + 2 * session));
    }
}

static void begin(void)
{
    folder_begin();
    library = synthetic_make(shape);
    set_origins(n_localities);
    set_sessions(session_of);
    shift_sessions();
}

static void end(void)
{
    synthetic_free(&library);
    folder_end();
}

TestSuite(validation_cases, .init = begin, .fini = end, .timeout = 600);

static adamas_report *leaving(int32_t leave)
{
    adamas_protocol protocol = ADAMAS_PROTOCOL_INIT;
    protocol.leave = leave;
    return validated(method, &library, &protocol, NULL);
}

static double of_case(const adamas_report *report, const char *name, size_t which)
{
    const adamas_column *column = adamas_report_column(report, ADAMAS_CASES, name);
    cr_assert(column && column->number && column->n == n_cases, "%s", name);
    return column->number[which];
}

/* ------------------------------------------------------------------------------------------------ recomputed */

/* Localities are dealt by origin, then in the order of their first appearance; sessions in that order. */
static size_t locality_part(size_t specimen)
{
    return (specimen % n_origins * n_localities + locality_of(specimen)) % locality_parts;
}

static size_t session_part(size_t specimen)
{
    size_t part = 0;
    int seen[n_sessions] = {0};
    for (size_t k = 0; session_of(k) != session_of(specimen); k++) {
        part += !seen[session_of(k)];
        seen[session_of(k)] = 1;
    }
    return part % session_parts;
}

/* Some specimens of the library. */
typedef struct subset {
    float *rows;
    const char **specimen, **session, **origin;
    size_t *of; /* [n] in the library */
    size_t n;
    adamas_spectra *set;
} subset;

static void *room_for(size_t size)
{
    void *room = calloc(library.n_shots, size);
    cr_assert_not_null(room);
    return room;
}

static void copy_specimen(subset *s, size_t k)
{
    size_t per = shape.n_shots, length = library.n_channels;
    memcpy(s->rows + s->n * per * length, library.intensity + k * per * length, per * length * sizeof *s->rows);
    for (size_t i = s->n * per; i < (s->n + 1) * per; i++) {
        s->specimen[i] = library.ids[k];
        s->session[i] = session_names[session_of(k)];
    }
    s->origin[s->n] = library.origin[k];
    s->of[s->n++] = k;
}

static subset subset_of(const unsigned char *include, int is_parcel)
{
    subset s = {.rows = room_for(library.n_channels * sizeof *s.rows),
                .specimen = room_for(sizeof *s.specimen),
                .session = room_for(sizeof *s.session),
                .origin = room_for(sizeof *s.origin),
                .of = room_for(sizeof *s.of)};
    adamas_error error = {0};
    for (size_t k = 0; k < library.n_specimens; k++)
        if (include[k])
            copy_specimen(&s, k);
    size_t n = s.n * shape.n_shots;
    expect_ok(adamas_spectra_lend(&s.set, n, library.n_channels, s.rows, library.wavelength, &error), &error);
    expect_ok(adamas_spectra_set_text(s.set, ADAMAS_SHOTS, "specimen", n, s.specimen, &error), &error);
    expect_ok(adamas_spectra_set_text(s.set, ADAMAS_SHOTS, "session", n, s.session, &error), &error);
    if (!is_parcel)
        expect_ok(adamas_spectra_set_text(s.set, ADAMAS_SPECIMENS, "origin", s.n, s.origin, &error), &error);
    return s;
}

static void subset_free(subset *s)
{
    adamas_spectra_free(s->set);
    free(s->rows);
    free(s->specimen);
    free(s->session);
    free(s->origin);
    free(s->of);
}

/* Sums over the specimens of a case. */
typedef struct sums {
    double n, right, log_loss, covered, wrong_single;
} sums;

static double value(const adamas_report *r, const char *what, size_t origin, size_t row)
{
    char name[64];
    snprintf(name, sizeof name, "%s/%s", what, adamas_report_column(r, ADAMAS_ORIGINS, "origin")->text[origin]);
    const adamas_column *column = adamas_report_column(r, ADAMAS_SPECIMENS, name);
    cr_assert(column && column->number, "%s", name);
    return column->number[row];
}

static void add_specimen(sums *s, const adamas_report *r, size_t row, size_t truth)
{
    size_t likeliest = 0, listed = 0, last = 0;
    for (size_t o = 0; o < n_origins; o++) {
        likeliest = value(r, "probability", o, row) > value(r, "probability", likeliest, row) ? o : likeliest;
        if (value(r, "typicality", o, row) > 0.05) {
            listed++;
            last = o;
        }
    }
    s->n++;
    s->right += likeliest == truth;
    s->log_loss -= log(value(r, "probability", truth, row));
    s->covered += value(r, "typicality", truth, row) > 0.05;
    s->wrong_single += listed == 1 && last != truth;
}

/* One cell: trains on what is in neither part, and judges the specimens of a case. */
static void judge(sums *s, size_t locality, size_t session, size_t new_locality, size_t new_session)
{
    unsigned char training[200], judged[200];
    for (size_t k = 0; k < library.n_specimens; k++) {
        training[k] = locality_part(k) != locality && session_part(k) != session;
        judged[k] = locality_part(k) == new_locality && session_part(k) == new_session;
    }
    subset in = subset_of(training, 0), parcel = subset_of(judged, 1);
    adamas_error error = {0};
    adamas_model *model;
    adamas_report *r;
    adamas_method *parsed = method_of(method);
    adamas_question question = ADAMAS_QUESTION_INIT;
    question.answer = ADAMAS_ANSWER_SPECIMENS;
    expect_ok(adamas_model_train(&model, parsed, (const adamas_spectra *const *)&in.set, 1, 1, NULL, &error), &error);
    expect_ok(adamas_model_classify(&r, model, parcel.set, &question, NULL, &error), &error);
    for (size_t i = 0; i < parcel.n; i++)
        add_specimen(s, r, i, parcel.of[i] % n_origins);
    adamas_report_free(r);
    adamas_model_free(model);
    adamas_method_free(parsed);
    subset_free(&in);
    subset_free(&parcel);
}

Test(validation_cases, numbers_are_those_of_models_without_both)
{
    adamas_report *report = leaving(ADAMAS_LEAVE_LOCALITY_SESSION);
    sums found[n_cases] = {{0}};
    for (size_t g = 0; g < locality_parts; g++)
        for (size_t s = 0; s < session_parts; s++) {
            judge(&found[0], g, s, g, s);
            judge(&found[1], g, s, g, (s + 1) % session_parts);
            judge(&found[2], g, s, (g + 1) % locality_parts, s);
        }
    for (size_t i = 0; i < n_cases; i++) {
        cr_assert_eq(found[i].n, library.n_specimens);
        cr_assert_eq(of_case(report, "specimens", i), found[i].n);
        cr_assert_float_eq(of_case(report, "accuracy", i), found[i].right / found[i].n, 1e-12);
        cr_assert_float_eq(of_case(report, "log_loss", i), found[i].log_loss / found[i].n, 1e-4);
        cr_assert_float_eq(of_case(report, "covered", i), found[i].covered / found[i].n, 1e-12);
        cr_assert_float_eq(of_case(report, "wrong_single", i), found[i].wrong_single / found[i].n, 1e-12);
        static const char *const shares[] = {"accuracy", "covered", "wrong_single"};
        for (size_t j = 0; j < 3; j++) {
            char low[32], high[32];
            snprintf(low, sizeof low, "%s_low", shares[j]);
            snprintf(high, sizeof high, "%s_high", shares[j]);
            cr_assert(of_case(report, low, i) <= of_case(report, shares[j], i) &&
                      of_case(report, shares[j], i) <= of_case(report, high, i));
        }
    }
    adamas_report_free(report);
}

/* ------------------------------------------------------------------------------------------------ the report */

Test(validation_cases, the_first_case_is_the_main_result)
{
    adamas_report *report = leaving(ADAMAS_LEAVE_LOCALITY_SESSION);
    static const char *const same[] = {"accuracy", "accuracy_low", "accuracy_high", "log_loss",
                                       "covered",  "covered_low",  "covered_high"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        cr_assert_eq(of_case(report, same[i], 0), adamas_report_number(report, same[i]), "%s", same[i]);
    double wrong = 0;
    for (size_t o = 0; o < n_origins; o++)
        for (size_t t = 0; t < n_origins; t++) {
            char name[64];
            snprintf(name, sizeof name, "answered/%s", adamas_report_column(report, ADAMAS_ORIGINS, "origin")->text[o]);
            wrong += o == t ? 0 : adamas_report_column(report, ADAMAS_ORIGINS, name)->number[t];
        }
    cr_assert_float_eq(of_case(report, "wrong_single", 0), wrong / (double)library.n_specimens, 1e-12);
    cr_assert_str_eq(adamas_report_fact(report, "leave"), "locality and session");
    cr_assert_str_eq(adamas_report_column(report, ADAMAS_CASES, "case")->text[2],
                     "the library's localities, new session");
    cr_assert_eq(adamas_report_column(report, ADAMAS_FOLDS, "specimens")->n, locality_parts * session_parts);
    adamas_report_free(report);
}

/* Each session's response is new to models that have not seen it: they judge worse than those that have. */
Test(validation_cases, a_new_session_is_judged_worse)
{
    adamas_report *report = leaving(ADAMAS_LEAVE_LOCALITY_SESSION);
    for (size_t i = 0; i < n_cases; i += 2) {
        cr_assert_gt(of_case(report, "log_loss", i), of_case(report, "log_loss", 1) + 0.1);
        cr_assert_lt(of_case(report, "accuracy", i), of_case(report, "accuracy", 1) - 0.05);
    }
    adamas_report_free(report);
}

static int says(const adamas_report *report, const char *part)
{
    return strstr(adamas_report_json(report), part) != NULL;
}

Test(validation_cases, same_bytes_on_any_threads)
{
    adamas_report *reports[2];
    for (int i = 0; i < 2; i++) {
        adamas_protocol protocol = ADAMAS_PROTOCOL_INIT;
        adamas_options options = ADAMAS_OPTIONS_INIT;
        options.threads = 1 + 2 * i;
        reports[i] = validated(method, &library, &protocol, &options);
    }
    cr_assert_str_eq(adamas_report_json(reports[0]), adamas_report_json(reports[1]));
    adamas_report_free(reports[0]);
    adamas_report_free(reports[1]);
}

Test(validation_cases, auto_leaves_out_both_if_it_can)
{
    adamas_report *by_default = leaving(ADAMAS_LEAVE_AUTO), *by_name = leaving(ADAMAS_LEAVE_LOCALITY_SESSION);
    cr_assert_str_eq(adamas_report_json(by_default), adamas_report_json(by_name));
    cr_assert(says(by_name, "comes from a place and is measured in a session that no library holds: this is what"));
    cr_assert(says(by_name, "their localities and sessions were left out of the library together"));
    cr_assert(!says(by_name, "stood on both sides"));
    cr_assert_not_null(strstr(adamas_report_html(by_name), "What is new to the library"));
    adamas_report_free(by_default);
    adamas_report_free(by_name);
}

static void check_auto(const char *leave)
{
    adamas_report *report = leaving(ADAMAS_LEAVE_AUTO);
    cr_assert_str_eq(adamas_report_fact(report, "leave"), leave);
    cr_assert_null(adamas_report_column(report, ADAMAS_CASES, "case"));
    cr_assert(!says(report, "\"cases\""));
    cr_assert_null(strstr(adamas_report_html(report), "What is new to the library"));
    adamas_report_free(report);
}

Test(validation_cases, auto_leaves_out_less_if_it_cannot)
{
    set_sessions(session_of_locality);
    check_auto("locality");
    set_sessions(two_sessions);
    check_auto("locality");
    set_origins(2);
    set_sessions(session_of);
    check_auto("folds");
}

/* Of four sessions some folds leave two, of which the method's own folds cannot hold any out; of six they leave four.
 */
Test(validation_cases, what_is_said_of_the_evidence)
{
    adamas_report *report = leaving(ADAMAS_LEAVE_LOCALITY_SESSION);
    cr_assert_str_eq(adamas_report_fact(report, "held_out"), "locality");
    cr_assert(says(report, "Sessions were not held out"));
    adamas_report_free(report);
    set_sessions(six_sessions);
    report = leaving(ADAMAS_LEAVE_LOCALITY_SESSION);
    cr_assert_str_eq(adamas_report_fact(report, "held_out"), "locality and session");
    cr_assert(says(report, "Sessions were held out with them") && !says(report, "were not held out"));
    adamas_report_free(report);
}

/* What is said of sessions is true of each protocol. */
Test(validation_cases, what_is_said_of_sessions)
{
    adamas_report *report = leaving(ADAMAS_LEAVE_LOCALITY);
    cr_assert_str_eq(adamas_report_fact(report, "held_out"), "locality and session");
    cr_assert(says(report, "Specimens of the same session stood on both sides"));
    cr_assert(says(report, "comes from a place that no library holds: this is what was tried"));
    cr_assert(says(report, "leave sessions out to see"));
    adamas_report_free(report);

    report = leaving(ADAMAS_LEAVE_SESSION);
    cr_assert(says(report, "Specimens of the same place stood on both sides"));
    cr_assert(says(report, "is measured in a session that no library holds: this is what was tried"));
    cr_assert(!says(report, "not every origin has three localities") && !says(report, "leave sessions out to see"));
    adamas_report_free(report);

    set_sessions(two_sessions);
    report = leaving(ADAMAS_LEAVE_LOCALITY);
    cr_assert_str_eq(adamas_report_fact(report, "held_out"), "locality");
    cr_assert(says(report, "Sessions were not held out"));
    adamas_report_free(report);

    set_sessions(session_of_locality);
    report = leaving(ADAMAS_LEAVE_LOCALITY);
    cr_assert_str_eq(adamas_report_fact(report, "held_out"), "locality and session");
    cr_assert(!says(report, "were not held out") && !says(report, "stood on both sides"));
    adamas_report_free(report);
    adamas_model *model = trained(method, &library, NULL);
    report = classified(model, library.spectra, NULL);
    cr_assert_str_eq(adamas_report_fact(report, "held_out"), "locality and session");
    cr_assert(!says(report, "were not held out"));
    adamas_report_free(report);
    adamas_model_free(model);
}
