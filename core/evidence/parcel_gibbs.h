/* One Markov chain over what is not known of a parcel: the label of each stone (an origin's part, or none), the shifts,
 * the variances of localities and sessions, and the shares. Its target is the posterior of parcel_model.h with the
 * likelihood of the stones, given labels and shifts, raised to a power: 1 is the posterior, 0 the prior.
 *
 * A shift is sd eta with eta ~ N(0, 1) in whitened coordinates. Variances are drawn, one after the other, both with eta
 * held (where no shift is too small to leave) and with the shifts held (quick where many stones fix them), as Yu and
 * Meng (2011) interweave the two. Between modes the chain jumps (parcel_jump.h). */
#ifndef EVIDENCE_PARCEL_GIBBS_H
#define EVIDENCE_PARCEL_GIBBS_H

#include "base/random.h"
#include "base/work.h"
#include "evidence/parcel_model.h"

typedef struct parcel_gibbs {
    const parcel_model *model;
    size_t n, d, n_shares;
    double *alpha; /* [n_shares] */
    /* Parts of the origins with alpha > 0; that of none, where it has one, is last. */
    size_t n_components;
    bool has_none;
    size_t *part;     /* [n_components]: its number in the model */
    size_t *share_of; /* [n_components] */
    double *residual; /* [n_components, d, n]: root (W^-1 x - mean) */
    /* The grid of variances. */
    size_t n_cells;
    double *log_weight; /* [n_cells] */
    double *rho, *sigma;
    double *sd;            /* [n_shares, n_cells]: of a shift */
    double *log_sd;        /* [n_shares, n_cells]; INFINITY where sd is 0, so that no shift but 0 is possible there */
    double *inverse;       /* [n_shares, n_cells]: 1 / sd^2; 0 where sd is 0 */
    double *mean_variance; /* [n_shares]: of a shift, over the grid's weights */
    double *middle;        /* [n_shares, d]: mean of the mixture, whitened */
    /* The state. */
    double *share; /* [n_shares] */
    double *eta;   /* [n_shares, d] */
    size_t cell;
    size_t *label;      /* [n]: a part */
    size_t *part_count; /* [n_components] */
    size_t *count;      /* [n_shares] */
    /* What the state says of the stones; kept up to date by parcel_gibbs_weigh and parcel_gibbs_step. */
    double power;
    double *log_density;                 /* [n_components, n] */
    double *log_share;                   /* [n_components]: of a share and of the part within it */
    double *relative, *total, *greatest; /* as shares_weigh fills them */
    /* Room. */
    double *sum;         /* [d] */
    double *pull;        /* [n_shares, d]: the gradient of the log likelihood by a shift, at shift 0 */
    double *curvature;   /* [n_shares, d, d]: minus its second derivative */
    double *factor;      /* [d, d] */
    double *cell_weight; /* [n_cells] */
    double *other, *other_relative, *other_total, *other_greatest; /* [n_components, n] twice, [n] twice */
    double *other_log_share;                                       /* [n_components] */
    double *square;                                                /* [n_shares]: of the length of a shift */
} parcel_gibbs;

/* ADAMAS_E_ARGUMENT: no stone, or alpha does not serve (parcel_sample.h); ADAMAS_E_DATA: a feature is not finite. The
 * model must outlive the chain; rows[n, d] and alpha are copied. */
adamas_status parcel_gibbs_new(parcel_gibbs *out, const parcel_model *model, size_t n, const double *rows,
                               const double *alpha, double tau_scale, adamas_error *error);

/* A state from the prior; or, likeliest, no shifts, the likeliest variances and the maximum-likelihood shares. */
void parcel_gibbs_start_prior(parcel_gibbs *g, random_stream *r);
adamas_status parcel_gibbs_start_likeliest(parcel_gibbs *g, work *w, adamas_error *error);

/* Weighs the state at a power; needed once after a start and at a change of power. */
void parcel_gibbs_weigh(parcel_gibbs *g, double power);

/* One iteration at the power of the last weighing. Afterwards relative / total are the probabilities of the parts for
 * each stone, given shares, shifts and variances. */
void parcel_gibbs_step(parcel_gibbs *g, random_stream *r);

/* So many iterations take about a millisecond: between them the caller is asked whether to go on. */
size_t parcel_gibbs_stride(const parcel_gibbs *g);

/* Log density of all stones under one part when the shift is shift[d] in whitened coordinates: out[n]. */
void parcel_gibbs_density(const parcel_gibbs *g, size_t p, const double *shift, double *out);

/* The cell of the variances, with probability proportional to e^cell_weight. */
void parcel_gibbs_draw_cell(parcel_gibbs *g, random_stream *r);

/* By how much the log likelihood of the state, labels summed out, is greater at another power than at that of the last
 * weighing: sum_i ln(sum_c w_c f_ci^other / sum_c w_c f_ci^power). */
double parcel_gibbs_rise(parcel_gibbs *g, double other);

void parcel_gibbs_free(parcel_gibbs *g);

#endif
