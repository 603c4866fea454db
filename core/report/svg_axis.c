/* Axes of figures: scales, ticks, labels. */
#include "report/svg_axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double number_size = 14, label_size = 15;
static const svg_look grid = {.stroke = "#ddd", .width = 1}, rule = {.stroke = "#444", .width = 1};

/* A step is factor times ten to the power: 1, 2 or 5. */
typedef struct step {
    int factor, power;
    double size;
} step;

static double ten_to(int power)
{
    return power < 0 ? 1 / pow(10, -power) : pow(10, power);
}

/* The smallest round step of which there are at most `most` in a length. */
static step step_of(double length, int most)
{
    static const int factors[] = {1, 2, 5, 10};
    double rough = length / most;
    step found = {.power = (int)floor(log10(rough))};
    for (size_t i = 0; i < 4 && found.size < rough * (1 - 1e-9); i++) {
        found.factor = factors[i];
        found.size = factors[i] * ten_to(found.power);
    }
    if (found.factor == 10) {
        found.factor = 1;
        found.power++;
    }
    return found;
}

/* Whole powers have whole steps. */
static step step_for(const svg_axis *a, int most)
{
    step made = step_of(a->high - a->low, most);
    return a->powers && made.size < 1 ? (step){.factor = 1, .size = 1} : made;
}

svg_axis svg_axis_around(double low, double high, double from, double to)
{
    if (!isfinite(low) || !isfinite(high) || low > high || fmax(fabs(low), fabs(high)) > 1e300) {
        low = 0;
        high = 1;
    }
    double size = fmax(fabs(low), fabs(high));
    if (high - low <= 1e-9 * size || high - low < 1e-300) {
        low -= size > 0 ? size / 2 : 0.5;
        high += size > 0 ? size / 2 : 0.5;
    }
    double unit = step_of(high - low, 6).size;
    return (svg_axis){
        .low = unit * floor(low / unit + 1e-9), .high = unit * ceil(high / unit - 1e-9), .from = from, .to = to};
}

svg_axis svg_axis_of_powers(double low, double high, double from, double to)
{
    int known = isfinite(low) && isfinite(high) && low <= high && fmax(fabs(low), fabs(high)) < 1e6;
    svg_axis made = {
        .low = known ? floor(low) : -1, .high = known ? ceil(high) : 1, .from = from, .to = to, .powers = 1};
    made.high += made.high == made.low;
    return made;
}

double svg_axis_place_beyond(const svg_axis *a, double value)
{
    return a->from + (value - a->low) / (a->high - a->low) * (a->to - a->from);
}

double svg_axis_place(const svg_axis *a, double value)
{
    return isnan(value) ? NAN : svg_axis_place_beyond(a, fmax(a->low, fmin(a->high, value)));
}

/* 10⁻⁷ */
static void put_power(char out[64], int power)
{
    static const char *const raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char digits[16];
    snprintf(digits, sizeof(digits), "%d", power < 0 ? -power : power);
    strcpy(out, power < 0 ? "10⁻" : "10");
    for (const char *c = digits; *c; c++)
        strcat(out, raised[*c - '0']);
}

/* A tick is a whole number of steps: its number has no rounding to show. */
static svg_name number_of(const step *s, long count)
{
    double value = (double)count * s->factor;
    if (count == 0 && (s->power < -6 || s->power > 5))
        return svg_decimal(0, 0);
    if (s->power >= -6 && s->power <= 5)
        return svg_decimal(value * ten_to(s->power), s->power < 0 ? -s->power : 0);
    svg_name made = svg_decimal(value, 0);
    strcat(made.name, "×");
    put_power(made.name + strlen(made.name), s->power);
    return made;
}

/* What a power of ten stands for, in the words of odds: 1/100, 1, 100, 10⁵. */
static void number_of_power(char out[64], long power)
{
    static const char *const small[] = {"1", "10", "100", "1000"};
    if (power < -3 || power > 3)
        put_power(out, (int)power);
    else
        snprintf(out, 64, "%s%s", power < 0 ? "1/" : "", small[power < 0 ? -power : power]);
}

static long first_tick(const svg_axis *a, const step *s)
{
    return lround(ceil(a->low / s->size - 1e-6));
}

static long last_tick(const svg_axis *a, const step *s)
{
    return lround(floor(a->high / s->size + 1e-6));
}

void svg_axis_below(svg *s, const svg_axis *a, double top, double y, const char *label)
{
    svg_font number = {.size = number_size, .anchor = SVG_MIDDLE};
    step by = step_for(a, a->powers ? (int)(fabs(a->to - a->from) / 52) : (int)(fabs(a->to - a->from) / 56));
    for (long i = first_tick(a, &by); i <= last_tick(a, &by); i++) {
        double x = svg_axis_place(a, (double)i * by.size);
        char meant[64];
        svg_line(s, x, top, x, y, &grid);
        svg_line(s, x, y, x, y + 5, &rule);
        svg_text(s, x, y + 20, &number, number_of(&by, i).name);
        number_of_power(meant, lround((double)i * by.size));
        if (a->powers)
            svg_text(s, x, y + 37, &(svg_font){.size = number_size, .anchor = SVG_MIDDLE, .colour = "#555"}, meant);
    }
    svg_line(s, a->from, y, a->to, y, &rule);
    svg_text_within(s, (a->from + a->to) / 2, y + (a->powers ? 58 : 42), 700,
                    &(svg_font){.size = label_size, .anchor = SVG_MIDDLE}, label);
}

void svg_axis_left(svg *s, const svg_axis *a, double x, double right, const char *label)
{
    step by = step_for(a, (int)fmax(2, fabs(a->to - a->from) / 32));
    for (long i = first_tick(a, &by); i <= last_tick(a, &by); i++) {
        double y = svg_axis_place(a, (double)i * by.size);
        svg_line(s, x, y, right, y, &grid);
        svg_line(s, x - 5, y, x, y, &rule);
        svg_text(s, x - 8, y + 5, &(svg_font){.size = number_size, .anchor = SVG_END}, number_of(&by, i).name);
    }
    svg_line(s, x, a->from, x, a->to, &rule);
    svg_text_within(s, x - 50, (a->from + a->to) / 2, fabs(a->to - a->from) + 40,
                    &(svg_font){.size = label_size, .anchor = SVG_MIDDLE, .turned = 1}, label);
}
