/* Rules: every finding that tarproof can make, in one table (rules.def).
 * Constant data.
 * Knows nothing of how a rule is checked. */
#ifndef MODEL_RULE_H
#define MODEL_RULE_H

#include "base/str.h"

enum severity {
	SEVERITY_INFO,
	SEVERITY_LOW,
	SEVERITY_MEDIUM,
	SEVERITY_HIGH,
	SEVERITY_CRITICAL,
};

#define SEVERITY_COUNT 5

enum rule_id {
#define RULE(id, slug, severity, summary, why, settle) RULE_##id,
#include "model/rules.def"
#undef RULE
	RULE_COUNT
};

struct rule {
	const char *id;		/* "TP003"; never given to another rule later */
	const char *slug;	/* "archive-commit-differs" */
	enum severity severity;	/* by default; a finding may carry another one, with reason */
	const char *summary;	/* one line */
	const char *why;	/* why it matters: a paragraph */
	const char *settle;	/* how to settle it by hand: a paragraph */
};

/* RULE_COUNT rows, in the order of their ids. */
extern const struct rule rules[];

/* By id ("TP003", any case) or slug; NULL when there is none. */
const struct rule *rule_find(struct str name);
/* "critical", "high", ... */
const char *severity_name(enum severity s);
/* False when the name is none. */
bool severity_parse(struct str name, enum severity *out);

#endif
