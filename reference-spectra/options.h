/* The command line of adamas-simulate. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stddef.h>
#include <stdint.h>

/* So many stones of an origin, as --parcel asks for them. */
typedef struct share {
    char *origin;
    size_t n;
} share;

typedef struct options {
    const char *origins; /* a file */
    const char *directory;
    size_t specimens; /* of each origin */
    size_t shots;     /* of each specimen */
    uint64_t seed;
    int demonstration;
    int gas;
    int threads; /* 1 or more */
    size_t n_localities;
    uint64_t *localities;
    size_t n_sessions;
    uint64_t *sessions;
    size_t n_shares; /* 0: libraries are made, not a parcel */
    share *shares;
    const char *declared;
    int help; /* was asked for, and given */
} options;

/* Returns 0, or an exit code after one line on the standard error. */
int options_parse(options *out, int argc, char **argv);
void options_clear(options *o);

#endif
