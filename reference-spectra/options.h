/* The command line of adamas-simulate. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stddef.h>
#include <stdint.h>

/* A part of the parcel that --parcel asks for: n specimens of an origin. */
typedef struct parcel_part {
    char *origin;
    size_t n;
} parcel_part;

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
    size_t n_parts; /* 0 if libraries are simulated, not a parcel */
    parcel_part *parts;
    const char *declared;
    int help; /* --help was given, and the help printed */
} options;

/* Returns 0, or an exit code after one line on the standard error. */
int options_parse(options *out, int argc, char **argv);
void options_clear(options *o);

#endif
