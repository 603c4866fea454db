/* Progress on a terminal, signals, and the line that says why a command failed. */
#include "cli.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted; /* the signal that was received, 0 if none was */
static int is_terminal, is_shown;         /* whether progress can be shown; whether a line of it is there now */
static double next_update;                /* s, monotonic clock */

static void on_signal(int signal_number)
{
    interrupted = signal_number;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int32_t progress(void *data, const char *stage, uint64_t done, uint64_t total)
{
    (void)data;
    double t = is_terminal ? now() : 0;
    if (is_terminal && t >= next_update) {
        next_update = t + 0.1;
        is_shown = 1;
        if (total)
            fprintf(stderr, "\r\033[K%s: %llu of %llu (%.0f %%)", stage, (unsigned long long)done,
                    (unsigned long long)total, 100 * (double)done / (double)total);
        else
            fprintf(stderr, "\r\033[K%s: %llu", stage, (unsigned long long)done);
        fflush(stderr);
    }
    return interrupted != 0;
}

void terminal_open(adamas_options *o)
{
    is_terminal = isatty(STDERR_FILENO);
    next_update = is_terminal ? now() + 0.5 : 0; /* work shorter than 0.5 s shows nothing */
    o->progress = progress;
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    struct sigaction before;
    if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN) /* nohup keeps it ignored */
        sigaction(SIGHUP, &action, NULL);
}

static void clear_line(void)
{
    if (is_shown)
        fprintf(stderr, "\r\033[K");
    is_shown = 0;
}

void terminal_close(void)
{
    clear_line();
    if (!interrupted)
        return;
    fflush(stdout);
    signal(interrupted, SIG_DFL);
    raise(interrupted);
}

int fail(const adamas_error *error)
{
    clear_line();
    fprintf(stderr, "adamas: %s\n", error->message);
    return EXIT_DATA;
}
