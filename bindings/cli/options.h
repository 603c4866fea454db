/* The options of every command: the help, the manual pages and the shells' completion are made from this table. */
#ifndef OPTIONS_H
#define OPTIONS_H

typedef enum option_id {
    OPTION_END, /* ends a list of options */
    OPTION_OUTPUT,
    OPTION_REPORT,
    OPTION_HTML,
    OPTION_MODEL,
    OPTION_METHOD,
    OPTION_SPECIMEN,
    OPTION_ORIGIN,
    OPTION_SESSION,
    OPTION_SHOT,
    OPTION_TABLE,
    OPTION_COLUMN,
    OPTION_INTERPOLATE,
    OPTION_SET,
    OPTION_FOLDS,
    OPTION_LEAVE,
    OPTION_LEVEL,
    OPTION_DECLARED,
    OPTION_PLAN_DECLARED,
    OPTION_EPSILON,
    OPTION_STONES,
    OPTION_ANSWER,
    OPTION_PARCEL,
    OPTION_SHARE,
    OPTION_CONFIDENCE,
    OPTION_SEED,
    OPTION_THREADS,
    OPTION_HELP,
    N_OPTIONS
} option_id;

typedef struct option_row {
    const char *name;
    char letter;                /* the short form, 0 if there is none */
    const char *value;          /* what the help calls the value; NULL for a switch */
    const char *const *choices; /* the values that exist, ended by NULL; NULL if any text may be given */
    int is_file;                /* the value is the name of a file */
    const char *help;
} option_row;

extern const option_row option_table[N_OPTIONS];

#endif
