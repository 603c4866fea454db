/* HDF5 files: round trips, the same bytes again, files that are damaged or disks that are full. */
#include "store/new_file.h"
#include "store/store_read.h"
#include "store/store_write.h"

#include "folder.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <hdf5.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char path[300];

static void begin(void)
{
    folder_begin();
    snprintf(path, sizeof path, "%s", in_folder("a.h5"));
}

enum { n_cols = 700, n_rows = 301, n_big = 20000 };

static float row_value(size_t row, size_t col)
{
    return (float)(row * 31 % 97) + (float)col / 1024;
}

static adamas_status append_sample_rows(store *s, adamas_error *error)
{
    static const size_t blocks[] = {1, 99, 1, 200};
    static float rows[200 * n_cols];
    size_t first = 0;
    adamas_status status = store_start_rows(s, "/g/rows", n_cols, error);
    for (size_t b = 0; !status && b < 4; first += blocks[b++]) {
        for (size_t i = 0; i < blocks[b] * n_cols; i++)
            rows[i] = row_value(first + i / n_cols, i % n_cols);
        status = store_append_rows(s, "/g/rows", blocks[b], rows, error);
    }
    return status;
}

/* A store with objects of all kinds, about 1 MB. */
static adamas_status write_sample(const char *to, adamas_error *error)
{
    static const char *const texts[] = {"café", "", "钻石 石", "x"}, *const one[] = {"only"};
    static double big[n_big];
    static const float square[6] = {1, 2, 3, 4, 5, 6.5F};
    uint64_t state = 1;
    for (size_t i = 0; i < n_big; i++)
        big[i] = (double)(state = state * 6364136223846793005u + 1442695040888963407u);
    store *s;
    adamas_status status = store_create(&s, to, error);
    if (status)
        return status;
    if (!(status = store_write_group(s, "/g", "NXentry", error)) &&
        !(status = store_write_attribute(s, "/", "kind", "ümlaut", error)) &&
        !(status = store_write_attribute(s, "/g", "empty", "", error)) &&
        !(status = store_write_attributes(s, "/g", "list", 4, texts, error)) &&
        !(status = store_write_doubles(s, "/g/big", n_big, 0, big, error)) &&
        !(status = store_write_floats(s, "/g/square", 2, 3, square, error)) &&
        !(status = store_write_doubles(s, "/g/none", 0, 0, NULL, error)) &&
        !(status = store_write_texts(s, "/g/texts", 4, texts, error)) &&
        !(status = store_write_texts(s, "/g/one", 0, one, error)) && !(status = append_sample_rows(s, error)))
        return store_commit(s, error);
    store_close(s);
    return status;
}

#define OK(call) cr_assert_eq(call, ADAMAS_OK, "%s", error.message)

static void expect_attribute(store *s, const char *object, const char *name, const char *wanted)
{
    char *value;
    cr_assert_eq(store_attribute(s, object, name, &value, NULL), ADAMAS_OK);
    if (wanted)
        cr_assert_str_eq(value, wanted);
    else
        cr_assert_null(value);
    free(value);
}

