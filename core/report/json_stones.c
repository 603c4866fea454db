/* The origins, and each specimen. */
#include "report/json.h"

#include "evidence/verbal.h"

#include <math.h>

static json_t *yes_or_no(double value)
{
    return isnan(value) ? json_null() : json_boolean(value > 0);
}

static json_t *plane_of(drawing *d, size_t row)
{
    json_t *plane = json_object(), *covariance = json_array();
    json_put_cells(d, plane, "mean", ADAMAS_ORIGINS, "plane/1", "plane/2", row);
    double xy = reading_cell(d->r, ADAMAS_ORIGINS, "plane/12", row);
    json_append(d, covariance, json_measures(d, reading_cell(d->r, ADAMAS_ORIGINS, "plane/11", row), xy));
    json_append(d, covariance, json_measures(d, xy, reading_cell(d->r, ADAMAS_ORIGINS, "plane/22", row)));
    json_put(d, plane, "covariance", covariance);
    return plane;
}

static json_t *open_set_of(drawing *d, size_t row)
{
    static const char *const keys[][2] = {{"specimens", "open_n"},         {"none", "open_none"},
                                          {"above_1", "open_above_1"},     {"above_10", "open_above_10"},
                                          {"above_100", "open_above_100"}, {"gated", "open_gated"}};
    json_t *open = json_object();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        json_put_cell(d, open, keys[i][0], ADAMAS_ORIGINS, keys[i][1], row, json_count);
    return open;
}

static void put_performance(drawing *d, json_t *origin, size_t row)
{
    static const char *const measures[] = {"cllr", "cllr_min", "cllr_cal", "eer", "devpav", "largest_wrong_log10_lr"};
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        json_put_cell(d, origin, measures[i], ADAMAS_ORIGINS, measures[i], row, json_measure);
    json_put_cell(d, origin, "gated", ADAMAS_ORIGINS, "gated", row, json_count);
    if (reading_has(d->r, ADAMAS_ORIGINS, "open_n"))
        json_put(d, origin, "open_set", open_set_of(d, row));
}

json_t *json_origins(drawing *d)
{
    json_t *origins = json_array();
    for (size_t i = 0; i < reading_rows(d->r, ADAMAS_ORIGINS); i++) {
        json_t *origin = json_object();
        json_put(d, origin, "origin", json_string(reading_origin(d->r, i)));
        json_put_cell(d, origin, "specimens", ADAMAS_ORIGINS, "specimens", i, json_count);
        json_put_cell(d, origin, "prior", ADAMAS_ORIGINS, "prior", i, json_measure);
        json_put_cell(d, origin, "units", ADAMAS_ORIGINS, "units", i, json_count);
        json_put_cell(d, origin, "rejectable", ADAMAS_ORIGINS, "rejectable", i, yes_or_no);
        json_put_cells(d, origin, "log10_lr_bounds", ADAMAS_ORIGINS, "log10_lr_low", "log10_lr_high", i);
        if (reading_has(d->r, ADAMAS_ORIGINS, "plane/1"))
            json_put(d, origin, "plane", plane_of(d, i));
        put_performance(d, origin, i);
        json_append(d, origins, origin);
    }
    return origins;
}

static json_t *shots_of(drawing *d, size_t row)
{
    json_t *shots = json_object(), *aside = json_object();
    json_put(d, aside, "not_finite", json_count(reading_cell(d->r, ADAMAS_SPECIMENS, "shots_not_finite", row)));
    json_put(d, aside, "saturated", json_count(reading_cell(d->r, ADAMAS_SPECIMENS, "shots_saturated", row)));
    json_put(d, aside, "outlier", json_count(reading_cell(d->r, ADAMAS_SPECIMENS, "shots_outlier", row)));
    json_put(d, shots, "used", json_count(reading_cell(d->r, ADAMAS_SPECIMENS, "shots_used", row)));
    json_put(d, shots, "set_aside", aside);
    return shots;
}

/* The words are for the origin where its log10 LR is positive, and for the others where it is negative. */
/* As class_assignment numbers them. */
static json_t *class_of(double verdict)
{
    static const char *const words[] = {"accepted", "extreme", "outlier"};
    return verdict >= 0 && verdict <= 2 ? json_string(words[(int)verdict]) : json_null();
}

static json_t *verbal_of(double log10_lr)
{
    return isnan(log10_lr) ? json_null() : json_string(verbal_support(log10_lr));
}

static json_t *specimen_of(drawing *d, size_t i)
{
    json_t *specimen = json_object();
    json_put(d, specimen, "id", json_string(reading_text(d->r, ADAMAS_SPECIMENS, "id", i)));
    if (d->r->kind == RESULT_VALIDATION)
        json_put(d, specimen, "true_origin", json_string(reading_text(d->r, ADAMAS_SPECIMENS, "true_origin", i)));
    json_put_cell(d, specimen, "mass_ct", ADAMAS_SPECIMENS, "mass_ct", i, json_measure);
    json_put(d, specimen, "shots", shots_of(d, i));
    if (reading_has(d->r, ADAMAS_SPECIMENS, "answer"))
        json_put(d, specimen, "answer",
                 reading_is_judged(d->r, i) ? json_string(reading_text(d->r, ADAMAS_SPECIMENS, "answer", i))
                                            : json_null());
    json_put_by_origin(d, specimen, "typicality", ADAMAS_SPECIMENS, "typicality", i, json_measure);
    json_put_by_origin(d, specimen, "log10_lr", ADAMAS_SPECIMENS, "log10_lr", i, json_measure);
    json_put_by_origin(d, specimen, "class_model", ADAMAS_SPECIMENS, "class_model", i, class_of);
    json_put_by_origin(d, specimen, "log10_lr_before_gate", ADAMAS_SPECIMENS, "log10_lr_before_gate", i, json_measure);
    json_put_by_origin(d, specimen, "verbal", ADAMAS_SPECIMENS, "log10_lr", i, verbal_of);
    json_put_by_origin(d, specimen, "posterior", ADAMAS_SPECIMENS, "posterior", i, json_measure);
    json_put_cell(d, specimen, "foreign_probability", ADAMAS_SPECIMENS, "foreign_probability", i, json_measure);
    json_put_cell(d, specimen, "is_foreign", ADAMAS_SPECIMENS, "is_foreign", i, yes_or_no);
    json_put_cells(d, specimen, "plane", ADAMAS_SPECIMENS, "plane/1", "plane/2", i);
    json_put_by_origin(d, specimen, "log_density", ADAMAS_SPECIMENS, "log_density", i, json_measure);
    json_put_by_origin(d, specimen, "probability", ADAMAS_SPECIMENS, "probability", i, json_measure);
    return specimen;
}

json_t *json_specimens(drawing *d)
{
    json_t *specimens = json_array();
    for (size_t i = 0; i < reading_rows(d->r, ADAMAS_SPECIMENS); i++)
        json_append(d, specimens, specimen_of(d, i));
    return specimens;
}
