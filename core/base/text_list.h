/* A list of texts that owns its copies. All zero is an empty one. */
#ifndef BASE_TEXT_LIST_H
#define BASE_TEXT_LIST_H

#include "base/status.h"

typedef struct text_list {
    size_t n;
    char **at; /* [n], never NULL within */
} text_list;

/* Copies n texts; NULL becomes "". */
adamas_status text_list_copy(text_list *out, size_t n, const char *const *texts, adamas_error *error);
void text_list_clear(text_list *l);

#endif
