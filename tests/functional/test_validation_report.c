/* The report of a validation: the numbers of its tables are recomputed from the columns of its specimens. */
#include "helpers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { n_origins = 3, each = 24, n_all = n_origins * each };
static const char method[] = "snv | pca(4) | twolevel";
static const double epsilon = 0.05;

static synthetic_set library;
static adamas_report *report;

/* Each origin in six sessions: with three, the shift of a new one is too uncertain for an origin to be rejected. */
static void set_sessions(void)
{
    static const char *const names[] = {"s1", "s2", "s3", "s4", "s5", "s6"};
    size_t shots = library.n_shots / library.n_specimens;
    const char **session = calloc(library.n_shots, sizeof *session);
    cr_assert_not_null(session);
    for (size_t i = 0; i < library.n_shots; i++)
        session[i] = names[i / shots / n_origins % 6];
    cr_assert_eq(adamas_spectra_set_text(library.spectra, ADAMAS_SHOTS, "session", library.n_shots, session, NULL),
                 ADAMAS_OK);
    free(session);
}

static void begin(void)
{
    folder_begin();
    synthetic_shape shape = synthetic_library;
    shape.n_specimens = each;
    library = synthetic_make(shape);
    set_sessions();
    adamas_protocol protocol = ADAMAS_PROTOCOL_INIT;
    protocol.leave = ADAMAS_LEAVE_FOLDS;
    protocol.folds = 6;
    report = validated(method, &library, &protocol, NULL);
}

static void end(void)
{
    adamas_report_free(report);
    synthetic_free(&library);
    folder_end();
}

TestSuite(validation_report, .init = begin, .fini = end);

static const double *column(int32_t table, const char *name)
{
    const adamas_column *found = adamas_report_column(report, table, name);
    cr_assert(found && found->number, "%s", name);
    return found->number;
}

static const char *origin_name(size_t o)
{
    return adamas_report_column(report, ADAMAS_ORIGINS, "origin")->text[o];
}

static const double *of_origin(int32_t table, const char *what, size_t o)
{
    char name[100];
    snprintf(name, sizeof name, "%s/%s", what, origin_name(o));
    return column(table, name);
}

static int is_from(size_t specimen, size_t o)
{
    return strcmp(adamas_report_column(report, ADAMAS_SPECIMENS, "true_origin")->text[specimen], origin_name(o)) == 0;
}

static double lr_of(size_t specimen, size_t o)
{
    return of_origin(ADAMAS_SPECIMENS, "log10_lr_before_gate", o)[specimen];
}

/* The log-LR cost by its definition, pooled over the origins first ... last. */
static double cost(size_t first, size_t last)
{
    double same = 0, different = 0, n_same = 0, n_different = 0;
    for (size_t o = first; o <= last; o++)
        for (size_t k = 0; k < n_all; k++)
            if (is_from(k, o)) {
                same += log2(1 + pow(10, -lr_of(k, o)));
                n_same++;
            } else {
                different += log2(1 + pow(10, lr_of(k, o)));
                n_different++;
            }
    cr_assert_eq(n_same + n_different, (double)((last - first + 1) * n_all));
    return (same / n_same + different / n_different) / 2;
}

Test(validation_report, costs)
{
    double pooled = adamas_report_number(report, "cllr");
    cr_assert_float_eq(pooled, cost(0, n_origins - 1), 1e-10);
    cr_assert_float_eq(adamas_report_number(report, "cllr_cal"), pooled - adamas_report_number(report, "cllr_min"),
                       1e-12);
    cr_assert(pooled > 0 && pooled < 1);
    for (size_t o = 0; o < n_origins; o++) {
        double own = column(ADAMAS_ORIGINS, "cllr")[o], least = column(ADAMAS_ORIGINS, "cllr_min")[o];
        cr_assert_float_eq(own, cost(o, o), 1e-10);
        cr_assert_float_eq(column(ADAMAS_ORIGINS, "cllr_cal")[o], own - least, 1e-12);
        cr_assert(least >= 0 && least <= own);
        cr_assert(column(ADAMAS_ORIGINS, "eer")[o] >= 0 && column(ADAMAS_ORIGINS, "eer")[o] <= 0.5);
    }
}

