#include "cli.h"

#include <stdio.h>

int run_import(arguments *a)
{
    adamas_error error;
    if (adamas_spectra_import(a->output, &a->import, &a->options, &error))
        return fail(&error);
    adamas_spectra *made;
    if (adamas_spectra_read(&made, a->output, &error))
        return fail(&error);
    printf("%s: %zu shots of %zu specimens, %zu channels\n", a->output, adamas_spectra_shots(made),
           adamas_spectra_specimens(made), adamas_spectra_channels(made));
    adamas_spectra_free(made);
    return EXIT_DONE;
}
