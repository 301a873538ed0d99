/* The judge of what a build left behind: installed programs and scripts, the next release, the log of its checks.
 * Borrows everything; findings go to the result.
 * Knows nothing of traces. */
#ifndef REBUILD_JUDGE_OUTPUTS_H
#define REBUILD_JUDGE_OUTPUTS_H

#include "model/result.h"
#include "rebuild/output.h"

struct judge_outputs_case {
	struct result *r;
	const char *folder;			/* the build's, on this machine */
	const struct output_tree *outputs, *dist;
	/* The one file of the source of that name; false: none, or several. */
	bool (*find)(void *ctx, struct str name, struct str *path);
	/* Whether a file that `make dist` made differs from the source's of the same path, which is the tag's. */
	bool (*differs)(void *ctx, struct str path, const struct sha256 *sha256);
	void *ctx;
};

void judge_outputs(const struct judge_outputs_case *c);

#endif
