#include "model/audit.h"

#include "base/memory.h"
#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { most = 80, n_channels = 256, n_lines = 12, shots_each = 6 };

/* How each specimen is measured; the spectra themselves carry no origin. */
typedef struct plan {
    size_t n;
    uint64_t seed;
    double log_brightness[most], channels[most], noise[most];
    int saturated[most]; /* shots of the specimen that have a channel at full scale */
    double mass[most];   /* 0: no masses at all */
    const char *origin[most], *session[most];
} plan;

typedef struct library {
    adamas_spectra *set;
    collection c;
    folds outer;
    work w;
    float *rows;
    char ids[most][16];
} library;

static random_stream stream;

/* Two origins in turn, measured alike. */
static plan alike_by(size_t n, uint64_t seed)
{
    stream = (random_stream){.seed = seed};
    plan p = {.n = n, .seed = seed};
    for (size_t k = 0; k < n; k++) {
        p.log_brightness[k] = 0.2 * random_normal(&stream);
        p.noise[k] = 2;
        p.origin[k] = k % 2 ? "B" : "A";
        p.session[k] = "";
    }
    return p;
}

static plan alike(size_t n)
{
    return alike_by(n, 7);
}

static void draw(float *row, const plan *p, size_t k, const double *height, int is_saturated)
{
    for (size_t c = 0; c < n_channels; c++) {
        double y = 100;
        for (size_t i = 0; i < n_lines; i++) {
            double d = ((double)c - 12.0 - 20.7 * (double)i - p->channels[k]) / 1.5;
            y += height[i] * exp(-d * d / 2);
        }
        row[c] = (float)(y * exp(p->log_brightness[k]) + p->noise[k] * random_normal(&stream));
    }
    if (is_saturated)
        row[100] = 1e5F;
}

