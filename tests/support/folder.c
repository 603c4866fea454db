/* The temporary folder of a test, and the files in it. A failure of the file system ends the program. */
#include "folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char folder[200];

static void check(int is_ok, const char *what)
{
    if (is_ok)
        return;
    perror(what);
    abort();
}

void folder_begin(void)
{
    const char *parent = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/adamas-test-XXXXXX", parent ? parent : "/tmp");
    check(mkdtemp(folder) != NULL, folder);
}

static int count_entries(int remove_them)
{
    DIR *all = opendir(folder);
    check(all != NULL, folder);
    int n = 0;
    for (struct dirent *e; (e = readdir(all));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        n++;
        if (remove_them)
            unlinkat(dirfd(all), e->d_name, 0);
    }
    closedir(all);
    return n;
}

int folder_entries(void)
{
    return count_entries(0);
}

void folder_end(void)
{
    count_entries(1);
    rmdir(folder);
}

const char *in_folder(const char *name)
{
    static char paths[8][300];
    static unsigned turn;
    char *path = paths[turn++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

void folder_put(const char *name, const void *bytes, size_t n)
{
    FILE *file = fopen(in_folder(name), "wb");
    check(file && fwrite(bytes, 1, n, file) == n && fclose(file) == 0, name);
}

char *folder_get(const char *name, size_t *n)
{
    FILE *file = fopen(in_folder(name), "rb");
    check(file && fseek(file, 0, SEEK_END) == 0, name);
    *n = (size_t)ftell(file);
    char *bytes = malloc(*n + 1);
    rewind(file);
    check(bytes && fread(bytes, 1, *n, file) == *n && fclose(file) == 0, name);
    bytes[*n] = '\0';
    return bytes;
}
