/* Directories: a folder on disk as an artifact.
 * Borrows the intake. Follows no symbolic link.
 * Knows nothing of archives. */
#ifndef INPUT_DIRECTORY_H
#define INPUT_DIRECTORY_H

#include "input/intake.h"

/* Reads the folder open as `fd` (taken over). A ".git" at its top is left out and reported as
 * not checked. Entries come in byte order of their names. */
int directory_read(struct intake *in, int fd, struct error *err);

#endif
