/* A program of somebody else's. */
#include <adamas/adamas.h>

#include <stdio.h>

int main(void)
{
    adamas_error error = {0};
    adamas_method *method;
    if (adamas_method_parse(&method, NULL, &error)) {
        puts(error.message);
        return 1;
    }
    printf("adamas %s: %s\n", adamas_version(), adamas_method_canonical(method));
    adamas_method_free(method);
    return 0;
}
