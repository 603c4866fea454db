/* Reading the operands of a command as spectra sets. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>

adamas_status read_sets(adamas_spectra ***out, const arguments *a, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    *out = calloc(a->n_files, sizeof **out);
    if (!*out) {
        snprintf(error->message, sizeof error->message, "out of memory");
        return error->code = ADAMAS_E_MEMORY;
    }
    for (size_t i = 0; !status && i < a->n_files; i++)
        status = adamas_spectra_read(&(*out)[i], a->files[i], error);
    if (status) {
        free_sets(*out, a->n_files);
        *out = NULL;
    }
    return status;
}

void free_sets(adamas_spectra **sets, size_t n)
{
    for (size_t i = 0; sets && i < n; i++)
        adamas_spectra_free(sets[i]);
    free(sets);
}
