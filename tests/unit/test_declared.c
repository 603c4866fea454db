/* Whether a parcel is of its declared origin: pure parcels pass, foreign specimens are found, on any number of threads.
 * */
#include "evidence/declared.h"

#include "parcel_set.h"
#include "sanitized.h"

#include <stdlib.h>

enum { n = 30 };

/* Three origins of six localities each, far apart: specimens from a place near an origin, but of none, are rare. */
static const set_plan six = {
    .n_origins = 3, .localities = {6, 6, 6}, .specimens = 12, .apart = 25, .rho = 0.2, .seed = 1};

/* `own` specimens of origin 0, the others of origin 1, each from a locality that the library does not hold. */
static void write_parcel(double *rows, size_t own, uint64_t seed)
{
    random_stream r = {.seed = seed, .stream = 1};
    set_draw(&six, 0, own, &r, rows);
    set_draw(&six, 1, n - own, &r, rows + own * set_d);
    set_move(&six, n, &r, rows);
}

static declared_answer evaluate(const parcel_set *s, const double *rows, size_t specimens, int threads)
{
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = threads;
    work w;
    adamas_error error = {0};
    parcel_posterior posterior;
    const parcel_specimens parcel = {.n = specimens, .n_whole = specimens, .rows = rows};
    cr_assert_eq(work_begin(&w, &options, NULL), ADAMAS_OK);
    cr_assert_eq(parcel_sample(&posterior, &s->model, &parcel, s->alpha, &parcel_sampling_default, &error), ADAMAS_OK,
                 "%s", error.message);
    const declared_case c = {
        .pseudo = &s->pseudo, .specimens = &parcel, .posterior = &posterior, .alpha = s->alpha, .origin = 0, .seed = 7};
    declared_answer a;
    cr_assert_eq(declared_evaluate(&a, &c, &w, &error), ADAMAS_OK, "%s", error.message);
    parcel_posterior_free(&posterior);
    work_end(&w);
    return a;
}

/* What holds of every answer. */
static void assert_sound(const declared_answer *a)
{
    cr_assert(a->log10_low <= 0 && a->log10_high >= 0, "bounds %g, %g", a->log10_low, a->log10_high);
    cr_assert_geq(a->log10_low, -log10(6 + 1));
    cr_assert_leq(a->log10_high, log10(18 + 1));
    cr_assert_eq(a->units, 6);
    cr_assert_geq(a->pure_parcels, 200);
    cr_assert(a->threshold >= 0 && a->threshold <= 1);
    cr_assert(a->foreign >= 0 && a->foreign <= 1 && a->foreign_high >= 0 && a->foreign_high <= 1);
    cr_assert_eq(a->inconsistent, a->foreign > a->threshold);
    cr_assert(isnan(a->detection_limit[0]));
    for (size_t o = 1; o < 4; o++)
        cr_assert(isnan(a->detection_limit[o]) || (a->detection_limit[o] >= 0.02 && a->detection_limit[o] <= 1), "%g",
                  a->detection_limit[o]);
    cr_assert_leq(a->false_discovery, 0.05);
    cr_assert(isfinite(a->log_lr.value) && a->log_lr.error > 0 && a->log_lr.error < 1 + 0.01 * fabs(a->log_lr.value),
              "error %g", a->log_lr.error);
    cr_assert(isfinite(a->log_lr_half.value) && isfinite(a->log_lr_double.value));
}

Test(declared, a_pure_parcel, .disabled = is_sanitized)
{
    parcel_set s;
    double rows[n * set_d];
    set_make(&s, &six);
    write_parcel(rows, n, 1);
    declared_answer a = evaluate(&s, rows, n, 2);
    assert_sound(&a);
    cr_assert_not(a.inconsistent);
    cr_assert_gt(a.log_lr.value, 0, "%g", a.log_lr.value);
    cr_assert_lt(a.foreign, 0.1, "%g", a.foreign);
    cr_assert_leq(a.n_foreign, 2);
    cr_assert_leq(a.detection_limit[1], 0.5, "half of the parcel from the next origin would be seen: %g",
                  a.detection_limit[1]);
    /* The fewer the prior's specimens, the more of it says that a parcel is of one origin: H2 is nearer to H1. */
    cr_assert_lt(a.log_lr_half.value, a.log_lr_double.value);
    declared_clear(&a);
    cr_assert(!a.detection_limit && !a.is_foreign);
    set_clear(&s);
}

Test(declared, a_parcel_that_is_half_foreign)
{
    parcel_set s;
    double rows[n * set_d];
    set_make(&s, &six);
    write_parcel(rows, n / 2, 2);
    declared_answer a = evaluate(&s, rows, n, 2);
    assert_sound(&a);
    cr_assert(a.inconsistent);
    cr_assert_lt(a.log_lr.value, -3, "%g", a.log_lr.value);
    cr_assert_float_eq(a.foreign, 0.5, 0.1, "%g", a.foreign);
    double named = 0, wrong = 0;
    for (size_t i = 0; i < n; i++) {
        named += a.is_foreign[i];
        wrong += a.is_foreign[i] && i < n / 2;
    }
    cr_assert_eq((size_t)named, a.n_foreign);
    cr_assert_geq(named, 12, "%g of 15 found", named);
    cr_assert_lt(wrong / named, 0.2, "%g of %g wrong", wrong, named);
    declared_clear(&a);
    set_clear(&s);
}

