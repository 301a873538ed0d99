/* Git blob ids, by a SHA-1 that notices collision attacks.
 * The state is the caller's.
 * Knows nothing of files or repositories. Source: gitformat-pack(5); an id is the SHA-1 of
 * "blob SIZE\0" and the content. */
#ifndef INPUT_GITHASH_H
#define INPUT_GITHASH_H

#include "base/sha1dc.h"
#include "model/entry.h"

struct githash {
	struct sha1dc_state sha1;
};

/* What goes before the content. */
struct githash_header {
	char text[32];
	size_t len;
};

void githash_header(struct githash_header *h, uint64_t size);

/* `size` must be the number of bytes that follow in all. */
void githash_begin(struct githash *g, uint64_t size);
void githash_update(struct githash *g, const void *data, size_t n);
/* *collision: the computation bears the marks of a collision attack; the id proves nothing. */
void githash_final(struct githash *g, struct oid *oid, bool *collision);
/* The id of a blob that lies in memory. */
void githash_blob(const void *data, size_t n, struct oid *oid, bool *collision);

#endif
