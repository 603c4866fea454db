/* The temporary folder of a test, and the files in it. */
#ifndef FUNCTIONAL_FOLDER_H
#define FUNCTIONAL_FOLDER_H

#include "adamas/adamas.h"

extern char folder[200];

void folder_begin(void); /* makes it, in TMPDIR or /tmp */
void folder_end(void);   /* removes it and its files */

/* The number of files in it, with hidden ones. */
int folder_entries(void);

/* The path folder/name; valid until the eighth call after this one. */
const char *in_folder(const char *name);

/* Writes a file of n bytes. */
void folder_put(const char *name, const void *bytes, size_t n);

/* The n bytes of a file, with a NUL after them; the caller frees them. */
char *folder_get(const char *name, size_t *n);

#endif
