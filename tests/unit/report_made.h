/* Results with invented numbers: a parcel of stones, a validation, a plan. */
#ifndef REPORT_MADE_H
#define REPORT_MADE_H

#include "training/result.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC diagnostic ignored "-Wunused-function" /* each test uses some */

static void made_fact(result *r, const char *name, const char *value)
{
    cr_assert_eq(table_set_text(&r->facts, name, 1, &value, NULL), ADAMAS_OK);
}

static void made_number(result *r, const char *name, double value)
{
    cr_assert_eq(table_set_numbers(&r->numbers, name, 1, &value, NULL), ADAMAS_OK);
}

static void made_column(result *r, int which, const char *name, size_t n, const double *values)
{
    cr_assert_eq(table_set_numbers(&r->tables[which], name, n, values, NULL), ADAMAS_OK);
}

static void made_texts(result *r, int which, const char *name, size_t n, const char *const *values)
{
    cr_assert_eq(table_set_text(&r->tables[which], name, n, values, NULL), ADAMAS_OK);
}

/* values[n, n_names] by columns what/NAME. */
static void made_columns(result *r, int which, const char *what, size_t n_names, const char *const *names, size_t n,
                         const double *values)
{
    double *column = malloc(n * sizeof *column + 1);
    for (size_t k = 0; k < n_names; k++) {
        char name[512];
        snprintf(name, sizeof name, "%s/%s", what, names[k]);
        for (size_t i = 0; i < n; i++)
            column[i] = values[i * n_names + k];
        made_column(r, which, name, n, column);
    }
    free(column);
}

static void made_libraries(result *r, size_t n, const char *const *origins)
{
    double *column = malloc((n + 1) * sizeof *column);
    made_texts(r, ADAMAS_ORIGINS, "origin", n, origins);
    const struct {
        const char *name;
        double value;
    } columns[] = {{"specimens", 80}, {"prior", 1 / (double)n}, {"units", 6},
                   {"rejectable", 1}, {"log10_lr_low", -1.9},   {"log10_lr_high", 2.2}};
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        for (size_t o = 0; o < n; o++)
            column[o] = columns[c].value;
        made_column(r, ADAMAS_ORIGINS, columns[c].name, n, column);
    }
    free(column);
    made_texts(r, ADAMAS_SOURCES, "file", 1, (const char *const[]){"lib.h5"});
    made_texts(r, ADAMAS_SOURCES, "sha256", 1,
               (const char *const[]){"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"});
    made_fact(r, "method", "sqrt | snv | pca | twolevel");
    made_fact(r, "method_canonical", "sqrt | snv | pca(components=auto) | twolevel");
    made_fact(r, "engine", "adamas 0.1.0");
    made_fact(r, "level", "1");
    made_fact(r, "components", "12");
    made_fact(r, "axis/medium", "air");
    made_number(r, "screening/saturated_share", 0.002);
    made_number(r, "screening/robust_z", 3.5);
    made_number(r, "screening/fewest_shots", 4);
}

/* n stones; each third is like the first origin alone, like the first two, like none. The last was not judged where
 * `unusable`. */
static void made_stones(result *r, size_t n, size_t n_origins, const char *const *origins, int unusable)
{
    double *p = malloc(n * n_origins * sizeof *p), *lr = malloc(n * n_origins * sizeof *lr),
           *shots = malloc(n * sizeof *shots);
    const char **answers = malloc(n * sizeof *answers), **ids = malloc(n * sizeof *ids);
    char(*names)[32] = malloc(n * sizeof *names);
    for (size_t i = 0; i < n; i++) {
        snprintf(names[i], sizeof names[i], "A%03zu", i + 1);
        ids[i] = names[i];
        shots[i] = unusable && i + 1 == n ? 0 : 10;
        answers[i] = !shots[i] ? "" : i % 3 == 0 ? origins[0] : i % 3 == 1 && n_origins > 1 ? "several" : "none";
        for (size_t o = 0; o < n_origins; o++) {
            int typical = shots[i] > 0 && (i % 3 == 0 ? o == 0 : i % 3 == 1 ? o < 2 : 0);
            p[i * n_origins + o] = !shots[i] ? NAN
                                   : typical ? 0.06 + 0.9 * fmod((double)(7 * i + 3 * o) / 31, 1)
                                             : 0.012;
            lr[i * n_origins + o] = typical ? (o ? -1 : 1) * (0.2 + 2 * fmod((double)i / 7, 1)) : NAN;
        }
    }
    made_texts(r, ADAMAS_SPECIMENS, "id", n, ids);
    made_column(r, ADAMAS_SPECIMENS, "shots_used", n, shots);
    for (size_t i = 0; i < n; i++)
        shots[i] = i % 5 == 0;
    made_column(r, ADAMAS_SPECIMENS, "shots_not_finite", n, shots);
    for (size_t i = 0; i < n; i++)
        shots[i] = 0;
    made_column(r, ADAMAS_SPECIMENS, "shots_saturated", n, shots);
    made_column(r, ADAMAS_SPECIMENS, "shots_outlier", n, shots);
    made_columns(r, ADAMAS_SPECIMENS, "log_density", n_origins, origins, n, p);
    made_columns(r, ADAMAS_SPECIMENS, "probability", n_origins, origins, n, p);
    made_columns(r, ADAMAS_SPECIMENS, "typicality", n_origins, origins, n, p);
    made_columns(r, ADAMAS_SPECIMENS, "log10_lr", n_origins, origins, n, lr);
    made_texts(r, ADAMAS_SPECIMENS, "answer", n, answers);
    free(p);
    free(lr);
    free(shots);
    free(answers);
    free(ids);
    free(names);
}

