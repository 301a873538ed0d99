/* Audit: runs the rooms in order and comes to a verdict.
 * The result is the caller's (result_init() before, result_release() after).
 * Knows nothing of output formats or of the command line. */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "audit/rebuild.h"
#include "model/result.h"
#include "model/submodule.h"

struct audit_progress {
	const char *phase;	/* "reading", "comparing", ... constant text */
	const char *doing;	/* what a build is about, with text of the input; or NULL */
	uint64_t done, total;	/* bytes of the artifact as stored; total 0: not known */
};

struct audit_options {
	const char *artifact;	/* path of file or directory; required */
	const char *git;	/* working copy, bare repository, worktree, URL with `fetch`; or NULL */
	const char *tree;	/* path of a `git ls-tree -r -l --full-tree` listing; or NULL */
	const char *tag;	/* tag name or revision; NULL or "auto": found by the artifact */
	bool fetch;		/* the network may be used to get the tag from `git` */
	const struct submodule *submodules;
	size_t submodules_n;
	const char *submodules_dir;	/* folder of repositories, by last component of path or URL; or NULL */
	unsigned int jobs;	/* threads for hashing, 1 to 256; 0: one a processor */
	unsigned int timeout;	/* seconds for the whole audit; 0: none */
	bool scan;		/* no origin is asked for: content and structure alone */
	bool no_inspect;	/* contents are compared, not looked into */
	const struct rebuild_options *rebuild;	/* NULL: nothing is built */
	bool all_sha256;	/* SHA-256 of identical entries too */
	enum severity fail_on;	/* findings from here on make the verdict "suspect" */
	void (*progress)(void *ctx, const struct audit_progress *p);	/* or NULL; called from one thread,
							 * at most some ten times a second */
	void *progress_ctx;
	const volatile sig_atomic_t *stop;	/* or NULL; ends the audit with ERROR_INTERRUPTED once set */
};

/* Audits one artifact. Returns 0 with the result filled, whatever the verdict is; -1 with
 * `err` when there can be no result. ERROR_UNRESOLVED (no tag, or more than one) is special:
 * -1 is returned, and the result holds the artifact, the candidates and what was not checked. */
int audit_run(const struct audit_options *o, struct result *r, struct error *err);

/* The text of the recipe by which `rebuild` would build the artifact. */
int audit_recipe(const char *artifact, const struct rebuild_options *o, struct buf *out, struct error *err);

/* The exit status that a finished audit's verdict asks for: 1 suspect, 3 incomplete, else 0. */
int audit_exit_status(const struct result *r);

#endif
