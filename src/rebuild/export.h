/* Export: writes a tree of entries to a folder on disk, as a source to be built.
 * Borrows tree and reader; the folder is the caller's.
 * Knows nothing of where contents come from. Follows no symbolic link, leaves the folder never. */
#ifndef REBUILD_EXPORT_H
#define REBUILD_EXPORT_H

#include <sys/types.h>

#include "base/error.h"
#include "base/memory.h"
#include "model/entry.h"

struct export_source {
	const struct tree *tree;	/* sorted */
	/* The content of a file, appended: 1, or 0 when it can't be had. */
	int (*read)(void *ctx, const struct entry *e, struct buf *to);
	void *ctx;
	int64_t mtime;			/* of entries that have none, seconds since 1970 */
};

struct export_report {
	size_t written;
	size_t left_out;		/* special files, submodules, contents that can't be had */
	struct buf first_left_out;	/* why, of the first one */
};

/* Files belong to the effective user, or to uid and gid where that is root. `backwards`: created in
 * the reverse order of their paths. Permissions are those of the entries, less the umask 022. */
int export_tree(const struct export_source *s, int folder, uid_t uid, gid_t gid, bool backwards,
		struct export_report *report, struct error *err);

/* Removes everything below a folder, and the folder; for whatever a build left behind. */
int export_remove(const char *folder, struct error *err);

/* Opens a file that a build left below folder/part, to be read; through no link, not outside. -1: it can't be. */
int export_open(const char *folder, const char *part, struct str path);
/* Its content, appended, and no further than somewhat more than `max` bytes; false when it can't be read. */
bool export_read(const char *folder, const char *part, struct str path, size_t max, struct buf *to);
/* Its digest; false when it can't be read. */
bool export_digest(const char *folder, const char *part, struct str path, struct sha256 *out);

#endif
