/* Detection of collision attacks in the blocks that a SHA-1 computation has compressed.
 * Owns the few blocks that wait for a closer look; borrows all else.
 * Knows nothing of messages and padding (sha1dc.h). */
#ifndef BASE_SHA1_GUARD_H
#define BASE_SHA1_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sha1_vectors.h"

enum { SHA1_WORDS = 5, SHA1_BLOCK = 64 };

struct sha1_guard {
	const struct sha1_vectors *vectors;
	unsigned n_waiting; /* below SHA1_LANES between calls */
	/* Word by word, the lanes side by side: what vector instructions load. */
	uint32_t block[SHA1_BLOCK / 4][SHA1_LANES];
	uint32_t before[SHA1_WORDS][SHA1_LANES]; /* chaining values around the block */
	uint32_t after[SHA1_WORDS][SHA1_LANES];
	uint8_t suspect[SHA1_LANES]; /* number of the vector */
	bool *collision[SHA1_LANES]; /* where to say so */
};

void sha1_guard_init(struct sha1_guard *g);

/* Looks at n (at most SHA1_LANES) consecutive blocks of a message; chain[i] and chain[i + 1] are the
 * chaining values before and after block i. *collision becomes true, at the latest in
 * sha1_guard_final(), if one of them is of a collision attack. */
void sha1_guard_check(struct sha1_guard *g, const uint32_t (*chain)[SHA1_WORDS],
		      const uint8_t *blocks, size_t n, bool *collision);

/* Hashes one block of each of SHA1_LANES messages and looks at it: chain[word][lane] goes on to the
 * next chaining value. A lane whose `collision` is NULL is not looked at. */
void sha1_guard_compress(struct sha1_guard *g, uint32_t (*chain)[SHA1_LANES],
			 const uint8_t *const *block, bool *const *collision);

/* Whether that is faster than one message after the other. */
bool sha1_guard_has_wide_lanes(void);

/* Settles what waits. */
void sha1_guard_final(struct sha1_guard *g);

#endif
