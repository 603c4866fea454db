/* Two threads each train a model, write and read it, and classify with it; each gets what it gets alone. */
#include "folder.h"
#include "two_threads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct job {
    const char *method;
    char path[300];
    char *json;
} job;

static int run(void *data)
{
    job *j = data;
    synthetic_set library = synthetic_make(synthetic_library), parcel = synthetic_make(synthetic_parcel);
    adamas_model *model = NULL, *read = NULL;
    adamas_report *report = NULL;
    int failed = train_or_print(&model, j->method, &library) || adamas_model_write(model, j->path, NULL) ||
                 adamas_model_read(&read, j->path, NULL) || classify_or_print(&report, read, &parcel);
    j->json = failed ? NULL : strdup(adamas_report_json(report));
    remove(j->path);
    adamas_report_free(report);
    adamas_model_free(model);
    adamas_model_free(read);
    synthetic_free(&library);
    synthetic_free(&parcel);
    return !j->json;
}

int main(void)
{
    static const char *const methods[] = {"align | snip | whittaker | snv | pca | twolevel",
                                          "align | area | pca(3) | lda"};
    folder_begin();
    job alone[2], both[2];
    for (int i = 0; i < 2; i++) {
        alone[i] = (job){.method = methods[i]};
        snprintf(alone[i].path, sizeof alone[i].path, "%s", in_folder(i ? "1.h5" : "0.h5"));
        both[i] = alone[i];
    }
    int failed = run(&alone[0]) || run(&alone[1]) || run_in_two_threads(run, &both[0], run, &both[1]);
    for (int i = 0; !failed && i < 2; i++)
        failed = strcmp(alone[i].json, both[i].json) != 0;
    for (int i = 0; i < 2; i++) {
        free(alone[i].json);
        free(both[i].json);
    }
    folder_end();
    puts(failed ? "two models: different" : "two models: the same");
    return failed;
}
