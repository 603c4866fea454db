/* A program that uses an installed Adamas. */
#include <adamas/adamas.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    adamas_error error = {0};
    adamas_method *method;
    if (strcmp(adamas_version(), ADAMAS_VERSION) != 0) {
        printf("library %s, header %s\n", adamas_version(), ADAMAS_VERSION);
        return 1;
    }
    if (adamas_method_parse(&method, NULL, &error)) {
        puts(error.message);
        return 1;
    }
    printf("adamas %s: %s\n", adamas_version(), adamas_method_canonical(method));
    adamas_method_free(method);
    return 0;
}
