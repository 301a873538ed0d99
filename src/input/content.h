/* Kept content: what of an artifact later rooms may want to read again.
 * A store owns the bytes: up to LIMIT_CONTENT_MEMORY in memory, beyond it in one unlinked
 * temporary file in $TMPDIR (/tmp by default). Safe for several threads.
 * Knows nothing of entries. */
#ifndef INPUT_CONTENT_H
#define INPUT_CONTENT_H

#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/str.h"

struct content_store;

struct content_store *content_store_new(void);
void content_store_free(struct content_store *s);

/* One content being written, by one thread. Zero-initialise. */
struct content_writer {
	struct content_store *store;
	struct content_piece *pieces;	/* on disk so far */
	size_t pieces_n, pieces_cap;
	struct buf pending;
	struct digest_state digest;	/* over what is on disk so far */
	uint64_t size;
};

void content_begin(struct content_writer *w, struct content_store *s);
/* ERROR_SYSTEM when the disk is full or can't be written. */
int content_write(struct content_writer *w, const void *data, size_t n, struct error *err);
/* SHA-256 of all that was written; at most once, before commit or abort. */
void content_sha256(struct content_writer *w, struct sha256 *out);
/* Keeps it: *id is what content_read() takes. */
int content_commit(struct content_writer *w, uint32_t *id, struct error *err);
/* Forgets what was written. */
void content_abort(struct content_writer *w);

/* Appends the whole content, unless it is larger than `max` (then ERROR_INPUT). */
int content_read(struct content_store *s, uint32_t id, uint64_t max, struct buf *to,
		 struct error *err);
/* Bytes that went to the temporary file so far. */
uint64_t content_spilled(struct content_store *s);

#endif
