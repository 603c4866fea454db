/* A temporary folder for a test, and short words for what every test does. */
#ifndef FUNCTIONAL_FOLDER_H
#define FUNCTIONAL_FOLDER_H

#include "adamas/adamas.h"

extern char folder[200];

void folder_begin(void);
void folder_end(void); /* removes it with what is in it */

/* How many files are in it, hidden ones too. */
int folder_entries(void);

/* folder/name, in one of eight buffers that take turns. */
const char *in_folder(const char *name);

void folder_put(const char *name, const void *bytes, size_t n);

/* The bytes of a file in it, ended by NUL, for the caller to free. */
char *folder_get(const char *name, size_t *n);

#endif
