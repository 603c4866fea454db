/* The state of a Markov chain over what is not known of a parcel: the label of each specimen (a component of an
 * origin's mixture, or none of the origins), the shifts of the origins, the variances of localities and sessions, and
 * the shares. The chain's target is the posterior of parcel_model.h with the likelihood of the specimens, given labels
 * and shifts, raised to the power beta (a power posterior: 1 is the posterior, 0 the prior).
 *
 * The origins are numbered 0 ... n_shares-2; n_shares-1 stands for none of the origins. The shift of origin k is
 * sd[k] eta[k] in whitened coordinates, with eta[k] ~ N(0, 1). */
#ifndef EVIDENCE_PARCEL_STATE_H
#define EVIDENCE_PARCEL_STATE_H

#include "base/random.h"
#include "evidence/parcel_model.h"

typedef struct parcel_state {
    const parcel_model *model;
    size_t n, d, n_shares;
    double *alpha; /* [n_shares] */
    /* The components of the origins with alpha > 0; that of none, if its alpha is above 0, is the last. */
    size_t n_components;
    bool has_none;
    size_t *component; /* [n_components]: its number in the model */
    size_t *origin_of; /* [n_components] */
    double *residual;  /* [n_components, d, n]: R (W^-1 x - mean), see parcel_model.h */
    /* The grid of variances (rho, sigma). */
    size_t n_cells;
    double *log_prior; /* [n_cells] */
    double *rho, *sigma;
    double *sd;            /* [n_shares, n_cells]: of a shift */
    double *log_sd;        /* [n_shares, n_cells]; INFINITY if sd is 0, so that no shift but 0 is possible */
    double *precision;     /* [n_shares, n_cells]: 1 / sd^2; 0 if sd is 0 */
    double *mean_variance; /* [n_shares]: prior mean of sd^2 */
    double *mean;          /* [n_shares, d]: of an origin's mixture, whitened */
    /* The state itself. */
    double *theta; /* [n_shares]: the shares */
    double *eta;   /* [n_shares, d] */
    size_t cell;
    size_t *label;           /* [n]: an index into component */
    size_t *component_count; /* [n_components] */
    size_t *count;           /* [n_shares] */
    /* Densities of the specimens given the state, kept up to date by parcel_state_update. */
    double beta;
    double *log_density;                        /* [n_components, n] */
    double *log_weight;                         /* [n_components]: ln theta + ln of the weight within the origin */
    double *responsibility, *total, *log_scale; /* [n_components, n], [n], [n]: as shares_responsibilities fills them */
    /* Workspace of the moves. */
    double *sum;             /* [d] */
    double *score;           /* [n_shares, d]: gradient of the log likelihood by a shift, at shift 0 */
    double *information;     /* [n_shares, d, d]: minus its second derivative */
    double *cholesky;        /* [d, d] */
    double *log_cell_weight; /* [n_cells] */
    double *squared_length;  /* [n_shares]: of a shift */
    /* Like those without "proposed", of another state than the present one. */
    double *proposed_log_density, *proposed_log_weight, *proposed_responsibility, *proposed_total, *proposed_log_scale;
} parcel_state;

/* ADAMAS_E_ARGUMENT: no specimen, or alpha is invalid (see parcel_sample.h); ADAMAS_E_DATA: a feature is not finite.
 * The model must outlive the state; rows[n, d] and alpha[n_shares] are copied. */
adamas_status parcel_state_new(parcel_state *out, const parcel_model *model, size_t n, const double *rows,
                               const double *alpha, double tau_scale, adamas_error *error);

void parcel_state_free(parcel_state *s);

/* Standard deviation of origin k's shift. */
static inline double parcel_state_sd(const parcel_state *s, size_t k)
{
    return s->sd[k * s->n_cells + s->cell];
}

/* Log density of all specimens under one component if its origin's shift is shift[d] (whitened): out[n]. */
void parcel_state_log_density(const parcel_state *s, size_t component, const double *shift, double *out);

/* Sets beta and brings the densities up to date with theta, eta and cell. */
void parcel_state_update(parcel_state *s, double beta);

/* Log ratio of the likelihood, labels summed out, at another beta, with other log_density[n_components, n] and
 * log_weight[n_components], to that of the state: sum_i ln(sum_c w_c f_ci^beta / the same of the state). */
double parcel_state_log_likelihood_ratio(parcel_state *s, double beta, const double *log_density,
                                         const double *log_weight);

/* An index of 0 ... n-1, with probability proportional to exp(log_cell_weight[i]); one that has less than e^-40 of the
 * greatest is never drawn. Replaces log_cell_weight. */
size_t parcel_state_draw_index(parcel_state *s, size_t n, random_stream *r);

/* The number of iterations that take about a millisecond: after so many the caller checks whether to stop. */
size_t parcel_state_poll_stride(const parcel_state *s);

#endif
