#include "base/sha1dc.h"

#include <criterion/criterion.h>
#include <nettle/sha1.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

/* In two pieces, cut after `first` bytes. */
static bool hash_of(const void *data, size_t n, size_t first, uint8_t *out)
{
	struct sha1dc_state s;
	bool collision;

	sha1dc_init(&s);
	sha1dc_update(&s, data, first);
	sha1dc_update(&s, (const uint8_t *)data + first, n - first);
	sha1dc_final(&s, out, &collision);
	return collision;
}

static void expect_like_nettle(const uint8_t *data, size_t n, size_t first)
{
	uint8_t got[SHA1_SIZE], expected[SHA1_SIZE];
	struct sha1_ctx ctx;

	cr_assert_not(hash_of(data, n, first, got));
	nettle_sha1_init(&ctx);
	nettle_sha1_update(&ctx, n, data);
	nettle_sha1_digest(&ctx, SHA1_SIZE, expected);
	cr_assert_arr_eq(got, expected, SHA1_SIZE, "%zu bytes cut at %zu", n, first);
}

static void fill(uint8_t *out, size_t n, bool text)
{
	uint64_t x = 88172645463325252; /* xorshift (Marsaglia, 2003) */

	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		out[i] = text ? (uint8_t)"etaoin shrdlu\n\t{}"[x % 17] : (uint8_t)(x >> 8);
	}
}

static void expect_digest(const char *text, size_t n, const char *hex)
{
	uint8_t got[SHA1_SIZE];
	char got_hex[2 * SHA1_SIZE + 1];

	cr_assert_not(hash_of(text, n, n / 2, got));
	hex_encode(got, SHA1_SIZE, got_hex);
	cr_assert_str_eq(got_hex, hex);
}

/* Values of FIPS 180-2, appendix A, and of the empty message. */
Test(sha1dc, gives_the_published_values)
{
	static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	char *const million = malloc(1000000);

	expect_digest("", 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
	expect_digest("abc", 3, "a9993e364706816aba3e25717850c26c9cd0d89d");
	expect_digest(two_blocks, strlen(two_blocks), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
	cr_assert_not_null(million);
	memset(million, 'a', 1000000);
	expect_digest(million, 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
	free(million);
}

Test(sha1dc, short_messages_cut_anywhere)
{
	uint8_t data[300];

	fill(data, sizeof(data), false);
	for (size_t n = 0; n <= sizeof(data); n++)
		for (size_t first = 0; first <= n; first++)
			expect_like_nettle(data, n, first);
}

Test(sha1dc, messages_around_groups_of_blocks)
{
	uint8_t data[2 * SHA1_GROUP + 80];

	fill(data, sizeof(data), false);
	for (size_t n = SHA1_GROUP - 80; n <= sizeof(data); n++)
		for (size_t first = 0; first <= n; first += 37)
			expect_like_nettle(data, n, first);
}

Test(sha1dc, ordinary_data_is_not_flagged)
{
	const size_t n = 8 << 20;
	uint8_t *const data = malloc(n);

	cr_assert_not_null(data);
	for (int text = 0; text < 2; text++) {
		fill(data, n, text);
		expect_like_nettle(data, n, 13);
	}
	memset(data, 0, n);
	expect_like_nettle(data, n, 13);
	free(data);
}
