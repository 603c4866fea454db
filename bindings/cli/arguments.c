#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct option_row {
    char letter;
    const char *name;
    const char *value; /* NULL for a switch */
    const char *help;
} option_row;

/* Every option of every command. Those whose letter is o or m may be given by it. */
static const option_row rows[] = {
    {'o', "output", "FILE", "where to write; a report to FILE.html is a page, to any other name JSON"},
    {'m', "model", "FILE", "the model"},
    {'M', "method", "TEXT", "the method; see adamas help methods"},
    {'s', "specimen", "REGEX", "of a file's name: the specimen (its first group, or the whole match)"},
    {'g', "origin", "REGEX", "of a file's name: the origin"},
    {'e', "session", "REGEX", "of a file's name: the session"},
    {'k', "shot", "REGEX", "of a file's name: the number of the shot"},
    {'t', "table", "FILE", "a table with a column `file` and what is known of each"},
    {'n', "column", "NAME", "the heading of the intensities, where a file has several columns"},
    {'j', "interpolate", NULL, "put files that differ in their axis on the first one's"},
    {'f', "set", "NAME=VALUE", "a fact of the set: acquisition/full_scale=65535, case/declared_origin=CAR"},
    {'F', "folds", "N", "leave out N groups of specimens in turn (10, where an origin has fewer than 3 localities)"},
    {'L', "leave", "WHAT",
     "leave out one specimen, locality, session or parcel at a time (locality, if every origin has 3)"},
    {'l', "level", "N", "tell origins apart by the first N parts of their path (1)"},
    {'H', "html", "FILE.html", "the report as a page too"},
    {'d', "declared", "ORIGIN", "what the parcel's papers declare (what its file says); \"\" for none"},
    {'E', "epsilon", "P", "an origin is rejected where its p-value is at most P (0.05)"},
    {'A', "answer", "WHAT", "how much: parcel, specimens (quicker), densities (uncalibrated, quickest) (parcel)"},
    {'P', "parcel", "N", "stones of the parcel"},
    {'r', "share", "P", "share of foreign stones that is to be revealed (0.05)"},
    {'c', "confidence", "P", "with this probability (0.95)"},
    {'N', "stones", "N", "of the whole parcel, where only part was measured (those measured)"},
    {'S', "seed", "N", "of what is drawn at random (1)"},
    {'T', "threads", "N", "at most so many threads (all); results do not depend on it"},
};

enum { n_rows = sizeof rows / sizeof *rows, option_help = 1, most_threads = 4096 };

static const option_row *row_of(int letter)
{
    for (size_t i = 0; i < n_rows; i++)
        if (rows[i].letter == letter)
            return &rows[i];
    return NULL;
}

void print_usage(const command *c)
{
    printf("usage: adamas %s [options] %s\n%s\n\n", c->name, c->operands, c->summary);
    for (const char *t = c->takes; *t; t++) {
        const option_row *r = row_of(*t);
        char left[64];
        snprintf(left, sizeof left, "%s--%s%s%s",
                 *t == 'o'   ? "-o, "
                 : *t == 'm' ? "-m, "
                             : "",
                 r->name, r->value ? " " : "", r->value ? r->value : "");
        printf("  %-24s %s\n", left, r->help);
    }
}

static int misuse(const command *c, const char *what, const char *which)
{
    fprintf(stderr, "adamas %s: %s%s; see adamas %s --help\n", c->name, what, which, c->name);
    return EXIT_USAGE;
}

static int whole_number(const char *text, long least, long most, long *value)
{
    char *end;
    errno = 0;
    *value = strtol(text, &end, 10);
    return !errno && end != text && !*end && *value >= least && *value <= most;
}

