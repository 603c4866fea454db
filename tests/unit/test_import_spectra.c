/* The import of spectrometers' text files. */
#include "base/digest.h"

#include "import_files.h"

#include <locale.h>
#include <zlib.h>

TestSuite(import, .init = begin, .fini = folder_end);

/* Criterion does not call .fini for a test that is skipped. */
#define SKIP(...)                                                                                                      \
    do {                                                                                                               \
        folder_end();                                                                                                  \
        cr_skip_test(__VA_ARGS__);                                                                                     \
    } while (0)

static void expect_file(const char *name, size_t n, double first_nm, float first, double last_nm, float last)
{
    const char *path = test_file(name);
    if (!path)
        SKIP("%s is missing", name);
    const char *files[1] = {path};
    adamas_spectra *s = imported((adamas_import){.n_files = 1, .files = files});
    float *row = malloc(s->axis.n * sizeof *row);
    cr_assert_eq(spectra_rows(s, 0, 1, row, &error), ADAMAS_OK);
    cr_expect_eq(s->axis.n, n, "%s: %zu channels", name, s->axis.n);
    cr_expect_eq(s->axis.nm[0], first_nm, "%s: %.10g", name, s->axis.nm[0]);
    cr_expect_eq(s->axis.nm[s->axis.n - 1], last_nm, "%s: %.10g", name, s->axis.nm[s->axis.n - 1]);
    cr_expect_eq(row[0], first, "%s: %.9g", name, (double)row[0]);
    cr_expect_eq(row[s->axis.n - 1], last, "%s: %.9g", name, (double)row[s->axis.n - 1]);
    free(row);
    spectra_free(s);
}

Test(import, spectrometer_files)
{
    expect_file("spectrometer_files/J_MUR_MARS_17_0001.ttt", 1453, 299.87, 124.99F, 700, 437.54F);
    expect_file("spectrometer_files/OO_comma.txt", 2048, 178.23, 401.471F, 884.34, 25.222F);
    expect_file("spectrometer_files/OOusb4000.txt", 3648, 178.65, 0, 888.37, -12.792F);
    expect_file("spectrometer_files/OceanOptics_comma.jdx", 3648, 176.36, 32822.795F, 893.69, 2497.293F);
    expect_file("spectrometer_files/OceanOptics_period.jdx", 3648, 176.36, 32822.795F, 893.69, 3834.617F);
    expect_file("spectrometer_files/OceanView.txt", 2389, 187.92, 18.995F, 2116.5, 4.6991F);
    expect_file("spectrometer_files/OceanView_nonEN.txt", 2048, 190.74, 133.333F, 889.44, 47.588F);
    expect_file("spectrometer_files/avantes_export.ttt", 401, 300, 3.1487F, 700, 31.4912F);
    expect_file("spectrometer_files/avantes_export2.trt", 1442, 275.27, 805, 1100.13, 774.3F);
    expect_file("spectrometer_files/avantes_export_long.ttt", 1442, 275.27, 795.9F, 1100.13, 799.6F);
    expect_file("spectrometer_files/avasoft8.txt", 401, 300, -6.893F, 700, 63.696F);
    expect_file("spectrometer_files/jazspec.jaz", 2048, 190.8535, 0, 886.439331, 1261.548706F);
}

Test(import, spectra_of_libs_instruments)
{
    expect_file("bhvo2/chemcam_bhvo2_loc1_spectrum.csv", 6144, 240.811, 161e9F, 905.57349, 5.62e9F);
    expect_file("bhvo2/csa_bhvo2_200pulse_spectrum.csv", 13490, 198.066, 0.191F, 970.142, -0.229F);
    expect_file("bhvo2/supercam_1545mm_loc1_spectrum.csv", 7933, 243.78943, 3.1795213e+11F, 852.7723, 8.4524375e+09F);
}

