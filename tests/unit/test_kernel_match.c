/* Kernel densities: likelihood ratios of glass are those of R and of the Netherlands Forensic Institute; the matching
 * step `kernel` agrees with cases computed by hand. */
#include "evidence/lr_bounds.h"
#include "match/matchers.h"

#include "folder.h"
#include "match_set.h"
#include "number_table.h"
#include "sanitized.h"
#include "two_level.h"

static const step_value none = {0};

static const size_t one_each[most_specimens] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

/* ---- Aitken & Lucy's two-level model, against R's and the Netherlands Forensic Institute's numbers. */

enum { elements = 10, most_rows = 2000, most_sources = 700 };

/* Rows of ten elements, an item's together. */
typedef struct glass {
    size_t n, n_sources;
    double row[most_rows * elements], mean[most_sources * elements];
    size_t source[most_rows], rows[most_sources];
    int item[most_sources];
} glass;

/* The last ten columns of the table are elements; the column `item` says whose a row is (-1: all are of one). */
static void read_glass(glass *g, const char *name, int item)
{
    number_table t = number_table_of(name, ',');
    *g = (glass){.n = t.n_rows};
    cr_assert(t.n_rows <= most_rows && t.n_columns >= elements);
    for (size_t i = 0; i < t.n_rows; i++) {
        int id = item < 0 ? 0 : (int)t.column[item][i];
        if (i == 0 || g->item[g->n_sources - 1] != id)
            g->item[g->n_sources++] = id;
        size_t source = g->n_sources - 1;
        g->source[i] = source;
        g->rows[source]++;
        for (size_t a = 0; a < elements; a++) {
            double x = t.column[t.n_columns - elements + a][i];
            g->row[i * elements + a] = x;
            g->mean[source * elements + a] += x;
        }
    }
    number_table_free(&t);
    for (size_t k = 0; k < g->n_sources; k++)
        for (size_t a = 0; a < elements; a++)
            g->mean[k * elements + a] /= (double)g->rows[k];
}

static void fit_glass(two_level *k, const glass *g)
{
    two_level_fit(k, g->n, elements, g->row, g->source, g->n_sources);
}

/* R's program says -Inf if the log of a density is below -745: computed in logs the first of these is -1036.66048. */
Test(kernel, published_log10_likelihood_ratios)
{
    static const double published[] = {9.35755285964349,  -1036.66048, -8.30117149429947, -172.844688065465,
                                       -46.5325636458368, -INFINITY,   -INFINITY,         -35.2647055365928,
                                       -INFINITY,         -INFINITY};
    static glass training, reference, trace;
    read_glass(&training, "two_level/train_data.csv", 1);
    read_glass(&reference, "two_level/reference_data.csv", -1);
    read_glass(&trace, "two_level/trace_data.csv", 1);
    cr_assert(training.n_sources == 659 && reference.n == 3 && trace.n_sources == 10);
    two_level k;
    fit_glass(&k, &training);
    for (size_t i = 0; i < 10; i++) {
        double scratch[3 * elements];
        double found =
            two_level_log_lr(&k, trace.mean + i * elements, trace.rows[i], reference.mean, 3, scratch) / log(10);
        double same =
            two_level_log_lr(&k, reference.mean, 3, trace.mean + i * elements, trace.rows[i], scratch) / log(10);
        cr_assert_float_eq(found, same, 1e-9 * fabs(found));
        if (isinf(published[i]))
            cr_assert(isfinite(found) && found < -300, "%zu: %.12g", i, found);
        else
            cr_assert_float_eq(found, published[i], i == 1 ? 1e-5 : 1e-8, "%zu: %.12g", i, found);
    }
    two_level_clear(&k);
}

/* ---- Cllr of many comparisons. */

enum { items = 320, pairs = items * items };

typedef struct comparison {
    double log_lr;
    int same;
} comparison;

static double softplus(double x)
{
    return fmax(x, 0) + log1p(exp(-fabs(x)));
}

/* For different-source log LRs `sign` is 1, for same-source ones -1. */
static double cost(const comparison *c, int same)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < pairs; i++)
        if (c[i].same == same) {
            sum += softplus(same ? -c[i].log_lr : c[i].log_lr);
            n++;
        }
    return sum / n / log(2) / 2;
}

static int by_log_lr(const void *a, const void *b)
{
    double x = ((const comparison *)a)->log_lr, y = ((const comparison *)b)->log_lr;
    return (x > y) - (x < y);
}

