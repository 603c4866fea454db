/* The plane in which the origins differ most, with the libraries' and the parcel's specimens in it. */
#include "classification/origin_plane.h"

#include "base/memory.h"
#include "training/parcel_reference.h"

#include <math.h>
#include <stdlib.h>

/* Mean and covariance of an origin's specimens. */
static void describe_origin(origin_ellipse *out, const parcel_reference *g, size_t origin, const plane_point *place)
{
    double n = 0, five[5] = {0};
    for (size_t i = 0; i < g->library.n; i++)
        if (g->library.origin[i] == origin) {
            const double *x = place[i].at;
            const double terms[5] = {x[0], x[1], x[0] * x[0], x[0] * x[1], x[1] * x[1]};
            n++;
            for (size_t t = 0; t < 5; t++)
                five[t] += terms[t];
        }
    for (size_t t = 0; t < 5; t++)
        five[t] /= n;
    *out = (origin_ellipse){{five[0], five[1]},
                            {five[2] - five[0] * five[0], five[3] - five[0] * five[1], five[4] - five[1] * five[1]}};
}

static void drop_second_axis(plane_point *place, size_t n)
{
    for (size_t i = 0; i < n; i++)
        place[i].at[1] = NAN;
}

adamas_status origin_plane_make(origin_plane *out, const parcel_reference *g, adamas_error *error)
{
    size_t n = g->library.n, n_origins = g->library.n_origins;
    *out = (origin_plane){.n_library = n};
    out->library_origin = memory_raw(n, sizeof *out->library_origin);
    out->library = memory_raw(n, sizeof *out->library);
    out->ellipses = memory_raw(n_origins, sizeof *out->ellipses);
    if (!out->library_origin || !out->library || !out->ellipses) {
        origin_plane_clear(out);
        return status_no_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        parcel_plane_coordinates(g, g->rows + i * g->library.d, out->library[i].at);
        out->library_origin[i] = g->library.origin[i];
    }
    for (size_t o = 0; o < n_origins; o++)
        describe_origin(&out->ellipses[o], g, o, out->library);
    if (g->library.d < 2)
        drop_second_axis(out->library, n);
    return ADAMAS_OK;
}

adamas_status origin_plane_add_parcel(origin_plane *out, const parcel_reference *g, const measured_parcel *p,
                                      size_t n_specimens, adamas_error *error)
{
    out->specimens = memory_raw(n_specimens, sizeof *out->specimens);
    if (!out->specimens)
        return status_no_memory(error);
    for (size_t i = 0; i < n_specimens; i++)
        out->specimens[i] = (plane_point){{NAN, NAN}};
    for (size_t i = 0; i < p->n; i++)
        parcel_plane_coordinates(g, p->rows + i * p->d, out->specimens[p->specimen[i]].at);
    if (p->d < 2)
        drop_second_axis(out->specimens, n_specimens);
    return ADAMAS_OK;
}

void origin_plane_clear(origin_plane *p)
{
    free(p->library_origin);
    free(p->library);
    free(p->ellipses);
    free(p->specimens);
    *p = (origin_plane){0};
}
