/* multilevel: densities against an independent implementation, twolevel's without localities, integrals of 1, files. */
#include "match/matchers.h"

#include "match_set.h"

static const step_value none = {0};

enum { n_specimens = 16, n_localities = 8, normal = n_specimens };

/* Number 4 has no specimen; the last origin has one locality. */
static const size_t locality[n_specimens] = {0, 0, 0, 1, 1, 2, 2, 3, 3, 3, 5, 5, 6, 6, 6, 7};
static const size_t origin[n_specimens] = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2};
static const size_t one_each[n_specimens] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
static const size_t several[n_specimens] = {2, 7, 5, 3, 8, 6, 4, 2, 7, 5, 3, 8, 6, 4, 2, 7};

/* Uniform origins, localities in them, specimens in those, shots in those, each component half, a third ... of the
 * first. Specimen `far` (normal: none) is drawn from ten times the others' range. */
static void simulate_localities(match_set *s, uint64_t seed, size_t p, const size_t *shots, size_t far)
{
    double centre[3 * most_components], place[n_localities * most_components], own[most_components];
    double score[8 * most_components];
    *s = (match_set){.state = seed};
    for (size_t i = 0; i < 3 * p; i++)
        centre[i] = 2.0 * uniform(&s->state) / (double)(1 + i % p);
    for (size_t i = 0; i < n_localities * p; i++)
        place[i] = 1.5 * uniform(&s->state) / (double)(1 + i % p);
    for (size_t i = 0; i < n_specimens; i++) {
        for (size_t a = 0; a < p; a++)
            own[a] = (i == far ? 6 : 0.6) * uniform(&s->state) / (double)(1 + a);
        for (size_t j = 0; j < shots[i]; j++) {
            double common = uniform(&s->state);
            for (size_t a = 0; a < p; a++)
                score[j * p + a] = centre[origin[i] * p + a] + place[locality[i] * p + a] + own[a] +
                                   0.8 * (uniform(&s->state) + 0.5 * common) / (double)(1 + a);
        }
        add_specimen(s, p, shots[i], score, origin[i]);
    }
    s->data.locality = locality;
    s->data.n_localities = n_localities;
}

typedef struct answer {
    size_t n_shots;
    double log_density[3];
} answer;

static void check_answers(match_set *s, size_t p, const answer *answers)
{
    void *state = fitted(&multilevel_match, &none, s, p);
    for (size_t i = 0; i < 3; i++) {
        double y[most_components], found[3], scratch[most_components];
        for (size_t a = 0; a < p; a++)
            y[a] = 2.0 * uniform(&s->state) / (double)(1 + a);
        multilevel_match.density(state, y, answers[i].n_shots, found, scratch);
        for (size_t k = 0; k < 3; k++)
            cr_assert_float_eq(found[k], answers[i].log_density[k], 1e-9, "%.15g, expected %.15g", found[k],
                               answers[i].log_density[k]);
    }
    comes_back(&multilevel_match, state, p, s);
    multilevel_match.destroy(state);
}

/* The expected numbers of the next six tests are those of the same formulas in NumPy, written independently. */

Test(multilevel, several_shots_a_specimen)
{
    static const answer answers[] = {
        {1, {-1.781859643602055, -3.6289113082836986, -2.6346953386770275}},
        {3, {-3.777816846095477, -5.252983155065073, -3.0606941326670762}},
        {50, {-1.7613919494849481, -6.039574135741122, -2.2139206488012446}},
    };
    match_set s;
    simulate_localities(&s, 11, 3, several, normal);
    check_answers(&s, 3, answers);
}

/* More components than localities: A is the same on four axes, which W tells apart. */
Test(multilevel, more_components_than_localities)
{
    static const answer answers[] = {
        {1, {2.462633724238792, -1.6174277387217444, -5.625449104692176}},
        {3, {-5.144238925749111, -5.770578573096543, -4.259728546946665}},
        {50, {-6.765878357112587, 2.133249598343884, -0.055132611992792846}},
    };
    match_set s;
    simulate_localities(&s, 12, 8, several, normal);
    check_answers(&s, 8, answers);
}

/* g would be 1/4 if each specimen weighed the same in its choice, and 1 if the peaks of a locality's components were
 * those for the shots of its first specimen. */
Test(multilevel, localities_weigh_the_same)
{
    static const answer answers[] = {
        {1, {-6.899111829515606, -5.204689005853838, -0.6747544476220009}},
        {3, {-10.011701283416814, -11.109469708225673, -1.6975500845820797}},
        {50, {2.8605853552241927, -5.092847421595318, -7.586695473756242}},
    };
    match_set s;
    simulate_localities(&s, 184, 3, several, normal);
    check_answers(&s, 3, answers);
}

