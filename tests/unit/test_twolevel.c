/* twolevel: covariances and densities of cases computed by hand, integrals of 1, refusals. */
#include "match/matchers.h"

#include "match_set.h"

static const step_value none = {0};

static const size_t one_each[most_specimens] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

typedef struct answer {
    size_t n_shots;
    double log_probability[3];
} answer;

static void *check_answers(match_set *s, size_t p, const answer *answers)
{
    void *state = fitted(&twolevel_match, &none, s, p);
    for (size_t i = 0; i < 3; i++) {
        double y[most_components], found[3];
        for (size_t a = 0; a < p; a++)
            y[a] = 2.0 * uniform(&s->state) / (double)(1 + a);
        posterior(&twolevel_match, state, 3, y, answers[i].n_shots, found);
        for (size_t k = 0; k < 3; k++)
            cr_assert_float_eq(found[k], answers[i].log_probability[k], 1e-8, "%.12g, expected %.12g", found[k],
                               answers[i].log_probability[k]);
    }
    return state;
}

/* The expected numbers of the next five tests are those of the same formulas in NumPy, written independently. */

/* 2 to 8 shots a specimen; T shrunk by 0.57; one eigenvalue of B cut to 0. */
Test(twolevel, several_shots_a_specimen)
{
    static const answer answers[] = {
        {1, {-3.2730706381323227, -3.456311655285168, -0.0719642122083375}},
        {3, {-0.13981481238112214, -2.2932382697155362, -3.521952752766641}},
        {50, {-4.314460116937165, -2.0082909272010108, -0.159689564954932}},
    };
    size_t shots[12], origin[12];
    for (size_t i = 0; i < 12; i++) {
        shots[i] = 2 + 5 * i % 7;
        origin[i] = i % 3;
    }
    match_set s;
    simulate(&s, 11, 12, 3, 4, shots, origin);
    void *state = check_answers(&s, 4, answers);
    comes_back(&twolevel_match, state, s.data.n_components, &s);
    twolevel_match.destroy(state);
}

/* Correlations within origins that are only noise: T is shrunk to its diagonal. */
Test(twolevel, several_shots_and_a_diagonal_covariance)
{
    static const answer answers[] = {
        {1, {-0.7955194280813386, -2.474032034089394, -0.766990141441236}},
        {3, {-0.08034576814609576, -3.437543113483095, -3.099777627982981}},
        {50, {-1.7653931499550448, -0.18772345706613744, -10.215027932378888}},
    };
    size_t shots[12], origin[12];
    for (size_t i = 0; i < 12; i++) {
        shots[i] = 2 + 5 * i % 7;
        origin[i] = i % 3;
    }
    match_set s;
    simulate(&s, 1, 12, 3, 4, shots, origin);
    twolevel_match.destroy(check_answers(&s, 4, answers));
}

/* W cannot be estimated: the number of shots has no influence. */
Test(twolevel, one_shot_a_specimen)
{
    static const answer answers[] = {
        {1, {-6.0508713397611185e-05, -9.952749787777348, -11.257484384918778}},
        {3, {-0.00024259169257211992, -8.4025458172626, -10.910431460816536}},
        {50, {-0.00010568892908308424, -10.098685636334313, -9.648074158634383}},
    };
    size_t origin[15];
    for (size_t i = 0; i < 15; i++)
        origin[i] = i % 3;
    match_set s;
    simulate(&s, 2, 15, 3, 4, one_each, origin);
    void *state = check_answers(&s, 4, answers);
    double one[3], many[3];
    posterior(&twolevel_match, state, 3, s.mean, 1, one);
    posterior(&twolevel_match, state, 3, s.mean, 1000, many);
    cr_assert_arr_eq(one, many, sizeof one);
    comes_back(&twolevel_match, state, s.data.n_components, &s);
    twolevel_match.destroy(state);
}

Test(twolevel, more_components_than_specimens)
{
    static const answer answers[] = {
        {1, {-0.9643099259898179, -3.186777529073376, -0.5491350780101897}},
        {3, {-6.49379286252262, -6.526900408280527, -0.0029807735523250424}},
        {50, {-0.9418943925011287, -4.190361296350399, -0.5192431972842779}},
    };
    const size_t shots[] = {5, 5, 5, 5, 5, 5, 5, 5, 5}, origin[] = {0, 0, 0, 0, 1, 1, 1, 2, 2};
    match_set s;
    simulate(&s, 3, 9, 3, 12, shots, origin);
    twolevel_match.destroy(check_answers(&s, 12, answers));
}