/* An LR is quoted if typicality does not reject the origin, and is then the same as before the gate. */
Test(validation_report, gate)
{
    double overall = -INFINITY;
    for (size_t o = 0; o < n_origins; o++) {
        double gated = 0, wrong = -INFINITY;
        cr_assert_eq(column(ADAMAS_ORIGINS, "rejectable")[o], 1);
        cr_assert_eq(column(ADAMAS_ORIGINS, "units")[o], each);
        for (size_t k = 0; k < n_all; k++) {
            double quoted = of_origin(ADAMAS_SPECIMENS, "log10_lr", o)[k];
            int passes = of_origin(ADAMAS_SPECIMENS, "typicality", o)[k] > epsilon;
            cr_assert_eq(isnan(quoted), !passes);
            cr_assert(!passes || quoted == lr_of(k, o));
            gated += is_from(k, o) && !passes;
            wrong = passes && !is_from(k, o) ? fmax(wrong, quoted) : wrong;
        }
        cr_assert_eq(column(ADAMAS_ORIGINS, "gated")[o], gated);
        double largest = column(ADAMAS_ORIGINS, "largest_wrong_log10_lr")[o];
        cr_assert(isinf(wrong) ? isnan(largest) : largest == wrong);
        overall = fmax(overall, wrong);
    }
    cr_assert_eq(adamas_report_number(report, "largest_wrong_log10_lr"), overall);
}

static const char *place_of(const char *answer, size_t *at)
{
    for (*at = 0; *at < n_origins; ++*at)
        if (strcmp(answer, origin_name(*at)) == 0)
            return origin_name(*at);
    return strcmp(answer, "none") == 0 ? "none" : "not resolved";
}

Test(validation_report, answers)
{
    const adamas_column *answer = adamas_report_column(report, ADAMAS_SPECIMENS, "answer");
    double counts[n_origins][n_origins + 2] = {{0}}, all = 0;
    for (size_t t = 0; t < n_origins; t++)
        for (size_t k = 0; k < n_all; k++)
            if (is_from(k, t)) {
                size_t at;
                const char *place = place_of(answer->text[k], &at);
                counts[t][at + (at == n_origins && strcmp(place, "none") == 0)]++;
            }
    for (size_t t = 0; t < n_origins; t++) {
        for (size_t o = 0; o < n_origins; o++)
            cr_assert_eq(of_origin(ADAMAS_ORIGINS, "answered", o)[t], counts[t][o]);
        cr_assert_eq(column(ADAMAS_ORIGINS, "answered/not resolved")[t], counts[t][n_origins]);
        cr_assert_eq(column(ADAMAS_ORIGINS, "answered/none")[t], counts[t][n_origins + 1]);
        all += counts[t][t];
    }
    cr_assert(all > 0, "no specimen is resolved: the test would see nothing");
}

static void coverage_is(double eps, double covered, double size)
{
    double own = 0, listed = 0;
    for (size_t k = 0; k < n_all; k++)
        for (size_t o = 0; o < n_origins; o++) {
            int in = of_origin(ADAMAS_SPECIMENS, "typicality", o)[k] > eps;
            listed += in;
            own += in && is_from(k, o);
        }
    cr_assert_float_eq(covered, own / n_all, 1e-12);
    cr_assert_float_eq(size, listed / n_all, 1e-12);
}