Test(import, a_spectrum_of_an_echelle_spectrometer)
{
    expect_file("aceh_herbal_libs/1_iteration_1.asc", 24878, 199.27356, 0, 936.09326, -223.174F);
}

Test(import, olive_oils)
{
    expect_file("olive_oil_ftir.csv", 570, 5272.013, 0.0113039F, 12517.337, 0.127523F);
}

/* Detectors that overlap, and gaps between them. */
Test(import, cranberries)
{
    expect_file("cranberry_libs_8.csv", 7152, 199.3772, 670.625F, 822.1849, 744.5F);
}

Test(import, olive_oils_have_origins)
{
    const char *path = test_file("olive_oil_ftir.csv");
    if (!path)
        SKIP("olive_oil_ftir.csv is missing");
    const char *files[1] = {path};
    adamas_spectra *s = imported((adamas_import){.n_files = 1, .files = files});
    cr_expect_eq(s->n_shots, 120);
    cr_expect_eq(s->specimens.n_rows, 60);
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "origin", 0), "Greece");
    char hex[65];
    cr_assert_eq(digest_file(hex, path, NULL, &error), ADAMAS_OK);
    cr_expect_str_eq(text_of(s, ADAMAS_SOURCES, "sha256", 0), hex);
    cr_expect_str_eq(text_of(s, ADAMAS_SOURCES, "file", 0), "olive_oil_ftir.csv");
    spectra_free(s);
}

Test(import, tables_of_other_things_are_refused)
{
    const char *files[1] = {test_file("wines/wines_baro.csv")};
    adamas_import what = {.n_files = 1, .files = files};
    cr_expect_eq(run(&what), ADAMAS_E_FORMAT);
    cr_expect_not_null(strstr(error.message, "neither a spectrum"));
    files[0] = test_file("wines/wines_new.csv");
    cr_expect_eq(run(&what), ADAMAS_E_FORMAT);
    cr_expect_not_null(strstr(error.message, "0 columns headed 'sample' or 'intensity' found"), "%s", error.message);
}

Test(import, delimiters_and_decimal_marks)
{
    expect_three_text("200.5,10.25\n201.5,-3.5\n202.5,1200\n");
    expect_three_text("200.5;10.25\n201.5;-3.5\n202.5;1200\n");
    expect_three_text("200.5\t10.25\n201.5\t-3.5\n202.5\t1200\n");
    expect_three_text("200.5 10.25\n  201.5    -3.5\n202.5 \t 1200  \n");
    expect_three_text("200,5;10,25\n201,5;-3,5\n202,5;1200\n");
    expect_three_text("200,5\t10,25\n201,5\t-3,5\n202,5\t1200\n");
    expect_three_text("200,5 10,25\n201,5 -3,5\n202,5 1200\n");
    expect_three_text("200,5, 10,25\n201,5, -3,5\n202,5, 1200\n");
    expect_three_text("200.5, 10.25\n201.5, -3.5\n202.5, 1200\n");
    expect_three_text("\"200,5\",\"10,25\"\n\"201,5\",\"-3,5\"\n\"202,5\",\"1200\"\n");
    expect_three_text("\"200.5\",\"10.25\"\n\"201.5\",\"-3.5\"\n\"202.5\",\"1200\"\n");
    expect_three_text("2.005E2\t+10.25\n20.15e1\t-35E-1\n+202.5\t1.2e+03\n");
    expect_three_text("2,005E+02;1,025E1\n201,5;-3,5\n202,5;1,20E+03\n");
    expect_three_text("200.5;10.25;\n201.5;-3.5;\n202.5;1200;\n");
}

