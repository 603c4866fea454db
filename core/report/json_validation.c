/* What a cross-validation found, and a plan. */
#include "report/json.h"

static json_t *folds_of(drawing *d)
{
    json_t *folds = json_array();
    for (size_t i = 0; i < reading_rows(d->r, ADAMAS_FOLDS); i++) {
        json_t *fold = json_object();
        json_put(d, fold, "left_out", json_string(reading_text(d->r, ADAMAS_FOLDS, "left_out", i)));
        json_put(d, fold, "specimens", json_count(reading_cell(d->r, ADAMAS_FOLDS, "specimens", i)));
        json_put(d, fold, "components", json_count(reading_cell(d->r, ADAMAS_FOLDS, "components", i)));
        json_append(d, folds, fold);
    }
    return folds;
}

/* {true origin: {what/ORIGIN: specimens}} */
static void put_matrix(drawing *d, json_t *root, const char *key, const char *what)
{
    json_t *matrix = json_object();
    for (size_t i = 0; i < reading_rows(d->r, ADAMAS_ORIGINS); i++)
        json_put_by_origin(d, matrix, reading_origin(d->r, i), ADAMAS_ORIGINS, what, i, json_count);
    if (json_object_size(matrix) > 0)
        json_put(d, root, key, matrix);
    else
        json_decref(matrix);
}

/* The rows of a table of numbers: [{column: number}, ...]. */
static json_t *rows_of(drawing *d, int which)
{
    const table *t = &d->r->tables[which];
    json_t *rows = json_array();
    for (size_t i = 0; i < t->n_rows; i++) {
        json_t *row = json_object();
        for (size_t c = 0; c < t->n_columns; c++)
            if (t->columns[c]->number)
                json_put(d, row, t->columns[c]->name, json_measure(t->columns[c]->number[i]));
        json_append(d, rows, row);
    }
    return rows;
}

static void put_rows(drawing *d, json_t *object, const char *key, int which)
{
    if (reading_rows(d->r, which))
        json_put(d, object, key, rows_of(d, which));
}

static json_t *audit_of(drawing *d)
{
    json_t *audit = json_object();
    json_put_measure(d, audit, "accuracy", "audit/accuracy");
    json_put_measures(d, audit, "accuracy_interval_95", "audit/accuracy_low", "audit/accuracy_high");
    json_put_measure(d, audit, "balanced_accuracy", "audit/balanced_accuracy");
    json_put_measure(d, audit, "log_loss", "audit/log_loss");
    json_put_fact(d, audit, "features", "audit/features");
    json_put_fact(d, audit, "left_out", "audit/left_out");
    json_put_measure(d, audit, "session_accuracy", "audit/session_accuracy");
    json_put_measure(d, audit, "session_chance", "audit/session_chance");
    json_put_measure(d, audit, "session_p", "audit/session_p");
    return audit;
}

void json_put_validation(drawing *d, json_t *root)
{
    static const char *const measures[] = {"cllr",   "cllr_min", "cllr_cal", "eer",
                                           "devpav", "covered",  "set_size", "largest_wrong_log10_lr"};
    json_put_fact(d, root, "leave", "leave");
    json_put_count(d, root, "seed", "seed");
    json_put_count(d, root, "judged", "judged");
    json_put_count(d, root, "right", "right");
    json_put_measure(d, root, "accuracy", "accuracy");
    json_put_measures(d, root, "accuracy_interval_95", "accuracy_low", "accuracy_high");
    json_put_measure(d, root, "balanced_accuracy", "balanced_accuracy");
    json_put_measure(d, root, "log_loss", "log_loss");
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        json_put_measure(d, root, measures[i], measures[i]);
    json_put_measures(d, root, "covered_interval_95", "covered_low", "covered_high");
    put_matrix(d, root, "confusion", "predicted");
    put_matrix(d, root, "answers", "answered");
    if (reading_has_number(d->r, "audit/accuracy") || reading_has_number(d->r, "audit/session_accuracy"))
        json_put(d, root, "audit", audit_of(d));
    put_rows(d, root, "tippett", ADAMAS_TIPPETT);
    put_rows(d, root, "reliability", ADAMAS_RELIABILITY);
    put_rows(d, root, "cross_entropy", ADAMAS_CROSS_ENTROPY);
    put_rows(d, root, "coverage", ADAMAS_COVERAGE);
    json_put(d, root, "folds", folds_of(d));
}

json_t *json_plan(drawing *d)
{
    json_t *plan = json_object();
    json_put_fact(d, plan, "declared", "declared");
    json_put_count(d, plan, "parcel", "plan/parcel");
    json_put_measure(d, plan, "share", "plan/share");
    json_put_measure(d, plan, "confidence", "plan/confidence");
    json_put_count(d, plan, "stones", "plan/stones");
    json_put_count(d, plan, "perfect", "plan/perfect");
    put_rows(d, plan, "rows", ADAMAS_PLAN);
    return plan;
}