/* Cllr after the best monotone map: adjacent violators are pooled, each class with half of the weight. */
static double least_cost(comparison *c)
{
    static double same[pairs], other[pairs]; /* weights of blocks */
    size_t n = 0;
    qsort(c, pairs, sizeof *c, by_log_lr);
    for (size_t i = 0; i < pairs; i++) {
        same[n] = c[i].same ? 0.5 / items : 0;
        other[n++] = c[i].same ? 0 : 0.5 / (pairs - items);
        while (n > 1 && (same[n - 2] * other[n - 1] >= same[n - 1] * other[n - 2])) {
            same[n - 2] += same[n - 1];
            other[n - 2] += other[n - 1];
            n--;
        }
    }
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum -= same[i] > 0 ? same[i] * log2(same[i] / (same[i] + other[i])) : 0;
        sum -= other[i] > 0 ? other[i] * log2(other[i] / (same[i] + other[i])) : 0;
    }
    return sum;
}

/* Each question item's duplo against each triplo. */
static void compare_glass(comparison *c)
{
    static glass training, duplo, triplo;
    read_glass(&training, "glass/training.csv", 1);
    read_glass(&duplo, "glass/duplo.csv", 1);
    read_glass(&triplo, "glass/triplo.csv", 1);
    cr_assert(training.n_sources == 659 && duplo.n_sources == items && triplo.n_sources == items);
    two_level k;
    fit_glass(&k, &training);
    for (size_t i = 0; i < items; i++)
        for (size_t j = 0; j < items; j++) {
            double scratch[3 * elements];
            c[i * items + j] = (comparison){
                two_level_log_lr(&k, duplo.mean + i * elements, 2, triplo.mean + j * elements, 3, scratch), i == j};
        }
    two_level_clear(&k);
}

/* The bounds are the oracle's, in steps of 0.01: each pair is a unit. */
static void check_glass_bounds(const comparison *c)
{
    static double same[items], other[pairs];
    size_t n_same = 0, n_other = 0;
    double low, high;
    adamas_error error = {0};
    for (size_t i = 0; i < pairs; i++)
        if (c[i].same)
            same[n_same++] = c[i].log_lr;
        else
            other[n_other++] = c[i].log_lr;
    cr_assert(n_same == items && n_other == pairs - items);
    cr_assert_eq(lr_bounds_find(&low, &high, n_same, same, NULL, n_other, other, NULL, &error), ADAMAS_OK, "%s",
                 error.message);
    cr_assert_float_eq(low, -2.5, 1e-9, "%.12g", low);
    cr_assert_float_eq(high, 3.48, 1e-9, "%.12g", high);
}

Test(kernel, glass_costs_and_bounds, .disabled = is_sanitized)
{
    static comparison c[pairs];
    compare_glass(c);
    check_glass_bounds(c);
    double cllr = cost(c, 1) + cost(c, 0), least = least_cost(c);
    cr_assert_float_eq(cllr, 0.0156263366, 1e-9, "%.12g", cllr);
    cr_assert_float_eq(least, 0.0038887323, 1e-9, "%.12g", least);
}

/* Three sources of two rows in one dimension: U = (2 + 2 + 8)/3 = 4, means 0, 10, 20. */
static void by_hand(two_level *k)
{
    const double rows[] = {-1, 1, 9, 11, 18, 22};
    const size_t source[] = {0, 0, 1, 1, 2, 2};
    two_level_fit(k, 6, 1, rows, source, 3);
}

static double normal(double x, double variance)
{
    return exp(-x * x / variance / 2) / sqrt(2 * M_PI * variance);
}

/* C = (2 * 200 / 2 - 4) / 2 = 98; h = (4/9)^(1/5). */
Test(kernel, exact_case)
{
    two_level k;
    by_hand(&k);
    double width = pow(4.0 / 9, 0.4) * 98, scratch[3];
    for (size_t n = 1; n < 40; n += 13) {
        double y = 7 + (double)n / 10, v = width + 4 / (double)n;
        double expected = log((normal(y, v) + normal(y - 10, v) + normal(y - 20, v)) / 3);
        cr_assert_float_eq(two_level_log_density(&k, &y, n, scratch), expected, 1e-10);
    }
    double near = 7, far = 1e6;
    double y1 = two_level_log_density(&k, &near, 2, scratch), y2 = two_level_log_density(&k, &(double){9}, 3, scratch);
    double both = two_level_log_density(&k, &(double){8.2}, 5, scratch);
    double expected = log(normal(2, 4.0 / 2 + 4.0 / 3)) + both - y1 - y2;
    cr_assert_float_eq(two_level_log_lr(&k, &near, 2, &(double){9}, 3, scratch), expected, 1e-10);
    cr_assert(isfinite(two_level_log_density(&k, &far, 1, scratch)));
    two_level_clear(&k);
}

