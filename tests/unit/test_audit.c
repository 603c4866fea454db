#include "audit_set.h"

static audit audited(const plan *p, int threads)
{
    library l;
    audit a;
    make(&l, p, threads);
    cr_assert_eq(audit_run(&a, &l.c, &l.outer, &l.w, NULL), ADAMAS_OK);
    cr_assert_eq(a.n_features + a.n_left_out, AUDIT_MAX_FEATURES);
    unmake(&l);
    return a;
}

Test(audit, what_carries_no_origin_is_near_chance)
{
    double accuracy = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        plan p = alike_by(80, seed);
        audit a = audited(&p, 2);
        cr_assert(a.nuisance.n == 80 && uses(&a, "total intensity") && uses(&a, "continuum") && uses(&a, "noise"));
        cr_assert(!uses(&a, "mass") && !uses(&a, "session") && !uses(&a, "saturated share"));
        cr_assert(a.nuisance.log_loss > 0.6 && a.nuisance.log_loss < 0.9, "%g", a.nuisance.log_loss);
        cr_assert_eq(a.has_session, 0);
        accuracy += a.nuisance.accuracy / 12;
    }
    cr_assert_float_eq(accuracy, 0.5, 0.06, "%g", accuracy);
}

/* One way of measuring at a time goes with the origin. */
static audit with_origin(void (*spoil)(plan *, size_t), int threads)
{
    plan p = alike(60);
    for (size_t k = 0; k < p.n; k++)
        spoil(&p, k);
    return audited(&p, threads);
}

static void brighter(plan *p, size_t k)
{
    p->log_brightness[k] += k % 2;
}

static void noisier(plan *p, size_t k)
{
    p->noise[k] *= k % 2 ? 1.5 : 1;
}

static void shifted(plan *p, size_t k)
{
    p->channels[k] = k % 2 ? 0.4 : -0.4;
}

static void saturated(plan *p, size_t k)
{
    p->saturated[k] = (int)(k % 2);
}

static void heavier(plan *p, size_t k)
{
    p->mass[k] = k % 2 ? 2 + (double)k : 0.1;
}

static const char *const days[] = {"Mon", "Tue", "Wed", "Thu"};

static void by_day(plan *p, size_t k)
{
    p->session[k] = days[k % 4];
}

Test(audit, whatever_goes_with_the_origin_is_found)
{
    static const struct {
        const char *feature;
        void (*spoil)(plan *, size_t);
    } cases[] = {{"total intensity", brighter},  {"noise", noisier}, {"shift", shifted},
                 {"saturated share", saturated}, {"mass", heavier},  {"session", by_day}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        audit a = with_origin(cases[i].spoil, 2);
        cr_assert(uses(&a, cases[i].feature), "%s", cases[i].feature);
        cr_assert_geq(a.nuisance.accuracy, 0.95, "%s: %g", cases[i].feature, a.nuisance.accuracy);
        cr_assert_lt(a.nuisance.log_loss, 0.25, "%s: %g", cases[i].feature, a.nuisance.log_loss);
        cr_assert_geq(a.nuisance.balanced_accuracy, 0.95);
        cr_assert_eq(a.nuisance.n, 60);
    }
}

/* A mass or a session that one specimen lacks is not used, nor a session that all have. */
Test(audit, what_is_missing_is_left_out)
{
    plan p = alike(60);
    for (size_t k = 0; k < p.n; k++) {
        heavier(&p, k);
        by_day(&p, k);
    }
    p.mass[31] = NAN;
    p.session[17] = "";
    audit a = audited(&p, 1);
    cr_assert(!uses(&a, "mass") && !uses(&a, "session"));
    cr_assert_str_eq(a.left_out[a.n_left_out - 2], "mass");
    cr_assert_str_eq(a.left_out[a.n_left_out - 1], "session");
    cr_assert_lt(a.nuisance.accuracy, 0.75);
    for (size_t k = 0; k < p.n; k++)
        p.session[k] = "Mon";
    a = audited(&p, 1);
    cr_assert(!uses(&a, "session"));
}

static void same_bits(double a, double b)
{
    cr_assert_eq(memcmp(&a, &b, sizeof a), 0, "%.17g and %.17g", a, b);
}

Test(audit, same_bytes_on_any_threads)
{
    plan p = alike(50);
    for (size_t k = 0; k < p.n; k++) {
        p.session[k] = days[k * 7 / 3 % 4];
        p.channels[k] = 0.3 * random_normal(&stream);
        p.mass[k] = 1 + random_uniform(&stream);
    }
    audit one = audited(&p, 1), three = audited(&p, 3);
    cr_assert(one.n_features == three.n_features && one.nuisance.right == three.nuisance.right);
    cr_assert(uses(&one, "shift") && uses(&one, "session"));
    same_bits(one.nuisance.log_loss, three.nuisance.log_loss);
    same_bits(one.nuisance.balanced_accuracy, three.nuisance.balanced_accuracy);
}

