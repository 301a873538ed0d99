/* Artifacts: any release as a tree of entries, read in one pass, nothing unpacked to disk.
 * Fills the caller's result; keeps what the origin does not know in a content store.
 * Knows nothing of why files differ. */
#ifndef INPUT_ARTIFACT_H
#define INPUT_ARTIFACT_H

#include "input/content.h"
#include "input/intake.h"

/* An artifact that is being decoded already, as far as memory is allowed for. */
struct artifact_ahead;

struct artifact_options {
	const char *path;
	unsigned int jobs;		/* worker threads, 1 and up */
	bool all_sha256;
	struct expectation expect;	/* contents of its origin are not kept; none: keep nothing */
	struct content_store *store;
	struct tick tick;
	_Atomic uint64_t *done;		/* bytes of the artifact read so far; or NULL */
	struct artifact_ahead *ahead;	/* taken over; or NULL */
	/* As of hashing_options. */
	uint32_t (*look)(void *ctx, struct str path, const struct oid *oid, struct str content, bool *keep);
	void *look_ctx;
};

/* What is known beside the result. */
struct artifact_facts {
	bool has_structure;		/* see tartap.h */
	struct sha256 structure;
};

/* Begins to decode while the caller does other things; of the options it needs path, jobs and done.
 * NULL when that does not pay or does not work: why is said when it is read. */
struct artifact_ahead *artifact_start(const struct artifact_options *o);
/* For one that is not read after all; NULL is allowed. */
void artifact_stop(struct artifact_ahead *a);
/* Reads the artifact into r->artifact and r->artifact_tree (sorted). */
int artifact_read(const struct artifact_options *o, struct result *r, struct artifact_facts *facts,
		  struct error *err);
/* The file's name, and what stands at its start: the commit that `git archive` left (else empty)
 * and the folder of the first member. Fills r->artifact.{path,name,size,archive_commit,lead}. */
int artifact_peek(const char *path, struct result *r, struct error *err);

#endif
