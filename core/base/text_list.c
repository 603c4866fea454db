/* A list of texts that owns its copies. */
#include "base/text_list.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* One block holds the pointers and the texts, so that a list is freed at one stroke. */
adamas_status text_list_copy(text_list *out, size_t n, const char *const *texts, adamas_error *error)
{
    size_t bytes = 0;
    *out = (text_list){0};
    for (size_t i = 0; i < n; i++)
        bytes += (texts[i] ? strlen(texts[i]) : 0) + 1;
    char **at = memory_new(1, n * sizeof *at + bytes);
    if (!at)
        return status_no_memory(error);
    char *text = (char *)(at + n);
    for (size_t i = 0; i < n; i++) {
        at[i] = strcpy(text, texts[i] ? texts[i] : "");
        text += strlen(text) + 1;
    }
    *out = (text_list){n, at};
    return ADAMAS_OK;
}

void text_list_clear(text_list *l)
{
    free(l->at);
    *l = (text_list){0};
}
