/* Kernel densities of origins: the specimens of an origin need not be normally distributed. The density of a specimen's
 * mean score y over n shots under an origin of S specimens is (1/S) sum_i N(y; x_i, W/n + W h_k + h^2 B), x_i the
 * specimens' means, h the bandwidth of Aitken & Lucy (kernel_density.h) for S centres. The covariances B, between the
 * specimens of an origin, and W, between the shots of a specimen, are pooled over origins and shrunk as twolevel's
 * (spread.h).
 *
 * W h_k, h_k the mean of 1/n over the origin's specimens, is the uncertainty of the centres. Without it the components
 * that contain only the noise of shots (B = 0) would make the nearest specimen decide by chance (on the olive oils,
 * leaving one out, log loss is lower with it for 8 of 9 numbers of components from 6 to 40). If there are too few shots
 * to estimate W, the kernels' covariance is h^2 T, T the covariance of specimens' means, and the number of shots has no
 * influence. */
#include "match/matchers.h"

#include "base/memory.h"
#include "match/kernel_density.h"
#include "match/spread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct origins {
    size_t n_origins, n_specimens, p;
    spread spread;
    double *centre;    /* [n_specimens, p]: specimens' means on the axes, those of an origin together */
    double *width;     /* [n_origins, p]: h^2 B + h_k on the axes */
    double *specimens; /* [n_origins]: S_k */
    double numbers[2]; /* as the model file holds them: spread.has_within, spread.log_determinant */
} origins;

static void destroy(void *state)
{
    origins *m = state;
    if (!m)
        return;
    spread_clear(&m->spread);
    free(m->centre);
    free(m->width);
    free(m->specimens);
    free(m);
}

static void *reserve(size_t n_origins, size_t p, size_t n_specimens)
{
    origins *m = memory_new(1, sizeof *m);
    if (!m)
        return NULL;
    *m = (origins){.n_origins = n_origins, .n_specimens = n_specimens, .p = p};
    m->centre = memory_new(n_specimens, p * sizeof *m->centre);
    m->width = memory_new(n_origins, p * sizeof *m->width);
    m->specimens = memory_new(n_origins, sizeof *m->specimens);
    if (m->centre && m->width && m->specimens && !spread_reserve(&m->spread, p, NULL))
        return m;
    destroy(m);
    return NULL;
}

/* inverse_shots[n_origins]: h_k. */
static void place_centres(origins *m, const match_data *d, const double *inverse_shots)
{
    size_t placed = 0;
    for (size_t k = 0; k < m->n_origins; k++) {
        double h = kernel_density_bandwidth((size_t)m->specimens[k], m->p);
        for (size_t a = 0; a < m->p; a++)
            m->width[k * m->p + a] = h * h * m->spread.between[a] + m->spread.has_within * inverse_shots[k];
        for (size_t i = 0; i < d->n_specimens; i++)
            if (d->origin[i] == k)
                spread_project(&m->spread, d->mean + i * d->n_components, m->centre + placed++ * m->p);
    }
}

static adamas_status fit(void **state, const step_value *values, const match_data *d, size_t p, adamas_error *error)
{
    (void)values;
    *state = NULL;
    origins *m = reserve(d->n_origins, p, d->n_specimens);
    double *mean = memory_new(d->n_origins, p * sizeof *mean);
    double *inverse_shots = memory_new(d->n_origins, sizeof *inverse_shots);
    adamas_status status = m && mean && inverse_shots ? ADAMAS_OK : status_no_memory(error);
    if (!status) {
        match_origin_means(d, p, mean, m->specimens);
        match_mean_inverse_shots(d, m->specimens, inverse_shots);
        status = spread_fit(&m->spread, d, mean, m->specimens, error);
    }
    if (status) {
        destroy(m);
    } else {
        place_centres(m, d, inverse_shots);
        m->numbers[0] = m->spread.has_within;
        m->numbers[1] = m->spread.log_determinant;
        *state = m;
    }
    free(mean);
    free(inverse_shots);
    return status;
}

static void density(const void *state, const double *mean, size_t n_shots, double *log_density, double *scratch)
{
    const origins *m = state;
    const double *centre = m->centre;
    double within = m->spread.has_within / (double)n_shots;
    spread_project(&m->spread, mean, scratch);
    for (size_t k = 0; k < m->n_origins; k++) {
        size_t n = (size_t)m->specimens[k];
        log_density[k] =
            kernel_density_log(n, m->p, centre, m->width + k * m->p, within, scratch) - m->spread.log_determinant;
        centre += n * m->p;
    }
}

/* A mixture of kernels of one covariance is nowhere above the peak of a single kernel. */
static void peak(const void *state, size_t n_shots, double *out)
{
    const origins *m = state;
    for (size_t k = 0; k < m->n_origins; k++) {
        out[k] = -m->spread.log_determinant;
        for (size_t a = 0; a < m->p; a++)
            out[k] -= log(2 * M_PI * (m->width[k * m->p + a] + m->spread.has_within / (double)n_shots)) / 2;
    }
}

static void prior(const void *state, double *out)
{
    const origins *m = state;
    match_equal_prior(m->n_origins, out);
}

static size_t fields(void *state, match_field out[MATCH_MAX_FIELDS])
{
    origins *m = state;
    const match_field all[] = {{"numbers", 2, 1, m->numbers},
                               {"basis", m->p, m->p, m->spread.basis},
                               {"centre", m->n_specimens, m->p, m->centre},
                               {"width", m->n_origins, m->p, m->width},
                               {"specimens", m->n_origins, 1, m->specimens}};
    memcpy(out, all, sizeof all);
    return sizeof all / sizeof *all;
}

/* Is the sum of the origins' numbers of specimens the number of centres? */
static int adds_up(const origins *m)
{
    double sum = 0;
    for (size_t k = 0; k < m->n_origins; k++) {
        if (!(m->specimens[k] >= 1 && m->specimens[k] == floor(m->specimens[k])))
            return 0;
        sum += m->specimens[k];
    }
    return sum == (double)m->n_specimens;
}

static adamas_status complete(void *state, const char *file, const char *group, adamas_error *error)
{
    origins *m = state;
    if (!adds_up(m))
        return status_set(error, ADAMAS_E_FORMAT, "%s: %s/specimens does not add up to the %zu rows of %s/centre", file,
                          group, m->n_specimens, group);
    m->spread.has_within = m->numbers[0] > 0;
    m->spread.log_determinant = m->numbers[1];
    return ADAMAS_OK;
}

const match kernel_match = {.name = "kernel",
                            .summary = "kernel densities of origins over specimens' means, equal priors",
                            .fit = fit,
                            .density = density,
                            .peak = peak,
                            .prior = prior,
                            .reserve = reserve,
                            .fields = fields,
                            .complete = complete,
                            .rows_of = "centre",
                            .destroy = destroy};
