/* The confound audit: nuisance variables, and sessions told from scores. */
#include "audit_set.h"
#include "dataset/dataset_cache.h"

static audit audited(const conditions *p, int threads)
{
    library l;
    audit a;
    library_make(&l, p, threads);
    cr_assert_eq(audit_run(&a, &l.c, &l.outer, &l.w, NULL), ADAMAS_OK);
    cr_assert_eq(a.n_features + a.n_left_out, AUDIT_MAX_FEATURES);
    library_clear(&l);
    return a;
}

Test(audit, without_a_confound_accuracy_is_near_chance)
{
    double accuracy = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        conditions p = equal_conditions_by(80, seed);
        audit a = audited(&p, 2);
        cr_assert(a.nuisance.n == 80 && uses_feature(&a, "total intensity") && uses_feature(&a, "continuum") &&
                  uses_feature(&a, "noise"));
        cr_assert(!uses_feature(&a, "mass") && !uses_feature(&a, "session") && !uses_feature(&a, "saturated share"));
        cr_assert(a.nuisance.log_loss > 0.6 && a.nuisance.log_loss < 0.9, "%g", a.nuisance.log_loss);
        cr_assert_eq(a.has_session, 0);
        accuracy += a.nuisance.accuracy / 12;
    }
    cr_assert_float_eq(accuracy, 0.5, 0.06, "%g", accuracy);
}

/* One of the conditions depends on the origin. */
static audit audited_confound(void (*change)(conditions *, size_t), int threads)
{
    conditions p = equal_conditions(60);
    for (size_t k = 0; k < p.n; k++)
        change(&p, k);
    return audited(&p, threads);
}

static void brighter(conditions *p, size_t k)
{
    p->log_brightness[k] += k % 2;
}

static void noisier(conditions *p, size_t k)
{
    p->noise[k] *= k % 2 ? 1.5 : 1;
}

static void shifted(conditions *p, size_t k)
{
    p->shift[k] = k % 2 ? 0.4 : -0.4;
}

static void saturated(conditions *p, size_t k)
{
    p->saturated[k] = (int)(k % 2);
}

static void heavier(conditions *p, size_t k)
{
    p->mass[k] = k % 2 ? 2 + (double)k : 0.1;
}

static const char *const days[] = {"Mon", "Tue", "Wed", "Thu"};

static void by_day(conditions *p, size_t k)
{
    p->session[k] = days[k % 4];
}

Test(audit, every_confound_is_found)
{
    static const struct {
        const char *feature;
        void (*change)(conditions *, size_t);
    } cases[] = {{"total intensity", brighter},  {"noise", noisier}, {"shift", shifted},
                 {"saturated share", saturated}, {"mass", heavier},  {"session", by_day}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        audit a = audited_confound(cases[i].change, 2);
        cr_assert(uses_feature(&a, cases[i].feature), "%s", cases[i].feature);
        cr_assert_geq(a.nuisance.accuracy, 0.95, "%s: %g", cases[i].feature, a.nuisance.accuracy);
        cr_assert_lt(a.nuisance.log_loss, 0.25, "%s: %g", cases[i].feature, a.nuisance.log_loss);
        cr_assert_geq(a.nuisance.balanced_accuracy, 0.95);
        cr_assert_eq(a.nuisance.n, 60);
    }
}

/* A mass or a session that one specimen lacks is not used, nor a session that all have. */
Test(audit, what_is_missing_is_left_out)
{
    conditions p = equal_conditions(60);
    for (size_t k = 0; k < p.n; k++) {
        heavier(&p, k);
        by_day(&p, k);
    }
    p.mass[31] = NAN;
    p.session[17] = "";
    audit a = audited(&p, 1);
    cr_assert(!uses_feature(&a, "mass") && !uses_feature(&a, "session"));
    cr_assert_str_eq(a.left_out[a.n_left_out - 2], "mass");
    cr_assert_str_eq(a.left_out[a.n_left_out - 1], "session");
    cr_assert_lt(a.nuisance.accuracy, 0.75);
    for (size_t k = 0; k < p.n; k++)
        p.session[k] = "Mon";
    a = audited(&p, 1);
    cr_assert(!uses_feature(&a, "session"));
}

static void same_bits(double a, double b)
{
    cr_assert_eq(memcmp(&a, &b, sizeof a), 0, "%.17g and %.17g", a, b);
}

