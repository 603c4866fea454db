/* Compiling method texts: the canonical text, the order of steps, their parameters, messages. */
#include "pipeline/compiled_method.h"
#include "pipeline/step_table.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const char all_defaults[] =
    "snip(max_half_window=40) | log1p(offset=0.3) | epo(directions=auto) | pca(components=auto, of=specimens) | "
    "twolevel";

static void becomes(const char *typed, const char *canonical)
{
    compiled_method *r;
    adamas_error error = {0};
    cr_assert_eq(compiled_method_make(&r, typed, &error), ADAMAS_OK, "%s: %s", typed, error.message);
    cr_assert_str_eq(r->text, typed);
    cr_assert_str_eq(r->canonical, canonical);
    compiled_method *again;
    cr_assert_eq(compiled_method_make(&again, r->canonical, NULL), ADAMAS_OK);
    cr_assert_str_eq(again->canonical, canonical);
    compiled_method_free(again);
    compiled_method_free(r);
}

static void refuses(const char *typed, const char *message)
{
    compiled_method *r;
    adamas_error error = {0};
    cr_assert_eq(compiled_method_make(&r, typed, &error), ADAMAS_E_METHOD, "\"%s\" is taken", typed);
    cr_assert_str_eq(error.message, message);
    cr_assert_null(r);
}

Test(compiled_method, the_default_method_compiles)
{
    compiled_method *r;
    cr_assert_eq(compiled_method_make(&r, NULL, NULL), ADAMAS_OK);
    cr_assert_str_eq(r->text, default_method);
    cr_assert_str_eq(r->canonical, all_defaults);
    cr_assert(r->n_preprocess == 2 && r->epo == 2 && r->pca == 3 && r->match == 4);
    cr_assert_str_eq(r->steps[0].preprocess->name, "snip");
    cr_assert_str_eq(r->steps[4].match->name, "twolevel");
    cr_assert(!r->steps[3].preprocess && !r->steps[3].match && !r->steps[4].preprocess);
    compiled_method_free(r);
}

Test(compiled_method, canonical_texts)
{
    becomes(default_method, all_defaults);
    becomes(all_defaults, all_defaults);
    becomes("crop(240,850)|standard", "crop(lo=240, hi=850) | standard(nm=247.856, half_width=0.2)");
    becomes("snip (7)\n| area", "snip(max_half_window=7) | area");
    becomes("sqrt | pca(12, specimens) | lda(equal)", "sqrt | pca(components=12, of=specimens) | lda(priors=equal)");
    becomes("savgol(polyorder=3)|gaussian", "savgol(window_length=11, polyorder=3, deriv=0) | gaussian(sigma=1)");
    becomes("despike(5000)|msc|minmax|log1p", "despike(threshold=5000, m=3) | msc | minmax | log1p(offset=none)");
    becomes("mask(390,400)", "mask(lo=390, hi=400)");
    becomes("pca|lda()", "pca(components=auto, of=specimens) | lda(priors=training)");
}

Test(compiled_method, number_of_preprocessing_steps)
{
    compiled_method *r;
    cr_assert_eq(compiled_method_make(&r, "snip | snv", NULL), ADAMAS_OK);
    cr_assert(r->n_preprocess == 2 && r->pca == METHOD_NO_STEP && r->match == METHOD_NO_STEP);
    cr_assert(!compiled_method_fits_preprocessing(r) && !compiled_method_is_fitted(r));
    compiled_method_free(r);
    cr_assert_eq(compiled_method_make(&r, "align | snv", NULL), ADAMAS_OK);
    cr_assert(compiled_method_fits_preprocessing(r) && compiled_method_is_fitted(r));
    compiled_method_free(r);
    cr_assert_eq(compiled_method_make(&r, "snip | msc | sqrt", NULL), ADAMAS_OK);
    cr_assert(compiled_method_fits_preprocessing(r) && compiled_method_is_fitted(r));
    compiled_method_free(r);
    cr_assert_eq(compiled_method_make(&r, "snv | pca", NULL), ADAMAS_OK);
    cr_assert(!compiled_method_fits_preprocessing(r) && compiled_method_is_fitted(r) && r->match == METHOD_NO_STEP);
    compiled_method_free(r);
    cr_assert_eq(compiled_method_make(&r, "pca | twolevel", NULL), ADAMAS_OK);
    cr_assert(r->n_preprocess == 0 && r->pca == 0 && r->match == 1);
    compiled_method_free(r);
    compiled_method_free(NULL);
}

#define ALL_NAMES                                                                                                      \
    "crop, mask, align, despike, snip, arpls, asls, airpls, whittaker, savgol, gaussian, snv, msc, area, minmax, "     \
    "standard, sqrt, log1p, "                                                                                          \
    "epo, pca, twolevel, multilevel, lda, kernel, ddsimca"

