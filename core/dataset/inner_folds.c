/* Inner folds of the training specimens. */
#include "dataset/inner_folds.h"

#include "dataset/crossed_folds.h"

/* Takes an origin's training specimens out of the folds, and the groups that they are in. */
static void keep_origin(folds *f, const dataset *c, const unsigned char *training, size_t origin)
{
    for (size_t k = 0; k < f->n_specimens; k++)
        for (size_t j = 0; training[k] && c->origin[k] == origin && j < f->n_specimens; j++)
            if (f->group[j] == f->group[k])
                f->fold[j] = FOLD_NONE;
}

static adamas_status deal_in_order(folds *f, const dataset *c, const unsigned char *training, const size_t *group,
                                   size_t n, adamas_error *error)
{
    adamas_status status = folds_reserve(f, c->n_specimens, error);
    for (size_t k = 0; !status && k < c->n_specimens; k++) {
        f->group[k] = group ? group[k] : k;
        f->n_groups = f->group[k] + 1 > f->n_groups ? f->group[k] + 1 : f->n_groups;
    }
    return status ? status : folds_deal(f, c, training, n, NULL, error);
}

/* *crossed: can sessions be held out, too? */
static adamas_status deal_crossed(folds *f, const dataset *c, const unsigned char *training, const size_t *group,
                                  int *crossed, adamas_error *error)
{
    adamas_status status = deal_in_order(f, c, training, group, FOLDS_CROSSED_GROUPS, error);
    *crossed = !status && f->n_folds == FOLDS_CROSSED_GROUPS;
    if (!*crossed)
        return status;
    status = crossed_folds_divide(f, c, training, NULL);
    *crossed = status == ADAMAS_OK;
    return status == ADAMAS_E_MEMORY ? status_no_memory(error) : ADAMAS_OK;
}

adamas_status folds_inner(folds *out, const dataset *c, const unsigned char *training, const size_t *group, size_t n,
                          adamas_error *error)
{
    int crossed = 0;
    adamas_status status = deal_crossed(out, c, training, group, &crossed, error);
    if (!status && !crossed) {
        folds_clear(out);
        status = deal_in_order(out, c, training, group, n, error);
        for (size_t i = 0; !status && i < out->n_folds; i++)
            for (size_t o; (o = folds_emptied_origin(out, c, training, (int)i)) < c->n_origins;)
                keep_origin(out, c, training, o);
    }
    if (status)
        folds_clear(out);
    return status;
}
