#include "set.h"

#include "shot.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEXT_ROOM = 96 };

/* The i-th text or number of a column. */
typedef void (*text_of)(char out[TEXT_ROOM], const generator *g, const set_labels *labels, size_t i);
typedef double (*number_of)(const generator *g, size_t i);

void set_specimen_id(char id[SPECIMEN_ID_ROOM], const generator *g, const set_labels *labels, size_t index)
{
    const specimen *p = &g->specimens[index];
    if (labels->parcel)
        snprintf(id, SPECIMEN_ID_ROOM, "stone-%04zu", index + 1);
    else
        snprintf(id, SPECIMEN_ID_ROOM, "%s-%04llu", p->origin->name, (unsigned long long)p->number);
}

static void session_text(char out[TEXT_ROOM], const generator *g, size_t specimen_index)
{
    unsigned long long number = g->session_numbers[generator_stone(g, specimen_index).session];
    snprintf(out, TEXT_ROOM, "S%02llu", number);
}

static void shot_specimen(char out[TEXT_ROOM], const generator *g, const set_labels *labels, size_t i)
{
    set_specimen_id(out, g, labels, i / g->shots);
}

static void shot_session(char out[TEXT_ROOM], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    session_text(out, g, i / g->shots);
}

static void shot_spot(char out[TEXT_ROOM], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    snprintf(out, TEXT_ROOM, "%zu", i % g->shots / SHOTS_PER_SPOT + 1);
}

static double shot_number(const generator *g, size_t i)
{
    return (double)(i % g->shots + 1);
}

static void specimen_origin(char out[TEXT_ROOM], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    snprintf(out, TEXT_ROOM, "%s", generator_stone(g, i).where.path);
}

static void specimen_session(char out[TEXT_ROOM], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    session_text(out, g, i);
}

static void specimen_instrument(char out[TEXT_ROOM], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    snprintf(out, TEXT_ROOM, "%s", spectrometer_name(g->session_numbers[generator_stone(g, i).session]));
}

static void specimen_cleaning(char out[TEXT_ROOM], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    snprintf(out, TEXT_ROOM, "%s", generator_stone(g, i).cleaned ? "acid" : "as received");
}

static void specimen_locality(char out[TEXT_ROOM], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    snprintf(out, TEXT_ROOM, "%s", generator_stone(g, i).where.alluvial ? "alluvial" : "primary");
}

static void specimen_kind(char out[TEXT_ROOM], const generator *g, const set_labels *labels, size_t i)
{
    (void)labels;
    stone s = generator_stone(g, i);
    snprintf(out, TEXT_ROOM, "%s", stone_kind(&s));
}

static double specimen_carats(const generator *g, size_t i)
{
    return generator_stone(g, i).carats;
}

/* What is being filled. */
typedef struct filling {
    adamas_spectra *set;
    const generator *generator;
    const set_labels *labels;
} filling;

static adamas_status set_texts(const filling *f, int32_t table, const char *column, size_t n, text_of each,
                               adamas_error *error)
{
    char(*block)[TEXT_ROOM] = malloc(n * sizeof *block);
    const char **values = malloc(n * sizeof *values);
    adamas_status status = block && values ? ADAMAS_OK : fail_memory(error);
    for (size_t i = 0; !status && i < n; i++) {
        each(block[i], f->generator, f->labels, i);
        values[i] = block[i];
    }
    if (!status)
        status = adamas_spectra_set_text(f->set, table, column, n, values, error);
    free(values);
    free(block);
    return status;
}

static adamas_status set_numbers(const filling *f, int32_t table, const char *column, size_t n, number_of each,
                                 adamas_error *error)
{
    double *values = malloc(n * sizeof *values);
    if (!values)
        return fail_memory(error);
    for (size_t i = 0; i < n; i++)
        values[i] = each(f->generator, i);
    adamas_status status = adamas_spectra_set_numbers(f->set, table, column, n, values, error);
    free(values);
    return status;
}

static adamas_status set_shots(const filling *f, adamas_error *error)
{
    size_t n = f->generator->n_specimens * f->generator->shots;
    adamas_status status = set_texts(f, ADAMAS_SHOTS, "specimen", n, shot_specimen, error);
    if (!status)
        status = set_texts(f, ADAMAS_SHOTS, "spot", n, shot_spot, error);
    if (!status)
        status = set_numbers(f, ADAMAS_SHOTS, "shot", n, shot_number, error);
    if (!status)
        status = set_texts(f, ADAMAS_SHOTS, "session", n, shot_session, error);
    return status;
}

static adamas_status set_specimens(const filling *f, adamas_error *error)
{
    static const struct {
        const char *name;
        text_of each;
        int tells; /* what a parcel's file must not tell */
    } columns[] = {{"origin", specimen_origin, 1},         {"locality_kind", specimen_locality, 1},
                   {"simulated_kind", specimen_kind, 1},   {"session", specimen_session, 0},
                   {"instrument", specimen_instrument, 0}, {"cleaning", specimen_cleaning, 0}};
    size_t n = f->generator->n_specimens;
    adamas_status status = set_numbers(f, ADAMAS_SPECIMENS, "mass_ct", n, specimen_carats, error);
    for (size_t i = 0; !status && i < sizeof columns / sizeof columns[0]; i++)
        if (!(columns[i].tells && f->labels->parcel))
            status = set_texts(f, ADAMAS_SPECIMENS, columns[i].name, n, columns[i].each, error);
    return status;
}

static adamas_status set_facts(const filling *f, const char *const (*facts)[2], size_t n, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < n; i++)
        if (facts[i][1])
            status = adamas_spectra_set_fact(f->set, facts[i][0], facts[i][1], error);
    return status;
}

static adamas_status set_all_facts(const filling *f, adamas_error *error)
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
    filling f = {NULL, g, labels};
    adamas_status status =
        adamas_spectra_stream(&f.set, g->n_specimens * g->shots, N_PIXELS, axis, generator_rows, g, error);
    if (!status)
        status = set_shots(&f, error);
    if (!status)
        status = set_specimens(&f, error);
    if (!status)
        status = set_all_facts(&f, error);
    if (!status)
        status = adamas_spectra_write(f.set, path, options, error);
    adamas_spectra_free(f.set);
    return status;
}
