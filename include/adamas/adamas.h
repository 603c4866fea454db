/* Adamas: what laser-induced breakdown spectroscopy (LIBS) can and cannot say about the origin of specimens.
 *
 * Words.   A shot is one laser pulse, so one spectrum. A specimen (a stone, a gold grain) is what has an origin; it is
 *          evaluated from all its shots together. A spectra set is shots with their wavelength axis and the specimens
 *          that they belong to: a reference library if the specimens have origins, a parcel if they have none. A method
 *          is one line of text: the steps from raw shots to a decision. A model is a method fitted to libraries. A
 *          report is what the engine says of a parcel, of a validation or of a plan.
 *
 * Shapes.  Spectra are float32, row-major [n_shots, n_channels], one shot a row. Wavelengths are float64, in nm,
 *          [n_channels]; they rise within a detector segment, and may step back or leave a gap between segments.
 *          Masses are in carats. Log densities and log losses are natural logarithms. Indices count from 0.
 *
 * Text.    UTF-8, ended by NUL.
 *
 * Owning.  Out-parameters come first and are written only on success (handles are set to NULL on failure). Handles
 *          are freed by adamas_x_free, which accepts NULL. Pointers returned by an accessor are borrowed: they stay
 *          valid as long as the handle (for adamas_spectra: until its next adamas_spectra_set_...).
 *
 * Errors.  Every function that can fail returns ADAMAS_OK or a code below, and fills the caller's adamas_error (last
 *          argument, may be NULL) with one line: which file, the place in it, what was found, what was expected.
 *
 * Threads. A model may be used by any number of threads at once; any other handle by one thread at a time. The engine
 *          runs OpenMP threads of its own: a process must not fork() and continue to use Adamas after its first call,
 *          because libgomp's threads do not survive a fork (start new processes instead).
 *
 * Library. Adamas never prints, exits, aborts or reads the environment. The libraries under it do read it: OpenMP
 *          (OMP_*, GOMP_*), OpenBLAS (OPENBLAS_*), HDF5 (HDF5_*), OpenSSL (OPENSSL_*).
 */
#ifndef ADAMAS_ADAMAS_H
#define ADAMAS_ADAMAS_H

#include <stddef.h>
#include <stdint.h>

/* The version of this header. adamas_version() is that of the library that is running. */
#define ADAMAS_VERSION_MAJOR 0
#define ADAMAS_VERSION_MINOR 1
#define ADAMAS_VERSION_PATCH 0
#define ADAMAS_VERSION       "0.1.0"

#if defined(ADAMAS_BUILD) && defined(__GNUC__)
#define ADAMAS_API __attribute__((visibility("default")))
#else
#define ADAMAS_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------------------ errors, options */

/* Codes are never reused for another meaning. */
typedef int32_t adamas_status;
enum {
    ADAMAS_OK = 0,
    ADAMAS_E_ARGUMENT = 1, /* the caller broke this header's contract: NULL, a range, a wrong struct_size */
    ADAMAS_E_MEMORY = 2,   /* memory could not be allocated */
    ADAMAS_E_FILE = 3,     /* the operating system refused: no such file, no permission, disk full */
    ADAMAS_E_FORMAT = 4,   /* a file is not what it should be: truncated, another format, a missing field */
    ADAMAS_E_METHOD = 5,   /* the method text is wrong: unknown step, parameter out of range; names the column */
    ADAMAS_E_AXIS = 6,     /* a wavelength axis cannot be used: not rising, not finite, range not covered */
    ADAMAS_E_DATA = 7,     /* the data cannot answer what was asked: too few specimens, no origins */
    ADAMAS_E_CANCELLED = 8 /* the progress callback asked to stop */
};

typedef struct adamas_error {
    adamas_status code;
    char message[1020]; /* one line without newline; empty when code is ADAMAS_OK */
} adamas_error;

/* Called many times a second during long work, also if nothing has changed since; never by two threads at once, but not
 * always by the calling thread. `stage` names what is being done; total is 0 if it is not known. Return non-zero to
 * cancel. */
typedef int32_t (*adamas_progress)(void *data, const char *stage, uint64_t done, uint64_t total);

typedef struct adamas_options {
    size_t struct_size; /* sizeof(adamas_options) */
    int32_t threads;    /* 0: as many as OpenMP offers. The result does not depend on it. */
    uint64_t seed;      /* of every random choice (the folds of a cross-validation) */
    adamas_progress progress;
    void *progress_data;
} adamas_options;

