/* Rows read without HDF5 are those that HDF5 reads, in any layout; a damaged file is refused or read rightly. */
#include "store/store_hdf5.h"
#include "store/store_read.h"
#include "store/store_write.h"

#include "folder.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { n_rows = 203, n_cols = 157, n_threads = 4 };

static char path[300];
static float written[n_rows * n_cols];
static float wanted[n_rows * n_cols];

/* Like a spectrum: noise in the low bytes, and a slow change in the high ones. */
static void begin(void)
{
    folder_begin();
    snprintf(path, sizeof path, "%s", in_folder("a.h5"));
    uint32_t state = 1;
    for (size_t i = 0; i < n_rows * n_cols; i++) {
        state = state * 1664525u + 1013904223u;
        written[i] = 1000 + 300 * sinf((float)i / 50) + (float)(state >> 24);
    }
    written[3] = -0.0f;
    written[n_cols] = INFINITY;
}

/* How an array is stored, and whether it can be read without HDF5. */
typedef struct layout {
    const char *what;
    int is_direct;
    hsize_t chunk[2];  /* 0: contiguous */
    const char *steps; /* filters: s shuffle, z gzip, f fletcher32, o scale and offset, n n-bit */
    int kind;          /* of number: 0 native, 1 big-endian, 2 float64 */
    int is_sparse;     /* only some rows are written */
    int is_late;       /* with the chunk index of newer versions of HDF5, */
    int grows;         /* which depends on the number of unlimited dimensions */
    hsize_t before;    /* size of the user block */
    int is_outside;    /* in another file */
} layout;

static const layout layouts[] = {
    {"one piece", 1, {0, 0}, "", 0, 0, 0, 0, 0, 0},
    {"one piece behind other bytes", 1, {0, 0}, "", 0, 0, 0, 0, 1024, 0},
    {"one piece, nothing written", 0, {0, 0}, "", 0, 2, 0, 0, 0, 0},
    {"one piece, big-endian", 0, {0, 0}, "", 1, 0, 0, 0, 0, 0},
    {"one piece, float64", 0, {0, 0}, "", 2, 0, 0, 0, 0, 0},
    {"one piece elsewhere", 0, {0, 0}, "", 0, 0, 0, 0, 0, 1},
    {"whole rows", 1, {8, n_cols}, "", 0, 0, 0, 0, 0, 0},
    {"whole rows, gzip", 1, {8, n_cols}, "z", 0, 0, 0, 0, 0, 0},
    {"whole rows, shuffle", 1, {8, n_cols}, "s", 0, 0, 0, 0, 0, 0},
    {"whole rows, shuffle, gzip", 1, {8, n_cols}, "sz", 0, 0, 0, 0, 0, 0},
    {"whole rows, shuffle, gzip, behind other bytes", 1, {8, n_cols}, "sz", 0, 0, 0, 0, 512, 0},
    {"gzip, shuffle", 0, {8, n_cols}, "zs", 0, 0, 0, 0, 0, 0},
    {"gzip twice", 0, {8, n_cols}, "zz", 0, 0, 0, 0, 0, 0},
    {"fletcher32", 0, {8, n_cols}, "szf", 0, 0, 0, 0, 0, 0},
    {"scale and offset", 0, {8, n_cols}, "o", 0, 0, 0, 0, 0, 0},
    {"n bits", 0, {8, n_cols}, "n", 0, 0, 0, 0, 0, 0},
    {"big-endian", 0, {8, n_cols}, "sz", 1, 0, 0, 0, 0, 0},
    {"float64", 0, {8, n_cols}, "sz", 2, 0, 0, 0, 0, 0},
    {"squares", 1, {16, 16}, "", 0, 0, 0, 0, 0, 0},
    {"squares, gzip", 1, {16, 16}, "z", 0, 0, 0, 0, 0, 0},
    {"squares, shuffle, gzip", 1, {16, 16}, "sz", 0, 0, 0, 0, 0, 0},
    {"columns", 1, {n_rows, 1}, "sz", 0, 0, 0, 0, 0, 0},
    {"one value a chunk", 1, {1, 1}, "sz", 0, 0, 0, 0, 0, 0},
    {"one chunk", 1, {n_rows, n_cols}, "sz", 0, 0, 0, 0, 0, 0},
    {"wide chunks", 1, {7, 200}, "sz", 0, 0, 0, 2, 0, 0},
    {"high chunks", 1, {300, 100}, "sz", 0, 0, 0, 2, 0, 0},
    {"missing chunks", 1, {8, n_cols}, "", 0, 1, 0, 0, 0, 0},
    {"missing chunks, gzip", 1, {8, n_cols}, "sz", 0, 1, 0, 0, 0, 0},
    {"missing squares", 1, {16, 16}, "sz", 0, 1, 0, 0, 0, 0},
    {"no chunks", 1, {16, 16}, "sz", 0, 2, 0, 0, 0, 0},
    {"late, one chunk", 1, {n_rows, n_cols}, "sz", 0, 0, 1, 0, 0, 0},
    {"late, implicit", 1, {8, n_cols}, "", 0, 0, 1, 3, 0, 0},
    {"late, fixed", 1, {16, 16}, "sz", 0, 0, 1, 0, 0, 0},
    {"late, fixed, missing", 1, {16, 16}, "", 0, 1, 1, 0, 0, 0},
    {"late, rows grow", 1, {8, n_cols}, "sz", 0, 1, 1, 1, 0, 0},
    {"late, both grow", 1, {16, 16}, "sz", 0, 1, 1, 2, 0, 0},
    {"late, edges unfiltered", 0, {16, 16}, "sz", 0, 0, 2, 0, 0, 0},
};
enum { n_layouts = sizeof layouts / sizeof *layouts };