/* Half of the specimens have a second shot: fewer degrees of freedom than specimens, so W = 0 here too. */
Test(twolevel, too_few_second_shots)
{
    static const answer answers[] = {
        {1, {-1.0440542799573755, -0.4426913079287863, -5.172571415639773}},
        {3, {-0.0023950374266507295, -6.2003197459096215, -7.920034539441528}},
        {50, {-0.005196869325660001, -6.875706093669749, -5.484449212236613}},
    };
    size_t shots[12], origin[12];
    for (size_t i = 0; i < 12; i++) {
        shots[i] = 1 + i % 2;
        origin[i] = i % 3;
    }
    match_set s;
    simulate(&s, 4, 12, 3, 4, shots, origin);
    twolevel_match.destroy(check_answers(&s, 4, answers));
}

/* W is estimated from S - 1 degrees of freedom on: then the number of shots matters. */
Test(twolevel, when_w_is_told)
{
    size_t origin[12], shots[12];
    for (size_t second = 9; second <= 11; second++) {
        for (size_t i = 0; i < 12; i++) {
            origin[i] = i % 3;
            shots[i] = i < second ? 2 : 1;
        }
        match_set s;
        simulate(&s, 6, 12, 3, 2, shots, origin);
        void *state = fitted(&twolevel_match, &none, &s, 2);
        double one[3], many[3], scratch[2];
        twolevel_match.density(state, s.mean, 1, one, scratch);
        twolevel_match.density(state, s.mean, 100, many, scratch);
        cr_assert_eq(one[0] == many[0], second < 11, "%zu second shots", second);
        twolevel_match.destroy(state);
    }
}

/* Log density of Student's t around m with this squared scale. */
static double student(double y, double m, double v, double nu)
{
    return lgamma((nu + 1) / 2) - lgamma(nu / 2) - log(nu * M_PI * v) / 2 -
           (nu + 1) / 2 * log(1 + (y - m) * (y - m) / (v * nu));
}

/* Origins of means 1, 3 and 10, 12, 14: T = (2 + 8) / 3 on f = 3, so nu = 4 and the scale 3/4. */
static void by_hand(match_set *s, double half_range, size_t n)
{
    const double mean[] = {1, 3, 10, 12, 14};
    *s = (match_set){0};
    for (size_t i = 0; i < 5; i++)
        add_specimen(s, 1, n, (double[]){mean[i] - half_range, mean[i] + half_range}, i >= 2);
}

Test(twolevel, exact_case_without_w)
{
    match_set s = {0};
    by_hand(&s, 0, 1);
    void *state = fitted(&twolevel_match, &none, &s, 1);
    const double y = 5;
    double density[2], prior[2], scratch[1];
    for (size_t n = 1; n < 4; n++) {
        twolevel_match.density(state, &y, n, density, scratch);
        cr_assert_float_eq(density[0], student(5, 2, 0.75 * 10 / 3 * (1 + 1.0 / 2), 4), 1e-12);
        cr_assert_float_eq(density[1], student(5, 12, 0.75 * 10 / 3 * (1 + 1.0 / 3), 4), 1e-12);
    }
    twolevel_match.prior(state, prior);
    cr_assert(prior[0] == 0.5 && prior[1] == 0.5);
    twolevel_match.destroy(state);
}

/* Two shots each at 1/sqrt(2) of the mean: W = 5 / 5; h = (2 * 1/2 + 3 * 2/3) / 2 / 3 = 1/2; B = 10/3 - 1/2. */
Test(twolevel, exact_case_with_w)
{
    match_set s;
    by_hand(&s, sqrt(0.5), 2);
    cr_assert_float_eq(s.within[0], 5, 1e-14);
    void *state = fitted(&twolevel_match, &none, &s, 1);
    const double y = 5, b = 10.0 / 3 - 0.5;
    double density[2], scratch[1];
    for (size_t n = 1; n < 100; n += 13) {
        double shots = 1 / (double)n;
        twolevel_match.density(state, &y, n, density, scratch);
        cr_assert_float_eq(density[0], student(5, 2, 0.75 * (b * (1 + 1.0 / 2) + shots + 0.5 / 2), 4), 1e-11);
        cr_assert_float_eq(density[1], student(5, 12, 0.75 * (b * (1 + 1.0 / 3) + shots + 0.5 / 3), 4), 1e-11);
    }
    twolevel_match.destroy(state);
}

