/* Two threads share one model to classify and preprocess; each gets what it gets alone. */
#include "two_threads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct use {
    const adamas_model *model;
    uint64_t seed;
    char *json;
    float first; /* of the first preprocessed row */
} use;

static int preprocess(float *first, const adamas_model *model, const synthetic_set *parcel)
{
    adamas_spectra *set;
    if (adamas_model_preprocess(&set, model, parcel->spectra, NULL, NULL))
        return 1;
    float *rows = malloc(adamas_spectra_shots(set) * adamas_spectra_channels(set) * sizeof *rows);
    int failed = !rows || adamas_spectra_rows(set, 0, adamas_spectra_shots(set), rows, NULL);
    *first = failed ? 0 : rows[0];
    free(rows);
    adamas_spectra_free(set);
    return failed;
}

static int run(void *data)
{
    use *u = data;
    synthetic_shape seized = synthetic_parcel;
    seized.seed = u->seed;
    synthetic_set parcel = synthetic_make(seized);
    adamas_report *report = NULL;
    int failed = classify_or_print(&report, u->model, &parcel) || preprocess(&u->first, u->model, &parcel);
    u->json = failed ? NULL : strdup(adamas_report_json(report));
    adamas_report_free(report);
    synthetic_free(&parcel);
    return !u->json;
}

int main(void)
{
    synthetic_set library = synthetic_make(synthetic_library);
    adamas_model *model = NULL;
    int failed = train_or_print(&model, "align | snip | snv | pca(3) | twolevel", &library);
    use alone[2] = {{.model = model, .seed = 3}, {.model = model, .seed = 4}}, both[2];
    memcpy(both, alone, sizeof both);
    failed = failed || run(&alone[0]) || run(&alone[1]) || run_in_two_threads(run, &both[0], run, &both[1]);
    for (int i = 0; !failed && i < 2; i++)
        failed = strcmp(alone[i].json, both[i].json) != 0 || alone[i].first != both[i].first;
    for (int i = 0; i < 2; i++) {
        free(alone[i].json);
        free(both[i].json);
    }
    adamas_model_free(model);
    synthetic_free(&library);
    puts(failed ? "one model: different" : "one model: the same");
    return failed;
}
