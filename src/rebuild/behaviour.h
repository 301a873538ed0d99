/* Behaviours: what a build ran and wrote, as a set of lines in which two builds can be compared.
 * A set owns its lines until behaviour_release(); it outlives the trace.
 * Knows nothing of what was varied. */
#ifndef REBUILD_BEHAVIOUR_H
#define REBUILD_BEHAVIOUR_H

#include "base/map.h"
#include "rebuild/trace.h"

struct behaviour_line {
	struct str text;	/* "configure: run sed", "build: write src/hello.o", with '#' for each number */
	struct str exact;	/* the same with its numbers */
	struct str command;	/* of whoever did it */
};

struct behaviour {
	struct arena arena;
	struct behaviour_line *v;
	size_t n, cap;
	struct map index;
};

/* Paths are taken relative to the folder of the source and to the home, so that both may differ. */
void behaviour_init(struct behaviour *b, const struct trace *t, struct str build_path, struct str home);
void behaviour_release(struct behaviour *b);

struct behaviour_difference {
	struct behaviour_line *extra, *missing;	/* texts in the arena that was given */
	size_t extra_n, missing_n;
};

/* What `other` did and neither of two plain builds, and what both of them did and it did not. Lines that differ
 * between the two plain ones, temporary names mostly, excuse others that look alike. Where there is only one plain build,
 * given twice, lines of the two builds excuse each other. */
void behaviour_compare(const struct behaviour *plain, const struct behaviour *again, const struct behaviour *other,
		       struct arena *a, struct behaviour_difference *out);

#endif