static void assert_same(const declared_answer *a, const declared_answer *b, size_t specimens)
{
    const double one[] = {a->log_lr.value, a->log_lr.error,   a->log_lr_half.value, a->log_lr_double.value,
                          a->log10_low,    a->log10_high,     a->foreign,           a->foreign_high,
                          a->threshold,    a->false_discovery};
    const double other[] = {b->log_lr.value, b->log_lr.error,   b->log_lr_half.value, b->log_lr_double.value,
                            b->log10_low,    b->log10_high,     b->foreign,           b->foreign_high,
                            b->threshold,    b->false_discovery};
    cr_assert_arr_eq(one, other, sizeof one);
    cr_assert_arr_eq(a->detection_limit, b->detection_limit, 4 * sizeof *a->detection_limit);
    cr_assert_arr_eq(a->is_foreign, b->is_foreign, specimens);
}

/* To the last bit; of a small parcel, for speed. */
Test(declared, the_same_on_any_threads)
{
    parcel_set s;
    double rows[n * set_d];
    set_make(&s, &six);
    write_parcel(rows, 6, 3);
    declared_answer one = evaluate(&s, rows, 8, 1), three = evaluate(&s, rows, 8, 3);
    assert_same(&one, &three, 8);
    declared_clear(&one);
    declared_clear(&three);
    set_clear(&s);
}

/* In libraries of distant origins, of 6 pure parcels a third of one is expected to exceed the threshold; three or more
 * have a probability of 0.002. What exceeds it is called inconsistent at most, so the LRs and limits are not needed. A
 * statistical test of code that the tests above run: not repeated under a sanitizer. */
Test(declared, pure_parcels_seldom_exceed_the_threshold, .disabled = is_sanitized)
{
    enum { pure = 20, pseudo_parcels = 300 };
    size_t exceeding = 0;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        parcel_set s;
        double rows[pure * set_d], threshold;
        set_plan plan = {
            .n_origins = 3, .localities = {6, 6, 6}, .specimens = 12, .apart = 25, .rho = 0.2, .seed = seed};
        set_make(&s, &plan);
        random_stream r = {.seed = seed + 100};
        set_draw(&plan, 0, pure, &r, rows);
        adamas_options options = ADAMAS_OPTIONS_INIT;
        options.threads = 2;
        work w;
        simulation simulated;
        parcel_posterior posterior;
        const parcel_specimens parcel = {.n = pure, .n_whole = pure, .rows = rows};
        cr_assert_eq(work_begin(&w, &options, NULL), ADAMAS_OK);
        cr_assert_eq(simulation_make(&simulated, &s.pseudo, s.alpha, 0, 7, &w, NULL), ADAMAS_OK);
        cr_assert_eq(simulation_threshold(&threshold, &simulated, pure, pseudo_parcels, &w, NULL), ADAMAS_OK);
        cr_assert_eq(parcel_sample(&posterior, &s.model, &parcel, s.alpha, &parcel_sampling_default, NULL), ADAMAS_OK);
        exceeding += simulation_foreign_share(&posterior, 0) > threshold;
        parcel_posterior_free(&posterior);
        simulation_clear(&simulated);
        work_end(&w);
        set_clear(&s);
    }
    cr_assert_leq(exceeding, 2, "%zu of 6", exceeding);
}

Test(declared, a_parcel_of_one_specimen)
{
    parcel_set s;
    double rows[n * set_d];
    set_make(&s, &six);
    write_parcel(rows, n, 4);
    declared_answer a = evaluate(&s, rows, 1, 2);
    assert_sound(&a);
    cr_assert_not(a.inconsistent);
    cr_assert_eq(a.n_foreign, 0);
    declared_clear(&a);
    set_clear(&s);
}

static int32_t stop(void *data, const char *stage, uint64_t done, uint64_t total)
{
    (void)data, (void)done, (void)total;
    return strcmp(stage, "simulating pseudo-parcels") == 0;
}

Test(declared, can_be_cancelled)
{
    parcel_set s;
    double rows[n * set_d];
    adamas_options options = ADAMAS_OPTIONS_INIT;
    adamas_error error = {0};
    options.progress = stop;
    work w;
    set_make(&s, &six);
    write_parcel(rows, n, 5);
    parcel_posterior posterior;
    const parcel_specimens parcel = {.n = 5, .n_whole = 5, .rows = rows};
    cr_assert_eq(work_begin(&w, &options, NULL), ADAMAS_OK);
    cr_assert_eq(parcel_sample(&posterior, &s.model, &parcel, s.alpha, &parcel_sampling_default, NULL), ADAMAS_OK);
    const declared_case c = {
        .pseudo = &s.pseudo, .specimens = &parcel, .posterior = &posterior, .alpha = s.alpha, .origin = 0, .seed = 7};
    declared_answer a;
    cr_assert_eq(declared_evaluate(&a, &c, &w, &error), ADAMAS_E_CANCELLED);
    cr_assert_str_eq(error.message, "cancelled while simulating pseudo-parcels");
    cr_assert(!a.detection_limit && !a.is_foreign);
    parcel_posterior_free(&posterior);
    work_end(&w);
    set_clear(&s);
}
