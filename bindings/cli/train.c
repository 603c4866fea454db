/* `adamas train`: fits a method and writes the model. */
#include "cli.h"

#include <stdio.h>

int run_train(arguments *a)
{
    adamas_error error;
    adamas_method *method = NULL;
    adamas_spectra **libraries = NULL;
    adamas_model *model = NULL;
    adamas_status status = adamas_method_parse(&method, a->method, &error);
    if (!status)
        status = read_sets(&libraries, a, &error);
    if (!status)
        status = adamas_model_train(&model, method, (const adamas_spectra *const *)libraries, a->n_files,
                                    a->protocol.level, &a->options, &error);
    if (!status)
        status = adamas_model_write(model, a->output, &error);
    if (!status) {
        const char *components = adamas_model_fact(model, "components");
        printf("%s: %s", a->output, adamas_model_fact(model, "method_canonical"));
        printf(components ? ", %s components\n" : "\n", components);
    }
    adamas_model_free(model);
    free_sets(libraries, a->n_files);
    adamas_method_free(method);
    return status ? fail(&error) : EXIT_DONE;
}