static void made_parcel(result *r, size_t n, size_t n_origins, const char *const *origins)
{
    *r = (result){.kind = RESULT_CLASSIFICATION};
    made_libraries(r, n_origins, origins);
    made_stones(r, n, n_origins, origins, 0);
    made_fact(r, "parcel/file", "parcel.h5");
    made_fact(r, "parcel/sha256", "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210");
    made_fact(r, "held_out", "locality");
    made_number(r, "epsilon", 0.05);
    made_number(r, "folds", 8);
    made_number(r, "typicality/bound", 0.113);
    made_number(r, "slope", 0.62);
    made_number(r, "parcel/stones", (double)n);
    made_number(r, "parcel/whole", (double)n);
    made_number(r, "parcel/rho", 0.31);
    made_number(r, "parcel/low_typicality", 0.1);
    made_number(r, "parcel/low_typicality_chance", 0.2);
}

/* Shares 0.70, 0.22, ... and 0.05 of none. */
static void made_shares(result *r, size_t n_origins, const char *const *origins)
{
    size_t n = n_origins + 1;
    const char **names = malloc(n * sizeof *names);
    double *column = malloc(n * sizeof *column);
    for (size_t i = 0; i < n; i++)
        names[i] = i < n_origins ? origins[i] : "none of these";
    made_texts(r, ADAMAS_SHARES, "origin", n, names);
    const struct {
        const char *name;
        double by;
    } columns[] = {{"mean", 1},           {"low", 0.8},        {"high", 1.3},
                   {"carats_mean", 1.05}, {"carats_low", 0.7}, {"carats_high", 1.35}};
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        for (size_t i = 0; i < n; i++)
            column[i] = columns[c].by * (i == n - 1 ? 0.05 : i == 0 ? 0.70 : 0.25 / (double)(n_origins - 1));
        made_column(r, ADAMAS_SHARES, columns[c].name, n, column);
        if (c == 0) {
            made_column(r, ADAMAS_SHARES, "tau_third", n, column);
            made_column(r, ADAMAS_SHARES, "tau_triple", n, column);
        }
    }
    for (size_t i = 0; i < n; i++)
        column[i] = 1;
    made_column(r, ADAMAS_SHARES, "alpha", n, column);
    for (size_t i = 0; i < n; i++)
        column[i] = 1.004;
    made_column(r, ADAMAS_SHARES, "r_hat", n, column);
    for (size_t i = 0; i < n; i++)
        column[i] = 2345;
    made_column(r, ADAMAS_SHARES, "effective", n, column);
    free(names);
    free(column);
}

static void made_declared(result *r, const char *origin, double inconsistent, double revealed, double log10_lr)
{
    made_fact(r, "declared", origin);
    made_number(r, "declared/log10_lr", log10_lr);
    made_number(r, "declared/log10_lr_error", 0.04);
    made_number(r, "declared/log10_lr_half", log10_lr + 0.1);
    made_number(r, "declared/log10_lr_double", log10_lr - 0.1);
    made_number(r, "declared/log10_lr_low", -2);
    made_number(r, "declared/log10_lr_high", 1.5);
    made_number(r, "declared/units", 18);
    made_number(r, "declared/foreign", 0.281);
    made_number(r, "declared/foreign_high", 0.411);
    made_number(r, "declared/threshold", 0.12);
    made_number(r, "declared/pure_parcels", 200);
    made_number(r, "declared/inconsistent", inconsistent);
    made_number(r, "declared/revealed", revealed);
    made_number(r, "declared/foreign_stones", 0);
    made_number(r, "declared/false_discovery", 0);
}

