/* What origins.csv says of each origin: from the literature or assumed. */
#ifndef ORIGINS_H
#define ORIGINS_H

#include "elements.h"
#include "fail.h"

#include <stdint.h>

enum { FLUID_SILICIC, FLUID_CARBONATITIC, FLUID_SALINE, N_FLUIDS };
enum { N_MINERALS = 3 }; /* olivine, garnet, sulfide */

/* Parts per million by mass: medians, and the spread of their logarithm among specimens. */
typedef struct abundance {
    double ppm[N_ELEMENTS];
    double spread[N_ELEMENTS];
} abundance;

/* Single numbers; origins.csv explains each. */
enum {
    FLUID_SHARE,
    FLUID_SHARE_SPREAD,
    FLUID_LOCALITY_SPREAD,
    COAT_SPECIMEN_SPREAD,
    COAT_LOCALITY_SPREAD,
    COAT_LOCALITY_COMMON,
    COAT_SHOTS,
    COAT_ALLUVIAL,
    CLEANED,
    CLEANED_COAT,
    DIRT_SPECIMEN_SPREAD,
    CLEANED_DIRT,
    DIRT_SHOTS,
    INCLUSION_CHANCE,
    INCLUSION_SHARE,
    SPOT_SPREAD,
    MASS_MEDIAN,
    MASS_SPREAD,
    N_SCALARS
};

typedef struct locality {
    uint64_t number;
    char path[96];
    int alluvial;
} locality;

typedef struct origin_prior {
    char name[48];
    int in_library; /* 0 for an origin that no library holds */
    abundance coat;
    double coated, fluid_rich; /* shares of the specimens */
    double fluid[N_FLUIDS];    /* shares of the fluid-rich specimens */
    size_t n_localities;
    locality *localities;
} origin_prior;

typedef struct origins {
    abundance gem, dirt, fluid[N_FLUIDS], mineral[N_MINERALS];
    double scalar[N_SCALARS];
    size_t n;
    origin_prior *origin;
} origins;

adamas_status origins_read(origins *out, const char *path, adamas_error *error);
void origins_clear(origins *o);

/* The origin with a name, NULL if there is none. */
const origin_prior *origins_find(const origins *o, const char *name);

/* Multiplies by `times` the differences of each origin's coating and fluid from the mean of the libraries' origins. */
void origins_raise_contrast(origins *o, double times);

/* A locality of an origin. If origins.csv does not name it, its path is made from its number. */
locality origin_locality(const origin_prior *o, uint64_t number);

#endif
