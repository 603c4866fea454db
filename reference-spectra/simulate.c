/* adamas-simulate: simulates reference libraries and parcels, of which the truth is known. Not evidence. */
#include "options.h"
#include "set.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

static volatile sig_atomic_t interrupted; /* the signal that was received, 0 if none was */

static void on_signal(int number)
{
    interrupted = number;
}

static int32_t progress(void *data, const char *stage, uint64_t done, uint64_t total)
{
    (void)stage;
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r\033[K%s: %llu of %llu", (const char *)data, (unsigned long long)done,
                (unsigned long long)total);
        fflush(stderr);
    }
    return interrupted != 0;
}

static adamas_status make_path(char out[PATH_SIZE], const options *o, const char *name, const char *ending,
                               adamas_error *error)
{
    int n = snprintf(out, PATH_SIZE, "%s/%s%s", o->directory, name, ending);
    if (n < 0 || n >= PATH_SIZE)
        return fail(error, ADAMAS_E_ARGUMENT, "%s: the path is too long", o->directory);
    for (char *at = out + strlen(o->directory) + 1; *at; at++)
        if (*at == ' ')
            *at = '-';
    return ADAMAS_OK;
}

/* Specimens come from the localities in turn, so specimen 57 does not depend on how many there are. */
static void fill_specimens(specimen_key *out, const origin_prior *origin, size_t n, const options *o)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (specimen_key){origin, o->localities[i % o->n_localities], i + 1};
}

static generator make_generator(const options *o, const origins *all, size_t n, const specimen_key *specimens)
{
    return (generator){.origins = all,
                       .seed = o->seed,
                       .gas = o->gas,
                       .threads = o->threads,
                       .shots = o->shots,
                       .n_specimens = n,
                       .specimens = specimens,
                       .n_sessions = o->n_sessions,
                       .session_numbers = o->sessions};
}

static adamas_status write_set(generator *g, const options *o, const char *name, const set_labels *labels,
                               adamas_error *error)
{
    char path[PATH_SIZE];
    adamas_options engine = ADAMAS_OPTIONS_INIT;
    engine.progress = progress;
    engine.progress_data = path;
    engine.threads = o->threads;
    adamas_status status = make_path(path, o, name, ".h5", error);
    if (!status)
        status = set_write(g, labels, path, &engine, error);
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
    if (!status)
        printf("%s: %zu specimens, %zu shots\n", path, g->n_specimens, g->n_specimens * g->shots);
    return status;
}

static set_labels make_labels(const options *o)
{
    return (set_labels){.level = o->demonstration ? "demonstration" : "realistic",
                        .parcel = o->n_parts ? "synthetic parcel" : NULL,
                        .declared = o->declared};
}

static adamas_status write_libraries(const options *o, const origins *all, adamas_error *error)
{
    specimen_key *specimens = calloc(o->specimens, sizeof *specimens);
    if (!specimens)
        return fail_memory(error);
    generator g = make_generator(o, all, o->specimens, specimens);
    set_labels labels = make_labels(o);
    adamas_status status = generator_start(&g, error);
    for (size_t i = 0; !status && i < all->n; i++)
        if (all->origin[i].in_library) {
            fill_specimens(specimens, &all->origin[i], o->specimens, o);
            status = write_set(&g, o, all->origin[i].name, &labels, error);
        }
    generator_stop(&g);
    free(specimens);
    return status;
}

