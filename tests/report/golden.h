/* Golden files: what a report should look like, kept as text beside the tests.
 * Borrows its arguments; writes the files when TARPROOF_UPDATE_GOLDEN is 1.
 * Knows nothing of formats. */
#ifndef TESTS_REPORT_GOLDEN_H
#define TESTS_REPORT_GOLDEN_H

#include <stddef.h>

#include "base/str.h"

/* A path below the source tree: $srcdir (as make sets it), else the parent of TESTS_DIR. */
const char *golden_source_path(const char *below, char *path, size_t size);

/* Asserts that `text` is what tests/report/NAME.golden holds; on failure, what came instead is in
 * NAME.actual in the current folder. Occurrences of any of
 * `changing` (ends with NULL; may be NULL) count as "@CHANGING@". */
void golden_compare(const char *name, struct str text, const char *const *changing);

#endif
