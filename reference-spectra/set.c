/* Writing simulated spectra and their metadata as a spectra set. */
#include "set.h"

#include "shot.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEXT_SIZE = 96 };

/* Give the i-th text or number of a column. */
typedef void (*text_reader)(char out[TEXT_SIZE], const generator *g, const set_labels *labels, size_t i);
typedef double (*number_reader)(const generator *g, size_t i);

void set_specimen_id(char id[SPECIMEN_ID_SIZE], const generator *g, const set_labels *labels, size_t index)
{
    const specimen_key *p = &g->specimens[index];
    if (labels->parcel)
        snprintf(id, SPECIMEN_ID_SIZE, "stone-%04zu", index + 1);
    else
        snprintf(id, SPECIMEN_ID_SIZE, "%s-%04llu", p->origin->name, (unsigned long long)p->number);
}

static void put_session(char out[TEXT_SIZE], const generator *g, size_t specimen_index)
{
    unsigned long long number = g->session_numbers[generator_specimen(g, specimen_index).session];
    snprintf(out, TEXT_SIZE, "S%02llu", number);
}

static void shot_specimen_text(char out[TEXT_SIZE], const generator *g, const set_labels *labels, size_t i)
{
    set_specimen_id(out, g, labels, i / g->shots);
}

static void shot_session_text(char out[TEXT_SIZE], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    put_session(out, g, i / g->shots);
}

static void shot_spot_text(char out[TEXT_SIZE], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    snprintf(out, TEXT_SIZE, "%zu", i % g->shots / SHOTS_PER_SPOT + 1);
}

static double shot_number(const generator *g, size_t i)
{
    return (double)(i % g->shots + 1);
}

static void specimen_origin_text(char out[TEXT_SIZE], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    snprintf(out, TEXT_SIZE, "%s", generator_specimen(g, i).locality.path);
}

static void specimen_session_text(char out[TEXT_SIZE], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    put_session(out, g, i);
}

static void specimen_instrument_text(char out[TEXT_SIZE], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    snprintf(out, TEXT_SIZE, "%s", spectrometer_name(g->session_numbers[generator_specimen(g, i).session]));
}

static void specimen_cleaning_text(char out[TEXT_SIZE], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    snprintf(out, TEXT_SIZE, "%s", generator_specimen(g, i).cleaned ? "acid" : "as received");
}

static void specimen_locality_text(char out[TEXT_SIZE], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    snprintf(out, TEXT_SIZE, "%s", generator_specimen(g, i).locality.alluvial ? "alluvial" : "primary");
}

static void specimen_kind_text(char out[TEXT_SIZE], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    specimen s = generator_specimen(g, i);
    snprintf(out, TEXT_SIZE, "%s", specimen_kind(&s));
}

static double specimen_carats(const generator *g, size_t i)
{
    return generator_specimen(g, i).carats;
}

/* The set that is being made, and what it is made from. */
typedef struct set_builder {
    adamas_spectra *set;
    const generator *generator;
    const set_labels *labels;
} set_builder;

static adamas_status set_text_column(const set_builder *f, int32_t table, const char *column, size_t n,
                                     text_reader value_of, adamas_error *error)
{
    char(*block)[TEXT_SIZE] = malloc(n * sizeof *block);
    const char **values = malloc(n * sizeof *values);
    adamas_status status = block && values ? ADAMAS_OK : fail_memory(error);
    for (size_t i = 0; !status && i < n; i++) {
        value_of(block[i], f->generator, f->labels, i);
        values[i] = block[i];
    }
    if (!status)
        status = adamas_spectra_set_text(f->set, table, column, n, values, error);
    free(values);
    free(block);
    return status;
}

static adamas_status set_number_column(const set_builder *f, int32_t table, const char *column, size_t n,
                                       number_reader value_of, adamas_error *error)
{
    double *values = malloc(n * sizeof *values);
    if (!values)
        return fail_memory(error);
    for (size_t i = 0; i < n; i++)
        values[i] = value_of(f->generator, i);
    adamas_status status = adamas_spectra_set_numbers(f->set, table, column, n, values, error);
    free(values);
    return status;
}