/* What a NULL adamas_options means. */
/* clang-format off */
#define ADAMAS_OPTIONS_INIT {sizeof(adamas_options), 0, 1, NULL, NULL}
/* clang-format on */

/* "MAJOR.MINOR.PATCH" of the library that is running. */
ADAMAS_API const char *adamas_version(void);

/* ------------------------------------------------------------------------------------------------ tables */

/* Tables that handles show column by column. */
enum {
    ADAMAS_SHOTS = 0,     /* spectra: a row a shot: specimen; spot, shot, session if they are known; free columns */
    ADAMAS_SPECIMENS = 1, /* spectra, report: a row a specimen, in order of first appearance: id, origin, ... */
    ADAMAS_SOURCES = 2,   /* spectra: a row a source file: file, sha256; model: a row a library: the same */
    ADAMAS_ORIGINS = 3,   /* model, report: a row an origin: origin, specimens, ... */
    ADAMAS_FOLDS = 4,     /* report of a validation: a row a fold: left_out, specimens, components */
    /* The rest are of reports; adamas_report_name lists their columns. */
    ADAMAS_SHARES = 5,           /* the parcel's composition: a row an origin, then "none of these" */
    ADAMAS_DETECTION_LIMITS = 6, /* of a declared origin: a row a source of foreign specimens */
    ADAMAS_LIBRARY = 7,          /* the libraries' held-out specimens in the plane of the origins */
    ADAMAS_SPECTRUM = 8,         /* mean spectra after preprocessing: a row a channel */
    ADAMAS_TIPPETT = 9,          /* validation: a row a threshold */
    ADAMAS_RELIABILITY = 10,     /* validation: a row a bin of probability */
    ADAMAS_CROSS_ENTROPY = 11,   /* validation: a row a prior */
    ADAMAS_COVERAGE = 12,        /* validation: a row a significance level */
    ADAMAS_PLAN = 13,            /* a plan: a row a number of stones */
    ADAMAS_CASES = 14            /* validation that left out localities and sessions together: a row a case of which of
                                    them are new */
};

/* One column. Exactly one of text and number is not NULL; both have n entries. Missing: "" and NaN. */
typedef struct adamas_column {
    const char *name;
    size_t n;
    const char *const *text;
    const double *number;
} adamas_column;

/* ------------------------------------------------------------------------------------------------ spectra sets */

typedef struct adamas_spectra adamas_spectra;

/* Fills out[n, n_channels] with the shots first ... first+n-1. Returns ADAMAS_OK or a code, with its error filled. */
typedef adamas_status (*adamas_row_reader)(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error);

/* Opens a spectra set in HDF5 (NeXus NXoptical_spectroscopy). Tables and axis are read and checked; the spectra stay in
 * the file and are read when they are needed, so a file may be larger than memory. The file stays open until the handle
 * is freed. */
ADAMAS_API adamas_status adamas_spectra_read(adamas_spectra **out, const char *path, adamas_error *error);

/* A spectra set over the caller's array intensity[n_shots, n_channels], which is borrowed, not copied: it must not
 * change until the handle is freed. wavelength[n_channels] is copied. Set the shots' "specimen" column next. */
ADAMAS_API adamas_status adamas_spectra_lend(adamas_spectra **out, size_t n_shots, size_t n_channels,
                                             const float *intensity, const double *wavelength, adamas_error *error);

/* The same over a callback, which is called for rows when they are needed (in rising order while a file is written). */
ADAMAS_API adamas_status adamas_spectra_stream(adamas_spectra **out, size_t n_shots, size_t n_channels,
                                               const double *wavelength, adamas_row_reader reader, void *data,
                                               adamas_error *error);

/* Sets a column of ADAMAS_SHOTS, ADAMAS_SPECIMENS or ADAMAS_SOURCES; values are copied. The shots' text column
 * "specimen" comes first: it makes the specimens' table, a row a distinct id in order of first appearance. Columns
 * with a meaning: shots: specimen, spot, session (text), shot (number in firing order); specimens: origin, parcel
 * (text), mass_ct (carats); sources: file, sha256. Any others are kept. ADAMAS_SOURCES takes its length from `n`. */
ADAMAS_API adamas_status adamas_spectra_set_text(adamas_spectra *spectra, int32_t table, const char *column, size_t n,
                                                 const char *const *values, adamas_error *error);
