/* What automake makes of a Makefile.am: whether a Makefile.in holds a rule that came from nowhere.
 * Pure functions; borrow all.
 * Knows nothing of files. Source: automake's manual, "What Gets Cleaned" to "The standard targets". */
#ifndef INSPECT_GENERATED_H
#define INSPECT_GENERATED_H

#include <stdint.h>

#include "base/str.h"

/* Whether automake says that it made the file. */
bool generated_by_automake(struct str makefile);
/* The next rule with a recipe of which a target is neither automake's own nor a word of `source`.
 * *from is where to go on, 0 at first; *line the rule's, from 1 at first. False: there is none. */
bool generated_next_stranger(struct str makefile, struct str source, size_t *from, int64_t *line,
			     struct str *target);
/* Whether a text holds it as a word. */
bool generated_mentions(struct str text, struct str target);

#endif
