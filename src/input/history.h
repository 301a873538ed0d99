/* History of single files: the commits that added and last changed them, as seen from a tag.
 * Borrows the repository; what it finds lives in the caller's arena.
 * Knows nothing of findings. Dates decide nothing but the order in which commits are read, which
 * has no influence on the outcome. */
#ifndef INPUT_HISTORY_H
#define INPUT_HISTORY_H

#include "input/repo.h"
#include "model/history.h"

struct history_question {
	struct oid tag;			/* the tag object, or a commit */
	const struct str *paths;	/* in the tag's tree, each once; in any order */
	size_t paths_n;
	bool added;			/* the commits that added them are wanted as well: a longer walk */
	size_t max;			/* commits to read; 0: LIMIT_HISTORY */
	int64_t window;			/* 0, or seconds before the tag: what is older is not asked for (some
					 * hundreds of commits are read all the same, as clocks differ) */
};

/* A window that is wide enough for history_assess(). */
#define HISTORY_WEEK ((int64_t)7 * 24 * 3600)

/* One walk for all paths. From each commit a path's history goes on to the first parent that
 * holds the path as this commit does; where none does, this commit changed it, and what was before
 * is looked for in the first parent that has the path at all. That is what git calls history
 * simplification. Missing commits, and limits, make the answer incomplete, not an error. */
int history_of(struct repo *r, struct arena *a, const struct history_question *q,
	       struct history *out, struct error *err);

/* Whether content is text: no NUL among its first 8000 bytes (as git has it), and hardly any
 * control character. */
bool history_is_text(struct str content);

struct history_note {
	enum rule_id rule;
	enum severity severity;
	struct str message;	/* one line, in the arena */
};

/* What the history of one path says against it; false when nothing. Weak evidence, by rules that
 * hold for 1 in 300 (low) or 1 in 2000 (medium) releases of honest projects: it raises what
 * something else found, and decides nothing alone.
 *   TP026: its content is from a commit that changed binary content only, made by who made the
 *          tag less than a day later, and the file had been there before;
 *   TP027: as before, but any commit. */
bool history_assess(const struct history *h, size_t path, struct arena *a,
		    struct history_note *out);

#endif
