/* Reading rows of a spectra set in any order. */
#include "dataset/row_reader.h"

adamas_status row_reader_read(const adamas_spectra *set, size_t n, const size_t *rows, float *out, size_t stride,
                              adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < n;) {
        size_t run = 1;
        while (i + run < n && rows[i + run] == rows[i] + run && stride == set->axis.n)
            run++;
        status = spectra_rows(set, rows[i], run, out + i * stride, error);
        i += run;
    }
    return status;
}
