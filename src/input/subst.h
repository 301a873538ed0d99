/* Substitution: $Format:...$ of the attribute export-subst.
 * Pure functions over bytes.
 * Knows nothing of other conversions, nor of the repository: what names refs, or depends on the
 * machine that ran git archive, can only be judged by its form.
 * Source: gitattributes(5), git-log(1) PRETTY FORMATS, and what git 2.39 does. */
#ifndef INPUT_SUBST_H
#define INPUT_SUBST_H

#include "base/str.h"
#include "input/convert.h"

/* Where hostile formats end: bytes of all that is written for one file beyond its own, holes
 * (see below) in one file, bytes that one hole may stand for. */
#define SUBST_MAX_GROWTH ((size_t)16 * 1024 * 1024)
enum { SUBST_MAX_HOLES = 1024, SUBST_MAX_HOLE = 2048 };
/* Bytes of a placeholder with arguments. */
enum { SUBST_MAX_ARGUMENTS = 4096 };

/* What a placeholder stands for when its text does not follow from the facts alone. */
enum hole_kind {
	HOLE_ABBREV,		/* the first 4 or more digits of `text`, an object id */
	HOLE_EITHER,		/* `text` or `other`, by the version of git */
	HOLE_NAME, HOLE_EMAIL,	/* `text`, or what a .mailmap makes of it */
	HOLE_DECORATION,	/* %D */
	HOLE_DECORATION_PAREN,	/* %d */
	HOLE_DESCRIBE,		/* %(describe), or `text`, its source, where git left it alone */
	HOLE_RELATIVE,		/* %ar */
	HOLE_SIGNED,		/* %G? */
	HOLE_KEY,		/* %GK and the like: hexadecimal or empty */
	HOLE_TRUST,		/* %GT */
};

struct hole {
	size_t at;		/* offset in the text that has no room for the hole */
	enum hole_kind kind;
	char before;		/* a byte written before it unless it is empty; 0: none */
	struct str text, other;
};

/* A text with holes. */
struct plan {
	const struct commit_facts *facts;
	struct buf *out;	/* the text; may begin with bytes of others */
	size_t base;		/* where this file's begin */
	size_t max;		/* and how many it may have */
	unsigned int abbrev;	/* digits; 0: make holes */
	struct str message;	/* up to its first NUL, which ends it for git */
	struct str subject, body;	/* what %s (and more) begins with; what %b gives */
	size_t looked_at;	/* bytes of the message, however few were written */
	struct hole *holes;	/* in the order of the text */
	size_t n, cap;
	bool failed;		/* too large, or a placeholder that is not known here */
};

/* Takes the message apart, once for a plan. */
void format_prepare(struct plan *p);
/* Appends to p->out what the pretty format says. `format` is without "$Format:" and "$". */
void format_expand(struct plan *p, struct str format);

/* Appends `in` with every $Format:...$ expanded; what names refs stays as written. A file with
 * placeholders that are not known here (%w, %<, %>, %(trailers), %ah), or that would grow by
 * more than SUBST_MAX_GROWTH, is appended as it is. */
void subst_expand(const struct commit_facts *facts, struct str in, unsigned int abbrev,
		  struct buf *out);
/* Whether git archive may have made `stored` out of `in`. */
enum convert_match subst_matches(const struct commit_facts *facts, struct str in,
				 struct str stored);

#endif
