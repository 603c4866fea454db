/* Columns of one length. */
#include "base/table.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* One block holds the column, its name and its values, so that one free() frees a column. */
static adamas_column *new_column(const char *name, size_t n, size_t item, size_t extra, void **values, char **text)
{
    size_t name_bytes = strlen(name) + 1;
    size_t head = sizeof(adamas_column);
    adamas_column *column = n > ((size_t)-1 - extra - name_bytes - head) / item
                                ? NULL
                                : memory_new(1, head + n * item + extra + name_bytes);
    if (!column)
        return NULL;
    *values = column + 1;
    *text = (char *)(column + 1) + n * item;
    memcpy(*text + extra, name, name_bytes);
    column->name = *text + extra;
    column->n = n;
    return column;
}

static size_t place_of(const table *t, const char *name)
{
    size_t i = 0;
    while (i < t->n_columns && strcmp(t->columns[i]->name, name) != 0)
        i++;
    return i;
}

/* Takes ownership of `column`; NULL means that memory has run out. */
static adamas_status put(table *t, adamas_column *column, adamas_error *error)
{
    if (!column)
        return status_no_memory(error);
    size_t place = place_of(t, column->name);
    if (place == t->n_columns) {
        adamas_column **grown = memory_grow(t->columns, t->n_columns + 1, sizeof(adamas_column *));
        if (!grown) {
            free(column);
            return status_no_memory(error);
        }
        t->columns = grown;
        t->columns[t->n_columns++] = NULL;
    }
    free(t->columns[place]);
    t->columns[place] = column;
    t->n_rows = column->n;
    return ADAMAS_OK;
}

static adamas_status check_rows(const table *t, const char *name, size_t n, adamas_error *error)
{
    if (t->n_columns && n != t->n_rows)
        return status_set(error, ADAMAS_E_ARGUMENT, "column '%s' has %zu rows, %zu expected", name, n, t->n_rows);
    return ADAMAS_OK;
}

adamas_status table_set_text(table *t, const char *name, size_t n, const char *const *values, adamas_error *error)
{
    adamas_status status = check_rows(t, name, n, error);
    if (status)
        return status;
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += (values[i] ? strlen(values[i]) : 0) + 1;
    void *pointers;
    char *text;
    adamas_column *column = new_column(name, n, sizeof(char *), bytes, &pointers, &text);
    if (!column)
        return status_no_memory(error);
    const char **at = pointers;
    for (size_t i = 0; i < n; i++) {
        size_t length = values[i] ? strlen(values[i]) : 0;
        if (length)
            memcpy(text, values[i], length);
        at[i] = text;
        text += length + 1;
    }
    column->text = at;
    return put(t, column, error);
}

adamas_status table_set_numbers(table *t, const char *name, size_t n, const double *values, adamas_error *error)
{
    adamas_status status = check_rows(t, name, n, error);
    if (status)
        return status;
    void *numbers;
    char *text;
    adamas_column *column = new_column(name, n, sizeof(double), 0, &numbers, &text);
    if (!column)
        return status_no_memory(error);
    if (n)
        memcpy(numbers, values, n * sizeof *values);
    column->number = numbers;
    return put(t, column, error);
}

const adamas_column *table_column(const table *t, const char *name)
{
    return table_column_at(t, place_of(t, name));
}

const adamas_column *table_column_at(const table *t, size_t index)
{
    return index < t->n_columns ? t->columns[index] : NULL;
}

const char *table_text(const table *t, const char *name, size_t row)
{
    const adamas_column *column = table_column(t, name);
    return column && column->text && row < column->n ? column->text[row] : "";
}

void table_clear(table *t)
{
    for (size_t i = 0; i < t->n_columns; i++)
        free(t->columns[i]);
    free(t->columns);
    *t = (table){0};
}
