/* One line of a .gitattributes file: a pattern or a macro, and words that set attributes.
 * Views point into the line, or into the arena where quotes were taken off.
 * Knows nothing of what a pattern matches or what an attribute means.
 * Source: gitattributes(5), and what git 2.39 does where that is silent. */
#ifndef INPUT_ATTRLINE_H
#define INPUT_ATTRLINE_H

#include <stdbool.h>

#include "base/memory.h"
#include "base/str.h"
#include "input/attributes.h"

/* As in git 2.39: a line of this many bytes or more is skipped. */
enum { ATTRLINE_MAX = 2048 };

struct attrline {
	struct str name;	/* the pattern, or the macro's name */
	struct str words;	/* see attrline_next(); all their names are valid */
	bool macro;
};

/* "name", "-name", "!name" or "name=value". */
struct attrword {
	struct str name;
	enum attribute_state state;
	struct str value;	/* for ATTRIBUTE_VALUE, else empty */
};

/* `text` has no NUL. False for comments, blank lines and what git skips: long lines, invalid
 * names, negative patterns, macros unless `macros_ok`. */
bool attrline_parse(struct arena *arena, struct str text, bool macros_ok, struct attrline *out);
/* Cuts the next word off; false at the end. */
bool attrline_next(struct str *words, struct attrword *out);

#endif
