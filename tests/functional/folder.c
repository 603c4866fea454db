#include "folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char folder[200];

static void need(int fine, const char *what)
{
    if (fine)
        return;
    perror(what);
    abort();
}

void folder_begin(void)
{
    const char *parent = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/adamas-functional-XXXXXX", parent ? parent : "/tmp");
    need(mkdtemp(folder) != NULL, folder);
}

static int walk(int and_remove)
{
    DIR *all = opendir(folder);
    need(all != NULL, folder);
    int n = 0;
    for (struct dirent *e; (e = readdir(all));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        n++;
        if (and_remove)
            unlinkat(dirfd(all), e->d_name, 0);
    }
    closedir(all);
    return n;
}

int folder_entries(void)
{
    return walk(0);
}

void folder_end(void)
{
    walk(1);
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
    need(file && fwrite(bytes, 1, n, file) == n && fclose(file) == 0, name);
}

char *folder_get(const char *name, size_t *n)
{
    FILE *file = fopen(in_folder(name), "rb");
    need(file && fseek(file, 0, SEEK_END) == 0, name);
    *n = (size_t)ftell(file);
    char *bytes = malloc(*n + 1);
    rewind(file);
    need(bytes && fread(bytes, 1, *n, file) == *n && fclose(file) == 0, name);
    bytes[*n] = '\0';
    return bytes;
}
