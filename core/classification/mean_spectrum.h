/* Which channels of the spectrum the evidence for a parcel's origin comes from. */
#ifndef CLASSIFICATION_MEAN_SPECTRUM_H
#define CLASSIFICATION_MEAN_SPECTRUM_H

#include "classification/composition.h"
#include "training/classifier.h"

/* Mean spectra after preprocessing. */
typedef struct mean_spectrum {
    size_t n_channels;    /* 0: there are none */
    size_t origin;        /* that `contribution` speaks for or against */
    double *wavelength;   /* [n_channels] nm */
    double *parcel;       /* [n_channels] */
    double *origins;      /* [n_origins, n_channels], within the plane of the components */
    double *contribution; /* [n_channels]: of each channel to the log10 LR of `origin` against the others: the gradient
                             of the log LR at the parcel's mean, times how far that is from the mean of the origins */
} mean_spectrum;

/* Of a parcel of one specimen at least. slope: of the calibration, by which log densities are multiplied. */
adamas_status mean_spectrum_make(mean_spectrum *out, const classifier *j, const specimen_results *v,
                                 const measured_parcel *parcel, size_t origin, double slope, adamas_error *error);
void mean_spectrum_clear(mean_spectrum *s);

#endif