Test(audit, same_bytes_on_any_threads)
{
    conditions p = equal_conditions(50);
    for (size_t k = 0; k < p.n; k++) {
        p.session[k] = days[k * 7 / 3 % 4];
        p.shift[k] = 0.3 * random_normal(&stream);
        p.mass[k] = 1 + random_uniform(&stream);
    }
    audit one = audited(&p, 1), three = audited(&p, 3);
    cr_assert(one.n_features == three.n_features && one.nuisance.right == three.nuisance.right);
    cr_assert(uses_feature(&one, "shift") && uses_feature(&one, "session"));
    same_bits(one.nuisance.log_loss, three.nuisance.log_loss);
    same_bits(one.nuisance.balanced_accuracy, three.nuisance.balanced_accuracy);
}

/* Raw rows of a cache, and rows that are read again if the cache holds preprocessed ones. */
Test(audit, same_bytes_with_a_cache)
{
    conditions p = equal_conditions(40);
    audit plain = audited(&p, 1), cached;
    library l;
    library_make(&l, &p, 1);
    cr_assert_eq(dataset_cache(&l.c, NULL, &l.w, NULL), ADAMAS_OK);
    for (int is_whole = 0; is_whole < 2; is_whole++) {
        if (is_whole)
            memset(l.c.cache, 0, l.c.n_shots * l.c.cache_stride * sizeof *l.c.cache);
        l.c.cache_is_whole = is_whole;
        cr_assert_eq(audit_run(&cached, &l.c, &l.outer, &l.w, NULL), ADAMAS_OK);
        same_bits(plain.nuisance.log_loss, cached.nuisance.log_loss);
    }
    library_clear(&l);
}

/* Only the specimens of `left` are left out, together; none in a second fold. */
static audit audited_without(library *l, const size_t *left, size_t n)
{
    audit a;
    int fold[max_specimens];
    folds f = {.n_folds = 2, .n_specimens = l->c.n_specimens, .fold = fold, .group = l->outer.group};
    for (size_t k = 0; k < f.n_specimens; k++)
        fold[k] = FOLD_NONE;
    for (size_t i = 0; i < n; i++)
        fold[left[i]] = 0;
    cr_assert_eq(audit_run(&a, &l->c, &f, &l->w, NULL), ADAMAS_OK);
    cr_assert_eq(a.nuisance.n, n);
    return a;
}

/* The probabilities of the true origin of one held-out specimen, under either label, sum to 1. */
Test(audit, labels_of_held_out_specimens_are_not_used)
{
    conditions p = equal_conditions(30);
    for (size_t k = 0; k < p.n; k++) {
        p.log_brightness[k] += 0.2 * (double)(k % 2);
        p.mass[k] = 1 + random_uniform(&stream);
        p.session[k] = days[k / 3 % 4];
    }
    library l;
    library_make(&l, &p, 1);
    for (size_t k = 0; k < p.n; k += 5) {
        double one = exp(-audited_without(&l, &k, 1).nuisance.log_loss);
        l.c.origin[k] = 1 - l.c.origin[k];
        double other = exp(-audited_without(&l, &k, 1).nuisance.log_loss);
        l.c.origin[k] = 1 - l.c.origin[k];
        cr_assert_float_eq(one + other, 1, 1e-12, "%.15g", one + other);
        cr_assert_gt(fabs(one - other), 1e-3);
    }
    library_clear(&l);
}

/* A specimen that is held out with another has the same probabilities as if the other were not in the library: the
 * spectra of the other have no part in the fit. */
Test(audit, spectra_of_held_out_specimens_are_not_used)
{
    conditions p = equal_conditions(30);
    for (size_t k = 0; k < p.n; k++)
        p.shift[k] = 0.3 * random_normal(&stream);
    p.log_brightness[4] = 3;
    p.shift[4] = 2;
    library l;
    library_make(&l, &p, 1);
    const size_t left[] = {4, 9};
    double together = audited_without(&l, left, 2).nuisance.log_loss, alone[2];
    for (size_t i = 0; i < 2; i++) {
        uint8_t *fate = l.c.shot_flag + l.c.first_shot[left[1 - i]];
        memset(fate, ADAMAS_SHOT_OUTLIER, shots_each);
        alone[i] = audited_without(&l, &left[i], 1).nuisance.log_loss;
        memset(fate, ADAMAS_SHOT_USED, shots_each);
    }
    cr_assert_float_eq(together, (alone[0] + alone[1]) / 2, 1e-12, "%.15g, alone %.15g %.15g", together, alone[0],
                       alone[1]);
    library_clear(&l);
}

