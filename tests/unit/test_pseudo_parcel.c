/* Pseudo-parcels: specimens drawn from a library have the mean and the covariance of their origin, locality and
 * session. */
#include "parcel_set.h"

enum { draws = 40000 };

static const set_plan three = {.n_origins = 3,
                               .localities = {8, 5, 1},
                               .specimens = 12,
                               .apart = 4,
                               .rho = 0.5,
                               .sigma = 0.3,
                               .n_sessions = 4,
                               .seed = 3};

/* Mean and covariance of rows[n, 2] that are added one by one. */
typedef struct moments {
    double n, sum[set_d], product[set_d * set_d];
} moments;

/* x and y: the same row, or two whose covariance is wanted. */
static void add(moments *m, const double *x, const double *y)
{
    m->n++;
    for (size_t a = 0; a < set_d; a++) {
        m->sum[a] += (x[a] + y[a]) / 2;
        for (size_t b = 0; b < set_d; b++)
            m->product[a * set_d + b] += (x[a] * y[b] + x[b] * y[a]) / 2;
    }
}

/* Within five standard errors, those of a covariance being at most sqrt(2 / n) of the larger variance. */
static void assert_moments(const char *what, const moments *m, const double *mean, const double *covariance,
                           const double *variance)
{
    for (size_t a = 0; a < set_d; a++) {
        double error = 5 * sqrt(variance[a * set_d + a] / m->n);
        cr_assert_float_eq(m->sum[a] / m->n, mean[a], error, "%s: mean %g, not %g", what, m->sum[a] / m->n, mean[a]);
        for (size_t b = 0; b < set_d; b++) {
            double found = m->product[a * set_d + b] / m->n - m->sum[a] / m->n * m->sum[b] / m->n;
            error = 5 * sqrt(2 / m->n) * fmax(variance[0], variance[3]);
            cr_assert_float_eq(found, covariance[a * set_d + b], error, "%s: covariance %g, not %g", what, found,
                               covariance[a * set_d + b]);
        }
    }
}

/* to += factor B, B = W W^T. */
static void add_within(const parcel_model *m, double factor, double *to)
{
    for (size_t a = 0; a < set_d; a++)
        for (size_t b = 0; b < set_d; b++)
            for (size_t c = 0; c < set_d; c++)
                to[a * set_d + b] += factor * m->whiten[a * set_d + c] * m->whiten[b * set_d + c];
}

static void mean_of(const parcel_set *s, size_t origin, size_t locality, double *mean)
{
    double n = 0;
    mean[0] = mean[1] = 0;
    for (size_t i = 0; i < s->library.n; i++)
        if (s->origin[i] == origin && (locality == PARCEL_UNKNOWN || s->locality[i] == locality)) {
            n++;
            mean[0] += s->rows[2 * i];
            mean[1] += s->rows[2 * i + 1];
        }
    mean[0] /= n;
    mean[1] /= n;
}

Test(pseudo_parcel, localities_are_dealt_to_folds)
{
    parcel_set s;
    set_make(&s, &three);
    cr_assert_eq(s.pseudo.n_localities, 14);
    for (size_t o = 0; o < 3; o++)
        cr_assert_eq(pseudo_n_localities(&s.pseudo, o), three.localities[o]);
    size_t in_fold[3][PSEUDO_FOLDS] = {{0}};
    for (size_t i = 0; i < s.library.n; i++) {
        size_t folds = 0;
        for (size_t fold = 0; fold < PSEUDO_FOLDS; fold++) {
            int is_in = pseudo_is_in_fold(&s.pseudo, i, fold);
            folds += is_in != 0;
            in_fold[s.origin[i]][fold] += is_in != 0;
            cr_assert_eq(is_in, pseudo_is_in_fold(&s.pseudo, i - i % 12, fold), "a locality in two folds");
        }
        cr_assert_eq(folds, s.origin[i] == 2 ? PSEUDO_FOLDS : 1);
    }
    for (size_t fold = 0; fold < PSEUDO_FOLDS; fold++) {
        cr_assert_eq(in_fold[0][fold], 24);
        cr_assert_eq(in_fold[1][fold], fold == 0 ? 24 : 12);
        cr_assert_eq(in_fold[2][fold], 12);
    }
    set_clear(&s);
}

