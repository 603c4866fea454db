/* The principal components of a fit to shots, against sums made one shot at a time. */
#include "base/memory.h"
#include "base/random.h"
#include "dataset/scan.h"
#include "training/match_step.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* The first specimen alone has more shots than are multiplied together; the others make several groups of them. */
enum { n_specimens = 60, first_shots = PCA_BATCH_ROWS + 100, n_shots = 2 * first_shots, n_channels = 30, few = 4 };

static size_t specimen_of(size_t shot)
{
    return shot < first_shots ? 0 : 1 + (shot - first_shots) * (n_specimens - 1) / (n_shots - first_shots);
}

/* Four strengths of falling size, each along a direction of its own, and a little noise. */
static void fill(float *rows)
{
    random_stream random = {.seed = 3};
    for (size_t s = 0; s < n_shots; s++) {
        double strength[few];
        for (size_t k = 0; k < few; k++)
            strength[k] = (random_uniform(&random) - 0.5) * (double)(few - k);
        for (size_t i = 0; i < n_channels; i++)
            rows[s * n_channels + i] = (float)(100 + strength[i % few] + 0.01 * random_uniform(&random));
    }
}

typedef struct library {
    adamas_spectra *set;
    dataset c;
    work w;
    compiled_method *r;
    float *rows;
} library;

static void make(library *l, int threads)
{
    static double nm[n_channels];
    static char id[n_specimens][24];
    static const char *specimen[n_shots], *origin[n_specimens];
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = threads;
    l->rows = memory_raw(n_shots * n_channels, sizeof *l->rows);
    fill(l->rows);
    for (size_t i = 0; i < n_channels; i++)
        nm[i] = 300 + 0.1 * (double)i;
    for (size_t k = 0; k < n_specimens; k++) {
        snprintf(id[k], sizeof id[k], "s%zu", k);
        origin[k] = k % 2 ? "B" : "A";
    }
    for (size_t s = 0; s < n_shots; s++)
        specimen[s] = id[specimen_of(s)];
    cr_assert_eq(work_begin(&l->w, &options, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_lend(&l->set, n_shots, n_channels, l->rows, nm, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(l->set, ADAMAS_SHOTS, "specimen", n_shots, specimen, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(l->set, ADAMAS_SPECIMENS, "origin", n_specimens, origin, NULL), ADAMAS_OK);
    cr_assert_eq(dataset_make(&l->c, (const adamas_spectra *const *)&l->set, 1, 1, NULL), ADAMAS_OK);
    cr_assert_eq(dataset_screen(&l->c, &l->w, NULL), ADAMAS_OK);
    cr_assert_eq(compiled_method_make(&l->r, "pca(4, of=shots)", NULL), ADAMAS_OK);
}

static void unmake(library *l)
{
    compiled_method_free(l->r);
    dataset_clear(&l->c);
    spectra_free(l->set);
    work_end(&l->w);
    free(l->rows);
}

/* Of all specimens but every fifth. */
static pca fit_shots(library *l, unsigned char *training)
{
    fit f;
    row_cache rows = {0};
    for (size_t k = 0; k < n_specimens; k++)
        training[k] = k % 5 != 4;
    cr_assert_eq(fit_make(&f, l->r, &l->set->axis, &l->c, training, (reduction){few, 0}, &rows, &l->w, NULL),
                 ADAMAS_OK);
    row_cache_clear(&rows);
    pca found = f.pca;
    f.pca = (pca){0};
    fit_clear(&f);
    return found;
}

/* The sum of squares along a component, about the mean, in float64 and by one shot after the other. */
static double spread_along(const library *l, const unsigned char *training, const pca *p, size_t component)
{
    double sum = 0, squares = 0, n = 0;
    for (size_t s = 0; s < n_shots; s++) {
        if (!training[specimen_of(s)] || l->c.shot_flag[s] != ADAMAS_SHOT_USED)
            continue;
        double score = 0;
        for (size_t i = 0; i < n_channels; i++)
            score += (l->rows[s * n_channels + i] - p->mean[i]) * p->components[component * n_channels + i];
        sum += score;
        squares += score * score;
        n++;
    }
    cr_assert_float_eq(sum / n, 0, 1e-5, "the mean is that of all training shots");
    cr_assert_eq(n, p->n_rows);
    return squares / (n - 1);
}

Test(fit, more_shots_than_are_multiplied_together)
{
    library l;
    unsigned char training[n_specimens];
    make(&l, 2);
    pca found = fit_shots(&l, training);
    cr_assert_eq(found.n_components, few);
    cr_assert_gt(found.n_rows, PCA_BATCH_ROWS);
    for (size_t k = 0; k < few; k++)
        cr_assert_float_eq(spread_along(&l, training, &found, k), found.variance[k], 1e-6 * found.variance[0]);
    pca_clear(&found);
    unmake(&l);
}

Test(fit, is_the_same_on_one_thread_and_on_two)
{
    library one, two;
    unsigned char training[n_specimens];
    make(&one, 1);
    make(&two, 2);
    pca a = fit_shots(&one, training), b = fit_shots(&two, training);
    cr_assert_arr_eq(a.components, b.components, few * n_channels * sizeof *a.components);
    cr_assert_arr_eq(a.variance, b.variance, few * sizeof *a.variance);
    pca_clear(&a);
    pca_clear(&b);
    unmake(&one);
    unmake(&two);
}
