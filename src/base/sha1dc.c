#include "base/sha1dc.h"

#include <string.h>

#include <nettle/sha1.h>

const uint32_t SHA1_INITIAL[SHA1_WORDS] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
					    0xc3d2e1f0};

void sha1dc_resume(struct sha1dc_state *s, const uint32_t chain[SHA1_WORDS], uint64_t length)
{
	memcpy(s->chain, chain, sizeof(s->chain));
	s->length = length;
	s->n_pending = 0;
	s->collision = false;
	sha1_guard_init(&s->guard);
}

void sha1dc_init(struct sha1dc_state *s)
{
	sha1dc_resume(s, SHA1_INITIAL, 0);
}

/* n is at most SHA1_LANES. */
static void hash_blocks(struct sha1dc_state *s, const uint8_t *blocks, size_t n)
{
	uint32_t chain[SHA1_LANES + 1][SHA1_WORDS];

	memcpy(chain[0], s->chain, sizeof(s->chain));
	/* The copies are on the side: one block after the other waits for s->chain alone. */
	for (size_t i = 0; i < n; i++) {
		nettle_sha1_compress(s->chain, blocks + i * SHA1_BLOCK);
		memcpy(chain[i + 1], s->chain, sizeof(s->chain));
	}
	sha1_guard_check(&s->guard, (const uint32_t(*)[SHA1_WORDS])chain, blocks, n,
			 &s->collision);
}

void sha1dc_update(struct sha1dc_state *s, const void *data, size_t len)
{
	const uint8_t *from = data;

	if (len == 0)
		return;
	s->length += len;
	if (s->n_pending > 0) {
		const size_t room = SHA1_GROUP - s->n_pending, n = len < room ? len : room;

		memcpy(s->pending + s->n_pending, from, n);
		s->n_pending += n;
		if (n < room)
			return;
		hash_blocks(s, s->pending, SHA1_LANES);
		s->n_pending = 0;
		from += n;
		len -= n;
	}
	for (; len >= SHA1_GROUP; from += SHA1_GROUP, len -= SHA1_GROUP)
		hash_blocks(s, from, SHA1_LANES);
	s->n_pending = len;
	if (len > 0)
		memcpy(s->pending, from, len);
}

void sha1dc_final(struct sha1dc_state *s, uint8_t out[SHA1_SIZE], bool *collision)
{
	const size_t have = s->n_pending;
	/* A one bit, zeros, and the length in bits in the last 8 bytes of a block. */
	const size_t blocks = (have + 1 + 8 + SHA1_BLOCK - 1) / SHA1_BLOCK;
	const uint64_t bits = s->length * 8;
	uint8_t *const end = s->pending + blocks * SHA1_BLOCK;

	s->pending[have] = 0x80;
	memset(s->pending + have + 1, 0, blocks * SHA1_BLOCK - have - 1);
	for (unsigned i = 0; i < 8; i++)
		end[-1 - (int)i] = (uint8_t)(bits >> 8 * i);
	const size_t first = blocks < SHA1_LANES ? blocks : SHA1_LANES;

	hash_blocks(s, s->pending, first);
	hash_blocks(s, s->pending + first * SHA1_BLOCK, blocks - first);
	for (unsigned i = 0; i < SHA1_SIZE; i++)
		out[i] = (uint8_t)(s->chain[i / 4] >> (24 - i % 4 * 8));
	sha1_guard_final(&s->guard);
	*collision = s->collision;
}
