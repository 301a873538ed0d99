#include "base/digest.h"

#include <criterion/criterion.h>

#include "base/memory.h"

static void expect_digest(const struct sha256 *d, const char *hex)
{
	char got[SHA256_HEX + 1];

	hex_encode(d->bytes, SHA256_SIZE, got);
	cr_assert_str_eq(got, hex);
}

/* Values of FIPS 180-2, appendix B, and of the empty message. */
Test(digest, gives_the_published_values)
{
	struct sha256 d;

	digest_of("", 0, &d);
	expect_digest(&d, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	digest_of("abc", 3, &d);
	expect_digest(&d, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

Test(digest, million_letters_in_pieces)
{
	struct digest_state s;
	struct sha256 d;
	char piece[997];
	size_t left = 1000000;

	memset(piece, 'a', sizeof(piece));
	digest_init(&s);
	while (left) {
		const size_t n = left < sizeof(piece) ? left : sizeof(piece);

		digest_update(&s, piece, n);
		left -= n;
	}
	digest_final(&s, &d);
	expect_digest(&d, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

Test(digest, state_is_ready_again_after_the_end)
{
	struct digest_state s;
	struct sha256 first, second;

	digest_init(&s);
	digest_update(&s, "abc", 3);
	digest_final(&s, &first);
	digest_update(&s, "abc", 3);
	digest_final(&s, &second);
	cr_assert_arr_eq(first.bytes, second.bytes, SHA256_SIZE);
}

Test(hex, both_cases_are_read_and_lower_case_is_written)
{
	uint8_t bytes[4];
	char text[9];

	cr_assert(hex_decode(STR("00fFAb9c"), bytes, 4));
	hex_encode(bytes, 4, text);
	cr_assert_str_eq(text, "00ffab9c");
}

Test(hex, anything_else_is_refused)
{
	uint8_t bytes[2];

	cr_assert_not(hex_decode(STR("00f"), bytes, 2));
	cr_assert_not(hex_decode(STR("00ff0"), bytes, 2));
	cr_assert_not(hex_decode(STR("00fg"), bytes, 2));
	cr_assert_not(hex_decode(STR("0x00"), bytes, 2));
	cr_assert_not(hex_decode(STR(" 0ff"), bytes, 2));
	cr_assert_not(hex_decode(str_of("00f\0", 4), bytes, 2));
	cr_assert_not(hex_decode((struct str){ NULL, 0 }, bytes, 2));
	cr_assert(hex_decode((struct str){ NULL, 0 }, bytes, 0));
}