Test(compiled_method, an_unknown_step_lists_the_names)
{
    refuses("crop(240, 850) | snipp(40) | snv",
            "method, column 18: there is no step 'snipp'; the steps are " ALL_NAMES);
    refuses("sni", "method, column 1: there is no step 'sni'; the steps are " ALL_NAMES);
    refuses("snv |\n autoscale", "method, column 8: there is no step 'autoscale'; the steps are " ALL_NAMES);
}

Test(compiled_method, parameters_are_checked)
{
    refuses("snv | snip(width=40)", "method, column 12: snip has no parameter 'width', it has: max_half_window");
    refuses("snip(40.5)", "method, column 6: max_half_window is 40.5, a whole number from 1 to 100000 expected");
    refuses("snv(1)", "method, column 5: snv has no parameters");
    refuses("despike", "method, column 1: despike needs threshold");
    refuses("crop(240)", "method, column 1: crop needs hi");
    refuses("snv | pca(0)", "method, column 11: components is 0, a whole number from 1 to 512 or auto expected");
    refuses("pca | lda(priors=flat)", "method, column 18: priors is flat, training or equal expected");
    refuses("snip(", "method, column 6: a number or a word expected, the end found");
}

static const char align_late[] = "must come once, and before the steps that change intensities: "
                                 "spectra are resampled once only";

Test(compiled_method, order)
{
    char message[300];
    snprintf(message, sizeof message, "method, column 8: align %s", align_late);
    refuses("snip | align", message);
    snprintf(message, sizeof message, "method, column 9: align %s", align_late);
    refuses("align | align", message);
    snprintf(message, sizeof message, "method, column 7: align %s", align_late);
    refuses("pca | align", message);
    snprintf(message, sizeof message, "method, column 24: align %s", align_late);
    refuses("align | crop(300,400)| align", message);
    refuses("pca | pca", "method, column 7: pca must come once, and before the matching step");
    refuses("pca | lda | pca", "method, column 13: pca must come once, and before the matching step");
    refuses("snv | twolevel", "method, column 7: twolevel needs pca before it");
    refuses("lda", "method, column 1: lda needs pca before it");
    refuses("pca | lda | twolevel", "method, column 13: twolevel is a second matching step");
    refuses("pca | snv", "method, column 7: snv must come before pca");
    refuses("pca | lda | snv", "method, column 13: snv must come before pca");
    refuses("msc | align", "method, column 7: align must come once, and before the steps that change intensities: "
                           "spectra are resampled once only");
    refuses("pca | msc", "method, column 7: msc must come before pca");
    refuses("pca | crop(300, 400)", "method, column 7: crop must come before pca");
}

Test(compiled_method, crop_may_stand_anywhere_before_pca)
{
    static const char *const typed[] = {"crop(300,400) | align | snip | pca",
                                        "align | crop(300,400) | snip | pca",
                                        "align | snip | crop(300,400) | pca",
                                        "snip | crop(300,400) | snv",
                                        "crop(300,900) | crop(300,400) | align | crop(310,390)",
                                        "mask(300,310) | align | mask(390,400) | snip | mask(350,360) | pca"};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        compiled_method *r;
        cr_assert_eq(compiled_method_make(&r, typed[i], NULL), ADAMAS_OK, "%s", typed[i]);
        compiled_method_free(r);
    }
}

/* Every step has its usage and one line of help. */
Test(compiled_method, help)
{
    static const char *const usages[] = {"crop(lo, hi)",
                                         "mask(lo, hi)",
                                         "align(max_shift=0.3)",
                                         "despike(threshold, m=3)",
                                         "snip(max_half_window=40)",
                                         "arpls(lam=100000, max_iter=50, tol=0.001)",
                                         "asls(lam=1000000, p=0.01, max_iter=50, tol=0.001)",
                                         "airpls(lam=1000000, max_iter=50, tol=0.001)",
                                         "whittaker(lam=20)",
                                         "savgol(window_length=11, polyorder=2, deriv=0)",
                                         "gaussian(sigma=1)",
                                         "snv",
                                         "msc",
                                         "area",
                                         "minmax",
                                         "standard(nm=247.856, half_width=0.2)",
                                         "sqrt",
                                         "log1p(offset=none)",
                                         "epo(directions=auto)",
                                         "pca(components=auto, of=specimens)",
                                         "twolevel",
                                         "multilevel",
                                         "lda(priors=training)",
                                         "kernel",
                                         "ddsimca(components, alpha=0.05, gamma=0.01, robust=no)"};
    size_t n = sizeof usages / sizeof *usages;
    char usage[256];
    for (size_t i = 0; i < n; i++) {
        const char *summary = step_table_describe(i, usage);
        cr_assert_not_null(summary);
        cr_assert_gt(strlen(summary), 10, "%s", usage);
        cr_assert_null(strchr(summary, '\n'));
        cr_assert_str_eq(usage, usages[i]);
    }
    cr_assert_null(step_table_describe(n, usage));
}
