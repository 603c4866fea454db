/* A classifier: a compiled method fitted to some specimens, which then gives the fit of others to each origin. */
#ifndef TRAINING_CLASSIFIER_H
#define TRAINING_CLASSIFIER_H

#include "training/specimen_scores.h"

typedef struct classifier {
    fit fit;
    void *match_state;
    size_t n_origins;
    double *origin_mean; /* [n_origins, n_components]: mean scores of the origins' training specimens */
    /* The squared distance of a new specimen's mean spectrum from the plane is modelled as residual + residual_shot /
     * n_shots, times a chi-square over its degrees of freedom, residual_freedom. */
    double residual;
    double residual_shot;
    double residual_freedom;
} classifier;

/* Fits to the training specimens alone. kept: NULL, or becomes the scores of the specimens with include[] not 0 (NULL:
 * of all), for the caller to clear. span: NULL, or the axes of the dataset's coordinates if it is a span_projection's
 * view: the classifier is then one of channels all the same. */
adamas_status classifier_make(classifier *out, specimen_scores *kept, const compiled_method *compiled,
                              const axis *library, dataset *c, const pca *span, const unsigned char *training,
                              const unsigned char *include, reduction most, work *w, adamas_error *error);
void classifier_clear(classifier *clf);

/* Scores of the specimens with include[] not 0 (NULL: all) under several classifiers of one method: out[n_classifiers],
 * for the caller to clear; on failure nothing is left. Classifiers with the same preprocessing share one scan. */
adamas_status classifier_scores(specimen_scores *out, const classifier *const *classifiers, size_t n_classifiers,
                                dataset *c, const unsigned char *include, work *w, adamas_error *error);

/* Evaluates one specimen from its scores under this classifier. log_density[n_origins]: natural.
 * nonconformity[n_origins]: its distance from each origin, in the plane and from it: 2 (peak - log density) + N q / q0,
 * the full distance of DD-SIMCA (Pomerantsev & Rodionova 2014), where the first term is a chi-square already and q0 is
 * the expected q of so many shots. Either may be NULL. */
adamas_status classifier_specimen(const classifier *clf, const specimen_scores *s, size_t specimen, double *log_density,
                                  double *nonconformity, adamas_error *error);

/* What the class models of a method that has them say of one specimen: class_model[n_origins], as class_assignment;
 * left unchanged if the method has none. */
adamas_status classifier_class_models(const classifier *clf, const specimen_scores *s, size_t specimen,
                                      double *class_model, adamas_error *error);

adamas_status classifier_save(const classifier *clf, store *s, const char *group, adamas_error *error);
adamas_status classifier_load(classifier *out, const compiled_method *compiled, const axis *library, size_t n_origins,
                              store *s, const char *group, adamas_error *error);

#endif
