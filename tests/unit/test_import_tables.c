/* The import of tables of spectra, with tables of files and names of files. */
#include "import_files.h"

TestSuite(import_tables, .init = begin, .fini = folder_end);

Test(import_tables, specimens_by_name)
{
    put("stone 1.txt", "200 1\n201 2\n");
    put("b.csv.gz", "200 3\n201 4\n");
    put(".hidden", "200 5\n201 6\n");
    adamas_spectra *s = imported((adamas_import){0});
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "id", 0), "stone 1");
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "id", 1), "b");
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "id", 2), ".hidden");
    cr_expect_str_eq(text_of(s, ADAMAS_SOURCES, "file", 1), "b.csv.gz");
    cr_expect_str_eq(spectra_fact(s, "provenance/synthetic"), "no");
    char importer[64];
    snprintf(importer, sizeof importer, "adamas %s", adamas_version());
    cr_expect_str_eq(spectra_fact(s, "provenance/importer"), importer);
    spectra_free(s);
}

Test(import_tables, expressions)
{
    put("CAR_s1_7_mon.txt", "200 1\n201 2\n");
    put("CAR_s1_3_tue.txt", "200 3\n201 4\n");
    put("SLE_s2_1_mon.txt", "200 5\n201 6\n");
    static const char *const names[] = {"case/parcel", "provenance/synthetic"};
    static const char *const values[] = {"P1", "yes"};
    adamas_spectra *s = imported((adamas_import){.specimen = "_(s[0-9]+)_",
                                                 .origin = "^[A-Z]{3}",
                                                 .session = "([a-z]+)\\.txt$",
                                                 .shot = "_(\\d+)_",
                                                 .n_facts = 2,
                                                 .fact_names = names,
                                                 .fact_values = values});
    cr_assert_eq(s->specimens.n_rows, 2);
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "id", 1), "s2");
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "origin", 0), "CAR");
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "origin", 1), "SLE");
    cr_expect_str_eq(text_of(s, ADAMAS_SHOTS, "session", 1), "tue");
    cr_expect_eq(number_of(s, ADAMAS_SHOTS, "shot", 0), 7);
    cr_expect_eq(number_of(s, ADAMAS_SHOTS, "shot", 1), 3);
    cr_expect_str_eq(spectra_fact(s, "case/parcel"), "P1");
    cr_expect_str_eq(spectra_fact(s, "provenance/synthetic"), "yes");
    spectra_free(s);
}

Test(import_tables, expressions_gone_wrong)
{
    put("a.txt", "200 1\n201 2\n");
    put("b1.txt", "200 3\n201 4\n");
    expect_failure((adamas_import){.specimen = "x(1"}, ADAMAS_E_ARGUMENT,
                   "expression for specimen 'x(1': missing closing parenthesis at offset 3");
    expect_failure((adamas_import){.origin = "(\\d)"}, ADAMAS_E_DATA,
                   "a.txt: the file's name does not match the expression for origin '(\\d)'");
    expect_failure((adamas_import){.specimen = "^a(x*)|b"}, ADAMAS_E_DATA,
                   "a.txt: the expression for specimen '^a(x*)|b' finds an empty text in the file's name");
    expect_failure((adamas_import){.shot = "^."}, ADAMAS_E_FORMAT, "a.txt: shot 'a' found, a number expected");
    expect_failure((adamas_import){.specimen = "txt", .origin = "^."}, ADAMAS_E_FORMAT,
                   "b1.txt: origin of specimen 'txt' is 'b', but 'a' in a.txt");
}

Test(import_tables, one_file_under_two_names_is_refused)
{
    put("a.txt", "200 1\n201 2\n");
    put("c.txt", "200 3\n201 4\n");
    put("b.txt", "200 1\n201 2\n");
    const char *message = "b.txt is the same as a.txt";
    expect_failure((adamas_import){0}, ADAMAS_E_DATA, message);
    expect_failure((adamas_import){.specimen = "."}, ADAMAS_E_DATA, message);
    const char *const twice[] = {paths[1], paths[1]};
    expect_failure((adamas_import){.n_files = 2, .files = twice}, ADAMAS_E_DATA, "c.txt is the same as c.txt");
    n_paths = 0;
    put("a.txt", "specimen,200,201\ns,1,2\n");
    put("b.txt", "specimen,200,201\ns,1,2\n");
    n_paths = 3;
    const char *const tables[] = {paths[0], paths[1]};
    expect_failure((adamas_import){.n_files = 2, .files = tables}, ADAMAS_E_DATA, message);
}

