/* Trials: builds with something varied, and what is told of them.
 * Borrow the rebuild; texts go to the result's arena.
 * Know nothing of how sets are searched. */
#ifndef AUDIT_REBUILD_TRIAL_H
#define AUDIT_REBUILD_TRIAL_H

#include "audit/rebuild_work.h"
#include "rebuild/behaviour.h"

/* What one build came to, beside the plain one. */
struct trial {
	uint64_t set;
	bool failed;
	struct output_comparison outputs;	/* against the plain one */
	struct behaviour_difference behaviour;
};

/* The names of a set of variations, in the order of their table; how many. */
size_t trial_names(struct arena *a, uint64_t set, struct str **out);
/* "umask and time-zone" */
void trial_join(struct buf *to, const struct str *names, size_t n);
/* Findings, and a set in the result, for a smallest set that changes outputs. */
void trial_report_outputs(struct rebuilding *b, uint64_t set, const struct trial *t);
/* The same for what was run and written. */
void trial_report_behaviour(struct rebuilding *b, uint64_t set, const struct trial *t);

#endif