Test(store, round_trip, .init = begin, .fini = folder_end)
{
    adamas_error error = {0};
    store *s;
    OK(write_sample(path, &error));
    cr_assert_eq(folder_entries(), 1);
    OK(store_open(&s, path, &error));
    cr_assert_str_eq(store_path(s), path);
    expect_attribute(s, "/", "kind", "ümlaut");
    expect_attribute(s, "/g", "empty", "");
    expect_attribute(s, "/g", "list", NULL);
    expect_attribute(s, "/g", "absent", NULL);
    expect_attribute(s, "/absent", "kind", NULL);
    store_shape shape;
    OK(store_read_shape(s, "/g/square", &shape, &error));
    cr_assert(shape.rank == 2 && shape.rows == 2 && shape.cols == 3 && !shape.is_text);
    OK(store_read_shape(s, "/g/one", &shape, &error));
    cr_assert(shape.rank == 0 && shape.rows == 1 && shape.cols == 1 && shape.is_text);
    OK(store_read_shape(s, "/g/none", &shape, &error));
    cr_assert(shape.rank == 1 && shape.rows == 0 && shape.cols == 1);
    double *big = malloc(n_big * sizeof *big), square[6];
    OK(store_read_doubles(s, "/g/big", n_big, 0, big, &error));
    cr_assert_eq(big[0], 7806831264735756412.0);
    free(big);
    OK(store_read_doubles(s, "/g/square", 2, 3, square, &error));
    cr_assert_eq(square[5], 6.5);
    char **texts;
    OK(store_read_texts(s, "/g/texts", 4, &texts, &error));
    cr_assert_str_eq(texts[0], "café");
    cr_assert_str_eq(texts[1], "");
    cr_assert_str_eq(texts[2], "钻石 石");
    free(texts);
    OK(store_read_texts(s, "/g/one", 1, &texts, &error));
    cr_assert_str_eq(texts[0], "only");
    free(texts);
    cr_assert(store_has(s, "/g") && store_has(s, "/g/one") && store_has(s, "/"));
    cr_assert(!store_has(s, "/h") && !store_has(s, "/h/one") && !store_has(s, "/g/one/two"));
    store_close(s);
}

Test(store, rows_in_any_order, .init = begin, .fini = folder_end)
{
    adamas_error error = {0};
    store *s, *other;
    OK(write_sample(path, &error));
    OK(store_open(&s, path, &error));
    OK(store_open(&other, path, &error));
    static float rows[n_rows * n_cols];
    static const size_t asked[][2] = {{0, n_rows}, {300, 1}, {0, 1}, {93, 7}, {5, 0}, {n_rows, 0}};
    for (size_t a = 0; a < 6; a++) {
        OK(store_read_rows(s, "/g/rows", asked[a][0], asked[a][1], n_cols, rows, &error));
        for (size_t i = 0; i < asked[a][1] * n_cols; i++)
            cr_assert_eq(rows[i], row_value(asked[a][0] + i / n_cols, i % n_cols));
    }
    store_close(s);
    OK(store_read_rows(other, "/g/rows", 7, 1, n_cols, rows, &error));
    cr_assert_eq(rows[1], row_value(7, 1));
    cr_assert_eq(store_read_rows(other, "/g/rows", 300, 2, n_cols, rows, &error), ADAMAS_E_FORMAT);
    cr_assert_eq(store_read_rows(other, "/g/rows", UINT64_MAX, 2, n_cols, rows, &error), ADAMAS_E_FORMAT);
    cr_assert_eq(store_read_rows(other, "/g/rows", 0, 1, n_cols - 1, rows, &error), ADAMAS_E_FORMAT);
    cr_assert_eq(store_read_rows(other, "/g/texts", 0, 1, 1, rows, &error), ADAMAS_E_FORMAT);
    store_close(other);
}

typedef struct seen {
    char names[200];
    int stop_at;
} seen;

static adamas_status see(void *context, const char *member, adamas_error *error)
{
    seen *all = context;
    strcat(strcat(all->names, member), " ");
    return --all->stop_at == 0 ? status_set(error, ADAMAS_E_CANCELLED, "enough") : ADAMAS_OK;
}

Test(store, members_in_order_of_names, .init = begin, .fini = folder_end)
{
    adamas_error error = {0};
    store *s;
    OK(write_sample(path, &error));
    OK(store_open(&s, path, &error));
    seen all = {0}, two = {.stop_at = 2};
    OK(store_each_member(s, "/g", see, &all, &error));
    cr_assert_str_eq(all.names, "big none one rows square texts ");
    cr_assert_eq(store_each_member(s, "/g", see, &two, &error), ADAMAS_E_CANCELLED);
    cr_assert_str_eq(two.names, "big none ");
    cr_assert_eq(store_each_member(s, "/h", see, &two, &error), ADAMAS_E_FORMAT);
    store_close(s);
}

Test(store, same_calls_same_bytes, .init = begin, .fini = folder_end)
{
    adamas_error error = {0};
    size_t n, again_n;
    OK(write_sample(path, &error));
    char *bytes = folder_get("a.h5", &n);
    sleep(1);
    OK(write_sample(path, &error));
    char *again = folder_get("a.h5", &again_n);
    cr_assert_gt(n, 100000);
    cr_assert(n == again_n && memcmp(bytes, again, n) == 0);
    free(bytes);
    free(again);
}

