/* Completion of command lines by bash and zsh. */
#ifndef COMPLETIONS_H
#define COMPLETIONS_H

#include "commands.h"

#include <stdio.h>

void write_bash_completion(FILE *out);
void write_zsh_completion(FILE *out);

#endif