ADAMAS_API adamas_status adamas_spectra_set_numbers(adamas_spectra *spectra, int32_t table, const char *column,
                                                    size_t n, const double *values, adamas_error *error);

/* Sets one fact of the set as a whole. Names with a meaning: axis/medium (air, vacuum); acquisition/instrument, gas,
 * laser, gate, full_scale (counts at which the detector saturates); case/parcel, seizure, certificate, hs_code,
 * declared_origin; provenance/importer, synthetic (yes, no). Others "group/name" in these four groups are kept. */
ADAMAS_API adamas_status adamas_spectra_set_fact(adamas_spectra *spectra, const char *name, const char *value,
                                                 adamas_error *error);

/* Sets the first channel of each detector segment: first[n], rising, first[0] = 0. Without this call a segment starts
 * at each channel at which the axis steps back or leaves a gap. ADAMAS_E_AXIS if the axis steps back within a segment.
 */
ADAMAS_API adamas_status adamas_spectra_set_segments(adamas_spectra *spectra, size_t n, const size_t *first,
                                                     adamas_error *error);

/* Writes the set to a temporary file beside `path` and renames it: the file is complete or it is not there. */
ADAMAS_API adamas_status adamas_spectra_write(const adamas_spectra *spectra, const char *path,
                                              const adamas_options *options, adamas_error *error);

/* What to import. Text: comma, semicolon, tab or blanks between fields, point or comma as decimal mark, comments,
 * header lines, byte-order mark and line ends are detected; gzip is read too. A file whose first field line has a
 * column `specimen` and columns named by wavelength is a wide table (a row a spectrum); any other is one spectrum. */
typedef struct adamas_import {
    size_t struct_size; /* sizeof(adamas_import) */
    size_t n_files;
    const char *const *files;
    /* Perl-compatible regular expressions on a file's name without its folder; the first group is the value (the whole
     * match if there is no group). NULL: specimen is the name without its ending, the others are not set. */
    const char *specimen;
    const char *origin;
    const char *session;
    const char *shot;
    const char *table;   /* NULL, or a table with a column `file` and columns as in a wide table's metadata */
    const char *column;  /* NULL, or the heading of the intensity column of a file that has several */
    int32_t interpolate; /* non-zero: files on other axes are put on the first one's; 0: they are refused */
    size_t n_facts;      /* facts to set: names[i], values[i] as in adamas_spectra_set_fact */
    const char *const *fact_names;
    const char *const *fact_values;
} adamas_import;

/* Reads text files into a spectra set that is written to `path` (whole or not at all), a shot at a time. */
ADAMAS_API adamas_status adamas_spectra_import(const char *path, const adamas_import *what,
                                               const adamas_options *options, adamas_error *error);

ADAMAS_API size_t adamas_spectra_shots(const adamas_spectra *spectra);
ADAMAS_API size_t adamas_spectra_specimens(const adamas_spectra *spectra);
ADAMAS_API size_t adamas_spectra_channels(const adamas_spectra *spectra);
ADAMAS_API const double *adamas_spectra_wavelength(const adamas_spectra *spectra); /* [n_channels], nm */

/* The number of detector segments. If `first` is not NULL, *first becomes their first channels [segments + 1], the last
 * of which is n_channels. */
ADAMAS_API size_t adamas_spectra_segments(const adamas_spectra *spectra, const size_t **first);

/* A column by name, or by index; NULL if there is none. */
ADAMAS_API const adamas_column *adamas_spectra_column(const adamas_spectra *spectra, int32_t table, const char *name);
ADAMAS_API const adamas_column *adamas_spectra_column_at(const adamas_spectra *spectra, int32_t table, size_t index);

/* A fact by name, NULL if it is not set; and the name of the index-th fact, NULL past the last. */
ADAMAS_API const char *adamas_spectra_fact(const adamas_spectra *spectra, const char *name);
ADAMAS_API const char *adamas_spectra_fact_at(const adamas_spectra *spectra, size_t index);

/* Copies the shots first ... first+n-1 into out[n, n_channels]. */
ADAMAS_API adamas_status adamas_spectra_rows(const adamas_spectra *spectra, uint64_t first, uint64_t n, float *out,
                                             adamas_error *error);

