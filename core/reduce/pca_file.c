/* Saving and loading principal components. */
#include "reduce/pca_file.h"

#include "base/memory.h"

adamas_status pca_save(const pca *p, store *s, const char *group, adamas_error *error)
{
    store_name name;
    double extent[2] = {(double)p->n_rows, p->total_variance};
    adamas_status status = store_write_group(s, group, NULL, error);
    if (!status)
        status = store_write_doubles(s, store_within(name, group, "mean"), p->n_channels, 0, p->mean, error);
    if (!status)
        status = store_write_floats(s, store_within(name, group, "components"), p->n_components, p->n_channels,
                                    p->components, error);
    if (!status && p->n_removed)
        status = store_write_floats(s, store_within(name, group, "directions_removed"), p->n_removed, p->n_channels,
                                    p->components + p->n_components * p->n_channels, error);
    if (!status)
        status = store_write_doubles(s, store_within(name, group, "explained_variance"), p->n_components, 0,
                                     p->variance, error);
    if (!status)
        status = store_write_doubles(s, store_within(name, group, "rows_and_total_variance"), 2, 0, extent, error);
    return status;
}

adamas_status pca_load(pca *out, store *s, const char *group, adamas_error *error)
{
    *out = (pca){0};
    store_name name;
    store_shape shape, removed = {0};
    pca p = {0};
    double extent[2];
    adamas_status status = store_read_shape(s, store_within(name, group, "components"), &shape, error);
    if (!status && store_has(s, store_within(name, group, "directions_removed")))
        status = store_read_shape(s, name, &removed, error);
    if (!status && removed.rows && removed.cols != shape.cols)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s has %zu columns, %zu expected", store_path(s), name,
                            removed.cols, shape.cols);
    if (status)
        return status;
    p.n_components = shape.rows;
    p.n_channels = shape.cols;
    p.n_removed = removed.rows;
    p.mean = memory_new(p.n_channels, sizeof *p.mean);
    p.variance = memory_new(p.n_components, sizeof *p.variance);
    p.components = memory_raw(p.n_components + p.n_removed, p.n_channels * sizeof *p.components);
    if (!p.mean || !p.variance || !p.components)
        status = status_no_memory(error);
    if (!status)
        status = store_read_floats(s, store_within(name, group, "components"), p.n_components, p.n_channels,
                                   p.components, error);
    if (!status && p.n_removed)
        status = store_read_floats(s, store_within(name, group, "directions_removed"), p.n_removed, p.n_channels,
                                   p.components + p.n_components * p.n_channels, error);
    if (!status)
        status = store_read_doubles(s, store_within(name, group, "mean"), p.n_channels, 1, p.mean, error);
    if (!status)
        status = store_read_doubles(s, store_within(name, group, "explained_variance"), p.n_components, 1, p.variance,
                                    error);
    if (!status)
        status = store_read_doubles(s, store_within(name, group, "rows_and_total_variance"), 2, 1, extent, error);
    if (status) {
        pca_clear(&p);
        return status;
    }
    p.n_rows = (size_t)extent[0];
    p.total_variance = extent[1];
    *out = p;
    return ADAMAS_OK;
}
