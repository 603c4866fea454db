/* `adamas classify`: classifies a parcel by a model and prints its report. */
#include "cli.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_ROWS = 60 };

static double cell(const adamas_report *r, int32_t table, const char *name, size_t row)
{
    const adamas_column *column = adamas_report_column(r, table, name);
    return column && column->number ? column->number[row] : NAN;
}

static double cell_of(const adamas_report *r, const char *prefix, const char *origin, size_t row)
{
    const adamas_column *column = column_of(r, ADAMAS_SPECIMENS, prefix, origin);
    return column && column->number ? column->number[row] : NAN;
}

static void print_shots(const adamas_report *r, size_t row)
{
    static const char *const names[] = {"shots_not_finite", "shots_saturated", "shots_outlier"};
    static const char *const labels[] = {"not finite", "saturated", "outlying"};
    printf("  %5.0f", cell(r, ADAMAS_SPECIMENS, "shots_used", row));
    const char *before = "  (set aside: ";
    for (size_t i = 0; i < 3; i++)
        if (cell(r, ADAMAS_SPECIMENS, names[i], row) > 0) {
            printf("%s%.0f %s", before, cell(r, ADAMAS_SPECIMENS, names[i], row), labels[i]);
            before = ", ";
        }
    printf("%s", *before == ',' ? ")" : "");
}

static void print_control(const adamas_report *r, size_t row)
{
    const adamas_column *known = adamas_report_column(r, ADAMAS_SPECIMENS, "control");
    double p = cell(r, ADAMAS_SPECIMENS, "control_p", row);
    if (!known || !*known->text[row])
        return;
    printf("  control of %s, ", known->text[row]);
    if (isnan(p))
        printf("not checked");
    else
        printf("p %.3f%s", p, p <= cell(r, ADAMAS_SPECIMENS, "control_limit", row) ? ": fails" : "");
}

/* One number for each origin, a dash if there is none. */
static void print_numbers(const adamas_report *r, const adamas_column *origins, const char *prefix, const char *form,
                          size_t row)
{
    printf(" ");
    for (size_t o = 0; o < origins->n; o++) {
        double value = cell_of(r, prefix, origins->text[o], row);
        if (isnan(value))
            printf(" %10s", "-");
        else
            printf(form, value);
    }
}

static void print_specimen(const adamas_report *r, const adamas_column *origins, const adamas_column *answers,
                           size_t row)
{
    printf("%-16s", adamas_report_column(r, ADAMAS_SPECIMENS, "id")->text[row]);
    if (answers) {
        print_numbers(r, origins, "typicality/", " %10.3f", row);
        print_numbers(r, origins, "log10_lr/", " %+10.2f", row);
        printf("  %-24s", *answers->text[row] ? answers->text[row] : "-");
    }
    print_shots(r, row);
    print_control(r, row);
    printf("\n");
}

static void print_heading(const adamas_column *origins, const adamas_column *answers)
{
    if (answers) {
        printf("%-16s", "");
        for (int part = 0; part < 2; part++)
            printf("  %-*s", (int)(11 * origins->n), part ? "log10 LR against the others" : "typicality p");
    }
    printf("%s%-16s", answers ? "\n" : "", "specimen");
    for (int part = 0; answers && part < 2; part++) {
        printf(" ");
        for (size_t o = 0; o < origins->n; o++)
            printf(" %10.10s", origins->text[o]);
    }
    if (answers)
        printf("  %-24s", "not rejected");
    printf("  shots\n");
}

static void print_specimens(const adamas_report *r, const char *path)
{
    const adamas_column *ids = adamas_report_column(r, ADAMAS_SPECIMENS, "id");
    const adamas_column *origins = adamas_report_column(r, ADAMAS_ORIGINS, "origin");
    const adamas_column *answers = adamas_report_column(r, ADAMAS_SPECIMENS, "answer");
    printf("\n");
    print_heading(origins, answers);
    for (size_t i = 0; i < ids->n && i < MAX_ROWS; i++)
        print_specimen(r, origins, answers, i);
    if (ids->n > MAX_ROWS)
        printf("... and %zu more%s%s\n", ids->n - MAX_ROWS, path ? " in " : "", path ? path : "");
}