/* Means that differ less than expected from their rows: C is negative, and taken as 0. */
Test(kernel, no_spread_between_sources)
{
    const double rows[] = {-1, 1, -0.9, 1.1}, y = 0.3;
    const size_t source[] = {0, 0, 1, 1};
    two_level k;
    double scratch[1];
    two_level_fit(&k, 4, 1, rows, source, 2);
    double expected = log((normal(0.3, 1) + normal(0.2, 1)) / 2);
    cr_assert_float_eq(two_level_log_density(&k, &y, 2, scratch), expected, 1e-10);
    two_level_clear(&k);
}

Test(kernel, no_axes_of_a_singular_covariance)
{
    spread s;
    adamas_error error = {0};
    cr_assert_eq(spread_reserve(&s, 1, NULL), ADAMAS_OK);
    cr_assert_eq(spread_diagonalise(&s, &(double){1}, &(double){0}, &error), ADAMAS_E_DATA);
    cr_assert_str_eq(error.message, "a covariance matrix of 1 components is not positive definite");
    spread_clear(&s);
}

/* ---- The matching step. */

/* Origins of means 1, 3 and 10, 12, 14: T = (2 + 8) / 3 on f = 3. */
static void origins_by_hand(match_set *s, double half_range, size_t n)
{
    const double mean[] = {1, 3, 10, 12, 14};
    *s = (match_set){0};
    for (size_t i = 0; i < 5; i++)
        add_specimen(s, 1, n, (double[]){mean[i] - half_range, mean[i] + half_range}, i >= 2);
}

static double squared_bandwidth(double m, double p)
{
    return pow(4 / ((p + 2) * m), 2 / (p + 4));
}

/* Log density of y under each of the two origins, `b` smoothed by the bandwidth and `rest` not. */
static void mixtures(double y, double b, double rest, double *log_density)
{
    double v0 = squared_bandwidth(2, 1) * b + rest, v1 = squared_bandwidth(3, 1) * b + rest;
    log_density[0] = log((normal(y - 1, v0) + normal(y - 3, v0)) / 2);
    log_density[1] = log((normal(y - 10, v1) + normal(y - 12, v1) + normal(y - 14, v1)) / 3);
}

Test(kernel_match, exact_case_without_w)
{
    match_set s;
    origins_by_hand(&s, 0, 1);
    void *state = fitted(&kernel_match, &none, &s, 1);
    const double y = 5;
    double found[2], expected[2], prior[2], scratch[1];
    mixtures(y, 10.0 / 3, 0, expected);
    for (size_t n = 1; n < 4; n++) {
        kernel_match.density(state, &y, n, found, scratch);
        for (size_t k = 0; k < 2; k++)
            cr_assert_float_eq(found[k], expected[k], 1e-10);
    }
    kernel_match.prior(state, prior);
    cr_assert(prior[0] == 0.5 && prior[1] == 0.5);
    kernel_match.destroy(state);
    kernel_match.destroy(NULL);
}

/* Two shots each at 1/sqrt(2) of the mean: W = 1, B = 10/3 - 1/2, and h_k = 1/2. */
Test(kernel_match, exact_case_with_w)
{
    match_set s;
    origins_by_hand(&s, sqrt(0.5), 2);
    void *state = fitted(&kernel_match, &none, &s, 1);
    const double y = 5;
    double found[2], expected[2], scratch[1];
    for (size_t n = 1; n < 100; n += 13) {
        mixtures(y, 10.0 / 3 - 0.5, 1 / (double)n + 0.5, expected);
        kernel_match.density(state, &y, n, found, scratch);
        for (size_t k = 0; k < 2; k++)
            cr_assert_float_eq(found[k], expected[k], 1e-10);
    }
    kernel_match.destroy(state);
}

/* An origin of two clusters with another origin between them: kernels, with the same pooled covariances as twolevel,
 * distinguish the two better, in the clusters and between them. */
Test(kernel_match, an_origin_of_two_heaps)
{
    match_set s = {0};
    for (size_t i = 0; i < 12; i++) {
        double x = (i < 4 ? -10 : i < 8 ? 10 : 0) + 0.3 * (double)(i % 4);
        add_specimen(&s, 1, 1, &x, i >= 8);
    }
    void *kernels = fitted(&kernel_match, &none, &s, 1), *normals = fitted(&twolevel_match, &none, &s, 1);
    const double y[] = {-10, 0.5, 10};
    for (size_t i = 0; i < 3; i++) {
        double of_kernels[2], of_normals[2];
        size_t right = i == 1;
        posterior(&kernel_match, kernels, 2, &y[i], 1, of_kernels);
        posterior(&twolevel_match, normals, 2, &y[i], 1, of_normals);
        cr_assert_gt(of_kernels[right], log(0.5), "%g", exp(of_kernels[right]));
        cr_assert_gt(of_kernels[right], of_normals[right] + 0.1, "%g, %g", of_kernels[right], of_normals[right]);
    }
    kernel_match.destroy(kernels);
    twolevel_match.destroy(normals);
}

