#include "together.h"

#include <pthread.h>
#include <stdio.h>

typedef struct part {
    int (*run)(void *);
    void *data;
    pthread_barrier_t *start;
    int said;
} part;

static void *run(void *data)
{
    part *p = data;
    pthread_barrier_wait(p->start);
    p->said = p->run(p->data);
    return NULL;
}

int together(int (*one)(void *), void *first, int (*other)(void *), void *second)
{
    pthread_barrier_t start;
    pthread_t threads[2];
    part parts[] = {{one, first, &start, 1}, {other, second, &start, 1}};
    if (pthread_barrier_init(&start, NULL, 2))
        return 1;
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, run, &parts[i]))
            return 1;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&start);
    return parts[0].said || parts[1].said;
}

static int said(adamas_status status, const adamas_error *error)
{
    if (status)
        fprintf(stderr, "%s\n", error->message);
    return status != ADAMAS_OK;
}

int train_here(adamas_model **out, const char *text, const sample *library)
{
    adamas_error error = {0};
    adamas_method *method;
    adamas_options options = ADAMAS_OPTIONS_INIT;
    const adamas_spectra *only = library->spectra;
    options.threads = 2;
    adamas_status status = adamas_method_parse(&method, text, &error);
    if (!status)
        status = adamas_model_train(out, method, &only, 1, 1, &options, &error);
    adamas_method_free(method);
    return said(status, &error);
}

int classify_here(adamas_report **out, const adamas_model *model, const sample *parcel)
{
    adamas_error error = {0};
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = 2;
    return said(adamas_model_classify(out, model, parcel->spectra, NULL, &options, &error), &error);
}
