/* Columns of text that grow by rows. */
#include "import/meta.h"

#include "base/memory.h"
#include "import/fields.h"

#include <stdlib.h>
#include <string.h>

static const char *const known[] = {"specimen", "origin", "parcel", "mass_ct", "session", "spot", "shot", "file"};

static const char *usual_name(const char *name)
{
    field f = {name, strlen(name)};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (field_is(&f, known[i]))
            return known[i];
    return name;
}

static size_t place_of(const meta *m, const char *name)
{
    size_t i = 0;
    while (i < m->n_columns && strcmp(m->columns[i].name, name) != 0)
        i++;
    return i;
}

adamas_status meta_column_of(meta *m, size_t *column, const char *name, adamas_error *error)
{
    name = usual_name(name);
    *column = place_of(m, name);
    if (*column < m->n_columns)
        return ADAMAS_OK;
    meta_column *grown = memory_grow(m->columns, m->n_columns + 1, sizeof *grown);
    if (!grown)
        return status_no_memory(error);
    m->columns = grown;
    meta_column added = {memory_text(name), memory_new(m->capacity, sizeof(size_t))};
    if (!added.name || !added.value) {
        free(added.name);
        free(added.value);
        return status_no_memory(error);
    }
    m->columns[m->n_columns++] = added;
    return ADAMAS_OK;
}

static adamas_status grow_rows(meta *m, adamas_error *error)
{
    size_t capacity = 2 * m->capacity + 64;
    meta_place *places = memory_grow(m->places, capacity, sizeof *places);
    if (!places)
        return status_no_memory(error);
    m->places = places;
    for (size_t i = 0; i < m->n_columns; i++) {
        size_t *value = memory_grow(m->columns[i].value, capacity, sizeof *value);
        if (!value)
            return status_no_memory(error);
        memset(value + m->capacity, 0, (capacity - m->capacity) * sizeof *value);
        m->columns[i].value = value;
    }
    m->capacity = capacity;
    return ADAMAS_OK;
}

adamas_status meta_add(meta *m, meta_place place, adamas_error *error)
{
    adamas_status status = m->n == m->capacity ? grow_rows(m, error) : ADAMAS_OK;
    if (!status)
        m->places[m->n++] = place;
    return status;
}

static adamas_status grow_pool(meta *m, size_t bytes, adamas_error *error)
{
    if (m->pool_length + bytes + 1 <= m->pool_capacity)
        return ADAMAS_OK;
    size_t capacity = 2 * (m->pool_length + bytes + 1);
    char *grown = memory_grow(m->pool, capacity, 1);
    if (!grown)
        return status_no_memory(error);
    m->pool = grown;
    m->pool_capacity = capacity;
    return ADAMAS_OK;
}

adamas_status meta_set(meta *m, size_t column, const char *text, adamas_error *error)
{
    size_t *value = m->columns[column].value + m->n - 1;
    if (!*text)
        return ADAMAS_OK;
    /* Neighbouring rows mostly have the same entry: they share one text. */
    if (m->n > 1 && strcmp(text, meta_value(m, &m->columns[column], m->n - 2)) == 0) {
        *value = value[-1];
        return ADAMAS_OK;
    }
    size_t bytes = strlen(text) + 1;
    adamas_status status = grow_pool(m, bytes, error);
    if (status)
        return status;
    if (!m->pool_length)
        m->pool[m->pool_length++] = '\0';
    *value = m->pool_length;
    memcpy(m->pool + m->pool_length, text, bytes);
    m->pool_length += bytes;
    return ADAMAS_OK;
}

const meta_column *meta_find(const meta *m, const char *name)
{
    size_t place = place_of(m, name);
    return place < m->n_columns ? &m->columns[place] : NULL;
}

const char *meta_value(const meta *m, const meta_column *column, size_t row)
{
    size_t at = column->value[row];
    return at ? m->pool + at : "";
}

void meta_clear(meta *m)
{
    for (size_t i = 0; i < m->n_columns; i++) {
        free(m->columns[i].name);
        free(m->columns[i].value);
    }
    free(m->columns);
    free(m->places);
    free(m->pool);
    *m = (meta){0};
}