static void describe(library *l, const plan *p)
{
    const char *specimen[most * shots_each], *session[most * shots_each];
    for (size_t i = 0; i < p->n * shots_each; i++) {
        snprintf(l->ids[i / shots_each], sizeof l->ids[0], "s%zu", i / shots_each);
        specimen[i] = l->ids[i / shots_each];
        session[i] = p->session[i / shots_each];
    }
    cr_assert_eq(spectra_set_text(l->set, ADAMAS_SHOTS, "specimen", p->n * shots_each, specimen, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(l->set, ADAMAS_SHOTS, "session", p->n * shots_each, session, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(l->set, ADAMAS_SPECIMENS, "origin", p->n, p->origin, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_fact(l->set, "acquisition/full_scale", "100000", NULL), ADAMAS_OK);
    if (p->mass[0] > 0)
        cr_assert_eq(spectra_set_numbers(l->set, ADAMAS_SPECIMENS, "mass_ct", p->n, p->mass, NULL), ADAMAS_OK);
}

static void make(library *l, const plan *p, int threads)
{
    double nm[n_channels], height[n_lines];
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = threads;
    stream = (random_stream){.seed = p->seed, .stream = 1};
    l->rows = memory_raw(p->n * shots_each, n_channels * sizeof *l->rows);
    for (size_t c = 0; c < n_channels; c++)
        nm[c] = 300 + 0.05 * (double)c;
    for (size_t k = 0; k < p->n; k++) {
        for (size_t i = 0; i < n_lines; i++)
            height[i] = 600 + 200 * random_uniform(&stream);
        for (size_t i = 0; i < shots_each; i++)
            draw(l->rows + (k * shots_each + i) * n_channels, p, k, height, (int)i < p->saturated[k]);
    }
    cr_assert_eq(work_begin(&l->w, &options, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_lend(&l->set, p->n * shots_each, n_channels, l->rows, nm, NULL), ADAMAS_OK);
    describe(l, p);
    cr_assert_eq(collection_make(&l->c, (const adamas_spectra *const *)&l->set, 1, 1, &l->w, NULL), ADAMAS_OK);
    adamas_protocol protocol = ADAMAS_PROTOCOL_INIT;
    cr_assert_eq(folds_of_protocol(&l->outer, &l->c, &protocol, 1, NULL), ADAMAS_OK);
}

static void unmake(library *l)
{
    folds_clear(&l->outer);
    collection_clear(&l->c);
    spectra_free(l->set);
    work_end(&l->w);
    free(l->rows);
}

static audit audited(const plan *p, int threads)
{
    library l;
    audit a;
    make(&l, p, threads);
    cr_assert_eq(audit_run(&a, &l.c, &l.outer, &l.w, NULL), ADAMAS_OK);
    cr_assert_eq(a.n_features + a.n_left_out, AUDIT_MOST);
    unmake(&l);
    return a;
}

static int uses(const audit *a, const char *feature)
{
    for (size_t i = 0; i < a->n_features; i++)
        if (strcmp(a->features[i], feature) == 0)
            return 1;
    return 0;
}

Test(audit, what_carries_no_origin_is_near_chance)
{
    double accuracy = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        plan p = alike_by(80, seed);
        audit a = audited(&p, 2);
        cr_assert(a.nuisance.n == 80 && uses(&a, "total_intensity") && uses(&a, "continuum") && uses(&a, "noise"));
        cr_assert(!uses(&a, "mass") && !uses(&a, "session") && !uses(&a, "saturated_share"));
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
    } cases[] = {{"total_intensity", brighter},  {"noise", noisier}, {"shift", shifted},
                 {"saturated_share", saturated}, {"mass", heavier},  {"session", by_day}};
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
    cr_assert_eq(collection_cache(&l.c, NULL, &l.w, NULL), ADAMAS_OK);
    for (int is_whole = 0; is_whole < 2; is_whole++) {
        if (is_whole)
            memset(l.c.cache, 0, l.c.n_shots * l.c.cache_stride * sizeof *l.c.cache);
        l.c.cache_is_whole = is_whole;
        cr_assert_eq(audit_run(&cached, &l.c, &l.outer, &l.w, NULL), ADAMAS_OK);
        same_bits(plain.nuisance.log_loss, cached.nuisance.log_loss);
    }
    unmake(&l);
}

/* Only the specimens of `left` are left out, together. */
static audit audited_without(library *l, const size_t *left, size_t n)
{
    audit a;
    int fold[most];
    folds f = {.n_folds = 1, .n_specimens = l->c.n_specimens, .fold = fold, .group = l->outer.group};
    for (size_t k = 0; k < f.n_specimens; k++)
        fold[k] = FOLD_NONE;
    for (size_t i = 0; i < n; i++)
        fold[left[i]] = 0;
    f.n_folds = 2; /* none is left out in the second */
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
        uint8_t *fate = l.c.fate + l.c.first_shot[left[1 - i]];
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

/* Origins that are alike within themselves to the last bit: no spread to judge by, and no failure. */
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
    /* Whether means of equal numbers are equal to the last bit is the machine's affair: known for certain, or not. */
    cr_assert(a.nuisance.log_loss == 0 || fabs(a.nuisance.log_loss - log(2)) < 1e-12, "%g", a.nuisance.log_loss);
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

/* What is measured, against what was simulated. */
Test(audit, numbers_of_a_specimen)
{
    plan p = alike(20);
    p.noise[3] = 5;
    p.log_brightness[3] = 1;
    p.channels[3] = 0.75;
    p.saturated[3] = 2;
    p.mass[3] = 1.25;
    for (size_t k = 0; k < p.n; k++)
        p.mass[k] = k == 3 ? 1.25 : 1;
    library l;
    nuisance n;
    size_t apart[20] = {0};
    make(&l, &p, 1);
    apart[3] = 1;
    cr_assert_eq(nuisance_find(&n, &l.c, apart, 2, &l.w, NULL), ADAMAS_OK);
    const double *number = n.number + 3 * NUISANCE_NUMBERS;
    double total = 0;
    for (size_t i = 3 * shots_each; i < 4 * shots_each; i++)
        for (size_t c = 0; l.c.fate[i] == ADAMAS_SHOT_USED && c < n_channels; c++)
            total += l.rows[i * n_channels + c];
    cr_assert_eq(n.shots[3], shots_each - 2);
    cr_assert_float_eq(number[NUISANCE_TOTAL], log(total / (shots_each - 2)), 1e-12);
    cr_assert_float_eq(exp(number[NUISANCE_CONTINUUM]), 100 * exp(1), 8, "%g", exp(number[NUISANCE_CONTINUUM]));
    cr_assert_float_eq(number[NUISANCE_SATURATED], 2.0 / shots_each / n_channels, 1e-15);
    cr_assert_float_eq(number[NUISANCE_MASS], log(1.25), 1e-15);
    cr_assert_float_eq(n.shift[n.n_specimens + 3], -0.75, 0.05, "%g", n.shift[n.n_specimens + 3]);
    cr_assert_eq(n.n_sessions, 0);
    nuisance_clear(&n);
    unmake(&l);
}

/* Second differences of white noise on a flat ground. */
Test(audit, noise_is_a_standard_deviation)
{
    plan p = alike(20);
    library l;
    nuisance n;
    size_t apart[20] = {0};
    make(&l, &p, 1);
    for (size_t i = 0; i < p.n * shots_each * n_channels; i++)
        l.rows[i] = (float)(100 + 3 * random_normal(&stream));
    apart[0] = 1;
    cr_assert_eq(nuisance_find(&n, &l.c, apart, 2, &l.w, NULL), ADAMAS_OK);
    double sum = 0;
    for (size_t k = 0; k < p.n; k++)
        sum += exp(n.number[k * NUISANCE_NUMBERS + NUISANCE_NOISE]);
    cr_assert_float_eq(sum / (double)p.n, 3, 0.15, "%g", sum / (double)p.n);
    nuisance_clear(&n);
    unmake(&l);
}

/* A specimen belongs to the session of most of its shots, the first of equals. */
Test(audit, sessions_of_specimens)
{
    plan p = alike(6);
    library l;
    make(&l, &p, 1);
    const char *session[6 * shots_each];
    for (size_t i = 0; i < 6 * shots_each; i++)
        session[i] = "";
    for (size_t i = 0; i < shots_each; i++) {
        session[i] = i < 3 ? "b" : "a";
        session[shots_each + i] = i < 2 ? "b" : "a";
        session[2 * shots_each + i] = i == 5 ? "c" : "";
    }
    cr_assert_eq(spectra_set_text(l.set, ADAMAS_SHOTS, "session", 6 * shots_each, session, NULL), ADAMAS_OK);
    nuisance n;
    cr_assert_eq(nuisance_sessions(&n, &l.c, NULL), ADAMAS_OK);
    const size_t expected[] = {0, 1, 2, 3, 3, 3};
    cr_assert_eq(n.n_sessions, 3);
    cr_assert_arr_eq(n.session, expected, sizeof expected);
    nuisance_clear(&n);
    unmake(&l);
}

/* Two sets: the second on a finer axis, which covers the first or does not. */
static int shift_is_told(double last_nm)
{
    enum { n = 8, fine = 600 };
    static float rows[n * fine];
    static double nm[fine];
    const char *specimen[n] = {"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7"}, *origin[n];
    plan p = alike(20);
    library l;
    make(&l, &p, 1);
    for (size_t c = 0; c < fine; c++)
        nm[c] = 298 + (last_nm - 298) * (double)c / (fine - 1);
    for (size_t i = 0; i < n; i++) {
        origin[i] = i % 2 ? "B" : "A";
        for (size_t c = 0; c < fine; c++) {
            double place = (nm[c] - 300) / 0.05 - 0.5, y = 100;
            for (size_t j = 0; j < n_lines; j++)
                y += 700 * exp(-pow((place - 12.0 - 20.7 * (double)j) / 1.5, 2) / 2);
            rows[i * fine + c] = (float)(y + 2 * random_normal(&stream));
        }
    }
    adamas_spectra *sets[2] = {l.set};
    cr_assert_eq(spectra_lend(&sets[1], n, fine, rows, nm, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(sets[1], ADAMAS_SHOTS, "specimen", n, specimen, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(sets[1], ADAMAS_SPECIMENS, "origin", n, origin, NULL), ADAMAS_OK);
    collection c;
    folds f;
    audit a;
    adamas_protocol protocol = ADAMAS_PROTOCOL_INIT;
    adamas_error error = {0};
    cr_assert_eq(collection_make(&c, (const adamas_spectra *const *)sets, 2, 1, &l.w, NULL), ADAMAS_OK);
    cr_assert_eq(folds_of_protocol(&f, &c, &protocol, 1, NULL), ADAMAS_OK);
    cr_assert_eq(audit_run(&a, &c, &f, &l.w, &error), ADAMAS_OK);
    cr_assert(a.nuisance.n == 28 && error.code == ADAMAS_OK && error.message[0] == 0);
    int told = uses(&a, "shift");
    if (told) {
        nuisance found;
        size_t apart[28] = {0};
        apart[0] = 1;
        cr_assert_eq(nuisance_find(&found, &c, apart, 2, &l.w, NULL), ADAMAS_OK);
        cr_assert_float_eq(found.shift[28 + 20] - found.shift[28 + 2], -0.5, 0.1);
        nuisance_clear(&found);
    }
    folds_clear(&f);
    collection_clear(&c);
    spectra_free(sets[1]);
    unmake(&l);
    return told;
}

Test(audit, sets_on_other_axes)
{
    cr_assert(shift_is_told(315));
    cr_assert(!shift_is_told(308));
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
