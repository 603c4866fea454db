/* Any text is a method or is refused with a line of words; a method's canonical text is a method, and its own
 * canonical. */
#include "adamas/adamas.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int fine)
{
    if (!fine)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    adamas_error error = {0};
    adamas_method *method, *again;
    char *text = malloc(size + 1);
    check(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    adamas_status status = adamas_method_parse(&method, text, &error);
    free(text);
    if (status) {
        check(!method && status == ADAMAS_E_METHOD && *error.message && !strchr(error.message, '\n'));
        return 0;
    }
    check(adamas_method_parse(&again, adamas_method_canonical(method), &error) == ADAMAS_OK);
    check(strcmp(adamas_method_canonical(method), adamas_method_canonical(again)) == 0);
    adamas_method_free(method);
    adamas_method_free(again);
    return 0;
}
