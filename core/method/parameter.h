/* What a step's parameters may be, and the arguments of a method text checked against them. */
#ifndef METHOD_PARAMETER_H
#define METHOD_PARAMETER_H

#include "base/text.h"
#include "method/method.h"

/* A parameter of a step, in the order in which it may be given by place. */
typedef struct step_parameter {
    const char *name;
    int required;              /* no default: the fallbacks are not looked at */
    double fallback;           /* the default number */
    double low, high;          /* what is allowed, both ends included; low > high: words alone */
    int whole;                 /* whole numbers only */
    const char *words;         /* NULL, or the words that are allowed beside numbers, "|" between them */
    const char *fallback_word; /* the default where it is a word, else NULL */
} step_parameter;

/* An argument after checking: a number, or one of the parameter's words (then number is NaN). */
typedef struct step_value {
    double number;
    const char *word; /* within the parameter's words, ended by "|" or NUL; NULL for a number */
} step_value;

/* Is the value this word? */
int step_value_is(step_value value, const char *word);

enum { STEP_VALUES = 16 }; /* more parameters than any step has */

/* Fills values[n] from the arguments of a parsed step: ADAMAS_E_METHOD with the column for a parameter that is not
 * known, given twice, missing, or out of its range; the names that would do are listed. */
adamas_status parameter_values(step_value *values, size_t n, const step_parameter *parameters,
                               const method_step *parsed, adamas_error *error);

/* Appends "name(a=1, b=auto)", every value written out; "name" where there are no parameters. */
void parameter_canonical(text *out, const char *name, size_t n, const step_parameter *parameters,
                         const step_value *values);

/* Appends "name(a, b=40)": required ones bare, the others with their default. */
void parameter_usage(text *out, const char *name, size_t n, const step_parameter *parameters);

#endif
