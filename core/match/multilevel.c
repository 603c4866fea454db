/* Multilevel model of origins, localities, specimens and shots: an origin is a mixture of its known localities and of
 * one that no library holds.
 *
 * Levels. E is the variance of specimens' means within a locality (spread.h, with localities in place of origins; f_E
 * degrees of freedom, shrunk by lambda), A that of localities within an origin, W that of shots. localities.c finds
 * axes on which E is the identity and A = diag(a), with f_A = localities - origins: the covariance of localities' means
 * around the unweighted mean of their origin is shrunk to a multiple of the identity (Schaefer & Strimmer 2005), less
 * the mean of 1/n_l that n_l specimens add; negative eigenvalues are 0 (Amemiya 1985). Of W only the diagonal w on
 * these axes is used: three covariances have no common axes in general. A mean over n shots then has within its
 * locality the variance e(n) = 1 - w h + w/n, h the mean of 1/n over the training specimens.
 *
 * Density of origin k: half that of a new locality, half the mean of those of its L_k known localities, m_l their means
 * and m_k the mean of these:
 *   new:   centre m_k, variance e(n) + a (1 + 1/L_k) + (mean of 1/n_l) / L_k
 *   known: centre m_k + b (m_l - m_k), b = a / (a + 1/n_l), variance e(n) + a (1 - b) + g^2 a
 * b is that of the best linear unbiased predictor. g lets a known locality stand for its neighbourhood; it is chosen by
 * leaving localities out.
 *
 * Student's t. Estimated variances give nu as in student.h with Satterthwaite's degrees of freedom of E + A; specimens
 * that scatter more widely than a normal distribution give nu by their kurtosis (Mardia 1970), which is
 * (nu - 2)/(nu - 4) for t. The smaller one is used.
 *
 * With fewer than 2 degrees of freedom of localities or of specimens within them, or if the latter are all the same,
 * there is one component an origin: twolevel's density, to the bit. */
#include "match/localities.h"
#include "match/matchers.h"
#include "match/student.h"

#include "base/memory.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Of a component of the mixture; as the model file holds it. */
typedef struct component {
    double origin;
    double weight;
    double inverse_shots; /* multiplies w and is added to the variance: the part of shots in the error of the centre */
} component;

enum { component_columns = sizeof(component) / sizeof(double) };

typedef struct multilevel {
    size_t n_origins, n, p; /* n: components of the mixture */
    student t;
    double numbers[3];    /* t, as the model file holds it */
    double *basis;        /* [p, p]: rows are the axes */
    double *within;       /* [p]: w */
    double *centre;       /* [n, p], on the axes */
    double *variance;     /* [n, p], without that of the shots */
    component *component; /* [n], those of an origin together */
} multilevel;

static void destroy(void *state)
{
    multilevel *m = state;
    if (!m)
        return;
    free(m->basis);
    free(m->within);
    free(m->centre);
    free(m->variance);
    free(m->component);
    free(m);
}

static void *reserve(size_t n_origins, size_t p, size_t n)
{
    multilevel *m = memory_new(1, sizeof *m);
    if (!m)
        return NULL;
    *m = (multilevel){.n_origins = n_origins, .n = n, .p = p};
    m->basis = memory_new(p, p * sizeof *m->basis);
    m->within = memory_new(p, sizeof *m->within);
    m->centre = memory_new(n, p * sizeof *m->centre);
    m->variance = memory_new(n, p * sizeof *m->variance);
    m->component = memory_new(n, sizeof *m->component);
    if (m->basis && m->within && m->centre && m->variance && m->component)
        return m;
    destroy(m);
    return NULL;
}

/* ---- Density. */

static double component_variance(const multilevel *m, size_t c, size_t a, size_t n_shots)
{
    double shots = 1 / (double)n_shots + m->component[c].inverse_shots;
    return m->t.scale * (m->variance[c * m->p + a] + m->within[a] * shots);
}

static double component_peak(const multilevel *m, size_t c, size_t n_shots)
{
    double out = m->t.log_norm;
    for (size_t a = 0; a < m->p; a++)
        out -= log(component_variance(m, c, a, n_shots)) / 2;
    return out;
}

/* Squared distance of a score on the axes from the centre of component c. */
static double component_distance(const multilevel *m, size_t c, size_t n_shots, const double *at)
{
    double sum = 0;
    for (size_t a = 0; a < m->p; a++) {
        double u = at[a] - m->centre[c * m->p + a];
        sum += u * u / component_variance(m, c, a, n_shots);
    }
    return sum;
}

