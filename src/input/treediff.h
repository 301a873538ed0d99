/* Tree differences: what a tree holds otherwise than each of some others, from their objects.
 * Borrows the repository.
 * Knows nothing of contents, and reads no blob. Folders of equal id are not looked into. */
#ifndef INPUT_TREEDIFF_H
#define INPUT_TREEDIFF_H

#include "input/repo.h"

struct tree_side {
	bool present;
	unsigned int mode;	/* as in the tree object: 0100644, 0120000, 0160000, ... */
	struct oid oid;
};

struct tree_difference {
	struct str path;		/* valid during the call */
	struct tree_side now;
	const struct tree_side *old;	/* one for each of the others, in their order; NULL: there are none */
};

/* Returns 0 to go on, 1 to end the comparison, -1 with err. */
typedef int (*treediff_call)(void *ctx, const struct tree_difference *d, struct error *err);

/* Calls for each path, folders excepted, whose content, kind or executable bit in `now` is that of
 * none of the `n` trees in `old`. With one old tree that is what changed; with a merge's parents,
 * what the merge itself brought in. Returns 0, or 1 when the call ended it. A tree that is not in
 * the repository, or more than LIMIT_TREEDIFF trees, is an error. */
int treediff(struct repo *r, const struct oid *old, size_t n, const struct oid *now,
	     treediff_call call, void *ctx, struct error *err);

static inline bool tree_side_is_file(const struct tree_side *s)
{
	return s->present && (s->mode & 0170000) == 0100000;
}

#endif
