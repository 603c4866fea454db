/* External parameter orthogonalisation (Roger, Chauchard & Bellon-Maurel 2003, "EPO-PLS external parameter
 * orthogonalisation of PLS", Chemometrics and Intelligent Laboratory Systems 66, 191-204): the directions in which
 * sessions change the spectra of alike specimens are projected out of every spectrum.
 *
 * The directions are the right singular vectors of the differences between sessions, those of the largest singular
 * values first. A difference is taken within localities, so that nothing in which localities or origins differ is in
 * it: with X[n, p] the mean spectra of specimens, S[n, sessions] and L[n, localities] their indicators and M = S -
 * L (L'L)^-1 L'S, it is a row of D = T M'X, T scaling the orthonormal combinations of M's columns to unit length. There
 * is none if each locality was measured in one session. */
#ifndef REDUCE_EPO_H
#define REDUCE_EPO_H

#include "base/work.h"
#include "reduce/reduce_step.h"

/* The step of a method: epo(directions=auto). */
enum { EPO_MAX_DIRECTIONS = 64 };
extern const reduce_step epo_step;

/* The sums of spectra from which the differences are made. */
typedef struct epo_sums epo_sums;

adamas_status epo_sums_make(epo_sums **out, size_t n_localities, size_t n_sessions, size_t n_channels,
                            adamas_error *error);
/* Adds the mean spectrum of a specimen: row[n_channels]. A session that is not below n_sessions is not known, and the
 * specimen is left out. */
void epo_sums_add(epo_sums *s, size_t locality, size_t session, const float *row);
void epo_sums_free(epo_sums *s);

/* directions[max_directions, n_channels] becomes *n orthonormal rows: fewer than max_directions if the differences have
 * a lower rank, 0 if there are none. */
adamas_status epo_fit(const epo_sums *s, size_t max_directions, size_t *n, float *directions, work *w,
                      adamas_error *error);

/* Projects the directions out of row[n_channels], in float64 sums of a fixed order. */
void epo_remove(size_t n_directions, size_t n_channels, const float *directions, float *row);

#endif
