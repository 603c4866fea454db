/* Empirical lower and upper bounds (ELUB) of likelihood ratios, from the cases of a validation. */
#ifndef EVIDENCE_LR_BOUNDS_H
#define EVIDENCE_LR_BOUNDS_H

#include "base/status.h"

/* Vergeer, van Es, de Jongh, Alberink and Stoel 2016, "Numerical likelihood ratios outputted by LR systems are often
 * based on extrapolation: when to stop extrapolating?". One same-source case of LR 0 and one different-source case of
 * infinite LR are added. A decision by LR > theta then has the expected loss EU = 1 - P1(LR > theta) + theta
 * P0(LR > theta), a decision without the LR min(1, theta). The bounds are the ends of the range of theta around 1, in
 * steps of 0.01 of log10, in which EU is nowhere greater; both are 0 if it is greater at theta = 1.
 *
 * Log LRs are natural and may be infinite; the bounds are log10. weight_ss[n_ss] and weight_ds[n_ds] count independent
 * units, not cases: those of the cases of one unit (one locality) sum to 1, and the added cases weigh one unit each.
 * NULL: each case is a unit. So the bounds lie within -log10(N_ss + 1) and log10(N_ds + 1) for N units of each kind.
 * ADAMAS_E_DATA: an LR is NaN, or a weight is negative or not finite. */
adamas_status lr_bounds_find(double *log10_low, double *log10_high, size_t n_ss, const double *log_lr_ss,
                             const double *weight_ss, size_t n_ds, const double *log_lr_ds, const double *weight_ds,
                             adamas_error *error);

#endif