/* Log of the sum over the components from *c on that are of one origin; *c becomes the one after them. at: a score on
 * the axes; NULL: each component at its centre. peaks[n]: those of the components; NULL: they are computed. */
static double origin_log_density(const multilevel *m, size_t *c, size_t n_shots, const double *at, const double *peaks)
{
    double largest = -INFINITY, sum = 0, origin = m->component[*c].origin;
    for (; *c < m->n && m->component[*c].origin == origin; ++*c) {
        double x = peaks ? peaks[*c] : component_peak(m, *c, n_shots);
        x = student_log_density(&m->t, m->p, x, at ? component_distance(m, *c, n_shots, at) : 0);
        x += log(m->component[*c].weight);
        /* The sum is scaled by the largest term so far. */
        sum = x > largest ? sum * exp(largest - x) + 1 : sum + exp(x - largest);
        largest = fmax(largest, x);
    }
    return largest + log(sum);
}

static void density(const void *state, const double *mean, size_t n_shots, double *log_density, double *scratch)
{
    const multilevel *m = state;
    size_t c = 0;
    spread_project(&(spread){.p = m->p, .basis = m->basis}, mean, scratch);
    for (size_t k = 0; k < m->n_origins; k++)
        log_density[k] = origin_log_density(m, &c, n_shots, scratch, NULL);
}

/* A mixture is nowhere above the sum of the weighted peaks of its components. */
static void peak(const void *state, size_t n_shots, double *out)
{
    const multilevel *m = state;
    size_t c = 0;
    for (size_t k = 0; k < m->n_origins; k++)
        out[k] = origin_log_density(m, &c, n_shots, NULL, NULL);
}

static void prior(const void *state, double *out)
{
    const multilevel *m = state;
    match_equal_prior(m->n_origins, out);
}

/* ---- Fit. */

static void take(multilevel *m, const double *basis, const double *within, student t)
{
    memcpy(m->basis, basis, m->p * m->p * sizeof *basis);
    memcpy(m->within, within, m->p * sizeof *within);
    m->t = t;
    memcpy(m->numbers, (const double[]){t.freedom, t.scale, t.log_norm}, sizeof m->numbers);
}

/* e without w/n, which a density adds. Positive but for rounding. */
static double specimen_variance(const localities *l, size_t a)
{
    return fmax(1 - l->within[a] * l->inverse_shots, 1e-12);
}

static void place_new(multilevel *m, const localities *l, size_t c, size_t count, const double *centre, double inverse)
{
    double n = (double)count;
    memcpy(m->centre + c * m->p, centre, m->p * sizeof *centre);
    for (size_t a = 0; a < m->p; a++)
        m->variance[c * m->p + a] = specimen_variance(l, a) + l->between[a] * (1 + 1 / n) + inverse / n;
}

static void place_known(multilevel *m, const localities *l, size_t c, size_t i, const double *centre, double g)
{
    for (size_t a = 0; a < m->p; a++) {
        double v = l->between[a], b = v / (v + 1 / l->specimens[i]);
        m->centre[c * m->p + a] = centre[a] + b * (l->mean[i * m->p + a] - centre[a]);
        m->variance[c * m->p + a] = specimen_variance(l, a) + v * (1 - b) + g * g * v;
    }
}

/* Components c, c + 1, ... become those of origin k by its localities but `without` (SIZE_MAX: by all). Returns the one
 * after them. centre[p]: scratch. */
static size_t place_origin(multilevel *m, size_t c, const localities *l, size_t k, size_t without, double g,
                           double *centre)
{
    double inverse;
    size_t count = localities_centre(l, k, without, centre, &inverse);
    m->component[c] = (component){.origin = (double)k, .weight = 0.5};
    place_new(m, l, c++, count, centre, inverse);
    for (size_t i = l->first[k]; i < l->first[k + 1]; i++)
        if (i != without) {
            m->component[c] = (component){.origin = (double)k, .weight = 0.5 / (double)count};
            place_known(m, l, c++, i, centre, g);
        }
    return c;
}

