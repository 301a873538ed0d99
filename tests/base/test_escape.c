#include "base/escape.h"

#include <criterion/criterion.h>
#include <jansson.h>

#include "base/cleanup.h"

static void expect_terminal(const char *in, size_t len, const char *out)
{
	AUTO_BUF struct buf b = BUF_INIT;

	escape_terminal(&b, str_of(in, len));
	cr_assert_str_eq(buf_cstr(&b), out);
}

static void expect_json(const char *in, size_t len, const char *out)
{
	AUTO_BUF struct buf b = BUF_INIT;

	escape_json(&b, str_of(in, len));
	cr_assert_str_eq(buf_cstr(&b), out);
}

/* Both take a literal, which may hold NUL. */
#define TERMINAL(in, out) expect_terminal(in, sizeof(in) - 1, out)
#define JSON(in, out) expect_json(in, sizeof(in) - 1, out)

Test(escape_terminal, leaves_printable_utf8_alone)
{
	TERMINAL("", "");
	TERMINAL("plain ~ text", "plain ~ text");
	TERMINAL("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80", "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80");
}

Test(escape_terminal, no_control_character_survives)
{
	TERMINAL("a\x1b[2Jb", "a\\u{1b}[2Jb");
	TERMINAL("\r\b\x7f", "\\u{d}\\u{8}\\u{7f}");
	TERMINAL("\n\t", "\\n\\t");
	TERMINAL("a\0b", "a\\u{0}b");
	TERMINAL("\xc2\x9b" "31m", "\\u{9b}31m");
}

Test(escape_terminal, shows_invalid_utf8_byte_by_byte)
{
	TERMINAL("\xff", "\\xff");
	TERMINAL("a\xc3", "a\\xc3");
	TERMINAL("\xc0\xaf", "\\xc0\\xaf");
	TERMINAL("\xe0\x80\x80", "\\xe0\\x80\\x80");
	TERMINAL("\xed\xa0\x80", "\\xed\\xa0\\x80");
	TERMINAL("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
	TERMINAL("\x9b", "\\x9b");
}

Test(escape_terminal, shows_bidirectional_and_invisible_characters)
{
	TERMINAL("a\xe2\x80\xae" "b", "a\\u{202e}b");
	TERMINAL("\xe2\x81\xa6\xe2\x81\xa9", "\\u{2066}\\u{2069}");
	TERMINAL("\xe2\x80\x8b\xef\xbb\xbf", "\\u{200b}\\u{feff}");
	TERMINAL("\xe2\x80\xa8", "\\u{2028}");
	TERMINAL("\xef\xb8\x8f\xf3\xa0\x84\x80", "\\u{fe0f}\\u{e0100}");
	TERMINAL("\xf3\xa0\x81\x81", "\\u{e0041}");
}

Test(escape_terminal, backslash_is_doubled_so_that_escapes_can_not_be_faked)
{
	TERMINAL("\\x41", "\\\\x41");
}

Test(escape_json, quotes_as_rfc_8259_asks)
{
	JSON("", "\"\"");
	JSON("a\"b", "\"a\\\"b\"");
	JSON("\n\t\r\x01", "\"\\n\\t\\u000d\\u0001\"");
	JSON("\0", "\"\\\\x00\"");
}

Test(escape_json, bytes_outside_utf8_can_be_had_back)
{
	JSON("a\xff", "\"a\\\\xff\"");
	JSON("a\\xff", "\"a\\\\\\\\xff\"");
}

Test(escape_json, deceptive_characters_are_written_as_escapes)
{
	JSON("\xe2\x80\xae", "\"\\u202e\"");
	JSON("\xf3\xa0\x84\x80", "\"\\udb40\\udd00\"");
}

Test(escape_json, every_pair_of_bytes_is_valid_json)
{
	AUTO_BUF struct buf b = BUF_INIT;

	for (unsigned int i = 0; i < 0x10000; i++) {
		const char bytes[2] = { (char)(i >> 8), (char)(i & 0xff) };
		json_t *value;

		buf_reset(&b);
		escape_json(&b, str_of(bytes, 2));
		value = json_loadb(b.ptr, b.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		cr_assert_not_null(value, "bytes %04x", i);
		json_decref(value);
	}
}

Test(escape_utf8, says_how_long_a_code_point_is)
{
	unsigned int c = 0;

	cr_assert_eq(escape_utf8(STR(""), &c), 0);
	cr_assert_eq(escape_utf8(STR("A"), &c), 1);
	cr_assert_eq(c, 'A');
	cr_assert_eq(escape_utf8(STR("\xf4\x8f\xbf\xbf"), &c), 4);
	cr_assert_eq(c, 0x10ffff);
	cr_assert_eq(escape_utf8(STR("\xf5\x80\x80\x80"), &c), 0);
	cr_assert_eq(escape_utf8(str_of("\xe2\x82\xac", 2), &c), 0);
}

Test(escape_terminal, megabytes_of_garbage_pass)
{
	const size_t n = 1 << 20;
	AUTO_BUF struct buf in = BUF_INIT, out = BUF_INIT;

	memset(buf_reserve(&in, n), 0xf0, n);
	in.len = n;
	escape_terminal(&out, buf_str(&in));
	cr_assert_eq(out.len, 4 * n);
}
