/* Sampling plans: sizes and probabilities are those of the hypergeometric distribution. */
#include "evidence/sampling_plan.h"

#include <criterion/criterion.h>
#include <math.h>

/* shared/oracles/README.md, "Parcels". */
Test(sampling_plan, five_foreign_specimens_among_a_hundred)
{
    cr_assert_eq(sampling_plan_min_size(100, 5, 1, 0.95), 45);
    cr_assert_eq(sampling_plan_min_size(100, 5, 0.9, 0.95), 50);
}

/* All that are measured conform: to show with 95 % that at least a share of all does. What would contradict is that
 * fewer do, so at least whole - ceil(share whole) + 1 do not. */
Test(sampling_plan, all_measured_conform)
{
    static const struct {
        size_t whole, percent, least;
    } known[] = {{20, 50, 4},   {20, 70, 6},   {20, 90, 12},  {100, 50, 5},  {100, 70, 8},
                 {100, 90, 23}, {1000, 50, 5}, {1000, 70, 9}, {1000, 90, 28}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t foreign = known[i].whole - known[i].whole * known[i].percent / 100 + 1;
        size_t least = sampling_plan_min_size(known[i].whole, foreign, 1, 0.95);
        cr_assert_eq(least, known[i].least, "%zu of %zu: %zu", known[i].percent, known[i].whole, least);
    }
}

/* Asserts that `measured` specimens detect a foreign one with this probability, and fewer do with less: they suffice
 * for a confidence a tolerance below it, and do not for one above. The engine forgives a lack of 1e-12. */
static void assert_probability(size_t whole, size_t foreign, size_t measured, double sensitivity, double probability,
                               double tolerance)
{
    size_t below = sampling_plan_min_size(whole, foreign, sensitivity, probability + 1e-12 - tolerance);
    size_t above = sampling_plan_min_size(whole, foreign, sensitivity, probability + 1e-12 + tolerance);
    cr_assert_eq(below, measured, "%zu", below);
    cr_assert_eq(above, measured < whole ? measured + 1 : 0, "%zu", above);
}

/* By hand: 2 foreign of 5, 2 measured: 3/10 have none, 6/10 one, 1/10 two. The last is from scipy.stats.hypergeom. */
Test(sampling_plan, the_probability_by_hand)
{
    assert_probability(5, 2, 2, 1, 0.7, 1e-13);
    assert_probability(5, 2, 2, 0.5, 1 - 0.3 - 0.6 * 0.5 - 0.1 * 0.25, 1e-13);
    assert_probability(5, 2, 5, 0.5, 0.75, 1e-13);
    assert_probability(100000, 1000, 500, 1, 0.9935120668740902, 1e-9);
}

Test(sampling_plan, what_no_size_suffices_for)
{
    cr_assert_eq(sampling_plan_min_size(100, 1, 0.9, 0.95), 0);
    cr_assert_eq(sampling_plan_min_size(100, 0, 1, 0.95), 0);
    cr_assert_eq(sampling_plan_min_size(100, 5, 0, 0.95), 0);
    cr_assert_eq(sampling_plan_min_size(100, 1, 0.95, 0.95), 100); /* only all of them, and then just so */
    cr_assert_eq(sampling_plan_min_size(1, 1, 1, 0.95), 1);
}
