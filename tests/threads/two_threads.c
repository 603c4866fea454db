/* Two threads that start at the same time, and the calls that they make. */
#include "two_threads.h"

#include <pthread.h>
#include <stdio.h>

typedef struct task {
    int (*run)(void *);
    void *data;
    pthread_barrier_t *start;
    int result;
} task;

static void *run(void *data)
{
    task *p = data;
    pthread_barrier_wait(p->start);
    p->result = p->run(p->data);
    return NULL;
}

int run_in_two_threads(int (*one)(void *), void *first, int (*other)(void *), void *second)
{
    pthread_barrier_t start;
    pthread_t threads[2];
    task tasks[] = {{one, first, &start, 1}, {other, second, &start, 1}};
    if (pthread_barrier_init(&start, NULL, 2))
        return 1;
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, run, &tasks[i]))
            return 1;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&start);
    return tasks[0].result || tasks[1].result;
}

static int print_error(adamas_status status, const adamas_error *error)
{
    if (status)
        fprintf(stderr, "%s\n", error->message);
    return status != ADAMAS_OK;
}

int train_or_print(adamas_model **out, const char *text, const synthetic_set *library)
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
    return print_error(status, &error);
}

int classify_or_print(adamas_report **out, const adamas_model *model, const synthetic_set *parcel)
{
    adamas_error error = {0};
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = 2;
    return print_error(adamas_model_classify(out, model, parcel->spectra, NULL, &options, &error), &error);
}
