/* The folder, the library and the parcel of most functional tests. */
#include "fixture.h"

#include "folder.h"

synthetic_set library, parcel;

void fixture_begin(void)
{
    folder_begin();
    library = synthetic_make(synthetic_library);
    parcel = synthetic_make(synthetic_parcel);
}

void fixture_end(void)
{
    synthetic_free(&library);
    synthetic_free(&parcel);
    folder_end();
}
