/* Reading a command line by the tables of commands and of options. */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    LONG_OPTION = 256, /* getopt returns this plus the id of a long option, and the letter of a short one */
    MAX_THREADS = 4096
};

static int misuse(const command *c, const char *problem, const char *subject)
{
    fprintf(stderr, "adamas %s: %s%s; see adamas %s --help\n", c->name, problem, subject, c->name);
    return EXIT_USAGE;
}

/* The readers of values return 0 if the text is not such a value. */
static int read_text(const char *text, const char **value)
{
    *value = text;
    return 1;
}

static int read_whole(const char *text, int32_t min, int32_t max, int32_t *value)
{
    char *end;
    errno = 0;
    long n = strtol(text, &end, 10);
    if (errno || end == text || *end || n < min || n > max)
        return 0;
    *value = (int32_t)n;
    return 1;
}

static int read_count(const char *text, int32_t min, uint64_t *value)
{
    int32_t n;
    if (!read_whole(text, min, INT32_MAX, &n))
        return 0;
    *value = (uint64_t)n;
    return 1;
}

/* Sets the value to first + the index of the text among the option's choices. */
static int read_choice(const char *text, option_id id, int32_t first, int32_t *value)
{
    const char *const *choices = option_table[id].choices;
    for (int32_t i = 0; choices[i]; i++)
        if (strcmp(text, choices[i]) == 0) {
            *value = first + i;
            return 1;
        }
    return 0;
}

static int read_fact(arguments *a, char *text)
{
    char *equals = strchr(text, '=');
    if (!equals)
        return 0;
    *equals = '\0';
    a->fact_names[a->n_facts] = text;
    a->fact_values[a->n_facts++] = equals + 1;
    return 1;
}

static int read_probability(const char *text, double *p)
{
    char *end;
    *p = strtod(text, &end);
    return end != text && !*end && *p > 0 && *p < 1;
}

/* A page's name ends in .html. */
static int read_page(const char *text, const char **html)
{
    const char *ending = strrchr(text, '.');
    *html = text;
    return ending && strcmp(ending, ".html") == 0;
}

static int read_folds(const char *text, adamas_protocol *protocol)
{
    protocol->leave = ADAMAS_LEAVE_FOLDS;
    return read_whole(text, 2, INT32_MAX, &protocol->folds);
}

static int set_import_option(arguments *a, option_id id, char *value)
{
    switch (id) {
    case OPTION_SPECIMEN:
        return read_text(value, &a->import.specimen);
    case OPTION_ORIGIN:
        return read_text(value, &a->import.origin);
    case OPTION_SESSION:
        return read_text(value, &a->import.session);
    case OPTION_SHOT:
        return read_text(value, &a->import.shot);
    case OPTION_TABLE:
        return read_text(value, &a->import.table);
    case OPTION_COLUMN:
        return read_text(value, &a->import.column);
    case OPTION_INTERPOLATE:
        return a->import.interpolate = 1;
    case OPTION_SET:
        return read_fact(a, value);
    default:
        return 0;
    }
}

/* Stores the value of an option; returns 0 if it is not valid. */
static int set_option(arguments *a, option_id id, char *value)
{
    switch (id) {
    case OPTION_OUTPUT:
    case OPTION_REPORT:
        return read_text(value, &a->output);
    case OPTION_HTML:
        return read_page(value, &a->html);
    case OPTION_MODEL:
        return read_text(value, &a->model);
    case OPTION_METHOD:
        return read_text(value, &a->method);
    case OPTION_FOLDS:
        return read_folds(value, &a->protocol);
    case OPTION_LEAVE:
        return read_choice(value, id, ADAMAS_LEAVE_SPECIMEN, &a->protocol.leave);
    case OPTION_LEVEL:
        return read_whole(value, 1, INT32_MAX, &a->protocol.level);
    case OPTION_DECLARED:
    case OPTION_PLAN_DECLARED:
        return read_text(value, &a->question.declared);
    case OPTION_EPSILON:
        return read_probability(value, &a->question.epsilon);
    case OPTION_STONES:
        return read_count(value, 1, &a->question.stones);
    case OPTION_ANSWER:
        return read_choice(value, id, ADAMAS_ANSWER_PARCEL, &a->question.answer);
    case OPTION_PARCEL:
        return read_count(value, 1, &a->plan.parcel);
    case OPTION_SHARE:
        return read_probability(value, &a->plan.share);
    case OPTION_CONFIDENCE:
        return read_probability(value, &a->plan.confidence);
    case OPTION_SEED:
        return read_count(value, 0, &a->options.seed);
    case OPTION_THREADS:
        return read_whole(value, 0, MAX_THREADS, &a->options.threads);
    default:
        return set_import_option(a, id, value);
    }
}

/* The short and the long options of a command, as getopt_long takes them. */
typedef struct getopt_tables {
    char letters[2 * MAX_COMMAND_OPTIONS + 2];
    struct option names[MAX_COMMAND_OPTIONS + 1];
} getopt_tables;

