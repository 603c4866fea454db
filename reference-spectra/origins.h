/* What is read or assumed of each origin (origins.csv). */
#ifndef ORIGINS_H
#define ORIGINS_H

#include "elements.h"
#include "fail.h"

#include <stdint.h>

enum { FLUID_SILICIC, FLUID_CARBONATITIC, FLUID_SALINE, N_FLUIDS };
enum { N_MINERALS = 3 }; /* olivine, garnet, sulfide */

/* Parts per million by mass: medians, and the spread of their logarithm among stones. */
typedef struct abundance {
    double ppm[N_ELEMENTS];
    double spread[N_ELEMENTS];
} abundance;

/* Single numbers; origins.csv explains each. */
enum {
    FLUID_SHARE,
    FLUID_SHARE_SPREAD,
    FLUID_LOCALITY_SPREAD,
    COAT_STONE_SPREAD,
    COAT_LOCALITY_SPREAD,
    COAT_LOCALITY_COMMON,
    COAT_SHOTS,
    COAT_ALLUVIAL,
    CLEANED,
    CLEANED_COAT,
    DIRT_STONE_SPREAD,
    CLEANED_DIRT,
    DIRT_SHOTS,
    INCLUSION_CHANCE,
    INCLUSION_SHARE,
    SPOT_SPREAD,
    MASS_MEDIAN,
    MASS_SPREAD,
    N_SCALARS
};

typedef struct place {
    uint64_t number;
    char path[96];
    int alluvial;
} place;

typedef struct origin_prior {
    char name[48];
    int in_library; /* 0: an origin that no library holds */
    abundance coat;
    double coated, fluid_rich; /* shares of the stones */
    double fluid[N_FLUIDS];    /* shares of the fluid-rich stones */
    size_t n_places;
    place *places;
} origin_prior;

typedef struct origins {
    abundance gem, dirt, fluid[N_FLUIDS], mineral[N_MINERALS];
    double scalar[N_SCALARS];
    size_t n;
    origin_prior *origin;
} origins;

adamas_status origins_read(origins *out, const char *path, adamas_error *error);
void origins_clear(origins *o);

/* The origin of a name, NULL where there is none. */
const origin_prior *origins_find(const origins *o, const char *name);

/* Moves each origin's coating and fluid away from the mean of the libraries' origins, `times` as far. */
void origins_stretch(origins *o, double times);

/* The path of a locality below its origin: its name, or one made of the number where origins.csv names none. */
place origin_place(const origin_prior *o, uint64_t number);

#endif