static void set_filters(hid_t plan, const char *steps)
{
    for (; *steps; steps++) {
        herr_t result = *steps == 's'   ? H5Pset_shuffle(plan)
                        : *steps == 'z' ? H5Pset_deflate(plan, 1)
                        : *steps == 'f' ? H5Pset_fletcher32(plan)
                        : *steps == 'o' ? H5Pset_scaleoffset(plan, H5Z_SO_FLOAT_DSCALE, 2)
                                        : H5Pset_nbit(plan);
        cr_assert_geq(result, 0);
    }
}

static hid_t plan_of(const layout *l)
{
    const float fill = 7.25f;
    hid_t plan = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_fill_value(plan, H5T_NATIVE_FLOAT, &fill);
    if (l->chunk[0])
        H5Pset_chunk(plan, 2, l->chunk);
    if (l->is_late == 2)
        H5Pset_chunk_opts(plan, H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS);
    if (l->grows == 3)
        H5Pset_alloc_time(plan, H5D_ALLOC_TIME_EARLY);
    if (l->is_outside) {
        char other[320];
        snprintf(other, sizeof other, "%s.raw", path);
        H5Pset_external(plan, other, 0, sizeof written);
    }
    set_filters(plan, l->steps);
    return plan;
}

/* All rows, those from 20 to 89, or none. */
static void write_values(hid_t array, int is_sparse)
{
    hsize_t start[2] = {is_sparse ? 20 : 0, 0}, count[2] = {is_sparse ? 70 : n_rows, n_cols};
    hid_t there = H5Dget_space(array), here = H5Screate_simple(2, count, NULL);
    H5Sselect_hyperslab(there, H5S_SELECT_SET, start, NULL, count, NULL);
    if (is_sparse < 2)
        cr_assert_geq(H5Dwrite(array, H5T_NATIVE_FLOAT, here, there, H5P_DEFAULT, written), 0);
    H5Sclose(here);
    H5Sclose(there);
}

static void write_file(const layout *l)
{
    hsize_t size[2] = {n_rows, n_cols}, most[2] = {n_rows, n_cols};
    for (int i = 0; i < l->grows && l->grows < 3; i++)
        most[i] = H5S_UNLIMITED;
    hid_t plan = plan_of(l), proper = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_userblock(proper, l->before);
    if (l->is_late)
        H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, proper, access), space = H5Screate_simple(2, size, most);
    hid_t type = l->kind == 0 ? H5T_IEEE_F32LE : l->kind == 1 ? H5T_IEEE_F32BE : H5T_IEEE_F64LE;
    hid_t array = H5Dcreate2(file, "x", type, space, H5P_DEFAULT, plan, H5P_DEFAULT);
    cr_assert_geq(array, 0, "%s", l->what);
    write_values(array, l->is_sparse);
    const hid_t all[] = {array, space, file, access, proper, plan};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        H5Idec_ref(all[i]);
}

