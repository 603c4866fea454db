/* epo: the directions are those in which sessions differ within localities, and they are gone afterwards. */
#include "reduce/epo.h"

#include "base/memory.h"
#include "reduce/pca.h"
#include "reduce/pca_file.h"

#include "folder.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { n_specimens = 60, n_channels = 40, n_localities = 5, n_sessions = 4, max_directions = 6 };

typedef struct library {
    float rows[n_specimens * n_channels];
    size_t locality[n_specimens], session[n_specimens];
    work w;
} library;

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0 - 0.5;
}

/* Locality + session + specimen, on a level of 10. Sessions are not balanced over localities. */
static void make(library *l, double session_size, double specimen_size)
{
    uint64_t state = 5;
    static double of_locality[n_localities * n_channels], of_session[n_sessions * n_channels];
    for (size_t i = 0; i < n_localities * n_channels; i++)
        of_locality[i] = uniform(&state);
    for (size_t i = 0; i < n_sessions * n_channels; i++)
        of_session[i] = session_size * uniform(&state);
    for (size_t k = 0; k < n_specimens; k++) {
        l->locality[k] = k % n_localities;
        l->session[k] = (k / n_localities + (k % 3 == 0)) % n_sessions;
        for (size_t c = 0; c < n_channels; c++)
            l->rows[k * n_channels + c] =
                (float)(10 + of_locality[l->locality[k] * n_channels + c] + of_session[l->session[k] * n_channels + c] +
                        specimen_size * uniform(&state));
    }
    cr_assert_eq(work_begin(&l->w, NULL, NULL), ADAMAS_OK);
}

static size_t fit(library *l, size_t most, float *directions)
{
    epo_sums *s;
    size_t n;
    cr_assert_eq(epo_sums_make(&s, n_localities, n_sessions, n_channels, NULL), ADAMAS_OK);
    for (size_t k = 0; k < n_specimens; k++)
        epo_sums_add(s, l->locality[k], l->session[k], l->rows + k * n_channels);
    cr_assert_eq(epo_fit(s, most, &n, directions, &l->w, NULL), ADAMAS_OK);
    epo_sums_free(s);
    return n;
}

static double inner(const float *a, const float *b)
{
    double sum = 0;
    for (size_t c = 0; c < n_channels; c++)
        sum += (double)a[c] * b[c];
    return sum;
}

Test(epo, as_many_directions_as_differences)
{
    library l;
    float e[max_directions * n_channels];
    make(&l, 1, 0.1);
    cr_assert_eq(fit(&l, max_directions, e), n_sessions - 1);
    for (size_t a = 0; a < n_sessions - 1; a++)
        for (size_t b = 0; b <= a; b++)
            cr_assert_float_eq(inner(e + a * n_channels, e + b * n_channels), a == b, 1e-6);
    cr_assert_eq(fit(&l, 2, e), 2);
    cr_assert_eq(fit(&l, 0, e), 0);
    work_end(&l.w);
}

/* Without noise, specimens of a locality are the same once the sessions are removed. */
Test(epo, differences_between_sessions_are_gone)
{
    library l;
    float e[max_directions * n_channels];
    make(&l, 1, 0);
    size_t n = fit(&l, max_directions, e);
    for (size_t k = 0; k < n_specimens; k++)
        epo_remove(n, n_channels, e, l.rows + k * n_channels);
    for (size_t k = n_localities; k < n_specimens; k++)
        for (size_t c = 0; c < n_channels; c++)
            cr_assert_float_eq(l.rows[k * n_channels + c], l.rows[k % n_localities * n_channels + c], 2e-6);
    work_end(&l.w);
}

/* Confounded: each locality in a session of its own; then sessions that are not known. */
Test(epo, nothing_if_sessions_cannot_be_told_from_localities)
{
    library l;
    float e[max_directions * n_channels];
    make(&l, 1, 0.1);
    for (size_t k = 0; k < n_specimens; k++)
        l.session[k] = l.locality[k] % n_sessions;
    cr_assert_eq(fit(&l, max_directions, e), 0);
    for (size_t k = 0; k < n_specimens; k++)
        l.session[k] = n_sessions;
    cr_assert_eq(fit(&l, max_directions, e), 0);
    work_end(&l.w);
}

static pca components(library *l, size_t n, const float *e, size_t rows)
{
    pca_accumulator *sum;
    pca p;
    cr_assert_eq(pca_accumulator_make(&sum, rows, n_channels, NULL), ADAMAS_OK);
    if (n)
        cr_assert_eq(pca_accumulator_remove(sum, n, e, NULL), ADAMAS_OK);
    cr_assert_eq(pca_accumulator_add(sum, rows, l->rows, &l->w, NULL), ADAMAS_OK);
    cr_assert_eq(pca_fit(&p, sum, 5, &l->w, NULL), ADAMAS_OK);
    pca_accumulator_free(sum);
    return p;
}

/* The scores and the residual of a spectrum are those of the spectrum without the directions, and are unchanged by
 * anything along them. On both routes of the pca. */
Test(epo, what_is_removed_changes_neither_scores_nor_residual)
{
    library l;
    float e[max_directions * n_channels];
    make(&l, 1, 0.3);
    size_t n = fit(&l, max_directions, e);
    const size_t n_rows[] = {36, n_specimens};
    for (size_t route = 0; route < 2; route++) {
        pca p = components(&l, n, e, n_rows[route]);
        size_t all = p.n_components + p.n_removed;
        double score[2][16];
        float row[2 * n_channels], *scratch = memory_raw(pca_scratch(&p), sizeof *scratch);
        cr_assert_eq(p.n_removed, n);
        for (size_t c = 0; c < n_channels; c++) {
            row[c] = l.rows[c];
            row[n_channels + c] = l.rows[c] + 3 * e[c] - 2 * e[n_channels + c];
        }
        for (size_t i = 0; i < 2; i++)
            pca_scores(&p, all, 1, row + i * n_channels, score[i], scratch);
        for (size_t a = 0; a < p.n_components; a++)
            cr_assert_float_eq(score[0][a], score[1][a], 1e-5);
        cr_assert_float_eq(pca_residual(&p, row, score[0]), pca_residual(&p, row + n_channels, score[1]), 1e-4);
        pca_clear(&p);
        free(scratch);
    }
    work_end(&l.w);
}

Test(epo, comes_back_from_a_file)
{
    library l;
    float e[max_directions * n_channels];
    store *file;
    pca back;
    make(&l, 1, 0.3);
    pca p = components(&l, fit(&l, 2, e), e, n_specimens);
    folder_begin();
    const char *path = in_folder("pca.h5");
    cr_assert_eq(store_create(&file, path, NULL), ADAMAS_OK);
    cr_assert_eq(pca_save(&p, file, "/pca", NULL), ADAMAS_OK);
    cr_assert_eq(store_commit(file, NULL), ADAMAS_OK);
    cr_assert_eq(store_open(&file, path, NULL), ADAMAS_OK);
    cr_assert_eq(pca_load(&back, file, "/pca", NULL), ADAMAS_OK);
    store_close(file);
    cr_assert(back.n_removed == 2 && back.n_components == p.n_components);
    cr_assert_arr_eq(back.components, p.components, (p.n_components + p.n_removed) * n_channels * sizeof *p.components);
    pca_clear(&back);
    pca_clear(&p);
    folder_end();
    work_end(&l.w);
}
