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

/* Probability of two foreign stones at least among so many. */
static double chance_of_two(size_t measured)
{
    double one = (double)foreign;
    for (size_t i = 0; i + 1 < measured; i++)
        one *= (double)(whole - foreign - i) / (double)(whole - 1 - i);
    return plan_chance(whole, foreign, measured, 1) - one * (double)measured / whole;
}

/* Every foreign stone is known for what it is, and two of them are enough, if one is not: the chance lies between those
 * of one and of two, but for four standard errors of a hundred pseudo-parcels and for the pure ones that are wronged.
 */
Test(declared_plan, a_library_that_is_plain)
{
    declared_plan found = planned(60, 0.95, 2);
    cr_assert_geq(found.stones, plan_least(whole, foreign, 1, 0.87), "%zu stones", found.stones);
    cr_assert_geq(chance_of_two(found.stones), 0.87, "%zu stones", found.stones);
    cr_assert_leq(chance_of_two(found.stones - 1), 0.99, "%zu stones", found.stones);
    for (size_t i = 0; i < found.n_tried; i++) {
        double one = plan_chance(whole, foreign, (size_t)found.tried[i], 1),
               two = chance_of_two((size_t)found.tried[i]);
        double most = one + 4 * sqrt(one * (1 - one) / 100) + 0.05 * (1 - one);
        double least = two - 4 * sqrt(two * (1 - two) / 100);
        cr_assert(found.chance[i] <= most + 1e-9 && found.chance[i] >= least - 1e-9, "%g stones: %g, not %g to %g",
                  found.tried[i], found.chance[i], least, most);
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
