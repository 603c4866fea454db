#include "cli.h"

#include <stdio.h>
#include <string.h>

static void print_commands(void)
{
    printf("usage: adamas COMMAND [options] FILE...\n\n");
    for (const command *c = commands; c->name; c++)
        printf("  %-12s %s\n", c->name, c->summary);
    printf("  %-12s this list; help COMMAND; help methods\n", "help");
    printf("\nExit codes: 0 done, 1 the data or the request is at fault, 2 usage.\n");
}

static int print_methods(void)
{
    adamas_error error;
    adamas_method *method;
    if (adamas_method_parse(&method, NULL, &error))
        return fail(&error);
    printf("A method is steps from left to right, \"|\" between them: name, or name(value, key=value).\n");
    printf("Used where none is named:\n  %s\n\nSteps, in the order in which they may stand:\n",
           adamas_method_text(method));
    adamas_method_free(method);
    char usage[256];
    const char *summary;
    for (size_t i = 0; (summary = adamas_method_step(i, usage)) != NULL; i++)
        printf("  %s\n      %s\n", usage, summary);
    return EXIT_DONE;
}

int no_such_command(const char *name)
{
    fprintf(stderr, "adamas: there is no command '%s'; see adamas help\n", name);
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
    for (const command *c = commands; c->name; c++)
        if (strcmp(argv[0], c->name) == 0) {
            print_usage(c);
            return EXIT_DONE;
        }
    return no_such_command(argv[0]);
}
