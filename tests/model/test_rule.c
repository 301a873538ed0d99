#include "model/rule.h"

#include <criterion/criterion.h>

Test(rule, is_found_by_id_in_any_case_and_by_slug)
{
	cr_assert_eq(rule_find(STR("tp101")), &rules[RULE_TP101]);
	cr_assert_eq(rule_find(STR("TP101")), &rules[RULE_TP101]);
	cr_assert_eq(rule_find(STR("duplicate-member")), &rules[RULE_TP101]);
	cr_assert_null(rule_find(STR("TP10")));
	cr_assert_null(rule_find(STR("")));
	cr_assert_null(rule_find(str_of("TP101\0", 6)));
}

Test(rule, ids_and_slugs_are_unique_and_in_order)
{
	for (size_t i = 1; i < RULE_COUNT; i++)
		cr_assert_lt(strcmp(rules[i - 1].id, rules[i].id), 0, "%s", rules[i].id);
	for (size_t i = 0; i < RULE_COUNT; i++)
		cr_assert_eq(rule_find(str_from(rules[i].slug)), &rules[i], "%s", rules[i].slug);
}

Test(rule, ids_are_tp_and_three_digits)
{
	for (size_t i = 0; i < RULE_COUNT; i++) {
		const char *id = rules[i].id;

		cr_assert(strlen(id) == 5 && id[0] == 'T' && id[1] == 'P', "%s", id);
		cr_assert_eq(strspn(id + 2, "0123456789"), 3, "%s", id);
	}
}

Test(rule, slugs_are_lower_case_words)
{
	for (size_t i = 0; i < RULE_COUNT; i++) {
		const char *slug = rules[i].slug;

		cr_assert_eq(strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(slug),
			     "%s", slug);
	}
}

Test(rule, each_one_says_what_why_and_how_to_settle_it)
{
	for (size_t i = 0; i < RULE_COUNT; i++) {
		cr_assert_gt(strlen(rules[i].summary), 10, "%s", rules[i].id);
		cr_assert_null(strchr(rules[i].summary, '\n'), "%s", rules[i].id);
		cr_assert_gt(strlen(rules[i].why), 40, "%s", rules[i].id);
		cr_assert_gt(strlen(rules[i].settle), 20, "%s", rules[i].id);
	}
}

Test(severity, names_are_read_back)
{
	for (int i = 0; i < SEVERITY_COUNT; i++) {
		enum severity s = SEVERITY_INFO;

		cr_assert(severity_parse(str_from(severity_name((enum severity)i)), &s));
		cr_assert_eq((int)s, i);
	}
}

Test(severity, other_names_are_refused)
{
	enum severity s = SEVERITY_LOW;

	cr_assert_not(severity_parse(STR("High"), &s));
	cr_assert_not(severity_parse(STR(""), &s));
	cr_assert_not(severity_parse(STR("highest"), &s));
	cr_assert_eq(s, SEVERITY_LOW);
}
