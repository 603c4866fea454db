/* Names of emission lines, and wavelengths in air and in vacuum. */
#include "report/emission_lines.h"

#include "report/emission_lines_table.h"

#include <math.h>
#include <stdio.h>

const emission_line *emission_lines(size_t *n)
{
    *n = emission_lines_table_n;
    return emission_lines_table;
}

/* n - 1 of dry air at 15 °C, 101325 Pa and 450 ppm of CO2, with the vacuum wave number in 1/µm (Ciddor 1996, Applied
 * Optics 35, 1566, equation 1). */
static double refractivity(double vacuum_nm)
{
    double s2 = 1e6 / (vacuum_nm * vacuum_nm);
    return 1e-8 * (5792105.0 / (238.0185 - s2) + 167917.0 / (57.362 - s2));
}

static const double shortest_in_air = 200;

double air_of_vacuum(double vacuum_nm)
{
    return vacuum_nm < shortest_in_air ? vacuum_nm : vacuum_nm / (1 + refractivity(vacuum_nm));
}

const emission_line *emission_line_near(double nm, int in_air, double tolerance)
{
    const emission_line *nearest = NULL;
    double air_nm = in_air ? nm : air_of_vacuum(nm), least = tolerance;
    for (size_t i = 0; i < emission_lines_table_n; i++) {
        double distance = fabs(emission_lines_table[i].air_nm - air_nm);
        if (distance < least || (distance <= least && !nearest)) {
            nearest = &emission_lines_table[i];
            least = distance;
        }
    }
    return nearest;
}

void emission_line_name(char out[32], const emission_line *line)
{
    static const char *const stages[] = {"", " I", " II", " III"};
    long hundredths = lround(100 * line->air_nm);
    snprintf(out, 32, "%.8s%s %ld.%02ld", line->species, stages[line->stage], hundredths / 100, hundredths % 100);
}
