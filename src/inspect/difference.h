/* Differences between the release's build file and the tag's: are they what making a release leaves?
 * Pure functions on two texts.
 * Knows nothing of files. */
#ifndef INSPECT_DIFFERENCE_H
#define INSPECT_DIFFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Whether numbers of versions and dates alone differ, line by line, or setuptools added its section. */
bool difference_is_stamp(struct str release, struct str tag);
/* The first line of a that differs from b's, and its number. */
struct str difference_first(struct str a, struct str b, int64_t *line);

#endif
