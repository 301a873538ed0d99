/* Git blob ids by libgit2's collision-detecting SHA-1 (SHA-1DC, Stevens and Shumow 2017).
 * One for each thread; owns its library handles.
 * Knows nothing of files or repositories. */
#ifndef INPUT_GITHASH_H
#define INPUT_GITHASH_H

#include <stdbool.h>

#include "base/error.h"
#include "model/entry.h"

struct githash;

struct githash *githash_new(struct error *err);
void githash_free(struct githash *g);

/* The id of a blob that lies in memory. *collision: its SHA-1 computation bears the marks of a
 * collision attack, so that the id proves nothing (then it is all zeros). */
int githash_blob(struct githash *g, const void *data, size_t n, struct oid *oid, bool *collision,
		 struct error *err);

/* The same in pieces; `size` must be the sum of all pieces. */
int githash_begin(struct githash *g, uint64_t size, struct error *err);
int githash_update(struct githash *g, const void *data, size_t n, struct error *err);
int githash_final(struct githash *g, struct oid *oid, bool *collision, struct error *err);
/* Drops a hash that was begun. */
void githash_abort(struct githash *g);

#endif
