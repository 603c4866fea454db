/* The parcel: what it is, its composition, and what its papers declare. */
#include "report/json.h"

#include <math.h>

static json_t *share_of(drawing *d, const char *mean, const char *low, const char *high, size_t row)
{
    json_t *share = json_object();
    json_put_cell(d, share, "mean", ADAMAS_SHARES, mean, row, json_measure);
    json_put_cells(d, share, "interval_95", ADAMAS_SHARES, low, high, row);
    return share;
}

static json_t *composition_of(drawing *d)
{
    static const struct {
        const char *key, *mean, *low, *high;
    } kinds[] = {{"stones", "mean", "low", "high"},
                 {"carats", "carats_mean", "carats_low", "carats_high"},
                 {"whole", "whole_mean", "whole_low", "whole_high"}};
    json_t *composition = json_array();
    for (size_t i = 0; i < reading_rows(d->r, ADAMAS_SHARES); i++) {
        json_t *row = json_object();
        json_put(d, row, "origin", json_string(reading_text(d->r, ADAMAS_SHARES, "origin", i)));
        json_put_cell(d, row, "alpha", ADAMAS_SHARES, "alpha", i, json_measure);
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (reading_has(d->r, ADAMAS_SHARES, kinds[k].mean))
                json_put(d, row, kinds[k].key, share_of(d, kinds[k].mean, kinds[k].low, kinds[k].high, i));
        json_put_cell(d, row, "tau_third", ADAMAS_SHARES, "tau_third", i, json_measure);
        json_put_cell(d, row, "tau_triple", ADAMAS_SHARES, "tau_triple", i, json_measure);
        json_put_cell(d, row, "r_hat", ADAMAS_SHARES, "r_hat", i, json_measure);
        json_put_cell(d, row, "effective", ADAMAS_SHARES, "effective", i, json_measure);
        json_append(d, composition, row);
    }
    return composition;
}

static void put_model(drawing *d, json_t *parcel)
{
    static const char *const measures[][2] = {{"rho", "parcel/rho"},
                                              {"sigma", "parcel/sigma"},
                                              {"tau", "parcel/tau"},
                                              {"temper", "parcel/temper"},
                                              {"low_typicality", "parcel/low_typicality"},
                                              {"low_typicality_chance", "parcel/low_typicality_chance"}};
    static const char *const counts[][2] = {{"stones", "parcel/stones"},
                                            {"whole", "parcel/whole"},
                                            {"without_mass", "parcel/without_mass"},
                                            {"chains", "parcel/chains"},
                                            {"draws", "parcel/draws"}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        json_put_count(d, parcel, counts[i][0], counts[i][1]);
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        json_put_measure(d, parcel, measures[i][0], measures[i][1]);
}

static json_t *revealed_by_source(drawing *d)
{
    json_t *sources = json_array();
    for (size_t i = 0; i < reading_rows(d->r, ADAMAS_REVEALED); i++) {
        json_t *source = json_object();
        json_put(d, source, "origin", json_string(reading_text(d->r, ADAMAS_REVEALED, "origin", i)));
        json_put_cell(d, source, "share", ADAMAS_REVEALED, "share", i, json_measure);
        json_append(d, sources, source);
    }
    return sources;
}

static json_t *declared_lr(drawing *d)
{
    json_t *lr = json_object();
    double low = reading_number(d->r, "declared/log10_lr_low"), high = reading_number(d->r, "declared/log10_lr_high"),
           value = reading_number(d->r, "declared/log10_lr");
    json_put_measure(d, lr, "value", "declared/log10_lr");
    json_put_measure(d, lr, "monte_carlo_error", "declared/log10_lr_error");
    json_put_measure(d, lr, "at_half_alpha", "declared/log10_lr_half");
    json_put_measure(d, lr, "at_double_alpha", "declared/log10_lr_double");
    json_put_measures(d, lr, "bounds", "declared/log10_lr_low", "declared/log10_lr_high");
    json_put(d, lr, "beyond_bounds", json_boolean(value < low || value > high));
    json_put_count(d, lr, "units", "declared/units");
    return lr;
}

static json_t *declared_of(drawing *d, const char *origin)
{
    json_t *declared = json_object();
    double inconsistent = reading_number(d->r, "declared/inconsistent");
    json_put(d, declared, "origin", json_string(origin));
    if (reading_has_number(d->r, "declared/log10_lr"))
        json_put(d, declared, "log10_lr", declared_lr(d));
    json_put_measure(d, declared, "foreign", "declared/foreign");
    json_put_measure(d, declared, "foreign_high", "declared/foreign_high");
    json_put_measure(d, declared, "threshold", "declared/threshold");
    json_put_count(d, declared, "pure_parcels", "declared/pure_parcels");
    if (reading_has_number(d->r, "declared/inconsistent"))
        json_put(d, declared, "inconsistent", isnan(inconsistent) ? json_null() : json_boolean(inconsistent > 0));
    json_put_measure(d, declared, "revealed", "declared/revealed");
    if (reading_rows(d->r, ADAMAS_REVEALED))
        json_put(d, declared, "revealed_by_source", revealed_by_source(d));
    json_put_count(d, declared, "foreign_stones", "declared/foreign_stones");
    json_put_measure(d, declared, "false_discovery", "declared/false_discovery");
    return declared;
}

json_t *json_parcel(drawing *d)
{
    json_t *parcel = json_object();
    const char *file = reading_fact(d->r, "parcel/file"), *declared = reading_fact(d->r, "declared");
    json_put(d, parcel, "file", json_file_name(file ? file : ""));
    json_put_fact(d, parcel, "sha256", "parcel/sha256");
    json_put_fact(d, parcel, "id", "case/parcel");
    json_put_fact(d, parcel, "seizure", "case/seizure");
    json_put_fact(d, parcel, "certificate", "case/certificate");
    json_put_fact(d, parcel, "declared_origin", "case/declared_origin");
    put_model(d, parcel);
    if (reading_has_control(d->r)) {
        json_t *control = json_object();
        json_put_count(d, control, "stones", "control/stones");
        json_put_measure(d, control, "worst_p", "control/worst_p");
        json_put(d, parcel, "control", control);
    }
    if (reading_rows(d->r, ADAMAS_SHARES))
        json_put(d, parcel, "composition", composition_of(d));
    json_put_fact(d, parcel, "spectrum_origin", "spectrum/origin");
    if (declared)
        json_put(d, parcel, "declared", declared_of(d, declared));
    return parcel;
}
