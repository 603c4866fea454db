/* `adamas plan`: prints how many stones to measure. */
#include "cli.h"

#include <math.h>
#include <stdio.h>

static double cell(const adamas_report *r, const char *name, size_t row)
{
    const adamas_column *column = adamas_report_column(r, ADAMAS_PLAN, name);
    return column && column->number ? column->number[row] : NAN;
}

static void print_report(const adamas_report *r)
{
    const adamas_column *stones = adamas_report_column(r, ADAMAS_PLAN, "stones");
    print_warnings(r);
    print_conclusion(r);
    if (!isnan(adamas_report_number(r, "plan/perfect")))
        printf("a method without errors would need %.0f\n", adamas_report_number(r, "plan/perfect"));
    if (!stones || !stones->n)
        return;
    printf("\n%8s  %16s  %24s\n", "stones", "P(detected)", "P(false alarm)");
    for (size_t i = 0; i < stones->n; i++)
        printf("%8.0f  %16.3f  %24.3f\n", stones->number[i], cell(r, "chance", i), cell(r, "false_alarm", i));
}

int run_plan(arguments *a)
{
    adamas_error error;
    adamas_model *model = NULL;
    adamas_report *report = NULL;
    a->plan.declared = a->question.declared;
    adamas_status status = adamas_model_read(&model, a->model, &error);
    if (!status)
        status = adamas_model_plan(&report, model, &a->plan, &a->options, &error);
    if (!status)
        status = write_report(report, a, &error);
    if (!status)
        print_report(report);
    adamas_report_free(report);
    adamas_model_free(model);
    return status ? fail(&error) : EXIT_DONE;
}
