/* Rebuilding as a part of an audit: joins the tag's tree and the artifact's to the room that builds.
 * Fills result->rebuild; findings go to the result.
 * Knows nothing of formats or of the command line. */
#ifndef AUDIT_REBUILD_H
#define AUDIT_REBUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "model/result.h"

struct rebuild_options {
	const char *recipe;		/* path of a recipe file, name of a built-in one, or NULL: found */
	bool phases[PHASE_COUNT];	/* to be run as far as the recipe has them */
	bool no_trace;
	const char *trace_file;		/* JSON lines are written there; or NULL */
	const char *scratch;		/* folder for builds; NULL: $TMPDIR, /var/tmp */
	bool keep, shell;
	const char *vary;		/* names of variations to be searched, with commas; "all", "bait"; or NULL */
	bool ablate;
	const struct str *against;	/* binary artifacts to compare with */
	size_t against_n;
	const char *provenance;		/* a path to be followed; or NULL */
	const char *dot;		/* file for its graph; or NULL */
	unsigned int memory;		/* MiB of one build */
	unsigned int disk;		/* MiB */
	unsigned int processes;
	unsigned int build_timeout;	/* seconds of one phase */
};

/* What an audit holds that a rebuild asks for. */
struct rebuild_sources {
	int (*read_release)(void *ctx, const struct entry *e, struct buf *to);
	int (*read_origin)(void *ctx, const struct entry *e, struct buf *to);
	/* Of a file of the artifact (or, for the build from the tag, of the origin): SOURCE_... of judge.h. */
	unsigned int (*about)(void *ctx, struct str path, bool of_release);
	/* Whether a build file of the artifact has this word in its text. */
	bool (*names)(void *ctx, struct str word);
	int (*tick)(void *ctx, const char *doing, struct error *err);
	void *ctx;
};

/* The recipe that would be used, as text. ERROR_INPUT when none fits. */
int rebuild_recipe(const struct rebuild_options *o, const struct tree *t, struct buf *out, struct error *err);
/* Builds from both, compares and judges. What can't be built is NOT CHECKED. -1 only when interrupted, or with
 * options that can't be followed. */
int rebuild_run(const struct rebuild_options *o, const struct rebuild_sources *s, struct result *r,
		struct error *err);

#endif