static void expect_error(adamas_status wanted, const char *file, const char *message)
{
    adamas_error error = {0};
    store *s = (store *)1;
    char line[1200];
    cr_assert_eq(store_open(&s, file, &error), wanted);
    cr_assert_null(s);
    snprintf(line, sizeof line, "%s: %s", file, message);
    cr_assert_eq(strncmp(error.message, line, strlen(line)), 0, "%s", error.message);
}

Test(store, refuses_what_it_cannot_read, .init = begin, .fini = folder_end)
{
    expect_error(ADAMAS_E_FILE, path, "cannot open: No such file or directory");
    expect_error(ADAMAS_E_FILE, folder, "cannot open: Is a directory");
    expect_error(ADAMAS_E_FILE, "/dev/null", "cannot open: not a regular file");
    folder_put("a.h5", "specimen;origin\n", 16);
    expect_error(ADAMAS_E_FORMAT, path, "not an HDF5 file");
    folder_put("a.h5", "", 0);
    expect_error(ADAMAS_E_FORMAT, path, "not an HDF5 file");
    if (geteuid() != 0) {
        chmod(path, 0);
        expect_error(ADAMAS_E_FILE, path, "cannot open: Permission denied");
    }
}

Test(store, tells_how_much_is_missing, .init = begin, .fini = folder_end)
{
    adamas_error error = {0};
    OK(write_sample(path, &error));
    size_t n;
    char *bytes = folder_get("a.h5", &n), message[200];
    for (size_t kept = 100; kept < n; kept = kept * 3) {
        folder_put("a.h5", bytes, kept);
        snprintf(message, sizeof message, "truncated or damaged: %zu bytes found, %zu expected", kept, n);
        expect_error(ADAMAS_E_FORMAT, path, message);
    }
    folder_put("a.h5", bytes, 20);
    expect_error(ADAMAS_E_FORMAT, path, "truncated or damaged (");
    free(bytes);
}

Test(store, checks_class_and_shape, .init = begin, .fini = folder_end)
{
    adamas_error error = {0};
    store *s;
    OK(write_sample(path, &error));
    OK(store_open(&s, path, &error));
    double numbers[6];
    char **texts, expected[400];
    store_shape shape;
    cr_assert_eq(store_read_doubles(s, "/g/square", 3, 2, numbers, &error), ADAMAS_E_FORMAT);
    snprintf(expected, sizeof expected, "%s: /g/square is 2 x 3, 3 x 2 expected", path);
    cr_assert_str_eq(error.message, expected);
    cr_assert_eq(store_read_doubles(s, "/g/texts", 4, 0, numbers, &error), ADAMAS_E_FORMAT);
    snprintf(expected, sizeof expected, "%s: /g/texts holds text, numbers expected", path);
    cr_assert_str_eq(error.message, expected);
    cr_assert_eq(store_read_texts(s, "/g/square", 2, &texts, &error), ADAMAS_E_FORMAT);
    cr_assert_eq(store_read_shape(s, "/g/no", &shape, &error), ADAMAS_E_FORMAT);
    snprintf(expected, sizeof expected, "%s: /g/no is missing", path);
    cr_assert_str_eq(error.message, expected);
    cr_assert_eq(store_read_shape(s, "/g", &shape, &error), ADAMAS_E_FORMAT);
    store_close(s);
}

