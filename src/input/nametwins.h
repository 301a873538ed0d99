/* Name twins: members whose names a reader or a file system takes for one, and makefiles that make
 * takes instead of each other.
 * Makes findings in the caller's result; borrows the origin.
 * Knows nothing of formats. */
#ifndef INPUT_NAMETWINS_H
#define INPUT_NAMETWINS_H

#include "model/result.h"

/* Over r->artifact_tree, which is sorted; `origin` may be NULL. */
void nametwins_check(struct result *r, const struct tree *origin);

#endif