/* Copies of one shot carry no information on W. */
Test(twolevel, equal_shots_count_as_one)
{
    match_set copies, single;
    by_hand(&copies, 0, 2);
    by_hand(&single, 0, 1);
    void *a = fitted(&twolevel_match, &none, &copies, 1), *b = fitted(&twolevel_match, &none, &single, 1);
    double of_copies[2], of_single[2], scratch[1];
    twolevel_match.density(a, &(double){5}, 2, of_copies, scratch);
    twolevel_match.density(b, &(double){5}, 1, of_single, scratch);
    cr_assert_arr_eq(of_copies, of_single, sizeof of_single);
    twolevel_match.destroy(a);
    twolevel_match.destroy(b);
}

static void *of_components(match_set *s, size_t p)
{
    const size_t shots[] = {5, 4, 5, 4, 5, 4, 3, 5, 4, 5}, origin[] = {0, 1, 0, 1, 0, 1, 0, 1, 0, 0};
    simulate(s, 21, 10, 2, p, shots, origin);
    return fitted(&twolevel_match, &none, s, p);
}

/* The trapezoidal rule on y = tan(t), which covers the whole line. */
Test(twolevel, density_integrates_to_1)
{
    enum { steps = 20000 };
    match_set s;
    void *state = of_components(&s, 1);
    double sum[2] = {0}, density[2], scratch[1];
    for (size_t i = 1; i < steps; i++) {
        double y = tan(M_PI * ((double)i / steps - 0.5));
        twolevel_match.density(state, &y, 2, density, scratch);
        for (size_t k = 0; k < 2; k++)
            sum[k] += exp(density[k]) * (1 + y * y) * M_PI / steps;
    }
    cr_assert_float_eq(sum[0], 1, 1e-6, "%.9f", sum[0]);
    cr_assert_float_eq(sum[1], 1, 1e-6, "%.9f", sum[1]);
    twolevel_match.destroy(state);
}

Test(twolevel, density_integrates_to_1_in_the_plane)
{
    enum { steps = 600 };
    match_set s;
    void *state = of_components(&s, 2);
    double sum[2] = {0}, density[2], scratch[2];
    for (size_t i = 1; i < steps; i++)
        for (size_t j = 1; j < steps; j++) {
            const double y[] = {tan(M_PI * ((double)i / steps - 0.5)), tan(M_PI * ((double)j / steps - 0.5))};
            twolevel_match.density(state, y, 2, density, scratch);
            for (size_t k = 0; k < 2; k++)
                sum[k] += exp(density[k]) * (1 + y[0] * y[0]) * (1 + y[1] * y[1]) * M_PI * M_PI / steps / steps;
        }
    cr_assert_float_eq(sum[0], 1, 1e-3, "%.9f", sum[0]);
    cr_assert_float_eq(sum[1], 1, 1e-3, "%.9f", sum[1]);
    twolevel_match.destroy(state);
}

/* Specimens of an origin are alike and their shots scatter: many shots decide what one shot cannot. */
Test(twolevel, more_shots_judge_more_sharply)
{
    match_set s = {0};
    for (size_t i = 0; i < 8; i++) {
        double m = i % 2 ? 1 : 0;
        m += i < 4 ? 0.01 : -0.01;
        add_specimen(&s, 1, 8, (double[]){m - 2, m + 2, m - 1, m + 1, m - 2, m + 2, m - 1, m + 1}, i % 2);
    }
    void *state = fitted(&twolevel_match, &none, &s, 1);
    const size_t shots[] = {1, 4, 16, 64};
    double before = log(0.5);
    for (size_t i = 0; i < 4; i++) {
        double found[2];
        posterior(&twolevel_match, state, 2, &(double){0}, shots[i], found);
        cr_assert_gt(found[0], before + 1e-3, "%zu shots", shots[i]);
        before = found[0];
    }
    cr_assert_lt(exp(before), 1);
    twolevel_match.destroy(state);
}

Test(twolevel, refusals)
{
    const size_t origin[] = {0, 1, 2};
    match_set s;
    simulate(&s, 1, 3, 3, 2, one_each, origin);
    refuses(&twolevel_match, &none, &s, 2, "3 training specimens of 3 origins: some origin needs two at least");
    const double score[] = {0.1F, 0.7F, 0.1F, 0.7F}; /* as float32 scores are */
    for (size_t n = 1; n <= 2; n++) {
        s = (match_set){0};
        for (size_t i = 0; i < 6; i++)
            add_specimen(&s, 2, n, score, i % 2);
        refuses(&twolevel_match, &none, &s, 2, "the specimens of each origin are all the same: no spread to judge by");
    }
}
