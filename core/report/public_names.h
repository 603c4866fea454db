/* The one table of the names under which a report shows its texts, numbers and columns: name, unit, meaning, place in
 * the JSON, and where in the result the value is. The public accessors, the JSON and the documented list are made from
 * it, in its order. */
#ifndef REPORT_PUBLIC_NAMES_H
#define REPORT_PUBLIC_NAMES_H

#include "report/report_result.h"
#include "report/statements.h"

/* Parts of a result, each of which is there as a whole or not at all: name_values.c finds each. */
typedef enum name_section {
    SECTION_REPORT,
    SECTION_MODEL,
    SECTION_COMPONENTS,
    SECTION_LIBRARIES,
    SECTION_SPECIMENS,
    SECTION_MASSES,
    SECTION_CLASS_MODELS,
    SECTION_EVIDENCE, /* of each specimen: there is one only if there is evidence, so as scalars too */
    SECTION_EPSILON,
    SECTION_ORIGINS,
    SECTION_ORIGIN_EVIDENCE,
    SECTION_CLASSIFICATION,
    SECTION_CLASSIFICATION_EVIDENCE,
    SECTION_PARCEL,
    SECTION_CONTROLS,
    SECTION_ELLIPSES,
    SECTION_PLANE_LIBRARY,
    SECTION_PLANE_SPECIMENS,
    SECTION_COMPOSITION,
    SECTION_SHARES,
    SECTION_SHARES_CARATS,
    SECTION_SHARES_WHOLE,
    SECTION_POSTERIOR,
    SECTION_DECLARED_TEST,
    SECTION_DECLARED_SPECIMENS,
    SECTION_LIMITS,
    SECTION_SPECTRUM,
    SECTION_VALIDATION,
    SECTION_FOLD_NAMES,
    SECTION_FOLDS,
    SECTION_CONFUSION,
    SECTION_ANSWERS,
    SECTION_PERFORMANCE,
    SECTION_ORIGIN_PERFORMANCE,
    SECTION_COVERAGE,
    SECTION_COVERAGE_LEVELS,
    SECTION_OPEN_SET,
    SECTION_CASES,
    SECTION_CASES_EVIDENCE,
    SECTION_TIPPETT,
    SECTION_RELIABILITY,
    SECTION_CROSS_ENTROPY,
    SECTION_AUDIT,
    SECTION_AUDIT_FEATURES,
    SECTION_AUDIT_SESSION,
    SECTION_PLAN,
    SECTION_PLAN_ROWS
} name_section;

typedef enum value_type { VALUE_DOUBLE, VALUE_SIZE, VALUE_INT, VALUE_BYTE, VALUE_TEXT } value_type;

/* How a value stands in the JSON. What is not known (NaN) is null. */
typedef enum json_form {
    JSON_FORM_MEASURE,      /* a number with a decimal point even if it happens to be whole */
    JSON_FORM_COUNT,        /* a whole number */
    JSON_FORM_FLAG,         /* true, false */
    JSON_FORM_CLASS_MODEL,  /* what a class model says, in a word */
    JSON_FORM_TEXT,         /* an empty one is left out */
    JSON_FORM_TEXT_OR_NULL, /* an empty one is null */
    JSON_FORM_FILE_NAME,    /* a text whose bytes may not be UTF-8 */
    JSON_FORM_TEXTS,        /* a list of texts */
    JSON_FORM_TEXTS_IF_ANY  /* left out if it is empty */
} json_form;

/* `table` of what stands in the JSON alone, beside ADAMAS_SPECIMENS ..., ADAMAS_NUMBERS and ADAMAS_FACTS. */
enum { NAME_JSON_ALONE = -3 };

typedef struct public_name {
    int32_t table;
    int reports;      /* bits of report_kind */
    const char *name; /* what/ORIGIN is a column for each origin; in the JSON alone: NULL */
    const char *unit; /* "": a text */
    const char *json; /* path in the JSON, NULL: not there. "[]": the row of the table; "[0]": a place in an array; "@":
                         the name of the row's origin; "*": the column's own */
    json_form form;   /* in the JSON */
    const char *meaning; /* one line */

    /* Where it is. The value of a row is `stride` after that of the row before; an array [n_rows] or, of what/ORIGIN,
     * [n_rows, n_columns] hangs on a pointer at the offset. */
    name_section section;
    size_t offset, stride;
    int is_array, by_origin;
    value_type type;

    /* Or how it is derived; all NULL: it is not. */
    void (*text)(text *out, const report_result *r);
    void (*cell_text)(text *out, const report_result *r, size_t row, size_t column);
    double (*number)(const report_result *r, size_t row, size_t column);
    adamas_status (*texts)(statements *out, const report_result *r, adamas_error *error);
} public_name;

extern const public_name public_names[];
extern const size_t n_public_names;

#endif
