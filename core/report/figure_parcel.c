/* Figures of a parcel: its composition, and the likelihood ratios of its specimens. */
#include "report/figure_parcel.h"

#include "base/memory.h"
#include "report/figure_dots.h"
#include "report/phrase.h"
#include "report/svg_axis.h"
#include "report/svg_style.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double page = 720;
static const svg_font plain = {.size = 15}, small = {.size = 14, .colour = "#555"};

/* Composition */

static const double name_width = 202, shares_from = 212, shares_to = 520, numbers_at = 546;

/* Where memory ends for it, it has ended for the figure, `out`. */
static svg_name share_in_words(text *out, const figure_share *s)
{
    svg_name made = {""};
    text said = {0};
    phrase_estimate(&said, s->mean, s->low, s->high, 1);
    if (!said.failed)
        snprintf(made.name, sizeof made.name, "%s", said.at);
    out->failed |= said.failed;
    text_clear(&said);
    return made;
}

static const char *row_name(const figure_composition *f, size_t i)
{
    return i < f->n_origins ? f->origin[i] : "none of these";
}

static void draw_row_name(svg *s, const figure_composition *f, size_t i, double y)
{
    svg_font font = plain;
    font.bold = i < f->n_origins && i == f->declared;
    if (i < f->n_origins)
        svg_marker_of(s, i, 12, y - 5, 5);
    svg_text_within(s, 26, y, name_width - 26, &font, row_name(f, i));
    if (font.bold)
        svg_text(s, 26, y + 18, &(svg_font){.size = 14, .colour = "#555"}, "declared origin");
}

/* A bar with its interval, number at the right. */
static void draw_number_share(svg *s, const svg_axis *a, const figure_share *share, const char *fill, const char *line,
                              double y)
{
    svg_look bar = {.fill = fill, .stroke = line, .width = 1.2}, whisker = {.stroke = "#111", .width = 1.8};
    double end = svg_axis_place(a, 100 * share->mean);
    svg_rectangle(s, a->from, y - 7, end - a->from, 14, &bar);
    svg_whisker(s, svg_axis_place(a, 100 * share->low), y, svg_axis_place(a, 100 * share->high), y, 5, &whisker);
}

static void draw_mass_share(svg *s, const svg_axis *a, const figure_share *share, double y)
{
    svg_look mark = {.fill = "#fff", .stroke = "#111", .width = 1.8};
    double x = svg_axis_place(a, 100 * share->mean);
    svg_whisker(s, svg_axis_place(a, 100 * share->low), y, svg_axis_place(a, 100 * share->high), y, 5,
                &(svg_look){.stroke = "#111", .width = 1.8, .dash = "4 3"});
    svg_markers(s, SVG_DIAMOND, 1, &x, &y, 5, &mark);
}

static void draw_composition_row(svg *s, const svg_axis *a, const figure_composition *f, size_t i, double y, double row)
{
    const char *colour = i < f->n_origins ? svg_style_of(i).colour : "#777";
    svg_name hatch = i < f->n_origins ? svg_hatch(s, i) : (svg_name){"#ddd"};
    double upper = f->by_mass ? y + row / 2 - 12 : y + row / 2;
    draw_row_name(s, f, i, i < f->n_origins && f->declared == i ? y + row / 2 - 4 : y + row / 2 + 5);
    draw_number_share(s, a, &f->by_number[i], hatch.name, colour, upper);
    svg_text(s, numbers_at, upper + 5, &plain, share_in_words(s->out, &f->by_number[i]).name);
    if (f->by_mass) {
        draw_mass_share(s, a, &f->by_mass[i], upper + 23);
        svg_text(s, numbers_at, upper + 28, &plain, share_in_words(s->out, &f->by_mass[i]).name);
    }
    svg_line(s, 0, y + row, page, y + row, &(svg_look){.stroke = "#ddd", .width = 1});
}

