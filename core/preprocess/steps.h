/* The preprocessing steps: each file of this folder that is named as one defines it. The table of steps
 * (core/pipeline) lists them. */
#ifndef PREPROCESS_STEPS_H
#define PREPROCESS_STEPS_H

#include "preprocess/step.h"

/* Selection of channels, and alignment to a reference. */
extern const step crop_step, mask_step, align_step;

/* Cosmic rays, baselines, smoothing. */
extern const step despike_step, snip_step, arpls_step, asls_step, airpls_step, whittaker_step, savgol_step,
    gaussian_step;

/* Normalisation and transformation of intensities. */
extern const step snv_step, msc_step, area_step, minmax_step, standard_step, sqrt_step, log1p_step;

#endif
