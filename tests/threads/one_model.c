/* One model is shared by two threads that classify and preprocess with it. */
#include "together.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct use {
    const adamas_model *model;
    uint64_t seed;
    char *json;
    float first; /* of the first preprocessed row */
} use;

static int preprocess_here(float *first, const adamas_model *model, const sample *parcel)
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

static int go(void *data)
{
    use *u = data;
    sample_shape seized = sample_parcel;
    seized.seed = u->seed;
    sample parcel = sample_make(seized);
    adamas_report *report = NULL;
    int failed = classify_here(&report, u->model, &parcel) || preprocess_here(&u->first, u->model, &parcel);
    u->json = failed ? NULL : strdup(adamas_report_json(report));
    adamas_report_free(report);
    sample_free(&parcel);
    return !u->json;
}

int main(void)
{
    sample library = sample_make(sample_library);
    adamas_model *model = NULL;
    int failed = train_here(&model, "align | snip | snv | pca(3) | twolevel", &library);
    use alone[2] = {{.model = model, .seed = 3}, {.model = model, .seed = 4}}, both[2];
    memcpy(both, alone, sizeof both);
    failed = failed || go(&alone[0]) || go(&alone[1]) || together(go, &both[0], go, &both[1]);
    for (int i = 0; !failed && i < 2; i++)
        failed = strcmp(alone[i].json, both[i].json) != 0 || alone[i].first != both[i].first;
    for (int i = 0; i < 2; i++) {
        free(alone[i].json);
        free(both[i].json);
    }
    adamas_model_free(model);
    sample_free(&library);
    puts(failed ? "one model: different" : "one model: the same");
    return failed;
}