/* What HDF5 reads. */
static void read_wanted(void)
{
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT), array = H5Dopen2(file, "x", H5P_DEFAULT);
    cr_assert_geq(H5Dread(array, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, wanted), 0);
    H5Dclose(array);
    H5Fclose(file);
}

typedef struct reader {
    store *from;
    unsigned number;
    int failures;
} reader;

/* Requests of 1 to 30 rows, consecutive, backward and forward; each thread in its own order. */
static void *read_ragged(void *data)
{
    reader *r = data;
    float rows[30 * n_cols];
    uint32_t state = r->number;
    size_t first = 50 * r->number;
    for (int i = 0; i < 100; i++) {
        state = state * 1664525u + 1013904223u;
        size_t n = 1 + (state >> 16) % 30;
        if (first >= n_rows || i % 10 == 9)
            first = (state >> 8) % n_rows;
        n = n_rows - first < n ? n_rows - first : n;
        memset(rows, 1, sizeof rows);
        if (store_read_rows(r->from, "/x", first, n, n_cols, rows, NULL) ||
            memcmp(rows, wanted + first * n_cols, n * n_cols * sizeof *rows) != 0)
            r->failures++;
        first += n;
    }
    return NULL;
}

/* The whole file at once, then in pieces by several threads. */
static void expect_wanted(const char *what, int is_direct)
{
    adamas_error error = {0};
    static float rows[n_rows * n_cols];
    pthread_t threads[n_threads];
    reader readers[n_threads];
    store *s;
    read_wanted();
    cr_assert_eq(store_open(&s, path, &error), ADAMAS_OK, "%s", error.message);
    for (unsigned i = 0; i < n_threads; i++) {
        readers[i] = (reader){s, i, 0};
        pthread_create(&threads[i], NULL, read_ragged, &readers[i]);
    }
    for (unsigned i = 0; i < n_threads; i++) {
        pthread_join(threads[i], NULL);
        cr_assert_eq(readers[i].failures, 0, "%s: %d of 100", what, readers[i].failures);
    }
    cr_assert_eq(store_read_rows(s, "/x", 0, n_rows, n_cols, rows, &error), ADAMAS_OK, "%s", error.message);
    cr_assert_eq(memcmp(rows, wanted, sizeof rows), 0, "%s", what);
    cr_assert_eq(s->direct != NULL, is_direct, "%s", what);
    store_close(s);
}

Test(store_rows, are_what_hdf5_reads, .init = begin, .fini = folder_end, .timeout = 300)
{
    for (int i = 0; i < n_layouts; i++) {
        write_file(&layouts[i]);
        expect_wanted(layouts[i].what, layouts[i].is_direct);
    }
}

static const layout squares = {"squares", 1, {16, 16}, "sz", 0, 0, 0, 0, 0, 0};
static const layout whole = {"whole rows", 1, {8, n_cols}, "sz", 0, 0, 0, 0, 0, 0};
static const layout plain = {"whole rows", 1, {8, n_cols}, "", 0, 0, 0, 0, 0, 0};
static const layout piece = {"one piece", 1, {0, 0}, "", 0, 0, 0, 0, 0, 0};

