/* The `adamas` command. Of Adamas it uses the public header alone. */
#ifndef CLI_H
#define CLI_H

#include "commands.h"

#include <adamas/adamas.h>

enum { EXIT_DONE = 0, EXIT_DATA = 1, EXIT_USAGE = 2 };

/* A command line that was read. What it does not give is NULL or the library's default. */
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
    int asked_usage; /* --help was given, and the usage printed */
    size_t n_files;
    char **files;
    size_t n_facts;
    const char **fact_names; /* [n_facts], as are fact_values: room for every argument */
    const char **fact_values;
} arguments;

/* arguments.c: fills *a. Returns EXIT_DONE, or EXIT_USAGE after one line on the standard error. */
int arguments_parse(arguments *a, const command *c, int argc, char **argv);
void arguments_clear(arguments *a);

/* terminal.c: sets the progress callback of *o, which shows progress on a terminal and cancels on SIGINT, SIGTERM and
 * SIGHUP. */
void terminal_open(adamas_options *o);
/* Clears the progress line; if one of these signals was received, ends the process by it. */
void terminal_close(void);
/* Prints the error on the standard error as one line; returns EXIT_DATA. */
int fail(const adamas_error *error);

/* Each of these runs a command and returns its exit code. */
int run_import(arguments *a);
int run_info(arguments *a);
int run_validate(arguments *a);
int run_train(arguments *a);
int run_classify(arguments *a);
int run_plan(arguments *a);
int run_preprocess(arguments *a);

/* help.c: print_usage prints the help of one command; no_such_command returns EXIT_USAGE after one line on the standard
 * error. */
int run_help(int argc, char **argv);
void print_usage(const command *c);
int no_such_command(const char *name);

/* report.c: the column of a table whose name is prefix + origin, as in probability/ORIGIN; NULL if there is none. */
const adamas_column *column_of(const adamas_report *r, int32_t table, const char *prefix, const char *origin);
void print_warnings(const adamas_report *r);
void print_conclusion(const adamas_report *r);
void print_synthetic_warning(void);
/* Writes the report to --output and to --html. If the second fails, the first is removed unless it replaced a file. */
adamas_status write_report(const adamas_report *r, const arguments *a, adamas_error *error);

/* sets.c: reads all operands as spectra sets, (*out)[a->n_files]; on failure *out is NULL. */
adamas_status read_sets(adamas_spectra ***out, const arguments *a, adamas_error *error);
void free_sets(adamas_spectra **sets, size_t n);

#endif
