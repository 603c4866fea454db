/* The `adamas` command: a caller of the public header and of nothing else. */
#ifndef CLI_H
#define CLI_H

#include <adamas/adamas.h>

enum { EXIT_DONE = 0, EXIT_DATA = 1, EXIT_USAGE = 2 };

/* What a command line says; what it does not say is NULL or the library's default. */
typedef struct arguments {
    const char *output;
    const char *html; /* a second output of a report */
    const char *model;
    const char *method;
    adamas_import import; /* its files are the operands */
    adamas_protocol protocol;
    adamas_question question;
    adamas_plan plan;
    adamas_options options;
    int asked_usage;
    size_t n_files;
    char **files;
    size_t n_facts;
    const char **fact_names; /* [n_facts], as are fact_values: room for every argument */
    const char **fact_values;
} arguments;

typedef struct command {
    const char *name;
    const char *operands; /* for the usage line */
    const char *summary;
    const char *takes; /* the options that it takes, by their letters in arguments.c */
    const char *needs; /* those that it cannot do without */
    size_t least_files, most_files;
    int (*run)(arguments *a);
} command;

/* The commands, ended by one without a name. */
extern const command commands[];

/* arguments.c: fills *a, or says on the standard error what is wrong and returns EXIT_USAGE. Where the usage was asked
 * for, it is printed and a->asked_usage set. */
int arguments_parse(arguments *a, const command *c, int argc, char **argv);
void arguments_clear(arguments *a);
void print_usage(const command *c);

/* terminal.c: progress on a terminal, Ctrl-C and the like. terminal_open fills the progress of *o. */
void terminal_open(adamas_options *o);
/* Clears the progress line; after Ctrl-C, SIGTERM or SIGHUP it ends the process by that signal. */
void terminal_close(void);
/* Says the error in one line; the command's exit code. */
int fail(const adamas_error *error);

int run_import(arguments *a);
int run_info(arguments *a);
int run_validate(arguments *a);
int run_train(arguments *a);
int run_classify(arguments *a);
int run_plan(arguments *a);
int run_preprocess(arguments *a);
int run_help(int argc, char **argv);
int no_such_command(const char *name); /* says so; EXIT_USAGE */

/* report.c: the column what + origin of a table, as in probability/ORIGIN; NULL where there is none. */
const adamas_column *column_of(const adamas_report *r, int32_t table, const char *what, const char *origin);
void print_warnings(const adamas_report *r);
void print_conclusion(const adamas_report *r);
/* To the output and to the page that the arguments name; both or none. */
adamas_status write_report(const adamas_report *r, const arguments *a, adamas_error *error);

/* Reads all operands as spectra sets; on failure none is left. */
adamas_status read_sets(adamas_spectra ***out, const arguments *a, adamas_error *error);
void free_sets(adamas_spectra **sets, size_t n);

/* The first line of everything that is said of synthetic spectra. */
void print_synthetic_warning(void);

#endif