/* The mean log density of the specimens of locality `left` under the components of m. scratch: p + m->n doubles. */
static double locality_log_density(const multilevel *m, const localities *l, const match_data *d, size_t left,
                                   double *scratch)
{
    double *peaks = scratch + m->p, sum = 0;
    size_t shots_of_peaks = 0;
    for (size_t i = 0; i < d->n_specimens; i++)
        if (l->of[i] == left) {
            for (size_t c = 0; d->shots[i] != shots_of_peaks && c < m->n; c++)
                peaks[c] = component_peak(m, c, d->shots[i]);
            shots_of_peaks = d->shots[i];
            size_t first = 0;
            spread_project(&l->spread, d->mean + i * d->n_components, scratch);
            sum += origin_log_density(m, &first, d->shots[i], scratch, peaks);
        }
    return sum / l->specimens[left];
}

/* The mean of that over the localities of origins that have several, each under the origin's other localities. scratch:
 * p + m->n doubles. */
static double left_out_log_density(multilevel *m, const localities *l, const match_data *d, double g, double *scratch)
{
    double sum = 0, n = 0;
    for (size_t k = 0; k < l->n_origins; k++)
        for (size_t left = l->first[k]; l->first[k + 1] - l->first[k] > 1 && left < l->first[k + 1]; left++) {
            m->n = place_origin(m, 0, l, k, left, g, scratch);
            sum += locality_log_density(m, l, d, left, scratch);
            n++;
        }
    return sum / n;
}

static student choose_student(const localities *l)
{
    double r = 0, f_e = l->spread.freedom, k = l->kurtosis;
    for (size_t a = 0; a < l->p; a++)
        r += l->between[a] / (double)l->p;
    double f = (1 + r) * (1 + r) / (1 / f_e + r * r / l->freedom);
    double nu = student_freedom(f, l->spread.shrinkage, l->p), scale = f / nu;
    double nu_k = k > 1 ? 4 + 2 / (k - 1) : INFINITY;
    return nu_k < nu ? student_make(nu_k, (nu_k - 2) / nu_k, l->p, l->spread.log_determinant)
                     : student_make(nu, scale, l->p, l->spread.log_determinant);
}

/* The mixture of known and new localities; m has a component for each and one for each origin. scratch: p + m->n
 * doubles. */
static void place_localities(multilevel *m, const localities *l, const match_data *d, double *scratch)
{
    static const double widths[] = {1, 0.5, 0.25};
    size_t n = m->n, c = 0;
    double best = -INFINITY, g = widths[0];
    take(m, l->spread.basis, l->within, choose_student(l));
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        double found = left_out_log_density(m, l, d, widths[i], scratch);
        if (found > best) {
            best = found;
            g = widths[i];
        }
    }
    m->n = n;
    for (size_t k = 0; k < l->n_origins; k++)
        c = place_origin(m, c, l, k, SIZE_MAX, g, scratch);
}

static adamas_status fit_localities(multilevel **m, const localities *l, const match_data *d, adamas_error *error)
{
    double *scratch = memory_new(l->p + l->n + d->n_origins, sizeof *scratch);
    *m = reserve(d->n_origins, l->p, l->n + d->n_origins);
    if (*m && scratch)
        place_localities(*m, l, d, scratch);
    free(scratch);
    return *m && scratch ? ADAMAS_OK : status_no_memory(error);
}

/* twolevel's density as a mixture of one component an origin; its variance is in the order of its sum. s: has room for
 * the estimates. scratch: 2 n_origins + p doubles. */
static adamas_status place_origins(multilevel *m, spread *s, const match_data *d, double *scratch, adamas_error *error)
{
    size_t p = m->p;
    double *specimens = scratch, *inverse_shots = specimens + m->n, *r = inverse_shots + m->n;
    match_origin_means(d, p, m->centre, specimens);
    match_mean_inverse_shots(d, specimens, inverse_shots);
    adamas_status status = spread_fit(s, d, m->centre, specimens, error);
    if (status)
        return status;
    for (size_t k = 0; k < m->n; k++) {
        m->component[k] = (component){(double)k, 1, inverse_shots[k] / specimens[k]};
        spread_project(s, m->centre + k * p, r);
        memcpy(m->centre + k * p, r, p * sizeof *r);
        for (size_t a = 0; a < p; a++)
            m->variance[k * p + a] = s->between[a] * (1 + 1 / specimens[k]);
    }
    for (size_t a = 0; a < p; a++)
        r[a] = s->has_within;
    double nu = student_freedom(s->freedom, s->shrinkage, p);
    take(m, s->basis, r, student_make(nu, s->freedom / nu, p, s->log_determinant));
    return ADAMAS_OK;
}

