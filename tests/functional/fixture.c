#include "fixture.h"

#include "folder.h"

sample library, parcel;

void fixture_begin(void)
{
    folder_begin();
    library = sample_make(sample_library);
    parcel = sample_make(sample_parcel);
}

void fixture_end(void)
{
    sample_free(&library);
    sample_free(&parcel);
    folder_end();
}