Test(import, headers_ends_and_comments)
{
    expect_three_text("# Wavelength (nm)\tIntensity\n200.5\t10.25\n201.5\t-3.5\n202.5\t1200\n");
    expect_three_text("% a\n// b\n; c\n\n200.5 10.25\n# within\n\n201.5 -3.5\n202.5 1200\n\n\n");
    expect_three_text(
        "Fichero: x\nIntegraci\xF3n: 3\n>>>>> Data\n200.5\t10.25\n201.5\t-3.5\n202.5\t1200\n>>>>>End\n5\n");
    expect_three_text(
        "Datum: 3.4.2020 12:00\nL\xC3\xA4nge;Z\xC3\xA4hlung\n200,5;10,25\n201,5;-3,5\n202,5;1200\nEnde\n");
    expect_three_text("3\n200.5 10.25\n201.5 -3.5\n202.5 1200\n");
    expect_three_text("200.5 10.25\n201.5 -3.5\n202.5 1200\n20 scans in all\n");
    expect_three_text("A1\t20\n200.5\t10.25\n201.5\t-3.5\n202.5\t1200");
}

Test(import, line_ends_and_encodings)
{
    expect_three_text("\xEF\xBB\xBF"
                      "200.5,10.25\r\n201.5,-3.5\r\n202.5,1200\r\n");
    expect_three_text("a\n\rb\r200.5,10.25\r201.5,-3.5\r202.5,1200\r");
    expect_three_text("a\n200.5,10.25\r\n201.5,-3.5\n202.5,1200\r\r\n");
    static const char text[] = "\xC4 x\r\n200.5\t10.25\r\n201.5\t-3.5\r\n202.5\t1200\r\n\x1A";
    char wide[2 * sizeof text + 2] = {'\xFF', '\xFE'}, other[2 * sizeof text + 2] = {'\xFE', '\xFF'};
    for (size_t i = 0; i + 1 < sizeof text; i++) {
        wide[2 + 2 * i] = text[i];
        other[3 + 2 * i] = text[i];
    }
    expect_three("a.txt", text, sizeof text - 1, (adamas_import){0});
    expect_three("a.txt", wide, 2 * sizeof text, (adamas_import){0});
    expect_three("a.txt", other, 2 * sizeof text, (adamas_import){0});
    static const char padded[] = "name: A1\0\0\0\0\0\r\n200.5;10.25\r\n201.5;-3.5\r\n202.5;1200\r\n";
    expect_three("a.txt", padded, sizeof padded - 1, (adamas_import){0});
}

/* Bytes that are not text end a line or are refused. */
Test(import, padding_within_a_line_is_refused)
{
    static const char within[] = "specimen,200,201\na\0b,1,2\n",
                      before[] = "200 1\n\0\0"
                                 "201 2\n",
                      dos[] = "200 1\n20\x1A"
                              "1 2\n";
    static const char padding[] = ": padding (byte 0x00 or 0x1a) found within the line: this is not a text file";
    static const struct {
        const char *bytes;
        size_t n;
    } cases[] = {{within, sizeof within - 1}, {before, sizeof before - 1}, {dos, sizeof dos - 1}};
    char message[200];
    snprintf(message, sizeof message, "a.txt:2%s", padding);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        n_paths = 0;
        put_bytes("a.txt", cases[i].bytes, cases[i].n);
        expect_failure((adamas_import){0}, ADAMAS_E_FORMAT, message);
    }
    static const char wide[] = "\xFF\xFE"
                               "2\0000\0000\0\0\0 \0001\0\n"; /* "200<NUL> 1" */
    n_paths = 0;
    put_bytes("a.txt", wide, sizeof wide);
    snprintf(message, sizeof message, "a.txt:1%s", padding);
    expect_failure((adamas_import){0}, ADAMAS_E_FORMAT, message);
    static const char padded[] = "200.5;10.25\0\0\r\n\0\0\r\n201.5;-3.5\0\n202.5;1200\n\x1A\0\0\0";
    expect_three("a.txt", padded, sizeof padded - 1, (adamas_import){0});
}