/* The place of a text among names, counted from `first`. */
static int read_name(const char *text, size_t n, const char *const *names, int32_t first, int32_t *value)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(text, names[i]) == 0) {
            *value = first + (int32_t)i;
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

/* The ending says that it is a page. */
static int read_page(const char *text, const char **html)
{
    const char *ending = strrchr(text, '.');
    *html = text;
    return ending && strcmp(ending, ".html") == 0;
}

static int take_number(arguments *a, int letter, const char *text)
{
    long n;
    if (!whole_number(text,
                      letter == 'F'           ? 2
                      : strchr("lNP", letter) ? 1
                                              : 0,
                      letter == 'T' ? most_threads : INT32_MAX, &n))
        return 0;
    if (letter == 'F') {
        a->protocol.leave = ADAMAS_LEAVE_FOLDS;
        a->protocol.folds = (int32_t)n;
    } else if (letter == 'l')
        a->protocol.level = (int32_t)n;
    else if (letter == 'P')
        a->plan.parcel = (uint64_t)n;
    else if (letter == 'N')
        a->question.stones = (uint64_t)n;
    else if (letter == 'S')
        a->options.seed = (uint64_t)n;
    else
        a->options.threads = (int32_t)n;
    return 1;
}

static const char *const left_out[] = {"specimen", "locality", "session", "parcel"};
static const char *const answers[] = {"parcel", "specimens", "densities"};

/* Returns 0 where the value will not do. */
static int take(arguments *a, int letter, char *value)
{
    const struct {
        int letter;
        const char **where;
    } texts[] = {{'o', &a->output},           {'m', &a->model},         {'M', &a->method},
                 {'s', &a->import.specimen},  {'g', &a->import.origin}, {'e', &a->import.session},
                 {'k', &a->import.shot},      {'t', &a->import.table},  {'n', &a->import.column},
                 {'d', &a->question.declared}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].letter == letter) {
            *texts[i].where = value;
            return 1;
        }
    if (letter == 'j')
        return a->import.interpolate = 1;
    if (letter == 'H')
        return read_page(value, &a->html);
    if (letter == 'E')
        return read_probability(value, &a->question.epsilon);
    if (letter == 'r')
        return read_probability(value, &a->plan.share);
    if (letter == 'c')
        return read_probability(value, &a->plan.confidence);
    if (letter == 'L')
        return read_name(value, 4, left_out, ADAMAS_LEAVE_SPECIMEN, &a->protocol.leave);
    if (letter == 'A')
        return read_name(value, 3, answers, ADAMAS_ANSWER_PARCEL, &a->question.answer);
    return letter == 'f' ? read_fact(a, value) : take_number(a, letter, value);
}

static void long_options(struct option *out, const command *c)
{
    size_t n = 0;
    for (size_t i = 0; i < n_rows; i++)
        if (strchr(c->takes, rows[i].letter))
            out[n++] =
                (struct option){rows[i].name, rows[i].value ? required_argument : no_argument, NULL, rows[i].letter};
    out[n++] = (struct option){"help", no_argument, NULL, option_help};
    out[n] = (struct option){0};
}

static int is_file(const struct stat *file, const char *path)
{
    struct stat other;
    return path && stat(path, &other) == 0 && other.st_dev == file->st_dev && other.st_ino == file->st_ino;
}

/* What is written would replace what is read. */
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

static int check(const arguments *a, const command *c, const char *given)
{
    for (const char *n = c->needs; *n; n++)
        if (!strchr(given, *n))
            return misuse(c, "missing --", row_of(*n)->name);
    if (strchr(given, 'F') && strchr(given, 'L'))
        return misuse(c, "--folds and --leave are two ways to leave out: give one", "");
    if (strchr(given, 'm') && strchr(given, 'M'))
        return misuse(c, "--model and --method exclude each other", "");
    if (a->n_files < c->least_files)
        return misuse(c, "missing ", c->operands);
    if (a->n_files > c->most_files)
        return misuse(c, c->most_files ? "one file only, found also " : "no file expected, found ",
                      a->files[c->most_files]);
    const char *replaces = is_input(a, a->output) ? a->output : is_input(a, a->html) ? a->html : NULL;
    if (replaces) {
        fprintf(stderr, "adamas %s: the output %s is also an input\n", c->name, replaces);
        return EXIT_USAGE;
    }
    if (a->output && a->html && are_same(a->output, a->html))
        return misuse(c, "--output and --html are both ", a->html);
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
    struct option options[n_rows + 2];
    long_options(options, c);
    char given[n_rows + 1] = "", letters[16] = ":h";
    for (const char *t = c->takes; *t; t++)
        if (*t == 'o' || *t == 'm')
            snprintf(letters + strlen(letters), sizeof letters - strlen(letters), "%c:", *t);
    for (int letter; (letter = getopt_long(argc, argv, letters, options, NULL)) != -1;) {
        if (letter == option_help || letter == 'h') {
            print_usage(c);
            a->asked_usage = 1;
            return EXIT_DONE;
        }
        if (letter == '?' || letter == ':')
            return misuse(c, letter == '?' ? "unknown or malformed option " : "a value is missing after ",
                          argv[optind - 1]);
        if (!take(a, letter, optarg)) {
            char what[64];
            snprintf(what, sizeof what, "--%s cannot be ", row_of(letter)->name);
            return misuse(c, what, optarg);
        }
        if (!strchr(given, letter))
            given[strlen(given)] = (char)letter;
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
