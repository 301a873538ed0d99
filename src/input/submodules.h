/* Submodules: trees of other repositories at the commits that gitlinks name.
 * Adds parts to the caller's origin.
 * Knows nothing of how artifacts hold them. Source: gitmodules(5), gitsubmodules(7). */
#ifndef INPUT_SUBMODULES_H
#define INPUT_SUBMODULES_H

#include "input/origin.h"

/* Puts the tree of every gitlink whose repository was given in place of the gitlink, and so on
 * within it. A gitlink whose repository was not given stays. */
int submodules_load(struct origin *g, struct error *err);

/* From origin.c: appends the tree of a commit below `prefix` ("" or with a '/' at the end). */
int origin_add_part(struct origin *g, struct repo *repo, const struct commit *commit,
		    struct str prefix, struct error *err);

#endif
