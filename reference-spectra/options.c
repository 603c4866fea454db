/* The command line of adamas-simulate. */
#include "options.h"

#include "emission.h"

#include <errno.h>
#include <getopt.h>
#include <omp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t max_number = 1000000000;
enum { MAX_LIST = 100000 };

enum option_id {
    OPTION_OUTPUT = 'o',
    OPTION_ORIGINS = 256, /* those without a letter */
    OPTION_SPECIMENS,
    OPTION_SHOTS,
    OPTION_SEED,
    OPTION_LEVEL,
    OPTION_GAS,
    OPTION_LOCALITIES,
    OPTION_SESSIONS,
    OPTION_PARCEL,
    OPTION_DECLARED,
    OPTION_THREADS,
    OPTION_HELP
};

static const char usage[] =
    "usage: adamas-simulate --origins FILE -o DIR [options]\n"
    "simulate reference libraries, one file for each origin, or a parcel; synthetic spectra are not evidence\n\n"
    "  --origins FILE      assumptions for each origin (installed: share/adamas/origins.csv)\n"
    "  -o, --output DIR    folder of the files; created if it does not exist\n"
    "  --specimens N       number of specimens of each origin (default: 100)\n"
    "  --shots N           number of shots on each specimen, five on a spot (default: 20)\n"
    "  --seed N            seed of the random numbers (default: 1)\n"
    "  --level LEVEL       realistic, or demonstration: three times the contrast of coating and fluid\n"
    "                      (default: realistic)\n"
    "  --gas GAS           air or argon (default: air)\n"
    "  --localities LIST   numbers of the localities, from which specimens come in turn\n"
    "                      (default: 1-8, of a parcel 101-104)\n"
    "  --sessions LIST     numbers of the sessions in which specimens are measured\n"
    "                      (default: 1-6, of a parcel 7-8)\n"
    "  --parcel PARTS      simulate a parcel, such as \"CAR:15,South Africa:42,foreign:3\"\n"
    "  --declared ORIGIN   origin declared in the parcel's papers\n"
    "  --threads N         use at most N threads (default: all processors); the files do not depend on it\n"
    "  --help              print this help\n";

static int usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int usage_error(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("adamas-simulate: ", stderr);
    vfprintf(stderr, format, list);
    fputs("; see adamas-simulate --help\n", stderr);
    va_end(list);
    return 2;
}

static int parse_whole(uint64_t *out, const char *text, const char **end, uint64_t high)
{
    char *stop;
    errno = 0;
    unsigned long long value = strtoull(text, &stop, 10);
    if (text[0] < '0' || text[0] > '9' || errno || value > high)
        return 0;
    *end = stop;
    *out = value;
    return 1;
}

static int number_option(uint64_t *out, const char *name, const char *text, uint64_t low, uint64_t high)
{
    const char *end;
    if (parse_whole(out, text, &end, high) && !*end && *out >= low)
        return 0;
    return usage_error("--%s %s: a whole number from %llu to %llu expected", name, text, (unsigned long long)low,
                       (unsigned long long)high);
}

/* "1-8" or "1,3,5-7" */
static int list_option(uint64_t **out, size_t *n, const char *name, const char *text)
{
    free(*out);
    *n = 0;
    *out = malloc(MAX_LIST * sizeof **out);
    if (!*out)
        return usage_error("out of memory");
    for (const char *at = text;; at++) {
        uint64_t first, last;
        if (!parse_whole(&first, at, &at, max_number))
            break;
        last = first;
        if (*at == '-' && !parse_whole(&last, at + 1, &at, max_number))
            break;
        if (last < first || last - first >= MAX_LIST - *n)
            break;
        for (uint64_t i = first; i <= last; i++)
            (*out)[(*n)++] = i;
        if (!*at)
            return 0;
        if (*at != ',')
            break;
    }
    return usage_error("--%s %s: numbers such as 1-8 or 1,3,5-7 expected", name, text);
}

static int choice_option(int *out, const char *name, const char *text, const char *first, const char *second)
{
    if (strcmp(text, first) != 0 && strcmp(text, second) != 0)
        return usage_error("--%s %s: %s or %s expected", name, text, first, second);
    *out = strcmp(text, second) == 0;
    return 0;
}

static int add_part(options *o, const char *text, size_t length)
{
    const char *colon = memchr(text, ':', length), *end = NULL;
    uint64_t n = 0;
    if (!colon || colon == text || !parse_whole(&n, colon + 1, &end, 1000000) || end != text + length || n == 0)
        return usage_error("--parcel %.*s: ORIGIN:NUMBER expected", (int)length, text);
    parcel_part *grown = realloc(o->parts, (o->n_parts + 1) * sizeof *grown);
    if (!grown)
        return usage_error("out of memory");
    o->parts = grown;
    char *name = strndup(text, (size_t)(colon - text));
    if (!name)
        return usage_error("out of memory");
    o->parts[o->n_parts++] = (parcel_part){name, (size_t)n};
    return 0;
}

