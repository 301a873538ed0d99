/* Listings: `git ls-tree -r -l --full-tree TAG` as an origin where no repository is at hand.
 * Fills the caller's tree; paths go to the arena.
 * Source of the format: git-ls-tree(1), OUTPUT FORMAT. */
#ifndef INPUT_LISTING_H
#define INPUT_LISTING_H

#include "base/error.h"
#include "base/memory.h"
#include "model/entry.h"

/* Also without -l, with -z, and with the size "BAD" that git prints for an absent blob. */
int listing_read(const char *path, struct arena *a, struct tree *out, struct error *err);
/* The same from memory; *line is where an error was found. */
int listing_parse(struct str text, struct arena *a, struct tree *out, struct error *err);

#endif