static void describe_composition(text *t, const figure_composition *f)
{
    text_append(t, "Share of the parcel by origin: posterior mean and 95 %% interval.");
    for (size_t i = 0; i <= f->n_origins; i++) {
        text_append(t, " %s: %s by stones", row_name(f, i), share_in_words(t, &f->by_number[i]).name);
        if (f->by_mass)
            text_append(t, ", %s by carats", share_in_words(t, &f->by_mass[i]).name);
        text_append(t, i == f->declared && i < f->n_origins ? "; declared." : ".");
    }
}

void figure_draw_composition(text *out, const char *prefix, const figure_composition *f)
{
    svg s = {.out = out, .prefix = prefix};
    text description = {0};
    const svg_legend_entry marks[] = {
        {"by stones, bar", SVG_LEGEND_MARKER, 0, SVG_SQUARE, {.fill = "#bbb", .stroke = "#444", .width = 1.2}},
        {"95 % interval", SVG_LEGEND_LINE, 0, 0, {.stroke = "#111", .width = 1.8}},
        {"by carats, diamond", SVG_LEGEND_MARKER, 0, SVG_DIAMOND, {.fill = "#fff", .stroke = "#111", .width = 1.8}}};
    double row = f->by_mass ? 56 : 40, top = 36, bottom = top + row * (double)(f->n_origins + 1);
    svg_axis axis = {.low = 0, .high = 100, .from = shares_from, .to = shares_to};
    describe_composition(&description, f);
    svg_open(&s, page, bottom + 54, "Composition of the parcel", description.at ? description.at : "");
    svg_legend(&s, 8, 4, page, f->by_mass ? 3 : 2, marks);
    svg_axis_below(&s, &axis, top, bottom, "share of the parcel, %");
    for (size_t i = 0; i <= f->n_origins; i++)
        draw_composition_row(&s, &axis, f, i, top + row * (double)i, row);
    svg_close(&s);
    out->failed |= description.failed;
    text_clear(&description);
}

/* Likelihood ratios by specimen */

static const double strips_from = 190, strips_to = 700, word_size = 14;

/* What the strips are drawn in. */
typedef struct strips {
    const figure_strips *f;
    svg_axis axis;
    double top, row, bottom;
    int words_turned;
    double *x, *y; /* [n_specimens] */
} strips;

/* The axis holds the bounds, LR = 1 and the finite ratios, as far as 2 powers beyond the bounds, or to 10^12. */
static svg_axis strips_axis(const figure_strips *f)
{
    double most = isfinite(f->bound_high) ? f->bound_high + 2 : 12;
    double least = isfinite(f->bound_low) ? f->bound_low - 2 : -12;
    double low = isfinite(f->bound_low) ? fmin(-1, f->bound_low - 0.4) : -1;
    double high = isfinite(f->bound_high) ? fmax(1, f->bound_high + 0.4) : 1;
    for (size_t i = 0; i < f->n_specimens * f->n_origins; i++)
        if (isfinite(f->log10_lr[i])) {
            low = fmin(low, fmax(least, f->log10_lr[i]));
            high = fmax(high, fmin(most, f->log10_lr[i]));
        }
    return svg_axis_of_powers(low, high, strips_from, strips_to);
}

static const char *next_word(const char *c, char word[64])
{
    size_t length = strcspn(c, " ");
    snprintf(word, 64, "%.*s", (int)(length < 63 ? length : 63), c);
    return c + length + strspn(c + length, " ");
}

/* Do the words of each zone stand one below the other within it? */
static int words_fit(const figure_strips *f, const svg_axis *a, size_t *lines)
{
    int fit = 1;
    char word[64];
    *lines = 0;
    for (size_t i = 0; i < f->n_zones; i++) {
        double width = svg_axis_place(a, f->zones[i].high) - svg_axis_place(a, f->zones[i].low);
        size_t n = 0;
        for (const char *c = f->zones[i].words; *c && width > 1; n++) {
            c = next_word(c, word);
            fit &= svg_text_width(word, word_size) <= width;
        }
        *lines = n > *lines ? n : *lines;
    }
    return fit && *lines <= 3;
}

static double words_height(const figure_strips *f, int turned, size_t lines)
{
    double most = 0;
    for (size_t i = 0; i < f->n_zones; i++)
        most = fmax(most, svg_text_width(f->zones[i].words, word_size));
    return f->n_zones == 0 ? 0 : turned ? fmin(220, most) + 12 : 17 * (double)lines + 10;
}