static int parcel_option(options *o, const char *text)
{
    for (;;) {
        size_t length = strcspn(text, ",");
        int code = add_part(o, text, length);
        if (code || !text[length])
            return code;
        text += length + 1;
    }
}

static int help_option(options *o)
{
    fputs(usage, stdout);
    o->help = 1;
    return 0;
}

static int set_option(options *o, int id, const char *value)
{
    uint64_t n = 0;
    int code = 0;
    switch (id) {
    case OPTION_ORIGINS:
        o->origins = value;
        break;
    case OPTION_OUTPUT:
        o->directory = value;
        break;
    case OPTION_DECLARED:
        o->declared = value;
        break;
    case OPTION_SPECIMENS:
        code = number_option(&n, "specimens", value, 1, 1000000);
        o->specimens = (size_t)n;
        break;
    case OPTION_SHOTS:
        code = number_option(&n, "shots", value, 1, 10000);
        o->shots = (size_t)n;
        break;
    case OPTION_THREADS:
        code = number_option(&n, "threads", value, 0, 1024);
        o->threads = n ? (int)n : omp_get_max_threads();
        break;
    case OPTION_SEED:
        code = number_option(&o->seed, "seed", value, 0, UINT64_MAX);
        break;
    case OPTION_LEVEL:
        code = choice_option(&o->demonstration, "level", value, "realistic", "demonstration");
        break;
    case OPTION_GAS:
        code = choice_option(&o->gas, "gas", value, "air", "argon");
        break;
    case OPTION_LOCALITIES:
        code = list_option(&o->localities, &o->n_localities, "localities", value);
        break;
    case OPTION_SESSIONS:
        code = list_option(&o->sessions, &o->n_sessions, "sessions", value);
        break;
    case OPTION_PARCEL:
        code = parcel_option(o, value);
        break;
    case OPTION_HELP:
        code = help_option(o);
        break;
    default:
        code = usage_error("unknown option, or its value is missing");
        break;
    }
    return code;
}

/* Checks the options together, and sets those that were not given. */
static int finish(options *o, int argc, char **argv)
{
    int code = 0;
    if (optind < argc)
        return usage_error("unexpected argument %s", argv[optind]);
    if (!o->origins || !o->directory)
        return usage_error("--origins FILE and -o DIR are required");
    if (o->declared && !o->n_parts)
        return usage_error("--declared requires --parcel");
    if (!o->localities)
        code = list_option(&o->localities, &o->n_localities, "localities", o->n_parts ? "101-104" : "1-8");
    if (!code && !o->sessions)
        code = list_option(&o->sessions, &o->n_sessions, "sessions", o->n_parts ? "7-8" : "1-6");
    return code;
}

int options_parse(options *out, int argc, char **argv)
{
    static const struct option names[] = {{"origins", required_argument, NULL, OPTION_ORIGINS},
                                          {"output", required_argument, NULL, OPTION_OUTPUT},
                                          {"specimens", required_argument, NULL, OPTION_SPECIMENS},
                                          {"shots", required_argument, NULL, OPTION_SHOTS},
                                          {"seed", required_argument, NULL, OPTION_SEED},
                                          {"level", required_argument, NULL, OPTION_LEVEL},
                                          {"gas", required_argument, NULL, OPTION_GAS},
                                          {"localities", required_argument, NULL, OPTION_LOCALITIES},
                                          {"sessions", required_argument, NULL, OPTION_SESSIONS},
                                          {"parcel", required_argument, NULL, OPTION_PARCEL},
                                          {"declared", required_argument, NULL, OPTION_DECLARED},
                                          {"threads", required_argument, NULL, OPTION_THREADS},
                                          {"help", no_argument, NULL, OPTION_HELP},
                                          {0}};
    *out = (options){.specimens = 100, .shots = 20, .seed = 1, .gas = GAS_AIR, .threads = omp_get_max_threads()};
    int code = 0, id;
    while (!code && !out->help && (id = getopt_long(argc, argv, ":o:", names, NULL)) != -1)
        code = set_option(out, id, optarg);
    return code || out->help ? code : finish(out, argc, argv);
}

void options_clear(options *o)
{
    for (size_t i = 0; i < o->n_parts; i++)
        free(o->parts[i].origin);
    free(o->parts);
    free(o->localities);
    free(o->sessions);
    *o = (options){0};
}
