/* Gaussian mixtures: the iterations are those of NumPy; far away the log density is still finite. */
#include "evidence/mixture.h"

#include "base/blas_threads.h"

#include <criterion/criterion.h>
#include <math.h>

enum { n = 60 };
static const double pooled[4] = {0.9, 0.2, 0.2, 0.6};

static double wave(int i, int j)
{
    return sin(12.9898 * (i + 1) + 78.233 * (j + 1));
}

/* Rows that anyone can write down again, every third from elsewhere. */
static void write_rows(double *rows)
{
    for (int i = 0; i < n; i++) {
        rows[2 * i] = wave(i, 0) + (i % 3 == 0 ? 1.5 : 0);
        rows[2 * i + 1] = 0.7 * wave(i, 1) + 0.4 * wave(i, 0) - (i % 3 == 0 ? 1 : 0);
    }
}

static mixture fit(const double *rows, size_t n_components)
{
    mixture m;
    adamas_error error;
    blas_threads_limit();
    cr_assert_eq(mixture_fit(&m, n, 2, rows, pooled, n_components, 5, &error), ADAMAS_OK, "%s", error.message);
    blas_threads_restore();
    return m;
}

static void assert_near(const double *got, size_t numbers, const double *expected, const char *what)
{
    for (size_t i = 0; i < numbers; i++)
        cr_assert_float_eq(got[i], expected[i], 1e-9, "%s %zu: %.15g", what, i, got[i]);
}

static void assert_covariance(const mixture *m, size_t component, const double *expected)
{
    const double *l = m->cholesky + component * 4;
    double a[4] = {l[0] * l[0], l[0] * l[2], l[2] * l[0], l[2] * l[2] + l[3] * l[3]};
    assert_near(a, 4, expected, "covariance");
}

/* ln of the density at x, summed from the greatest term on. */
static double log_density(const mixture *m, const double *x)
{
    double greatest = -INFINITY, sum = 0;
    for (size_t c = 0; c < m->n_components; c++) {
        double term = log(m->weight[c]) + m->log_norm[c] - mixture_distance(m, c, x) / 2;
        sum = term > greatest ? sum * exp(greatest - term) + 1 : sum + exp(term - greatest);
        greatest = fmax(greatest, term);
    }
    return greatest + log(sum);
}

static double mean_log_density(const mixture *m, const double *rows)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += log_density(m, rows + 2 * i);
    return sum / n;
}

/* Numbers of the same iterations in NumPy, with inverses and determinants in full. */
Test(mixture, agrees_with_numpy)
{
    double rows[2 * n];
    write_rows(rows);
    mixture m = fit(rows, 2);
    assert_near(m.weight, 2, (double[]){0.8022671546867163, 0.19773284531328383}, "weight");
    assert_near(m.mean, 4,
                (double[]){0.15886385398065134, -0.14227499522719123, 1.9743507436914294, -1.171912092127498}, "mean");
    assert_covariance(&m, 0,
                      (double[]){0.5459446636986168, -0.18771611001091684, -0.18771611001091684, 0.15635312563384693});
    assert_covariance(&m, 1,
                      (double[]){0.3056743111463967, 0.007864420254440346, 0.007864420254440346, 0.1079910743906687});
    cr_assert_float_eq(mean_log_density(&m, rows), -1.467938337484033, 1e-7);
    mixture_free(&m);
    m = fit(rows, 3);
    assert_near(m.weight, 3, (double[]){0.28107264686914146, 0.5727579371051539, 0.1461694160257047}, "weight");
    cr_assert_float_eq(mean_log_density(&m, rows), -1.2348491382568505, 1e-7);
    mixture_free(&m);
}

Test(mixture, one_component_is_the_mean_and_the_pooled_covariance)
{
    double rows[2 * n], mean[2] = {0, 0};
    write_rows(rows);
    for (int i = 0; i < 2 * n; i++)
        mean[i % 2] += rows[i] / n;
    mixture m = fit(rows, 1);
    assert_near(m.mean, 2, mean, "mean");
    assert_covariance(&m, 0, pooled);
    double log_norm = -log(2 * M_PI) - log(0.9 * 0.6 - 0.2 * 0.2) / 2;
    cr_assert_float_eq(log_density(&m, mean), log_norm, 1e-13);
    mixture_free(&m);
    cr_assert_eq(mixture_n_components(39), 1);
    cr_assert_eq(mixture_n_components(40), 2);
}

/* So far away that every density is 0 in floating point, its log by distances is still a number, the less the farther.
 */
Test(mixture, distances_where_densities_underflow)
{
    double rows[2 * n];
    write_rows(rows);
    mixture m = fit(rows, 2);
    double far[2] = {300, -300}, farther[2] = {30000, -30000};
    double log_far = log_density(&m, far), log_farther = log_density(&m, farther);
    cr_assert(log_far < -800 && isfinite(log_far), "%g", log_far);
    cr_assert(log_farther < 9000 * log_far && isfinite(log_farther), "%g", log_farther);
    mixture_free(&m);
}

Test(mixture, what_cannot_be_fitted)
{
    double rows[2 * n], singular[4] = {1, 1, 1, 1};
    mixture m;
    adamas_error error;
    write_rows(rows);
    cr_assert_eq(mixture_fit(&m, n, 2, rows, singular, 1, 5, &error), ADAMAS_E_DATA);
    cr_assert_null(m.mean);
    cr_assert_eq(mixture_fit(&m, 1, 2, rows, pooled, 2, 5, &error), ADAMAS_E_ARGUMENT);
    cr_assert_eq(mixture_fit(&m, n, 21, rows, pooled, 1, 5, &error), ADAMAS_E_ARGUMENT);
}
