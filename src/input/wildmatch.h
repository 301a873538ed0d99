/* Wildcards: whether a pattern of git's attribute and ignore files matches a name.
 * Pure functions over bytes.
 * Knows nothing of attributes; a slash at an end and "!" are the caller's.
 * Source: gitignore(5), PATTERN FORMAT, and what git 2.39 does where that is silent. */
#ifndef INPUT_WILDMATCH_H
#define INPUT_WILDMATCH_H

#include <stdbool.h>

#include "base/str.h"

/* Bytes of s before its first special character ("*", "?", "[" or a backslash). */
size_t wildmatch_literal(struct str s);
/* Matches all of `text`. With `pathname` a slash is matched by a slash or by a "**" that fills
 * path components only. Takes time in the product of both lengths at worst. */
bool wildmatch(struct str pattern, struct str text, bool pathname);

#endif