/* An origin of two localities has two folds, whatever the number of the fold. */
Test(pseudo_parcel, an_origin_of_two_localities)
{
    parcel_set s;
    set_plan two = three;
    two.localities[1] = 2;
    set_make(&s, &two);
    for (size_t i = 96; i < 120; i++)
        for (size_t fold = 0; fold < PSEUDO_FOLDS; fold++)
            cr_assert_eq(pseudo_is_in_fold(&s.pseudo, i, fold), (i < 108) == (fold % 2 == 0));
    set_clear(&s);
}

Test(pseudo_parcel, localities_that_are_not_known_are_one_by_origin)
{
    parcel_set s;
    set_make(&s, &three);
    pseudo_library one;
    s.library.locality = NULL;
    cr_assert_eq(pseudo_library_make(&one, &s.library, &s.model, NULL), ADAMAS_OK);
    cr_assert_eq(one.n_localities, 3);
    for (size_t o = 0; o < 3; o++)
        cr_assert_eq(pseudo_n_localities(&one, o), 1);
    pseudo_library_clear(&one);
    set_clear(&s);
}

/* Over all folds: the origin's mean; between specimens of one pseudo-parcel what is known of localities, and its error;
 * of a specimen also the deviations of the origin's specimens from their localities. */
Test(pseudo_parcel, specimens_have_the_mean_and_covariance_of_their_origin)
{
    parcel_set s;
    set_make(&s, &three);
    double rho = s.model.ratio.rho_mean, shrunk = 12 * rho / (1 + 12 * rho);
    double mean[2], shared[4] = {0}, whole[4];
    mean_of(&s, 0, PARCEL_UNKNOWN, mean);
    for (size_t l = 0; l < 8; l++) {
        double own[2];
        mean_of(&s, 0, 7 * l + 3, own);
        for (size_t i = 0; i < 4; i++)
            shared[i] += shrunk * shrunk * (own[i / 2] - mean[i / 2]) * (own[i % 2] - mean[i % 2]) / 8;
    }
    add_within(&s.model, rho / (1 + 12 * rho), shared);
    memcpy(whole, shared, sizeof whole);
    for (size_t i = 0; i < 96; i++) {
        double own[2];
        mean_of(&s, 0, s.locality[i], own);
        for (size_t j = 0; j < 4; j++)
            whole[j] += (s.rows[2 * i + j / 2] - own[j / 2]) * (s.rows[2 * i + j % 2] - own[j % 2]) / 96;
    }
    cr_assert(rho > 0.1 && rho < 2, "rho %g", rho);
    moments alone = {0}, two = {0};
    random_stream r = {.seed = 11};
    for (size_t k = 0; k < draws; k++) {
        double rows[4];
        pseudo_specimens(&s.pseudo, 0, k % PSEUDO_FOLDS, 2, &r, rows);
        add(&alone, rows, rows);
        add(&two, rows, rows + 2);
    }
    assert_moments("a specimen", &alone, mean, whole, whole);
    assert_moments("two specimens", &two, mean, shared, whole);
    set_clear(&s);
}

/* Stones of a fold are around its own localities, so not around the origin's mean. */
Test(pseudo_parcel, specimens_of_a_fold)
{
    parcel_set s;
    set_make(&s, &three);
    double rho = s.model.ratio.rho_mean, shrunk = 12 * rho / (1 + 12 * rho), mean[2], own[2][2];
    mean_of(&s, 0, PARCEL_UNKNOWN, mean);
    mean_of(&s, 0, 7 * 2 + 3, own[0]);
    mean_of(&s, 0, 7 * 6 + 3, own[1]);
    double sum[2] = {0}, rows[2];
    random_stream r = {.seed = 12};
    for (size_t k = 0; k < draws; k++) {
        pseudo_specimens(&s.pseudo, 0, 2, 1, &r, rows);
        sum[0] += rows[0] / draws;
        sum[1] += rows[1] / draws;
    }
    for (size_t a = 0; a < 2; a++)
        cr_assert_float_eq(sum[a], mean[a] + shrunk * ((own[0][a] + own[1][a]) / 2 - mean[a]), 0.05);
    set_clear(&s);
}

