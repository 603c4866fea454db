/* A judge: a compiled_method fitted to some specimens, which then says of others how well they fit each origin. */
#ifndef TRAINING_CLASSIFIER_H
#define TRAINING_CLASSIFIER_H

#include "training/fit.h"

typedef struct classifier {
    fit fit;
    void *match_state;
    size_t n_origins;
    double *origin_mean; /* [n_origins, n_components]: mean scores of the origins' training specimens */
    /* The squared distance of a new specimen's mean spectrum from the plane is as residual + residual_shot / n_shots
     * times a chi-square over its degrees of freedom, residual_freedom. */
    double residual;
    double residual_shot;
    double residual_freedom;
} classifier;

/* Fits to the training specimens alone. `kept`: NULL, or becomes the scores of the included specimens (NULL: of all),
 * for the caller to clear. span: NULL, or what the coordinates of a span_projection dataset are along: the judge is
 * then one of channels. */
adamas_status classifier_make(classifier *out, specimen_scores *kept, const compiled_method *r, const axis *library,
                              dataset *c, const pca *span, const unsigned char *training, const unsigned char *include,
                              size_t n_components, work *w, adamas_error *error);
void classifier_clear(classifier *j);

/* Scores of the included specimens (NULL: all) under several classifiers of one compiled_method: out[n_classifiers],
 * for the caller to clear; on failure nothing is left. Judges that share their preprocessing share one pass over the
 * spectra. */
adamas_status classifier_scores(specimen_scores *out, const classifier *const *classifiers, size_t n_classifiers,
                                dataset *c, const unsigned char *include, work *w, adamas_error *error);

/* Of one specimen, from its scores under this judge. log_density[n_origins]: natural. nonconformity[n_origins]: how
 * little it fits each origin, in the plane and off it: 2 (peak - log density) + N q / q0, the full distance of
 * DD-SIMCA (Pomerantsev & Rodionova 2014) where the squared distance in the plane is a chi-square already, q0 being
 * what is expected of so many shots. Either may be NULL. */
adamas_status classifier_specimen(const classifier *j, const specimen_scores *s, size_t specimen, double *log_density,
                                  double *nonconformity, adamas_error *error);

/* What the class models of a method that has them say of one specimen: class_model[n_origins], as class_assignment;
 * left alone where the method has none. */
adamas_status classifier_class_models(const classifier *j, const specimen_scores *s, size_t specimen,
                                      double *class_model, adamas_error *error);

adamas_status classifier_save(const classifier *j, store *s, const char *group, adamas_error *error);
adamas_status classifier_load(classifier *out, const compiled_method *r, const axis *library, size_t n_origins,
                              store *s, const char *group, adamas_error *error);

#endif
