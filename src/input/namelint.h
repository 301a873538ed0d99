/* Name lint: member names that deceive a reader, a terminal or a program.
 * Borrows paths and origin; texts go to the result's arena.
 * Knows nothing of formats, contents, or of how two names compare (nametwins.h). */
#ifndef INPUT_NAMELINT_H
#define INPUT_NAMELINT_H

#include "input/tally.h"

struct namelint {
	struct result *r;		/* borrowed */
	const struct tree *origin;	/* sorted; NULL: there is none */
	/* Of each: [0] names that the tag lacks, [1] names that it has too. */
	struct tally control[2], deceptive[2];
	struct tally hooks;		/* configuration and hooks of a repository */
	struct tally repository;	/* what else a repository's folder holds */
	struct tally gitfile;		/* a file that names a repository elsewhere */
	struct tally unportable, separators;
	struct str seen;		/* folder of the last path: looked at already */
};

void namelint_init(struct namelint *l, struct result *r, const struct tree *origin);
/* A member: its cleaned path, of which `strip` bytes are the leading folder. */
void namelint_see(struct namelint *l, struct str path, size_t strip, bool is_folder);
/* Makes the findings. */
void namelint_report(struct namelint *l);

/* Whether the tag has the path, or may have it below a submodule that was not given. */
bool origin_has_path(const struct tree *origin, struct str path);
/* Characters that no font shows, and those that change the direction of text. */
bool is_invisible(unsigned int code);
bool is_bidi_control(unsigned int code);

#endif
