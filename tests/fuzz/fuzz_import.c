/* Fuzzes the import: any bytes either give a spectra set that can be read, or an error message and no file. The first
 * byte sets the options: interpolation, a table of metadata, the heading of the column of intensities. */
#include "adamas/adamas.h"

#include "folder.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
    if (!condition)
        abort();
}

static void read_back(void)
{
    adamas_error error = {0};
    adamas_spectra *set;
    check(adamas_spectra_read(&set, in_folder("out.h5"), &error) == ADAMAS_OK);
    float *row = malloc(adamas_spectra_channels(set) * sizeof *row);
    check(row && adamas_spectra_rows(set, adamas_spectra_shots(set) - 1, 1, row, &error) == ADAMAS_OK);
    free(row);
    adamas_spectra_free(set);
    unlink(in_folder("out.h5"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!*folder) {
        folder_begin();
        atexit(folder_end);
    }
    if (size == 0)
        return 0;
    folder_put("a-1.txt", data + 1, size - 1);
    adamas_error error = {0};
    const char *in = in_folder("a-1.txt"), *out = in_folder("out.h5");
    const char *files[] = {in};
    adamas_import what = {.struct_size = sizeof what,
                          .n_files = 1,
                          .files = files,
                          .interpolate = *data & 1,
                          .table = *data & 2 ? in : NULL,
                          .column = *data & 4 ? "sample" : NULL};
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = 1;
    adamas_status status = adamas_spectra_import(out, &what, &options, &error);
    if (status)
        check(*error.message && !strchr(error.message, '\n') && access(out, F_OK) != 0);
    else
        read_back();
    return 0;
}
