/* Causes: where two contents differ, and the first guess why.
 * Pure functions over bytes; texts go to the arena.
 * Knows nothing of builds. */
#ifndef REBUILD_CAUSE_H
#define REBUILD_CAUSE_H

#include "base/memory.h"
#include "rebuild/output.h"

/* "section .rodata", "member foo.o", "line 12", "byte 4096"; and "timestamp", "build path", "order", "version
 * stamp", "unknown". */
void cause_of(struct str first, struct str second, const struct output_context *x, struct arena *a,
	      struct str *where, struct str *cause);

#endif
