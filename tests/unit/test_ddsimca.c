/* DD-SIMCA: class models are those of mdatools and of cases computed by hand; models come back from a file. */
#include "match/ddsimca.h"

#include "base/special.h"
#include "match/matchers.h"

#include "folder.h"
#include "match_set.h"
#include "number_table.h"

/* ---- The Piedmont wines, against mdatools. */

enum { columns = 27, most_wines = 200 };

typedef struct wines {
    size_t n;
    double row[most_wines * columns];
} wines;

/* The last columns of the table are the numbers. */
static void read_wines(wines *w, const char *name)
{
    number_table t = number_table_of(name, ';');
    *w = (wines){.n = t.n_rows};
    cr_assert(t.n_rows <= most_wines && t.n_columns >= columns);
    for (size_t a = 0; a < columns; a++)
        for (size_t i = 0; i < t.n_rows; i++)
            w->row[i * columns + a] = t.column[t.n_columns - columns + a][i];
    number_table_free(&t);
}

/* Autoscales by the class's means and standard deviations. */
static void autoscale(wines *w, const double *mean, const double *deviation)
{
    for (size_t i = 0; i < w->n; i++)
        for (size_t a = 0; a < columns; a++)
            w->row[i * columns + a] = (w->row[i * columns + a] - mean[a]) / deviation[a];
}

static wines barolo, all, new_ones;

static void read_all(void)
{
    double mean[columns] = {0}, deviation[columns] = {0};
    read_wines(&barolo, "wines/wines_baro.csv");
    read_wines(&all, "wines/wines_full.csv");
    read_wines(&new_ones, "wines/wines_new.csv");
    for (size_t i = 0; i < barolo.n; i++)
        for (size_t a = 0; a < columns; a++)
            mean[a] += barolo.row[i * columns + a] / (double)barolo.n;
    for (size_t i = 0; i < barolo.n; i++)
        for (size_t a = 0; a < columns; a++)
            deviation[a] += pow(barolo.row[i * columns + a] - mean[a], 2) / (double)(barolo.n - 1);
    for (size_t a = 0; a < columns; a++)
        deviation[a] = sqrt(deviation[a]);
    autoscale(&barolo, mean, deviation);
    autoscale(&all, mean, deviation);
    autoscale(&new_ones, mean, deviation);
    cr_assert(barolo.n == 59 && all.n == 178);
}

static double distance_of(const class_model *m, const double *row)
{
    double h, q, scratch[columns];
    ddsimca_distances(m, row, &h, &q, scratch);
    return ddsimca_full_distance(m, h, q);
}

/* How many of the rows have lo <= f < hi. */
static size_t count(const class_model *m, const wines *w, double lo, double hi)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        double f = distance_of(m, w->row + i * columns);
        n += f >= lo && f < hi;
    }
    return n;
}

Test(ddsimca, wines_by_classic_moments)
{
    read_all();
    class_model m;
    adamas_error error = {0};
    cr_assert_eq(ddsimca_fit(&m, barolo.n, columns, barolo.row, 6, 0, &error), ADAMAS_OK, "%s", error.message);
    cr_assert(m.components == 6 && m.n_h == 7 && m.n_q == 6, "%g, %g", m.n_h, m.n_q);
    double limit = ddsimca_limit(&m, 0.05), outlier = ddsimca_outlier_limit(&m, 0.01);
    cr_assert_float_eq(limit, 22.3620325, 1e-7, "%.10g", limit);
    cr_assert_float_eq(outlier, 39.4353, 1e-4, "%.10g", outlier);
    cr_assert_eq(count(&m, &barolo, 0, limit), 55);
    cr_assert_eq(count(&m, &barolo, limit, outlier), 4);
    cr_assert_eq(count(&m, &barolo, outlier, INFINITY), 0);
    cr_assert_eq(count(&m, &all, 0, limit), 58);
    double first = distance_of(&m, new_ones.row);
    cr_assert_float_eq(first, 6.97185, 1e-5, "%.10g", first);
    ddsimca_clear(&m);
}

Test(ddsimca, wines_by_robust_moments)
{
    read_all();
    class_model m;
    cr_assert_eq(ddsimca_fit(&m, barolo.n, columns, barolo.row, 4, 1, NULL), ADAMAS_OK);
    cr_assert(m.n_h == 6 && m.n_q == 18, "%g, %g", m.n_h, m.n_q);
    double limit = ddsimca_limit(&m, 0.01);
    cr_assert_float_eq(limit, 42.97982, 1e-5, "%.10g", limit);
    cr_assert_eq(count(&m, &all, 0, limit), 59);
    ddsimca_clear(&m);
}

/* ---- Small cases. */

