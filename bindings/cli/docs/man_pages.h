/* Manual pages in the man(7) macros of roff. */
#ifndef MAN_PAGES_H
#define MAN_PAGES_H

#include "commands.h"

#include <stdio.h>

/* adamas(1), one page for each command such as adamas-train(1), and adamas-methods(7). date: YYYY-MM-DD. */
void write_main_page(FILE *out, const char *date);
void write_command_page(FILE *out, const char *date, const command *c);
void write_methods_page(FILE *out, const char *date);

#endif
