/* The verbal scale of ENFSI. */
#include "evidence/verbal.h"

#include <math.h>
#include <stddef.h>

const char *verbal_support(double log10_lr)
{
    static const struct {
        double min_log10_lr;
        const char *words;
    } rows[] = {
        {6, "extremely strong support"}, {4, "very strong support"},
        {3, "strong support"},           {2, "moderately strong support"},
        {1, "moderate support"},         {0.3010299956639812, "weak support"}, /* log10 2 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (fabs(log10_lr) >= rows[i].min_log10_lr)
            return rows[i].words;
    return "no support for one proposition over the other";
}
