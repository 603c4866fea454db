/* What a step of a method that reduces spectra is: a name and parameters. What it does is in training/fit.c, since it
 * is fitted to specimens. */
#ifndef REDUCE_REDUCE_STEP_H
#define REDUCE_REDUCE_STEP_H

#include "method/parameter.h"

typedef struct reduce_step {
    const char *name;
    const char *summary; /* one line for `adamas help methods` */
    size_t n_parameters;
    const step_parameter *parameters;
} reduce_step;

#endif
