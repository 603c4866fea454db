/* A temporary folder for a test, and the files in it. */
#ifndef SUPPORT_FOLDER_H
#define SUPPORT_FOLDER_H

#include <stddef.h>

extern char folder[200];

/* Makes a new, empty folder in TMPDIR or /tmp; ends the program if it cannot. */
void folder_begin(void);

/* Removes it with the files in it. */
void folder_end(void);

/* Number of files in it, hidden ones included. */
int folder_entries(void);

/* folder/name, in one of eight buffers that take turns. */
const char *in_folder(const char *name);

/* Writes n bytes to the file `name` of the folder. */
void folder_put(const char *name, const void *bytes, size_t n);

/* The n bytes of the file `name` of the folder, ended by NUL, for the caller to free. */
char *folder_get(const char *name, size_t *n);

#endif
