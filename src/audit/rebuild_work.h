/* Rebuilding, between its files: what they share (rebuild.c), and how surroundings are varied (rebuild_vary.c).
 * Borrows the audit's result; owns builds while they are needed.
 * Knows nothing of formats. */
#ifndef AUDIT_REBUILD_WORK_H
#define AUDIT_REBUILD_WORK_H

#include "audit/rebuild.h"
#include "rebuild/build.h"

struct rebuilding {
	const struct rebuild_options *o;
	const struct rebuild_sources *s;
	struct result *r;
	struct rebuild_info *info;
	struct recipe recipe;
	struct export_source release, tag;
	int64_t epoch;
	const char *scratch;
	struct build tag_build, release_build;
};

/* The plan of a build with nothing varied. */
struct build_plan rebuild_plan(struct rebuilding *b, const struct export_source *source, struct str label);
/* Takes what a report needs out of a build, and says what it did not do. */
void rebuild_record(struct rebuilding *b, const struct build *done);
struct str rebuild_version(const struct result *r);

/* Writes a file beside the report; `mode` as of fopen(). */
int rebuild_write(const char *path, const char *mode, struct str text, struct error *err);

/* rebuild_compare.c: both builds are complete. */
void rebuild_compare(struct rebuilding *b);
/* rebuild_vary.c: builds the release again with the variations that were asked for, and searches. */
int rebuild_vary(struct rebuilding *b, struct error *err);

/* rebuild_ablate.c: builds the release again with noise in the place of opaque files and data of the tests. */
int rebuild_ablate(struct rebuilding *b, struct error *err);
/* rebuild_against.c: compares both builds with a binary artifact. */
int rebuild_against(struct rebuilding *b, const char *path, struct error *err);
/* rebuild_provenance.c: what flowed where, by the trace of the build from the release. */
int rebuild_provenance(struct rebuilding *b, struct error *err);

#endif
