/* `adamas validate`: cross-validates a method and prints its report. */
#include "cli.h"

#include <math.h>
#include <stdio.h>

static double of_origin(const adamas_report *r, const char *name, size_t o)
{
    const adamas_column *column = adamas_report_column(r, ADAMAS_ORIGINS, name);
    return column ? column->number[o] : NAN;
}

static void print_confusion(const adamas_report *r)
{
    const adamas_column *origins = adamas_report_column(r, ADAMAS_ORIGINS, "origin");
    int answers = column_of(r, ADAMAS_ORIGINS, "answered/", "none") != NULL;
    printf("\n%-24s", "true \\ most likely");
    for (size_t o = 0; o < origins->n; o++)
        printf(" %10.10s", origins->text[o]);
    printf("%s\n", answers ? "   answer: true origin, another, not resolved, none" : "");
    for (size_t t = 0; t < origins->n; t++) {
        double others = 0;
        printf("%-24.24s", origins->text[t]);
        for (size_t o = 0; o < origins->n; o++)
            printf(" %10.0f", column_of(r, ADAMAS_ORIGINS, "predicted/", origins->text[o])->number[t]);
        for (size_t o = 0; answers && o < origins->n; o++)
            others += o == t ? 0 : column_of(r, ADAMAS_ORIGINS, "answered/", origins->text[o])->number[t];
        if (answers)
            printf(" %13.0f %8.0f %13.0f %5.0f", column_of(r, ADAMAS_ORIGINS, "answered/", origins->text[t])->number[t],
                   others, column_of(r, ADAMAS_ORIGINS, "answered/", "not resolved")->number[t],
                   column_of(r, ADAMAS_ORIGINS, "answered/", "none")->number[t]);
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

static void print_lr(const adamas_report *r)
{
    const adamas_column *origins = adamas_report_column(r, ADAMAS_ORIGINS, "origin");
    printf("\n%-24s %10s %10s %10s %10s %10s  %s\n", "likelihood ratios", "Cllr", "Cllr_min", "Cllr_cal", "EER",
           "devPAV", "largest misleading log10 LR reported");
    printf("%-24s %10.3f %10.3f %10.3f %10.3f %10.3f %10.2f\n", "all origins", adamas_report_number(r, "cllr"),
           adamas_report_number(r, "cllr_min"), adamas_report_number(r, "cllr_cal"), adamas_report_number(r, "eer"),
           adamas_report_number(r, "devpav"), adamas_report_number(r, "largest_wrong_log10_lr"));
    for (size_t o = 0; o < origins->n; o++)
        printf("%-24.24s %10.3f %10.3f %10.3f %10.3f %10.3f %10.2f\n", origins->text[o], of_origin(r, "cllr", o),
               of_origin(r, "cllr_min", o), of_origin(r, "cllr_cal", o), of_origin(r, "eer", o),
               of_origin(r, "devpav", o), of_origin(r, "largest_wrong_log10_lr", o));
}

static void print_open_set(const adamas_report *r)
{
    const adamas_column *origins = adamas_report_column(r, ADAMAS_ORIGINS, "origin");
    if (!adamas_report_column(r, ADAMAS_ORIGINS, "open_n"))
        return;
    printf("\n%-24s %10s %10s %10s %10s %10s  %s\n", "origin left out", "specimens", "none", "LR > 1", "LR > 10",
           "LR > 100", "specimens without an LR, origin not left out");
    for (size_t o = 0; o < origins->n; o++)
        printf("%-24.24s %10.0f %10.0f %10.0f %10.0f %10.0f %10.0f of %.0f\n", origins->text[o],
               of_origin(r, "open_n", o), of_origin(r, "open_none", o), of_origin(r, "open_above_1", o),
               of_origin(r, "open_above_10", o), of_origin(r, "open_above_100", o), of_origin(r, "gated", o),
               of_origin(r, "specimens", o));
}

static void print_audit(const adamas_report *r)
{
    const char *features = adamas_report_fact(r, "audit/features");
    printf("\n");
    if (features)
        printf("features without information on the origin: accuracy %.4f (95 %% interval %.4f to %.4f), balanced "
               "%.4f: %s\n",
               adamas_report_number(r, "audit/accuracy"), adamas_report_number(r, "audit/accuracy_low"),
               adamas_report_number(r, "audit/accuracy_high"), adamas_report_number(r, "audit/balanced_accuracy"),
               features);
    if (!isnan(adamas_report_number(r, "audit/session_p")))
        printf("sessions distinguished within an origin: accuracy %.4f, chance level %.4f, p = %.2g\n",
               adamas_report_number(r, "audit/session_accuracy"), adamas_report_number(r, "audit/session_chance"),
               adamas_report_number(r, "audit/session_p"));
}

static void print_evidence(const adamas_report *r)
{
    const char *why = adamas_report_fact(r, "no_evidence");
    if (why)
        printf("\nno likelihood ratios: %s\n", why);
    if (!adamas_report_fact(r, "held_out"))
        return;
    print_lr(r);
    printf("\ntrue origin among those not rejected at %g: %.4f (95 %% interval %.4f to %.4f; at least %.4f of "
           "specimens like the library's), %.2f origins in a set\n",
           adamas_report_number(r, "epsilon"), adamas_report_number(r, "covered"),
           adamas_report_number(r, "covered_low"), adamas_report_number(r, "covered_high"),
           1 - adamas_report_number(r, "typicality/bound"), adamas_report_number(r, "set_size"));
    print_open_set(r);
}

static double of_case(const adamas_report *r, const char *name, size_t i)
{
    const adamas_column *column = adamas_report_column(r, ADAMAS_CASES, name);
    return column ? column->number[i] : NAN;
}

static void print_cases(const adamas_report *r)
{
    const adamas_column *cases = adamas_report_column(r, ADAMAS_CASES, "case");
    if (!cases)
        return;
    printf("\n%-38s %10s %26s %10s  %s\n", "what is new to the library", "specimens", "accuracy (95 % interval)",
           "log loss", "true origin not rejected, one wrong origin alone");
    for (size_t i = 0; i < cases->n; i++)
        printf("%-38s %10.0f %6.4f (%.4f to %.4f)   %10.4f %14.4f %24.4f\n", cases->text[i], of_case(r, "specimens", i),
               of_case(r, "accuracy", i), of_case(r, "accuracy_low", i), of_case(r, "accuracy_high", i),
               of_case(r, "log_loss", i), of_case(r, "covered", i), of_case(r, "wrong_single", i));
}

static void print_report(const adamas_report *r)
{
    size_t specimens = adamas_report_column(r, ADAMAS_SPECIMENS, "id")->n;
    double classified = adamas_report_number(r, "judged");
    print_warnings(r);
    print_conclusion(r);
    printf("\naccuracy           %.4f (%.0f of %.0f specimens; 95 %% interval %.4f to %.4f)\n",
           adamas_report_number(r, "accuracy"), adamas_report_number(r, "right"), classified,
           adamas_report_number(r, "accuracy_low"), adamas_report_number(r, "accuracy_high"));
    printf("balanced accuracy  %.4f\n", adamas_report_number(r, "balanced_accuracy"));
    printf("log loss           %.4f\n", adamas_report_number(r, "log_loss"));
    print_folds(r);
    if (classified < (double)specimens)
        printf("%.0f specimens have no usable shot and were not classified\n", (double)specimens - classified);
    print_cases(r);
    print_confusion(r);
    print_evidence(r);
    print_audit(r);
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
