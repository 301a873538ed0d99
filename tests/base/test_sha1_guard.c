#include "base/sha1_guard.h"

#include <criterion/criterion.h>
#include <nettle/sha1.h>
#include <string.h>

/* The near-collision blocks of SHAttered and the chaining value before them: Stevens, Bursztein,
 * Karpman, Albertini, Markov, "The first collision for full SHA-1", CRYPTO 2017, table 1. */
static const uint32_t COMMON[SHA1_WORDS] = {0x4ea96269, 0x7c876e26, 0x74d107f0, 0xfec67984,
					    0x14f5bf45};
static const uint32_t SHATTERED[2][2][16] = {
	{{0x7346dc91, 0x66b67e11, 0x8f029ab6, 0x21b2560f, 0xf9ca67cc, 0xa8c7f85b, 0xa84c7903,
	  0x0c2b3de2, 0x18f86db3, 0xa90901d5, 0xdf45c14f, 0x26fedfb3, 0xdc38e96a, 0xc22fe7bd,
	  0x728f0e45, 0xbce046d2},
	 {0x3c570feb, 0x141398bb, 0x552ef5a0, 0xa82be331, 0xfea48037, 0xb8b5d71f, 0x0e332edf,
	  0x93ac3500, 0xeb4ddc0d, 0xecc1a864, 0x790c782c, 0x76215660, 0xdd309791, 0xd06bd0af,
	  0x3f98cda4, 0xbc4629b1}},
	{{0x7f46dc93, 0xa6b67e01, 0x3b029aaa, 0x1db2560b, 0x45ca67d6, 0x88c7f84b, 0x8c4c791f,
	  0xe02b3df6, 0x14f86db1, 0x690901c5, 0x6b45c153, 0x0afedfb7, 0x6038e972, 0x722fe7ad,
	  0x728f0e49, 0x04e046c2},
	 {0x30570fe9, 0xd41398ab, 0xe12ef5bc, 0x942be335, 0x42a4802d, 0x98b5d70f, 0x2a332ec3,
	  0x7fac3514, 0xe74ddc0f, 0x2cc1a874, 0xcd0c7830, 0x5a215664, 0x61309789, 0x606bd0bf,
	  0x3f98cda8, 0x044629a1}},
};

static void store(uint8_t *block, const uint32_t *w)
{
	for (unsigned i = 0; i < SHA1_BLOCK; i++)
		block[i] = (uint8_t)(w[i / 4] >> (24 - i % 4 * 8));
}

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

/* SHA-1 from the specification, a step at a time (FIPS 180-4, 6.1.2). */
static uint32_t added(unsigned t, const uint32_t *s, uint32_t w)
{
	const uint32_t b = s[1], c = s[2], d = s[3];

	if (t < 20)
		return rotate(s[0], 5) + ((b & c) ^ (~b & d)) + 0x5a827999 + w;
	if (t >= 40 && t < 60)
		return rotate(s[0], 5) + ((b & c) ^ (b & d) ^ (c & d)) + 0x8f1bbcdc + w;
	return rotate(s[0], 5) + (b ^ c ^ d) + (t < 40 ? 0x6ed9eba1 : 0xca62c1d6) + w;
}

static void step(unsigned t, uint32_t *s, uint32_t w)
{
	const uint32_t a = added(t, s, w) + s[4];

	memmove(s + 1, s, 4 * sizeof(*s));
	s[0] = a;
	s[2] = rotate(s[2], 30);
}

static void unstep(unsigned t, uint32_t *s, uint32_t w)
{
	const uint32_t a = s[0];

	memmove(s, s + 1, 4 * sizeof(*s));
	s[1] = rotate(s[1], 2);
	s[4] = a - added(t, s, w);
}

static void expand(uint32_t *w)
{
	for (int t = 16; t < SHA1_STEPS; t++)
		w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
}

static uint32_t next_random(void)
{
	static uint64_t x = 88172645463325252; /* xorshift (Marsaglia, 2003) */

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (uint32_t)(x >> 16);
}

static bool obeys(const struct sha1_vectors *all, unsigned vector, const uint32_t *w)
{
	for (unsigned n = 0; n < all->n_relations; n++) {
		const struct sha1_relation *const r = &all->relation[n];
		const bool differ = (w[r->t] ^ w[r->u] << r->shift) << r->to_top >> 31;

		if ((r->vectors[0] >> vector & 1) && differ != r->differ)
			return false;
	}
	return true;
}

/* A block with chaining values that fit one vector's partner. They do not fit the block, as nobody
 * has the computing power to find such for every vector; the guard is not to know. */
static void make_suspect(unsigned vector, uint32_t *w, uint32_t *before, uint32_t *after)
{
	const struct sha1_vector *const v = &sha1_vectors()->vector[vector];
	uint32_t state[SHA1_WORDS], down[SHA1_WORDS], up[SHA1_WORDS];

	do {
		for (unsigned t = 0; t < 16; t++)
			w[t] = next_random();
		expand(w);
	} while (!obeys(sha1_vectors(), vector, w));
	for (unsigned i = 0; i < SHA1_WORDS; i++)
		state[i] = down[i] = next_random();
	for (unsigned t = SHA1_STEPS; t-- > v->free_step;)
		unstep(t, down, w[t]);
	memcpy(up, down, sizeof(up));
	for (unsigned t = v->free_step; t-- > 0;)
		unstep(t, down, w[t] ^ v->message[t]);
	for (unsigned t = v->free_step; t < SHA1_STEPS; t++)
		step(t, up, w[t] ^ v->message[t]);
	for (unsigned i = 0; i < SHA1_WORDS; i++) {
		after[i] = down[i] + up[i];
		before[i] = after[i] - state[i];
	}
}

