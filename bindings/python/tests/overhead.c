/* What overhead.py does, in C: overhead FILE N_SHOTS N_CHANNELS METHOD prints the seconds, and a sum of what was
 * computed. */
#include <adamas/adamas.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

static void need(int ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "%s\n", what);
        exit(1);
    }
}

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
    need(argc == 5, "overhead FILE N_SHOTS N_CHANNELS METHOD");
    size_t n_shots = strtoull(argv[2], NULL, 10), n_channels = strtoull(argv[3], NULL, 10), n = n_shots * n_channels;
    int file = open(argv[1], O_RDONLY);
    float *x = mmap(NULL, n * sizeof *x, PROT_READ, MAP_PRIVATE, file, 0), *out = malloc(n * sizeof *out);
    double *nm = malloc(n_channels * sizeof *nm);
    char(*names)[16] = malloc(n_shots * sizeof *names);
    const char **specimen = malloc(n_shots * sizeof *specimen);
    need(x != MAP_FAILED && out && nm && names && specimen, "no memory");
    for (size_t i = 0; i < n_channels; i++)
        nm[i] = 200 + 0.1 * (double)i;
    double start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t i = 0; i < n_shots; i++) {
        snprintf(names[i], sizeof names[i], "%zu", i + 1);
        specimen[i] = names[i];
    }
    adamas_error e;
    adamas_spectra *set, *done;
    adamas_method *method;
    adamas_model *model;
    need(!adamas_spectra_lend(&set, n_shots, n_channels, x, nm, &e), "lend");
    need(!adamas_spectra_set_text(set, ADAMAS_SHOTS, "specimen", n_shots, specimen, &e), "specimens");
    need(!adamas_method_parse(&method, argv[4], &e), "method");
    need(!adamas_model_train(&model, method, (const adamas_spectra *const *)&set, 1, 1, NULL, &e), e.message);
    need(!adamas_model_preprocess(&done, model, set, NULL, &e), e.message);
    need(!adamas_spectra_rows(done, 0, n_shots, out, &e), e.message);
    printf("%.4f %.4f %.9g\n", now(CLOCK_MONOTONIC) - start, now(CLOCK_PROCESS_CPUTIME_ID) - cpu,
           (double)out[n / 2 + 7]);
    adamas_spectra_free(done);
    adamas_spectra_free(set);
    adamas_model_free(model);
    adamas_method_free(method);
    return 0;
}
