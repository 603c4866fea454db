/* The table of the steps that a method may name. */
#ifndef PIPELINE_STEP_TABLE_H
#define PIPELINE_STEP_TABLE_H

#include "match/match.h"
#include "preprocess/step.h"
#include "reduce/reduce_step.h"

/* One step: one of the three is not NULL. */
typedef struct step_entry {
    const step *preprocess;
    const reduce_step *reduce;
    const match *match;
} step_entry;

/* NULL if there is no step of that name. */
const step_entry *step_table_find(const char *name);

/* Its name in a method, and how many parameters it takes: *parameters[that
 * many]. */
const char *step_entry_name(const step_entry *entry);
size_t step_entry_parameters(const step_entry *entry, const step_parameter **parameters);

/* Appends the names of all steps, separated by ", ". */
void step_table_names(text *out);

/* For help: fills usage with "snip(max_half_window=40)" and returns what the
 * step does; NULL past the last step. */
const char *step_table_describe(size_t index, char usage[256]);

#endif
