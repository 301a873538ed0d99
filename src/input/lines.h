/* Lines that differ between two texts, by libgit2's diff (xdiff).
 * Borrows the texts.
 * Knows nothing of repositories. */
#ifndef INPUT_LINES_H
#define INPUT_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* How many lines were added and removed; false when either text is binary or too large. */
bool lines_count(struct str old_text, struct str new_text, int64_t *added, int64_t *removed);

#endif