/* A cross: variance 50/4 along the first axis and 2/4 along the second. */
static const double cross[] = {5, 0, -5, 0, 0, 1, 0, -1, 0, 0};

Test(ddsimca, exact_case)
{
    class_model m;
    cr_assert_eq(ddsimca_fit(&m, 5, 2, cross, 1, 0, NULL), ADAMAS_OK);
    double h, q, scratch[2];
    ddsimca_distances(&m, (double[]){2, 3}, &h, &q, scratch);
    cr_assert_float_eq(h, 4 / 12.5, 1e-14);
    cr_assert_float_eq(q, 9, 1e-14);
    /* h is 2, 2, 0, 0, 0: mean 0.8, squared sd 1.2, N 1.07; q is 0, 0, 1, 1, 0: mean 0.4, squared sd 0.3, N 1.07. */
    cr_assert(m.n_h == 1 && m.n_q == 1);
    cr_assert_float_eq(m.h0, 0.8, 1e-14);
    cr_assert_float_eq(m.q0, 0.4, 1e-14);
    cr_assert_float_eq(ddsimca_full_distance(&m, h, q), 0.32 / 0.8 + 9 / 0.4, 1e-12);
    cr_assert_float_eq(ddsimca_limit(&m, 0.05), -2 * log(0.05), 1e-12); /* two degrees of freedom: exponential */
    cr_assert_float_eq(ddsimca_outlier_limit(&m, 0.01), -2 * log1p(-pow(0.99, 0.2)), 1e-11);
    ddsimca_clear(&m);
}

/* With as many components as columns there is no residual, and q has no influence. */
Test(ddsimca, no_residual)
{
    class_model m;
    cr_assert_eq(ddsimca_fit(&m, 5, 2, cross, 7, 0, NULL), ADAMAS_OK);
    cr_assert(m.components == 2 && m.n_q == 0);
    double h, q, scratch[2];
    ddsimca_distances(&m, (double[]){2, 3}, &h, &q, scratch);
    cr_assert_float_eq(h, 4 / 12.5 + 9 / 0.5, 1e-12);
    cr_assert_eq(ddsimca_full_distance(&m, h, 1e9), m.n_h * h / m.h0);
    ddsimca_clear(&m);
}

/* The components do not reach the rank of few rows: with n - 1 of them all distances would be equal. */
Test(ddsimca, fewer_components_where_the_rank_is_lower)
{
    const double rows[] = {1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 3, 0, 1, 1, 1, 0};
    class_model m;
    cr_assert_eq(ddsimca_fit(&m, 4, 4, rows, 9, 0, NULL), ADAMAS_OK);
    cr_assert_eq(m.components, 2);
    ddsimca_clear(&m);
    cr_assert_eq(ddsimca_fit(&m, 3, 4, rows, 9, 0, NULL), ADAMAS_OK);
    cr_assert_eq(m.components, 1);
    ddsimca_clear(&m);
    cr_assert_eq(ddsimca_fit(&m, 3, 2, cross + 2, 2, 0, NULL), ADAMAS_OK);
    cr_assert_eq(m.components, 1);
    ddsimca_clear(&m);
}

/* ---- Moments. */

enum { max_quarter = 1001 };

/* Fits one component to rows whose score distances are in the ratios of a^2 and whose residuals are b^2: each pair with
 * all four signs, so that the mean is 0 and the two columns are uncorrelated, the first being by far the longer. */
static adamas_status fit_signs(class_model *m, size_t n, const double *a, const double *b, int robust,
                               adamas_error *error)
{
    static double rows[4 * max_quarter * 2];
    for (size_t i = 0; i < 4 * n; i++) {
        rows[2 * i] = (i % 2 ? -1e3 : 1e3) * a[i / 4];
        rows[2 * i + 1] = (i / 2 % 2 ? -1 : 1) * b[i / 4];
    }
    return ddsimca_fit(m, 4 * n, 2, rows, 1, robust, error);
}

/* Moments of distances that are quantiles of a chi-square give its degrees of freedom back, robust ones although a
 * hundredth of them are outliers. The scale of f is then the chi-square's. */
