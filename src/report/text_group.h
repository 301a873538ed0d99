/* Groups: changes of one relation that are alike, to be told in one line with their number.
 * Owns its arrays and keys until grouping_release(); borrows the changes.
 * Knows nothing of how a line looks. */
#ifndef REPORT_TEXT_GROUP_H
#define REPORT_TEXT_GROUP_H

#include "base/map.h"
#include "model/result.h"

/* So many alike make a group; fewer are listed one by one. */
enum { GROUP_MIN = 4, GROUP_FULL_DEPTH = 256 };

/* What a path has in common with its like; views into the path. */
struct group_name {
	struct str dir;		/* with its '/', or empty */
	struct str ext;		/* with its '.', or empty */
	bool deep;		/* the folder was cut short: those below it count too */
	bool whole;		/* everything below the folder (a submodule's) */
};

struct group {
	uint64_t files, bytes;
	int64_t added, removed;	/* lines; -1 once one of them is not known */
	bool sized;		/* every size is known */
	bool shown;		/* for the caller */
};

struct grouping {
	struct group *groups;
	size_t groups_n, groups_cap;
	size_t *of;		/* the group of each member given */
	size_t lines;		/* that listing them will take */
	struct map map;
	struct arena keys;
};

/* The artifact's entry, the tag's when there is none; NULL without either. */
const struct entry *group_entry(const struct change *c);
/* Is it a file whose size is known? */
bool group_sized(const struct change *c);
/* `depth`: leading folders that tell groups apart. */
struct group_name group_name(const struct change *c, size_t depth);
struct group_name group_name_of_path(struct str path, size_t depth);
/* Groups changes[members[0..n)]. */
void grouping_init(struct grouping *g, const struct change *changes, const size_t *members,
		   size_t n, size_t depth);
void grouping_release(struct grouping *g);

#endif
