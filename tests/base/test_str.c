#include "base/str.h"

#include <criterion/criterion.h>
#include <stdint.h>

static struct str invalid(void)
{
	return str_of("\xff\xfe\x00\x80", 4);
}

Test(str, compares_as_bytes_shorter_first)
{
	cr_assert_lt(str_cmp(STR("a"), STR("b")), 0);
	cr_assert_lt(str_cmp(STR("a"), STR("aa")), 0);
	cr_assert_gt(str_cmp(STR("\xff"), STR("z")), 0, "bytes above 0x7f are greater");
	cr_assert_eq(str_cmp(STR(""), (struct str){ NULL, 0 }), 0);
	cr_assert_lt(str_cmp((struct str){ NULL, 0 }, STR("a")), 0);
}

Test(str, equality_looks_behind_nul_bytes)
{
	cr_assert(str_eq(str_of("a\0b", 3), str_of("a\0b", 3)));
	cr_assert_not(str_eq(str_of("a\0b", 3), str_of("a\0c", 3)));
	cr_assert(str_eq(invalid(), invalid()));
	cr_assert(str_eq(STR(""), (struct str){ NULL, 0 }));
}

Test(str, prefix_and_suffix_may_be_empty_or_too_long)
{
	cr_assert(str_starts(STR("abc"), STR("")));
	cr_assert(str_ends(STR("abc"), STR("")));
	cr_assert(str_starts(STR("abc"), STR("ab")));
	cr_assert(str_ends(STR("abc"), STR("bc")));
	cr_assert_not(str_starts(STR("ab"), STR("abc")));
	cr_assert_not(str_ends(STR("bc"), STR("abc")));
}

Test(str, ignores_case_of_ascii_only)
{
	cr_assert(str_case_eq(STR("TP001"), STR("tp001")));
	cr_assert_not(str_case_eq(STR("\xc4"), STR("\xe4")));
	cr_assert_not(str_case_eq(STR("["), STR("{")));
}

Test(str, cutting_past_the_end_is_empty)
{
	cr_assert_eq(str_from_at(STR("abc"), 4).len, 0);
	cr_assert_eq(str_from_at(STR("abc"), SIZE_MAX).len, 0);
	cr_assert_eq(str_from_at((struct str){ NULL, 0 }, 1).len, 0);
	cr_assert_eq(str_first(STR("abc"), SIZE_MAX).len, 3);
}

Test(str, finds_first_and_last_byte)
{
	cr_assert_eq(str_find(STR("a/b/c"), '/'), 1);
	cr_assert_eq(str_rfind(STR("a/b/c"), '/'), 3);
	cr_assert_eq(str_find(STR("abc"), '/'), SIZE_MAX);
	cr_assert_eq(str_rfind((struct str){ NULL, 0 }, '/'), SIZE_MAX);
	cr_assert_eq(str_find(str_of("ab\0c", 4), '\0'), 2);
}

Test(str, finds_text_across_nul_bytes)
{
	cr_assert_eq(str_find_str(str_of("a\0bc", 4), STR("bc")), 2);
	cr_assert_eq(str_find_str(STR("abc"), STR("")), 0);
	cr_assert_eq(str_find_str(STR("ab"), STR("abc")), SIZE_MAX);
	cr_assert_eq(str_find_str((struct str){ NULL, 0 }, STR("a")), SIZE_MAX);
}

Test(str, trims_blanks_at_both_ends)
{
	cr_assert(str_eq(str_trim(STR(" \t a b \r\n")), STR("a b")));
	cr_assert_eq(str_trim(STR(" \n\r\t ")).len, 0);
	cr_assert_eq(str_trim((struct str){ NULL, 0 }).len, 0);
}

Test(str, last_line_needs_no_newline)
{
	struct str rest = STR("one\n\ntwo"), line;

	cr_assert(str_next_line(&rest, &line) && str_eq(line, STR("one")));
	cr_assert(str_next_line(&rest, &line) && line.len == 0);
	cr_assert(str_next_line(&rest, &line) && str_eq(line, STR("two")));
	cr_assert_not(str_next_line(&rest, &line));
}

Test(str, words_are_cut_at_runs_of_blanks)
{
	struct str rest = STR("  one \t two\n"), word;

	cr_assert(str_next_word(&rest, &word) && str_eq(word, STR("one")));
	cr_assert(str_next_word(&rest, &word) && str_eq(word, STR("two")));
	cr_assert_not(str_next_word(&rest, &word));
}

Test(buf, is_a_c_string_from_the_start)
{
	struct buf b = BUF_INIT;

	cr_assert_str_eq(buf_cstr(&b), "");
	buf_add(&b, NULL, 0);
	cr_assert_str_eq(buf_cstr(&b), "");
	buf_add_cstr(&b, "ab");
	buf_add_char(&b, 'c');
	buf_addf(&b, "%d%s", 1, "x");
	cr_assert_str_eq(buf_cstr(&b), "abc1x");
	buf_release(&b);
	cr_assert_eq(b.len, 0);
	buf_release(&b);
}

Test(buf, grows_to_megabytes_and_keeps_every_byte)
{
	const size_t n = (size_t)5 << 20;
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		buf_add_char(&b, (char)(i % 251));
	cr_assert_eq(b.len, n);
	for (size_t i = 0; i < n; i += 4093)
		cr_assert_eq((unsigned char)b.ptr[i], i % 251);
	cr_assert_eq(b.ptr[n], '\0');
	buf_reset(&b);
	cr_assert_str_eq(buf_cstr(&b), "");
	buf_release(&b);
}

Test(buf, reserves_room_beyond_doubling)
{
	struct buf b = BUF_INIT;
	char *to;

	buf_add_cstr(&b, "x");
	to = buf_reserve(&b, 1 << 20);
	memset(to, 'y', 1 << 20);
	b.len += 1 << 20;
	buf_add_char(&b, 'z');
	cr_assert_eq(b.ptr[0], 'x');
	cr_assert_eq(b.ptr[b.len - 1], 'z');
	buf_release(&b);
}

Test(buf, formats_long_text_in_full)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%0*d", 100000, 7);
	cr_assert_eq(b.len, 100000);
	cr_assert_eq(b.ptr[99999], '7');
	buf_release(&b);
}

Test(str, base_is_what_follows_the_last_slash)
{
	cr_assert(str_eq(str_base(STR("a/b/c.m4")), STR("c.m4")));
	cr_assert(str_eq(str_base(STR("c.m4")), STR("c.m4")));
	cr_assert(str_eq(str_base(STR("a/")), STR("")));
	cr_assert(str_eq(str_base(STR("")), STR("")));
}
