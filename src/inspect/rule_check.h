/* Rules of a Makefile.in that automake did not make of its Makefile.am.
 * Owns the text of what such rules may come from besides; borrows the rest.
 * Knows automake's own rules from generated.h alone. */
#ifndef INSPECT_RULE_CHECK_H
#define INSPECT_RULE_CHECK_H

#include "inspect/inspect.h"
#include "inspect/subject.h"

/* The first three members are the caller's to set, the others zero. */
struct rule_check {
	struct result *r;
	const struct subjects *all;
	const struct inspect_sources *s;
	struct buf others;		/* files with rules besides Makefile.am, one after the other */
	bool has_others, unseen;	/* they were read; one of them could not be */
};

/* Looks at one file, whatever it is. */
void rule_check(struct rule_check *c, const struct subject *s);
void rule_check_release(struct rule_check *c);

#endif
