/* Output: where a command's text goes, a file or standard output.
 * Owns temporary files while it writes.
 * Knows nothing of what is written. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/str.h"

/* Opens what is closed of descriptors 0 to 2, so that no file of the audit becomes standard
 * output; writing there still fails. */
void output_secure_standard(void);

/* NULL and "-" are standard output. */
bool output_is_stdout(const char *path);

/* Whether output_write() is likely to succeed, so that an hour of work is not lost on a
 * mistyped folder. Refuses `path` when it is the file `input`. */
int output_check(const char *path, const char *input, struct error *err);

/* Writes everything, or leaves what was there: into a temporary file beside `path`, which
 * then takes its name. What is no regular file (a pipe, /dev/null) is written to directly.
 * A closed pipe gives an error with an empty message: nobody is there to read it. */
int output_write(const char *path, struct str text, struct error *err);

#endif
