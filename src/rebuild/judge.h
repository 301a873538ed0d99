/* The judge: what a build did that builds don't do, as findings.
 * Borrows everything; findings go to the result.
 * Knows nothing of how a trace is made. Each rule has its measured ground in ARCHITECTURE.md. */
#ifndef REBUILD_JUDGE_H
#define REBUILD_JUDGE_H

#include "model/result.h"
#include "rebuild/trace.h"

/* What is known of a file of the source that was built. */
enum {
	SOURCE_THERE = 1 << 0,
	SOURCE_IN_TAG = 1 << 1,		/* with this content */
	SOURCE_TEST = 1 << 2,		/* it lies among tests */
	SOURCE_BINARY = 1 << 3,
	SOURCE_OPAQUE = 1 << 4,		/* binary, and of no known format, or not as its format wants it */
	SOURCE_DATA = 1 << 5,		/* no program, source or document, as far as can be told */
};

struct judge_case {
	const struct trace *trace;
	struct result *r;
	struct str build_path, home;	/* within the sandbox */
	const char *folder;		/* the build's folder on this machine, as it was left */
	bool of_release;		/* else it was built from the tag */
	unsigned int (*about)(void *ctx, struct str path);	/* SOURCE_... of a path of the source */
	bool (*names)(void *ctx, struct str base);	/* whether a file of the source has this word */
	bool (*same)(void *ctx, struct str path, const struct sha256 *sha256);	/* whether that is its content */
	void *ctx;
};

void judge_trace(const struct judge_case *c);

#endif
