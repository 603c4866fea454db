#include "evidence/declared_plan.h"

#include "evidence/sampling_plan.h"
#include "parcel_set.h"

enum { whole = 60, foreign = 12 };

static set_plan two_origins(double apart)
{
    return (set_plan){.n_origins = 2, .localities = {6, 6}, .stones = 12, .apart = apart, .rho = 0.2, .seed = 9};
}

static declared_plan planned(double apart, double confidence, int threads)
{
    parcel_set s;
    set_plan plan = two_origins(apart);
    set_make(&s, &plan);
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = threads;
    work w;
    adamas_error error = {0};
    declared_plan found;
    const planned_parcel parcel = {.stones = whole, .foreign = foreign, .confidence = confidence};
    cr_assert_eq(work_begin(&w, &options, NULL), ADAMAS_OK);
    cr_assert_eq(declared_plan_find(&found, &s.pseudo, s.alpha, 0, &parcel, 3, &w, &error), ADAMAS_OK, "%s",
                 error.message);
    work_end(&w);
    set_clear(&s);
    cr_assert_eq(found.false_alarm, 0.05);
    cr_assert(found.n_tried >= 1 && found.n_tried <= DECLARED_PLAN_TRIED);
    for (size_t i = 0; i < found.n_tried; i++) {
        cr_assert(found.chance[i] >= 0 && found.chance[i] <= 1);
        cr_assert(i == 0 || found.tried[i] > found.tried[i - 1], "numbers do not rise");
    }
    cr_assert_eq(found.tried[found.n_tried - 1], whole);
    return found;
}

/* Every foreign stone is known for what it is: as many stones as a method needs that never errs, but for the error of
 * some hundred pseudo-parcels, 0.03 of a chance, and for pure ones that are called inconsistent, 0.05. */
Test(declared_plan, a_library_that_is_plain)
{
    declared_plan found = planned(60, 0.95, 2);
    size_t least = plan_least(whole, foreign, 1, 0.87), most = plan_least(whole, foreign, 1, 0.99);
    cr_assert(found.stones >= least && found.stones <= most, "%zu stones, %zu to %zu expected", found.stones, least,
              most);
    for (size_t i = 0; i < found.n_tried; i++) {
        double exact = plan_chance(whole, foreign, (size_t)found.tried[i], 1);
        double error = 4 * sqrt(exact * (1 - exact) / 100) + 0.05 * (1 - exact);
        cr_assert_float_eq(found.chance[i], exact, error + 1e-9, "%g stones: %g, not %g", found.tried[i],
                           found.chance[i], exact);
        if ((size_t)found.tried[i] == found.stones)
            cr_assert_geq(found.chance[i], 0.95);
        else if ((size_t)found.tried[i] < found.stones)
            cr_assert_lt(found.chance[i], 0.95);
    }
}

/* No number of stones shows where a stone is from. */
Test(declared_plan, a_library_that_tells_nothing)
{
    declared_plan found = planned(0, 0.95, 2);
    cr_assert_eq(found.stones, 0);
    cr_assert_eq(found.n_tried, 1);
    cr_assert_lt(found.chance[0], 0.5, "%g", found.chance[0]);
}

Test(declared_plan, the_same_on_any_threads)
{
    declared_plan one = planned(60, 0.5, 1), three = planned(60, 0.5, 3);
    cr_assert_eq(one.stones, three.stones);
    cr_assert_eq(one.n_tried, three.n_tried);
    cr_assert_arr_eq(one.tried, three.tried, one.n_tried * sizeof *one.tried);
    cr_assert_arr_eq(one.chance, three.chance, one.n_tried * sizeof *one.chance);
}