/* Two endings, as two folders would: only the name identifies the specimen. */
Test(import_tables, two_files_of_one_name_are_no_replicates)
{
    put("1.txt", "200 1\n201 2\n");
    put("1.asc", "200 3\n201 4\n");
    expect_failure((adamas_import){0}, ADAMAS_E_DATA,
                   "1.asc: two files are named '1': name specimens by an expression or a table of files");
    adamas_spectra *s = imported((adamas_import){.specimen = "^."});
    cr_expect_eq(s->specimens.n_rows, 1);
    spectra_free(s);
    unlink(out_path);
    put("w.csv", "specimen,200,201\n1,5,6\n1,7,8\n");
    const char *const files[] = {paths[0], paths[2]};
    s = imported((adamas_import){.n_files = 2, .files = files});
    cr_expect_eq(s->n_shots, 3);
    cr_expect_eq(s->specimens.n_rows, 1);
    spectra_free(s);
    unlink(out_path);
    const char *rows = put("meta.csv", "file,origin\n1.txt,CAR\n1.asc,CAR\n");
    expect_failure((adamas_import){.n_files = 2, .files = (const char *const[]){paths[0], paths[1]}, .table = rows},
                   ADAMAS_E_DATA,
                   "meta.csv: two files are named '1': name specimens by an expression or a table of files");
    n_paths--;
    rows = put("meta.csv", "file,specimen\n1.txt,s\n1.asc,s\n");
    s = imported((adamas_import){.n_files = 2, .files = (const char *const[]){paths[0], paths[1]}, .table = rows});
    cr_expect_eq(s->specimens.n_rows, 1);
    spectra_free(s);
}

Test(import_tables, names_that_are_not_utf8_are_refused)
{
    put("St\xE9.txt", "200 1\n201 2\n");
    expect_failure((adamas_import){.specimen = "t"}, ADAMAS_E_ARGUMENT, "St\xE9.txt: the file's name is not UTF-8");
}

Test(import_tables, table_of_files)
{
    put("a.txt", "200 1\n201 2\n");
    put("b.txt", "200 3\n201 4\n");
    put("c.txt", "200 5\n201 6\n");
    const char *rows = put("meta.csv", "# parcel 5\nspecimen;Origin;file;mass_ct;colour\n"
                                       "s2;SLE;c.txt;1,5;D\ns1;CAR;a.txt;0,75;E\ns1;CAR;b.txt;0,750;E\n");
    static const char *files[3];
    for (size_t i = 0; i < 3; i++)
        files[i] = paths[i];
    adamas_import what = {.n_files = 3, .files = files, .table = rows, .session = "^(.)"};
    adamas_spectra *s = imported(what);
    cr_assert_eq(s->specimens.n_rows, 2);
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "id", 0), "s1");
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "origin", 1), "SLE");
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "colour", 0), "E");
    cr_expect_eq(number_of(s, ADAMAS_SPECIMENS, "mass_ct", 0), 0.75);
    cr_expect_eq(number_of(s, ADAMAS_SPECIMENS, "mass_ct", 1), 1.5);
    cr_expect_eq(number_of(s, ADAMAS_SHOTS, "shot", 1), 2);
    cr_expect_str_eq(text_of(s, ADAMAS_SHOTS, "session", 1), "b");
    cr_expect_null(table_column(&s->shots, "file"));
    cr_expect_null(table_column(&s->specimens, "file"));
    cr_expect_str_eq(text_of(s, ADAMAS_SOURCES, "file", 3), "meta.csv");
    spectra_free(s);
    unlink(out_path);

    what.n_files = 2;
    expect_failure(what, ADAMAS_E_DATA, "meta.csv:3: file 'c.txt' is not among the files given");
    what.n_files = 3;
    files[2] = files[1];
    expect_failure(what, ADAMAS_E_DATA, "meta.csv:5: two of the files given are 'b.txt'");
}

