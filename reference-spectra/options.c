#include "options.h"

#include "emission.h"

#include <errno.h>
#include <getopt.h>
#include <omp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t most = 1000000000;
enum { MOST_IN_LIST = 100000 };

static const char usage[] =
    "usage: adamas-simulate --origins FILE -o DIR [options]\n"
    "Simulates reference libraries, one file an origin, or one parcel. Synthetic spectra: not evidence.\n"
    "  --origins FILE        what is assumed of each origin (reference-spectra/origins.csv)\n"
    "  -o, --output DIR      where the files go; made where it is not there\n"
    "  --specimens N         stones of each origin (100)\n"
    "  --shots N             shots at each stone, five a spot (20)\n"
    "  --seed S              of every random draw (1)\n"
    "  --level LEVEL         realistic, or demonstration: coating and fluid contrast three times as large (realistic)\n"
    "  --gas GAS             air or argon (air)\n"
    "  --localities LIST     numbers of the localities that stones come from in turn (1-8; of a parcel 101-104)\n"
    "  --sessions LIST       numbers of the sessions that they are measured in (1-6; of a parcel 7-8)\n"
    "  --parcel SHARES       a parcel instead of libraries: \"CAR:15,South Africa:42,foreign:3\"\n"
    "  --declared ORIGIN     the origin that the parcel's papers declare\n"
    "  --threads N           (as many as there are processors); the files do not depend on it\n";

static int wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int wrong(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("adamas-simulate: ", stderr);
    vfprintf(stderr, format, list);
    fputs(" (--help tells more)\n", stderr);
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
    return wrong("--%s %s: a whole number from %llu to %llu expected", name, text, (unsigned long long)low,
                 (unsigned long long)high);
}

/* "1-8" or "1,3,5-7" */
static int list_option(uint64_t **out, size_t *n, const char *name, const char *text)
{
    free(*out);
    *n = 0;
    *out = malloc(MOST_IN_LIST * sizeof **out);
    if (!*out)
        return wrong("memory could not be had");
    for (const char *at = text;; at++) {
        uint64_t first, last;
        if (!parse_whole(&first, at, &at, most))
            break;
        last = first;
        if (*at == '-' && !parse_whole(&last, at + 1, &at, most))
            break;
        if (last < first || last - first >= MOST_IN_LIST - *n)
            break;
        for (uint64_t i = first; i <= last; i++)
            (*out)[(*n)++] = i;
        if (!*at)
            return 0;
        if (*at != ',')
            break;
    }
    return wrong("--%s %s: numbers such as 1-8 or 1,3,5-7 expected", name, text);
}

static int choice_option(int *out, const char *name, const char *text, const char *first, const char *second)
{
    if (strcmp(text, first) != 0 && strcmp(text, second) != 0)
        return wrong("--%s %s: %s or %s expected", name, text, first, second);
    *out = strcmp(text, second) == 0;
    return 0;
}

static int add_share(options *o, const char *text, size_t length)
{
    const char *colon = memchr(text, ':', length), *end = NULL;
    uint64_t n = 0;
    if (!colon || colon == text || !parse_whole(&n, colon + 1, &end, 1000000) || end != text + length || n == 0)
        return wrong("--parcel %.*s: ORIGIN:NUMBER expected", (int)length, text);
    share *grown = realloc(o->shares, (o->n_shares + 1) * sizeof *grown);
    if (!grown)
        return wrong("memory could not be had");
    o->shares = grown;
    char *name = strndup(text, (size_t)(colon - text));
    if (!name)
        return wrong("memory could not be had");
    o->shares[o->n_shares++] = (share){name, (size_t)n};
    return 0;
}

static int parcel_option(options *o, const char *text)
{
    for (;;) {
        size_t length = strcspn(text, ",");
        int code = add_share(o, text, length);
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

static int take(options *o, int letter, const char *value)
{
    uint64_t n = 0;
    int code = 0;
    switch (letter) {
    case 'g':
        o->origins = value;
        break;
    case 'o':
        o->directory = value;
        break;
    case 'd':
        o->declared = value;
        break;
    case 'n':
        code = number_option(&n, "specimens", value, 1, 1000000);
        o->specimens = (size_t)n;
        break;
    case 's':
        code = number_option(&n, "shots", value, 1, 10000);
        o->shots = (size_t)n;
        break;
    case 't':
        code = number_option(&n, "threads", value, 0, 1024);
        o->threads = n ? (int)n : omp_get_max_threads();
        break;
    case 'r':
        code = number_option(&o->seed, "seed", value, 0, UINT64_MAX);
        break;
    case 'l':
        code = choice_option(&o->demonstration, "level", value, "realistic", "demonstration");
        break;
    case 'a':
        code = choice_option(&o->gas, "gas", value, "air", "argon");
        break;
    case 'p':
        code = list_option(&o->localities, &o->n_localities, "localities", value);
        break;
    case 'e':
        code = list_option(&o->sessions, &o->n_sessions, "sessions", value);
        break;
    case 'P':
        code = parcel_option(o, value);
        break;
    case 'h':
        code = help_option(o);
        break;
    default:
        code = wrong("an option is unknown, or its value is missing");
        break;
    }
    return code;
}

/* What was not said, and what does not go together. */
static int complete(options *o, int argc, char **argv)
{
    int code = 0;
    if (optind < argc)
        return wrong("%s: no option", argv[optind]);
    if (!o->origins || !o->directory)
        return wrong("--origins FILE and -o DIR are needed");
    if (o->declared && !o->n_shares)
        return wrong("--declared goes with --parcel");
    if (!o->localities)
        code = list_option(&o->localities, &o->n_localities, "localities", o->n_shares ? "101-104" : "1-8");
    if (!code && !o->sessions)
        code = list_option(&o->sessions, &o->n_sessions, "sessions", o->n_shares ? "7-8" : "1-6");
    return code;
}

int options_parse(options *out, int argc, char **argv)
{
    static const struct option names[] = {
        {"origins", 1, 0, 'g'},  {"output", 1, 0, 'o'}, {"specimens", 1, 0, 'n'}, {"shots", 1, 0, 's'},
        {"seed", 1, 0, 'r'},     {"level", 1, 0, 'l'},  {"gas", 1, 0, 'a'},       {"localities", 1, 0, 'p'},
        {"sessions", 1, 0, 'e'}, {"parcel", 1, 0, 'P'}, {"declared", 1, 0, 'd'},  {"threads", 1, 0, 't'},
        {"help", 0, 0, 'h'},     {0, 0, 0, 0}};
    *out = (options){.specimens = 100, .shots = 20, .seed = 1, .gas = GAS_AIR, .threads = omp_get_max_threads()};
    int code = 0, letter;
    while (!code && !out->help && (letter = getopt_long(argc, argv, ":o:", names, NULL)) != -1)
        code = take(out, letter, optarg);
    return code || out->help ? code : complete(out, argc, argv);
}

void options_clear(options *o)
{
    for (size_t i = 0; i < o->n_shares; i++)
        free(o->shares[i].origin);
    free(o->shares);
    free(o->localities);
    free(o->sessions);
    *o = (options){0};
}