static adamas_status set_shot_columns(const set_builder *f, adamas_error *error)
{
    size_t n = f->generator->n_specimens * f->generator->shots;
    adamas_status status = set_text_column(f, ADAMAS_SHOTS, "specimen", n, shot_specimen_text, error);
    if (!status)
        status = set_text_column(f, ADAMAS_SHOTS, "spot", n, shot_spot_text, error);
    if (!status)
        status = set_number_column(f, ADAMAS_SHOTS, "shot", n, shot_number, error);
    if (!status)
        status = set_text_column(f, ADAMAS_SHOTS, "session", n, shot_session_text, error);
    return status;
}

static adamas_status set_specimen_columns(const set_builder *f, adamas_error *error)
{
    static const struct {
        const char *name;
        text_reader value_of;
        int is_truth; /* left out of a parcel's file */
    } columns[] = {{"origin", specimen_origin_text, 1},         {"locality_kind", specimen_locality_text, 1},
                   {"simulated_kind", specimen_kind_text, 1},   {"session", specimen_session_text, 0},
                   {"instrument", specimen_instrument_text, 0}, {"cleaning", specimen_cleaning_text, 0}};
    size_t n = f->generator->n_specimens;
    adamas_status status = set_number_column(f, ADAMAS_SPECIMENS, "mass_ct", n, specimen_carats, error);
    for (size_t i = 0; !status && i < sizeof columns / sizeof columns[0]; i++)
        if (!(columns[i].is_truth && f->labels->parcel))
            status = set_text_column(f, ADAMAS_SPECIMENS, columns[i].name, n, columns[i].value_of, error);
    return status;
}

static adamas_status set_facts(const set_builder *f, const char *const (*facts)[2], size_t n, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < n; i++)
        if (facts[i][1])
            status = adamas_spectra_set_fact(f->set, facts[i][0], facts[i][1], error);
    return status;
}

static adamas_status set_all_facts(const set_builder *f, adamas_error *error)
{
    char seed[24];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)f->generator->seed);
    const char *const facts[][2] = {
        {"axis/medium", "air"},
        {"acquisition/instrument", "simulated four-channel spectrometers A and B"},
        {"acquisition/gas", f->generator->gas == GAS_AIR ? "air" : "argon"},
        {"acquisition/laser", "simulated: Nd:YAG, 1064 nm, 50 mJ, 8 ns"},
        {"acquisition/gate", "simulated: an early and a late plasma in one exposure"},
        {"acquisition/full_scale", "65535"},
        {"provenance/synthetic", "yes"},
        {"provenance/importer", "adamas-simulate"},
        {"provenance/level", f->labels->level},
        {"provenance/seed", seed},
    };
    const char *const parcel_facts[][2] = {
        {"case/parcel", f->labels->parcel},
        {"case/seizure", "synthetic: no seizure"},
        {"case/certificate", "synthetic: no certificate"},
        {"case/hs_code", "710231"},
        {"case/declared_origin", f->labels->declared},
    };
    adamas_status status = set_facts(f, facts, sizeof facts / sizeof facts[0], error);
    if (!status && f->labels->parcel)
        status = set_facts(f, parcel_facts, sizeof parcel_facts / sizeof parcel_facts[0], error);
    return status;
}

adamas_status set_write(generator *g, const set_labels *labels, const char *path, const adamas_options *options,
                        adamas_error *error)
{
    double axis[N_PIXELS];
    spectrometer_axis(axis);
    set_builder f = {NULL, g, labels};
    adamas_status status =
        adamas_spectra_stream(&f.set, g->n_specimens * g->shots, N_PIXELS, axis, generator_rows, g, error);
    if (!status)
        status = set_shot_columns(&f, error);
    if (!status)
        status = set_specimen_columns(&f, error);
    if (!status)
        status = set_all_facts(&f, error);
    if (!status)
        status = adamas_spectra_write(f.set, path, options, error);
    adamas_spectra_free(f.set);
    return status;
}