/* What becomes of a shot. */
enum {
    ADAMAS_SHOT_USED = 0,
    ADAMAS_SHOT_NOT_FINITE = 1, /* a channel is not a finite number, or nothing is left of it after preprocessing */
    ADAMAS_SHOT_SATURATED = 2,  /* more than 0.2 % of its channels are at full scale */
    ADAMAS_SHOT_OUTLIER = 3     /* robust z over 3.5 among its specimen's shots (never with fewer than 4) */
};

/* Screens each shot of the set as training and classification do: fate[n_shots], ADAMAS_SHOT_.... If the full scale of
 * the acquisition is not known, three neighbouring channels at a shot's exact maximum count as saturated. */
ADAMAS_API adamas_status adamas_spectra_screen(const adamas_spectra *spectra, uint8_t *fate,
                                               const adamas_options *options, adamas_error *error);

ADAMAS_API void adamas_spectra_free(adamas_spectra *spectra);

/* ------------------------------------------------------------------------------------------------ methods */

typedef struct adamas_method adamas_method;

/* Parses and checks a method text such as "align(max_shift=0.3) | snip(40) | snv | pca | twolevel": steps from left to
 * right, "|" between them, each a name, with its arguments in parentheses if it has any: by place or as name=value,
 * none by place after one with a name. adamas_method_step and `adamas help methods` list the steps in the order in
 * which they may follow each other. NULL text: the default method. ADAMAS_E_METHOD names the column of the text that is
 * wrong. */
ADAMAS_API adamas_status adamas_method_parse(adamas_method **out, const char *text, adamas_error *error);

ADAMAS_API const char *adamas_method_text(const adamas_method *method);      /* as it was typed */
ADAMAS_API const char *adamas_method_canonical(const adamas_method *method); /* with every default written out */

/* Non-zero if some step is fitted to training spectra: the method cannot be applied without them. */
ADAMAS_API int32_t adamas_method_is_fitted(const adamas_method *method);

/* The steps that a method may have: fills usage with "name(parameter=default, ...)" and returns what the step does in
 * one line; NULL past the last. */
ADAMAS_API const char *adamas_method_step(size_t index, char usage[256]);

ADAMAS_API void adamas_method_free(adamas_method *method);

/* ------------------------------------------------------------------------------------------------ models */

typedef struct adamas_model adamas_model;
typedef struct adamas_report adamas_report;

/* Fits a method to libraries[n_libraries]. Origins are told apart by the first `level` parts of their path (1 or more).
 * The model's axis is the first library's. A method that ends before a matching step (twolevel, lda) makes a model that
 * can preprocess alone; it may be trained on specimens without origins. */
ADAMAS_API adamas_status adamas_model_train(adamas_model **out, const adamas_method *method,
                                            const adamas_spectra *const *libraries, size_t n_libraries, int32_t level,
                                            const adamas_options *options, adamas_error *error);

ADAMAS_API adamas_status adamas_model_read(adamas_model **out, const char *path, adamas_error *error);
ADAMAS_API adamas_status adamas_model_write(const adamas_model *model, const char *path, adamas_error *error);

/* The spectra after the method's preprocessing, on the model's axis: a spectra set that computes its rows when they are
 * needed, so `model` and `spectra` must outlive it. A shot that is not finite, or that nothing is left of, is NaN. */
ADAMAS_API adamas_status adamas_model_preprocess(adamas_spectra **out, const adamas_model *model,
                                                 const adamas_spectra *spectra, const adamas_options *options,
                                                 adamas_error *error);

/* How much is computed; each takes less time than the one before. */
enum {
    ADAMAS_ANSWER_PARCEL = 0,    /* the parcel as a whole, and its specimens */
    ADAMAS_ANSWER_SPECIMENS = 1, /* each specimen for itself: typicality and likelihood ratios */
    ADAMAS_ANSWER_DENSITIES = 2  /* log densities and probabilities alone: no evidence, no digest */
};

/* What is asked of a parcel. */
typedef struct adamas_question {
    size_t struct_size;   /* sizeof(adamas_question) */
    const char *declared; /* the origin that the parcel's papers declare; NULL: its case/declared_origin; "": none */
    double epsilon;       /* an origin is rejected if a specimen's typicality p is at most this; above 0, below 1 */
    uint64_t stones;      /* of the whole parcel, if only part was measured; 0: its case/stones, or those measured */
    int32_t answer;       /* ADAMAS_ANSWER_... */
} adamas_question;