Test(validation_report, coverage)
{
    const double *eps = column(ADAMAS_COVERAGE, "epsilon"), *covered = column(ADAMAS_COVERAGE, "covered");
    size_t n = adamas_report_column(report, ADAMAS_COVERAGE, "epsilon")->n;
    cr_assert_eq(n, 9);
    for (size_t i = 0; i < n; i++) {
        coverage_is(eps[i], covered[i], column(ADAMAS_COVERAGE, "size")[i]);
        cr_assert(column(ADAMAS_COVERAGE, "low")[i] <= covered[i] && covered[i] <= column(ADAMAS_COVERAGE, "high")[i]);
        cr_assert(column(ADAMAS_COVERAGE, "bound")[i] <= 1 - eps[i]);
    }
    cr_assert_eq(adamas_report_number(report, "epsilon"), epsilon);
    coverage_is(epsilon, adamas_report_number(report, "covered"), adamas_report_number(report, "set_size"));
    /* 20 specimens of each origin are left for training, in 12 inner folds: 2 eps + (1 - 12/20) / 13. */
    cr_assert_float_eq(column(ADAMAS_COVERAGE, "bound")[2], 1 - (0.1 + 0.4 / 13), 1e-12);
    cr_assert_float_eq(adamas_report_number(report, "typicality/bound"), 0.1 + 0.4 / 13, 1e-12);
}

/* The shares of LRs above a threshold, of same-origin and of different-origin comparisons. */
static void shares_above(double threshold, double *same, double *different)
{
    *same = *different = 0;
    for (size_t o = 0; o < n_origins; o++)
        for (size_t k = 0; k < n_all; k++)
            if (lr_of(k, o) > threshold)
                *(is_from(k, o) ? same : different) += 1.0 / (is_from(k, o) ? n_all : (n_origins - 1) * n_all);
}

Test(validation_report, tippett)
{
    const double *threshold = column(ADAMAS_TIPPETT, "log10_lr");
    size_t n = adamas_report_column(report, ADAMAS_TIPPETT, "log10_lr")->n;
    cr_assert_eq(threshold[n / 2], 0);
    cr_assert_eq(threshold[0], -threshold[n - 1]);
    for (size_t i = 0; i < n; i++) {
        double same, different;
        shares_above(threshold[i], &same, &different);
        cr_assert_float_eq(column(ADAMAS_TIPPETT, "same")[i], same, 1e-12);
        cr_assert_float_eq(column(ADAMAS_TIPPETT, "different")[i], different, 1e-12);
    }
    cr_assert_eq(column(ADAMAS_TIPPETT, "same")[0], 1);
    cr_assert_eq(column(ADAMAS_TIPPETT, "different")[n - 1], 0);
}

Test(validation_report, reliability)
{
    double n[10] = {0}, predicted[10] = {0}, observed[10] = {0};
    for (size_t o = 0; o < n_origins; o++)
        for (size_t k = 0; k < n_all; k++) {
            double lr = pow(10, lr_of(k, o)), p = lr / (lr + n_origins - 1);
            size_t bin = p < 1 ? (size_t)(10 * p) : 9;
            n[bin]++;
            predicted[bin] += p;
            observed[bin] += is_from(k, o);
        }
    for (size_t b = 0; b < 10; b++) {
        cr_assert_eq(column(ADAMAS_RELIABILITY, "specimens")[b], n[b]);
        if (n[b] == 0)
            continue;
        double share = observed[b] / n[b];
        cr_assert_float_eq(column(ADAMAS_RELIABILITY, "predicted")[b], predicted[b] / n[b], 1e-10);
        cr_assert_float_eq(column(ADAMAS_RELIABILITY, "observed")[b], share, 1e-12);
        cr_assert(column(ADAMAS_RELIABILITY, "low")[b] <= share && share <= column(ADAMAS_RELIABILITY, "high")[b]);
    }
}

Test(validation_report, cross_entropy)
{
    const double *odds = column(ADAMAS_CROSS_ENTROPY, "log10_odds");
    size_t n = adamas_report_column(report, ADAMAS_CROSS_ENTROPY, "log10_odds")->n;
    cr_assert_eq(odds[n / 2], 0);
    cr_assert_float_eq(column(ADAMAS_CROSS_ENTROPY, "as_is")[n / 2], adamas_report_number(report, "cllr"), 1e-12);
    cr_assert_float_eq(column(ADAMAS_CROSS_ENTROPY, "after_pav")[n / 2], adamas_report_number(report, "cllr_min"),
                       1e-12);
    for (size_t i = 0; i < n; i++) {
        double prior = 1 / (1 + pow(10, -odds[i]));
        cr_assert_float_eq(column(ADAMAS_CROSS_ENTROPY, "neutral")[i],
                           -prior * log2(prior) - (1 - prior) * log2(1 - prior), 1e-10);
    }
}

