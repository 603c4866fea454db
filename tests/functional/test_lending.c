/* Lent intensities are not copied: classifying 200 MB adds less than 150 MiB to the peak memory. */
#include "helpers.h"

#include <stdlib.h>
#include <sys/resource.h>

static long peak_kilobytes(void)
{
    struct rusage usage;
    cr_assert_eq(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

Test(lending, two_hundred_megabytes_are_not_copied)
{
    folder_begin();
    synthetic_set library = synthetic_make(synthetic_library);
    adamas_model *model = trained("snv | pca(3) | lda", &library, NULL);
    synthetic_shape shape = {3, 56, 4, 75000, 300, 30.0 / 75000, 7, "seized", 1};
    synthetic_set large = synthetic_make(shape);
    cr_assert_geq(large.n_shots * large.n_channels * sizeof(float), 200000000);
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = 2;
    long before = peak_kilobytes();
    adamas_report *report = classified(model, large.spectra, &options);
    long more = peak_kilobytes() - before;
    cr_assert_lt(more, 150 * 1024, "%ld KiB more", more);
    adamas_report_free(report);
    synthetic_free(&large);
    adamas_model_free(model);
    synthetic_free(&library);
    folder_end();
}
