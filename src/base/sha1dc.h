/* SHA-1 that notices collision attacks (as SHA-1DC does, of Stevens and Shumow).
 * The state is the caller's.
 * Knows nothing of git. */
#ifndef BASE_SHA1DC_H
#define BASE_SHA1DC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sha1_guard.h"

enum { SHA1_SIZE = 4 * SHA1_WORDS, SHA1_GROUP = SHA1_LANES * SHA1_BLOCK };

/* The first chaining value (FIPS 180-4, 5.3.1). */
extern const uint32_t SHA1_INITIAL[SHA1_WORDS];

/* For the functions below alone. */
struct sha1dc_state {
	uint32_t chain[SHA1_WORDS];
	uint64_t length; /* of the message so far, in bytes */
	/* Bytes that are not hashed yet, fewer than SHA1_GROUP, and room for the padding. */
	size_t n_pending;
	uint8_t pending[SHA1_GROUP + SHA1_BLOCK];
	struct sha1_guard guard;
	bool collision;
};

/* The state must stay where it is from here on. */
void sha1dc_init(struct sha1dc_state *s);
/* Goes on after `length` bytes, a multiple of SHA1_BLOCK, that led to this chaining value. */
void sha1dc_resume(struct sha1dc_state *s, const uint32_t chain[SHA1_WORDS], uint64_t length);
void sha1dc_update(struct sha1dc_state *s, const void *data, size_t len);
/* *collision: a block of the message bears the marks of a collision attack, so that the digest,
 * which is that of plain SHA-1 all the same, proves nothing. The state is used up. */
void sha1dc_final(struct sha1dc_state *s, uint8_t out[SHA1_SIZE], bool *collision);

#endif