static void simulated(match_set *s, size_t p)
{
    size_t shots[12], origin[12];
    for (size_t i = 0; i < 12; i++) {
        shots[i] = 2 + 5 * i % 7;
        origin[i] = (7 * i + i / 4) % 3;
    }
    simulate(s, 11, 12, 3, p, shots, origin);
}

Test(kernel_match, comes_back)
{
    match_set s;
    simulated(&s, 4);
    void *state = fitted(&kernel_match, &none, &s, 4);
    comes_back(&kernel_match, state, 4, &s);
    kernel_match.destroy(state);
}

/* Specimens in any order, and only the leading components, give the same densities. */
Test(kernel_match, order_and_further_components_play_no_part)
{
    match_set s, back = {0};
    simulated(&s, 2);
    for (size_t i = 12; i-- > 0;) {
        double score[8 * most_components] = {0};
        for (size_t j = 0; j < s.shots[i]; j++)
            for (size_t a = 0; a < 3; a++)
                score[j * 3 + a] = a < 2 ? s.mean[i * 2 + a] : 1e3 * (double)(i % 5);
        add_specimen(&back, 3, s.shots[i], score, s.origin[i]);
    }
    for (size_t a = 0; a < 2; a++)
        for (size_t b = 0; b < 2; b++) {
            back.within[a * 3 + b] = s.within[a * 2 + b];
            back.squares[a * 3 + b] = s.squares[a * 2 + b];
        }
    void *one = fitted(&kernel_match, &none, &s, 2), *other = fitted(&kernel_match, &none, &back, 2);
    double found[3], expected[3], scratch[2];
    kernel_match.density(one, s.mean, 3, expected, scratch);
    kernel_match.density(other, s.mean, 3, found, scratch);
    for (size_t k = 0; k < 3; k++)
        cr_assert_float_eq(found[k], expected[k], 1e-9);
    kernel_match.destroy(one);
    kernel_match.destroy(other);
}

Test(kernel_match, density_integrates_to_1_in_the_plane)
{
    enum { steps = 400 };
    match_set s;
    simulated(&s, 2);
    void *state = fitted(&kernel_match, &none, &s, 2);
    double sum[3] = {0}, density[3], scratch[2], side = 12.0 / steps;
    for (size_t i = 0; i < steps; i++)
        for (size_t j = 0; j < steps; j++) {
            const double y[] = {side * (double)i - 6, side * (double)j - 6};
            kernel_match.density(state, y, 2, density, scratch);
            for (size_t k = 0; k < 3; k++)
                sum[k] += exp(density[k]) * side * side;
        }
    for (size_t k = 0; k < 3; k++)
        cr_assert_float_eq(sum[k], 1, 1e-6, "%.9f", sum[k]);
    kernel_match.destroy(state);
}

Test(kernel_match, refusals)
{
    const size_t origin[] = {0, 1, 2};
    match_set s;
    simulate(&s, 1, 3, 3, 2, one_each, origin);
    refuses(&kernel_match, &none, &s, 2, "3 training specimens of 3 origins: some origin needs two at least");
}

/* Numbers of specimens that do not match the centres are refused. */
Test(kernel_match, a_file_that_does_not_add_up)
{
    folder_begin();
    const char *path = in_folder("match.h5");
    const double numbers[] = {1, 0}, basis[] = {1}, centre[] = {1, 2, 3}, width[] = {1, 1},
                 wrong[][2] = {{2, 2}, {3, 0}, {1.5, 1.5}};
    for (size_t i = 0; i < 3; i++) {
        store *file;
        void *state;
        adamas_error error = {0};
        cr_assert_eq(store_create(&file, path, NULL), ADAMAS_OK);
        store_write_group(file, "/match", NULL, NULL);
        store_write_doubles(file, "/match/numbers", 2, 1, numbers, NULL);
        store_write_doubles(file, "/match/basis", 1, 1, basis, NULL);
        store_write_doubles(file, "/match/centre", 3, 1, centre, NULL);
        store_write_doubles(file, "/match/width", 2, 1, width, NULL);
        store_write_doubles(file, "/match/specimens", 2, 1, wrong[i], NULL);
        cr_assert_eq(store_commit(file, NULL), ADAMAS_OK);
        cr_assert_eq(store_open(&file, path, NULL), ADAMAS_OK);
        cr_assert_eq(match_load(&kernel_match, &state, 2, 1, file, "/match", &error), ADAMAS_E_FORMAT);
        cr_assert_not_null(strstr(error.message, "/match/specimens does not add up to the 3 rows of /match/centre"));
        cr_assert_null(state);
        store_close(file);
    }
    folder_end();
}
