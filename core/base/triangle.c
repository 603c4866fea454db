/* Small triangular matrices, in plain loops. */
#include "base/triangle.h"

#include <math.h>

bool triangle_cholesky(size_t n, double *a)
{
    for (size_t i = 0; i < n; i++) {
        double *row = a + i * n;
        for (size_t j = 0; j <= i; j++) {
            const double *other = a + j * n;
            double sum = row[j];
            for (size_t k = 0; k < j; k++)
                sum -= row[k] * other[k];
            if (j == i && !(sum > 0 && sum < INFINITY))
                return false;
            row[j] = j == i ? sqrt(sum) : sum / other[j];
        }
        for (size_t j = i + 1; j < n; j++)
            row[j] = 0;
    }
    return true;
}

void triangle_solve(size_t n, const double *lower, double *x)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            x[i] -= lower[i * n + k] * x[k];
        x[i] /= lower[i * n + i];
    }
}

void triangle_solve_transposed(size_t n, const double *lower, double *x)
{
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            x[i] -= lower[k * n + i] * x[k];
        x[i] /= lower[i * n + i];
    }
}

void triangle_invert(size_t n, const double *lower, double *out)
{
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < n; i++) {
            double sum = i == j;
            for (size_t k = j; k < i; k++)
                sum -= lower[i * n + k] * out[k * n + j];
            out[i * n + j] = i < j ? 0 : sum / lower[i * n + i];
        }
}

void triangle_multiply(size_t n, const double *lower, const double *x, double *y)
{
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t k = 0; k <= i; k++)
            sum += lower[i * n + k] * x[k];
        y[i] = sum;
    }
}

void triangle_add_transposed(size_t n, const double *lower, double scale, const double *x, double *y)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k <= i; k++)
            y[k] += scale * lower[i * n + k] * x[i];
}

void triangle_product(size_t n, const double *a, const double *b, double *out)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t k = j; k <= i; k++)
                sum += a[i * n + k] * b[k * n + j];
            out[i * n + j] = sum;
        }
}

double triangle_log_determinant(size_t n, const double *lower)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += log(lower[i * n + i]);
    return sum;
}
