/* Search: the smallest sets of things that break something, by delta debugging.
 * Borrows the test and its context.
 * Knows nothing of what is varied. A. Zeller, R. Hildebrandt: Simplifying and Isolating Failure-Inducing Input, IEEE
 * Transactions on Software Engineering 28 (2002), the algorithm ddmin. */
#ifndef REBUILD_SEARCH_H
#define REBUILD_SEARCH_H

#include <stdint.h>

#include "base/error.h"

struct search {
	/* Whether a set (bits) breaks it: 1, 0, or -1 with err. No set is asked twice. */
	int (*breaks)(void *ctx, uint64_t set, struct error *err);
	void *ctx;
};

/* A subset of `set`, which breaks it, that breaks it too and from which nothing can be left out. */
int search_minimal(const struct search *s, uint64_t set, uint64_t *minimal, struct error *err);

#endif