Test(import, halves_of_utf16_characters_are_refused)
{
    static const char *const halves[] = {"\xFF\xFE"
                                         "2\x00\x3D\xD8\n",
                                         "\xFF\xFE"
                                         "2\x00\x8E\xDC\n"};
    for (size_t i = 0; i < 2; i++) {
        n_paths = 0;
        put_bytes("a.txt", halves[i], 8);
        expect_failure((adamas_import){0}, ADAMAS_E_FORMAT, "a.txt:1: half a UTF-16 character found");
    }
}

/* U+1F48E, which is two units of UTF-16, and a file that is truncated within a unit. */
Test(import, utf16_beyond_its_first_plane)
{
    static const char text[] = "specimen,200,201\n@,1,2\n";
    char wide[128] = "\xFF\xFE";
    size_t n = 2;
    for (const char *c = text; *c; c++) {
        memcpy(wide + n, *c == '@' ? "\x3D\xD8\x8E\xDC" : (char[]){*c, 0}, *c == '@' ? 4 : 2);
        n += *c == '@' ? 4 : 2;
    }
    put_bytes("a.csv", wide, n);
    adamas_spectra *s = imported((adamas_import){0});
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "id", 0), "\xF0\x9F\x92\x8E");
    spectra_free(s);
    unlink(out_path);
    n_paths = 0;
    put_bytes("a.csv", wide, n - 1);
    expect_failure((adamas_import){0}, ADAMAS_E_FORMAT, "a.csv: the file ends within a UTF-16 character");
}

/* Random numbers in each notation are read as the nearest float32. */
Test(import, every_way_of_writing_numbers)
{
    static const char *const ways[] = {",.", ";.", "\t.", " .", ";,", "\t,", " ,", "b,"};
    enum { n = 200 };
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
        static char content[n * 64];
        float expected[n];
        size_t length = 0;
        unsigned state = 12345 + (unsigned)way;
        for (size_t i = 0; i < n; i++) {
            state = state * 1664525U + 1013904223U;
            double value = ((double)state - 2e9) / 7919.0;
            char line[64];
            size_t k = (size_t)snprintf(line, sizeof line, i % 3 ? "%.3f|%.4f\n" : "%.5f|%.6E\n",
                                        200 + 0.25 * (double)i, value);
            double printed;
            sscanf(strchr(line, '|') + 1, "%lf", &printed);
            expected[i] = (float)printed;
            for (size_t c = 0; c < k; c++) {
                if (line[c] == '.')
                    content[length++] = ways[way][1];
                else if (line[c] != '|')
                    content[length++] = line[c];
                else
                    length +=
                        (size_t)sprintf(content + length, "%s", ways[way][0] == 'b' ? ", " : (char[]){ways[way][0], 0});
            }
        }
        n_paths = 0;
        put_bytes("a.txt", content, length);
        adamas_spectra *s = imported((adamas_import){0});
        float found[n];
        cr_assert_eq(s->axis.n, n, "way %zu: %zu", way, s->axis.n);
        cr_assert_eq(spectra_rows(s, 0, 1, found, &error), ADAMAS_OK);
        for (size_t i = 0; i < n; i++) {
            cr_assert_eq(found[i], expected[i], "way %zu, row %zu", way, i);
            cr_assert_eq(s->axis.nm[i], 200 + 0.25 * (double)i);
        }
        spectra_free(s);
    }
}

Test(import, foreign_locale)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "de_DE"))
        SKIP("the locale de_DE is missing");
    cr_assert_eq(localeconv()->decimal_point[0], ',');
    expect_three_text("200.5,10.25\n201.5,-3.5\n202.5,1200\n");
    expect_three_text("200,5;10,25\n201,5;-3,5\n202,5;1200\n");
    setlocale(LC_ALL, "C");
}