static void print_share(const adamas_report *r, const char *mean, const char *low, const char *high, size_t row)
{
    if (!adamas_report_column(r, ADAMAS_SHARES, mean))
        return;
    printf("  %5.1f %% (%.1f to %.1f)", 100 * cell(r, ADAMAS_SHARES, mean, row), 100 * cell(r, ADAMAS_SHARES, low, row),
           100 * cell(r, ADAMAS_SHARES, high, row));
}

static void print_composition(const adamas_report *r)
{
    const adamas_column *origins = adamas_report_column(r, ADAMAS_SHARES, "origin");
    if (!origins || !origins->n)
        return;
    printf("\ncomposition (95 %% interval): by stones%s%s\n",
           adamas_report_column(r, ADAMAS_SHARES, "carats_mean") ? ", by carats" : "",
           adamas_report_column(r, ADAMAS_SHARES, "whole_mean") ? ", of the whole parcel" : "");
    for (size_t i = 0; i < origins->n; i++) {
        printf("  %-24s", origins->text[i]);
        print_share(r, "mean", "low", "high", i);
        print_share(r, "carats_mean", "carats_low", "carats_high", i);
        print_share(r, "whole_mean", "whole_low", "whole_high", i);
        printf("\n");
    }
}

/* A log10 LR outside its bounds is not printed: the bound that it exceeds is. */
static void print_declared_lr(const adamas_report *r)
{
    double lr = adamas_report_number(r, "declared/log10_lr"), low = adamas_report_number(r, "declared/log10_lr_low"),
           high = adamas_report_number(r, "declared/log10_lr_high");
    if (isnan(lr))
        return;
    if (lr > high || lr < low)
        printf("  log10 LR %s %.2f: the library supports no stronger value\n", lr > high ? "above" : "below",
               lr > high ? high : low);
    else
        printf("  log10 LR %.2f (Monte Carlo error %.2f)\n", lr, adamas_report_number(r, "declared/log10_lr_error"));
}

static void print_declared(const adamas_report *r)
{
    const char *declared = adamas_report_fact(r, "declared");
    double inconsistent = adamas_report_number(r, "declared/inconsistent"),
           revealed = adamas_report_number(r, "declared/revealed"),
           high = adamas_report_number(r, "declared/foreign_high");
    if (!declared || !*declared)
        return;
    printf("\ndeclared: %s\n", declared);
    print_declared_lr(r);
    if (!isnan(inconsistent))
        printf("  the parcel is inconsistent with it: %s\n", inconsistent > 0 ? "yes" : "no");
    if (!isnan(high))
        printf("  share of foreign stones: %.1f %%, at most %.1f %% (95 %% probability)\n",
               100 * adamas_report_number(r, "declared/foreign"), 100 * high);
    if (!isnan(revealed))
        printf("  detection limit (share detected in 95 %% of parcels): %.1f %%\n", 100 * revealed);
    else if (!isnan(inconsistent))
        printf("  detection limit (share detected in 95 %% of parcels): none\n");
}

static void print_report(const adamas_report *r, const char *path)
{
    print_warnings(r);
    print_conclusion(r);
    print_composition(r);
    print_declared(r);
    print_specimens(r, path);
}

int run_classify(arguments *a)
{
    adamas_error error;
    adamas_model *model = NULL;
    adamas_spectra **parcel = NULL;
    adamas_report *report = NULL;
    adamas_status status = adamas_model_read(&model, a->model, &error);
    if (!status)
        status = read_sets(&parcel, a, &error);
    if (!status)
        status = adamas_model_classify(&report, model, parcel[0], &a->question, &a->options, &error);
    if (!status)
        status = write_report(report, a, &error);
    if (!status)
        print_report(report, a->output ? a->output : a->html);
    adamas_report_free(report);
    free_sets(parcel, a->n_files);
    adamas_model_free(model);
    return status ? fail(&error) : EXIT_DONE;
}