Test(ddsimca, moments_find_the_degrees_of_freedom)
{
    enum { n = max_quarter };
    static double a[n], b[n];
    for (int robust = 0; robust <= 1; robust++)
        for (int freedom = 2; freedom <= 50; freedom += 6) {
            class_model m;
            double squares = 0;
            for (size_t i = 0; i < n; i++) {
                a[i] = b[i] = sqrt(0.3 * special_chi2_quantile(((double)i + 0.5) / n, freedom));
                squares += a[i] * a[i];
                if (robust && i % 100 == 99)
                    b[i] *= sqrt(1e3);
            }
            double scale = 0.3 * (4 * n - 1) / (4 * squares);
            cr_assert_eq(fit_signs(&m, n, a, b, robust, NULL), ADAMAS_OK);
            cr_assert_float_eq(m.n_h, freedom, 1 + 0.02 * freedom, "%g for %d", m.n_h, freedom);
            cr_assert_float_eq(m.n_q, freedom, 1 + 0.05 * freedom, "%g for %d", m.n_q, freedom);
            cr_assert_float_eq(m.h0 / m.n_h / scale, 1, 0.06 + 1.0 / freedom, "%g of %d", m.h0 / m.n_h, freedom);
            ddsimca_clear(&m);
        }
}

Test(ddsimca, degrees_of_freedom_are_kept_within)
{
    const double equal[] = {1, 1, 1, 1, 1}, wide[] = {0, 0, 0, 0, 9}, late[] = {0, 0, 0, 1, 9}, none[5] = {0};
    class_model m;
    cr_assert_eq(fit_signs(&m, 5, equal, wide, 0, NULL), ADAMAS_OK);
    cr_assert(m.n_h == 250 && m.n_q == 1);
    ddsimca_clear(&m);
    cr_assert_eq(fit_signs(&m, 5, equal, late, 1, NULL), ADAMAS_OK);
    cr_assert(m.n_h == 100 && m.n_q == 1);
    ddsimca_clear(&m);
    adamas_error error = {0};
    cr_assert_eq(fit_signs(&m, 5, equal, wide, 1, &error), ADAMAS_E_DATA);
    cr_assert_str_eq(error.message, "the residual distances of an origin's 20 specimens are all 0");
    cr_assert_eq(fit_signs(&m, 5, equal, none, 0, &error), ADAMAS_E_DATA);
    cr_assert_str_eq(error.message, "the 20 specimens of an origin are all the same or on one line: no class model");
}

static void fit_refuses(size_t n, size_t p, const double *rows, const char *message)
{
    class_model m;
    adamas_error error = {0};
    cr_assert_eq(ddsimca_fit(&m, n, p, rows, 2, 0, &error), ADAMAS_E_DATA);
    cr_assert_str_eq(error.message, message);
    cr_assert_null(m.centre);
}

Test(ddsimca, refusals)
{
    const double same[] = {1, 2, 1, 2, 1, 2}, line[] = {1, 2, 2, 4, 3, 6};
    fit_refuses(2, 2, cross, "ddsimca needs 3 training specimens of each origin at least, one has 2");
    fit_refuses(3, 2, same, "the 3 specimens of an origin are all the same or on one line: no class model");
    fit_refuses(3, 2, line, "the 3 specimens of an origin are all the same or on one line: no class model");
}

/* ---- The matching step. */

static const step_value values[] = {{2, NULL}, {0.05, NULL}, {0.01, NULL}, {NAN, "no|yes"}},
                        robust[] = {{2, NULL}, {0.05, NULL}, {0.01, NULL}, {NAN, "yes"}};

/* Specimens 0, 3, 6 ... are of origin 0. */
static void simulated(match_set *s, size_t p)
{
    size_t shots[16], origin[16];
    for (size_t i = 0; i < 16; i++) {
        shots[i] = 1 + i % 4;
        origin[i] = i % 3;
    }
    simulate(s, 9, 16, 3, p, shots, origin);
}

Test(ddsimca_match, an_origin_is_its_class_model)
{
    match_set s;
    simulated(&s, 4);
    for (int r = 0; r <= 1; r++) {
        void *state = fitted(&ddsimca_match, r ? robust : values, &s, 3);
        for (size_t k = 0; k < 3; k++) {
            double rows[6 * 3], found[3], few[3], scratch[3];
            size_t n = 0;
            for (size_t i = k; i < 16; i += 3)
                memcpy(rows + 3 * n++, s.mean + 4 * i, 3 * sizeof *rows);
            class_model m;
            cr_assert_eq(ddsimca_fit(&m, n, 3, rows, 2, r, NULL), ADAMAS_OK);
            for (size_t i = 0; i < 16; i++) {
                ddsimca_match.density(state, s.mean + 4 * i, 1, found, scratch);
                ddsimca_match.density(state, s.mean + 4 * i, 50, few, scratch);
                double f = distance_of(&m, s.mean + 4 * i);
                class_assignment assigned[3], expected = f < ddsimca_limit(&m, 0.05)           ? class_accepted
                                                         : f > ddsimca_outlier_limit(&m, 0.01) ? class_outlier
                                                                                               : class_extreme;
                ddsimca_match.class_assignment(state, s.mean + 4 * i, assigned, scratch);
                cr_assert_eq(found[k], special_chi2_log_survival(f, m.n_h + m.n_q));
                cr_assert_eq(found[k], few[k]);
                cr_assert_eq(assigned[k], expected);
            }
            ddsimca_clear(&m);
        }
        comes_back(&ddsimca_match, state, 3, &s);
        ddsimca_match.destroy(state);
    }
    ddsimca_match.destroy(NULL);
}

