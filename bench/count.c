/* bench-count CHANNELS [FILE]: runs each stage on the same 32 rows under callgrind, for bench/guard. After each stage a
 * profile is dumped that bears the stage's name. If a file is given, reading its first 32 rows is a stage too. One
 * thread runs everything. */
#include "base/memory.h"
#include "data.h"
#include "measure.h"
#include "stage.h"
#include "store/spectra_read.h"

#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>

enum { counted = 32, training_rows = 64 };

static void count_read(const char *path, float *rows)
{
    adamas_spectra *set;
    adamas_error error = {0};
    measure_check(spectra_read(&set, path, &error) != ADAMAS_OK, error.message);
    CALLGRIND_START_INSTRUMENTATION;
    measure_check(spectra_rows(set, 0, counted, rows, &error) != ADAMAS_OK, error.message);
    CALLGRIND_STOP_INSTRUMENTATION;
    CALLGRIND_DUMP_STATS_AT("read gzip+shuffle");
    spectra_free(set);
}

static void count_stage(const char *name, size_t n, const float *training, float *rows)
{
    stage s;
    if (stage_make(&s, name, n, training_rows, training)) {
        float *scratch = memory_new(s.scratch, sizeof *scratch);
        measure_check(!scratch, "memory could not be had");
        memcpy(rows, training, counted * n * sizeof *rows);
        CALLGRIND_START_INSTRUMENTATION;
        for (size_t i = 0; i < counted; i += s.rows)
            stage_run(&s, training + i * n, rows + i * n, scratch);
        CALLGRIND_STOP_INSTRUMENTATION;
        CALLGRIND_DUMP_STATS_AT(name);
        free(scratch);
    }
    stage_clear(&s);
}

int main(int argc, char **argv)
{
    measure_check(argc < 2, "bench-count CHANNELS [FILE]");
    size_t n = strtoul(argv[1], NULL, 10);
    float *training = memory_raw(training_rows, n * sizeof *training),
          *rows = memory_raw(training_rows, n * sizeof *rows);
    measure_check(!training || !rows, "memory could not be had");
    for (size_t i = 0; i < training_rows; i++)
        data_row(n, i / 4, i % 4, training + i * n);
    if (argc > 2)
        count_read(argv[2], rows);
    for (const char *const *name = stage_methods; *name; name++)
        count_stage(*name, n, training, rows);
    free(training);
    free(rows);
    return 0;
}
