/* The table of commands. */
#include "commands.h"

#include "cli.h"

#include <stdint.h>
#include <string.h>

const command commands[] = {
    {.name = "import",
     .operands = "FILE...",
     .summary = "convert text files of a spectrometer to a spectra set",
     .description =
         "Reads one spectrum from each FILE, or many from a table with one spectrum in each row, and writes them "
         "to one spectra set: a reference library if the specimens have origins, a parcel file otherwise.\n"
         "The regular expressions (Perl-compatible) are matched against the file's name without its folder. Without "
         "--specimen each file is a specimen of its own, named after the file. A file that cannot be read in full is "
         "an error.",
     .example = "adamas import -o oils.h5 olive_oil_ftir.csv\n"
                "adamas import -o herbal.h5 --specimen '(\\d+_iteration_\\d+)' \\\n    --origin '^(\\d+)_' *.asc",
     .options = {OPTION_OUTPUT, OPTION_SPECIMEN, OPTION_ORIGIN, OPTION_SESSION, OPTION_SHOT, OPTION_TABLE,
                 OPTION_COLUMN, OPTION_INTERPOLATE, OPTION_SET, OPTION_THREADS, OPTION_HELP},
     .required = {OPTION_OUTPUT},
     .min_files = 1,
     .max_files = SIZE_MAX,
     .run = run_import},
    {.name = "info",
     .operands = "FILE...",
     .summary = "describe spectra sets and models",
     .description = "Prints what each FILE holds: for a spectra set its specimens, shots, unusable shots, origins, "
                    "sessions, axis and facts; for a model its method, origins, axis and libraries; for both the "
                    "digests (SHA-256) of the file and of the files that it was made from.",
     .example = "adamas info oils.h5 model.h5",
     .options = {OPTION_THREADS, OPTION_HELP},
     .min_files = 1,
     .max_files = SIZE_MAX,
     .run = run_info},
    {.name = "validate",
     .operands = "LIBRARY...",
     .summary = "cross-validate a method on reference libraries",
     .description =
         "Leaves out a part of the specimens in turn, fits the method to the others and classifies those left out. "
         "Everything that the method fits is fitted again in each fold. Prints and reports the accuracy, the cost of "
         "the likelihood ratios (Cllr), their calibration, the coverage of the typicality p-values, and the answers "
         "for specimens of an origin that the library does not hold.",
     .example = "adamas validate --leave locality -o validation.html CAR.h5 DRC.h5",
     .options = {OPTION_REPORT, OPTION_HTML, OPTION_METHOD, OPTION_FOLDS, OPTION_LEAVE, OPTION_LEVEL, OPTION_SEED,
                 OPTION_THREADS, OPTION_HELP},
     .min_files = 1,
     .max_files = SIZE_MAX,
     .run = run_validate},
    {.name = "train",
     .operands = "LIBRARY...",
     .summary = "fit a method to reference libraries and write the model",
     .description = "Fits the method to all specimens of the libraries and calibrates its likelihood ratios on "
                    "specimens that were held out. The model holds all that adamas classify, plan and preprocess need.",
     .example =
         "adamas train -o model.h5 --method 'snip(40) | log1p(0.1) | epo | pca | twolevel' \\\n    CAR.h5 DRC.h5",
     .options = {OPTION_OUTPUT, OPTION_METHOD, OPTION_LEVEL, OPTION_SEED, OPTION_THREADS, OPTION_HELP},
     .required = {OPTION_OUTPUT},
     .min_files = 1,
     .max_files = SIZE_MAX,
     .run = run_train},
    {.name = "classify",
     .operands = "PARCEL",
     .summary = "report which origins a model supports for a parcel",
     .description =
         "For each specimen reports a typicality p-value of each origin, the set of origins that are not rejected "
         "(one, several or none) and calibrated likelihood ratios; for the parcel its composition, and how strongly "
         "the data support or contradict the declared origin.",
     .example =
         "adamas classify -m model.h5 -o report.json --html report.html \\\n    --declared \"South Africa\" parcel.h5",
     .options = {OPTION_MODEL, OPTION_REPORT, OPTION_HTML, OPTION_DECLARED, OPTION_EPSILON, OPTION_STONES,
                 OPTION_ANSWER, OPTION_SEED, OPTION_THREADS, OPTION_HELP},
     .required = {OPTION_MODEL},
     .min_files = 1,
     .max_files = 1,
     .run = run_classify},
    {.name = "plan",
     .operands = "",
     .summary = "calculate how many stones of a parcel to measure",
     .description =
         "Simulates parcels from the localities that were held out when the model was trained, and finds the "
         "smallest number of stones to measure that detects a given share of foreign stones with the given "
         "probability.",
     .example = "adamas plan -m model.h5 --parcel 500 --share 0.25 --confidence 0.95",
     .options = {OPTION_MODEL, OPTION_REPORT, OPTION_HTML, OPTION_PARCEL, OPTION_SHARE, OPTION_CONFIDENCE,
                 OPTION_PLAN_DECLARED, OPTION_SEED, OPTION_THREADS, OPTION_HELP},
     .required = {OPTION_MODEL, OPTION_PARCEL},
     .run = run_plan},
    {.name = "preprocess",
     .operands = "SPECTRA",
     .summary = "apply the preprocessing of a model or a method to spectra",
     .description =
         "Writes the preprocessed spectra as a spectra set. A method may be given instead of a model if none "
         "of its steps is fitted to training spectra.",
     .example = "adamas preprocess -m model.h5 -o out.h5 in.h5\n"
                "adamas preprocess --method 'snip | snv' -o out.h5 in.h5",
     .options = {OPTION_MODEL, OPTION_OUTPUT, OPTION_METHOD, OPTION_THREADS, OPTION_HELP},
     .required = {OPTION_OUTPUT},
     .min_files = 1,
     .max_files = 1,
     .run = run_preprocess},
    {0},
};

const command *command_find(const char *name)
{
    for (const command *c = commands; c->name; c++)
        if (strcmp(name, c->name) == 0)
            return c;
    return NULL;
}
