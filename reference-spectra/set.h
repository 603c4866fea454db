/* A spectra set of simulated specimens, written by the functions of the public header. */
#ifndef SET_H
#define SET_H

#include "generator.h"

typedef struct set_labels {
    const char *level;    /* realistic, demonstration */
    const char *parcel;   /* the parcel's name, or NULL for a library, whose specimens have origins */
    const char *declared; /* the origin that a parcel's papers declare; NULL if none is */
} set_labels;

enum { SPECIMEN_ID_SIZE = 64 };

/* In a library "CAR-0057", after the specimen's number; in a parcel "stone-0057", after its position. */
void set_specimen_id(char id[SPECIMEN_ID_SIZE], const generator *g, const set_labels *labels, size_t index);

/* Writes the generator's rows and their metadata. A parcel's file does not hold origins and kinds of specimens. */
adamas_status set_write(generator *g, const set_labels *labels, const char *path, const adamas_options *options,
                        adamas_error *error);

#endif
