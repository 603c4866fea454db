/* The fixture of most functional tests: a temporary folder, a library and a parcel, made anew for each test. */
#ifndef FUNCTIONAL_FIXTURE_H
#define FUNCTIONAL_FIXTURE_H

#include "synthetic_set.h"

extern synthetic_set library, parcel;

void fixture_begin(void);
void fixture_end(void);

#endif