static adamas_status fit_origins(multilevel **m, size_t p, const match_data *d, adamas_error *error)
{
    spread s = {0};
    double *scratch = memory_new(2 * d->n_origins + p, sizeof *scratch);
    *m = reserve(d->n_origins, p, d->n_origins);
    adamas_status status = *m && scratch ? spread_reserve(&s, p, error) : status_no_memory(error);
    if (!status)
        status = place_origins(*m, &s, d, scratch, error);
    spread_clear(&s);
    free(scratch);
    return status;
}

static adamas_status fit(void **state, const step_value *values, const match_data *d, size_t p, adamas_error *error)
{
    (void)values;
    *state = NULL;
    multilevel *m = NULL;
    localities l;
    adamas_status status = localities_reserve(&l, d, p, error);
    if (status)
        return status;
    int enough = l.n >= d->n_origins + 2 && d->n_specimens >= l.n + 2;
    status = enough ? localities_fit(&l, d, NULL) : ADAMAS_E_DATA;
    if (status == ADAMAS_E_DATA)
        status = fit_origins(&m, p, d, error);
    else
        status = status ? status_no_memory(error) : fit_localities(&m, &l, d, error);
    localities_clear(&l);
    if (status)
        destroy(m);
    else
        *state = m;
    return status;
}

/* ---- File. */

static size_t fields(void *state, match_field out[MATCH_MAX_FIELDS])
{
    multilevel *m = state;
    const match_field all[] = {
        {"numbers", 3, 1, m->numbers},         {"basis", m->p, m->p, m->basis},
        {"within", m->p, 1, m->within},        {"centre", m->n, m->p, m->centre},
        {"variance", m->n, m->p, m->variance}, {"component", m->n, component_columns, (double *)m->component}};
    memcpy(out, all, sizeof all);
    return sizeof all / sizeof *all;
}

static int all_finite(size_t n, const double *x)
{
    size_t finite = 0;
    while (finite < n && isfinite(x[finite]))
        finite++;
    return finite == n;
}

/* Does each origin in turn have components, of weights that add up to 1? */
static int components_add_up(const multilevel *m)
{
    size_t c = 0;
    for (size_t k = 0; k < m->n_origins; k++) {
        double sum = 0;
        for (; c < m->n && m->component[c].origin == (double)k; c++) {
            if (!(m->component[c].weight > 0 && m->component[c].inverse_shots >= 0 &&
                  isfinite(m->component[c].inverse_shots)))
                return 0;
            sum += m->component[c].weight;
        }
        if (!(fabs(sum - 1) < 1e-9))
            return 0;
    }
    return c == m->n;
}

/* Is the variance positive for any number of shots? */
static int variances_are_positive(const multilevel *m)
{
    if (!all_finite(m->p, m->within) || !all_finite(m->n * m->p, m->variance))
        return 0;
    for (size_t i = 0; i < m->n * m->p; i++)
        if (m->variance[i] < 0 || m->within[i % m->p] < 0 || !(m->variance[i] + m->within[i % m->p] > 0))
            return 0;
    return 1;
}

static adamas_status complete(void *state, const char *file, const char *group, adamas_error *error)
{
    multilevel *m = state;
    m->t = (student){.freedom = m->numbers[0], .scale = m->numbers[1], .log_norm = m->numbers[2]};
    if (!(all_finite(3, m->numbers) && m->t.freedom > 0 && m->t.scale > 0))
        return status_set(error, ADAMAS_E_FORMAT, "%s: %s/numbers: positive degrees of freedom and scale expected",
                          file, group);
    if (!(all_finite(m->p * m->p, m->basis) && all_finite(m->n * m->p, m->centre)))
        return status_set(error, ADAMAS_E_FORMAT, "%s: %s/basis and %s/centre: finite numbers expected", file, group,
                          group);
    if (!variances_are_positive(m))
        return status_set(error, ADAMAS_E_FORMAT, "%s: %s/variance and %s/within: positive variances expected", file,
                          group, group);
    if (!components_add_up(m))
        return status_set(error, ADAMAS_E_FORMAT,
                          "%s: %s/component: for each of the %zu origins in turn components whose weights add up to 1 "
                          "expected",
                          file, group, m->n_origins);
    return ADAMAS_OK;
}

const match multilevel_match = {.name = "multilevel",
                                .summary = "model of localities, specimens and shots, known and new localities, equal "
                                           "priors",
                                .fit = fit,
                                .density = density,
                                .peak = peak,
                                .prior = prior,
                                .reserve = reserve,
                                .fields = fields,
                                .complete = complete,
                                .rows_of = "centre",
                                .destroy = destroy};
