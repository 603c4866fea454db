/* Run by the build: writes the manual pages and the shells' completion of `adamas` from its own tables.
 *
 *     make_docs DATE DIRECTORY
 *
 * Below DIRECTORY: man/man1, man/man7, bash-completion/completions and zsh/site-functions, which must exist. */
#include "completions.h"
#include "man_pages.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *directory;

static FILE *open_file(const char *format, ...) __attribute__((format(printf, 1, 2)));

static FILE *open_file(const char *format, ...)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/", directory);
    va_list list;
    va_start(list, format);
    if (length > 0 && (size_t)length < sizeof path)
        vsnprintf(path + length, sizeof path - (size_t)length, format, list);
    va_end(list);
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    return file;
}

static void close_file(FILE *file)
{
    int failed = ferror(file);
    if (fclose(file) || failed) {
        perror(directory);
        exit(EXIT_FAILURE);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: make_docs DATE DIRECTORY\n", stderr);
        return EXIT_FAILURE;
    }
    const char *date = argv[1];
    directory = argv[2];
    FILE *file = open_file("man/man1/adamas.1");
    write_main_page(file, date);
    close_file(file);
    for (const command *c = commands; c->name; c++) {
        file = open_file("man/man1/adamas-%s.1", c->name);
        write_command_page(file, date, c);
        close_file(file);
    }
    file = open_file("man/man7/adamas-methods.7");
    write_methods_page(file, date);
    close_file(file);
    file = open_file("bash-completion/completions/adamas");
    write_bash_completion(file);
    close_file(file);
    file = open_file("zsh/site-functions/_adamas");
    write_zsh_completion(file);
    close_file(file);
    return EXIT_SUCCESS;
}
