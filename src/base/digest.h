/* Digests: SHA-256 by nettle, and hexadecimal.
 * The state is the caller's.
 * Knows nothing of git (its object ids are made in input/). */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum { SHA256_SIZE = 32, SHA256_HEX = 64 };

struct sha256 {
	uint8_t bytes[SHA256_SIZE];
};

/* Opaque: the library's type stays in digest.c. */
struct digest_state {
	uint64_t opaque[16];
};

void digest_init(struct digest_state *s);
void digest_update(struct digest_state *s, const void *data, size_t len);
/* Leaves the state ready for another message. */
void digest_final(struct digest_state *s, struct sha256 *out);
void digest_of(const void *data, size_t len, struct sha256 *out);
/* Of a whole file, whatever the position of the descriptor; its size goes to *size unless that is NULL. -1 with errno. */
int digest_fd(int fd, struct sha256 *out, uint64_t *size);

/* Lower-case digits; `out` holds 2 * n + 1 characters. */
void hex_encode(const uint8_t *bytes, size_t n, char *out);
/* False unless s is exactly 2 * n hexadecimal digits of either case. */
bool hex_decode(struct str s, uint8_t *bytes, size_t n);

#endif