/* An array of a huge shape, without data. */
static void write_foreign(void)
{
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hsize_t huge[2] = {(hsize_t)1 << 33, 1 << 20}, cube[3] = {2, 2, 2}, chunk[2] = {1024, 1024};
    hid_t plan = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(plan, 2, chunk);
    hid_t space = H5Screate_simple(2, huge, NULL), spaces = H5Screate_simple(3, cube, NULL), none = H5Screate(H5S_NULL);
    H5Dclose(H5Dcreate2(file, "huge", H5T_IEEE_F32LE, space, H5P_DEFAULT, plan, H5P_DEFAULT));
    H5Dclose(H5Dcreate2(file, "cube", H5T_IEEE_F32LE, spaces, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Dclose(H5Dcreate2(file, "none", H5T_IEEE_F32LE, none, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Pclose(plan);
    H5Sclose(space);
    H5Sclose(spaces);
    H5Sclose(none);
    H5Fclose(file);
}

Test(store, trusts_no_shape, .init = begin, .fini = folder_end)
{
    adamas_error error = {0};
    store *s;
    store_shape shape;
    static const char *const names[] = {"/huge", "/cube", "/none"};
    write_foreign();
    OK(store_open(&s, path, &error));
    for (int i = 0; i < 3; i++)
        cr_assert_eq(store_read_shape(s, names[i], &shape, &error), ADAMAS_E_FORMAT);
    store_close(s);
}

/* As h5py and Fortran programs write: texts of variable length, texts padded with blanks, integers, square chunks. */
static void write_as_others_do(void)
{
    const char *texts[] = {"ä", NULL, "longer than the others"}, padded[] = "ab c  de    ";
    const uint16_t numbers[12] = {65535, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    hsize_t three = 3, table[2] = {4, 3}, chunk[2] = {3, 2};
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), plan = H5Pcreate(H5P_DATASET_CREATE);
    hid_t any = H5Tcopy(H5T_C_S1), blanks = H5Tcopy(H5T_FORTRAN_S1);
    hid_t list = H5Screate_simple(1, &three, NULL), square = H5Screate_simple(2, table, NULL),
          one = H5Screate(H5S_SCALAR);
    H5Tset_size(any, H5T_VARIABLE);
    H5Tset_size(blanks, 4);
    H5Pset_chunk(plan, 2, chunk);
    hid_t a = H5Dcreate2(file, "any", any, list, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    hid_t b = H5Dcreate2(file, "blanks", blanks, list, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    hid_t c = H5Dcreate2(file, "numbers", H5T_STD_U16BE, square, H5P_DEFAULT, plan, H5P_DEFAULT);
    hid_t d = H5Acreate2(file, "any", any, one, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(a, any, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts);
    H5Dwrite(b, blanks, H5S_ALL, H5S_ALL, H5P_DEFAULT, padded);
    H5Dwrite(c, H5T_NATIVE_UINT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers);
    H5Awrite(d, any, texts);
    const hid_t all[] = {a, b, c, d, any, blanks, list, square, one, plan, file};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        H5Idec_ref(all[i]);
}

Test(store, reads_what_others_write, .init = begin, .fini = folder_end)
{
    static const char *const wanted[] = {"ä", "", "longer than the others", "ab c", "  de", ""};
    adamas_error error = {0};
    store *s;
    char **texts;
    float rows[6];
    write_as_others_do();
    OK(store_open(&s, path, &error));
    for (int a = 0; a < 2; a++) {
        OK(store_read_texts(s, a ? "/blanks" : "/any", 3, &texts, &error));
        for (int i = 0; i < 3; i++)
            cr_assert_str_eq(texts[i], wanted[3 * a + i]);
        free(texts);
    }
    expect_attribute(s, "/", "any", "ä");
    OK(store_read_rows(s, "/numbers", 0, 2, 3, rows, &error));
    cr_assert(rows[0] == 65535 && rows[5] == 5);
    OK(store_read_rows(s, "/numbers", 2, 2, 3, rows, &error));
    cr_assert(rows[0] == 6 && rows[5] == 11);
    store_close(s);
}

static int printed;

static herr_t print(hid_t stack, void *data)
{
    (void)stack, (void)data;
    printed++;
    return 0;
}

Test(store, leaves_error_printing_as_it_was, .init = begin, .fini = folder_end)
{
    adamas_error error = {0};
    store *s;
    H5E_auto2_t now;
    void *data;
    OK(write_sample(path, &error));
    H5Eset_auto2(H5E_DEFAULT, print, &printed);
    OK(store_open(&s, path, &error));
    store_has(s, "/no/such");
    expect_attribute(s, "/no", "such", NULL);
    store_close(s);
    folder_put("a.h5", "\211HDF\r\n\032\n", 8);
    cr_assert_eq(store_open(&s, path, &error), ADAMAS_E_FORMAT);
    cr_assert_eq(printed, 0);
    H5Eget_auto2(H5E_DEFAULT, &now, &data);
    cr_assert(now == print && data == &printed);
}

/* Writes in a process whose files are limited to `max` bytes; returns how it ended. */
static int exit_of_limited(rlim_t max)
{
    pid_t child = fork();
    if (child == 0) {
        adamas_error error = {0};
        struct rlimit limit = {max, max};
        signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &limit))
            exit(9);
        adamas_status status = write_sample(path, &error);
        char expected[400];
        snprintf(expected, sizeof expected, "%s: cannot write: File too large", path);
        int good = status == ADAMAS_E_FILE && strcmp(error.message, expected) == 0;
        exit(status == ADAMAS_OK ? 0 : good ? 1 : 2);
    }
    int how;
    waitpid(child, &how, 0);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -WTERMSIG(how);
}

Test(store, survives_a_full_disk_at_any_byte, .init = begin, .fini = folder_end, .timeout = 300)
{
    adamas_error error = {0};
    OK(write_sample(path, &error));
    size_t full;
    free(folder_get("a.h5", &full));
    static const rlim_t small[] = {0, 1, 100, 512, 1000, 2048, 2500};
    for (size_t i = 0; i < 7 + 40 + 3; i++) {
        rlim_t max = i < 7 ? small[i] : i < 47 ? full * (i - 6) / 41 : full - 2 + (i - 47);
        folder_put("a.h5", "what was there", 14);
        int how = exit_of_limited(max);
        cr_assert_eq(how, max < full ? 1 : 0, "at %zu of %zu bytes: %d", (size_t)max, full, how);
        cr_assert_eq(folder_entries(), 1);
        if (max < full) {
            size_t n;
            char *bytes = folder_get("a.h5", &n);
            cr_assert(n == 14 && memcmp(bytes, "what was there", 14) == 0);
            free(bytes);
        }
    }
}

Test(store, leaves_nothing_when_given_up, .init = begin, .fini = folder_end)
{
    adamas_error error = {0};
    store *s;
    OK(store_create(&s, path, &error));
    OK(store_write_group(s, "/g", NULL, &error));
    cr_assert_eq(folder_entries(), 1);
    cr_assert_eq(access(path, F_OK), -1);
    store_close(s);
    store_close(NULL);
    cr_assert_eq(folder_entries(), 0);
    cr_assert_eq(store_create(&s, folder, &error), ADAMAS_E_FILE);
    cr_assert_null(s);
    cr_assert_eq(store_create(&s, "/dev/null", &error), ADAMAS_E_FILE);
    cr_assert_eq(store_create(&s, "/nowhere/a.h5", &error), ADAMAS_E_FILE);
    cr_assert_str_eq(error.message, "/nowhere/a.h5: cannot write: No such file or directory");
}

Test(new_file, has_the_permissions_of_a_new_file, .init = begin, .fini = folder_end)
{
    new_file *f;
    struct stat made;
    umask(027);
    cr_assert_eq(new_file_start(&f, path, NULL), ADAMAS_OK);
    new_file_write(f, 3, "abc", 3);
    cr_assert_eq(new_file_commit(f, NULL), ADAMAS_OK);
    cr_assert_eq(stat(path, &made), 0);
    cr_assert_eq(made.st_mode & 0777, 0640);
    cr_assert_eq(made.st_size, 6);
}

Test(new_file, gives_back_what_did_not_fit, .init = begin, .fini = folder_end)
{
    new_file *f;
    struct rlimit limit = {10, RLIM_INFINITY};
    char bytes[20];
    adamas_error error = {0};
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cr_assert_eq(new_file_start(&f, path, NULL), ADAMAS_OK);
    new_file_write(f, 0, "0123456789abcdef", 16);
    new_file_write(f, 8, "XYZ", 3);
    new_file_read(f, 0, bytes, 18);
    cr_assert_eq(memcmp(bytes, "01234567XYZbcdef\0", 18), 0);
    cr_assert_eq(new_file_commit(f, &error), ADAMAS_E_FILE);
    cr_assert_eq(folder_entries(), 0);
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
}
