/* Collision-detecting SHA-1 of several messages at once, which takes half as long as one after the
 * other where the processor has wide vectors.
 * Borrows the messages' bytes. Knows nothing of git. */
#ifndef BASE_SHA1_MANY_H
#define BASE_SHA1_MANY_H

#include "base/sha1dc.h"

struct sha1_piece {
	const uint8_t *ptr;
	size_t len; /* 0 is allowed */
};

struct sha1_message {
	const struct sha1_piece *pieces;
	size_t n;
	/* The result, as of sha1dc_final(). */
	uint8_t digest[SHA1_SIZE];
	bool collision;
};

/* Fastest when the long ones come first. */
void sha1_many(struct sha1_message *messages, size_t n);

#endif
