/* The method text: syntax only. The meaning of a step's name and parameters is known to its own file and to
 * pipeline/compiled_method.c.
 *
 * The grammar is in method.c. Columns count from 1, in characters as typed (bytes of UTF-8 continuation not counted).
 */
#ifndef METHOD_METHOD_H
#define METHOD_METHOD_H

#include "base/status.h"

typedef struct method_value {
    int is_word; /* a word such as auto, or a number */
    char *word;  /* NULL for a number */
    double number;
} method_value;

typedef struct method_argument {
    char *key; /* NULL if it is given by position */
    method_value value;
    size_t column;       /* where the argument starts */
    size_t value_column; /* where its value starts */
} method_argument;

typedef struct method_step {
    char *name;
    size_t column;
    size_t n_arguments;
    method_argument *arguments;
} method_step;

typedef struct method {
    char *text; /* as typed */
    size_t n_steps;
    method_step *steps;
} method;

/* ADAMAS_E_METHOD with the column, what was found and what was expected. *out is all zero on failure. */
adamas_status method_parse(method *out, const char *text, adamas_error *error);
void method_clear(method *m);

#endif
