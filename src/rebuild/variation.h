/* Variations: ways in which one build's surroundings differ from another's, in one table.
 * Constant data.
 * Knows nothing of how a build is run. */
#ifndef REBUILD_VARIATION_H
#define REBUILD_VARIATION_H

#include "base/str.h"
#include "rebuild/settings.h"

struct variation {
	const char *name;	/* for --vary */
	const char *summary;	/* "the time zone is 14 hours off" */
	bool other_outputs;	/* outputs are meant to differ: only what is done is compared */
	bool bait;		/* no machine-dependent output can come from it: what an attack waits for */
	void (*apply)(struct settings *s);
};

extern const struct variation variations[];
extern const size_t variations_n;

/* By name; NULL: there is none. */
const struct variation *variation_find(struct str name);

#endif
