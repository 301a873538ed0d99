/* Runs programs for tests, in a scratch folder that ends with the test.
 * The folder is the current one while a test runs; each test is a process of its own.
 * Knows nothing of tarproof. */
#ifndef SUPPORT_RUN_H
#define SUPPORT_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* For .init and .fini of a suite: a new folder to work in, an environment in which git and the
 * others write the same bytes at any time and place, and a clock at 2023-11-14 22:13:20 UTC. */
void scratch_begin(void);
void scratch_end(void);
/* Its absolute path. */
const char *scratch(void);

/* Runs a line of shell in the scratch folder, and fails the test when it fails. */
void sh(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same; what it printed, without the line end. Lives until the test ends. */
char *sh_out(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Writes a file, and the folders it stands in. */
void file_write(const char *path, const void *data, size_t n);
void file_text(const char *path, const char *text);
bool file_exists(const char *path);
/* Appends the whole file. */
void file_read(const char *path, struct buf *to);

/* Ends the test's process when it takes longer: what hangs fails, and does not stay behind. */
void must_end_within(unsigned int seconds);

#endif
