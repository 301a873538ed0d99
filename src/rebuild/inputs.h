/* Inputs: of which files of the source an output was compiled, and which of them differ between two builds.
 * Borrows trace and folders; texts go to the arena.
 * Knows nothing of why they differ. */
#ifndef REBUILD_INPUTS_H
#define REBUILD_INPUTS_H

#include "base/error.h"
#include "rebuild/flow.h"

struct inputs_case {
	const struct trace *trace;	/* of the second build */
	struct str build_path;
	const char *first, *second;	/* the folders of both builds on this machine */
};

/* The inputs of an output (its path below $DESTDIR) that compilers and copiers read, that are no objects, and that
 * are not the same in both builds. At most `max`. */
size_t inputs_differing(const struct inputs_case *c, const struct flow *f, struct str output, struct arena *a,
			struct str *out, size_t max);

#endif
