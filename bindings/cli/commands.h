/* The commands: what each is called, takes and does. The help, the manual pages and the completion are made from it. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "options.h"

#include <stddef.h>

struct arguments;

enum { MAX_COMMAND_OPTIONS = 12 };

typedef struct command {
    const char *name;
    const char *operands; /* in the usage line; "" if there are none */
    const char *summary;
    const char *description; /* in the manual page; "\n" ends a paragraph */
    const char *example;     /* in the manual page; "\n" ends a line */
    option_id options[MAX_COMMAND_OPTIONS];
    option_id required[MAX_COMMAND_OPTIONS];
    size_t min_files, max_files;
    int (*run)(struct arguments *a); /* returns the exit code */
} command;

/* The commands, ended by one without a name. */
extern const command commands[];

/* The command of a name, NULL if there is none. */
const command *command_find(const char *name);

#endif