Test(import_tables, table_of_files_gone_wrong)
{
    const char *file = put("a.txt", "200 1\n201 2\n");
    static const char *const cases[][2] = {
        {"file,origin\nb.txt,CAR\n", "meta.csv: no row for file 'a.txt'"},
        {"file,origin\na.txt,CAR\na.txt,SLE\n", "meta.csv:3: file 'a.txt' is also in line 2"},
        {"file,origin\na.txt\n", "meta.csv:2: 1 field found, 2 expected"},
        {"file,specimen\na.txt,\n", "meta.csv:2: specimen (column 2) is empty"},
        {"name,origin\na.txt,CAR\n", "meta.csv: no column 'file' found in its first line"},
        {"file,origin,origin\na.txt,CAR,CAR\n", "meta.csv:1: columns 2 and 3 are both headed 'origin'"},
        {"file,origin\n", "meta.csv: a header and no rows found, a row for each file expected"},
        {"file,mass_ct\na.txt,heavy\n", "meta.csv:2: mass_ct 'heavy' found, a number expected"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        n_paths = 1;
        const char *rows = put("meta.csv", cases[i][0]);
        adamas_status code = i == 0 ? ADAMAS_E_DATA : ADAMAS_E_FORMAT;
        expect_failure((adamas_import){.n_files = 1, .files = &file, .table = rows}, code, cases[i][1]);
    }
}

Test(import_tables, wide_table)
{
    put("a.csv", "# comment\nnote,specimen,parcel,200.5 nm,201nm,202,origin,mass_ct,power,shot\n"
                 "\"a \"\"b\"\", "
                 "c\",s1,P1,1,2,3,CAR,0.5,10,3\n\n#note,s2,P1,4,5,6,SLE,,12,1\n,s1,P1,7,nan,-9e2,CAR,0.50,11,4\n");
    adamas_spectra *s = imported((adamas_import){0});
    static const double nm[] = {200.5, 201, 202};
    static const float rows[] = {1, 2, 3, 4, 5, 6, 7, NAN, -900};
    expect_spectra(s, 3, 3, nm, rows);
    cr_assert_eq(s->specimens.n_rows, 2);
    cr_expect_str_eq(text_of(s, ADAMAS_SHOTS, "specimen", 1), "s2");
    cr_expect_str_eq(text_of(s, ADAMAS_SHOTS, "note", 0), "a \"b\", c");
    cr_expect_str_eq(text_of(s, ADAMAS_SHOTS, "note", 1), "#note");
    cr_expect_str_eq(text_of(s, ADAMAS_SHOTS, "note", 2), "");
    cr_expect_eq(number_of(s, ADAMAS_SHOTS, "power", 2), 11);
    cr_expect_eq(number_of(s, ADAMAS_SHOTS, "shot", 2), 4);
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "parcel", 1), "P1");
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "origin", 1), "SLE");
    cr_expect_eq(number_of(s, ADAMAS_SPECIMENS, "mass_ct", 0), 0.5);
    cr_expect(isnan(number_of(s, ADAMAS_SPECIMENS, "mass_ct", 1)));
    spectra_free(s);
}

Test(import_tables, wide_table_with_decimal_comma)
{
    put("a.csv", "\xEF\xBB\xBFspecimen;spot;200,5;201,5;depth\r\n17;4;1,25;4,50E+04;0,5\r\nSt\xE9;5;-2;3;1,5\r\n");
    adamas_spectra *s = imported((adamas_import){0});
    static const double nm[] = {200.5, 201.5};
    static const float rows[] = {1.25F, 45000, -2, 3};
    expect_spectra(s, 2, 2, nm, rows);
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "id", 1), "St\xC3\xA9");
    cr_expect_str_eq(text_of(s, ADAMAS_SHOTS, "spot", 0), "4");
    cr_expect_eq(number_of(s, ADAMAS_SPECIMENS, "depth", 1), 1.5);
    spectra_free(s);
}

