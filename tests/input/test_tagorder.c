#include "input/tagorder.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"

enum { MAX = 32 };

/* The earlier tags of `tag` among a list of names, nearest first, separated by blanks; the previous
 * one in brackets. */
static const char *order(const char *names, const char *tag)
{
	static char text[1000];
	AUTO_ARENA struct arena a = ARENA_INIT;
	struct tag_view v[MAX] = { { .no_commit = false } };
	struct tag_set set = { .v = v };
	struct str rest = str_from(names), name;
	struct tag_order o;
	size_t at = 0;

	while (str_next_word(&rest, &name))
		v[set.n++].name = name;
	tagorder_find(&a, &set, str_from(tag), &o);
	text[0] = '\0';
	for (size_t i = 0; i < o.n; i++) {
		const bool previous = o.earlier[i] == o.previous;

		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s%.*s%s", i ? " " : "",
				       previous ? "[" : "", STR_FMT(o.earlier[i]->name),
				       previous ? "]" : "");
	}
	return text;
}

Test(tagorder, compares_numbers_as_numbers)
{
	cr_assert_str_eq(order("v1.9 v1.10 v1.2 v2.0 v1.10.1", "v1.10.1"), "[v1.10] v1.9 v1.2");
	cr_assert_str_eq(order("cares-1_18_1 cares-1_2_0 v1.19.0", "cares-1_18_1"), "[cares-1_2_0]");
	cr_assert_str_eq(order("1.2 1.2.0 1.02.1", "1.2.1"), "[1.2.0] 1.2");
}

Test(tagorder, passes_over_candidates_before_a_release)
{
	cr_assert_str_eq(order("v1.0 v1.1-rc1 v1.1-rc2 v1.1", "v1.1"), "v1.1-rc2 v1.1-rc1 [v1.0]");
	cr_assert_str_eq(order("v1.0 v1.1-rc1 v1.1-rc2 v1.1", "v1.1-rc2"), "[v1.1-rc1] v1.0");
	cr_assert_str_eq(order("2.0 2.1b1 2.1a2 2.1", "2.1"), "2.1b1 2.1a2 [2.0]");
}

Test(tagorder, puts_patch_levels_behind_a_version)
{
	cr_assert_str_eq(order("V_9_2_P1 V_9_3_P1 V_9_3_P2 V_10_0_P1", "V_9_3_P2"), "[V_9_3_P1] V_9_2_P1");
	cr_assert_str_eq(order("3.5 3.5a 3.4", "3.5a"), "[3.5] 3.4");
	cr_assert_str_eq(order("v1.9.13 v1.9.13p1 v1.9.13p3", "v1.9.13p3"), "[v1.9.13p1] v1.9.13");
}

Test(tagorder, keeps_to_one_scheme)
{
	cr_assert_str_eq(order("cares-1_18_1 v1.18.2 curl-1.0 v1-2 w1.0", "v1.19.0"), "[v1.18.2]");
	cr_assert_str_eq(order("1.0-es 1.1-npm 1.1", "1.2-npm"), "[1.1-npm]");
	cr_assert_str_eq(order("pcre2-10.41 pcre2-10.9 pcre-11.0", "pcre2-10.42"), "[pcre2-10.41] pcre2-10.9");
}

Test(tagorder, knows_words_for_release_and_dates)
{
	cr_assert_str_eq(order("release-2.1.11-stable release-2.1.10-beta", "release-2.1.12-stable"),
			 "[release-2.1.11-stable] release-2.1.10-beta");
	cr_assert_str_eq(order("json-c-0.15-20200726 json-c-0.9", "json-c-0.16-20220414"),
			 "[json-c-0.15-20200726] json-c-0.9");
}

Test(tagorder, finds_nothing_for_names_without_a_version)
{
	cr_assert_str_eq(order("v1.0 nightly", "nightly"), "");
	cr_assert_str_eq(order("v1.0", ""), "");
	cr_assert_str_eq(order("", "v1.0"), "");
	cr_assert_str_eq(order("99999999999999999999999998.1", "99999999999999999999999999.1"),
			 "[99999999999999999999999998.1]");
}