Test(import, gzip)
{
    static const char text[] = "200.5,10.25\n201.5,-3.5\n202.5,1200\n";
    char path[320];
    snprintf(path, sizeof path, "%s/b.csv.gz", folder);
    gzFile f = gzopen(path, "wb");
    gzputs(f, text);
    gzclose(f);
    unsigned char bytes[200];
    FILE *back = fopen(path, "rb");
    size_t n = fread(bytes, 1, sizeof bytes, back);
    fclose(back);
    unlink(path);
    expect_three("a.csv.gz", bytes, n, (adamas_import){0});
    put_bytes("a.csv.gz", bytes, n - 8);
    expect_failure((adamas_import){0}, ADAMAS_E_FORMAT, "a.csv.gz: the gzip file is truncated after line 0");
    n_paths = 0;
    bytes[n - 6] ^= 1;
    put_bytes("a.csv.gz", bytes, n);
    expect_failure((adamas_import){0}, ADAMAS_E_FORMAT, "a.csv.gz: the gzip file is damaged after line 0");
}

Test(import, several_columns)
{
    static const char text[] = "Wave   ;Dark     ;Sample   ;Ref\n[nm]   ;[counts] ;[counts] ;[counts]\n"
                               "200,5;1;10,25;7\n201,5;2;-3,5;8\n202,5;3;1200;9\n";
    expect_three("a.ttt", text, sizeof text - 1, (adamas_import){0});
    expect_three("a.ttt", text, sizeof text - 1, (adamas_import){.column = "sample"});
    static const char jaz[] = "W\tD\tS\tP\n200.5\t1\t10.25\t7\n201.5\t2\t-3.5\t8\n202.5\t3\t1200\t9\n";
    expect_three("a.jaz", jaz, sizeof jaz - 1, (adamas_import){0});
    static const char unit[] = "nm,Scope (counts),b\n200.5,10.25,7\n201.5,-3.5,8\n202.5,1200,9\n";
    expect_three("a.csv", unit, sizeof unit - 1, (adamas_import){0});
    static const char other[] = "nm,a,b\n200.5,7,10.25\n201.5,8,-3.5\n202.5,9,1200\n";
    expect_three("a.csv", other, sizeof other - 1, (adamas_import){.column = "b"});
    n_paths = 0;
    put("a.csv", other);
    expect_failure((adamas_import){.column = "c"}, ADAMAS_E_FORMAT,
                   "a.csv:1: 0 columns headed 'c' found, one expected; there are 'nm', 'a', 'b'");
    expect_refused("a.csv", other, ADAMAS_E_FORMAT,
                   "a.csv:1: 0 columns headed 'sample' or 'intensity' found, one expected; there are 'nm', 'a', 'b'");
    expect_refused("a.csv", "nm,Sample,Intensity\n200,1,2\n201,1,2\n", ADAMAS_E_FORMAT,
                   "a.csv:1: 2 columns headed 'sample' or 'intensity' found, one expected; there are 'nm', 'Sample', "
                   "'Intensity'");
    expect_refused("a.csv", "200,1,2\n201,1,2\n", ADAMAS_E_FORMAT,
                   "a.csv:1: 3 columns found and no headings above them to tell which holds the intensity");
}

Test(import, other_units_are_refused)
{
    expect_refused("a.csv", "Wavenumber,Intensity\n200,1\n201,2\n", ADAMAS_E_AXIS,
                   "a.csv:1: 'Wavenumber' found above the first column, nm expected");
    expect_refused("a.csv", "x;y\n[cm-1];[counts]\n200;1\n201;2\n", ADAMAS_E_AXIS,
                   "a.csv:2: '[cm-1]' found above the first column, nm expected");
    expect_refused("a.csv", "Wave [\xB5m],Intensity\n200,1\n201,2\n", ADAMAS_E_AXIS,
                   "a.csv:1: 'Wave [\xC2\xB5m]' found above the first column, nm expected");
    expect_refused("a.txt", "Raman shift Counts\n200 1\n201 2\n", ADAMAS_E_AXIS,
                   "a.txt:1: 'Raman shift Counts' found above the first column, nm expected");
}

Test(import, wavelengths_in_another_column_are_refused)
{
    expect_refused("a.csv", "Intensity,Wavelength\n5,200\n7,201\n", ADAMAS_E_FORMAT,
                   "a.csv:1: 'Wavelength' is above column 2, wavelengths expected in the first");
}