Test(import_tables, several_wide_tables)
{
    put("a.csv", "specimen,200,201,origin,id\ns1,1,2,CAR,x\ns1,3,4,CAR,y\n");
    put("b.tsv", "mass_ct\tspecimen\t200.0\t201.00000001\n1.5\ts1\t5\t6\n2\ts2\t7\t8\n");
    adamas_spectra *s = imported((adamas_import){0});
    static const double nm[] = {200, 201};
    static const float rows[] = {1, 2, 3, 4, 5, 6, 7, 8};
    expect_spectra(s, 4, 2, nm, rows);
    cr_assert_eq(s->specimens.n_rows, 2);
    cr_expect_eq(number_of(s, ADAMAS_SHOTS, "shot", 2), 3);
    cr_expect_eq(number_of(s, ADAMAS_SHOTS, "shot", 3), 1);
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "origin", 0), "CAR");
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "origin", 1), "");
    cr_expect_eq(number_of(s, ADAMAS_SPECIMENS, "mass_ct", 0), 1.5);
    cr_expect_str_eq(text_of(s, ADAMAS_SHOTS, "id", 1), "y");
    cr_expect_str_eq(text_of(s, ADAMAS_SPECIMENS, "id", 1), "s2");
    spectra_free(s);
}

Test(import_tables, wide_tables_gone_wrong)
{
    expect_refused("a.csv", "specimen,200,201\n", ADAMAS_E_FORMAT,
                   "a.csv: a header and no rows found, a row for each spectrum expected");
    expect_refused("a.csv", "specimen,a,b,a,200,201\ns,1,2,3,4,5\n", ADAMAS_E_FORMAT,
                   "a.csv:1: columns 2 and 4 are both headed 'a'");
    expect_refused("a.csv", "specimen,200,201,200.0\ns,1,2,3\n", ADAMAS_E_FORMAT,
                   "a.csv:1: columns 2 and 4 are both headed '200.0'");
    expect_refused("a.csv", "specimen,200,20x,201\ns,1,2,3\n", ADAMAS_E_FORMAT,
                   "a.csv:1: column 3 is headed '20x', between wavelengths: a wavelength in nm expected");
    expect_refused("a.csv", "specimen,200,nan,201\ns,1,2,3\n", ADAMAS_E_AXIS,
                   "a.csv: wavelength of channel 2 is nan, a number of nm above 0 expected");
    expect_refused("a.csv", "specimen,200,201\ns,1,2\n\ns,3\n", ADAMAS_E_FORMAT, "a.csv:4: 2 fields found, 3 expected");
    expect_refused("a.csv", "specimen,200,201\ns,1,2\ns,3,\n", ADAMAS_E_FORMAT,
                   "a.csv:3: column 3 ('201') is empty, a number expected");
    expect_refused("a.csv", "specimen,200,201\ns,1,two\n", ADAMAS_E_FORMAT,
                   "a.csv:2: column 3 ('201'): 'two' found, a number expected");
    expect_refused("a.csv", "specimen;200;201\ns;1.5;2\ns;1,5;2\n", ADAMAS_E_FORMAT,
                   "a.csv:3: column 2 ('200'): '1,5' found, a number expected");
    expect_refused("a.csv", "specimen,200,201\ns,1,2\n ,3,4\n", ADAMAS_E_FORMAT,
                   "a.csv:3: specimen (column 1) is empty");
    expect_refused("a.csv", ",specimen,200,201\n0,s,1,2\n", ADAMAS_E_FORMAT, "a.csv:1: column 1 has no heading");
    expect_refused("a.csv", ";specimen;200;201\n0;s;1;2\n", ADAMAS_E_FORMAT, "a.csv:1: column 1 has no heading");
    expect_refused("a.csv", "specimen,mg/g,200,201\ns,1,1,2\n", ADAMAS_E_FORMAT,
                   "a.csv:1: column 2 is headed 'mg/g', a name without '/' expected");
    expect_refused("a.csv", "specimen,origin,200,201\ns,CAR,1,2\nt,SLE,1,2\ns,SLE,3,4\n", ADAMAS_E_FORMAT,
                   "a.csv:4: origin of specimen 's' is 'SLE', but 'CAR' in a.csv:2");
    expect_refused("a.csv", "specimen,shot,200,201\ns,first,1,2\n", ADAMAS_E_FORMAT,
                   "a.csv:2: shot 'first' found, a number expected");
    expect_refused("a.csv", "specimen,200\ns,1\n", ADAMAS_E_AXIS, "a.csv: 1 channel found, at least 2 expected");
    put("a.csv", "specimen,200,201\ns,1,2\n");
    expect_failure(
        (adamas_import){.origin = "a"}, ADAMAS_E_ARGUMENT,
        "a.csv: is a table with a row for each spectrum; an expression for the file's name is only for files "
        "of one spectrum each");
}

