/* The vectorised exponential: within its stated error of libm's, and never a subnormal number. */
#define SIMD_BYTES 16
#include "base/exponential.h"

#include <criterion/criterion.h>
#include <math.h>

static float of_lane(float x, float most, size_t lane)
{
    lanes_floats v = {0};
    v[lane] = x;
    exponential(1, &v, most);
    for (size_t i = 0; i < LANES; i++)
        cr_assert(i == lane || fabsf(v[i] - 1) < 1e-7F);
    return v[lane];
}

Test(exponential, is_that_of_libm)
{
    double worst = 0;
    size_t lane = 0;
    for (float x = -87; x <= 88; x += 0.00137F, lane = (lane + 1) % LANES)
        worst = fmax(worst, fabs(of_lane(x, 88, lane) / exp(x) - 1));
    cr_assert_lt(worst, 3e-7, "%g", worst);
    cr_assert_float_eq(of_lane(0, 88, 0), 1, 1e-7);
}

Test(exponential, stays_a_normal_number)
{
    cr_assert_eq(of_lane(-1e30F, 88, 1), of_lane(-87, 88, 1));
    cr_assert_eq(of_lane(-INFINITY, 88, 1), of_lane(-87, 88, 1));
    cr_assert_eq(of_lane(INFINITY, 88, 2), of_lane(88, 88, 2));
    cr_assert_eq(of_lane(1e5F, 40, 3), of_lane(40, 88, 3));
    cr_assert(isnormal(of_lane(-87, 88, 3)) && isnormal(of_lane(88, 88, 3)));
}
