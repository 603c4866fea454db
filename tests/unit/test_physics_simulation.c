/* Random numbers, the spectrometer, and the rows of a simulated set. */
#include "fail.h"
#include "folder.h"
#include "generator.h"
#include "shot.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char small_origins[] = "origin,locality,quantity,value,spread,unit,read\n"
                                    "all,,fluid_share,8e-4,,share,assumed\n"
                                    "all,,coat_shots,3,,shots,assumed\n"
                                    "all,,dirt_shots,1,,shots,assumed\n"
                                    "all,,cleaned_coat,0.5,,,assumed\n"
                                    "all,,cleaned,0.5,,,assumed\n"
                                    "all,,coat_alluvial,0.5,,,assumed\n"
                                    "all,,coat_stone_spread,0.5,,ln,assumed\n"
                                    "all,,mass_median,1,,carats,assumed\n"
                                    "all,,gem/Ca,0.3,1,ppm,assumed\n"
                                    "all,,silicic/Ca,45000,0.3,\"ppm, of the fluid\",assumed\n"
                                    "A,,coated,0.5,,share,assumed\n"
                                    "A,,fluid_rich,0.2,,share,assumed\n"
                                    "A,,silicic,1,,share,assumed\n"
                                    "A,,coat/Fe,100,0.5,ppm,assumed\n"
                                    "A,west/One,locality,1,,alluvial,assumed\n"
                                    "B,,coated,0.5,,share,assumed\n"
                                    "B,,fluid_rich,0.4,,share,assumed\n"
                                    "B,,silicic,1,,share,assumed\n"
                                    "B,,coat/Fe,25,0.5,ppm,assumed\n";

static adamas_status read_text(origins *out, const char *text, adamas_error *error)
{
    folder_begin();
    folder_put("origins.csv", text, strlen(text));
    adamas_status status = origins_read(out, in_folder("origins.csv"), error);
    folder_end();
    return status;
}

static origins read_small(void)
{
    origins o;
    adamas_error error = {0};
    cr_assert_eq(read_text(&o, small_origins, &error), ADAMAS_OK, "%s", error.message);
    return o;
}

Test(physics_simulation, poisson_variance_equals_its_mean)
{
    static const double means[] = {0.3, 4, 29, 31, 400, 30000};
    enum { N = 200000 };
    for (size_t k = 0; k < sizeof means / sizeof means[0]; k++) {
        random_stream r = random_start(7, RANDOM_NOISE, k, 0, 0, 0);
        double sum = 0, squares = 0;
        for (int i = 0; i < N; i++) {
            double x = random_poisson(&r, means[k]) - means[k];
            sum += x;
            squares += x * x;
        }
        cr_assert_lt(fabs(sum / N), 4 * sqrt(means[k] / N), "mean %g", means[k]);
        cr_assert_float_eq(squares / N / means[k], 1, 0.025, "mean %g", means[k]);
    }
}

/* Counts of an even light, many times: photon noise and read noise together, and clipping at full scale. */
Test(physics_simulation, detector_noise_is_photon_and_read_noise)
{
    static session day;
    static float counts[N_PIXELS];
    random_stream r = random_start(3, RANDOM_NOISE, 0, 0, 0, 0);
    double sum = 0, squares = 0;
    for (int i = 0; i < N_PIXELS; i++)
        counts[i] = i % 2 ? 2500 : 70000;
    spectrometer_noise(&day, &r, counts);
    for (int i = 0; i < N_PIXELS; i++) {
        cr_assert_leq(counts[i], 65535);
        if (i % 2) {
            sum += counts[i] - 2500;
            squares += (counts[i] - 2500) * (counts[i] - 2500);
        } else
            cr_assert_eq(counts[i], 65535);
    }
    cr_assert_lt(fabs(sum / (N_PIXELS / 2)), 4 * sqrt(2700.0 / (N_PIXELS / 2)));
    cr_assert_float_eq(squares / (N_PIXELS / 2) / (2500 + 14 * 14), 1, 0.1);
}

Test(physics_simulation, normals_are_normal_and_streams_differ)
{
    enum { N = 200000 };
    random_stream a = random_start(1, RANDOM_SHOT, 5, 1, 2, 3), b = random_start(1, RANDOM_SHOT, 6, 1, 2, 3);
    double sum = 0, squares = 0, product = 0;
    for (int i = 0; i < N; i++) {
        double x = random_normal(&a), y = random_normal(&b);
        sum += x;
        squares += x * x;
        product += x * y;
    }
    cr_assert_lt(fabs(sum / N), 4 / sqrt(N));
    cr_assert_float_eq(squares / N, 1, 0.015);
    cr_assert_lt(fabs(product / N), 4 / sqrt(N));
}

/* The pixels' weights keep the light: a narrow line's counts sum to what the response makes of its photons, at its
 * place. */
Test(physics_simulation, a_line_lands_on_its_pixels)
{
    grid g;
    session *day = malloc(sizeof *day);
    double *axis = malloc(N_PIXELS * sizeof *axis);
    float *counts = malloc(N_PIXELS * sizeof *counts);
    cr_assert(day && axis && counts && grid_make(&g));
    cr_assert(session_make(day, &g, 1, 1));
    spectrometer_axis(axis);
    float *photons = calloc(g.n, sizeof *photons);
    cr_assert_not_null(photons);
    photons[grid_find(&g, 500.0)] = 1;
    session_expose(day, photons, counts);
    double sum = 0, moment = 0;
    for (int i = 0; i < N_PIXELS; i++) {
        sum += counts[i];
        moment += counts[i] * axis[i];
    }
    cr_assert_gt(sum, 0);
    cr_assert_float_eq(moment / sum, 500.0, 0.1);
    free(photons);
    session_clear(day);
    free(day);
    free(axis);
    free(counts);
    grid_clear(&g);
}

