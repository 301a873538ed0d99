/* Tallies: what is alike is counted and told once, so that many harmless oddities can't bury
 * one that matters.
 * Texts go to the caller's arena, a bounded number of them.
 * Knows nothing of what is counted. */
#ifndef INPUT_TALLY_H
#define INPUT_TALLY_H

#include "model/result.h"

/* Pieces of evidence that are kept, and the bytes of each. */
enum { TALLY_EVIDENCE = 6, TALLY_EXCERPT = 200 };

struct tally {
	uint64_t n;
	int64_t offset;		/* of the first; -1: none */
	struct str path;	/* of the first */
	struct str evidence[TALLY_EVIDENCE];
	size_t evidence_n;
};

/* One more: the path of the member, and what was seen ("" when the path says it all). */
void tally_add(struct arena *a, struct tally *t, struct str path, int64_t offset, struct str seen);
/* One finding for all that was counted; NULL when nothing was. `what` goes on where "the member"
 * left off: "has ...". */
struct finding *tally_report(struct result *r, const struct tally *t, enum rule_id rule,
			     enum severity severity, const char *what);

#endif