static void make_getopt_tables(getopt_tables *t, const command *c)
{
    char *letters = t->letters;
    struct option *name = t->names;
    *letters++ = ':'; /* a missing value is told from an unknown option */
    for (const option_id *id = c->options; *id; id++) {
        const option_row *row = &option_table[*id];
        *name++ =
            (struct option){row->name, row->value ? required_argument : no_argument, NULL, LONG_OPTION + (int)*id};
        if (row->letter)
            *letters++ = row->letter;
        if (row->letter && row->value)
            *letters++ = ':';
    }
    *letters = '\0';
    *name = (struct option){0};
}

/* The option that getopt_long found. */
static option_id option_found(const command *c, int found)
{
    if (found >= LONG_OPTION)
        return (option_id)(found - LONG_OPTION);
    for (const option_id *id = c->options; *id; id++)
        if (option_table[*id].letter == found)
            return *id;
    return OPTION_END;
}

static int is_file(const struct stat *file, const char *path)
{
    struct stat other;
    return path && stat(path, &other) == 0 && other.st_dev == file->st_dev && other.st_ino == file->st_ino;
}

/* Whether writing the path would replace a file that is read. */
static int is_input(const arguments *a, const char *path)
{
    struct stat output;
    if (!path || stat(path, &output) != 0)
        return 0;
    int found = is_file(&output, a->model) || is_file(&output, a->import.table);
    for (size_t i = 0; i < a->n_files; i++)
        found |= is_file(&output, a->files[i]);
    return found;
}

static int are_same(const char *a, const char *b)
{
    struct stat found;
    return strcmp(a, b) == 0 || (stat(a, &found) == 0 && is_file(&found, b));
}

/* Checks the command line as a whole; `given` says which options it has. */
static int check(const arguments *a, const command *c, const char given[N_OPTIONS])
{
    for (const option_id *id = c->required; *id; id++)
        if (!given[*id])
            return misuse(c, "missing --", option_table[*id].name);
    if (given[OPTION_FOLDS] && given[OPTION_LEAVE])
        return misuse(c, "--folds and --leave exclude each other", "");
    if (given[OPTION_MODEL] && given[OPTION_METHOD])
        return misuse(c, "--model and --method exclude each other", "");
    if (a->n_files < c->min_files)
        return misuse(c, "missing ", c->operands);
    if (a->n_files > c->max_files)
        return misuse(c, c->max_files ? "one file expected, found also " : "no file expected, found ",
                      a->files[c->max_files]);
    const char *replaces = is_input(a, a->output) ? a->output : is_input(a, a->html) ? a->html : NULL;
    if (replaces) {
        fprintf(stderr, "adamas %s: the output %s is also an input\n", c->name, replaces);
        return EXIT_USAGE;
    }
    if (a->output && a->html && are_same(a->output, a->html))
        return misuse(c, "--output and --html are both ", a->html);
    return EXIT_DONE;
}

/* Reads the options; `given` gets those that were found. Ends at --help, which is then the last one found. */
static int read_options(arguments *a, char given[N_OPTIONS], const command *c, int argc, char **argv)
{
    getopt_tables tables;
    make_getopt_tables(&tables, c);
    for (int found; (found = getopt_long(argc, argv, tables.letters, tables.names, NULL)) != -1;) {
        if (found == '?' || found == ':')
            return misuse(c, found == '?' ? "unknown or malformed option " : "missing value after ", argv[optind - 1]);
        option_id id = option_found(c, found);
        given[id] = 1;
        if (id == OPTION_HELP)
            return EXIT_DONE;
        if (!set_option(a, id, optarg)) {
            char problem[64];
            snprintf(problem, sizeof problem, "--%s cannot be ", option_table[id].name);
            return misuse(c, problem, optarg);
        }
    }
    return EXIT_DONE;
}

int arguments_parse(arguments *a, const command *c, int argc, char **argv)
{
    *a = (arguments){.import = {.struct_size = sizeof a->import},
                     .protocol = ADAMAS_PROTOCOL_INIT,
                     .question = ADAMAS_QUESTION_INIT,
                     .plan = ADAMAS_PLAN_INIT,
                     .options = ADAMAS_OPTIONS_INIT};
    a->fact_names = calloc((size_t)argc, sizeof *a->fact_names);
    a->fact_values = calloc((size_t)argc, sizeof *a->fact_values);
    if (!a->fact_names || !a->fact_values)
        return misuse(c, "out of memory", "");
    char given[N_OPTIONS] = {0};
    int code = read_options(a, given, c, argc, argv);
    if (code != EXIT_DONE)
        return code;
    if (given[OPTION_HELP]) {
        print_usage(c);
        a->asked_usage = 1;
        return EXIT_DONE;
    }
    a->n_files = (size_t)(argc - optind);
    a->files = argv + optind;
    a->import.n_files = a->n_files;
    a->import.files = (const char *const *)a->files;
    a->import.n_facts = a->n_facts;
    a->import.fact_names = a->fact_names;
    a->import.fact_values = a->fact_values;
    return check(a, c, given);
}

void arguments_clear(arguments *a)
{
    free(a->fact_names);
    free(a->fact_values);
}