Test(import_tables, very_wide_table)
{
    enum { n = 40000 };
    char *content = malloc(2 * n * 20 + 64), *at = content;
    at += sprintf(at, "specimen");
    for (int i = 0; i < n; i++)
        at += sprintf(at, ",%.15f", 200 + i * 0.01);
    at += sprintf(at, "\ns");
    for (int i = 0; i < n; i++)
        at += sprintf(at, ",%18d", i);
    put("a.csv", content);
    free(content);
    adamas_spectra *s = imported((adamas_import){0});
    float *row = malloc(n * sizeof *row);
    cr_assert_eq(s->axis.n, n);
    cr_assert_eq(spectra_rows(s, 0, 1, row, &error), ADAMAS_OK);
    for (int i = 0; i < n; i++)
        cr_assert(row[i] == (float)i && fabs(s->axis.nm[i] - (200 + i * 0.01)) < 1e-12);
    free(row);
    spectra_free(s);
}

Test(import_tables, many_rows_keep_their_order)
{
    enum { n = 1000 };
    char *content = malloc(n * 64), *at = content;
    at += sprintf(at, "specimen,200,201\n");
    for (int i = 0; i < n; i++)
        at += sprintf(at, "s%d,%d,%d\n", i % 7, i, -i);
    put("a.csv", content);
    free(content);
    adamas_spectra *s = imported((adamas_import){0});
    float rows[2 * n];
    cr_assert_eq(s->n_shots, n);
    cr_assert_eq(spectra_rows(s, 0, n, rows, &error), ADAMAS_OK);
    for (int i = 0; i < n; i++) {
        cr_assert(rows[2 * i] == (float)i && rows[2 * i + 1] == (float)-i);
        cr_assert_eq(number_of(s, ADAMAS_SHOTS, "shot", (size_t)i), i / 7 + 1);
    }
    spectra_free(s);
}

Test(import_tables, axes_that_differ)
{
    put("a.txt", "200 1\n201 2\n202 3\n");
    put("b.txt", "200 1\n201.1 2\n202 3\n");
    expect_failure((adamas_import){0}, ADAMAS_E_AXIS, "b.txt: channel 2 is at 201.1 nm, 201 nm expected as in a.txt");
    n_paths = 1;
    put("b.txt", "200 1\n201 2\n");
    expect_failure((adamas_import){0}, ADAMAS_E_AXIS,
                   "b.txt: 2 channels (200 to 201 nm) found, 3 (200 to 202 nm) expected as in a.txt");
    n_paths = 1;
    put("b.txt", "200.0000001 4\n201 5\n202 6\n");
    adamas_spectra *s = imported((adamas_import){0});
    static const double nm[] = {200, 201, 202};
    static const float rows[] = {1, 2, 3, 4, 5, 6};
    expect_spectra(s, 2, 3, nm, rows);
    spectra_free(s);
}

