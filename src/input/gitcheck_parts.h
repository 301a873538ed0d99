/* The parts of the git checks, between the files of that module (see gitcheck.h).
 * Borrows the origin; findings go to `found`, a result of their own, since these checks may run in
 * a thread of their own.
 * Knows nothing of how they are reported. */
#ifndef INPUT_GITCHECK_PARTS_H
#define INPUT_GITCHECK_PARTS_H

#include "input/commitrange.h"
#include "input/gitcheck.h"
#include "input/tagobject.h"
#include "input/tagorder.h"

struct gitcheck {
	struct origin *g;
	struct repo *repo;
	enum gitcheck_depth depth;
	struct result found;		/* findings and what was not checked, nothing else */
	struct arena *arena;		/* of `found` */
	const struct tag_view *tag;	/* NULL: the tag's commit was named otherwise */
	struct tag_object object;	/* of an annotated tag */
	struct tag_order order;
	const struct tag_view *previous;	/* NULL: there is none, or it can't be read */
	struct commit previous_commit;
};

/* A file of a tree by its path, appended: 1, 0 when there is none (or too large), -1. */
int gitcheck_file(struct gitcheck *c, const struct oid *tree, struct str path, struct buf *to,
		  struct error *err);
/* Whether a file is one that a build reads or runs, by its name. */
bool gitcheck_is_build_file(struct str path);

/* Whether the tag's .gitattributes mention a text. Most projects have none, and then no path need
 * be asked about. */
int gitcheck_attribute(struct gitcheck *c, struct str what, bool *out, struct error *err);

/* Each checks one thing, and returns -1 only when the whole audit is to stop. gitcheck_tags.c: */
int gitcheck_kind(struct gitcheck *c, struct error *err);
int gitcheck_key(struct gitcheck *c, struct error *err);
int gitcheck_dates(struct gitcheck *c, struct error *err);
/* gitcheck_replaced.c */
int gitcheck_replaced(struct gitcheck *c, struct error *err);
/* gitcheck_subst.c */
int gitcheck_subst(struct gitcheck *c, struct error *err);
/* gitcheck_tree.c: against the previous tag's tree */
int gitcheck_tree(struct gitcheck *c, struct error *err);
int gitcheck_submodules(struct gitcheck *c, struct error *err);
/* gitcheck_range.c: the commits since the previous tag */
int gitcheck_range(struct gitcheck *c, struct error *err);

#endif