/* Rows of n stones of the small file's first origin, two shots each. */
static float *rows_of(const origins *o, size_t n_specimens, int threads, uint64_t first, uint64_t n)
{
    static const uint64_t sessions[] = {1, 2};
    adamas_error error = {0};
    specimen_key *specimens = malloc(n_specimens * sizeof *specimens);
    float *rows = malloc(n * N_PIXELS * sizeof *rows);
    cr_assert(specimens && rows);
    for (size_t i = 0; i < n_specimens; i++)
        specimens[i] = (specimen_key){&o->origin[0], i % 3 + 1, i + 1};
    generator g = {.origins = o,
                   .seed = 9,
                   .gas = GAS_AIR,
                   .threads = threads,
                   .shots = 2,
                   .n_specimens = n_specimens,
                   .specimens = specimens,
                   .n_sessions = 2,
                   .session_numbers = sessions};
    cr_assert_eq(generator_start(&g, &error), ADAMAS_OK);
    cr_assert_eq(generator_rows(&g, first, n, rows, &error), ADAMAS_OK, "%s", error.message);
    cr_assert_eq(generator_rows(&g, 2 * n_specimens, 1, rows, &error), ADAMAS_E_ARGUMENT);
    generator_stop(&g);
    free(specimens);
    return rows;
}

Test(physics_simulation, bytes_do_not_depend_on_threads)
{
    origins o = read_small();
    float *one = rows_of(&o, 4, 1, 0, 8), *two = rows_of(&o, 4, 2, 0, 8);
    cr_assert_eq(memcmp(one, two, 8 * N_PIXELS * sizeof *one), 0);
    cr_assert_neq(memcmp(one, one + N_PIXELS, N_PIXELS * sizeof *one), 0);
    free(one);
    free(two);
    origins_clear(&o);
}

Test(physics_simulation, specimen_57_is_the_same_among_60_and_among_600)
{
    origins o = read_small();
    float *few = rows_of(&o, 60, 1, 112, 2), *many = rows_of(&o, 600, 1, 112, 2);
    cr_assert_eq(memcmp(few, many, 2 * N_PIXELS * sizeof *few), 0);
    free(few);
    free(many);
    origins_clear(&o);
}

Test(physics_simulation, shots_vary_as_assumed)
{
    origins o = read_small();
    specimen s;
    specimen_draw(&s, &o, &o.origin[0], 1, 1, 1, 5);
    static session day = {.gas_share = 0.3, .humidity = 0.01};
    enum { N = 4000 };
    double t = 0, tt = 0, e = 0, ee = 0, te = 0;
    for (uint64_t i = 0; i < N; i++) {
        plume p;
        shot_plume(&p, &s, &o, &day, GAS_AIR, i, 5);
        double x = log(p.temperature / 11800), y = log(p.electrons / 1.2e17);
        t += x;
        tt += x * x;
        e += y;
        ee += y * y;
        te += x * y;
    }
    cr_assert_float_eq(sqrt(tt / N), 0.025, 0.002);
    cr_assert_float_eq(sqrt(ee / N), 0.09, 0.006);
    cr_assert_float_eq(te / sqrt(tt * ee), 0.4, 0.06);
    cr_assert_lt(fabs(t / N) + fabs(e / N), 0.01);
    origins_clear(&o);
}

Test(physics_simulation, raising_triples_the_contrast_and_keeps_the_mean)
{
    origins o = read_small();
    cr_assert_str_eq(origin_locality(&o.origin[0], 1).path, "A/west/One");
    cr_assert_str_eq(origin_locality(&o.origin[0], 77).path, "A/locality-77");
    origins_raise_contrast(&o, 3);
    double a = o.origin[0].coat.ppm[EL_FE], b = o.origin[1].coat.ppm[EL_FE];
    cr_assert_float_eq(a * b, 2500, 1e-6);
    cr_assert_float_eq(a / b, 64, 1e-9);
    cr_assert_null(origins_find(&o, "C"));
    origins_clear(&o);
}

Test(physics_simulation, bad_origins_are_refused_with_their_line)
{
    static const char *const bad[][2] = {
        {"", "no origin"},
        {"origin,locality\n", ":1: 2 fields found, 7 expected"},
        {"origin,locality,quantity,value,spread,unit,source\n", "source found, read expected"},
        {"origin,locality,quantity,value,spread,unit,read\nA,,coat/Fe,x,,,assumed\n", ":2: value: x found"},
        {"origin,locality,quantity,value,spread,unit,read\nA,,coat/Xx,1,,,assumed\n", ":2: element: Xx found"},
        {"origin,locality,quantity,value,spread,unit,read\nA,,coat/Fe,1,,,\n", ":2: read: nothing found"},
        {"origin,locality,quantity,value,spread,unit,read\nA,,coated,1,,,assumed\n", "A: no row silicic"},
        {"origin,locality,quantity,value,spread,unit,read\nall,,nonsense,1,,,assumed\n", ":2: quantity of all origins"},
        {"origin,locality,quantity,value,spread,unit,read\n\nA,,coat/Fe,-1,,,assumed\n", ":3: value: -1 found"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        origins o;
        adamas_error error = {0};
        cr_assert_eq(read_text(&o, bad[i][0], &error), ADAMAS_E_FORMAT, "%zu", i);
        cr_assert_not_null(strstr(error.message, bad[i][1]), "%zu: %s", i, error.message);
    }
    origins o;
    adamas_error error = {0};
    cr_assert_eq(origins_read(&o, "/nowhere/origins.csv", &error), ADAMAS_E_FILE);
}