/* Stones of the one locality of an origin stand for others of it in every fold. */
Test(pseudo_parcel, an_origin_of_one_locality)
{
    parcel_set s;
    set_make(&s, &three);
    double mean[2], shared[4] = {0}, whole[4];
    double rho = s.model.ratio.rho_mean;
    mean_of(&s, 2, PARCEL_UNKNOWN, mean);
    add_within(&s.model, rho / (1 + 12 * rho), shared);
    memcpy(whole, shared, sizeof whole);
    for (size_t i = s.library.n - 12; i < s.library.n; i++)
        for (size_t j = 0; j < 4; j++)
            whole[j] += (s.rows[2 * i + j / 2] - mean[j / 2]) * (s.rows[2 * i + j % 2] - mean[j % 2]) / 12;
    for (size_t fold = 0; fold < PSEUDO_FOLDS; fold++) {
        moments m = {0}, two = {0};
        random_stream r = {.seed = 13 + fold};
        for (size_t k = 0; k < draws / 4; k++) {
            double rows[4];
            pseudo_specimens(&s.pseudo, 2, fold, 2, &r, rows);
            add(&m, rows, rows);
            add(&two, rows, rows + 2);
        }
        assert_moments("the one locality", &m, mean, whole, whole);
        assert_moments("two of it", &two, mean, shared, whole);
    }
    set_clear(&s);
}

/* Specimens of none in one parcel share a mean, N(grand mean, (tau + rho) B); around it they are as B / T. */
Test(pseudo_parcel, specimens_of_none)
{
    parcel_set s;
    set_make(&s, &three);
    const parcel_model *m = &s.model;
    double mean[2] = {0}, shared[4] = {0}, whole[4];
    for (size_t a = 0; a < 2; a++)
        for (size_t b = 0; b <= a; b++)
            mean[a] += m->whiten[2 * a + b] * m->grand_mean[b];
    add_within(m, m->tau + m->ratio.rho_mean, shared);
    memcpy(whole, shared, sizeof whole);
    add_within(m, 1 / m->likelihood_power, whole);
    moments alone = {0}, two = {0}, within = {0};
    random_stream r = {.seed = 14};
    for (size_t k = 0; k < draws; k++) {
        double rows[4], between[2];
        pseudo_specimens_of_none(&s.pseudo, 2, &r, rows);
        add(&alone, rows, rows);
        add(&two, rows, rows + 2);
        between[0] = (rows[0] - rows[2]) / sqrt(2);
        between[1] = (rows[1] - rows[3]) / sqrt(2);
        add(&within, between, between);
    }
    assert_moments("one of none", &alone, mean, whole, whole);
    assert_moments("two of none", &two, mean, shared, whole);
    double narrow[4] = {0};
    add_within(m, 1 / m->likelihood_power, narrow);
    assert_moments("their difference", &within, (double[]){0, 0}, narrow, narrow);
    set_clear(&s);
}

/* All specimens move together, by N(0, sigma (1 + 1/S) B). */
Test(pseudo_parcel, a_session_shifts_all_specimens_alike)
{
    parcel_set s;
    set_make(&s, &three);
    cr_assert_eq(s.model.n_sessions, 4);
    cr_assert_gt(s.model.ratio.sigma_mean, 0.01);
    moments m = {0};
    double expected[4] = {0};
    add_within(&s.model, s.model.ratio.sigma_mean * 1.25, expected);
    random_stream r = {.seed = 15};
    for (size_t k = 0; k < draws; k++) {
        double rows[6] = {0, 0, 1, 2, -5, 7};
        pseudo_add_session_shift(&s.pseudo, 3, &r, rows);
        cr_assert_float_eq(rows[2] - rows[0], 1, 1e-12);
        cr_assert_float_eq(rows[5] - rows[1], 7, 1e-12);
        add(&m, rows, rows);
    }
    assert_moments("the shift", &m, (double[]){0, 0}, expected, expected);
    set_clear(&s);
}

Test(pseudo_parcel, the_same_stream_gives_the_same_specimens)
{
    parcel_set s;
    set_make(&s, &three);
    double rows[3][40];
    for (size_t k = 0; k < 3; k++) {
        random_stream r = {.seed = 16, .stream = k == 2};
        pseudo_specimens(&s.pseudo, 1, 3, 10, &r, rows[k]);
        pseudo_specimens_of_none(&s.pseudo, 10, &r, rows[k] + 20);
        pseudo_add_session_shift(&s.pseudo, 20, &r, rows[k]);
    }
    cr_assert_arr_eq(rows[0], rows[1], sizeof rows[0]);
    cr_assert_arr_neq(rows[0], rows[2], sizeof rows[0]);
    set_clear(&s);
}
