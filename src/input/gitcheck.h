/* Git checks: what a tag's surroundings say of it: earlier tags, the commits since the one
 * before, objects that are replaced, text that `git archive` would put into scripts.
 * Owns what it found until that is reported.
 * Knows nothing of artifacts. Nothing is verified: names, dates and keys are what objects say. */
#ifndef INPUT_GITCHECK_H
#define INPUT_GITCHECK_H

#include "input/origin.h"

struct gitcheck;

/* How far to look: quick stops where a large history would cost time (LIMIT_QUICK_...), and says
 * so; projects of common size are looked at whole in either way. */
enum gitcheck_depth { GITCHECK_QUICK, GITCHECK_FULL };

/* After origin_load(). May run in a thread beside others: of the origin and its result it only
 * reads what they don't change any more. Never fails: what could not be read is said in
 * the report. */
struct gitcheck *gitcheck_run(struct origin *g, enum gitcheck_depth depth);
/* Adds findings TP014 to TP025 and NOT CHECKED to the result. In the thread that owns it. NULL is
 * allowed, also below. */
void gitcheck_report(const struct gitcheck *c, struct result *r);
void gitcheck_free(struct gitcheck *c);

#endif
