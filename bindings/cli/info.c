/* `adamas info`: what a spectra set or a model holds. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_row(const char *label, const char *value)
{
    if (value && *value)
        printf("  %-14s %s\n", label, value);
}

/* A distinct name and how often it occurs. */
typedef struct tally {
    const char *name;
    size_t n;
} tally;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const tally *)a)->name, ((const tally *)b)->name);
}

/* The distinct values of a text column and their numbers: "4: Greece 10, Italy 17, ...". */
static void print_distinct(const char *label, const adamas_column *column)
{
    tally *all = column && column->text ? calloc(column->n, sizeof *all) : NULL;
    size_t distinct = 0;
    if (!all)
        return;
    for (size_t i = 0; i < column->n; i++)
        all[i] = (tally){column->text[i], 1};
    qsort(all, column->n, sizeof *all, by_name);
    for (size_t i = 0; i < column->n; i++)
        if (distinct && strcmp(all[distinct - 1].name, all[i].name) == 0)
            all[distinct - 1].n++;
        else
            all[distinct++] = all[i];
    printf("  %-14s %zu:", label, distinct);
    for (size_t i = 0; i < distinct; i++)
        printf("%s %s %zu", i ? "," : "", *all[i].name ? all[i].name : "(none)", all[i].n);
    printf("\n");
    free(all);
}

static void print_axis(const adamas_spectra *s)
{
    const size_t *first;
    size_t n = adamas_spectra_segments(s, &first), channels = adamas_spectra_channels(s);
    const double *nm = adamas_spectra_wavelength(s);
    const char *medium = adamas_spectra_fact(s, "axis/medium");
    printf("  %-14s %zu channels, %s, %zu detector segment%s\n", "axis", channels,
           medium ? medium : "air or vacuum not stated", n, n == 1 ? "" : "s");
    for (size_t i = 0; i < n; i++)
        printf("  %-14s %.10g to %.10g nm, %zu channels\n", "", nm[first[i]], nm[first[i + 1] - 1],
               first[i + 1] - first[i]);
}

static adamas_status print_screening(const adamas_spectra *s, const adamas_options *options, adamas_error *error)
{
    static const char *const labels[] = {"used", "not finite", "saturated", "outliers among their specimen's shots"};
    size_t n = adamas_spectra_shots(s), count[4] = {0};
    uint8_t *fate = malloc(n);
    adamas_status status = fate ? adamas_spectra_screen(s, fate, options, error) : ADAMAS_E_MEMORY;
    for (size_t i = 0; !status && i < n; i++)
        count[fate[i]]++;
    free(fate);
    if (status)
        return status;
    printf("  %-14s %zu", "usable", count[0]);
    for (size_t f = 1; f < 4; f++)
        if (count[f])
            printf(", %zu %s", count[f], labels[f]);
    const char *full_scale = adamas_spectra_fact(s, "acquisition/full_scale");
    printf("; full scale %s\n", full_scale ? full_scale : "not stated (flat tops of clipped lines are looked for)");
    return ADAMAS_OK;
}

static void print_facts(const adamas_spectra *s)
{
    const char *name;
    for (size_t i = 0; (name = adamas_spectra_fact_at(s, i)) != NULL; i++)
        if (strcmp(name, "axis/medium") != 0)
            printf("  %-30s %s\n", name, adamas_spectra_fact(s, name));
}

static void print_sources(const char *label, const adamas_column *file, const adamas_column *digest)
{
    enum { MAX_SOURCES = 10 };
    for (size_t i = 0; file && digest && i < file->n && i < MAX_SOURCES; i++)
        printf("  %-14s %s %s\n", i ? "" : label, digest->text[i], file->text[i]);
    if (file && file->n > MAX_SOURCES)
        printf("  %-14s ... and %zu more\n", "", file->n - MAX_SOURCES);
}

static adamas_status print_spectra(const char *path, const adamas_options *options, adamas_error *error)
{
    adamas_spectra *s;
    adamas_status status = adamas_spectra_read(&s, path, error);
    if (status)
        return status;
    const adamas_column *origin = adamas_spectra_column(s, ADAMAS_SPECIMENS, "origin");
    const char *synthetic = adamas_spectra_fact(s, "provenance/synthetic");
    if (synthetic && strcmp(synthetic, "yes") == 0)
        print_synthetic_warning();
    printf("%s: a spectra set, %s\n", path, origin ? "a reference library" : "a parcel (no origins)");
    printf("  %-14s %zu\n  %-14s %zu\n", "specimens", adamas_spectra_specimens(s), "shots", adamas_spectra_shots(s));
    status = print_screening(s, options, error);
    if (!status) {
        print_distinct("origins", origin);
        print_distinct("sessions", adamas_spectra_column(s, ADAMAS_SHOTS, "session"));
        print_axis(s);
        print_facts(s);
        print_sources("made from", adamas_spectra_column(s, ADAMAS_SOURCES, "file"),
                      adamas_spectra_column(s, ADAMAS_SOURCES, "sha256"));
    }
    adamas_spectra_free(s);
    return status;
}

static adamas_status print_model(const char *path, adamas_error *error)
{
    adamas_model *m;
    adamas_status status = adamas_model_read(&m, path, error);
    if (status)
        return status;
    size_t n;
    const double *nm = adamas_model_wavelength(m, &n);
    const adamas_column *origin = adamas_model_column(m, ADAMAS_ORIGINS, "origin");
    if (strcmp(adamas_model_fact(m, "synthetic"), "yes") == 0)
        print_synthetic_warning();
    printf("%s: a model\n", path);
    print_row("method", adamas_model_fact(m, "method"));
    print_row("written out", adamas_model_fact(m, "method_canonical"));
    print_row("components", adamas_model_fact(m, "components"));
    print_row("chosen by", adamas_model_fact(m, "components_chosen"));
    print_row("epo directions", adamas_model_fact(m, "epo_directions"));
    print_row("level", adamas_model_fact(m, "level"));
    for (size_t i = 0; origin && i < origin->n; i++)
        printf("  %-14s %s: %.0f specimens, %.0f shots\n", i ? "" : "origins", origin->text[i],
               adamas_model_column(m, ADAMAS_ORIGINS, "specimens")->number[i],
               adamas_model_column(m, ADAMAS_ORIGINS, "shots")->number[i]);
    printf("  %-14s %zu channels, %.10g to %.10g nm\n", "axis", n, nm[0], nm[n - 1]);
    print_row("medium", adamas_model_fact(m, "axis/medium"));
    print_row("engine", adamas_model_fact(m, "engine"));
    print_sources("libraries", adamas_model_column(m, ADAMAS_SOURCES, "file"),
                  adamas_model_column(m, ADAMAS_SOURCES, "sha256"));
    adamas_model_free(m);
    return ADAMAS_OK;
}

int run_info(arguments *a)
{
    adamas_error error = {0};
    for (size_t i = 0; i < a->n_files; i++) {
        int32_t kind;
        char digest[65];
        adamas_status status = adamas_file_kind(&kind, a->files[i], &error);
        if (!status)
            status = kind == ADAMAS_FILE_MODEL ? print_model(a->files[i], &error)
                                               : print_spectra(a->files[i], &a->options, &error);
        if (!status)
            status = adamas_file_sha256(digest, a->files[i], &error);
        if (status)
            return fail(&error);
        print_row("sha256", digest);
    }
    return EXIT_DONE;
}