Test(import, jcamp)
{
    static const char link[] = "##TITLE= all\n##DATA TYPE= LINK\n##BLOCKS= 2\n"
                               "##TITLE= DARK SPECTRUM\n##XYPOINTS= (XY..XY)\n200.5, 1\n201.5, 2\n##END=\n"
                               "##TITLE= The Sample\n##X UNITS= NANOMETERS $$ yes\n##XFACTOR= 0.5\n##yfactor=2\n"
                               "##FIRSTX= 200.5\n##LASTX=202.5\n##NPOINTS= 3\n##XY-POINTS= (XY..XY)\n"
                               "401, 5.125\n403, -1.75\n405, 600\n##END=\n##END=\n";
    expect_three("a.jdx", link, sizeof link - 1, (adamas_import){0});
    expect_three_text("##TITLE= x\n##XYDATA= (XY..XY) $$ points\n200,5, 10,25\n201,5, -3,5\n202,5, 1200\n##END=\n");
    expect_three_text("##TITLE= x\n##TITLE= one\n##XYPOINTS= (XY..XY)\n200.5,10.25\n201.5,-3.5\n202.5,1200\n##END=\n"
                      "##TITLE= two\n##XYPOINTS= (XY..XY)\n1,2\n3,4\n##END=\n");
    expect_refused("a.jdx", "##TITLE= x\n##XYDATA= (X++(Y..Y))\n200+1+2+3\n##END=\n", ADAMAS_E_FORMAT,
                   "a.jdx:2: JCAMP-DX data of the form '(X++(Y..Y))' found, (XY..XY) expected: export it as points");
    expect_refused("a.jdx", "##TITLE= x\n##XUNITS= 1/CM\n##XYDATA= (XY..XY)\n200,1\n201,2\n", ADAMAS_E_AXIS,
                   "a.jdx:2: ##XUNITS= '1/CM' found, NANOMETERS expected");
    expect_refused("a.jdx", "##TITLE= x\n##NPOINTS= 3\n##XYDATA= (XY..XY)\n200,1\n201,2\n##END=\n", ADAMAS_E_FORMAT,
                   "a.jdx: 2 points found, ##NPOINTS= says 3");
    expect_refused("a.jdx", "##TITLE= x\n##LASTX= 300\n##XYDATA= (XY..XY)\n200,1\n201,2\n##END=\n", ADAMAS_E_FORMAT,
                   "a.jdx: 201 nm found at the end, ##LASTX= says 300");
    expect_refused("a.jdx", "##TITLE= x\n##NPOINTS= many\n##XYDATA= (XY..XY)\n200,1\n201,2\n##END=\n", ADAMAS_E_FORMAT,
                   "a.jdx:2: 'many' found for ##NPOINTS=, a number expected");
    expect_refused("a.jdx", "##TITLE= x\n##END=\n", ADAMAS_E_FORMAT,
                   "a.jdx: neither ##XYPOINTS= nor ##XYDATA= found in this JCAMP-DX file");
}

#define NEITHER                                                                                                        \
    "neither a spectrum (lines of a wavelength and an intensity) nor a table of spectra (a column 'specimen' and "     \
    "columns named by wavelength) found"

