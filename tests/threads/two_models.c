/* Two threads each train a model, write and read it, and classify with it; both get what one thread alone gets. */
#include "together.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct way {
    const char *method;
    char path[100];
    char *json;
} way;

static int go(void *data)
{
    way *w = data;
    sample_shape seized = sample_parcel;
    sample library = sample_make(sample_library), parcel = sample_make(seized);
    adamas_model *model = NULL, *read = NULL;
    adamas_report *report = NULL;
    int failed = train_here(&model, w->method, &library) || adamas_model_write(model, w->path, NULL) ||
                 adamas_model_read(&read, w->path, NULL) || classify_here(&report, read, &parcel);
    w->json = failed ? NULL : strdup(adamas_report_json(report));
    remove(w->path);
    adamas_report_free(report);
    adamas_model_free(model);
    adamas_model_free(read);
    sample_free(&library);
    sample_free(&parcel);
    return !w->json;
}

int main(void)
{
    static const char *const methods[] = {"align | snip | whittaker | snv | pca | twolevel",
                                          "align | area | pca(3) | lda"};
    const char *parent = getenv("TMPDIR");
    char folder[60];
    snprintf(folder, sizeof folder, "%.40s/adamas-XXXXXX", parent ? parent : "/tmp");
    if (!mkdtemp(folder))
        return 1;
    way alone[2], both[2];
    for (int i = 0; i < 2; i++) {
        alone[i] = (way){.method = methods[i]};
        snprintf(alone[i].path, sizeof alone[i].path, "%s/%d.h5", folder, i);
        both[i] = alone[i];
    }
    int failed = go(&alone[0]) || go(&alone[1]) || together(go, &both[0], go, &both[1]);
    for (int i = 0; !failed && i < 2; i++)
        failed = strcmp(alone[i].json, both[i].json) != 0;
    for (int i = 0; i < 2; i++) {
        free(alone[i].json);
        free(both[i].json);
    }
    remove(folder);
    puts(failed ? "two models: different" : "two models: the same");
    return failed;
}
