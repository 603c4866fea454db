/* The open set of a validation: what a library without an origin says of that origin's specimens. */
#ifndef VALIDATION_OPEN_SET_H
#define VALIDATION_OPEN_SET_H

#include "validation/validation.h"

/* Trains without one origin and evaluates its specimens: fills h->open_set[origin]. */
adamas_status open_set_leave_origin(validation *h, size_t origin, adamas_error *error);

/* Counts what was found of every origin. */
adamas_status open_set_count(validation *h, adamas_error *error);

#endif