/* If sessions are left out with groups, the labels of the other specimens of a fold's sessions have no part either. */
Test(audit, labels_of_left_out_sessions_are_not_used)
{
    enum { n = 40, n_left_out = 4, n_parts = 3 };
    conditions p = equal_conditions(n);
    for (size_t k = 0; k < n; k++)
        p.log_brightness[k] += 0.2 * (double)(k % 2);
    library l;
    library_make(&l, &p, 1);
    int fold[n];
    size_t part[n];
    for (size_t k = 0; k < n; k++) {
        fold[k] = k < n_left_out ? 0 : FOLD_NONE;
        part[k] = k < n_left_out ? 0 : k % n_parts;
    }
    const folds f = {.n_folds = n_parts,
                     .n_specimens = n,
                     .fold = fold,
                     .group = l.outer.group,
                     .n_session_parts = n_parts,
                     .session_part = part};
    audit before, after;
    cr_assert_eq(audit_run(&before, &l.c, &f, &l.w, NULL), ADAMAS_OK);
    cr_assert_eq(before.nuisance.n, n_left_out);
    for (size_t k = n_left_out; k < n; k++)
        l.c.origin[k] = part[k] == 0 ? 1 - l.c.origin[k] : l.c.origin[k];
    cr_assert_eq(audit_run(&after, &l.c, &f, &l.w, NULL), ADAMAS_OK);
    same_bits(before.nuisance.log_loss, after.nuisance.log_loss);
    l.c.origin[4] = 1 - l.c.origin[4];
    cr_assert_eq(audit_run(&after, &l.c, &f, &l.w, NULL), ADAMAS_OK);
    cr_assert_neq(before.nuisance.log_loss, after.nuisance.log_loss);
    library_clear(&l);
}

/* Specimens that are alike to the last bit have no variable that varies. */
Test(audit, no_variable_varies)
{
    conditions p = equal_conditions(20);
    library l;
    audit a;
    library_make(&l, &p, 1);
    for (size_t i = 1; i < p.n * shots_each; i++)
        memcpy(l.rows + i * n_channels, l.rows, n_channels * sizeof *l.rows);
    cr_assert_eq(audit_run(&a, &l.c, &l.outer, &l.w, NULL), ADAMAS_OK);
    cr_assert(a.n_features == 0 && a.nuisance.n == 0 && isnan(a.nuisance.accuracy));
    library_clear(&l);
}

/* Origins whose specimens are the same to the last bit are predicted with certainty. */
Test(audit, no_spread_within_origins)
{
    conditions p = equal_conditions(20);
    library l;
    audit a;
    library_make(&l, &p, 1);
    for (size_t i = 0; i < p.n * shots_each; i++)
        for (size_t c = 0; c < n_channels; c++)
            l.rows[i * n_channels + c] = (float)((i / shots_each % 2 ? 2 : 1) * (100 + c % 7));
    cr_assert_eq(audit_run(&a, &l.c, &l.outer, &l.w, NULL), ADAMAS_OK);
    cr_assert(a.n_features > 0 && a.nuisance.n == 20);
    cr_assert_eq(a.nuisance.right, 20);
    cr_assert_float_eq(a.nuisance.log_loss, 0, 1e-12, "%g", a.nuisance.log_loss);
    library_clear(&l);
}

static int32_t stop(void *data, const char *stage, uint64_t done, uint64_t total)
{
    (void)data;
    return strcmp(stage, "auditing") == 0 && done == 25 && total == 40;
}

Test(audit, can_be_cancelled)
{
    conditions p = equal_conditions(20);
    library l;
    audit a;
    adamas_error error = {0};
    library_make(&l, &p, 1);
    l.w.progress = stop;
    cr_assert_eq(audit_run(&a, &l.c, &l.outer, &l.w, &error), ADAMAS_E_CANCELLED);
    cr_assert_str_eq(error.message, "cancelled while auditing");
    library_clear(&l);
}

/* ------------------------------------------------------------------------------------------------ sessions */

enum { n_scores = 3 };

/* Scores of 40 specimens of A in sessions u and v, and 30 of B in sessions u, v and w (10, 16 and 4), moved along the
 * first by session; audited. */
