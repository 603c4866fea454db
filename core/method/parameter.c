/* The arguments of a step, checked against its parameters, and the canonical text of a step. */
#include "method/parameter.h"

#include <math.h>
#include <string.h>

static size_t word_length(const char *word)
{
    return strcspn(word, "|");
}

static int same_word(const char *word, const char *found)
{
    size_t length = word_length(word);
    return strncmp(word, found, length) == 0 && found[length] == '\0';
}

int step_value_is(step_value value, const char *word)
{
    return value.word && same_word(value.word, word);
}

/* The word among a parameter's words that was found, or NULL. */
static const char *find_word(const char *words, const char *found)
{
    for (const char *w = words; w; w = strchr(w, '|') ? strchr(w, '|') + 1 : NULL)
        if (same_word(w, found))
            return w;
    return NULL;
}

static void append_number(text *out, double value)
{
    char number[32];
    text_of_number(number, value);
    text_append(out, "%s", number);
}

/* "a whole number from 1 to 512, auto" */
static void append_allowed(text *out, const step_parameter *p)
{
    int numbers = p->low <= p->high;
    if (numbers) {
        text_append(out, "a %snumber from ", p->whole ? "whole " : "");
        append_number(out, p->low);
        text_append(out, " to ");
        append_number(out, p->high);
    }
    for (const char *w = p->words; w; w = strchr(w, '|') ? strchr(w, '|') + 1 : NULL)
        text_append(out, "%s%.*s", numbers || w != p->words ? " or " : "", (int)word_length(w), w);
}

static adamas_status refuse_value(const step_parameter *p, const method_argument *a, adamas_error *error)
{
    text allowed = {0}, found = {0};
    append_allowed(&allowed, p);
    if (a->value.is_word)
        text_append(&found, "%s", a->value.word);
    else
        append_number(&found, a->value.number);
    adamas_status status = allowed.failed || found.failed
                               ? status_no_memory(error)
                               : status_set(error, ADAMAS_E_METHOD, "method, column %zu: %s is %s, %s expected",
                                            a->value_column, p->name, found.at, allowed.at);
    text_clear(&allowed);
    text_clear(&found);
    return status;
}

static adamas_status check(step_value *value, const step_parameter *p, const method_argument *a, adamas_error *error)
{
    double x = a->value.number;
    if (a->value.is_word) {
        const char *word = p->words ? find_word(p->words, a->value.word) : NULL;
        *value = (step_value){NAN, word};
        return word ? ADAMAS_OK : refuse_value(p, a, error);
    }
    *value = (step_value){x, NULL};
    return x >= p->low && x <= p->high && (!p->whole || x == floor(x)) ? ADAMAS_OK : refuse_value(p, a, error);
}

static adamas_status refuse_argument(const method_step *step, const method_argument *a, size_t n,
                                     const step_parameter *parameters, adamas_error *error)
{
    text names = {0};
    for (size_t i = 0; i < n; i++)
        text_append(&names, "%s%s", i ? ", " : "", parameters[i].name);
    adamas_status status;
    if (names.failed)
        status = status_no_memory(error);
    else if (n == 0)
        status = status_set(error, ADAMAS_E_METHOD, "method, column %zu: %s has no parameters", a->column, step->name);
    else if (a->key)
        status = status_set(error, ADAMAS_E_METHOD, "method, column %zu: %s has no parameter '%s', it has: %s",
                            a->column, step->name, a->key, names.at);
    else
        status = status_set(error, ADAMAS_E_METHOD, "method, column %zu: %s has %zu parameter%s: %s", a->column,
                            step->name, n, n == 1 ? "" : "s", names.at);
    text_clear(&names);
    return status;
}

static size_t place_of(const method_argument *a, size_t index, size_t n, const step_parameter *parameters)
{
    if (!a->key)
        return index;
    size_t place = 0;
    while (place < n && strcmp(parameters[place].name, a->key) != 0)
        place++;
    return place;
}

adamas_status parameter_values(step_value *values, size_t n, const step_parameter *parameters,
                               const method_step *parsed, adamas_error *error)
{
    int given[STEP_VALUES] = {0};
    for (size_t i = 0; i < n; i++)
        values[i] = parameters[i].fallback_word
                        ? (step_value){NAN, find_word(parameters[i].words, parameters[i].fallback_word)}
                        : (step_value){parameters[i].fallback, NULL};
    for (size_t i = 0; i < parsed->n_arguments; i++) {
        const method_argument *a = &parsed->arguments[i];
        size_t place = place_of(a, i, n, parameters);
        if (place >= n)
            return refuse_argument(parsed, a, n, parameters, error);
        if (given[place]++)
            return status_set(error, ADAMAS_E_METHOD, "method, column %zu: %s is given twice", a->column,
                              parameters[place].name);
        adamas_status status = check(&values[place], &parameters[place], a, error);
        if (status)
            return status;
    }
    for (size_t i = 0; i < n; i++)
        if (parameters[i].required && !given[i])
            return status_set(error, ADAMAS_E_METHOD, "method, column %zu: %s needs %s", parsed->column, parsed->name,
                              parameters[i].name);
    return ADAMAS_OK;
}

static void append_value(text *out, step_value value)
{
    if (value.word)
        text_append(out, "%.*s", (int)word_length(value.word), value.word);
    else
        append_number(out, value.number);
}

void parameter_canonical(text *out, const char *name, size_t n, const step_parameter *parameters,
                         const step_value *values)
{
    text_append(out, "%s", name);
    for (size_t i = 0; i < n; i++) {
        text_append(out, "%s%s=", i ? ", " : "(", parameters[i].name);
        append_value(out, values[i]);
    }
    text_append(out, "%s", n ? ")" : "");
}

void parameter_usage(text *out, const char *name, size_t n, const step_parameter *parameters)
{
    text_append(out, "%s", name);
    for (size_t i = 0; i < n; i++) {
        const step_parameter *p = &parameters[i];
        text_append(out, "%s%s", i ? ", " : "(", p->name);
        if (p->required)
            continue;
        text_append(out, "=");
        if (p->fallback_word)
            text_append(out, "%s", p->fallback_word);
        else
            append_number(out, p->fallback);
    }
    text_append(out, "%s", n ? ")" : "");
}
