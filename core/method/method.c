/* The parser of method texts. Their grammar, in EBNF (ISO 14977); blanks, tabs and line ends may stand between any two
 * symbols:
 *
 *   method   = step , { "|" , step } ;                                      at most 64 steps
 *   step     = word , [ "(" , [ argument , { "," , argument } ] , ")" ] ;   at most 16 arguments
 *   argument = [ word , "=" ] , value ;                        none without a key after one with a key
 *   value    = number | word ;
 *   word     = ( letter | "_" ) , { letter | digit | "_" } ;   letters are a ... z
 *   number   = [ sign ] , ( digits , [ "." , [ digits ] ] | "." , digits ) , [ exponent ] ;
 *   exponent = ( "e" | "E" ) , [ sign ] , digits ;
 *   sign     = "+" | "-" ;
 *   digits   = digit , { digit } ;
 */
#include "method/method.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { max_steps = 64, max_arguments = 16, max_shown = 40 };

typedef struct parser {
    const char *at;
    size_t column; /* of `at` */
    adamas_error *error;
} parser;

static int is_word_start(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}

static int is_word_part(char c)
{
    return is_word_start(c) || (c >= '0' && c <= '9');
}

static void move_to(parser *p, const char *to)
{
    for (; p->at < to; p->at++)
        p->column += ((unsigned char)*p->at & 0xC0) != 0x80;
}

static void skip_blanks(parser *p)
{
    move_to(p, p->at + strspn(p->at, " \t\r\n"));
}

/* The number of bytes of the UTF-8 character at c; 0 if it is not valid. */
static size_t character_length(const char *c)
{
    unsigned char lead = (unsigned char)*c;
    size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    for (size_t i = 1; i < length; i++)
        if (((unsigned char)c[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

static adamas_status expected(const parser *p, const char *what)
{
    const char *c = p->at;
    if (!*c)
        return status_set(p->error, ADAMAS_E_METHOD, "method, column %zu: %s expected, the end found", p->column, what);
    size_t length = character_length(c);
    if (length == 0)
        return status_set(p->error, ADAMAS_E_METHOD,
                          "method, column %zu: %s expected, a byte that is no text (%02x) found", p->column, what,
                          (unsigned)(unsigned char)*c);
    if (is_word_part(*c))
        while (length < max_shown && is_word_part(c[length]))
            length++;
    return status_set(p->error, ADAMAS_E_METHOD, "method, column %zu: %s expected, '%.*s' found", p->column, what,
                      (int)length, c);
}

static adamas_status read_word(parser *p, char **word, const char *what)
{
    if (!is_word_start(*p->at))
        return expected(p, what);
    size_t length = 1;
    while (is_word_part(p->at[length]))
        length++;
    *word = memory_new(length + 1, 1);
    if (!*word)
        return status_no_memory(p->error);
    memcpy(*word, p->at, length);
    move_to(p, p->at + length);
    skip_blanks(p);
    return ADAMAS_OK;
}

static adamas_status read_value(parser *p, method_argument *argument)
{
    argument->value_column = p->column;
    argument->value.is_word = is_word_start(*p->at);
    if (argument->value.is_word)
        return read_word(p, &argument->value.word, "a word");
    const char *end = text_to_number(p->at, &argument->value.number);
    if (!end)
        return expected(p, "a number or a word");
    if (!isfinite(argument->value.number))
        return status_set(p->error, ADAMAS_E_METHOD,
                          "method, column %zu: a number below 1.8e308 expected, '%.*s' found", p->column,
                          end - p->at < max_shown ? (int)(end - p->at) : max_shown, p->at);
    move_to(p, end);
    skip_blanks(p);
    return ADAMAS_OK;
}

static adamas_status check_place(const parser *p, const method_step *step)
{
    const method_argument *last = &step->arguments[step->n_arguments - 1];
    for (size_t i = 0; i + 1 < step->n_arguments; i++) {
        const char *key = step->arguments[i].key;
        if (key && last->key && strcmp(key, last->key) == 0)
            return status_set(p->error, ADAMAS_E_METHOD,
                              "method, column %zu: '%.*s' is given a second time (first in column %zu)", last->column,
                              max_shown, key, step->arguments[i].column);
        if (key && !last->key)
            return status_set(p->error, ADAMAS_E_METHOD,
                              "method, column %zu: key=value expected, because '%.*s=' stands before it", last->column,
                              max_shown, key);
    }
    return ADAMAS_OK;
}

/* A word is a key if "=" follows it, else it is the value. */
static adamas_status read_argument(parser *p, method_step *step)
{
    if (step->n_arguments == max_arguments)
        return status_set(p->error, ADAMAS_E_METHOD, "method, column %zu: a step has at most %d arguments", p->column,
                          max_arguments);
    method_argument *argument = &step->arguments[step->n_arguments++];
    argument->column = p->column;
    adamas_status status = read_value(p, argument);
    if (!status && argument->value.is_word && *p->at == '=') {
        argument->key = argument->value.word;
        argument->value = (method_value){0};
        move_to(p, p->at + 1);
        skip_blanks(p);
        status = read_value(p, argument);
    }
    return status ? status : check_place(p, step);
}

static adamas_status read_arguments(parser *p, method_step *step)
{
    step->arguments = memory_new(max_arguments, sizeof *step->arguments);
    if (!step->arguments)
        return status_no_memory(p->error);
    move_to(p, p->at + 1);
    skip_blanks(p);
    while (*p->at != ')' || step->n_arguments > 0) {
        adamas_status status = read_argument(p, step);
        if (!status && *p->at != ',' && *p->at != ')')
            status = expected(p, "')' or ','");
        if (status)
            return status;
        if (*p->at == ')')
            break;
        move_to(p, p->at + 1);
        skip_blanks(p);
    }
    move_to(p, p->at + 1);
    skip_blanks(p);
    return ADAMAS_OK;
}

static adamas_status read_step(parser *p, method *m)
{
    if (m->n_steps == max_steps)
        return status_set(p->error, ADAMAS_E_METHOD, "method, column %zu: a method has at most %d steps", p->column,
                          max_steps);
    method_step *step = &m->steps[m->n_steps++];
    step->column = p->column;
    adamas_status status = read_word(p, &step->name, "the name of a step");
    if (!status && *p->at == '(')
        status = read_arguments(p, step);
    return status;
}

static adamas_status read_method(parser *p, method *m)
{
    skip_blanks(p);
    adamas_status status = read_step(p, m);
    while (!status && *p->at == '|') {
        move_to(p, p->at + 1);
        skip_blanks(p);
        status = read_step(p, m);
    }
    if (!status && *p->at)
        status = expected(p, m->steps[m->n_steps - 1].arguments ? "'|'" : "'(' or '|'");
    return status;
}

adamas_status method_parse(method *out, const char *typed, adamas_error *error)
{
    *out = (method){0};
    method made = {.text = memory_text(typed), .steps = memory_new(max_steps, sizeof *made.steps)};
    parser p = {.at = typed, .column = 1, .error = error};
    adamas_status status = made.text && made.steps ? read_method(&p, &made) : status_no_memory(error);
    if (status)
        method_clear(&made);
    *out = made;
    return status;
}

static void clear_step(method_step *step)
{
    for (size_t i = 0; i < step->n_arguments; i++) {
        free(step->arguments[i].key);
        free(step->arguments[i].value.word);
    }
    free(step->arguments);
    free(step->name);
}

void method_clear(method *m)
{
    for (size_t i = 0; i < m->n_steps; i++)
        clear_step(&m->steps[i]);
    free(m->steps);
    free(m->text);
    *m = (method){0};
}
