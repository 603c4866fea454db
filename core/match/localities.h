/* The variances of specimens within a locality and of localities within an origin, pooled, on axes on which both are
 * diagonal. multilevel.c describes the estimates. */
#ifndef MATCH_LOCALITIES_H
#define MATCH_LOCALITIES_H

#include "match/spread.h"

typedef struct localities {
    size_t n, n_origins, p; /* n: the localities that have a specimen */
    size_t *of;             /* [n_specimens]: the locality of each, 0 ... n - 1 */
    size_t *first;          /* [n_origins + 1]: localities first[k] ... first[k + 1] - 1 are of origin k */
    double *specimens;      /* [n]: n_l */
    double *mean;           /* [n, p]: means of the localities' specimens, on the axes */
    spread spread;          /* of specimens within a locality; basis and log_determinant are those of the axes */
    double *within;         /* [p]: w, the variance of a shot on the axes, or 0 if it is not known */
    double *between;        /* [p]: a, the variance of localities on the axes */
    double inverse_shots;   /* h, the mean of 1/shots over the specimens */
    double freedom;         /* f_A = localities - origins */
    double kurtosis;        /* Mardia (1970), of specimens about their locality, over that of a normal distribution */
} localities;

/* Numbers the localities of the data and allocates for p components. On failure nothing is allocated. */
adamas_status localities_reserve(localities *l, const match_data *data, size_t p, adamas_error *error);
void localities_clear(localities *l);

/* Estimates all of the above. ADAMAS_E_DATA if the variance of specimens within a locality cannot be estimated. */
adamas_status localities_fit(localities *l, const match_data *data, adamas_error *error);

/* The mean of the means of origin k's localities, mean[p], and the mean of their 1/n_l, except for the locality
 * `without` (SIZE_MAX: of all). Returns how many localities these are. */
size_t localities_centre(const localities *l, size_t k, size_t without, double *mean, double *inverse_specimens);

#endif
