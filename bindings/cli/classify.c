#include "cli.h"

#include <math.h>
#include <stdio.h>

enum { most_rows = 60 };

static double cell(const adamas_report *r, const char *name, size_t row)
{
    const adamas_column *column = adamas_report_column(r, ADAMAS_SPECIMENS, name);
    return column && column->number ? column->number[row] : NAN;
}

static double probability(const adamas_report *r, const char *origin, size_t row)
{
    return column_of(r, ADAMAS_SPECIMENS, "probability/", origin)->number[row];
}

static void print_shots(const adamas_report *r, size_t row)
{
    static const char *const names[] = {"shots_not_finite", "shots_saturated", "shots_outlier"};
    static const char *const said[] = {"not finite", "saturated", "outlying"};
    printf("  %5.0f", cell(r, "shots_used", row));
    const char *before = "  (set aside: ";
    for (size_t i = 0; i < 3; i++)
        if (cell(r, names[i], row) > 0) {
            printf("%s%.0f %s", before, cell(r, names[i], row), said[i]);
            before = ", ";
        }
    printf("%s\n", *before == ',' ? ")" : "");
}

static void print_specimen(const adamas_report *r, const adamas_column *origins, size_t row)
{
    printf("%-24s", adamas_report_column(r, ADAMAS_SPECIMENS, "id")->text[row]);
    for (size_t o = 0; o < origins->n; o++) {
        double p = probability(r, origins->text[o], row);
        if (isnan(p))
            printf("  %12s", "-");
        else
            printf("  %12.4f", p);
    }
    print_shots(r, row);
}

static int is_judged(const adamas_report *r, size_t row)
{
    return cell(r, "shots_used", row) > 0;
}

/* The place of the likeliest origin; the number of origins where the specimen was not judged. */
static size_t likeliest(const adamas_report *r, const adamas_column *origins, size_t row)
{
    size_t best = 0;
    if (!is_judged(r, row))
        return origins->n;
    for (size_t o = 1; o < origins->n; o++)
        if (probability(r, origins->text[o], row) > probability(r, origins->text[best], row))
            best = o;
    return best;
}

/* Three lines for the parcel, which claim no more than counts and means do. */
static void print_summary(const adamas_report *r, const adamas_column *origins, size_t n, const char *declared)
{
    double judged = 0;
    for (size_t i = 0; i < n; i++)
        judged += is_judged(r, i);
    if (judged == 0) {
        printf("\nno specimen has a shot of use\n");
        return;
    }
    printf("\nlikeliest origin of %zu specimens:", n);
    for (size_t o = 0; o <= origins->n; o++) {
        size_t count = 0;
        for (size_t i = 0; i < n; i++)
            count += likeliest(r, origins, i) == o;
        if (o < origins->n || count)
            printf("%s %s %zu", o ? "," : "", o < origins->n ? origins->text[o] : "not judged", count);
    }
    printf("\nmean probability:");
    for (size_t o = 0; o < origins->n; o++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            if (is_judged(r, i))
                sum += probability(r, origins->text[o], i);
        printf("%s %s %.3f", o ? "," : "", origins->text[o], sum / judged);
    }
    printf("%s%s\nNeither is the parcel's composition: errors do not cancel, and a specimen of no library is counted "
           "too.\n",
           declared ? "; declared: " : "", declared ? declared : "");
}

static void print_report(const adamas_report *r, const char *path)
{
    const adamas_column *ids = adamas_report_column(r, ADAMAS_SPECIMENS, "id");
    const adamas_column *origins = adamas_report_column(r, ADAMAS_ORIGINS, "origin");
    print_warnings(r);
    printf(
        "probability of each origin, supposing that each specimen comes from one of them; not calibrated evidence\n\n");
    printf("%-24s", "specimen");
    for (size_t o = 0; o < origins->n; o++)
        printf("  %12.12s", origins->text[o]);
    printf("  shots\n");
    for (size_t i = 0; i < ids->n && i < most_rows; i++)
        print_specimen(r, origins, i);
    if (ids->n > most_rows)
        printf("... and %zu more%s%s\n", ids->n - most_rows, path ? " in " : "", path ? path : "");
    print_summary(r, origins, ids->n, adamas_report_fact(r, "case/declared_origin"));
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
        status = adamas_model_classify(&report, model, parcel[0], NULL, &a->options, &error);
    if (!status && a->output)
        status = adamas_report_write(report, a->output, &error);
    if (!status)
        print_report(report, a->output);
    adamas_report_free(report);
    free_sets(parcel, a->n_files);
    adamas_model_free(model);
    return status ? fail(&error) : EXIT_DONE;
}
