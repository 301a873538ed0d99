#include "base/sha1_many.h"

#include <criterion/criterion.h>
#include <nettle/sha1.h>

enum { MESSAGES = 40, BYTES = 20000, PIECES_MAX = 6 };

static uint64_t next_random(void)
{
	static uint64_t x = 88172645463325252; /* xorshift (Marsaglia, 2003) */

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x >> 8;
}

static uint8_t bytes[BYTES];

static void is_right(const struct sha1_message *m)
{
	uint8_t expected[SHA1_SIZE];
	struct sha1_ctx ctx;

	sha1_init(&ctx);
	for (size_t i = 0; i < m->n; i++)
		sha1_update(&ctx, m->pieces[i].len, m->pieces[i].ptr);
	sha1_digest(&ctx, SHA1_SIZE, expected);
	cr_assert_arr_eq(m->digest, expected, SHA1_SIZE);
	cr_assert_not(m->collision);
}

/* Any number of messages of any length, in any pieces, come out as one after the other. */
Test(sha1_many, gives_what_each_gives_alone)
{
	static struct sha1_message m[MESSAGES];
	static struct sha1_piece pieces[MESSAGES][PIECES_MAX];

	for (size_t i = 0; i < BYTES; i++)
		bytes[i] = (uint8_t)next_random();
	for (size_t n = 0; n <= MESSAGES; n++) {
		for (size_t i = 0; i < n; i++) {
			m[i] = (struct sha1_message){.pieces = pieces[i],
						     .n = next_random() % (PIECES_MAX + 1)};
			for (size_t k = 0; k < m[i].n; k++) {
				const size_t at = next_random() % BYTES;
				const size_t most = next_random() % 3 ? 200 : BYTES;

				pieces[i][k].ptr = bytes + at;
				pieces[i][k].len = next_random() % (BYTES - at) % most;
			}
		}
		sha1_many(m, n);
		for (size_t i = 0; i < n; i++)
			is_right(&m[i]);
	}
}

Test(sha1_many, takes_lengths_around_a_block)
{
	for (size_t len = 0; len < 200; len++) {
		struct sha1_piece pieces[8];
		struct sha1_message m[8];

		for (size_t i = 0; i < 8; i++) {
			pieces[i] = (struct sha1_piece){bytes + i, len + i};
			m[i] = (struct sha1_message){.pieces = &pieces[i], .n = 1};
		}
		sha1_many(m, 8);
		for (size_t i = 0; i < 8; i++)
			is_right(&m[i]);
	}
}