/* Raw rows of a cache, and rows that are read again where a preprocessed cache holds others. */
Test(audit, same_bytes_with_a_cache)
{
    plan p = alike(40);
    audit plain = audited(&p, 1), cached;
    library l;
    make(&l, &p, 1);
    cr_assert_eq(dataset_cache(&l.c, NULL, &l.w, NULL), ADAMAS_OK);
    for (int is_whole = 0; is_whole < 2; is_whole++) {
        if (is_whole)
            memset(l.c.cache, 0, l.c.n_shots * l.c.cache_stride * sizeof *l.c.cache);
        l.c.cache_is_whole = is_whole;
        cr_assert_eq(audit_run(&cached, &l.c, &l.outer, &l.w, NULL), ADAMAS_OK);
        same_bits(plain.nuisance.log_loss, cached.nuisance.log_loss);
    }
    unmake(&l);
}

/* Only the specimens of `left` are left out, together; none in a second fold. */
static audit audited_without(library *l, const size_t *left, size_t n)
{
    audit a;
    int fold[most];
    folds f = {.n_folds = 2, .n_specimens = l->c.n_specimens, .fold = fold, .group = l->outer.group};
    for (size_t k = 0; k < f.n_specimens; k++)
        fold[k] = FOLD_NONE;
    for (size_t i = 0; i < n; i++)
        fold[left[i]] = 0;
    cr_assert_eq(audit_run(&a, &l->c, &f, &l->w, NULL), ADAMAS_OK);
    cr_assert_eq(a.nuisance.n, n);
    return a;
}

/* Labelled one way and the other, the probabilities of the one specimen left out sum to 1. */
Test(audit, labels_of_what_is_left_out_are_not_seen)
{
    plan p = alike(30);
    for (size_t k = 0; k < p.n; k++) {
        p.log_brightness[k] += 0.2 * (double)(k % 2);
        p.mass[k] = 1 + random_uniform(&stream);
        p.session[k] = days[k / 3 % 4];
    }
    library l;
    make(&l, &p, 1);
    for (size_t k = 0; k < p.n; k += 5) {
        double one = exp(-audited_without(&l, &k, 1).nuisance.log_loss);
        l.c.origin[k] = 1 - l.c.origin[k];
        double other = exp(-audited_without(&l, &k, 1).nuisance.log_loss);
        l.c.origin[k] = 1 - l.c.origin[k];
        cr_assert_float_eq(one + other, 1, 1e-12, "%.15g", one + other);
        cr_assert_gt(fabs(one - other), 1e-3);
    }
    unmake(&l);
}

/* Left out with another, a specimen has the probabilities that it has left out while the other is not there at all: the
 * other's spectra have no part in the fit. */
Test(audit, spectra_of_what_is_left_out_are_not_seen)
{
    plan p = alike(30);
    for (size_t k = 0; k < p.n; k++)
        p.channels[k] = 0.3 * random_normal(&stream);
    p.log_brightness[4] = 3;
    p.channels[4] = 2;
    library l;
    make(&l, &p, 1);
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
    unmake(&l);
}

/* Specimens that are alike to the last bit leave nothing to judge by. */
Test(audit, nothing_tells)
{
    plan p = alike(20);
    library l;
    audit a;
    make(&l, &p, 1);
    for (size_t i = 1; i < p.n * shots_each; i++)
        memcpy(l.rows + i * n_channels, l.rows, n_channels * sizeof *l.rows);
    cr_assert_eq(audit_run(&a, &l.c, &l.outer, &l.w, NULL), ADAMAS_OK);
    cr_assert(a.n_features == 0 && a.nuisance.n == 0 && isnan(a.nuisance.accuracy));
    unmake(&l);
}

/* Origins that are alike within themselves to the last bit are known for certain. */
Test(audit, no_spread_within_origins)
{
    plan p = alike(20);
    library l;
    audit a;
    make(&l, &p, 1);
    for (size_t i = 0; i < p.n * shots_each; i++)
        for (size_t c = 0; c < n_channels; c++)
            l.rows[i * n_channels + c] = (float)((i / shots_each % 2 ? 2 : 1) * (100 + c % 7));
    cr_assert_eq(audit_run(&a, &l.c, &l.outer, &l.w, NULL), ADAMAS_OK);
    cr_assert(a.n_features > 0 && a.nuisance.n == 20);
    cr_assert_eq(a.nuisance.right, 20);
    cr_assert_float_eq(a.nuisance.log_loss, 0, 1e-12, "%g", a.nuisance.log_loss);
    unmake(&l);
}