/* HDF5 skips a filter that does not make a chunk smaller, and sets its bit in the chunk's mask. */
Test(store_rows, filters_left_out_of_a_chunk, .init = begin, .fini = folder_end)
{
    float values[16 * 16], shuffled[16 * 16];
    for (size_t i = 0; i < 16 * 16; i++) {
        values[i] = (float)i + 0.1f;
        for (size_t j = 0; j < sizeof(float); j++)
            ((char *)shuffled)[j * 16 * 16 + i] = ((char *)&values[i])[j];
    }
    write_file(&squares);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), array = H5Dopen2(file, "x", H5P_DEFAULT);
    static const hsize_t both[2] = {0, 0}, only_shuffled[2] = {16, 32}, edge[2] = {192, 144};
    cr_assert_geq(H5Dwrite_chunk(array, H5P_DEFAULT, 3, both, sizeof values, values), 0);
    cr_assert_geq(H5Dwrite_chunk(array, H5P_DEFAULT, 2, only_shuffled, sizeof values, shuffled), 0);
    cr_assert_geq(H5Dwrite_chunk(array, H5P_DEFAULT, 3, edge, sizeof values, values), 0);
    H5Dclose(array);
    H5Fclose(file);
    expect_wanted("left out", 1);
    cr_assert_eq(wanted[1], values[1]);
    cr_assert_eq(wanted[16 * n_cols + 33], values[1]);
}

/* The bytes of the first chunk, or of all values. */
static void find_first(haddr_t *at, hsize_t *bytes)
{
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT), array = H5Dopen2(file, "x", H5P_DEFAULT);
    hsize_t start[2];
    unsigned mask;
    *bytes = sizeof written;
    *at = H5Dget_offset(array);
    hid_t space = H5Dget_space(array);
    if (*at == HADDR_UNDEF)
        cr_assert_geq(H5Dget_chunk_info(array, space, 0, start, &mask, at, bytes), 0);
    H5Sclose(space);
    H5Dclose(array);
    H5Fclose(file);
}

static adamas_status read_all(store *s, adamas_error *error)
{
    static float rows[n_rows * n_cols];
    return store_read_rows(s, "/x", 0, n_rows, n_cols, rows, error);
}

static void expect_line(const char *message, const char *wanted_line)
{
    char line[700];
    snprintf(line, sizeof line, "%s: /x, %s", path, wanted_line);
    cr_assert_eq(strncmp(message, line, strlen(line)), 0, "%s", message);
    cr_assert_null(strchr(message, '\n'));
}

Test(store_rows, a_file_that_shrinks, .init = begin, .fini = folder_end)
{
    static const layout *const all[] = {&piece, &plain, &whole, &squares};
    adamas_error error = {0};
    for (int i = 0; i < 4; i++) {
        write_file(all[i]);
        haddr_t at;
        hsize_t bytes;
        store *s;
        find_first(&at, &bytes);
        cr_assert_eq(store_open(&s, path, &error), ADAMAS_OK);
        cr_assert_eq(read_all(s, &error), ADAMAS_OK);
        for (hsize_t left = at + bytes; left-- > at && left > at + bytes - 50;) {
            char line[200];
            cr_assert_eq(truncate(path, (off_t)left), 0);
            cr_assert_eq(read_all(s, &error), ADAMAS_E_FORMAT);
            snprintf(line, sizeof line, "rows 1 to %d: truncated or damaged: the file ends at byte %zu, %zu expected",
                     i == 0   ? n_rows
                     : i == 3 ? 16
                              : 8,
                     (size_t)left, (size_t)(at + bytes));
            expect_line(error.message, line);
        }
        store_close(s);
    }
}

static void change(haddr_t at, const void *bytes, size_t n)
{
    int file = open(path, O_RDWR);
    cr_assert_eq(pwrite(file, bytes, n, (off_t)at), (ssize_t)n);
    close(file);
}

static char *contents(size_t *n)
{
    char *bytes = malloc(1 << 20);
    int file = open(path, O_RDONLY);
    ssize_t got = read(file, bytes, 1 << 20);
    cr_assert(got > 0 && got < 1 << 20);
    close(file);
    *n = (size_t)got;
    return bytes;
}