Test(import_tables, interpolation)
{
    /* Two segments, the second of which starts before the first ends. */
    put("a.txt", "200 1\n201 2\n202 3\n201.5 4\n202.5 5\n203.5 6\n");
    put("b.txt", "200 10\n200.75 13\n202 18\n201.25 100\n202 nan\n202.5 125\n204 155\n");
    put("c.txt", "specimen,199.5,203.5\ns,7,15\n");
    adamas_spectra *s = imported((adamas_import){.interpolate = 1});
    static const double nm[] = {200, 201, 202, 201.5, 202.5, 203.5};
    static const float rows[] = {1, 2, 3, 4, 5, 6, 10, 14, 18, NAN, 125, 145, 8, 10, 12, 11, 13, 15};
    expect_spectra(s, 3, 6, nm, rows);
    spectra_free(s);
    unlink(out_path);
    unlink(paths[2]);
    n_paths = 1;
    put("b.txt", "200 1\n201 2\n202 3\n203 4\n");
    expect_failure((adamas_import){.interpolate = 1}, ADAMAS_E_AXIS,
                   "b.txt: nothing found from 203.5 to 203.5 nm, spectra as in a.txt expected there");
    n_paths = 1;
    put("b.txt", "201.5 1\n203 3\n204 4\n");
    expect_failure((adamas_import){.interpolate = 1}, ADAMAS_E_AXIS,
                   "b.txt: nothing found from 200 to 201 nm, spectra as in a.txt expected there");
}

typedef struct calls {
    int n;
    int cancel_at;
    uint64_t last;
    uint64_t total;
} calls;

static int32_t on_progress(void *data, const char *stage, uint64_t done, uint64_t total)
{
    calls *c = data;
    cr_expect_str_eq(stage, "reading files");
    cr_expect(done >= c->last && done <= total);
    c->last = done;
    c->total = total;
    return ++c->n == c->cancel_at;
}

static adamas_status run_with(calls *c)
{
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.progress = on_progress;
    options.progress_data = c;
    adamas_import what = of_files((adamas_import){0});
    work w;
    cr_assert_eq(work_begin(&w, &options, &error), ADAMAS_OK);
    adamas_status status = import_files(out_path, &what, &w, &error);
    work_end(&w);
    return status;
}

Test(import_tables, progress_and_cancelling)
{
    put("a.csv", "specimen,200,201\ns,1,2\ns,1,2\n");
    put("b.txt", "200 1\n201 2\n");
    calls all = {0};
    cr_expect_eq(run_with(&all), ADAMAS_OK, "%s", error.message);
    cr_expect(all.n > 2 && all.last == all.total && all.total == 29 + 12, "%d %d", all.n, (int)all.total);
    unlink(out_path);
    for (int i = 1; i <= all.n; i++) {
        calls some = {.cancel_at = i};
        cr_expect_eq(run_with(&some), ADAMAS_E_CANCELLED);
        cr_expect_eq(folder_entries(), 2, "something is left behind");
    }
}

Test(import_tables, facts_gone_wrong_leave_nothing)
{
    static const char *const names[] = {"weather"};
    static const char *const values[] = {"fine"};
    put("a.txt", "200 1\n201 2\n");
    adamas_import what = of_files((adamas_import){.n_facts = 1, .fact_names = names, .fact_values = values});
    cr_expect_eq(run(&what), ADAMAS_E_ARGUMENT);
    cr_expect_not_null(strstr(error.message, "'weather' is no fact"), "%s", error.message);
    cr_expect_eq(folder_entries(), 1);
}

Test(import_tables, what_was_there_stays_on_failure)
{
    put("out.h5", "before");
    FILE *f = fopen(out_path, "rb");
    fclose(f);
    n_paths = 0;
    put("a.txt", "200 1\n201 2\n202\n203 3\n");
    adamas_import what = of_files((adamas_import){0});
    cr_expect_eq(run(&what), ADAMAS_E_FORMAT);
    char back[16] = "";
    f = fopen(out_path, "rb");
    cr_assert_not_null(f);
    cr_expect_eq(fread(back, 1, 15, f), 6);
    fclose(f);
    cr_expect_str_eq(back, "before");
}
