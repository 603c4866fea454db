/* Figures as text: well formed, alone, the same for the same input, and drawn whatever the data hold. */
#include "report/emission_lines.h"
#include "report/figure_parcel.h"
#include "report/figure_plane.h"
#include "report/figure_spectra.h"
#include "report/figure_validation.h"
#include "report/svg_axis.h"
#include "report/svg_style.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A checker of XML, as much as the figures use: tags in balance, attributes in quotes, references that are known. */

typedef struct reader {
    const char *c, *what;
    char open[64][32];
    size_t depth, tags;
    char ids[64][64], uses[64][64];
    size_t n_ids, n_uses;
    double turned[64]; /* where names of lines stand */
    size_t n_turned;
} reader;

static void check_characters(const reader *r, const char *from, const char *end)
{
    static const char *const known[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&apos;"};
    for (const char *c = from; c < end; c++) {
        int escaped = 0;
        for (size_t k = 0; k < 5; k++)
            escaped |= strncmp(c, known[k], strlen(known[k])) == 0;
        cr_assert(*c != '&' || escaped, "%s: & at %.30s", r->what, c);
        cr_assert(*c != '<' && *c != '>', "%s: %c within %.30s", r->what, *c, from);
        cr_assert((unsigned char)*c >= 0x20 || *c == '\n', "%s: control character", r->what);
    }
}

static int is_number_attribute(const char *name)
{
    static const char *const names[] = {"d",  "x",  "y",         "width",        "height",
                                        "rx", "ry", "font-size", "stroke-width", "opacity"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(names[i], name) == 0)
            return 1;
    return 0;
}

static void check_attribute(reader *r, const char *name, const char *value)
{
    if (is_number_attribute(name))
        cr_assert_eq(strspn(value, "0123456789.- MlavVhHz"), strlen(value), "%s: %s=\"%s\"", r->what, name, value);
    if (strcmp(name, "transform") == 0 || strcmp(name, "viewBox") == 0)
        cr_assert(!strstr(value, "nan") && !strstr(value, "inf") && !strchr(value, ','), "%s: %s", r->what, value);
    if (strcmp(name, "font-size") == 0)
        cr_assert_geq(atof(value), 13, "%s: letters of size %s", r->what, value);
    if (strcmp(name, "id") == 0)
        snprintf(r->ids[r->n_ids++], 64, "%s", value);
    if (strncmp(value, "url(#", 5) == 0)
        snprintf(r->uses[r->n_uses++], 64, "%.*s", (int)strcspn(value + 5, ")"), value + 5);
    double x, y;
    if (sscanf(value, "rotate(-90 %lf %lf)", &x, &y) == 2 && y == 104)
        r->turned[r->n_turned++] = x;
    cr_assert(r->n_ids < 64 && r->n_uses < 64 && r->n_turned < 64);
}

/* The attributes of a tag, from after its name; stops at its '>' or '/'. */
static void read_attributes(reader *r)
{
    while (isspace((unsigned char)*r->c)) {
        char name[32], value[65536];
        r->c += strspn(r->c, " \n");
        size_t length = strcspn(r->c, "=\" <>");
        cr_assert(length > 0 && length < 32 && r->c[length] == '=' && r->c[length + 1] == '"', "%s: %.40s", r->what,
                  r->c);
        snprintf(name, sizeof(name), "%.*s", (int)length, r->c);
        r->c += length + 2;
        length = strcspn(r->c, "\"");
        cr_assert(length < sizeof(value) && r->c[length] == '"');
        check_characters(r, r->c, r->c + length);
        snprintf(value, sizeof(value), "%.*s", (int)length, r->c);
        check_attribute(r, name, value);
        r->c += length + 1;
    }
}

static void read_tag(reader *r)
{
    int closes = r->c[1] == '/';
    r->c += 1 + closes;
    size_t length = strspn(r->c, "abcdefghijklmnopqrstuvwxyzP");
    cr_assert(length > 0 && length < 32, "%s: %.20s", r->what, r->c);
    if (closes) {
        cr_assert(r->depth > 0 && strlen(r->open[r->depth - 1]) == length &&
                      strncmp(r->open[r->depth - 1], r->c, length) == 0,
                  "%s: </%.20s", r->what, r->c);
        r->depth--;
    } else {
        snprintf(r->open[r->depth++], 32, "%.*s", (int)length, r->c);
        r->tags++;
    }
    r->c += length;
    read_attributes(r);
    if (*r->c == '/' && !closes) {
        r->depth--;
        r->c++;
    }
    cr_assert_eq(*r->c, '>', "%s: %.20s", r->what, r->c);
    r->c++;
    cr_assert_lt(r->depth, 60);
}

static void read_all(reader *r, const char *what, const text *svg)
{
    cr_assert(!svg->failed && svg->at, "%s", what);
    *r = (reader){.c = svg->at, .what = what};
    do {
        size_t length = strcspn(r->c, "<");
        check_characters(r, r->c, r->c + length);
        r->c += length;
        if (*r->c)
            read_tag(r);
    } while (*r->c);
    cr_assert_eq(r->depth, 0, "%s: %s is open", what, r->depth ? r->open[0] : "");
}

/* All that every figure has to fulfil. Returns the number of elements. */
static size_t check(const char *what, const text *svg)
{
    static reader r;
    read_all(&r, what, svg);
    cr_assert(text_is_utf8(svg->at), "%s", what);
    cr_assert(!strstr(svg->at, "href") && !strstr(svg->at, "<script") && !strstr(svg->at, "class="), "%s", what);
    cr_assert(strstr(svg->at, "role=\"img\"") && strstr(svg->at, "<title id=") && strstr(svg->at, "<desc id="), "%s",
              what);
    for (size_t i = 0; i < r.n_uses; i++) {
        size_t found = 0;
        for (size_t k = 0; k < r.n_ids; k++)
            found += strcmp(r.uses[i], r.ids[k]) == 0;
        cr_assert_eq(found, 1, "%s: %s is defined %zu times", what, r.uses[i], found);
    }
    for (size_t i = 0; i < r.n_turned; i++)
        for (size_t k = 0; k < i; k++)
            cr_assert_geq(fabs(r.turned[i] - r.turned[k]), 14, "%s: names of lines overlap", what);
    return r.tags;
}

/* Data: plain, and with all that may go wrong. */

enum { MOST_STONES = 300, MOST_ORIGINS = 13, CHANNELS = 3000 };

static const char *const origins[] = {"CAR/west/Carnot",
                                      "Côte <d'Ivoire> & \"Séguéla\"",
                                      "Якутия\x01\x1B/\xE2\x80\xAEМир",
                                      "\xFF\xC3 not UTF-8 <",
                                      "中非共和国",
                                      "a",
                                      "",
                                      "A very long name of an origin that no column can hold",
                                      "CAN",
                                      "AUS",
                                      "ZWE",
                                      "VEN",
                                      "IND"};

/* From -1 to 1; of every 7th number not one is finite where `broken`. */
static double noise(size_t i, int broken)
{
    static const double odd[] = {(double)NAN, (double)INFINITY, -(double)INFINITY, 1e300, -1e300};
    double turn = (double)(i % 1009) * 0.6180339887498949;
    return broken && i % 7 == 3 ? odd[i / 7 % 5] : 2 * (turn - floor(turn)) - 1;
}

typedef struct world {
    size_t n_specimens, n_origins;
    int broken;
    figure_share share[MOST_ORIGINS + 1];
    double lr[MOST_STONES * MOST_ORIGINS], at[2 * MOST_STONES], library[2 * 2000], centre[2 * MOST_ORIGINS],
        covariance[4 * MOST_ORIGINS], nm[CHANNELS], spectra[CHANNELS * (MOST_ORIGINS + 1)], contribution[CHANNELS];
    size_t library_origin[2000], number[MOST_ORIGINS];
    unsigned char rejected[MOST_STONES];
} world;

static void fill_spectra(world *w)
{
    for (size_t i = 0; i < CHANNELS; i++) {
        w->nm[i] = 230 + 0.2 * (double)i + (i >= 1000 ? 30 : 0);
        w->contribution[i] = 0.01 * noise(i * 31, w->broken) * (i % 50 == 0);
        for (size_t k = 0; k <= w->n_origins; k++)
            w->spectra[k * CHANNELS + i] = 0.02 * noise(i + k, w->broken) + 1 / (1 + pow((w->nm[i] - 279.6) / 0.2, 2)) +
                                           0.5 / (1 + pow((w->nm[i] - 588.9) / 0.2, 2)) +
                                           0.4 / (1 + pow((w->nm[i] - 589.7) / 0.2, 2));
    }
}

static world *make_world(size_t n_specimens, size_t n_origins, int broken)
{
    world *w = calloc(1, sizeof(*w));
    *w = (world){.n_specimens = n_specimens, .n_origins = n_origins, .broken = broken};
    for (size_t i = 0; i <= n_origins; i++)
        w->share[i] = (figure_share){noise(i, broken) / 2 + 0.5, noise(i + 1, broken) / 2, noise(i + 2, broken)};
    for (size_t i = 0; i < n_specimens * n_origins; i++)
        w->lr[i] = 3 * noise(i, broken);
    for (size_t i = 0; i < 2 * n_specimens; i++)
        w->at[i] = 5 * noise(i + 5, broken);
    for (size_t i = 0; i < n_specimens; i++)
        w->rejected[i] = i % 5 == 0;
    for (size_t i = 0; i < 4000; i++)
        w->library[i] = 5 * noise(i + 9, broken);
    for (size_t i = 0; i < 2000; i++)
        w->library_origin[i] = i % (n_origins ? n_origins : 1);
    for (size_t o = 0; o < n_origins; o++) {
        w->number[o] = o;
        w->covariance[4 * o] = w->covariance[4 * o + 3] = 1 + noise(o, broken) / 2;
        w->centre[2 * o] = 3 * noise(o, broken);
        w->centre[2 * o + 1] = 3 * noise(o + 4, broken);
    }
    fill_spectra(w);
    return w;
}

enum { N_FIGURES = 9 };

static void draw_validation(text *out, const char *prefix, const world *w, size_t which)
{
    size_t n = w->n_specimens < 20 ? w->n_specimens : 20;
    switch (which) {
    case 5:
        figure_draw_tippett(
            out, prefix,
            &(figure_tippett){w->n_specimens, n, w->lr, w->lr + w->n_specimens / 2, "of <that> origin", "of another"});
        break;
    case 6:
        figure_draw_reliability(out, prefix,
                                &(figure_reliability){n, w->at, w->lr, w->library, w->library + 40, w->at});
        break;
    case 7:
        figure_draw_ece(out, prefix, &(figure_ece){n, w->at, w->lr, w->library, w->library + 40});
        break;
    default:
        figure_draw_coverage(out, prefix, &(figure_coverage){n, w->at, w->lr, w->library, w->library + 40});
    }
}

static void draw(text *out, const char *prefix, const world *w, size_t which)
{
    static const figure_zone zones[] = {{-INFINITY, -1, "moderate & more against"},
                                        {-1, 0, "weak against"},
                                        {0, 1, "weak support"},
                                        {1, INFINITY, "moderate <support>"}};
    static const size_t first[] = {0, 1000};
    switch (which) {
    case 0:
        figure_draw_composition(out, prefix, &(figure_composition){w->n_origins, origins, w->share, w->share, 0});
        break;
    case 1:
        figure_draw_strips(
            out, prefix,
            &(figure_strips){w->n_specimens, w->n_origins, origins, w->lr, -2, w->broken ? (double)NAN : 2, 4, zones});
        break;
    case 2:
    case 3:
        figure_draw_plane(out, prefix,
                          &(figure_plane){w->n_origins,
                                          origins,
                                          which - 1,
                                          {"first <axis>", "second"},
                                          2000,
                                          w->library,
                                          w->library_origin,
                                          w->n_specimens,
                                          w->at,
                                          w->rejected,
                                          w->centre,
                                          w->covariance});
        break;
    case 4:
        figure_draw_spectra(out, prefix,
                            &(figure_spectra){CHANNELS, w->nm, 2, first, 1, 0.2, "intensity", "parcel", w->spectra,
                                              w->n_origins, origins, w->number, w->spectra + CHANNELS, w->contribution,
                                              "CAR", "all <others>"});
        break;
    default:
        draw_validation(out, prefix, w, which);
    }
}

Test(figures, are_well_formed_whatever_the_data_hold)
{
    static const size_t stones[] = {0, 1, 2, MOST_STONES}, n_origins[] = {0, 1, 2, MOST_ORIGINS};
    for (size_t i = 0; i < 32; i++) {
        world *w = make_world(stones[i % 4], n_origins[i / 4 % 4], i >= 16);
        for (size_t which = 0; which < N_FIGURES; which++) {
            char what[80];
            text svg = {0};
            snprintf(what, sizeof(what), "figure %zu of %zu stones, %zu origins%s", which, w->n_specimens, w->n_origins,
                     w->broken ? ", broken" : "");
            draw(&svg, "p", w, which);
            cr_assert_gt(check(what, &svg), 3, "%s is empty", what);
            text_clear(&svg);
        }
        free(w);
    }
}

Test(figures, same_input_same_bytes)
{
    world *w = make_world(MOST_STONES, 4, 0);
    for (size_t which = 0; which < N_FIGURES; which++) {
        text one = {0}, two = {0};
        draw(&one, "p", w, which);
        draw(&two, "p", w, which);
        cr_assert_str_eq(one.at, two.at, "figure %zu", which);
        text_clear(&one);
        text_clear(&two);
    }
    free(w);
}

Test(figures, do_not_heed_the_locale)
{
    world *w = make_world(MOST_STONES, 4, 0);
    text plain[N_FIGURES] = {0}, foreign[N_FIGURES] = {0};
    for (size_t which = 0; which < N_FIGURES; which++)
        draw(&plain[which], "p", w, which);
    int have = setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
    if (have)
        cr_assert_eq(localeconv()->decimal_point[0], ',');
    for (size_t which = 0; have && which < N_FIGURES; which++)
        draw(&foreign[which], "p", w, which);
    setlocale(LC_ALL, "C");
    for (size_t which = 0; which < N_FIGURES; which++) {
        cr_assert(!have || strcmp(plain[which].at, foreign[which].at) == 0, "figure %zu", which);
        text_clear(&plain[which]);
        text_clear(&foreign[which]);
    }
    free(w);
    if (!have)
        cr_skip_test("the locale de_DE.UTF-8 is not installed");
}

/* Ids of two figures in one page differ: each starts with its prefix. */
Test(figures, share_a_page)
{
    world *w = make_world(5, 3, 0);
    for (size_t which = 0; which < N_FIGURES; which++) {
        text svg = {0};
        draw(&svg, "case-7", w, which);
        for (const char *c = strstr(svg.at, " id=\""); c; c = strstr(c + 1, " id=\""))
            cr_assert_eq(strncmp(c + 5, "case-7-", 7), 0, "figure %zu: %.30s", which, c);
        text_clear(&svg);
    }
    free(w);
}

static size_t count_of(const char *in, const char *what)
{
    size_t n = 0;
    for (const char *c = strstr(in, what); c; c = strstr(c + 1, what))
        n++;
    return n;
}

/* Every judged stone has its dot, also where many fall together. */
Test(figures, strips_show_each_stone)
{
    static double lr[MOST_STONES];
    for (size_t i = 0; i < MOST_STONES; i++)
        lr[i] = i < 200 ? 0.5 : i < 290 ? noise(i, 0) : i < 295 ? INFINITY : NAN;
    text svg = {0};
    figure_draw_strips(&svg, "p", &(figure_strips){MOST_STONES, 1, origins, lr, NAN, NAN, 0, NULL});
    check("strips", &svg);
    cr_assert_eq(count_of(svg.at, "h0"), 295);
    cr_assert(strstr(svg.at, ">5 beyond ▸<") && strstr(svg.at, ">5 stones have no ratio for any origin<"));
    text_clear(&svg);
}

/* Dots are moved to the middle of columns, but never across LR = 1, nor out of the bounds. */
Test(figures, strips_move_no_stone_across_a_line)
{
    static double lr[200];
    for (size_t i = 0; i < 200; i++)
        lr[i] = i < 100 ? -0.001 * (double)(i + 1) : 2;
    text svg = {0};
    figure_draw_strips(&svg, "p", &(figure_strips){200, 1, origins, lr, -2, 2, 0, NULL});
    size_t below = 0, at_bound = 0;
    /* The axis runs from -3 to 3 over 190 to 700: LR = 1 is at 445, the bound at 615. */
    for (const char *c = strstr(svg.at, "M"); c; c = strstr(c + 1, "M")) {
        double x, y;
        if (sscanf(c, "M%lf %lfh0", &x, &y) == 2 && strncmp(c + strspn(c, "M0123456789. "), "h0", 2) == 0) {
            cr_assert(x < 445 || (x > 600 && x <= 615), "a dot at %g", x);
            below += x < 445;
            at_bound += x > 600;
        }
    }
    cr_assert(below == 100 && at_bound == 100);
    text_clear(&svg);
}

Test(figures, composition_says_its_numbers)
{
    const figure_share shares[] = {{0.62, 0.484, 0.74}, {0.003, 0, 0.03}, {0.377, NAN, 0.999}};
    text svg = {0};
    figure_draw_composition(&svg, "p", &(figure_composition){2, origins, shares, NULL, 1});
    check("composition", &svg);
    cr_assert(strstr(svg.at, ">62 % (48 to 74 %)<"));
    cr_assert(strstr(svg.at, ">under 1 % (0 to 3 %)<"));
    cr_assert(strstr(svg.at, ">38 %<"));
    cr_assert_eq(count_of(svg.at, ">declared origin<"), 1);
    cr_assert(strstr(svg.at, "none of these: 38 % by stones."));
    text_clear(&svg);
}

/* The circle of a unit covariance has the radius of 95 % of a normal in the plane, in the axis' units. */
Test(figures, ellipse_holds_95_percent)
{
    const double centre[] = {0, 0}, covariance[] = {4, 0, 0, 1};
    double rx, ry, turn;
    text svg = {0};
    figure_draw_plane(&svg, "p",
                      &(figure_plane){.n_origins = 1,
                                      .origin = origins,
                                      .n_axes = 2,
                                      .axis_label = {"a", "b"},
                                      .centre = centre,
                                      .covariance = covariance});
    check("plane", &svg);
    const char *c = strstr(svg.at, "<ellipse");
    cr_assert(c && sscanf(c, "<ellipse rx=\"%lf\" ry=\"%lf\"", &rx, &ry) == 2);
    c = strstr(c, "rotate(");
    cr_assert(sscanf(c, "rotate(%lf", &turn) == 1);
    /* Axes run from -6 to 6 over 630 units, and from -3 to 3 over 500. */
    cr_assert_float_eq(rx, 2 * sqrt(5.991) * 630 / 12, 0.2);
    cr_assert_float_eq(ry, sqrt(5.991) * 500 / 6, 0.2);
    cr_assert_float_eq(turn, 0, 1e-9);
    text_clear(&svg);
}

/* 40,000 channels and 13 libraries: short, with the peaks, named, and open between the segments. */
Test(figures, long_spectra_are_short)
{
    enum { N = 40000 };
    static double nm[N], spectra[14 * N], contribution[N];
    static const size_t first[] = {0, 20000};
    size_t number[13];
    for (size_t i = 0; i < N; i++) {
        nm[i] = 200 + 0.015 * (double)i + (i >= 20000 ? 40 : 0);
        contribution[i] = noise(i, 0);
        for (size_t k = 0; k < 14; k++)
            spectra[k * N + i] = noise(i * 7 + k, 0) + 50 / (1 + pow((nm[i] - 279.553) / 0.05, 2)) +
                                 40 / (1 + pow((nm[i] - 279.9) / 0.05, 2)) + 30 / (1 + pow((nm[i] - 766.49) / 0.05, 2));
    }
    for (size_t k = 0; k < 13; k++)
        number[k] = k;
    text svg = {0};
    figure_draw_spectra(&svg, "p",
                        &(figure_spectra){N, nm, 2, first, 1, 0.1, "intensity", "parcel", spectra, 13, origins, number,
                                          spectra + N, contribution, "CAR", "others"});
    check("spectra", &svg);
    cr_assert_lt(svg.length, 60000);
    cr_assert_eq(count_of(svg.at, ">Mg II 279.55<"), 1);
    cr_assert_eq(count_of(svg.at, ">K I 766.49<"), 1);
    cr_assert_eq(count_of(svg.at, "Mg II 280.27"), 0);
    size_t open = 0; /* curves of two pieces */
    for (const char *c = strstr(svg.at, "<path d=\"M"); c; c = strstr(c + 1, "<path d=\"M")) {
        const char *end = strchr(c + 9, '"'), *second = strchr(c + 10, 'M');
        open += end - c > 500 && second && second < end && !memchr(c + 9, 'v', (size_t)(end - c - 9));
    }
    cr_assert_eq(open, 14);
    text_clear(&svg);
}

Test(figures, reading_tippett)
{
    const double same[] = {2, 1, -1, NAN}, different[] = {-2, -1, 0.5, -INFINITY};
    text svg = {0};
    figure_draw_tippett(&svg, "p", &(figure_tippett){4, 4, same, different, "same", "different"});
    check("tippett", &svg);
    cr_assert(strstr(svg.at, ">1 of 3 have LR below 1 (misleading): 33.3 %<"));
    cr_assert(strstr(svg.at, ">1 of 4 have LR above 1 (misleading): 25.0 %<"));
    text_clear(&svg);
}

/* Primitives */

Test(svg, numbers_and_texts)
{
    cr_assert_str_eq(svg_decimal(-1234.5678, 2).name, "−1234.57");
    cr_assert_str_eq(svg_decimal(-0.001, 2).name, "0.00");
    cr_assert_str_eq(svg_decimal(0.05, 3).name, "0.050");
    cr_assert_str_eq(svg_decimal(9.996, 2).name, "10.00");
    cr_assert_str_eq(svg_decimal(NAN, 2).name, "–");
    cr_assert_str_eq(svg_decimal(1e300, 2).name, "1e+300");
    text out = {0};
    svg s = {&out, "p"};
    svg_text(&s, 1.25, -0.5, &(svg_font){.size = 14}, "<a & \"b\">\x07\xC2\x85\xE2\x80\xAE é\n");
    cr_assert_str_eq(
        out.at, "<text x=\"1.3\" y=\"-.5\" font-size=\"14\" fill=\"#222\">&lt;a &amp; &quot;b&quot;&gt; é</text>\n");
    text_clear(&out);
    svg_text_within(&s, 0, 0, 40, &(svg_font){.size = 14}, "ééééééééé");
    cr_assert_str_eq(out.at,
                     "<text x=\"0\" y=\"0\" font-size=\"14\" fill=\"#222\">éééé…<title>ééééééééé</title></text>\n");
    text_clear(&out);
    svg_polyline(&s, 5, (double[]){0, 10, NAN, 20.55, 21}, (double[]){0, -3, 1, 4, 4.04},
                 &(svg_look){.stroke = "#000", .width = 1});
    cr_assert_str_eq(out.at, "<path d=\"M0 0l10-3M20.6 4l.4 0\" fill=\"none\" stroke=\"#000\" stroke-width=\"1\" "
                             "stroke-linejoin=\"round\"/>\n");
    text_clear(&out);
}

Test(svg, axes_are_round)
{
    svg_axis a = svg_axis_around(0.13, 0.87, 0, 100);
    cr_assert_float_eq(a.low, 0, 1e-12);
    cr_assert_float_eq(a.high, 1, 1e-12);
    cr_assert_float_eq(svg_axis_place(&a, 0.25), 25, 1e-9);
    cr_assert_eq(svg_axis_place(&a, INFINITY), 100);
    cr_assert(isnan(svg_axis_place(&a, NAN)));
    a = svg_axis_around(7, 7, 0, 1);
    cr_assert(a.low < 7 && a.high > 7);
    a = svg_axis_around(NAN, INFINITY, 0, 1);
    cr_assert(a.low == 0 && a.high == 1);
    a = svg_axis_of_powers(-1.2, 2.1, 0, 400);
    cr_assert(a.low == -2 && a.high == 3);
    text out = {0};
    svg s = {&out, "p"};
    svg_axis_below(&s, &a, 0, 10, "LR");
    cr_assert(strstr(out.at, ">−2<") && strstr(out.at, ">1/100<") && strstr(out.at, ">1000<"));
    text_clear(&out);
    a = svg_axis_around(-3e-9, 8e-9, 0, 400);
    svg_axis_below(&s, &a, 0, 10, "small");
    cr_assert(strstr(out.at, ">−2×10⁻⁹<") && strstr(out.at, ">0<"));
    text_clear(&out);
}

/* CIE lightness of "#rrggbb" (sRGB, IEC 61966-2-1). */
static double lightness(const char *colour)
{
    static const double weight[] = {0.2126, 0.7152, 0.0722};
    double luminance = 0;
    unsigned value = (unsigned)strtoul(colour + 1, NULL, 16);
    for (unsigned k = 0; k < 3; k++) {
        double c = (value >> (16 - 8 * k) & 255) / 255.0;
        luminance += weight[k] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return 116 * cbrt(luminance) - 16;
}

Test(svg, origins_differ_without_colour)
{
    for (size_t a = 0; a < 128; a++)
        for (size_t b = 0; b < a; b++) {
            svg_style p = svg_style_of(a), q = svg_style_of(b);
            cr_assert(p.marker != q.marker || p.hollow != q.hollow || p.colour != q.colour, "%zu and %zu", a, b);
            if (a >= 8)
                continue;
            cr_assert(p.hatch != q.hatch && p.marker != q.marker && p.dash != q.dash);
            cr_assert_gt(fabs(lightness(p.colour) - lightness(q.colour)), a < 6 ? 7 : 2, "%s %s", p.colour, q.colour);
        }
}

/* Emission lines */

Test(emission_lines, table)
{
    size_t n;
    const emission_line *line = emission_lines(&n);
    cr_assert_geq(n, 120);
    for (size_t i = 0; i < n; i++) {
        cr_assert(line[i].stage >= 0 && line[i].stage <= 2 && line[i].rank >= 1 && line[i].air_nm > 180);
        cr_assert(i == 0 || line[i].air_nm > line[i - 1].air_nm, "row %zu", i);
        size_t same = 0, before = 0;
        for (size_t k = 0; k < n; k++) {
            int kin = strcmp(line[k].species, line[i].species) == 0 && line[k].stage == line[i].stage;
            same += kin && line[k].rank == line[i].rank;
            before += kin && line[k].rank < line[i].rank;
        }
        cr_assert(same == 1 && before == (size_t)line[i].rank - 1, "row %zu: the ranks of %s", i, line[i].species);
    }
}

/* Wavelengths of NIST ASD in vacuum and in air: Na I 589.1583 and 588.9951, Mg II 279.6352 and 279.5528, K I 766.7009
 * (766.4899 in air). */
Test(emission_lines, air_and_vacuum)
{
    cr_assert_float_eq(air_of_vacuum(589.1583), 588.9951, 2e-4);
    cr_assert_float_eq(air_of_vacuum(279.6352), 279.5528, 2e-4);
    cr_assert_float_eq(air_of_vacuum(766.7009), 766.4899, 2e-4);
    cr_assert(air_of_vacuum(193.09) == 193.09);
}

Test(emission_lines, nearest)
{
    char name[32];
    emission_line_name(name, emission_line_near(589.0, 1, 0.1));
    cr_assert_str_eq(name, "Na I 589.00");
    emission_line_name(name, emission_line_near(279.6352, 0, 0.01));
    cr_assert_str_eq(name, "Mg II 279.55");
    emission_line_name(name, emission_line_near(516.5, 1, 0.1));
    cr_assert_str_eq(name, "C2 516.52");
    cr_assert_null(emission_line_near(589.3, 1, 0.05));
    cr_assert_null(emission_line_near(279.6352, 1, 0.05));
    cr_assert_null(emission_line_near(NAN, 1, 1));
}
