/* Outputs: what a build left in its folder, as a tree with digests, and how two of them compare.
 * A tree's strings live in the arena that was given; the folder is read again to look into differences.
 * Knows nothing of builds. Follows no symbolic link. */
#ifndef REBUILD_OUTPUT_H
#define REBUILD_OUTPUT_H

#include <sys/types.h>

#include "base/error.h"
#include "base/memory.h"
#include "model/rebuild.h"

enum output_type { OUTPUT_FILE, OUTPUT_LINK, OUTPUT_FOLDER, OUTPUT_OTHER };

struct output {
	struct str path;	/* NUL-terminated */
	enum output_type type;
	mode_t mode;		/* permission bits */
	uint64_t size;
	struct sha256 sha256;	/* of a file's content, of a link's target */
	struct str target;
};

struct output_tree {
	const char *folder;	/* on this machine */
	struct output *v;	/* by path, as bytes */
	size_t n, cap;
	uint64_t bytes;		/* of files */
};

int output_read(struct output_tree *t, struct arena *a, const char *folder, struct error *err);
void output_release(struct output_tree *t);
/* NULL when there is none. */
const struct output *output_find(const struct output_tree *t, struct str path);

/* What may be named as a cause. */
struct output_context {
	struct str first_path, second_path;	/* where the sources were, within the sandboxes */
	struct str version;			/* of the release; or empty */
};

void output_compare(const struct output_tree *first, const struct output_tree *second,
		    const struct output_context *x, struct arena *a, struct output_comparison *out);

#endif
