#include "cli.h"

#include <stdio.h>

static void print_confusion(const adamas_report *r)
{
    const adamas_column *origins = adamas_report_column(r, ADAMAS_ORIGINS, "origin");
    printf("\n%-24s", "true origin \\ likeliest");
    for (size_t o = 0; o < origins->n; o++)
        printf(" %10.10s", origins->text[o]);
    printf("\n");
    for (size_t t = 0; t < origins->n; t++) {
        printf("%-24.24s", origins->text[t]);
        for (size_t o = 0; o < origins->n; o++)
            printf(" %10.0f", column_of(r, ADAMAS_ORIGINS, "predicted/", origins->text[o])->number[t]);
        printf("\n");
    }
}

static void print_folds(const adamas_report *r)
{
    const adamas_column *components = adamas_report_column(r, ADAMAS_FOLDS, "components");
    double least = components->number[0], most = least;
    for (size_t i = 0; i < components->n; i++) {
        least = components->number[i] < least ? components->number[i] : least;
        most = components->number[i] > most ? components->number[i] : most;
    }
    printf("components         %.0f to %.0f in %zu folds\n", least, most, components->n);
}

static void print_report(const adamas_report *r)
{
    size_t specimens = adamas_report_column(r, ADAMAS_SPECIMENS, "id")->n;
    double judged = adamas_report_number(r, "judged");
    print_warnings(r);
    print_conclusion(r);
    printf("\naccuracy           %.4f (%.0f of %.0f specimens; 95 %% interval %.4f to %.4f)\n",
           adamas_report_number(r, "accuracy"), adamas_report_number(r, "right"), judged,
           adamas_report_number(r, "accuracy_low"), adamas_report_number(r, "accuracy_high"));
    printf("balanced accuracy  %.4f\n", adamas_report_number(r, "balanced_accuracy"));
    printf("log loss           %.4f\n", adamas_report_number(r, "log_loss"));
    print_folds(r);
    if (judged < (double)specimens)
        printf("%.0f specimens have no shot of use and were not judged\n", (double)specimens - judged);
    print_confusion(r);
}

int run_validate(arguments *a)
{
    adamas_error error;
    adamas_method *method = NULL;
    adamas_spectra **libraries = NULL;
    adamas_report *report = NULL;
    adamas_status status = adamas_method_parse(&method, a->method, &error);
    if (!status)
        status = read_sets(&libraries, a, &error);
    if (!status)
        status = adamas_model_validate(&report, method, (const adamas_spectra *const *)libraries, a->n_files,
                                       &a->protocol, &a->options, &error);
    if (!status)
        status = write_report(report, a, &error);
    if (!status)
        print_report(report);
    adamas_report_free(report);
    free_sets(libraries, a->n_files);
    adamas_method_free(method);
    return status ? fail(&error) : EXIT_DONE;
}