/* A set of the library's specimens of the origin o, or of all others. */
static synthetic_set subset(size_t o, int others)
{
    size_t shots = library.n_shots / library.n_specimens, n = 0;
    synthetic_set s = library;
    s.intensity = calloc(library.n_shots, library.n_channels * sizeof(float));
    s.specimen = calloc(library.n_shots, sizeof *s.specimen);
    s.origin = calloc(library.n_specimens, sizeof *s.origin);
    const char **session = calloc(library.n_shots, sizeof *session);
    const adamas_column *sessions = adamas_spectra_column(library.spectra, ADAMAS_SHOTS, "session");
    cr_assert(s.intensity && s.specimen && s.origin && session);
    for (size_t k = 0; k < library.n_specimens; k++)
        if ((k % n_origins == o) != others) {
            s.origin[n] = library.origin[k];
            memcpy(s.intensity + n * shots * s.n_channels, library.intensity + k * shots * s.n_channels,
                   shots * s.n_channels * sizeof(float));
            for (size_t i = 0; i < shots; i++) {
                s.specimen[n * shots + i] = library.ids[k];
                session[n * shots + i] = sessions->text[k * shots + i];
            }
            n++;
        }
    s.n_specimens = n;
    s.n_shots = n * shots;
    s.spectra = synthetic_lend(&s, 1);
    cr_assert_eq(adamas_spectra_set_text(s.spectra, ADAMAS_SHOTS, "session", s.n_shots, session, NULL), ADAMAS_OK);
    free(session);
    if (others)
        cr_assert_eq(adamas_spectra_set_text(s.spectra, ADAMAS_SPECIMENS, "origin", n, s.origin, NULL), ADAMAS_OK);
    return s;
}

static void free_subset(synthetic_set *s)
{
    adamas_spectra_free(s->spectra);
    free(s->intensity);
    free((void *)s->specimen);
    free((void *)s->origin);
}

/* The largest log10 LR that is quoted for a specimen, NaN if none is. */
static double largest_quoted(const adamas_report *of, size_t specimen)
{
    double largest = NAN;
    const adamas_column *c;
    for (size_t i = 0; (c = adamas_report_column_at(of, ADAMAS_SPECIMENS, i)) != NULL; i++)
        if (strncmp(c->name, "log10_lr/", 9) == 0)
            largest = fmax(largest, c->number[specimen]);
    return largest;
}

/* The open-set counts are those of a model that was trained without the origin. */
Test(validation_report, open_set_counts)
{
    double answered = 0;
    for (size_t o = 0; o < n_origins; o++) {
        synthetic_set others = subset(o, 1), unknown = subset(o, 0);
        adamas_model *model = trained(method, &others, NULL);
        adamas_report *said = classified(model, unknown.spectra, NULL);
        double none = 0, above_1 = 0, above_10 = 0, above_100 = 0;
        for (size_t k = 0; k < each; k++) {
            double largest = largest_quoted(said, k);
            none += isnan(largest);
            above_1 += largest > 0;
            above_10 += largest > 1;
            above_100 += largest > 2;
        }
        cr_assert_eq(column(ADAMAS_ORIGINS, "open_n")[o], each);
        cr_assert_eq(column(ADAMAS_ORIGINS, "open_none")[o], none);
        cr_assert_eq(column(ADAMAS_ORIGINS, "open_gated")[o], none);
        cr_assert_eq(column(ADAMAS_ORIGINS, "open_above_1")[o], above_1);
        cr_assert_eq(column(ADAMAS_ORIGINS, "open_above_10")[o], above_10);
        cr_assert_eq(column(ADAMAS_ORIGINS, "open_above_100")[o], above_100);
        answered += above_1;
        adamas_report_free(said);
        adamas_model_free(model);
        free_subset(&others);
        free_subset(&unknown);
    }
    cr_assert(answered > 0, "no LR is above 1: the test would see nothing");
}

