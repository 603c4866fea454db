/* The `adamas` command: finds the command that is asked for, reads its command line and runs it. */
#include "cli.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static int run(const command *c, int argc, char **argv)
{
    arguments a;
    int code = arguments_parse(&a, c, argc, argv);
    if (code == EXIT_DONE && !a.asked_usage) {
        terminal_open(&a.options);
        code = c->run(&a);
        terminal_close();
    }
    arguments_clear(&a);
    return code;
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        run_help(0, NULL);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("adamas %s\n", adamas_version());
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return run_help(argc - 2, argv + 2);
    const command *c = command_find(argv[1]);
    return c ? run(c, argc - 1, argv + 1) : no_such_command(argv[1]);
}

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN); /* a file past its limit is an error to report, not a reason to die */
    int code = dispatch(argc, argv);
    if ((fflush(stdout) || ferror(stdout)) && code == EXIT_DONE) {
        perror("adamas: standard output");
        code = EXIT_DATA;
    }
    return code;
}