/* clang-format off */
#define ADAMAS_QUESTION_INIT {sizeof(adamas_question), NULL, 0.05, 0, ADAMAS_ANSWER_PARCEL}
/* clang-format on */

/* Classifies a parcel: for each specimen its typicality of each origin and calibrated likelihood ratios, for the parcel
 * its composition and a test of the declared origin. question: NULL for ADAMAS_QUESTION_INIT. If the model holds no
 * calibration the report says why, and has densities alone. ADAMAS_E_DATA if question->declared is in no library. */
ADAMAS_API adamas_status adamas_model_classify(adamas_report **out, const adamas_model *model,
                                               const adamas_spectra *parcel, const adamas_question *question,
                                               const adamas_options *options, adamas_error *error);

/* What is asked of a plan. */
typedef struct adamas_plan {
    size_t struct_size;   /* sizeof(adamas_plan) */
    uint64_t parcel;      /* stones of the parcel */
    double share;         /* of foreign stones that is to be detected, above 0, below 1 */
    double confidence;    /* with this probability */
    const char *declared; /* origin that will be declared; NULL: the one for which it is hardest */
} adamas_plan;

/* clang-format off */
#define ADAMAS_PLAN_INIT {sizeof(adamas_plan), 0, 0.05, 0.95, NULL}
/* clang-format on */

/* How many stones of a parcel must be measured to detect a share of foreign ones, by pseudo-parcels of the model's
 * held-out localities. The number `plan/stones` of the report is NaN if no number suffices. ADAMAS_E_DATA if the model
 * has no calibration. */
ADAMAS_API adamas_status adamas_model_plan(adamas_report **out, const adamas_model *model, const adamas_plan *plan,
                                           const adamas_options *options, adamas_error *error);

/* What a cross-validation leaves out together; specimens are never split. */
enum {
    ADAMAS_LEAVE_FOLDS = 0,    /* `folds` groups of specimens, alike in origins, drawn by the seed */
    ADAMAS_LEAVE_SPECIMEN = 1, /* one specimen at a time */
    ADAMAS_LEAVE_LOCALITY = 2, /* one whole origin path at a time */
    ADAMAS_LEAVE_SESSION = 3,  /* one session at a time; each specimen must be of one */
    ADAMAS_LEAVE_PARCEL = 4,   /* one value of the specimens' `parcel` at a time */
    ADAMAS_LEAVE_AUTO = 5,     /* if every origin has 3 localities ADAMAS_LEAVE_LOCALITY_SESSION, or if that is not
                                  possible ADAMAS_LEAVE_LOCALITY; else ADAMAS_LEAVE_FOLDS */
    /* One of at most 8 parts of the localities together with one of 3 parts of the sessions; each specimen must be of
     * one session, there must be 3 or more, and they must not each lie in one locality. */
    ADAMAS_LEAVE_LOCALITY_SESSION = 6
};

typedef struct adamas_protocol {
    size_t struct_size; /* sizeof(adamas_protocol) */
    int32_t leave;
    int32_t folds; /* of ADAMAS_LEAVE_FOLDS, 2 or more */
    int32_t level; /* parts of the origin's path that are told apart, 1 or more */
} adamas_protocol;

/* clang-format off */
#define ADAMAS_PROTOCOL_INIT {sizeof(adamas_protocol), ADAMAS_LEAVE_AUTO, 10, 1}
/* clang-format on */

/* Cross-validates a method: whatever it fits is fitted anew on the specimens that are not left out. */
ADAMAS_API adamas_status adamas_model_validate(adamas_report **out, const adamas_method *method,
                                               const adamas_spectra *const *libraries, size_t n_libraries,
                                               const adamas_protocol *protocol, const adamas_options *options,
                                               adamas_error *error);

/* The model's axis after preprocessing: *n_channels wavelengths in nm. */
ADAMAS_API const double *adamas_model_wavelength(const adamas_model *model, size_t *n_channels);

/* The principal components of a model: borrowed from it. */
typedef struct adamas_components {
    size_t struct_size; /* sizeof(adamas_components), set by the caller */
    size_t n_components;
    size_t n_channels;                /* after preprocessing */
    const float *components;          /* [n_components, n_channels], orthonormal rows */
    const double *mean;               /* [n_channels]: score = (spectrum - mean) . component */
    const double *explained_variance; /* [n_components], falling, divisor n - 1 */
    double total_variance;            /* of all components there could be */
} adamas_components;

