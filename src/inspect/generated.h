/* What automake makes of a Makefile.am: whether a Makefile.in holds a rule that came from nowhere.
 * Pure functions; borrow all.
 * Knows nothing of files. Source: automake's manual, "What Gets Cleaned" to "The standard targets". */
#ifndef INSPECT_GENERATED_H
#define INSPECT_GENERATED_H

#include <stdint.h>

#include "base/str.h"

/* Whether automake says that it made the file. */
bool generated_by_automake(struct str makefile);
/* A walk over the rules of a makefile. */
struct generated_rules {
	struct str rest;	/* of the makefile: all of it at first; the other members are zero */
	struct str names;	/* targets that are left of the rule */
	int64_t line;		/* the rule's, from 1 */
	bool continued;		/* the last line goes on */
};

/* The next target of a rule with a recipe that automake does not make by itself. False: there is none. */
bool generated_next_target(struct generated_rules *g, struct str *target);
/* Whether a text holds it as a word. Looks through all of the text. */
bool generated_mentions(struct str text, struct str target);

#endif
