/* Differences between the release's build file and the tag's: are they what making a release leaves?
 * Pure functions on two texts.
 * Knows nothing of files. */
#ifndef INSPECT_DIFFERENCE_H
#define INSPECT_DIFFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Whether one version or date in a line differs, or setuptools added its section; `comments`: lines that begin
 * with # are comments, whatever stands before them, and may differ too. */
bool difference_is_stamp(struct str release, struct str tag, bool comments);
/* The first line of a that differs from b's, and its number. */
struct str difference_first(struct str a, struct str b, int64_t *line);

#endif
