/* Comparison: two sorted trees walked in lockstep.
 * Fills result->changes from result->artifact_tree and result->origin_tree.
 * Knows nothing of archives, repositories or attributes. */
#ifndef COMPARE_COMPARE_H
#define COMPARE_COMPARE_H

#include "model/result.h"

/* One change for every path of either tree but the origin's own gitlinks, in the order of paths.
 * Relations that need content (transformed) are left to explainers: such files come out as
 * modified. */
void compare_trees(struct result *r);

/* How many files and links of the artifact stand in `origin` with the same content at the
 * same path. */
uint64_t compare_count_identical(const struct tree *artifact, const struct tree *origin);

#endif
