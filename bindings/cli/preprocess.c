/* `adamas preprocess`: writes preprocessed spectra. */
#include "cli.h"

#include <stdio.h>

/* The model that preprocesses: read from its file, or made from a method that needs no training on the spectra's own
 * axis. */
static adamas_status find_model(adamas_model **model, const arguments *a, adamas_spectra *const *in,
                                adamas_error *error)
{
    if (a->model)
        return adamas_model_read(model, a->model, error);
    adamas_method *method;
    adamas_status status = adamas_method_parse(&method, a->method, error);
    if (status)
        return status;
    if (adamas_method_is_fitted(method)) {
        status = error->code = ADAMAS_E_METHOD;
        snprintf(error->message, sizeof error->message,
                 "the method '%s' has steps that are fitted to training spectra: train a model and use --model",
                 adamas_method_text(method));
    } else {
        status = adamas_model_train(model, method, (const adamas_spectra *const *)in, 1, 1, &a->options, error);
    }
    adamas_method_free(method);
    return status;
}

int run_preprocess(arguments *a)
{
    adamas_error error;
    adamas_spectra **in = NULL, *out = NULL;
    adamas_model *model = NULL;
    adamas_status status = read_sets(&in, a, &error);
    if (!status)
        status = find_model(&model, a, in, &error);
    if (!status)
        status = adamas_model_preprocess(&out, model, in[0], &a->options, &error);
    if (!status)
        status = adamas_spectra_write(out, a->output, &a->options, &error);
    if (!status)
        printf("%s: %zu shots on %zu channels\n", a->output, adamas_spectra_shots(out), adamas_spectra_channels(out));
    adamas_spectra_free(out);
    adamas_model_free(model);
    free_sets(in, a->n_files);
    return status ? fail(&error) : EXIT_DONE;
}