static void draw_words(svg *s, const strips *d, double middle, double width, const char *words)
{
    svg_font font = {.size = word_size, .anchor = SVG_MIDDLE, .colour = "#333"};
    char word[64];
    double y = 16;
    if (d->words_turned && width >= word_size + 2) {
        font.turned = 1;
        font.anchor = SVG_START;
        svg_text_within(s, middle + 5, d->top - 8, 220, &font, words);
    }
    for (const char *c = words; *c && !d->words_turned && width > 1; y += 17) {
        c = next_word(c, word);
        svg_text(s, middle, y, &font, word);
    }
}

static void draw_zones(svg *s, const strips *d)
{
    for (size_t i = 0; i < d->f->n_zones; i++) {
        double from = svg_axis_place(&d->axis, d->f->zones[i].low), to = svg_axis_place(&d->axis, d->f->zones[i].high);
        if (i % 2 == 0)
            svg_rectangle(s, from, 4, to - from, d->bottom - 4, &(svg_look){.fill = "#f3f3f3"});
        draw_words(s, d, (from + to) / 2, to - from, d->f->zones[i].words);
    }
}

static void draw_bound(svg *s, const strips *d, double bound, double end)
{
    if (!isfinite(bound))
        return;
    double x = svg_axis_place(&d->axis, bound);
    svg_rectangle(s, fmin(x, end), d->top, fabs(end - x), d->bottom - d->top, &(svg_look){.fill = "#c9c9c9"});
    svg_line(s, x, d->top, x, d->bottom, &(svg_look){.stroke = "#555", .width = 1.4, .dash = "6 3"});
}

static size_t beyond(const figure_strips *f, const svg_axis *a, size_t origin, int above)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_specimens; i++) {
        double v = f->log10_lr[i * f->n_origins + origin];
        n += above ? v > a->high : v < a->low;
    }
    return n;
}

/* Their number stands where the dots are, at the axis' end. */
static void draw_beyond(svg *s, const strips *d, size_t origin, double y)
{
    for (int above = 0; above < 2; above++) {
        size_t n = beyond(d->f, &d->axis, origin, above);
        svg_name said;
        snprintf(said.name, sizeof(said.name), above ? "%zu beyond ▸" : "◂ %zu beyond", n);
        if (n)
            svg_text(s, above ? strips_to - 2 : strips_from + 2, y + 34,
                     &(svg_font){.size = 13, .anchor = above ? SVG_END : SVG_START}, said.name);
    }
}

/* All rows have dots of one size: that of the fullest. Returns the stacks of a row, its dots placed. */
static figure_stacks place_strip(const strips *d, size_t origin, double largest)
{
    const figure_strips *f = d->f;
    figure_stacks stacks;
    figure_strip strip = {strips_from, strips_to, svg_axis_place(&d->axis, 0), d->row - 24, largest};
    for (size_t i = 0; i < f->n_specimens; i++)
        d->x[i] = svg_axis_place(&d->axis, f->log10_lr[i * f->n_origins + origin]);
    figure_stack_dots(&stacks, f->n_specimens, d->x, d->y, &strip);
    return stacks;
}

/* No dot within the bounds is moved beyond them. */
static double within_bounds(const strips *d, double value, double x)
{
    if (value <= d->f->bound_high)
        x = fmin(x, svg_axis_place(&d->axis, d->f->bound_high));
    if (value >= d->f->bound_low)
        x = fmax(x, svg_axis_place(&d->axis, d->f->bound_low));
    return x;
}

