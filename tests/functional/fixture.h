/* What most functional tests begin with: a folder, a library and a parcel, made anew for each test. */
#ifndef FUNCTIONAL_FIXTURE_H
#define FUNCTIONAL_FIXTURE_H

#include "sample.h"

extern sample library, parcel;

void fixture_begin(void);
void fixture_end(void);

#endif
