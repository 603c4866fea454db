/* Trains a model on reference libraries, classifies a parcel with it, and prints the answer for each specimen and the
 * conclusion on the parcel.
 *
 *     origin_of_parcel PARCEL LIBRARY...
 *
 * The arguments are spectra sets, such as `adamas import` or `adamas-simulate` write. The specimens of the libraries
 * have origins; those of the parcel have none. Exit codes: 0 done, 1 an error that is printed, 2 usage. */
#include <adamas/adamas.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Every handle that the program holds. All start as NULL, and adamas_x_free(NULL) does nothing, so that clear() may be
 * called however far the work has come. */
typedef struct handles {
    size_t n_libraries;
    adamas_spectra **libraries; /* [n_libraries] */
    adamas_spectra *parcel;
    adamas_method *method;
    adamas_model *model;
    adamas_report *report;
} handles;

static void clear(handles *h)
{
    adamas_report_free(h->report);
    adamas_model_free(h->model);
    adamas_method_free(h->method);
    adamas_spectra_free(h->parcel);
    for (size_t i = 0; h->libraries && i < h->n_libraries; i++)
        adamas_spectra_free(h->libraries[i]);
    free(h->libraries);
}

/* The caller checks that the array was allocated; adamas_spectra_read reads the tables and leaves the spectra in the
 * file until they are needed. */
static adamas_status read_sets(handles *h, const char *parcel, char *const *libraries, adamas_error *error)
{
    adamas_status status = adamas_spectra_read(&h->parcel, parcel, error);
    for (size_t i = 0; !status && i < h->n_libraries; i++)
        status = adamas_spectra_read(&h->libraries[i], libraries[i], error);
    return status;
}

/* Trains on all libraries together. Origins are told apart by the first part of their path: CAR of CAR/west/Carnot. */
static adamas_status train(handles *h, adamas_error *error)
{
    const int32_t level = 1;
    adamas_status status = adamas_method_parse(&h->method, NULL, error); /* NULL: the default method */
    if (!status)
        status = adamas_model_train(&h->model, h->method, (const adamas_spectra *const *)h->libraries, h->n_libraries,
                                    level, NULL, error); /* NULL: all threads, seed 1, no progress */
    return status;
}

static adamas_status classify(handles *h, adamas_error *error)
{
    adamas_question question = ADAMAS_QUESTION_INIT; /* sets struct_size; then change what is to differ */
    question.epsilon = 0.05;                         /* an origin is rejected if its typicality p is not above 5 % */
    return adamas_model_classify(&h->report, h->model, h->parcel, &question, NULL, error);
}

/* One cell of the table of specimens. The columns of an origin are named QUANTITY/ORIGIN. NaN: not in the report. */
static double number_of(const adamas_report *report, const char *quantity, const char *origin, size_t row)
{
    char name[256];
    snprintf(name, sizeof name, "%s/%s", quantity, origin);
    const adamas_column *column = adamas_report_column(report, ADAMAS_SPECIMENS, name);
    return column && column->number ? column->number[row] : NAN;
}

static void print_origin(const adamas_report *report, const char *origin, size_t row)
{
    double p = number_of(report, "typicality", origin, row), lr = number_of(report, "log10_lr", origin, row);
    printf("    %-20s typicality p %.3f", origin, p);
    if (!isnan(lr)) /* NaN if the origin is rejected, or if the library cannot support an LR of it */
        printf(", log10 LR against the others %+.2f", lr);
    printf("\n");
}

/* For each specimen the origins that its spectra do not reject ("none" is an answer), then a line for each origin. */
static void print_specimens(const adamas_report *report)
{
    const adamas_column *id = adamas_report_column(report, ADAMAS_SPECIMENS, "id");
    const adamas_column *answer = adamas_report_column(report, ADAMAS_SPECIMENS, "answer");
    const adamas_column *origin = adamas_report_column(report, ADAMAS_ORIGINS, "origin");
    for (size_t i = 0; i < id->n; i++) {
        printf("%s: %s\n", id->text[i], answer->text[i]);
        for (size_t k = 0; k < origin->n; k++)
            print_origin(report, origin->text[k], i);
    }
}

static void print_report(const adamas_report *report)
{
    const char *warning, *why = adamas_report_fact(report, "no_evidence");
    for (size_t i = 0; (warning = adamas_report_warning(report, i)); i++)
        printf("warning: %s\n", warning);
    if (why) /* libraries too small to calibrate on: the report has no column `answer` */
        printf("no evidence: %s\n", why);
    else
        print_specimens(report);
    const char *conclusion = adamas_report_fact(report, "conclusion");
    printf("\n%s\n", conclusion ? conclusion : "no conclusion");
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: %s PARCEL LIBRARY...\n", argv[0]);
        return 2;
    }
    adamas_error error = {0};
    handles h = {.n_libraries = (size_t)argc - 2};
    h.libraries = calloc(h.n_libraries, sizeof *h.libraries);
    if (!h.libraries) {
        perror(argv[0]);
        return 1;
    }
    adamas_status status = read_sets(&h, argv[1], argv + 2, &error);
    if (!status)
        status = train(&h, &error);
    if (!status)
        status = classify(&h, &error);
    if (!status)
        print_report(h.report);
    else
        fprintf(stderr, "%s: %s\n", argv[0], error.message); /* one line, which names the file and the place in it */
    clear(&h);
    return status ? 1 : 0;
}
