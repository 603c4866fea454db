/* Rows of a simulated spectra set, one thread for each row. */
#include "generator.h"

#include "shot.h"

#include <omp.h>
#include <stdlib.h>

static int make_sessions(generator *g)
{
    g->sessions = calloc(g->n_sessions, sizeof *g->sessions);
    for (size_t i = 0; g->sessions && i < g->n_sessions; i++)
        if (!session_make(&g->sessions[i], &g->model.wavelengths, g->seed, g->session_numbers[i]))
            return 0;
    return g->sessions != NULL;
}

static int make_workspaces(generator *g)
{
    size_t n = (size_t)g->threads;
    g->workspaces = calloc(n, sizeof *g->workspaces);
    g->photons = calloc(n, sizeof *g->photons);
    for (size_t i = 0; g->workspaces && g->photons && i < n; i++) {
        g->photons[i] = malloc(g->model.wavelengths.n * sizeof **g->photons);
        if (!workspace_make(&g->workspaces[i], &g->model) || !g->photons[i])
            return 0;
    }
    return g->workspaces && g->photons;
}

adamas_status generator_start(generator *g, adamas_error *error)
{
    g->sessions = NULL;
    g->workspaces = NULL;
    g->photons = NULL;
    if (emission_model_make(&g->model) && make_sessions(g) && make_workspaces(g))
        return ADAMAS_OK;
    generator_stop(g);
    return fail_memory(error);
}

void generator_stop(generator *g)
{
    for (size_t i = 0; g->sessions && i < g->n_sessions; i++)
        session_clear(&g->sessions[i]);
    for (int i = 0; i < g->threads; i++) {
        if (g->workspaces)
            workspace_clear(&g->workspaces[i]);
        if (g->photons)
            free(g->photons[i]);
    }
    free(g->sessions);
    free(g->workspaces);
    free(g->photons);
    emission_model_clear(&g->model);
    g->sessions = NULL;
    g->workspaces = NULL;
    g->photons = NULL;
}

specimen generator_specimen(const generator *g, size_t index)
{
    const specimen_key *p = &g->specimens[index];
    specimen s;
    specimen_draw(&s, g->origins, p->origin, p->locality, p->number, g->n_sessions, g->seed);
    return s;
}

static void one_row(const generator *g, uint64_t row, int thread, float *out)
{
    specimen s = generator_specimen(g, (size_t)(row / g->shots));
    const session *day = &g->sessions[s.session];
    uint64_t number = row % g->shots;
    plume p;
    shot_plume(&p, &s, g->origins, day, g->gas, number, g->seed);
    emission_spectrum(&g->model, &p, &g->workspaces[thread], g->photons[thread]);
    session_expose(day, g->photons[thread], out);
    for (int i = 0; i < N_PIXELS; i++)
        out[i] *= (float)s.drift[i / SEGMENT_PIXELS];
    random_stream noise = shot_noise(&s, number, g->seed);
    spectrometer_noise(day, &noise, out);
}

adamas_status generator_rows(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    const generator *g = data;
    if (first + n > (uint64_t)g->n_specimens * g->shots)
        return fail(error, ADAMAS_E_ARGUMENT, "shots to %llu asked for, %llu are there",
                    (unsigned long long)(first + n), (unsigned long long)g->n_specimens * g->shots);
#pragma omp parallel for schedule(dynamic) num_threads(g->threads)
    for (uint64_t i = 0; i < n; i++)
        one_row(g, first + i, omp_get_thread_num(), out + i * N_PIXELS);
    return ADAMAS_OK;
}
