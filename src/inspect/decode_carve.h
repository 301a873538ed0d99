/* Carving: content of which constant ranges are dropped, so that what lies between them joins.
 * Owns nothing.
 * Knows nothing of what is carved out. */
#ifndef INSPECT_DECODE_CARVE_H
#define INSPECT_DECODE_CARVE_H

#include "base/memory.h"
#include "base/str.h"

enum { CARVES_MAX = 3 };

/* A way of carving: bytes are skipped and kept by turns. */
struct carve {
	size_t start;		/* what comes before is dropped */
	size_t keep, skip;	/* bytes, by turns; 0: every run of `run` or more equal bytes goes */
	size_t run;
};

/* The ways that the runs of the content suggest; returns how many. */
size_t carve_plan(struct str bytes, struct carve out[CARVES_MAX]);
void carve_apply(const struct carve *c, struct str bytes, struct buf *to);
struct str carve_command(const struct carve *c, struct arena *a);

#endif
