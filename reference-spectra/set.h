/* A spectra set of simulated stones, written through Adamas' public header. */
#ifndef SET_H
#define SET_H

#include "generator.h"

typedef struct set_labels {
    const char *level;    /* realistic, demonstration */
    const char *parcel;   /* NULL: a library, whose specimens have origins; else the parcel's name */
    const char *declared; /* the origin that a parcel's papers declare; NULL where none is */
} set_labels;

enum { SPECIMEN_ID_ROOM = 64 };

/* "CAR-0057" in a library, by the stone's number; "stone-0057" in a parcel, by its place. */
void set_specimen_id(char id[SPECIMEN_ID_ROOM], const generator *g, const set_labels *labels, size_t index);

/* Writes the generator's rows and all that is known of them; a parcel's file does not tell what is to be found out. */
adamas_status set_write(generator *g, const set_labels *labels, const char *path, const adamas_options *options,
                        adamas_error *error);

#endif
