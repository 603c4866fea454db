/* Plans for a declared parcel: the detection power lies between hypergeometric bounds, on any number of threads. */
#include "evidence/declared_plan.h"

#include "evidence/sampling_plan.h"
#include "parcel_set.h"
#include "sanitized.h"

enum { whole = 60, foreign = whole / 5 };

static set_plan two_origins(double apart)
{
    return (set_plan){.n_origins = 2, .localities = {6, 6}, .specimens = 12, .apart = apart, .rho = 0.2, .seed = 9};
}

/* A fifth of the specimens is foreign. */
static declared_plan planned(size_t specimens, double apart, double confidence, int threads)
{
    parcel_set s;
    set_plan plan = two_origins(apart);
    set_make(&s, &plan);
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = threads;
    work w;
    adamas_error error = {0};
    declared_plan found;
    const planned_parcel parcel = {.specimens = specimens, .foreign = specimens / 5, .confidence = confidence};
    cr_assert_eq(work_begin(&w, &options, NULL), ADAMAS_OK);
    cr_assert_eq(declared_plan_find(&found, &s.pseudo, s.alpha, 0, &parcel, 3, &w, &error), ADAMAS_OK, "%s",
                 error.message);
    work_end(&w);
    set_clear(&s);
    cr_assert_eq(found.false_alarm, 0.05);
    cr_assert(found.n_sizes >= 1 && found.n_sizes <= DECLARED_PLAN_MAX_SIZES);
    for (size_t i = 0; i < found.n_sizes; i++) {
        cr_assert(found.detection_power[i] >= 0 && found.detection_power[i] <= 1);
        cr_assert(i == 0 || found.sample_size[i] > found.sample_size[i - 1], "numbers do not rise");
    }
    cr_assert_eq(found.sample_size[found.n_sizes - 1], specimens);
    return found;
}

/* Probabilities of at least one and at least two foreign specimens among so many (hypergeometric). */
static double probability_of_one(size_t measured)
{
    double none = 1;
    for (size_t i = 0; i < measured; i++)
        none *= (double)(whole - foreign - i) / (double)(whole - i);
    return 1 - none;
}

static double probability_of_two(size_t measured)
{
    double one = (double)foreign;
    for (size_t i = 0; i + 1 < measured; i++)
        one *= (double)(whole - foreign - i) / (double)(whole - 1 - i);
    return probability_of_one(measured) - one * (double)measured / whole;
}

/* Every foreign specimen is recognised, and two of them are enough, if one is not: the power lies between the
 * probabilities of one and of two, but for four standard errors of a hundred pseudo-parcels and for false alarms. */
Test(declared_plan, a_library_of_distant_origins, .disabled = is_sanitized)
{
    declared_plan found = planned(whole, 60, 0.95, 2);
    cr_assert_geq(found.specimens, sampling_plan_min_size(whole, foreign, 1, 0.87), "%zu specimens", found.specimens);
    cr_assert_geq(probability_of_two(found.specimens), 0.87, "%zu specimens", found.specimens);
    cr_assert_leq(probability_of_two(found.specimens - 1), 0.99, "%zu specimens", found.specimens);
    for (size_t i = 0; i < found.n_sizes; i++) {
        double one = probability_of_one((size_t)found.sample_size[i]),
               two = probability_of_two((size_t)found.sample_size[i]);
        double max = one + 4 * sqrt(one * (1 - one) / 100) + 0.05 * (1 - one);
        double min = two - 4 * sqrt(two * (1 - two) / 100);
        cr_assert(found.detection_power[i] <= max + 1e-9 && found.detection_power[i] >= min - 1e-9,
                  "%g specimens: %g, not %g to %g", found.sample_size[i], found.detection_power[i], min, max);
        if ((size_t)found.sample_size[i] == found.specimens)
            cr_assert_geq(found.detection_power[i], 0.95);
        else if ((size_t)found.sample_size[i] < found.specimens)
            cr_assert_lt(found.detection_power[i], 0.95);
    }
}

/* No number of specimens shows where a specimen is from. */
Test(declared_plan, a_library_of_equal_origins, .disabled = is_sanitized)
{
    declared_plan found = planned(whole, 0, 0.95, 2);
    cr_assert_eq(found.specimens, 0);
    cr_assert_eq(found.n_sizes, 1);
    cr_assert_lt(found.detection_power[0], 0.5, "%g", found.detection_power[0]);
}

Test(declared_plan, the_same_on_any_threads)
{
    declared_plan one = planned(15, 60, 0.5, 1), three = planned(15, 60, 0.5, 3);
    cr_assert_eq(one.specimens, three.specimens);
    cr_assert_eq(one.n_sizes, three.n_sizes);
    cr_assert_arr_eq(one.sample_size, three.sample_size, one.n_sizes * sizeof *one.sample_size);
    cr_assert_arr_eq(one.detection_power, three.detection_power, one.n_sizes * sizeof *one.detection_power);
}