static adamas_status compose_parcel(specimen_key **out, size_t *n, const options *o, const origins *all,
                                    adamas_error *error)
{
    size_t sum = 0;
    for (size_t i = 0; i < o->n_parts; i++)
        sum += o->parts[i].n;
    specimen_key *specimens = calloc(sum, sizeof *specimens);
    if (!specimens)
        return fail_memory(error);
    *out = specimens;
    *n = sum;
    for (size_t i = 0, at = 0; i < o->n_parts; at += o->parts[i++].n) {
        const origin_prior *origin = origins_find(all, o->parts[i].origin);
        if (!origin)
            return fail(error, ADAMAS_E_DATA, "%s: no origin %s", o->origins, o->parts[i].origin);
        fill_specimens(specimens + at, origin, o->parts[i].n, o);
    }
    random_stream r = random_start(o->seed, RANDOM_ORDER, 0, 0, 0, 0);
    for (size_t i = sum; i > 1; i--) {
        size_t other = (size_t)(random_uniform(&r) * (double)i);
        specimen_key kept = specimens[i - 1];
        specimens[i - 1] = specimens[other];
        specimens[other] = kept;
    }
    return ADAMAS_OK;
}

static void print_truth(FILE *file, const generator *g, const set_labels *labels)
{
    fputs("specimen,origin,kind\n", file);
    for (size_t i = 0; i < g->n_specimens; i++) {
        specimen s = generator_specimen(g, i);
        char id[SPECIMEN_ID_SIZE];
        set_specimen_id(id, g, labels, i);
        fprintf(file, "%s,%s,%s\n", id, s.locality.path, specimen_kind(&s));
    }
}

/* Writes the origins and kinds that the parcel's file does not hold: to a temporary file, which is then renamed. */
static adamas_status write_truth(const generator *g, const options *o, const set_labels *labels, adamas_error *error)
{
    char path[PATH_SIZE], temporary[PATH_SIZE];
    adamas_status status = make_path(path, o, "parcel-truth", ".csv", error);
    if (!status)
        status = make_path(temporary, o, "parcel-truth", ".csv.part", error);
    if (status)
        return status;
    FILE *file = fopen(temporary, "w");
    if (!file)
        return fail(error, ADAMAS_E_FILE, "%s: cannot be written: %s", temporary, strerror(errno));
    print_truth(file, g, labels);
    int failed = ferror(file) || fflush(file) || fsync(fileno(file));
    failed = fclose(file) || failed || rename(temporary, path);
    if (failed) {
        status = fail(error, ADAMAS_E_FILE, "%s: cannot be written: %s", path, strerror(errno));
        remove(temporary);
    }
    return status;
}

static adamas_status write_parcel(const options *o, const origins *all, adamas_error *error)
{
    specimen_key *specimens = NULL;
    size_t n = 0;
    adamas_status status = compose_parcel(&specimens, &n, o, all, error);
    if (!status) {
        generator g = make_generator(o, all, n, specimens);
        set_labels labels = make_labels(o);
        status = generator_start(&g, error);
        if (!status)
            status = write_set(&g, o, "parcel", &labels, error);
        if (!status)
            status = write_truth(&g, o, &labels, error);
        generator_stop(&g);
    }
    free(specimens);
    return status;
}

static adamas_status simulate(const options *o, adamas_error *error)
{
    origins all = {0};
    adamas_status status = origins_read(&all, o->origins, error);
    if (!status && mkdir(o->directory, 0777) && errno != EEXIST)
        status = fail(error, ADAMAS_E_FILE, "%s: cannot be created: %s", o->directory, strerror(errno));
    if (!status && o->demonstration)
        origins_raise_contrast(&all, 3);
    if (!status)
        status = o->n_parts ? write_parcel(o, &all, error) : write_libraries(o, &all, error);
    origins_clear(&all);
    return status;
}

int main(int argc, char **argv)
{
    options o;
    adamas_error error = {0};
    int code = options_parse(&o, argc, argv);
    if (!code && !o.help) {
        struct sigaction action = {.sa_handler = on_signal};
        sigaction(SIGINT, &action, NULL);
        sigaction(SIGTERM, &action, NULL);
        code = simulate(&o, &error) ? 1 : 0;
    }
    options_clear(&o);
    if (interrupted) {
        signal(interrupted, SIG_DFL);
        raise(interrupted);
    }
    if (error.code)
        fprintf(stderr, "adamas-simulate: %s\n", error.message);
    return code;
}
