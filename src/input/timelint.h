/* Time lint: modification times that change what make does.
 * Texts go to the caller's arena.
 * Knows nothing of formats; times from a folder on disk are not worth looking at. */
#ifndef INPUT_TIMELINT_H
#define INPUT_TIMELINT_H

#include "base/map.h"
#include "input/tally.h"

/* Generated files and what they are made from, in one folder. */
struct timelint_folder {
	int64_t configure, configure_from, makefile_in, makefile_am;	/* INT64_MIN: not there */
	struct str path, source;	/* of the folder; of the newest source of configure */
};

struct timelint {
	struct arena *arena;
	int64_t now;		/* seconds since 1970 */
	uint64_t members;
	struct tally future;
	struct timelint_folder *folders;
	size_t folders_n, folders_cap;
	struct map by_path;
};

void timelint_init(struct timelint *l, struct arena *a, int64_t now);
void timelint_release(struct timelint *l);
/* A member's path as stored and its time. */
void timelint_see(struct timelint *l, struct str path, int64_t mtime);
void timelint_report(const struct timelint *l, struct result *r);

#endif