static int32_t stop(void *data, const char *stage, uint64_t done, uint64_t total)
{
    (void)data;
    return strcmp(stage, "auditing") == 0 && done == 25 && total == 40;
}

Test(audit, can_be_cancelled)
{
    plan p = alike(20);
    library l;
    audit a;
    adamas_error error = {0};
    make(&l, &p, 1);
    l.w.progress = stop;
    cr_assert_eq(audit_run(&a, &l.c, &l.outer, &l.w, &error), ADAMAS_E_CANCELLED);
    cr_assert_str_eq(error.message, "cancelled while auditing");
    unmake(&l);
}

/* ------------------------------------------------------------------------------------------------ sessions */

enum { n_scores = 3 };

/* Scores of 40 specimens of A in sessions u and v, and 30 of B in sessions u, v and w (10, 16 and 4), moved along the
 * first by session; audited. */
static audit asked(double effect, int threads, uint64_t seed)
{
    plan p = alike(70);
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
    make(&l, &p, threads);
    cr_assert_eq(audit_session(&found, &l.c, n_scores, mean, shots, &l.w, NULL), ADAMAS_OK);
    unmake(&l);
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

/* The tail of the sum of two binomial numbers. */
static double expected_p(size_t right)
{
    double tail = 0;
    for (size_t a = 0; a <= 40; a++)
        for (size_t b = 0; b <= 30; b++)
            if (a + b >= right)
                tail += binomial(a, 40, 0.5) * binomial(b, 30, 16.0 / 30);
    return tail;
}

Test(audit, spectra_that_tell_the_session)
{
    audit found = asked(2.5, 1, 1);
    cr_assert_gt(found.session_accuracy, 0.75, "%g", found.session_accuracy);
    cr_assert_lt(found.session_p, 1e-4);
    cr_assert_float_eq(found.session_p / expected_p(found.session_right), 1, 1e-9);
    audit again = asked(2.5, 3, 1);
    cr_assert_eq(again.session_right, found.session_right);
    same_bits(again.session_p, found.session_p);
}

/* Where they tell nothing p is below 0.05 in no more than 0.05 of the cases, but for chance. */
Test(audit, spectra_that_do_not_tell_the_session)
{
    size_t small = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        audit found = asked(0, 1, seed);
        small += found.session_p < 0.05;
        cr_assert_float_eq(found.session_p / expected_p(found.session_right), 1, 1e-9);
    }
    cr_assert_leq(small, 7, "%zu of 60", small);
}

/* No sessions, one a specimen, each origin in one of its own, no specimen with shots: nobody can be asked. */
Test(audit, no_session_to_tell)
{
    static char each[most][8];
    double mean[40] = {0};
    for (int way = 0; way < 4; way++) {
        plan p = alike(40);
        size_t shots[40];
        for (size_t k = 0; k < 40; k++) {
            snprintf(each[k], sizeof each[k], "%zu", k);
            shots[k] = way != 3;
            mean[k] = random_normal(&stream);
            p.session[k] = way == 0 ? "" : way == 1 ? each[k] : way == 2 ? p.origin[k] : each[k / 10];
        }
        library l;
        audit found = {0};
        make(&l, &p, 1);
        cr_assert_eq(audit_session(&found, &l.c, 1, mean, shots, &l.w, NULL), ADAMAS_OK);
        cr_assert(!found.has_session && found.session_n == 0 && isnan(found.session_p) &&
                  isnan(found.session_accuracy));
        unmake(&l);
    }
}

/* Scores that are all the same: the commonest session is named, and p is 1 or near. */
Test(audit, scores_without_spread)
{
    plan p = alike(40);
    double mean[40] = {0};
    size_t shots[40];
    for (size_t k = 0; k < 40; k++) {
        shots[k] = 3;
        p.session[k] = k < 12 ? "u" : "v";
    }
    library l;
    audit found = {0};
    make(&l, &p, 1);
    cr_assert_eq(audit_session(&found, &l.c, 1, mean, shots, &l.w, NULL), ADAMAS_OK);
    cr_assert(found.session_n == 40 && found.session_right == 28);
    cr_assert_float_eq(found.session_chance, 0.7, 1e-15);
    cr_assert_gt(found.session_p, 0.4);
    unmake(&l);
}
