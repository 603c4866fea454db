/* lda: posteriors are those of scikit-learn and of cases computed by hand. */
#include "match/matchers.h"

#include "match_set.h"

static const step_value training = {NAN, "training|equal"}, equal = {NAN, "equal"};

static const size_t one_each[most_specimens] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

/* Origins 1, 3 and 10, 12, 14: means 2 and 12, pooled variance (2 + 8) / 3. */
static void by_hand(match_set *s)
{
    const double score[] = {1, 3, 10, 12, 14};
    *s = (match_set){0};
    for (size_t i = 0; i < 5; i++)
        add_specimen(s, 1, 1, &score[i], i >= 2);
}

Test(lda, exact_case)
{
    match_set s;
    by_hand(&s);
    void *state = fitted(&lda_match, &training, &s, 1);
    double density[2], prior[2], scratch[1], probability[2];
    const double y = 6, variance = 10.0 / 3;
    lda_match.density(state, &y, 3, density, scratch);
    lda_match.prior(state, prior);
    cr_assert_float_eq(density[0], -0.5 * log(2 * M_PI * variance) - 16 / variance / 2, 1e-14);
    cr_assert_float_eq(density[1], -0.5 * log(2 * M_PI * variance) - 36 / variance / 2, 1e-14);
    cr_assert_float_eq(prior[0], 0.4, 1e-15);
    cr_assert_float_eq(prior[1], 0.6, 1e-15);
    match_posterior(2, density, prior, probability);
    cr_assert_float_eq(probability[0], -log1p(0.6 / 0.4 * exp(-3)), 1e-14);
    lda_match.destroy(state);
    state = fitted(&lda_match, &equal, &s, 1);
    lda_match.prior(state, prior);
    cr_assert(prior[0] == 0.5 && prior[1] == 0.5);
    lda_match.destroy(state);
}

/* Two correlated components: pooled covariance [2 1; 1 2] / 2, determinant 3/4. */
Test(lda, exact_case_of_two_components)
{
    const double score[][2] = {{1, 1}, {-1, -1}, {0.5, -0.5}, {-0.5, 0.5}};
    match_set s = {0};
    for (size_t i = 0; i < 4; i++)
        add_specimen(&s, 2, 1, score[i], i / 2);
    void *state = fitted(&lda_match, &training, &s, 2);
    const double y[] = {1, 2}; /* covariance [1.25 0.75; 0.75 1.25]: inverse [1.25 -0.75; -0.75 1.25] */
    double density[2], scratch[2];
    lda_match.density(state, y, 1, density, scratch);
    for (size_t k = 0; k < 2; k++)
        cr_assert_float_eq(density[k], -log(2 * M_PI) - (1.25 + 5 - 3) / 2, 1e-14);
    lda_match.destroy(state);
}

/* Probabilities that scikit-learn 1.2's LinearDiscriminantAnalysis gives for the same numbers. */
Test(lda, equals_scikit_learn)
{
    static const double expected[2][3][3] = {
        {{0.9995502312971536, 0.00044456322504437206, 5.205477802017884e-06},
         {4.1698118612305014e-10, 0.06603062463251211, 0.9339693749505067},
         {0.025238856050848277, 0.9732902321083013, 0.001470911840850394}},
        {{0.9994561643591324, 0.0005334256650309929, 1.0409975836651442e-05},
         {2.1414668896018154e-10, 0.040693173041679735, 0.9593068267441736},
         {0.02110044730253011, 0.9764400990897469, 0.0024594536077230853}},
    };
    const size_t origin[] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2};
    match_set s;
    simulate(&s, 5, 14, 3, 3, one_each, origin);
    void *states[] = {fitted(&lda_match, &training, &s, 3), fitted(&lda_match, &equal, &s, 3)};
    for (size_t i = 0; i < 3; i++) {
        double y[3], found[3];
        for (size_t a = 0; a < 3; a++)
            y[a] = 2.0 * uniform(&s.state) / (double)(1 + a);
        for (size_t priors = 0; priors < 2; priors++) {
            posterior(&lda_match, states[priors], 3, y, 1, found);
            for (size_t k = 0; k < 3; k++)
                cr_assert_float_eq(exp(found[k]), expected[priors][i][k], 1e-9);
        }
    }
    comes_back(&lda_match, states[0], s.data.n_components, &s);
    lda_match.destroy(states[0]);
    lda_match.destroy(states[1]);
    lda_match.destroy(NULL);
}

/* Further components in the data have no influence. */
Test(lda, fits_the_leading_components)
{
    const size_t origin[] = {0, 1, 0, 1, 0, 1, 0, 1};
    match_set s, cut = {0};
    simulate(&s, 8, 8, 2, 4, one_each, origin);
    for (size_t i = 0; i < 8; i++)
        add_specimen(&cut, 2, 1, s.mean + i * 4, origin[i]);
    void *a = fitted(&lda_match, &training, &s, 2), *b = fitted(&lda_match, &training, &cut, 2);
    double of_a[2], of_b[2], scratch[2];
    lda_match.density(a, s.mean, 1, of_a, scratch);
    lda_match.density(b, s.mean, 1, of_b, scratch);
    cr_assert_arr_eq(of_a, of_b, sizeof of_a);
    lda_match.destroy(a);
    lda_match.destroy(b);
}

Test(lda, refusals)
{
    const size_t origin[] = {0, 1, 0, 1, 0};
    match_set s;
    simulate(&s, 8, 5, 2, 4, one_each, origin);
    refuses(&lda_match, &training, &s, 4,
            "lda on 4 components of 2 origins needs 6 training specimens, 5 found (twolevel needs fewer)");
    lda_match.destroy(fitted(&lda_match, &training, &s, 3));
    memset(s.mean, 0, sizeof s.mean);
    refuses(&lda_match, &training, &s, 3, "a covariance matrix of 3 components is not positive definite");
}