Test(import, spectra_gone_wrong)
{
    expect_refused("a.csv", "", ADAMAS_E_FORMAT, "a.csv: the file is empty");
    expect_refused("a.csv", "\n# nothing\n", ADAMAS_E_FORMAT, "a.csv: " NEITHER);
    expect_refused("a.csv", "wavelength,intensity\n", ADAMAS_E_FORMAT, "a.csv: " NEITHER);
    expect_refused("a.csv", "wavelength,intensity\n200,1\n201,2\n202\n203,4\n", ADAMAS_E_FORMAT,
                   "a.csv:4: 1 field found, 2 expected");
    expect_refused("a.csv", "200,1\n201\n202,3\n", ADAMAS_E_FORMAT, "a.csv:2: 1 field found, 2 expected");
    expect_refused("a.csv", "200,1\n201,2\n202", ADAMAS_E_FORMAT, "a.csv:3: 1 field found, 2 expected");
    expect_refused("a.csv", "200\n201,2\n202,3\n", ADAMAS_E_FORMAT, "a.csv:1: 1 field found, 2 expected");
    expect_refused("a.csv", "200,1\n201,2,3\n202,3\n", ADAMAS_E_FORMAT, "a.csv:2: 3 fields found, 2 expected");
    expect_refused("a.csv", "200,1\n201,\n202,3\n", ADAMAS_E_FORMAT, "a.csv:2: column 2 is empty, a number expected");
    expect_refused("a.csv", "200,1\n201,12x\n202,3\n", ADAMAS_E_FORMAT,
                   "a.csv:2: '12x' found in column 2, a number expected");
    expect_refused("a.csv", "200,1\n201,0x1F\n202,3\n", ADAMAS_E_FORMAT,
                   "a.csv:2: '0x1F' found in column 2, a number expected");
    expect_refused("a.csv", "nm,y\n200,12x\n201,1\n202,3\n", ADAMAS_E_FORMAT,
                   "a.csv:2: '12x' found in column 2, a number expected");
    expect_refused("a.csv", "200,1\nabc,2\n202,3\n", ADAMAS_E_FORMAT,
                   "a.csv:2: 'abc' found in column 1, a number expected");
    expect_refused("a.csv", "200,1\nNaN,2\n202,3\n", ADAMAS_E_AXIS,
                   "a.csv:2: wavelength 'NaN' found, a number of nm above 0 expected");
    expect_refused("a.csv", "-1,1\n202,3\n", ADAMAS_E_AXIS,
                   "a.csv: wavelength of channel 1 is -1, a number of nm above 0 expected");
    expect_refused("a.csv", "202,1\n201,2\n200,3\n", ADAMAS_E_AXIS,
                   "a.csv: wavelengths fall from 202 to 200 nm, a rising axis (in each segment) expected");
    expect_refused("a.txt", "200.5;1\n201,5;2\n202.5;3\n", ADAMAS_E_FORMAT,
                   "a.txt:2: '201,5' found in column 1, a number expected");
    expect_refused("a.csv", "200,1\n201,2\n\n200,3\n201,4\n", ADAMAS_E_FORMAT,
                   "a.csv:4: a second spectrum starts here, one in each file expected");
    expect_refused("a.bin", "\x89PNG\r\n\x1A\n\x01\x02", ADAMAS_E_FORMAT,
                   "a.bin:3: byte 0x01 found: this is not a text file");
}

Test(import, missing_file_and_folder)
{
    char path[600];
    const char *files[1] = {path};
    snprintf(path, sizeof path, "%s/none.txt", folder);
    expect_failure((adamas_import){.n_files = 1, .files = files}, ADAMAS_E_FILE,
                   "none.txt: cannot be opened: No such file or directory");
    snprintf(path, sizeof path, "%s/.", folder);
    expect_failure((adamas_import){.n_files = 1, .files = files}, ADAMAS_E_FILE, ".: cannot be read: Is a directory");
    adamas_import nothing = {0};
    cr_expect_eq(run(&nothing), ADAMAS_E_ARGUMENT);
}

Test(import, intensities_that_are_not_finite_are_kept)
{
    put("a.csv", "200,nan\n201,-inf\n202,3\n");
    put("b.csv", "200,1\n201,NaN\n202,+Inf\n");
    adamas_spectra *s = imported((adamas_import){0});
    static const double nm[] = {200, 201, 202};
    static const float rows[] = {NAN, -INFINITY, 3, 1, NAN, INFINITY};
    expect_spectra(s, 2, 3, nm, rows);
    spectra_free(s);
}