static int warns(const adamas_report *of, const char *part)
{
    const char *said;
    for (size_t i = 0; (said = adamas_report_warning(of, i)) != NULL; i++)
        if (strstr(said, part))
            return 1;
    return 0;
}

static const char learned[] = "the library may have learned how it was measured";

Test(validation_report, audit)
{
    cr_assert_str_eq(adamas_report_fact(report, "audit/features"), "total intensity, continuum, noise, shift, session");
    cr_assert_str_eq(adamas_report_fact(report, "held_out"), "specimen and session");
    cr_assert_null(adamas_report_fact(report, "no_evidence"));
    cr_assert(adamas_report_number(report, "audit/balanced_accuracy") < 0.7);
    cr_assert(!warns(report, learned) && !warns(report, "in which session"));
}

Test(validation_report, open_set_warning)
{
    int expected = 0;
    for (size_t o = 0; o < n_origins; o++)
        expected |= column(ADAMAS_ORIGINS, "open_above_10")[o] / each > 0.05;
    cr_assert_eq(warns(report, "against one another alone"), expected);
    cr_assert(expected, "no origin has large LRs: the test would see nothing");
}

/* The origins were measured with different laser energies, and the method keeps little else. */
Test(validation_report, warning_of_a_confound)
{
    size_t shots = library.n_shots / library.n_specimens;
    for (size_t i = 0; i < library.n_shots; i++)
        for (size_t c = 0; c < library.n_channels; c++)
            library.intensity[i * library.n_channels + c] *= (float)(1 + i / shots % n_origins);
    adamas_report *bright = validated("pca(1) | twolevel", &library, NULL, NULL);
    cr_assert(warns(bright, learned));
    cr_assert(adamas_report_number(bright, "audit/balanced_accuracy") > 0.9);
    adamas_report_free(bright);
}

/* The shots of one session have an additional line. */
Test(validation_report, warning_of_a_session)
{
    const adamas_column *session = adamas_spectra_column(library.spectra, ADAMAS_SHOTS, "session");
    for (size_t i = 0; i < library.n_shots; i++)
        if (strcmp(session->text[i], "s6") == 0)
            for (size_t c = 10; c < 14; c++)
                library.intensity[i * library.n_channels + c] += 400;
    adamas_report *told = validated(method, &library, NULL, NULL);
    cr_assert(warns(told, "in which session"));
    cr_assert(adamas_report_number(told, "audit/session_p") < 0.01);
    adamas_report_free(told);
}

/* Too few specimens to hold any out: no evidence, and the report says why. Two origins: no open set. */
Test(validation_report, a_small_library)
{
    synthetic_shape shape = synthetic_library;
    shape.n_origins = 2;
    shape.n_specimens = 2;
    synthetic_set small = synthetic_make(shape);
    adamas_protocol protocol = ADAMAS_PROTOCOL_INIT;
    protocol.leave = ADAMAS_LEAVE_SPECIMEN;
    adamas_report *said = validated("snv | pca(1) | twolevel", &small, &protocol, NULL);
    cr_assert_not_null(adamas_report_fact(said, "no_evidence"));
    cr_assert_null(adamas_report_fact(said, "held_out"));
    cr_assert(isnan(adamas_report_number(said, "cllr")));
    cr_assert_null(adamas_report_column(said, ADAMAS_ORIGINS, "cllr"));
    cr_assert_null(adamas_report_column(said, ADAMAS_ORIGINS, "open_n"));
    cr_assert_null(adamas_report_column(said, ADAMAS_SPECIMENS, "log10_lr_before_gate/alpha"));
    adamas_report_free(said);
    synthetic_free(&small);
}
