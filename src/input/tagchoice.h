/* Tag choice: which tag of a repository an artifact was made from.
 * Borrows the tags; names live where the tags' names live.
 * Knows nothing of where tags come from (a repository, a remote). */
#ifndef INPUT_TAGCHOICE_H
#define INPUT_TAGCHOICE_H

#include "base/limits.h"
#include "input/tagname.h"
#include "model/result.h"

struct tag_view {
	struct str name;
	struct oid target;	/* what the ref names */
	struct oid commit;	/* what it leads to, once `peeled` */
	bool peeled, no_commit;	/* no_commit: it leads to none that is at hand */
};

struct tag_set {
	struct tag_view *v;
	size_t n;
	/* Fills commit of one; NULL: all are peeled. */
	void (*peel)(void *ctx, struct tag_view *t);
	void *peel_ctx;
};

struct tag_choice {
	const struct tag_view *tag;	/* NULL: not clear */
	const char *how;		/* "name", "archive commit" */
	const struct tag_view *by_name;	/* the best by name, chosen or not; NULL: none but weak ones */
	/* When not clear: the nearest, best first. */
	const struct tag_view *near[LIMIT_CANDIDATES];
	const char *why[LIMIT_CANDIDATES];
	size_t near_n;
	bool several;			/* more than one fits (false: none does) */
};

/* `archive_commit`: what `git archive` left in the artifact, or NULL. It outranks the name. */
void tagchoice_find(struct tag_set *tags, const struct artifact_name *name,
		    const struct oid *archive_commit, struct tag_choice *out);
/* Every tag is peeled after this. */
void tagchoice_peel_all(struct tag_set *tags);

#endif
