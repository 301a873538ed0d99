/* Entries and trees: what an artifact or a tag holds, as plain data.
 * A tree owns its array; paths and the rest live in the audit's arena.
 * Knows nothing of archives, repositories, or why two entries differ. */
#ifndef MODEL_ENTRY_H
#define MODEL_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/str.h"

enum { OID_SIZE = 20, OID_HEX = 40 };

/* A git object id (SHA-1 repositories). */
struct oid {
	uint8_t bytes[OID_SIZE];
};

static inline bool oid_eq(const struct oid *a, const struct oid *b)
{
	return memcmp(a->bytes, b->bytes, OID_SIZE) == 0;
}

enum entry_type {
	ENTRY_FILE,		/* regular file; a hard link too (see `target`) */
	ENTRY_LINK,		/* symbolic link */
	ENTRY_GITLINK,		/* submodule: a commit in another repository; origin only */
	ENTRY_SPECIAL,		/* device, FIFO, socket; artifact only */
};

enum {
	ENTRY_HAS_OID = 1 << 0,		/* `oid` is known */
	ENTRY_HAS_SIZE = 1 << 1,	/* `size` is known (not so in some listings) */
	ENTRY_HARDLINK = 1 << 2,	/* stored as a hard link to `target` */
	ENTRY_EXPORT_IGNORE = 1 << 4,	/* origin: git archive leaves it out by attribute */
	ENTRY_SUBMODULE = 1 << 5,	/* origin: comes out of a submodule's tree */
	ENTRY_COLLISION = 1 << 6,	/* artifact: content bears marks of a SHA-1 collision */
};

#define CONTENT_NONE UINT32_MAX
/* For entry.facts: nobody looked; or the content is too large to be looked at while it passes. */
#define FACTS_NONE UINT32_MAX
#define FACTS_LATER (UINT32_MAX - 1)

struct entry {
	const char *path;	/* relative, no leading or trailing '/'; bytes; NUL-terminated */
	uint32_t path_len;
	uint8_t type;		/* enum entry_type */
	uint8_t flags;		/* ENTRY_... */
	uint16_t mode;		/* permission bits, 0 to 07777; of a tree: 0644, 0755 or 0 */
	uint64_t size;		/* bytes of content; of the target for a link */
	int64_t mtime;		/* seconds since 1970; 0 where it is not known, as in git */
	struct oid oid;		/* blob id of the content (of a link: of its target text);
				 * the commit for ENTRY_GITLINK */
	union {
		uint32_t content;	/* artifact: index into the store of kept content, or
					 * CONTENT_NONE */
		uint32_t ignored_len;	/* origin, with ENTRY_EXPORT_IGNORE: the bytes of `path` that
					 * bear the attribute, all of it or a folder above */
	};
	uint32_t facts;		/* artifact, files: what inspection found in the content */
	const struct sha256 *sha256;	/* of the content; NULL when not computed */
	const char *target;	/* link or hard link: where to; NULL otherwise */
};

static inline struct str entry_path(const struct entry *e)
{
	return str_of(e->path, e->path_len);
}

static inline bool entry_executable(const struct entry *e)
{
	return (e->mode & 0100) != 0;
}

/* Sorted by path as bytes (not git's order, where a directory ends in '/'), no path twice. */
struct tree {
	struct entry *v;
	size_t n, cap;
};

#define TREE_INIT ((struct tree){ NULL, 0, 0 })

/* Appends a zeroed entry; the pointer is valid until the next call. The order is restored
 * by tree_sort(). */
struct entry *tree_add(struct tree *t);
/* Sorts by path. Of entries of one path only the last one added stays; each that is dropped
 * is handed to `dropped` first (which may be NULL). */
void tree_sort(struct tree *t, void (*dropped)(void *ctx, const struct entry *first,
					       const struct entry *last), void *ctx);
/* Binary search in a sorted tree; NULL when there is none. */
struct entry *tree_find(const struct tree *t, struct str path);
void tree_release(struct tree *t);

#endif