/* Fills *out. ADAMAS_E_METHOD if the model's method has no pca. */
ADAMAS_API adamas_status adamas_model_components(adamas_components *out, const adamas_model *model,
                                                 adamas_error *error);

/* A column of ADAMAS_ORIGINS (origin, specimens, shots) or ADAMAS_SOURCES (file, sha256), by name or NULL. */
ADAMAS_API const adamas_column *adamas_model_column(const adamas_model *model, int32_t table, const char *name);

/* method, method_canonical, engine, level, components, components_chosen, epo_directions, axis/medium, synthetic; NULL
 * for any other. */
ADAMAS_API const char *adamas_model_fact(const adamas_model *model, const char *name);

ADAMAS_API void adamas_model_free(adamas_model *model);

/* ------------------------------------------------------------------------------------------------ reports */

/* The whole report as JSON (its JSON Schema: share/adamas/report.schema.json), and as one page of HTML without scripts
 * and links, from the same numbers. Made on the first call; NULL if memory cannot be allocated. */
ADAMAS_API const char *adamas_report_json(const adamas_report *report);
ADAMAS_API const char *adamas_report_html(const adamas_report *report);

/* Writes the page if the path ends in .html, else the JSON; the file is complete or it is not there. */
ADAMAS_API adamas_status adamas_report_write(const adamas_report *report, const char *path, adamas_error *error);

/* What adamas_name.table is beside ADAMAS_SPECIMENS, ...: numbers and texts of the report as a whole. */
enum { ADAMAS_NUMBERS = -1, ADAMAS_FACTS = -2 };

/* Bits of adamas_name.reports. */
enum { ADAMAS_REPORT_CLASSIFICATION = 1, ADAMAS_REPORT_VALIDATION = 2, ADAMAS_REPORT_PLAN = 4 };

/* A name under which reports show a column, a number or a text. */
typedef struct adamas_name {
    size_t struct_size;  /* sizeof(adamas_name), set by the caller */
    int32_t table;       /* ADAMAS_SPECIMENS, ...: adamas_report_column; ADAMAS_NUMBERS: adamas_report_number;
                            ADAMAS_FACTS: adamas_report_fact */
    int32_t reports;     /* ADAMAS_REPORT_...: the kinds of reports that can have it */
    const char *name;    /* "what/ORIGIN" stands for a column of each origin, as in "typicality/CAR" */
    const char *unit;    /* "" if it is a text or has none */
    const char *json;    /* its path in the JSON, as in "specimens[].typicality.*"; NULL: not there */
    const char *meaning; /* one line */
} adamas_name;

/* Every name that a report can have: fills *out with the index-th and returns 1; returns 0 past the last, or if
 * out->struct_size is too small. The texts live as long as the library. `adamas help report` prints the list. */
ADAMAS_API int32_t adamas_report_name(adamas_name *out, size_t index);

/* A column of a table of the report, by name or by index. NULL if this report has no such column. */
ADAMAS_API const adamas_column *adamas_report_column(const adamas_report *report, int32_t table, const char *name);
ADAMAS_API const adamas_column *adamas_report_column_at(const adamas_report *report, int32_t table, size_t index);

/* A number of the report as a whole, as "accuracy" or "declared/foreign"; counts and flags (1, 0) too. NaN if this
 * report has no such number, or if it is not known. */
ADAMAS_API double adamas_report_number(const adamas_report *report, const char *name);

/* A text of the report as a whole, as "conclusion" or "case/parcel". NULL if this report has no such text. */
ADAMAS_API const char *adamas_report_fact(const adamas_report *report, const char *name);

/* The index-th warning, the gravest first; NULL past the last. */
ADAMAS_API const char *adamas_report_warning(const adamas_report *report, size_t index);

ADAMAS_API void adamas_report_free(adamas_report *report);

/* ------------------------------------------------------------------------------------------------ files */

enum { ADAMAS_FILE_SPECTRA = 1, ADAMAS_FILE_MODEL = 2 };

/* What kind of Adamas file this is, by its content. */
ADAMAS_API adamas_status adamas_file_kind(int32_t *kind, const char *path, adamas_error *error);

/* SHA-256 of a file's bytes, as 64 lower-case hexadecimal digits and NUL. */
ADAMAS_API adamas_status adamas_file_sha256(char hex[65], const char *path, adamas_error *error);

#ifdef __cplusplus
}
#endif
#endif
