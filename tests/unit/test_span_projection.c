/* Rows projected to the span of specimens' means: classifiers give the same results. */
#include "base/random.h"
#include "dataset/dataset_cache.h"
#include "dataset/scan.h"
#include "dataset/span_projection.h"
#include "training/classifier.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { n_specimens = 16, shots_each = 40, n_shots = n_specimens * shots_each, n_channels = 120 };

typedef struct library {
    adamas_spectra *set;
    dataset c;
    work w;
    compiled_method *r;
    float rows[n_shots * n_channels];
    char ids[n_specimens][24];
} library;

static float uniform(random_stream *random)
{
    return (float)random_uniform(random);
}

/* The first has three shots alone: no outlier is looked for among so few. */
static size_t specimen_of(size_t shot)
{
    return shot < 3 ? 0 : shot < shots_each ? 1 : shot / shots_each;
}

/* Specimens of two origins, each with its own spectrum, and shots with noise; the first shot of all has no area, so
 * that nothing is left of it. */
static void fill(library *l)
{
    random_stream random = {.seed = 3};
    static float own[n_specimens][n_channels];
    for (size_t k = 0; k < n_specimens; k++)
        for (size_t i = 0; i < n_channels; i++)
            own[k][i] = 100 + 20 * uniform(&random) + (k % 2 && i < 10 ? 12.0F : 0.0F);
    for (size_t s = 0; s < n_shots; s++)
        for (size_t i = 0; i < n_channels; i++)
            l->rows[s * n_channels + i] = s ? own[specimen_of(s)][i] + 5 * uniform(&random) : i % 2 ? 50.0F : -50.0F;
}

