/* `adamas import`: text files to a spectra set. */
#include "cli.h"

#include <stdio.h>

int run_import(arguments *a)
{
    adamas_error error;
    if (adamas_spectra_import(a->output, &a->import, &a->options, &error))
        return fail(&error);
    adamas_spectra *set;
    if (adamas_spectra_read(&set, a->output, &error))
        return fail(&error);
    printf("%s: %zu shots of %zu specimens, %zu channels\n", a->output, adamas_spectra_shots(set),
           adamas_spectra_specimens(set), adamas_spectra_channels(set));
    adamas_spectra_free(set);
    return EXIT_DONE;
}
