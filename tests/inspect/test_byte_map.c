#include "inspect/decode.h"

#include <criterion/criterion.h>

/* The sets as tr gets them, that is without the shell's quotes. */
#define MAP(options, one, two, m) byte_map_parse(STR(options), STR(one), STR(two), m)

static void expect_bytes(const struct byte_map *m, const char *from, const char *to)
{
	for (size_t i = 0; from[i]; i++)
		cr_assert_eq(m->to[(unsigned char)from[i]], (unsigned char)to[i], "'%c' became %d",
			     from[i], m->to[(unsigned char)from[i]]);
}

Test(byte_map, maps_bytes_one_by_one)
{
	struct byte_map m;

	cr_assert(MAP("", "abc", "xyz", &m));
	expect_bytes(&m, "abcdx", "xyzdx");
}

Test(byte_map, reads_escapes_and_ranges_as_gnu_tr)
{
	struct byte_map m;

	cr_assert(MAP("", "\\t \\-_", " \\t_\\-", &m));
	expect_bytes(&m, "\t -_a", " \t_-a");
	cr_assert(MAP("", "\\5-\\51", "\\0-\\44", &m));
	cr_assert_eq(m.to[5], 0);
	cr_assert_eq(m.to[051], 044);
	cr_assert_eq(m.to[052], 052);
	/* Octal 400 is no byte: 40 and a zero. */
	cr_assert(MAP("", "\\400", "ab", &m));
	expect_bytes(&m, " 0", "ab");
	cr_assert(MAP("", "\\a\\b\\f\\n\\r\\t\\v\\\\\\q", "1234567xQ", &m));
	expect_bytes(&m, "\a\b\f\n\r\t\v\\q", "1234567xQ");
	/* A hyphen at an end is itself, and so is a backslash. */
	cr_assert(MAP("", "a-", "12", &m));
	expect_bytes(&m, "a-", "12");
	cr_assert(MAP("", "b\\", "12", &m));
	expect_bytes(&m, "b\\", "12");
	cr_assert(MAP("", "a\\-c", "123", &m));
	expect_bytes(&m, "a-cb", "123b");
}

Test(byte_map, reads_classes_equivalents_and_repeats)
{
	struct byte_map m;

	cr_assert(MAP("", "[:lower:]", "[:upper:]", &m));
	expect_bytes(&m, "azAZ0", "AZAZ0");
	cr_assert(MAP("", "[=a=]b", "xy", &m));
	expect_bytes(&m, "ab", "xy");
	cr_assert(MAP("", "a-f", "[x*3]y", &m));
	expect_bytes(&m, "abcdef", "xxxyyy");
	cr_assert(MAP("", "a-f", "[x*010]y", &m));
	expect_bytes(&m, "abcdef", "xxxxxx");
	cr_assert(MAP("", "a-f", "1[x*]2", &m));
	expect_bytes(&m, "abcdef", "1xxxx2");
	cr_assert(MAP("", "ab", "[:*]", &m));
	expect_bytes(&m, "ab", "::");
	/* Brackets that enclose nothing special are bytes. */
	cr_assert(MAP("", "[a-c]", "{A-C}", &m));
	expect_bytes(&m, "[abc]", "{ABC}");
	cr_assert(MAP("d", "[:alnum:]", "", &m));
	cr_assert_eq(m.to['Q'], -1);
	cr_assert_eq(m.to['_'], '_');
}

Test(byte_map, pads_the_second_set_or_truncates_the_first)
{
	struct byte_map m;

	cr_assert(MAP("", "abcd", "12", &m));
	expect_bytes(&m, "abcd", "1222");
	cr_assert(MAP("t", "abcd", "12", &m));
	expect_bytes(&m, "abcd", "12cd");
	cr_assert(MAP("", "ab", "123", &m));
	expect_bytes(&m, "ab3", "123");
}

Test(byte_map, takes_complements_and_deletions)
{
	struct byte_map m;

	cr_assert(MAP("cd", "a-z\\n", "", &m));
	cr_assert_eq(m.to['A'], -1);
	cr_assert_eq(m.to[0], -1);
	expect_bytes(&m, "az\n", "az\n");
	cr_assert(MAP("c", "a-z", ".", &m));
	expect_bytes(&m, "aA0", "a..");
	cr_assert(MAP("-s", "a", "b", &m));
	expect_bytes(&m, "a", "b");
	cr_assert(MAP("ds", "a", "b", &m));
	cr_assert_eq(m.to['a'], -1);
}

Test(byte_map, refuses_what_is_no_map)
{
	struct byte_map m;

	cr_assert_not(MAP("", "abc", "", &m));
	cr_assert_not(MAP("", "", "abc", &m));
	cr_assert_not(MAP("s", "abc", "", &m));
	cr_assert_not(MAP("d", "abc", "d", &m));
	cr_assert_not(MAP("x", "a", "b", &m));
	cr_assert_not(MAP("", "z-a", "b", &m));
	cr_assert_not(MAP("", "[:nosuch:]", "b", &m));
	cr_assert_not(MAP("", "[a*]", "b", &m));
	cr_assert_not(MAP("", "ab", "[a*09]", &m));
	cr_assert_not(MAP("", "ab", "[a*][b*]", &m));
	cr_assert_not(MAP("", "[==]", "b", &m));
}

Test(byte_map, permutes_when_one_set_is_moved_within_itself)
{
	struct byte_map m;

	cr_assert(MAP("", "\\t \\-_", " \\t_\\-", &m));
	cr_assert(byte_map_permutes(&m));
	cr_assert(MAP("", "A-Za-z", "N-ZA-Mn-za-m", &m));
	cr_assert(byte_map_permutes(&m));
	cr_assert(MAP("", "\\200-\\377\\0-\\177", "\\0-\\377", &m));
	cr_assert(byte_map_permutes(&m));
	cr_assert(MAP("", "41", "14", &m));
	cr_assert(byte_map_permutes(&m));
}

Test(byte_map, conversions_do_not_permute)
{
	struct byte_map m;

	cr_assert(MAP("", "a-z", "A-Z", &m));
	cr_assert_not(byte_map_permutes(&m));
	cr_assert(MAP("", "a-zA-Z", "A-Za-z", &m));
	cr_assert_not(byte_map_permutes(&m));
	cr_assert(MAP("", "\\r\\n", "\\n\\r", &m));
	cr_assert_not(byte_map_permutes(&m));
	cr_assert(MAP("", "a-c", "a-c", &m));
	cr_assert_not(byte_map_permutes(&m));
	cr_assert(MAP("", "abc", "bcd", &m));
	cr_assert_not(byte_map_permutes(&m));
	cr_assert(MAP("d", "ab", "", &m));
	cr_assert_not(byte_map_permutes(&m));
	cr_assert(MAP("", "ab", "bb", &m));
	cr_assert_not(byte_map_permutes(&m));
}