Test(store_rows, any_changed_byte_of_a_chunk, .init = begin, .fini = folder_end, .timeout = 300)
{
    adamas_error error = {0};
    haddr_t at;
    hsize_t bytes;
    size_t n;
    store *s;
    write_file(&whole);
    find_first(&at, &bytes);
    char *good = contents(&n);
    cr_assert_eq(store_open(&s, path, &error), ADAMAS_OK);
    static float rows[8 * n_cols];
    hsize_t harmless = 0;
    for (hsize_t i = 0; i < bytes; i++) {
        char bad = (char)(good[at + i] ^ (1 << i % 8));
        change(at + i, &bad, 1);
        if (store_read_rows(s, "/x", 0, 8, n_cols, rows, &error) == ADAMAS_OK) {
            harmless++; /* another match of the same bytes, or a padding bit of the last byte */
            cr_assert_eq(memcmp(rows, written, sizeof rows), 0, "byte %zu", (size_t)i);
        } else
            expect_line(error.message, "rows 1 to 8: truncated or damaged: a chunk cannot be inflated to 5024 bytes");
        change(at + i, &good[at + i], 1);
    }
    cr_assert_lt(harmless, bytes / 100);
    cr_assert_eq(store_read_rows(s, "/x", 0, 8, n_cols, rows, &error), ADAMAS_OK);
    cr_assert_eq(memcmp(rows, written, sizeof rows), 0);
    store_close(s);
    free(good);
}

/* The index's key of the first chunk: its size in bytes, its filter mask, its offset in two dimensions and
 * within a value, and its address in the file. */
static haddr_t find_key(const char *bytes, size_t n, haddr_t at, hsize_t size)
{
    unsigned char key[40] = {0};
    for (int i = 0; i < 4; i++)
        key[i] = (unsigned char)(size >> 8 * i);
    for (int i = 0; i < 8; i++)
        key[32 + i] = (unsigned char)(at >> 8 * i);
    for (size_t i = 0; i + sizeof key <= n; i++)
        if (memcmp(bytes + i, key, sizeof key) == 0)
            return i;
    cr_assert_fail("no key");
    return 0;
}

Test(store_rows, an_index_that_lies, .init = begin, .fini = folder_end)
{
    static const uint32_t sizes[] = {0, 1, 5, 1000, 5023, 5025, 6000, 20000, 1 << 24, INT32_MAX, UINT32_MAX};
    static const uint64_t places[] = {1, 1000, 130000, 1 << 30, INT64_MAX - 5000, INT64_MAX, UINT64_MAX - 1};
    static const layout *const all[] = {&whole, &plain};
    adamas_error error = {0};
    for (int l = 0; l < 2; l++) {
        haddr_t at;
        hsize_t bytes;
        size_t n;
        write_file(all[l]);
        find_first(&at, &bytes);
        char *good = contents(&n);
        haddr_t key = find_key(good, n, at, bytes);
        for (size_t i = 0; i < 11 + 7; i++) {
            store *s;
            change(0, good, n);
            if (i < 11)
                change(key, &sizes[i], 4);
            else
                change(key + 32, &places[i - 11], 8);
            cr_assert_eq(store_open(&s, path, &error), ADAMAS_OK);
            error.message[0] = '\0';
            adamas_status status = read_all(s, &error);
            int is_longer = l == 0 && i < 11 && sizes[i] > bytes && sizes[i] < 2 * sizeof(float[8 * n_cols]);
            if (is_longer)
                cr_assert_eq(status, ADAMAS_OK, "what follows a chunk is not read");
            else if (l == 0 || i < 11)
                cr_assert_eq(status, ADAMAS_E_FORMAT, "%d %zu", l, i);
            cr_assert(!status || strstr(error.message, path) == error.message, "%s", error.message);
            store_close(s);
        }
        free(good);
    }
}

Test(store_rows, a_file_cut_anywhere, .init = begin, .fini = folder_end)
{
    static const layout *const all[] = {&piece, &plain, &whole, &squares};
    for (int i = 0; i < 4; i++) {
        adamas_error error = {0};
        size_t n;
        store *s;
        write_file(all[i]);
        free(contents(&n));
        for (size_t left = n - 1; left > 0; left -= left < 700 ? 1 : 611) {
            cr_assert_eq(truncate(path, (off_t)left), 0);
            cr_assert_eq(store_open(&s, path, &error), ADAMAS_E_FORMAT);
            cr_assert(strstr(error.message, path) == error.message, "%s", error.message);
        }
    }
}
