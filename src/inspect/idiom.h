/* Idioms: statements of autoconf, automake and libtool that do what an attack does, word for word.
 * A constant table.
 * Knows nothing of files: a text is an idiom wherever it stands, and nothing else is. */
#ifndef INSPECT_IDIOM_H
#define INSPECT_IDIOM_H

#include <stdbool.h>

#include "base/str.h"

/* Whether the statement, blanks taken as one, is exactly one of them. */
bool idiom_is_known(struct str statement);

#endif
