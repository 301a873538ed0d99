/* An audit, between its files: what it holds (audit.c), and what builds ask of it (audit_sources.c).
 * Owns what an audit opens while it runs.
 * Knows nothing of formats. */
#ifndef AUDIT_AUDIT_WORK_H
#define AUDIT_AUDIT_WORK_H

#include <pthread.h>
#include <stdatomic.h>

#include "audit/audit.h"
#include "input/artifact.h"
#include "input/gitcheck.h"
#include "input/origin.h"
#include "inspect/inspect.h"

/* Everything that one audit holds on to. */
struct audit {
	const struct audit_options *o;
	struct result *r;
	struct origin_options origin_options;
	struct origin origin;
	struct content_store *store;
	struct inspector *inspector;	/* NULL: contents are not looked into */
	struct known_store *known;	/* NULL: there is none, as `known_err` says */
	struct error known_err;
	struct artifact_ahead *ahead;
	struct artifact_facts facts;
	const char *phase;
	_Atomic uint64_t done;
	double started, phase_started, last_progress;
	struct gitcheck *gitcheck;
	pthread_t branch_thread;
	bool branch_running;
};

/* The content of a file of the artifact, appended: 1, or 0 when it can't be had. `ctx` is the audit, here and below. */
int audit_read_content(void *ctx, const struct entry *e, struct buf *to);
/* The same, of the tag's tree. */
int audit_read_origin(void *ctx, const struct entry *e, struct buf *to);
/* The same as the first, by way of the tag where the content was kept nowhere else. */
int audit_read_release(void *ctx, const struct entry *e, struct buf *to);
/* SOURCE_... (rebuild/judge.h) of a file of the artifact, or of the tag. */
unsigned int audit_about_source(void *ctx, struct str path, bool of_release);
/* Whether a build file or script of the artifact has this word. */
bool audit_source_names(void *ctx, struct str word);

#endif