static bool flags(const uint32_t *before, const uint32_t *after, const uint8_t *block)
{
	struct sha1_guard g;
	uint32_t chain[2][SHA1_WORDS];
	bool collision = false;

	memcpy(chain[0], before, sizeof(chain[0]));
	memcpy(chain[1], after, sizeof(chain[1]));
	sha1_guard_init(&g);
	sha1_guard_check(&g, (const uint32_t(*)[SHA1_WORDS])chain, block, 1, &collision);
	sha1_guard_final(&g);
	return collision;
}

Test(sha1_guard, flags_the_partner_by_every_vector)
{
	for (unsigned vector = 0; vector < SHA1_VECTORS; vector++) {
		uint32_t w[SHA1_STEPS], before[SHA1_WORDS], after[SHA1_WORDS];
		uint8_t block[SHA1_BLOCK];

		make_suspect(vector, w, before, after);
		store(block, w);
		cr_assert(flags(before, after, block), "vector %u", vector);
		for (unsigned i = 0; i < SHA1_WORDS; i++) {
			after[i] ^= 1u << (vector + i) % 32;
			cr_assert_not(flags(before, after, block), "vector %u", vector);
			after[i] ^= 1u << (vector + i) % 32;
		}
	}
}

Test(sha1_guard, flags_a_block_in_any_lane_of_any_number)
{
	for (size_t n = 1; n <= SHA1_LANES; n++)
		for (size_t at = 0; at < SHA1_LANES; at++) {
			struct sha1_guard g;
			uint32_t chain[SHA1_LANES + 1][SHA1_WORDS] = {{0}}, w[SHA1_STEPS];
			uint8_t blocks[SHA1_LANES * SHA1_BLOCK] = {0};
			bool collision = false;

			make_suspect((unsigned)(n * at) % SHA1_VECTORS, w, chain[at], chain[at + 1]);
			store(blocks + at * SHA1_BLOCK, w);
			sha1_guard_init(&g);
			sha1_guard_check(&g, (const uint32_t(*)[SHA1_WORDS])chain, blocks, n, &collision);
			sha1_guard_final(&g);
			cr_assert_eq(collision, at < n);
		}
}

/* More suspects than wait at a time, with the true one in every place. */
Test(sha1_guard, flags_one_among_many_suspects)
{
	for (unsigned at = 0; at < 20; at++) {
		struct sha1_guard g;
		bool collision = false;

		sha1_guard_init(&g);
		for (unsigned i = 0; i < 20; i++) {
			uint32_t chain[2][SHA1_WORDS], w[SHA1_STEPS];
			uint8_t block[SHA1_BLOCK];

			make_suspect(i, w, chain[0], chain[1]);
			chain[1][0] += i != at;
			store(block, w);
			sha1_guard_check(&g, (const uint32_t(*)[SHA1_WORDS])chain, block, 1, &collision);
		}
		sha1_guard_final(&g);
		cr_assert(collision, "at %u", at);
	}
}

Test(sha1_guard, flags_the_blocks_of_shattered)
{
	for (unsigned file = 0; file < 2; file++) {
		uint32_t before[SHA1_WORDS], after[SHA1_WORDS];
		uint8_t block[SHA1_BLOCK];

		memcpy(after, COMMON, sizeof(after));
		for (unsigned n = 0; n < 2; n++) {
			memcpy(before, after, sizeof(before));
			store(block, SHATTERED[file][n]);
			nettle_sha1_compress(after, block);
			/* Only the second ends in equal chaining values. */
			cr_assert_eq(flags(before, after, block), n == 1);
		}
		cr_assert_eq(after[0], 0x1eacb25e);
		block[63] ^= 1;
		memcpy(after, before, sizeof(after));
		nettle_sha1_compress(after, block);
		cr_assert_not(flags(before, after, block));
	}
}

/* One block of each message: the suspect's is flagged, in any lane, and no other's. */
Test(sha1_guard, flags_the_message_whose_block_it_is)
{
	for (unsigned at = 0; at < SHA1_LANES; at++) {
		uint32_t chain[SHA1_WORDS][SHA1_LANES], before[SHA1_WORDS];
		uint8_t blocks[SHA1_LANES][SHA1_BLOCK];
		bool collision[SHA1_LANES] = {false}, *flag[SHA1_LANES];
		const uint8_t *block[SHA1_LANES];
		struct sha1_guard g;

		memcpy(before, COMMON, sizeof(before));
		store(blocks[0], SHATTERED[at % 2][0]);
		nettle_sha1_compress(before, blocks[0]);
		for (unsigned i = 0; i < SHA1_LANES; i++) {
			block[i] = blocks[i];
			flag[i] = i == 5 && at != 5 ? NULL : &collision[i];
			store(blocks[i], SHATTERED[at % 2][1]);
			blocks[i][63] ^= i != at;
			for (unsigned k = 0; k < SHA1_WORDS; k++)
				chain[k][i] = before[k];
		}
		sha1_guard_init(&g);
		sha1_guard_compress(&g, chain, block, flag);
		sha1_guard_final(&g);
		for (unsigned i = 0; i < SHA1_LANES; i++) {
			uint32_t expected[SHA1_WORDS];

			memcpy(expected, before, sizeof(expected));
			nettle_sha1_compress(expected, blocks[i]);
			for (unsigned k = 0; k < SHA1_WORDS; k++)
				cr_assert_eq(chain[k][i], expected[k], "lane %u", i);
			cr_assert_eq(collision[i], i == at);
		}
	}
}
