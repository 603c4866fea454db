/* Finding an element by its symbol. */
#include "elements.h"

#include <string.h>

int element_find(const char *symbol)
{
    for (int e = 0; e < N_ELEMENTS; e++)
        if (strcmp(element_table[e].symbol, symbol) == 0)
            return e;
    return -1;
}