/* W cannot be estimated: the number of shots has no influence. */
Test(multilevel, one_shot_a_specimen)
{
    static const answer answers[] = {
        {1, {-4.64234265619714, -5.177033743801516, -6.309959349284849}},
        {3, {-4.483842141915533, -4.3125384758163126, -6.308878458024168}},
        {50, {-1.9605611894336432, -1.0187990972866503, -2.541685174898607}},
    };
    match_set s;
    simulate_localities(&s, 13, 3, one_each, normal);
    check_answers(&s, 3, answers);
    void *state = fitted(&multilevel_match, &none, &s, 3);
    double one[3], many[3], scratch[3];
    multilevel_match.density(state, s.mean, 1, one, scratch);
    multilevel_match.density(state, s.mean, 1000, many, scratch);
    cr_assert_arr_eq(one, many, sizeof one);
    multilevel_match.destroy(state);
}

/* The degrees of freedom are those of the kurtosis; g is 1/4. */
Test(multilevel, a_specimen_far_from_its_locality)
{
    static const answer answers[] = {
        {1, {-1.8052397616434206, -1.9936794684231498, -3.015122202214522}},
        {3, {-4.2611625068265635, -2.109754630411105, -5.754883349973577}},
        {50, {-2.081111194699768, -2.0243743436086246, -3.3250763401856935}},
    };
    match_set s;
    simulate_localities(&s, 24, 2, one_each, 8);
    check_answers(&s, 2, answers);
}

/* Two eigenvalues of A become 0. */
Test(multilevel, localities_that_differ_in_one_direction)
{
    static const answer answers[] = {
        {1, {-5.1084321331667875, -1.1403623198389736, -1.4364926825931983}},
        {3, {-1.491302536647182, -4.932560858124497, -1.5866739757688624}},
        {50, {-2.7849575955103356, -2.0701786435949785, 0.47099142534216787}},
    };
    match_set s;
    simulate_localities(&s, 24, 3, one_each, 8);
    check_answers(&s, 3, answers);
}

/* Densities and peaks of both steps are the same bits. */
static void check_equals_twolevel(const match_set *s, size_t p)
{
    void *a = fitted(&multilevel_match, &none, s, p), *b = fitted(&twolevel_match, &none, s, p);
    double scratch[most_components];
    for (size_t n = 1; n < 60; n += 7)
        for (size_t i = 0; i < s->data.n_specimens; i++) {
            double found[4] = {0}, expected[4] = {0};
            multilevel_match.density(a, s->mean + i * s->data.n_components, n, found, scratch);
            twolevel_match.density(b, s->mean + i * s->data.n_components, n, expected, scratch);
            cr_assert_arr_eq(found, expected, sizeof found, "%zu shots: %.17g, expected %.17g", n, found[0],
                             expected[0]);
            multilevel_match.peak(a, n, found);
            twolevel_match.peak(b, n, expected);
            cr_assert_arr_eq(found, expected, sizeof found);
        }
    comes_back(&multilevel_match, a, p, s);
    multilevel_match.destroy(a);
    twolevel_match.destroy(b);
}

Test(multilevel, without_localities_it_is_twolevel)
{
    match_set s;
    for (size_t p = 1; p <= 4; p++) {
        simulate_localities(&s, 11 + p, 4, p % 2 ? several : one_each, normal);
        s.data.locality = NULL;
        check_equals_twolevel(&s, p);
    }
}

/* One more locality than origins; and two, of which all but one specimen are of their own. */
Test(multilevel, with_too_few_localities_or_specimens_in_them_it_is_twolevel)
{
    size_t few[n_specimens], alone[n_specimens];
    match_set s;
    simulate_localities(&s, 11, 4, several, normal);
    for (size_t i = 0; i < n_specimens; i++) {
        few[i] = i < 3 ? 3 : origin[i];
        alone[i] = i == 1 ? 0 : i;
    }
    s.data.locality = few;
    s.data.n_localities = 4;
    check_equals_twolevel(&s, 3);
    s.data.locality = alone;
    s.data.n_localities = n_specimens;
    check_equals_twolevel(&s, 3);
}

/* Localities whose specimens are all the same. */
Test(multilevel, without_variance_within_localities_it_is_twolevel)
{
    match_set s = {0};
    for (size_t i = 0; i < n_specimens; i++)
        add_specimen(&s, 1, 1, (double[]){(double)(locality[i] * locality[i])}, origin[i]);
    s.data.locality = locality;
    s.data.n_localities = n_localities;
    check_equals_twolevel(&s, 1);
}

