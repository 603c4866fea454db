/* `adamas help` and the usage of each command, from the tables of commands and of options. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

enum { LINE_WIDTH = 80, HELP_COLUMN = 26 };

/* Prints a text from a column on, broken between words. */
static void print_wrapped(const char *text)
{
    int column = HELP_COLUMN;
    while (*text) {
        int length = (int)strcspn(text, " ");
        if (column > HELP_COLUMN && column + 1 + length > LINE_WIDTH)
            column = printf("\n%*s", HELP_COLUMN, "") - 1;
        column += printf("%s%.*s", column > HELP_COLUMN ? " " : "", length, text);
        text += length;
        text += *text == ' ';
    }
    printf("\n");
}

void print_usage(const command *c)
{
    printf("usage: adamas %s [options]%s%s\n%s\n\n", c->name, *c->operands ? " " : "", c->operands, c->summary);
    for (const option_id *id = c->options; *id; id++) {
        const option_row *row = &option_table[*id];
        char letter[] = {'-', row->letter, ',', ' ', '\0'}, left[64];
        snprintf(left, sizeof left, "%s--%s%s%s", row->letter ? letter : "", row->name, row->value ? " " : "",
                 row->value ? row->value : "");
        printf("  %-*s", HELP_COLUMN - 2, left);
        print_wrapped(row->help);
    }
}

static void print_commands(void)
{
    printf("usage: adamas COMMAND [options] FILE...\n\n");
    for (const command *c = commands; c->name; c++)
        printf("  %-12s %s\n", c->name, c->summary);
    printf("  %-12s print this list, or the help of a command or of methods:\n"
           "  %-12s adamas help COMMAND, adamas help methods, adamas help report\n",
           "help", "");
    printf("\nExit status: 0 success, 1 error in the data or in the request, 2 wrong usage.\n");
}

static int print_methods(void)
{
    adamas_error error;
    adamas_method *method;
    if (adamas_method_parse(&method, NULL, &error))
        return fail(&error);
    printf("A method is a sequence of steps, separated by \"|\": name, or name(value, key=value).\n");
    printf("Default method:\n  %s\n\nSteps, in the order in which they may follow each other:\n",
           adamas_method_text(method));
    adamas_method_free(method);
    char usage[256];
    const char *summary;
    for (size_t i = 0; (summary = adamas_method_step(i, usage)) != NULL; i++)
        printf("  %s\n      %s\n", usage, summary);
    return EXIT_DONE;
}

static const char *table_name(int32_t table)
{
    static const char *const names[] = {[ADAMAS_SPECIMENS] = "specimens",
                                        [ADAMAS_SOURCES] = "sources",
                                        [ADAMAS_ORIGINS] = "origins",
                                        [ADAMAS_FOLDS] = "folds",
                                        [ADAMAS_SHARES] = "shares",
                                        [ADAMAS_DETECTION_LIMITS] = "detection_limits",
                                        [ADAMAS_LIBRARY] = "library",
                                        [ADAMAS_SPECTRUM] = "spectrum",
                                        [ADAMAS_TIPPETT] = "tippett",
                                        [ADAMAS_RELIABILITY] = "reliability",
                                        [ADAMAS_CROSS_ENTROPY] = "cross_entropy",
                                        [ADAMAS_COVERAGE] = "coverage",
                                        [ADAMAS_PLAN] = "plan",
                                        [ADAMAS_CASES] = "cases"};
    return table == ADAMAS_NUMBERS ? "number" : table == ADAMAS_FACTS ? "fact" : names[table];
}

/* The names under which reports show their values. */
static int print_report_names(void)
{
    adamas_name name = {.struct_size = sizeof name};
    printf("Names in a report: a fact (text) or a number of the report as a whole, or a column of a\n"
           "table; what/ORIGIN is a column for each origin. Then: in which reports it can be\n"
           "(c classification, v validation, p plan), its unit, its meaning, its path in the JSON.\n");
    for (size_t i = 0; adamas_report_name(&name, i); i++) {
        printf("\n%s %s\n    %s%s%s  %s  %s\n", table_name(name.table), name.name,
               name.reports & ADAMAS_REPORT_CLASSIFICATION ? "c" : "",
               name.reports & ADAMAS_REPORT_VALIDATION ? "v" : "", name.reports & ADAMAS_REPORT_PLAN ? "p" : "",
               *name.unit ? name.unit : "-", name.meaning);
        printf("    %s\n", name.json ? name.json : "-");
    }
    return EXIT_DONE;
}

int no_such_command(const char *name)
{
    fprintf(stderr, "adamas: unknown command '%s'; see adamas help\n", name);
    return EXIT_USAGE;
}

int run_help(int argc, char **argv)
{
    if (argc == 0) {
        print_commands();
        return EXIT_DONE;
    }
    if (strcmp(argv[0], "methods") == 0)
        return print_methods();
    if (strcmp(argv[0], "report") == 0)
        return print_report_names();
    const command *c = command_find(argv[0]);
    if (!c)
        return no_such_command(argv[0]);
    print_usage(c);
    return EXIT_DONE;
}