static audit audited_sessions(double effect, int threads, uint64_t seed)
{
    conditions p = equal_conditions(70);
    double mean[70 * n_scores];
    size_t shots[70];
    random_stream r = {.seed = seed};
    for (size_t k = 0; k < 70; k++) {
        p.origin[k] = k < 40 ? "A" : "B";
        p.session[k] = k < 40 ? (k % 2 ? "u" : "v") : k < 50 ? "u" : k < 66 ? "v" : "w";
        shots[k] = 5;
        for (size_t a = 0; a < n_scores; a++)
            mean[k * n_scores + a] = random_normal(&r) + (k < 40 ? 0.0 : 5.0);
        mean[k * n_scores] += effect * (p.session[k][0] - 'u');
    }
    library l;
    audit found = {0};
    library_make(&l, &p, threads);
    cr_assert_eq(audit_session(&found, &l.c, n_scores, mean, shots, &l.w, NULL), ADAMAS_OK);
    library_clear(&l);
    cr_assert(found.has_session && found.session_n == 70);
    cr_assert_float_eq(found.session_chance, (20.0 + 16) / 70, 1e-15);
    cr_assert_float_eq(found.session_accuracy, (double)found.session_right / 70, 1e-15);
    return found;
}

static double binomial(size_t k, size_t n, double p)
{
    return exp(lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1) + (double)k * log(p) +
               (double)(n - k) * log1p(-p));
}

/* The tail of the sum of two binomial variables. */
static double expected_p(size_t right)
{
    double tail = 0;
    for (size_t a = 0; a <= 40; a++)
        for (size_t b = 0; b <= 30; b++)
            if (a + b >= right)
                tail += binomial(a, 40, 0.5) * binomial(b, 30, 16.0 / 30);
    return tail;
}

Test(audit, scores_that_depend_on_the_session)
{
    audit found = audited_sessions(2.5, 1, 1);
    cr_assert_gt(found.session_accuracy, 0.75, "%g", found.session_accuracy);
    cr_assert_lt(found.session_p, 1e-4);
    cr_assert_float_eq(found.session_p / expected_p(found.session_right), 1, 1e-9);
    audit again = audited_sessions(2.5, 3, 1);
    cr_assert_eq(again.session_right, found.session_right);
    same_bits(again.session_p, found.session_p);
}

/* Scores without information: p is below 0.05 in 5 % of the cases or fewer, except by chance. */
Test(audit, scores_that_do_not_depend_on_the_session)
{
    size_t small = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        audit found = audited_sessions(0, 1, seed);
        small += found.session_p < 0.05;
        cr_assert_float_eq(found.session_p / expected_p(found.session_right), 1, 1e-9);
    }
    cr_assert_leq(small, 7, "%zu of 60", small);
}

/* No sessions, a session for each specimen, a session for each origin, no specimen with shots: nothing can be tested.
 */
Test(audit, no_session_to_test)
{
    static char each[max_specimens][8];
    double mean[40] = {0};
    for (int way = 0; way < 4; way++) {
        conditions p = equal_conditions(40);
        size_t shots[40];
        for (size_t k = 0; k < 40; k++) {
            snprintf(each[k], sizeof each[k], "%zu", k);
            shots[k] = way != 3;
            mean[k] = random_normal(&stream);
            p.session[k] = way == 0 ? "" : way == 1 ? each[k] : way == 2 ? p.origin[k] : each[k / 10];
        }
        library l;
        audit found = {0};
        library_make(&l, &p, 1);
        cr_assert_eq(audit_session(&found, &l.c, 1, mean, shots, &l.w, NULL), ADAMAS_OK);
        cr_assert(!found.has_session && found.session_n == 0 && isnan(found.session_p) &&
                  isnan(found.session_accuracy));
        library_clear(&l);
    }
}

/* Scores that are all the same: the commonest session is predicted, and p is large. */
Test(audit, scores_without_spread)
{
    conditions p = equal_conditions(40);
    double mean[40] = {0};
    size_t shots[40];
    for (size_t k = 0; k < 40; k++) {
        shots[k] = 3;
        p.session[k] = k < 12 ? "u" : "v";
    }
    library l;
    audit found = {0};
    library_make(&l, &p, 1);
    cr_assert_eq(audit_session(&found, &l.c, 1, mean, shots, &l.w, NULL), ADAMAS_OK);
    cr_assert(found.session_n == 40 && found.session_right == 28);
    cr_assert_float_eq(found.session_chance, 0.7, 1e-15);
    cr_assert_gt(found.session_p, 0.4);
    library_clear(&l);
}