/* The trapezoidal rule on y = tan(t), which covers the whole line. */
Test(multilevel, density_integrates_to_1)
{
    enum { steps = 200000 };
    for (size_t n = 1; n < 50; n += 12) {
        match_set s;
        simulate_localities(&s, 21, 1, several, normal);
        void *state = fitted(&multilevel_match, &none, &s, 1);
        double sum[3] = {0}, density[3], scratch[1];
        for (size_t i = 1; i < steps; i++) {
            double y = tan(M_PI * ((double)i / steps - 0.5));
            multilevel_match.density(state, &y, n, density, scratch);
            for (size_t k = 0; k < 3; k++)
                sum[k] += exp(density[k]) * (1 + y * y) * M_PI / steps;
        }
        for (size_t k = 0; k < 3; k++)
            cr_assert_float_eq(sum[k], 1, 1e-6, "%.9f", sum[k]);
        multilevel_match.destroy(state);
    }
}

/* No score has a greater density than peak() says. */
Test(multilevel, peak_is_an_upper_bound)
{
    match_set s;
    simulate_localities(&s, 12, 3, several, normal);
    void *state = fitted(&multilevel_match, &none, &s, 3);
    for (size_t n = 1; n < 40; n += 13) {
        double density[3], peak[3], scratch[3], largest = -INFINITY;
        multilevel_match.peak(state, n, peak);
        for (size_t i = 0; i < 20000; i++) {
            double y[3];
            for (size_t a = 0; a < 3; a++)
                y[a] = 4 * uniform(&s.state) / (double)(1 + a);
            multilevel_match.density(state, y, n, density, scratch);
            for (size_t k = 0; k < 3; k++) {
                cr_assert_leq(density[k], peak[k]);
                largest = fmax(largest, density[k] - peak[k]);
            }
        }
        cr_assert_gt(largest, -2, "%g", largest);
    }
    multilevel_match.destroy(state);
}

static void check_close(const match_set *a, const match_set *b, size_t p)
{
    void *x = fitted(&multilevel_match, &none, a, p), *y = fitted(&multilevel_match, &none, b, p);
    double scratch[most_components];
    for (size_t n = 1; n < 20; n += 6)
        for (size_t i = 0; i < n_specimens; i++) {
            double one[3], other[3];
            multilevel_match.density(x, a->mean + i * p, n, one, scratch);
            multilevel_match.density(y, a->mean + i * p, n, other, scratch);
            for (size_t k = 0; k < 3; k++)
                cr_assert_float_eq(one[k], other[k], 1e-12, "%.17g, %.17g", one[k], other[k]);
        }
    multilevel_match.destroy(x);
    multilevel_match.destroy(y);
}

/* Eight components of fewer degrees of freedom of localities: which axes these have must not be left to rounding. */
Test(multilevel, neither_order_nor_numbers_matter)
{
    match_set s, permuted, renumbered;
    size_t order[n_specimens], other[n_specimens], numbers[n_specimens];
    for (size_t p = 2; p <= 8; p += 3) {
        simulate_localities(&s, 12, p, several, normal);
        permuted = renumbered = s;
        for (size_t i = 0; i < n_specimens; i++) {
            order[i] = (5 * i + 3) % n_specimens;
            memcpy(permuted.mean + i * p, s.mean + order[i] * p, p * sizeof *s.mean);
            permuted.shots[i] = s.shots[order[i]];
            permuted.origin[i] = s.origin[order[i]];
            other[i] = locality[order[i]];
            numbers[i] = 11 - locality[i];
        }
        permuted.data.mean = permuted.mean;
        permuted.data.shots = permuted.shots;
        permuted.data.origin = permuted.origin;
        permuted.data.locality = other;
        renumbered.data.locality = numbers;
        renumbered.data.n_localities = 12;
        check_close(&s, &permuted, p);
        check_close(&s, &renumbered, p);
    }
}

/* Two origins around 0, one of them in localities on both sides of the other's: twolevel cannot tell them apart in the
 * middle. */
