/* Files that everyone copies from an upstream tool project (macros, build scripts): whether a release's
 * copy is one that the upstream ever published. Rules TP201 to TP203.
 * All texts lie in the notes' arena.
 * Knows nothing of what the file does; of the tag, only whether it holds this very file. */
#ifndef INSPECT_COPIED_H
#define INSPECT_COPIED_H

#include "inspect/known.h"
#include "inspect/note.h"

/* `oid`: the blob id of `bytes`. `in_tag`: the tag holds this path with this content; then whatever is
 * odd went through the project's own history, and is told as information alone. */
void copied_examine(const struct known_store *k, struct str path, struct str bytes,
		    const struct oid *oid, bool in_tag, struct notes *notes);

#endif