static void draw_strip(svg *s, const strips *d, size_t origin, double radius)
{
    const figure_strips *f = d->f;
    double y = d->top + d->row * (double)origin, floor = y + d->row - 3;
    figure_stacks stacks = place_strip(d, origin, radius);
    for (size_t i = 0; i < f->n_specimens; i++) {
        d->x[i] = within_bounds(d, f->log10_lr[i * f->n_origins + origin], d->x[i]);
        d->y[i] = floor - d->y[i];
    }
    svg_dots(s, f->n_specimens, d->x, d->y, stacks.radius, svg_style_of(origin).colour);
    figure_write_squeezed(s, &stacks, y + 16);
    svg_marker_of(s, origin, 12, y + d->row / 2, 5);
    svg_text_within(s, 26, y + d->row / 2 + 5, strips_from - 34, &plain, f->origin[origin]);
    draw_beyond(s, d, origin, y);
    svg_line(s, 0, y + d->row, strips_to, y + d->row, &(svg_look){.stroke = "#999", .width = 1});
}

/* Specimens without a ratio for any origin. */
static size_t without_ratio(const figure_strips *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_specimens; i++) {
        size_t missing = 0;
        for (size_t o = 0; o < f->n_origins; o++)
            missing += isnan(f->log10_lr[i * f->n_origins + o]) != 0;
        n += missing == f->n_origins;
    }
    return n;
}

static void draw_strips_notes(svg *s, const strips *d)
{
    svg_name with_ratio =
        figure_count(d->f->n_specimens - without_ratio(d->f), "stone", "stones; a number counts a full stack");
    svg_name missing =
        figure_count(without_ratio(d->f), "stone has no ratio for any origin", "stones have no ratio for any origin");
    double y = d->bottom + 84, one = svg_axis_place(&d->axis, 0);
    svg_text(s, one - 14, y, &(svg_font){.size = 15, .anchor = SVG_END}, "◂ against the origin");
    svg_text(s, one + 14, y, &plain, "for the origin ▸");
    svg_text(s, 8, y + 26, &small, with_ratio.name);
    if (without_ratio(d->f))
        svg_text(s, 8, y + 48, &small, missing.name);
    if (isfinite(d->f->bound_low) || isfinite(d->f->bound_high)) {
        svg_rectangle(s, 440, y + 13, 26, 15,
                      &(svg_look){.fill = "#c9c9c9", .stroke = "#555", .width = 1.2, .dash = "6 3"});
        svg_text(s, 474, y + 26, &small, "beyond what validation supports");
    }
}

static void draw_all_strips(svg *s, const strips *d)
{
    double one = svg_axis_place(&d->axis, 0), radius = 0;
    for (size_t o = 0; o < d->f->n_origins; o++)
        radius = place_strip(d, o, radius).radius;
    draw_zones(s, d);
    draw_bound(s, d, d->f->bound_low, strips_from);
    draw_bound(s, d, d->f->bound_high, strips_to);
    svg_axis_below(s, &d->axis, d->bottom, d->bottom, "log₁₀ of the likelihood ratio (below it: the ratio itself)");
    svg_line(s, one, d->top - 6, one, d->bottom, &(svg_look){.stroke = "#111", .width = 2});
    for (size_t o = 0; o < d->f->n_origins; o++)
        draw_strip(s, d, o, radius);
    draw_strips_notes(s, d);
}

void figure_draw_strips(text *out, const char *prefix, const figure_strips *f)
{
    svg s = {.out = out, .prefix = prefix};
    strips d = {.f = f, .axis = strips_axis(f), .row = f->n_origins > 6 ? 64 : 92};
    size_t lines;
    d.words_turned = !words_fit(f, &d.axis, &lines);
    d.top = 12 + words_height(f, d.words_turned, lines);
    d.bottom = d.top + d.row * (double)(f->n_origins ? f->n_origins : 1);
    d.x = memory_raw(f->n_specimens, sizeof(*d.x));
    d.y = memory_raw(f->n_specimens, sizeof(*d.y));
    if (d.x && d.y) {
        svg_open(&s, page, d.bottom + 140, "Likelihood ratio of each stone, by origin",
                 "One row an origin, one dot a stone, at the logarithm of the likelihood ratio for that origin against "
                 "the others. Dots at one place are stacked. Right of the line at 0 a stone speaks for the origin.");
        draw_all_strips(&s, &d);
        svg_close(&s);
    } else {
        out->failed = 1;
    }
    free(d.x);
    free(d.y);
}
