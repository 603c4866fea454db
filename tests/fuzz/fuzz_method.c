/* Fuzzes the parser of methods: any text is a method or gives an error message. The canonical text of a method is a
 * method whose canonical text is the same. */
#include "adamas/adamas.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
    if (!condition)
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