static void make(library *l, const char *method)
{
    static double nm[n_channels];
    static const char *specimen[n_shots], *origin[n_specimens];
    fill(l);
    for (size_t i = 0; i < n_channels; i++)
        nm[i] = 300 + 0.1 * (double)i;
    for (size_t s = 0; s < n_shots; s++) {
        size_t k = specimen_of(s);
        snprintf(l->ids[k], sizeof l->ids[0], "s%zu", k);
        specimen[s] = l->ids[k];
        origin[k] = k % 2 ? "B" : "A";
    }
    cr_assert_eq(work_begin(&l->w, NULL, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_lend(&l->set, n_shots, n_channels, l->rows, nm, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(l->set, ADAMAS_SHOTS, "specimen", n_shots, specimen, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(l->set, ADAMAS_SPECIMENS, "origin", n_specimens, origin, NULL), ADAMAS_OK);
    cr_assert_eq(dataset_make(&l->c, (const adamas_spectra *const *)&l->set, 1, 1, NULL), ADAMAS_OK);
    cr_assert_eq(dataset_screen(&l->c, &l->w, NULL), ADAMAS_OK);
    cr_assert_eq(compiled_method_make(&l->r, method, NULL), ADAMAS_OK);
    cr_assert_eq(dataset_cache_for_method(&l->c, l->r, &l->set->axis, &l->w, NULL), ADAMAS_OK);
}

static void unmake(library *l)
{
    compiled_method_free(l->r);
    dataset_clear(&l->c);
    spectra_free(l->set);
    work_end(&l->w);
}

/* All specimens evaluated by a classifier that is fitted to three in four of them. */
typedef struct results {
    double log_density[n_specimens][2], nonconformity[n_specimens][2], within_total;
    size_t shots[n_specimens], unusable[n_specimens];
} results;

static results evaluate(library *l)
{
    unsigned char training[n_specimens];
    for (size_t k = 0; k < n_specimens; k++)
        training[k] = k % 4 != 1 || k > 8;
    classifier j;
    specimen_scores scores;
    results out;
    cr_assert_eq(
        classifier_make(&j, &scores, l->r, &l->set->axis, &l->c, NULL, training, NULL, (reduction){4, 0}, &l->w, NULL),
        ADAMAS_OK);
    out.within_total = scores.within_total;
    for (size_t k = 0; k < n_specimens; k++) {
        out.shots[k] = scores.shots[k];
        out.unusable[k] = scores.unusable[k];
        cr_assert_eq(classifier_specimen(&j, &scores, k, out.log_density[k], out.nonconformity[k], NULL), ADAMAS_OK);
    }
    specimen_scores_clear(&scores);
    classifier_clear(&j);
    return out;
}

static void same_but_for_rounding(double a, double b)
{
    cr_assert_float_eq(a, b, 1e-4 * fmax(fabs(a), 1), "%.9g, %.9g", a, b);
}

Test(span_projection, classifiers_agree)
{
    static library l;
    make(&l, "area | pca(4) | twolevel");
    results before = evaluate(&l);
    cr_assert_eq(dataset_project_to_span(&l.c, l.r, &l.set->axis, &l.w, NULL), ADAMAS_OK);
    cr_assert_eq(l.c.n_coordinates, n_specimens - 1);
    results after = evaluate(&l);
    cr_assert_eq(before.unusable[0], 1);
    cr_assert_eq(memcmp(before.unusable, after.unusable, sizeof after.unusable), 0);
    cr_assert_eq(memcmp(before.shots, after.shots, sizeof after.shots), 0);
    same_but_for_rounding(before.within_total, after.within_total);
    for (size_t k = 0; k < n_specimens; k++)
        for (size_t o = 0; o < 2; o++) {
            same_but_for_rounding(before.log_density[k][o], after.log_density[k][o]);
            same_but_for_rounding(before.nonconformity[k][o], after.nonconformity[k][o]);
        }
    unmake(&l);
}

/* A classifier fitted to coordinates, with its components taken back to channels, gives the rows the results of one
 * that is fitted to the rows.
 */
Test(span_projection, classifiers_that_are_kept)
{
    static library l;
    make(&l, "area | pca(4) | twolevel");
    span_projection few;
    unsigned char training[n_specimens];
    for (size_t k = 0; k < n_specimens; k++)
        training[k] = k % 4 != 1 || k > 8;
    cr_assert_eq(span_projection_make(&few, &l.c, l.r, &l.set->axis, &l.w, NULL), ADAMAS_OK);
    cr_assert_eq(few.view.n_coordinates, n_specimens - 1);
    cr_assert_eq(l.c.n_coordinates, 0);
    results direct = evaluate(&l);
    classifier j;
    specimen_scores scores;
    cr_assert_eq(classifier_make(&j, NULL, l.r, &l.set->axis, &few.view, &few.span, training, NULL, (reduction){4, 0},
                                 &l.w, NULL),
                 ADAMAS_OK);
    span_projection_clear(&few);
    cr_assert_eq(classifier_scores(&scores, &(const classifier *){&j}, 1, &l.c, NULL, &l.w, NULL), ADAMAS_OK);
    for (size_t k = 0; k < n_specimens; k++) {
        double log_density[2], nonconformity[2];
        cr_assert_eq(classifier_specimen(&j, &scores, k, log_density, nonconformity, NULL), ADAMAS_OK);
        for (size_t o = 0; o < 2; o++) {
            same_but_for_rounding(log_density[o], direct.log_density[k][o]);
            same_but_for_rounding(nonconformity[o], direct.nonconformity[k][o]);
        }
    }
    specimen_scores_clear(&scores);
    classifier_clear(&j);
    unmake(&l);
}

/* Components of shots do not lie in the span of the specimens' means; a fitted step makes rows anew in each
 * fold. */
Test(span_projection, only_if_nothing_is_lost)
{
    static const char *const methods[] = {"snv | pca(4, of=shots) | twolevel", "align | snv | pca(4) | twolevel"};
    for (size_t i = 0; i < 2; i++) {
        static library l;
        make(&l, methods[i]);
        cr_assert_eq(dataset_project_to_span(&l.c, l.r, &l.set->axis, &l.w, NULL), ADAMAS_OK);
        cr_assert_eq(l.c.n_coordinates, 0);
        unmake(&l);
    }
}

/* The same specimens with an origin less: the others keep their order. */
Test(span_projection, a_view_without_an_origin)
{
    static library l;
    make(&l, "snv | pca(4) | twolevel");
    dataset view;
    cr_assert_eq(dataset_without(&view, &l.c, 0, NULL), ADAMAS_OK);
    cr_assert_eq(view.n_origins, 1);
    cr_assert_str_eq(view.origins[0], "B");
    for (size_t k = 0; k < n_specimens; k++)
        cr_assert_eq(view.origin[k], k % 2 ? 0 : 1);
    cr_assert_eq(view.cache, l.c.cache);
    dataset_without_clear(&view);
    unmake(&l);
}
