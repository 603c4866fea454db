/* The parameters of a step, and the check of a method text's arguments against them. */
#ifndef METHOD_PARAMETER_H
#define METHOD_PARAMETER_H

#include "base/text.h"
#include "method/method.h"

/* A parameter of a step. Arguments without a key are taken in the order of the parameters. */
typedef struct step_parameter {
    const char *name;
    int required;              /* no default: the fallbacks are not used */
    double fallback;           /* the default number */
    double low, high;          /* the allowed range, with both ends; low > high: only words */
    int whole;                 /* only whole numbers */
    const char *words;         /* allowed words, separated by "|"; NULL for none */
    const char *fallback_word; /* the default if it is a word, else NULL */
} step_parameter;

/* An argument after checking: a number, or one of the parameter's words (then number is NaN). */
typedef struct step_value {
    double number;
    const char *word; /* in the parameter's words, ended by "|" or NUL; NULL for a number */
} step_value;

/* Is the value this word? */
int step_value_is(step_value value, const char *word);

enum { STEP_VALUES = 16 }; /* more parameters than any step has */

/* Fills values[n] from the arguments of a parsed step: ADAMAS_E_METHOD with the column if a parameter is unknown,
 * given twice, missing, or out of its range; the message lists the parameters that exist. */
adamas_status parameter_values(step_value *values, size_t n, const step_parameter *parameters,
                               const method_step *parsed, adamas_error *error);

/* Appends "name(a=1, b=auto)", every value written out; "name" if there are no parameters. */
void parameter_canonical(text *out, const char *name, size_t n, const step_parameter *parameters,
                         const step_value *values);

/* Appends "name(a, b=40)": required parameters without a value, the others with their default. */
void parameter_usage(text *out, const char *name, size_t n, const step_parameter *parameters);

#endif
