/* Commits: their links to parents, and those that one commit has and another has not.
 * Borrows the repository; results live in the caller's arena.
 * Knows nothing of what a commit changed. */
#ifndef INPUT_COMMITRANGE_H
#define INPUT_COMMITRANGE_H

#include "input/repo.h"

enum { COMMIT_PARENTS_MAX = 32 };	/* parents that are kept of one commit */

struct commit_links {
	struct oid oid, tree;
	struct oid *parents;
	size_t parents_n;	/* at most COMMIT_PARENTS_MAX */
	int64_t time;		/* committer's; may be a lie */
};

/* 1, 0 when it is not in the repository or is no commit, -1 with err. */
int commit_links_read(struct repo *r, struct arena *a, const struct oid *oid,
		      struct commit_links *out, struct error *err);

struct commit_range {
	struct commit_links *v;		/* the caller's to memory_free() */
	size_t n;
	bool complete;			/* no limit was met, and nothing was missing */
};

/* The commits that `tip` leads to and `base` does not. Dates only say in which order to look: where
 * they are wrong, there may be too many commits, never too few. At most
 * `max` commits are read (about). */
int commit_range(struct repo *r, struct arena *a, const struct oid *tip, const struct oid *base,
		 size_t max, struct commit_range *out, struct error *err);

#endif