Test(multilevel, an_origin_on_both_sides_of_another)
{
    static const double place[n_localities] = {-4, -3.5, 3.5, 4, -0.5, -0.1, 0.2, 0.4};
    size_t pairs[n_specimens];
    match_set s = {0};
    for (size_t i = 0; i < n_specimens; i++) {
        pairs[i] = i / 2;
        add_specimen(&s, 1, 1, (double[]){place[i / 2] + (i % 2 ? 0.2 : -0.2)}, i / 8);
    }
    s.data.locality = pairs;
    s.data.n_localities = n_localities;
    void *localities = fitted(&multilevel_match, &none, &s, 1), *origins = fitted(&twolevel_match, &none, &s, 1);
    double middle[2], side[2], of_origins[2];
    posterior(&multilevel_match, localities, 2, &(double){0}, 1, middle);
    posterior(&multilevel_match, localities, 2, &(double){3.7}, 1, side);
    posterior(&twolevel_match, origins, 2, &(double){0}, 1, of_origins);
    cr_assert_float_eq(exp(of_origins[1]), 0.5, 1e-9);
    cr_assert_gt(exp(middle[1]), 0.7, "%g", exp(middle[1]));
    cr_assert_gt(exp(side[0]), 0.7, "%g", exp(side[0]));
    multilevel_match.destroy(localities);
    twolevel_match.destroy(origins);
}

Test(multilevel, refusals)
{
    const size_t each[] = {0, 1, 2};
    match_set s;
    simulate(&s, 1, 3, 3, 2, one_each, each);
    refuses(&multilevel_match, &none, &s, 2, "3 training specimens of 3 origins: some origin needs two at least");
    const double score[] = {0.1F, 0.7F, 0.1F, 0.7F}; /* as float32 scores are */
    for (size_t n = 1; n <= 2; n++) {
        s = (match_set){0};
        for (size_t i = 0; i < n_specimens; i++)
            add_specimen(&s, 2, n, score, origin[i]);
        s.data.locality = locality;
        s.data.n_localities = n_localities;
        refuses(&multilevel_match, &none, &s, 2,
                "the specimens of each origin are all the same: no spread to judge by");
    }
}

/* Writes a fitted state with number i of a field replaced, and expects the file to be refused with this message. */
static void refuses_file(const char *field, size_t i, double value, const char *message)
{
    match_set s;
    simulate_localities(&s, 11, 3, several, normal);
    void *state = fitted(&multilevel_match, &none, &s, 3), *back;
    match_field fields[MATCH_MAX_FIELDS];
    size_t n = multilevel_match.fields(state, fields), changed = 0;
    for (size_t f = 0; f < n; f++)
        if (strcmp(fields[f].name, field) == 0) {
            fields[f].values[i] = value;
            changed++;
        }
    cr_assert_eq(changed, 1);
    folder_begin();
    store *file;
    adamas_error error = {0};
    const char *path = in_folder("match.h5");
    cr_assert_eq(store_create(&file, path, NULL), ADAMAS_OK);
    cr_assert_eq(match_save(&multilevel_match, state, file, "/match", NULL), ADAMAS_OK);
    cr_assert_eq(store_commit(file, NULL), ADAMAS_OK);
    cr_assert_eq(store_open(&file, path, NULL), ADAMAS_OK);
    cr_assert_eq(match_load(&multilevel_match, &back, 3, 3, file, "/match", &error), ADAMAS_E_FORMAT, "%s", field);
    cr_assert_null(back);
    cr_assert(strstr(error.message, message), "%s", error.message);
    store_close(file);
    multilevel_match.destroy(state);
    folder_end();
}

Test(multilevel, files_that_are_refused)
{
    static const char numbers[] = "/match/numbers: positive degrees of freedom and scale expected";
    static const char finite[] = "/match/basis and /match/centre: finite numbers expected";
    static const char variances[] = "/match/variance and /match/within: positive variances expected";
    static const char add_up[] = "/match/component: for each of the 3 origins in turn components whose weights add up "
                                 "to 1 expected";
    for (size_t i = 0; i < 3; i++)
        refuses_file("numbers", i, NAN, numbers);
    refuses_file("numbers", 0, 0, numbers);
    refuses_file("numbers", 1, -1, numbers);
    refuses_file("basis", 8, INFINITY, finite);
    refuses_file("centre", 0, NAN, finite);
    refuses_file("variance", 5, NAN, variances);
    refuses_file("variance", 5, -1e-9, variances);
    refuses_file("within", 2, NAN, variances);
    refuses_file("within", 2, -1, variances);
    refuses_file("component", 0, 1, add_up);
    refuses_file("component", 0, NAN, add_up);
    refuses_file("component", 1, 0.4, add_up);
    refuses_file("component", 1, NAN, add_up);
    refuses_file("component", 2, -1, add_up);
    refuses_file("component", 2, INFINITY, add_up);
    refuses_file("component", 3 * 8, 3, add_up);
}