/* One component: lambda = 6, h0 = 7/8, N = 2, so f = (x - 3.5)^2 / 2.625; the limits 5.99 and 13.4 are at distances of
 * 3.97 and 5.93. */
Test(ddsimca_match, class_assignments)
{
    match_set s = {0};
    for (size_t i = 0; i < 16; i++)
        add_specimen(&s, 1, 1, (double[]){(double)(i / 2) + (i % 2 ? 100 : 0)}, i % 2);
    void *state = fitted(&ddsimca_match, values, &s, 1);
    const double y[] = {4, 8.5, 103, 1e4};
    const class_assignment expected[][2] = {{class_accepted, class_outlier},
                                            {class_extreme, class_outlier},
                                            {class_outlier, class_accepted},
                                            {class_outlier, class_outlier}};
    double log_density[2], prior[2], scratch[1];
    for (size_t i = 0; i < 4; i++) {
        class_assignment found[2];
        ddsimca_match.class_assignment(state, &y[i], found, scratch);
        ddsimca_match.density(state, &y[i], 1, log_density, scratch);
        for (size_t k = 0; k < 2; k++) {
            cr_assert_eq(found[k], expected[i][k], "%g: %d", y[i], (int)found[k]);
            cr_assert_eq(found[k] == class_accepted, log_density[k] > log(0.05));
            cr_assert(isfinite(log_density[k]) && log_density[k] <= 0);
        }
    }
    ddsimca_match.prior(state, prior);
    cr_assert(prior[0] == 0.5 && prior[1] == 0.5);
    ddsimca_match.destroy(state);
}

Test(ddsimca_match, an_origin_of_too_few)
{
    const size_t origin[] = {0, 0, 0, 0, 1, 1}, shots[] = {1, 1, 1, 1, 1, 1};
    match_set s;
    simulate(&s, 3, 6, 2, 2, shots, origin);
    refuses(&ddsimca_match, values, &s, 2, "ddsimca needs 3 training specimens of each origin at least, one has 2");
}

/* Numbers that no fit can have produced are refused. */
Test(ddsimca_match, a_file_that_does_not_add_up)
{
    folder_begin();
    const char *path = in_folder("match.h5");
    const double levels[] = {0.05, 0.01}, two[] = {1, 1};
    const double numbers[][12] = {{5, 2, 1, 1, 1, 1, 5, 1, 1, 1, 1, 1},  {5, 0, 1, 1, 1, 1, 5, 1, 1, 1, 1, 1},
                                  {5, 1, 1, 1, 1, 1, 5, 2, 1, 1, 1, 1},  {5, 1, 0, 1, 1, 1, 5, 1, 1, 1, 1, 1},
                                  {2, 1, 1, 1, 1, 1, 5, 1, 1, 1, 1, 1},  {1e99, 1, 1, 1, 1, 1, 5, 1, 1, 1, 1, 1},
                                  {5, 1, 1, 1, 1, -1, 5, 1, 1, 1, 1, 1}, {5, 1, 1, 1, 1, 1, 5, 1, 1, 1, 1, 1}};
    for (size_t i = 0; i < 8; i++) {
        store *file;
        void *state;
        adamas_error error = {0};
        cr_assert_eq(store_create(&file, path, NULL), ADAMAS_OK);
        store_write_group(file, "/match", NULL, NULL);
        store_write_doubles(file, "/match/levels", 2, 1, levels, NULL);
        store_write_doubles(file, "/match/numbers", 2, 6, numbers[i], NULL);
        store_write_doubles(file, "/match/centre", 2, 1, two, NULL);
        store_write_doubles(file, "/match/loading", 2, 1, two, NULL);
        store_write_doubles(file, "/match/variance", 2, 1, two, NULL);
        cr_assert_eq(store_commit(file, NULL), ADAMAS_OK);
        cr_assert_eq(store_open(&file, path, NULL), ADAMAS_OK);
        adamas_status status = match_load(&ddsimca_match, &state, 2, 1, file, "/match", &error);
        cr_assert_eq(status, i < 7 ? ADAMAS_E_FORMAT : ADAMAS_OK, "%zu: %s", i, error.message);
        cr_assert(i == 7 || strstr(error.message, "/match/numbers is of no class model"));
        cr_assert_eq(state == NULL, i < 7);
        ddsimca_match.destroy(state);
        store_close(file);
    }
    folder_end();
}
