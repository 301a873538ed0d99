/* git archive's own tar format: what its headers are for a tree, so that an artifact can be
 * proven to be its very output without writing it again.
 * Pure function over trees.
 * Source: git-archive(1) and the streams that git 1.7 to 2.47 write (ustar with pax headers). */
#ifndef INPUT_GITARCHIVE_H
#define INPUT_GITARCHIVE_H

#include "model/entry.h"

struct gitarchive {
	const struct tree *origin;	/* sorted; entries with ENTRY_EXPORT_IGNORE are left out */
	const struct tree *artifact;	/* sorted; gives the size of each file */
	struct str prefix;		/* leading folder with its '/'; may be empty */
	struct str commit;		/* hexadecimal; empty: archive of a tree without comment */
	int64_t mtime;			/* seconds since 1970: the commit's date */
	unsigned int umask;		/* tar.umask, 002 by default */
};

/* SHA-256 over all bytes of the stream but the contents of files (what tartap.h calls the
 * structure). False when the origin holds something that this can't tell (an entry that the
 * artifact lacks, sizes beyond 8 GiB). */
bool gitarchive_structure(const struct gitarchive *g, struct sha256 *out);

#endif
