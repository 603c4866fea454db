/* A validation: how well a method does on specimens that it was fitted without. */
#include "validation/validation_result.h"

#include <stdlib.h>

void validation_result_clear(validation_result *v)
{
    model_description_clear(&v->model);
    text_list_clear(&v->fold_names);
    text_list_clear(&v->origins);
    specimen_results_clear(&v->specimens);
    free(v->folds);
    free(v->library_specimens);
    free(v->true_origin);
    free(v->confusion);
    free(v->no_evidence);
    free(v->units);
    free(v->answers);
    free(v->gated);
    free(v->origin_performance);
    free(v->curves);
    free(v->open_set);
    free(v->cases);
    *v = (validation_result){0};
}