/* The plane of the origins (one axis: plane/2 is not known) with a library, and spectra of two detector segments. */
static void made_views(result *r, size_t n, size_t n_origins, const char *const *origins, int n_axes)
{
    enum { most = 64, n_library = 30, n_channels = 300 };
    static const char *const coordinates[] = {"1", "2", "11", "12", "22"};
    double at[2 * most], ellipse[5 * 8], spectra[n_channels * 8], nm[n_channels];
    const char *of[n_library];
    cr_assert(n <= most && n_origins <= 8);
    for (size_t i = 0; i < most; i++) {
        at[2 * i] = 3 * sin((double)i);
        at[2 * i + 1] = n_axes == 2 ? 2 * cos(1.7 * (double)i) : NAN;
    }
    for (size_t o = 0; o < n_origins; o++) {
        const double one[5] = {(double)o, n_axes == 2 ? -(double)o : NAN, 1, n_axes == 2 ? 0.2 : NAN,
                               n_axes == 2 ? 0.7 : NAN};
        memcpy(ellipse + 5 * o, one, sizeof one);
    }
    for (size_t i = 0; i < n_library; i++)
        of[i] = origins[i % n_origins];
    made_columns(r, ADAMAS_SPECIMENS, "plane", 2, coordinates, n, at);
    made_columns(r, ADAMAS_ORIGINS, "plane", 5, coordinates, n_origins, ellipse);
    made_texts(r, ADAMAS_LIBRARY, "origin", n_library, of);
    made_columns(r, ADAMAS_LIBRARY, "plane", 2, coordinates, n_library, at);
    for (size_t i = 0; i < n_channels; i++) {
        nm[i] = i < 150 ? 240 + 0.1 * (double)i : 385 + 0.1 * (double)(i - 150);
        for (size_t o = 0; o < n_origins; o++)
            spectra[i * n_origins + o] = exp(-pow((nm[i] - 393.37) / 0.3, 2)) + exp(-pow((nm[i] - 247.86) / 0.3, 2));
    }
    made_column(r, ADAMAS_SPECTRUM, "wavelength", n_channels, nm);
    made_columns(r, ADAMAS_SPECTRUM, "origin", n_origins, origins, n_channels, spectra);
    for (size_t i = 0; i < n_channels; i++)
        nm[i] = spectra[i * n_origins];
    made_column(r, ADAMAS_SPECTRUM, "parcel", n_channels, nm);
    made_column(r, ADAMAS_SPECTRUM, "contribution", n_channels, nm);
}

static void made_curves(result *r)
{
    made_column(r, ADAMAS_TIPPETT, "log10_lr", 5, (double[]){-2, -1, 0, 1, 2});
    made_column(r, ADAMAS_TIPPETT, "same", 5, (double[]){1, 0.95, 0.9, 0.5, 0});
    made_column(r, ADAMAS_TIPPETT, "different", 5, (double[]){0.8, 0.4, 0.1, 0.05, 0});
    static const char *const bins[] = {"predicted", "observed", "low", "high", "specimens"};
    for (size_t i = 0; i < 5; i++)
        made_column(r, ADAMAS_RELIABILITY, bins[i], 3, i < 4 ? (double[]){0.1, 0.5, NAN} : (double[]){20, 10, 0});
    static const char *const bits[] = {"log10_odds", "as_is", "after_pav", "neutral"};
    for (size_t i = 0; i < 4; i++)
        made_column(r, ADAMAS_CROSS_ENTROPY, bits[i], 3, i ? (double[]){0.2, 0.5, 0.2} : (double[]){-1, 0, 1});
    made_column(r, ADAMAS_COVERAGE, "epsilon", 2, (double[]){0.05, 0.1});
    made_column(r, ADAMAS_COVERAGE, "covered", 2, (double[]){0.95, 0.91});
    made_column(r, ADAMAS_COVERAGE, "low", 2, (double[]){0.9, 0.85});
    made_column(r, ADAMAS_COVERAGE, "high", 2, (double[]){0.98, 0.96});
}

#endif
