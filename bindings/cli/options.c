/* The table of options. An option that means different things to different commands has a row for each meaning. */
#include "options.h"

#include <stddef.h>

/* In the order of ADAMAS_LEAVE_SPECIMEN and those after it. */
static const char *const leave_choices[] = {"specimen", "locality",         "session", "parcel",
                                            "auto",     "locality-session", NULL};
/* In the order of ADAMAS_ANSWER_PARCEL and those after it. */
static const char *const answer_choices[] = {"parcel", "specimens", "densities", NULL};

const option_row option_table[N_OPTIONS] = {
    [OPTION_OUTPUT] = {"output", 'o', "FILE", NULL, 1, "output file (HDF5)"},
    [OPTION_REPORT] = {"output", 'o', "FILE", NULL, 1,
                       "output file: a report page if the name ends in .html, otherwise JSON"},
    [OPTION_HTML] = {"html", 0, "FILE.html", NULL, 1, "also write the report as a page"},
    [OPTION_MODEL] = {"model", 'm', "FILE", NULL, 1, "model, as written by adamas train"},
    [OPTION_METHOD] = {"method", 0, "TEXT", NULL, 0, "method; adamas help methods lists its steps and the default"},
    [OPTION_SPECIMEN] = {"specimen", 0, "REGEX", NULL, 0,
                         "take the specimen from the file's name: the first group, or the whole match"},
    [OPTION_ORIGIN] = {"origin", 0, "REGEX", NULL, 0, "take the origin from the file's name"},
    [OPTION_SESSION] = {"session", 0, "REGEX", NULL, 0, "take the session from the file's name"},
    [OPTION_SHOT] = {"shot", 0, "REGEX", NULL, 0, "take the number of the shot from the file's name"},
    [OPTION_TABLE] = {"table", 0, "FILE", NULL, 1, "table of metadata with a column `file`, one row for each file"},
    [OPTION_COLUMN] = {"column", 0, "NAME", NULL, 0, "heading of the intensities if a file has several columns"},
    [OPTION_INTERPOLATE] = {"interpolate", 0, NULL, NULL, 0,
                            "interpolate files with other axes to the axis of the first file"},
    [OPTION_SET] = {"set", 0, "NAME=VALUE", NULL, 0,
                    "set a fact of the spectra set, such as acquisition/full_scale=65535; may be repeated"},
    [OPTION_FOLDS] = {"folds", 0, "N", NULL, 0,
                      "leave out N groups of specimens in turn (default: 10 if an origin has fewer than 3 localities)"},
    [OPTION_LEAVE] =
        {"leave", 0, "WHAT", leave_choices, 0,
         "leave out one specimen, locality, session or parcel at a time, or localities and sessions together "
         "(default, auto: localities and sessions if that is possible, locality if every origin has at "
         "least 3)"},
    [OPTION_LEVEL] = {"level", 0, "N", NULL, 0, "distinguish origins by the first N parts of their path (default: 1)"},
    [OPTION_DECLARED] = {"declared", 0, "ORIGIN", NULL, 0,
                         "origin declared in the parcel's papers (default: as stated in its file); \"\" for none"},
    [OPTION_PLAN_DECLARED] = {"declared", 0, "ORIGIN", NULL, 0,
                              "origin that will be declared (default: the one that needs most stones)"},
    [OPTION_EPSILON] = {"epsilon", 0, "P", NULL, 0, "reject an origin if its p-value is at most P (default: 0.05)"},
    [OPTION_STONES] = {"stones", 0, "N", NULL, 0,
                       "number of stones in the whole parcel if only a part was measured "
                       "(default: as stated in its file, otherwise those measured)"},
    [OPTION_ANSWER] = {"answer", 0, "WHAT", answer_choices, 0,
                       "what to compute: parcel, specimens (faster) or densities (no evidence, fastest) "
                       "(default: parcel)"},
    [OPTION_PARCEL] = {"parcel", 0, "N", NULL, 0, "number of stones in the parcel"},
    [OPTION_SHARE] = {"share", 0, "P", NULL, 0, "share of foreign stones to be detected (default: 0.05)"},
    [OPTION_CONFIDENCE] = {"confidence", 0, "P", NULL, 0, "probability of detecting it (default: 0.95)"},
    [OPTION_SEED] = {"seed", 0, "N", NULL, 0, "seed of the random numbers (default: 1)"},
    [OPTION_THREADS] = {"threads", 0, "N", NULL, 0,
                        "use at most N threads (default: all processors); results do not depend on it"},
    [OPTION_HELP] = {"help", 'h', NULL, NULL, 0, "print this help"},
};
