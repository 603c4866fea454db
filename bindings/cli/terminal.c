#include "cli.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted; /* by which signal; 0: none */
static int shows, shown;
static double next_at;

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
    double t = shows ? now() : 0;
    if (shows && t >= next_at) {
        next_at = t + 0.1;
        shown = 1;
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
    shows = isatty(STDERR_FILENO);
    next_at = shows ? now() + 0.5 : 0; /* short work shows nothing */
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
    if (shown)
        fprintf(stderr, "\r\033[K");
    shown = 0;
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
