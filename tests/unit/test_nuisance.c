/* The nuisance variables, against what was simulated. */
#include "audit_set.h"

Test(nuisance, numbers_of_a_specimen)
{
    conditions p = equal_conditions(20);
    p.noise[3] = 5;
    p.log_brightness[3] = 1;
    p.shift[3] = 0.75;
    p.saturated[3] = 2;
    p.mass[3] = 1.25;
    for (size_t k = 0; k < p.n; k++)
        p.mass[k] = k == 3 ? 1.25 : 1;
    library l;
    nuisance n;
    size_t apart[20] = {0};
    library_make(&l, &p, 1);
    apart[3] = 1;
    cr_assert_eq(nuisance_measure(&n, &l.c, apart, 2, 0, &l.w, NULL), ADAMAS_OK);
    const double *number = n.value + 3 * NUISANCE_VARIABLES;
    double total = 0;
    for (size_t i = 3 * shots_each; i < 4 * shots_each; i++)
        for (size_t c = 0; l.c.shot_flag[i] == ADAMAS_SHOT_USED && c < n_channels; c++)
            total += l.rows[i * n_channels + c];
    cr_assert_eq(n.shots[3], shots_each - 2);
    cr_assert_float_eq(number[NUISANCE_TOTAL], log(total / (shots_each - 2)), 1e-12);
    cr_assert_float_eq(exp(number[NUISANCE_CONTINUUM]), 100 * exp(1), 8, "%g", exp(number[NUISANCE_CONTINUUM]));
    cr_assert_float_eq(number[NUISANCE_SATURATED], 2.0 / shots_each / n_channels, 1e-15);
    cr_assert_float_eq(number[NUISANCE_MASS], log(1.25), 1e-15);
    cr_assert_float_eq(n.shift[n.n_specimens + 3], -0.75, 0.05, "%g", n.shift[n.n_specimens + 3]);
    cr_assert_eq(n.n_sessions, 0);
    nuisance_clear(&n);
    library_clear(&l);
}

/* Groups 0 to 3 are in parts 0 and 1 of two kinds: the reference of each is made of the one that shares neither. */
Test(nuisance, references_apart_in_two_ways)
{
    static const double shift[4] = {0, 0.5, 1, -0.5};
    conditions p = equal_conditions(40);
    size_t group[40];
    for (size_t k = 0; k < p.n; k++) {
        group[k] = k % 4;
        p.shift[k] = shift[group[k]];
    }
    library l;
    nuisance n;
    library_make(&l, &p, 1);
    cr_assert_eq(nuisance_measure(&n, &l.c, group, 4, 2, &l.w, NULL), ADAMAS_OK);
    for (size_t r = 0; r < 4; r++)
        for (size_t k = 0; k < p.n; k++)
            cr_assert_float_eq(n.shift[r * p.n + k], shift[3 - r] - p.shift[k], 0.1, "%zu of %zu: %g", k, r,
                               n.shift[r * p.n + k]);
    nuisance_clear(&n);
    library_clear(&l);
}

