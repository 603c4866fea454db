#include "cli.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const command commands[] = {
    {"import", "FILE...", "text files of a spectrometer into a spectra set", "osgektnjfT", "o", 1, SIZE_MAX,
     run_import},
    {"info", "FILE...", "what is in a spectra set or a model", "T", "", 1, SIZE_MAX, run_info},
    {"validate", "LIBRARY...", "cross-validation of a method on reference libraries", "oHMFLlST", "", 1, SIZE_MAX,
     run_validate},
    {"train", "LIBRARY...", "a method fitted to reference libraries: a model", "oMlST", "o", 1, SIZE_MAX, run_train},
    {"classify", "PARCEL", "what a model says of a parcel's specimens", "moHdENAST", "m", 1, 1, run_classify},
    {"plan", "", "how many stones of a parcel to measure", "moHPrcdST", "mP", 0, 0, run_plan},
    {"preprocess", "SPECTRA", "spectra after a method's preprocessing alone", "moMT", "o", 1, 1, run_preprocess},
    {0},
};

adamas_status read_sets(adamas_spectra ***out, const arguments *a, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    *out = calloc(a->n_files, sizeof **out);
    if (!*out) {
        snprintf(error->message, sizeof error->message, "out of memory");
        return error->code = ADAMAS_E_MEMORY;
    }
    for (size_t i = 0; !status && i < a->n_files; i++)
        status = adamas_spectra_read(&(*out)[i], a->files[i], error);
    if (status) {
        free_sets(*out, a->n_files);
        *out = NULL;
    }
    return status;
}

void free_sets(adamas_spectra **sets, size_t n)
{
    for (size_t i = 0; sets && i < n; i++)
        adamas_spectra_free(sets[i]);
    free(sets);
}

void print_synthetic_warning(void)
{
    printf("synthetic reference spectra: not evidence\n");
}

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
    for (const command *c = commands; c->name; c++)
        if (strcmp(argv[1], c->name) == 0)
            return run(c, argc - 1, argv + 1);
    return no_such_command(argv[1]);
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
