/* Files that everyone copies from an upstream tool project (macros, build scripts): whether a release's
 * copy is one that the upstream ever published. Rules TP201 to TP203.
 * All texts lie in the notes' arena.
 * Knows nothing of what the file does; of the tag, only whether it holds this very file. */
#ifndef INSPECT_COPIED_H
#define INSPECT_COPIED_H

#include "inspect/known.h"
#include "inspect/note.h"

enum copied_origin {
	COPIED_IN_TAG,		/* this path with this content: whatever is odd went through the
				 * project's own history, and is told as information */
	COPIED_NOT_IN_TAG,	/* only in the artifact, or the tag has another content */
	COPIED_NO_TAG,		/* nobody knows: most such files are patched copies in the project's own
				 * history (50 files of 39 releases measured), so at most low */
};

/* `oid`: the blob id of `bytes`. */
void copied_examine(const struct known_store *k, struct str path, struct str bytes,
		    const struct oid *oid, enum copied_origin origin, struct notes *notes);

#endif