/* More shots than one batch of a scan holds: sums and the mean shot go on from batch to batch. */
Test(nuisance, a_specimen_in_several_batches)
{
    enum { n_shots = max_specimens * shots_each, n_first = BATCH_MAX_SHOTS + 40 };
    const char *specimen[n_shots], *const origin[2] = {"A", "B"};
    conditions p = equal_conditions(max_specimens);
    library l;
    adamas_spectra *set;
    dataset c;
    nuisance n;
    const size_t group[2] = {0, 1};
    double total = 0;
    size_t n_used = 0;
    library_make(&l, &p, 2);
    cr_assert_eq(spectra_lend(&set, n_shots, n_channels, l.rows, l.set->axis.nm, NULL), ADAMAS_OK);
    for (size_t i = 0; i < n_shots; i++)
        specimen[i] = i < n_first ? "first" : "second";
    cr_assert_eq(spectra_set_text(set, ADAMAS_SHOTS, "specimen", n_shots, specimen, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(set, ADAMAS_SPECIMENS, "origin", 2, origin, NULL), ADAMAS_OK);
    cr_assert_eq(dataset_make(&c, (const adamas_spectra *const *)&set, 1, 1, NULL), ADAMAS_OK);
    cr_assert_eq(dataset_screen(&c, &l.w, NULL), ADAMAS_OK);
    cr_assert_eq(nuisance_measure(&n, &c, group, 2, 0, &l.w, NULL), ADAMAS_OK);
    for (size_t i = 0; i < n_first; i++)
        for (size_t j = 0; c.shot_flag[i] == ADAMAS_SHOT_USED && j < n_channels; j++) {
            total += l.rows[i * n_channels + j];
            n_used += j == 0;
        }
    cr_assert_gt(n_used, BATCH_MAX_SHOTS);
    cr_assert_eq(n.shots[0], n_used);
    cr_assert_float_eq(n.value[NUISANCE_TOTAL], log(total / (double)n_used), 1e-12);
    cr_assert_float_eq(n.value[NUISANCE_CONTINUUM], log(100), 0.1, "%g", n.value[NUISANCE_CONTINUUM]);
    cr_assert_float_eq(n.shift[3], -n.shift[0], 0.01, "%g and %g", n.shift[3], n.shift[0]);
    nuisance_clear(&n);
    dataset_clear(&c);
    spectra_free(set);
    library_clear(&l);
}

/* Second differences of white noise on a flat background. */
Test(nuisance, noise_is_a_standard_deviation)
{
    conditions p = equal_conditions(20);
    library l;
    nuisance n;
    size_t apart[20] = {0};
    library_make(&l, &p, 1);
    for (size_t i = 0; i < p.n * shots_each * n_channels; i++)
        l.rows[i] = (float)(100 + 3 * random_normal(&stream));
    apart[0] = 1;
    cr_assert_eq(nuisance_measure(&n, &l.c, apart, 2, 0, &l.w, NULL), ADAMAS_OK);
    double sum = 0;
    for (size_t k = 0; k < p.n; k++)
        sum += exp(n.value[k * NUISANCE_VARIABLES + NUISANCE_NOISE]);
    cr_assert_float_eq(sum / (double)p.n, 3, 0.15, "%g", sum / (double)p.n);
    nuisance_clear(&n);
    library_clear(&l);
}

/* A specimen belongs to the session of max_specimens of its shots, the first if several tie. */
Test(nuisance, sessions_of_specimens)
{
    conditions p = equal_conditions(6);
    library l;
    library_make(&l, &p, 1);
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
    library_clear(&l);
}

/* Two sets, the second on a finer axis: the shift is a variable if this axis covers that of the first. */
static int uses_shift(double last_nm)
{
    enum { n = 8, fine = 600 };
    static float rows[n * fine];
    static double nm[fine];
    const char *specimen[n] = {"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7"}, *origin[n];
    conditions p = equal_conditions(20);
    library l;
    library_make(&l, &p, 1);
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
    dataset c;
    folds f;
    audit a;
    adamas_protocol protocol = ADAMAS_PROTOCOL_INIT;
    adamas_error error = {0};
    cr_assert_eq(dataset_make(&c, (const adamas_spectra *const *)sets, 2, 1, NULL), ADAMAS_OK);
    cr_assert_eq(dataset_screen(&c, &l.w, NULL), ADAMAS_OK);
    cr_assert_eq(folds_of_protocol(&f, &c, &protocol, 1, NULL), ADAMAS_OK);
    cr_assert_eq(audit_run(&a, &c, &f, &l.w, &error), ADAMAS_OK);
    cr_assert(a.nuisance.n == 28 && error.code == ADAMAS_OK && error.message[0] == 0);
    int is_used = uses_feature(&a, "shift");
    if (is_used) {
        nuisance found;
        size_t apart[28] = {0};
        apart[0] = 1;
        cr_assert_eq(nuisance_measure(&found, &c, apart, 2, 0, &l.w, NULL), ADAMAS_OK);
        cr_assert_float_eq(found.shift[28 + 20] - found.shift[28 + 2], -0.5, 0.1);
        nuisance_clear(&found);
    }
    folds_clear(&f);
    dataset_clear(&c);
    spectra_free(sets[1]);
    library_clear(&l);
    return is_used;
}

Test(nuisance, sets_on_other_axes)
{
    cr_assert(uses_shift(315));
    cr_assert(!uses_shift(308));
}
