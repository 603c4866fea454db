/* Preprocesses spectra that a program of yours holds in memory: arrays become a spectra set, and a method is applied to
 * it. Needs no file. Prints for each shot the mean and the standard deviation after preprocessing, which snv makes 0
 * and 1, and the wavelength of its highest channel. Exit codes: 0 done, 1 an error that is printed. */
#include <adamas/adamas.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { n_shots = 6, n_channels = 2000 };

/* Shots belong to specimens: three to each of two. */
static const char *const specimen[n_shots] = {"stone 1", "stone 1", "stone 1", "stone 2", "stone 2", "stone 2"};

/* Stands for your spectrometer: a continuum, and a line of carbon at 247.86 nm. intensity[n_shots, n_channels] has a
 * row for each shot; wavelength[n_channels] is in nm. */
static void measure(float *intensity, double *wavelength)
{
    for (size_t c = 0; c < n_channels; c++)
        wavelength[c] = 230 + 0.02 * (double)c;
    for (size_t i = 0; i < n_shots; i++)
        for (size_t c = 0; c < n_channels; c++) {
            double from_line = (wavelength[c] - 247.86) / 0.08;
            double continuum = 500 + 10 * (wavelength[c] - 230);
            double line = 1000 * (1 + (double)i) * exp(-0.5 * from_line * from_line);
            intensity[i * n_channels + c] = (float)(continuum + line);
        }
}

/* The set borrows intensity, which must stay until the set is freed. Every shot needs its specimen. */
static adamas_status make_set(adamas_spectra **out, const float *intensity, const double *wavelength,
                              adamas_error *error)
{
    adamas_status status = adamas_spectra_lend(out, n_shots, n_channels, intensity, wavelength, error);
    if (!status)
        status = adamas_spectra_set_text(*out, ADAMAS_SHOTS, "specimen", n_shots, specimen, error);
    return status;
}

/* Writes the preprocessed spectra to out[n_shots, n_channels]. The method is a baseline correction and a normalisation:
 * it neither drops channels nor compares specimens, so a set without origins can be its training set. */
static adamas_status preprocess(float *out, const adamas_spectra *set, adamas_error *error)
{
    adamas_method *method = NULL;
    adamas_model *model = NULL;
    adamas_spectra *processed = NULL; /* computes its rows when they are read, so model and set must outlive it */
    adamas_status status = adamas_method_parse(&method, "snip(40) | snv", error);
    if (!status)
        status = adamas_model_train(&model, method, &set, 1, 1, NULL, error);
    if (!status)
        status = adamas_model_preprocess(&processed, model, set, NULL, error);
    if (!status)
        status = adamas_spectra_rows(processed, 0, n_shots, out, error);
    adamas_spectra_free(processed);
    adamas_model_free(model);
    adamas_method_free(method);
    return status;
}

static void print_shot(size_t shot, const float *row, const double *wavelength)
{
    double sum = 0, squares = 0;
    size_t highest = 0;
    for (size_t c = 0; c < n_channels; c++) {
        sum += row[c];
        squares += (double)row[c] * row[c];
        highest = row[c] > row[highest] ? c : highest;
    }
    double mean = sum / n_channels;
    printf("%s, shot %zu: mean %.3f, standard deviation %.3f, highest at %.2f nm\n", specimen[shot], shot % 3 + 1,
           fabs(mean), sqrt(squares / n_channels - mean * mean), wavelength[highest]);
}

int main(void)
{
    static float intensity[n_shots * n_channels], processed[n_shots * n_channels];
    static double wavelength[n_channels];
    adamas_error error = {0};
    adamas_spectra *set = NULL;
    measure(intensity, wavelength);
    adamas_status status = make_set(&set, intensity, wavelength, &error);
    if (!status)
        status = preprocess(processed, set, &error);
    if (status)
        fprintf(stderr, "own_data: %s\n", error.message);
    for (size_t i = 0; !status && i < n_shots; i++)
        print_shot(i, processed + i * n_channels, wavelength);
    adamas_spectra_free(set);
    return status ? 1 : 0;
}
