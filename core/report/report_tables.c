/* A report's values by their public names, made from the table of names. */
#include "report/report_tables.h"

#include "base/memory.h"
#include "report/name_values.h"

#include <stdlib.h>
#include <string.h>

/* "typicality/ORIGIN" becomes "typicality/CAR". */
static adamas_status name_column(text *out, const public_name *n, const report_result *r, size_t column,
                                 adamas_error *error)
{
    int length = (int)(n->by_origin ? strlen(n->name) - strlen("ORIGIN") : strlen(n->name));
    text_append(out, "%.*s%s", length, n->name, n->by_origin ? name_of_column(n, r, column) : "");
    return out->failed ? status_no_memory(error) : ADAMAS_OK;
}

static adamas_status set_numbers(table *t, const char *name, const public_name *n, const report_result *r,
                                 const name_view *view, size_t column, adamas_error *error)
{
    double *values = memory_raw(view->n_rows, sizeof *values);
    if (!values)
        return status_no_memory(error);
    for (size_t i = 0; i < view->n_rows; i++)
        values[i] = name_number(n, r, view, i, column);
    adamas_status status = table_set_numbers(t, name, view->n_rows, values, error);
    free(values);
    return status;
}

static adamas_status set_texts(table *t, const char *name, const public_name *n, const report_result *r,
                               const name_view *view, size_t column, adamas_error *error)
{
    text *texts = memory_new(view->n_rows, sizeof *texts);
    const char **values = memory_new(view->n_rows, sizeof *values);
    adamas_status status = texts && values ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < view->n_rows; i++) {
        name_text(&texts[i], n, r, view, i, column);
        values[i] = texts[i].at;
        status = texts[i].failed ? status_no_memory(error) : ADAMAS_OK;
    }
    int is_missing = n->table == ADAMAS_FACTS && !status && !values[0];
    if (!status && !is_missing)
        status = table_set_text(t, name, view->n_rows, values, error);
    for (size_t i = 0; texts && i < view->n_rows; i++)
        text_clear(&texts[i]);
    free(texts);
    free(values);
    return status;
}

/* A fact that is a number: "12"; that is a flag: "yes", "no". */
static adamas_status set_fact(table *t, const public_name *n, const report_result *r, const name_view *view,
                              adamas_error *error)
{
    double value = name_number(n, r, view, 0, 0);
    text said = {0};
    if (n->form == JSON_FORM_FLAG)
        text_append(&said, "%s", value > 0 ? "yes" : "no");
    else
        text_append(&said, "%.0f", value);
    adamas_status status =
        said.failed ? status_no_memory(error) : table_set_text(t, n->name, 1, &(const char *){said.at}, error);
    text_clear(&said);
    return status;
}

static adamas_status set_name(table *t, const public_name *n, const report_result *r, adamas_error *error)
{
    name_view view = name_find(n, r);
    adamas_status status = ADAMAS_OK;
    if (view.at && n->table == ADAMAS_FACTS && !name_is_text(n))
        return set_fact(t, n, r, &view, error);
    for (size_t column = 0; !status && view.at && column < view.n_columns; column++) {
        text name = {0};
        status = name_column(&name, n, r, column, error);
        if (!status)
            status = name_is_text(n) ? set_texts(t, name.at, n, r, &view, column, error)
                                     : set_numbers(t, name.at, n, r, &view, column, error);
        text_clear(&name);
    }
    return status;
}

static adamas_status set_warnings(text_list *out, const report_result *r, adamas_error *error)
{
    statements warnings;
    const char *texts[STATEMENTS_MAX];
    adamas_status status = statements_warnings(&warnings, r, error);
    if (status)
        return status;
    for (size_t i = 0; i < warnings.n; i++)
        texts[i] = warnings.at[i].at;
    status = text_list_copy(out, warnings.n, texts, error);
    statements_clear(&warnings);
    return status;
}

adamas_status report_tables_make(report_tables *out, const report_result *r, adamas_error *error)
{
    *out = (report_tables){0};
    adamas_status status = set_warnings(&out->warnings, r, error);
    for (size_t i = 0; !status && i < n_public_names; i++) {
        const public_name *n = &public_names[i];
        if (n->table != NAME_JSON_ALONE)
            status = set_name(n->table == ADAMAS_NUMBERS ? &out->numbers
                              : n->table == ADAMAS_FACTS ? &out->facts
                                                         : &out->tables[n->table],
                              n, r, error);
    }
    if (status)
        report_tables_clear(out);
    return status;
}

void report_tables_clear(report_tables *t)
{
    for (size_t i = 0; i < REPORT_TABLES; i++)
        table_clear(&t->tables[i]);
    table_clear(&t->numbers);
    table_clear(&t->facts);
    text_list_clear(&t->warnings);
}
