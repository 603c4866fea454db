/* A classification: what a model says of a parcel. classify.c makes it, report/ words and draws it. */
#ifndef CLASSIFICATION_CLASSIFICATION_H
#define CLASSIFICATION_CLASSIFICATION_H

#include "classification/controls.h"
#include "classification/declared_test.h"
#include "classification/mean_spectrum.h"
#include "classification/origin_plane.h"
#include "training/model.h"
#include "training/model_description.h"

/* Why something that was not computed is missing. */
typedef enum missing_reason {
    MISSING_NOTHING,
    MISSING_NOT_ASKED,     /* the question asked for less */
    MISSING_NOT_SUPPORTED, /* the model does not hold what it needs: its own reason is the text beside this */
} missing_reason;

/* Bits of what the reader must be warned of. */
enum {
    CLASSIFICATION_DECLARED_UNKNOWN = 1, /* the declared origin is in no library */
    CLASSIFICATION_OWN_LIBRARY = 2,      /* the parcel is one of the model's reference libraries */
    CLASSIFICATION_MEDIUM_OF_MODEL = 4,  /* air or vacuum is stated for the model only */
    CLASSIFICATION_MEDIUM_OF_PARCEL = 8  /* for the parcel only */
};

/* The parcel's file, and what the file says of its case; NULL: not stated. */
typedef struct parcel_description {
    char *file;
    char *sha256; /* NULL also if densities alone were asked for */
    char *name, *seizure, *certificate, *declared_origin;
} parcel_description;

typedef struct classification {
    model_description model;
    parcel_description parcel;
    unsigned warnings; /* CLASSIFICATION_... */

    text_list origins;
    size_t *library_specimens;            /* [n_origins] of the libraries */
    double *prior;                        /* [n_origins] */
    size_t *units;                        /* [n_origins] independent specimens or localities; this and the next two
                                             NULL if there is no evidence */
    double *log10_lr_low, *log10_lr_high; /* [n_origins] bounds of LRs */
    specimen_results specimens;           /* specimens.has_evidence tells whether there is evidence at all */

    missing_reason no_evidence;
    char *no_evidence_text; /* of MISSING_NOT_SUPPORTED; NULL: the method has no calibration */
    int by_locality;        /* held-out groups behind the evidence: localities, else specimens; of evidence, as are: */
    int by_session;         /* sessions were held out with them */
    size_t n_folds;
    double typicality_bound;      /* the most that P(p <= epsilon) can be for a specimen like the library's */
    double slope;                 /* of the calibration */
    double low_typicality;        /* share of stones whose greatest p is at most 2 epsilon; NaN: none was evaluated */
    double low_typicality_chance; /* of as many or more in a parcel like the libraries */
    controls controls;            /* which of the specimens are controls, not the parcel's own */

    char *declared;         /* what is declared; NULL: nothing */
    size_t declared_origin; /* its place among the origins; n_origins: nothing, or it is in no library */
    missing_reason no_composition;
    char *no_composition_text; /* of MISSING_NOT_SUPPORTED */
    origin_plane plane;
    composition composition;
    declared_test declared_test;
    mean_spectrum spectrum;
} classification;

adamas_status model_classify(classification *out, const adamas_model *m, const adamas_spectra *parcel,
                             const adamas_question *question, work *w, adamas_error *error);
void classification_clear(classification *c);

/* A stone is a specimen of the parcel's own, no control. How many were measured? And how many have a shot of use? */
int classification_is_stone(const classification *c, size_t specimen);
int classification_is_judged(const classification *c, size_t specimen);
size_t classification_stones(const classification *c);
size_t classification_judged(const classification *c);

#endif
