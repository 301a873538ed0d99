#include "input/tagchoice.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"

static const struct artifact_name foo12 = { { "foo", 3 }, { "1.2", 3 } };

static struct oid id(uint8_t n)
{
	return (struct oid){ { n } };
}

static struct tag_view tag(const char *name, uint8_t commit)
{
	return (struct tag_view){ .name = str_from(name), .target = id(commit), .commit = id(commit),
				  .peeled = true };
}

/* Tags that are peeled on demand: their commit is their target; 99 leads to none. */
static unsigned int peels;

static void peel(void *ctx, struct tag_view *t)
{
	peels++;
	t->no_commit = t->target.bytes[0] == 99;
	t->commit = t->target;
}

static struct tag_view lazy(const char *name, uint8_t commit)
{
	return (struct tag_view){ .name = str_from(name), .target = id(commit) };
}

#define SET(v) ((struct tag_set){ .v = (v), .n = sizeof(v) / sizeof((v)[0]) })
#define LAZY_SET(v) \
	((struct tag_set){ .v = (v), .n = sizeof(v) / sizeof((v)[0]), .peel = peel })

static const char *chosen(const struct tag_choice *c)
{
	return c->tag ? c->tag->name.ptr : "(none)";
}

Test(tagchoice, name_and_version_choose)
{
	struct tag_view v[] = { tag("v1.1", 1), tag("v1.2", 2), tag("v1.3", 3), tag("foo", 4) };
	struct tag_set set = SET(v);
	struct tag_choice c;

	tagchoice_find(&set, &foo12, NULL, &c);
	cr_assert_str_eq(chosen(&c), "v1.2");
	cr_assert_str_eq(c.how, "name");
	cr_assert_eq(c.near_n, 0);
}

Test(tagchoice, own_name_beats_a_bare_version)
{
	struct tag_view v[] = { tag("v1.2", 1), tag("foo-1.2", 2), tag("bar-1.2", 3) };
	struct tag_set set = SET(v);
	struct tag_choice c;

	tagchoice_find(&set, &foo12, NULL, &c);
	cr_assert_str_eq(chosen(&c), "foo-1.2");
}

Test(tagchoice, equal_tags_on_one_commit_are_clear)
{
	struct tag_view v[] = { lazy("v1.2", 1), lazy("1.2", 1), lazy("v0.9", 2) };
	struct tag_set set = LAZY_SET(v);
	struct tag_choice c;

	tagchoice_find(&set, &foo12, NULL, &c);
	cr_assert_str_eq(chosen(&c), "v1.2");
}

Test(tagchoice, equal_tags_on_two_commits_are_a_doubt)
{
	struct tag_view v[] = { tag("v1.2", 1), tag("1.2", 2), tag("v1.1", 3) };
	struct tag_set set = SET(v);
	struct tag_choice c;

	tagchoice_find(&set, &foo12, NULL, &c);
	cr_assert_null(c.tag);
	cr_assert(c.several);
	cr_assert_geq(c.near_n, 2);
	cr_assert_str_eq(c.near[0]->name.ptr, "v1.2");
	cr_assert_str_eq(c.why[0], "name and version fit");
	cr_assert_str_eq(c.near[1]->name.ptr, "1.2");
	cr_assert_str_eq(c.near[2]->name.ptr, "v1.1");
	cr_assert_str_eq(c.why[2], "near in name");
}

Test(tagchoice, equal_tag_without_commit_is_a_doubt)
{
	struct tag_view v[] = { lazy("v1.2", 1), lazy("1.2", 99) };
	struct tag_set set = LAZY_SET(v);
	struct tag_choice c;

	tagchoice_find(&set, &foo12, NULL, &c);
	cr_assert_null(c.tag);
	cr_assert(c.several);
}

Test(tagchoice, other_component_is_no_choice)
{
	struct tag_view v[] = { tag("bar-1.2", 1), tag("baz-1.2", 2) };
	struct tag_set set = SET(v);
	struct tag_choice c;

	tagchoice_find(&set, &foo12, NULL, &c);
	cr_assert_null(c.tag);
	cr_assert(!c.several);
	cr_assert_eq(c.near_n, 2);
	cr_assert_str_eq(c.why[0], "version fits, under another name");
}

Test(tagchoice, nothing_fits_nothing)
{
	struct tag_view v[] = { tag("nightly", 1), tag("v7.0", 2) };
	struct tag_set set = SET(v), none = { .n = 0 };
	struct tag_choice c;

	tagchoice_find(&none, &foo12, NULL, &c);
	cr_assert_null(c.tag);
	cr_assert_eq(c.near_n, 0);
	cr_assert(!c.several);
	tagchoice_find(&set, &foo12, NULL, &c);
	cr_assert_null(c.tag);
	cr_assert(!c.several);
}

Test(tagchoice, artifact_without_version_chooses_none)
{
	const struct artifact_name name = { STR("foo"), { NULL, 0 } };
	struct tag_view v[] = { tag("foo", 1), tag("v1.2", 2) };
	struct tag_set set = SET(v);
	struct tag_choice c;

	tagchoice_find(&set, &name, NULL, &c);
	cr_assert_null(c.tag);
}

Test(tagchoice, archive_commit_outranks_the_name)
{
	struct tag_view v[] = { lazy("v1.2", 1), lazy("v1.3", 2) };
	struct tag_set set = LAZY_SET(v);
	const struct oid commit = id(2);
	struct tag_choice c;

	tagchoice_find(&set, &foo12, &commit, &c);
	cr_assert_str_eq(chosen(&c), "v1.3");
	cr_assert_str_eq(c.how, "archive commit");
}

Test(tagchoice, archive_commit_that_agrees_leaves_it_at_the_name)
{
	struct tag_view v[] = { lazy("v1.1", 1), lazy("v1.2", 2), lazy("v1.3", 3) };
	struct tag_set set = LAZY_SET(v);
	const struct oid commit = id(2);
	struct tag_choice c;

	peels = 0;
	tagchoice_find(&set, &foo12, &commit, &c);
	cr_assert_str_eq(chosen(&c), "v1.2");
	cr_assert_str_eq(c.how, "name");
	cr_assert_eq(peels, 1, "only the tag that fits was peeled");
}

Test(tagchoice, archive_commit_without_tag_leaves_it_to_the_name)
{
	struct tag_view v[] = { tag("v1.2", 1), tag("v1.3", 2) };
	struct tag_set set = SET(v);
	const struct oid commit = id(77);
	struct tag_choice c;

	tagchoice_find(&set, &foo12, &commit, &c);
	cr_assert_str_eq(chosen(&c), "v1.2");
	cr_assert_str_eq(c.how, "name");
}

Test(tagchoice, of_tags_on_the_archive_commit_the_best_name_counts)
{
	struct tag_view v[] = { tag("aaa", 2), tag("v1.2-final", 2), tag("v1.2", 1), tag("zzz", 2) };
	struct tag_set set = SET(v);
	const struct oid commit = id(2);
	struct tag_choice c;

	tagchoice_find(&set, &foo12, &commit, &c);
	cr_assert_str_eq(chosen(&c), "v1.2-final");
	v[1].name = STR("nightly");
	tagchoice_find(&set, &foo12, &commit, &c);
	cr_assert_str_eq(chosen(&c), "aaa");
}

Test(tagchoice, archive_commit_settles_a_doubt)
{
	struct tag_view v[] = { tag("v1.2", 1), tag("1.2", 2) };
	struct tag_set set = SET(v);
	const struct oid commit = id(2);
	struct tag_choice c;

	tagchoice_find(&set, &foo12, &commit, &c);
	cr_assert_str_eq(chosen(&c), "1.2");
	cr_assert_str_eq(c.how, "archive commit");
}

Test(tagchoice, tag_without_commit_is_on_no_commit)
{
	struct tag_view v[] = { lazy("v1.2", 99) };
	struct tag_set set = LAZY_SET(v);
	const struct oid commit = id(99);
	struct tag_choice c;

	tagchoice_find(&set, &foo12, &commit, &c);
	cr_assert_str_eq(c.how, "name");
	cr_assert(c.tag->no_commit);
}

Test(tagchoice, list_of_candidates_is_bounded_and_holds_none_twice)
{
	static char names[40][16];
	struct tag_view v[40];
	struct tag_set set = { .v = v, .n = 40, .peel = peel };
	struct tag_choice c;

	for (int i = 0; i < 40; i++) {
		snprintf(names[i], sizeof(names[i]), i < 20 ? "x%d-1.2" : "v1.%d", i);
		v[i] = lazy(names[i], (uint8_t)i);
	}
	tagchoice_find(&set, &foo12, NULL, &c);
	cr_assert_null(c.tag);
	cr_assert_eq(c.near_n, LIMIT_CANDIDATES);
	for (size_t i = 0; i < c.near_n; i++) {
		cr_assert(c.near[i]->peeled);
		for (size_t k = 0; k < i; k++)
			cr_assert_neq(c.near[i], c.near[k]);
	}
	set.v = v + 20;
	set.n = 20;
	tagchoice_find(&set, &foo12, NULL, &c);
	cr_assert_leq(c.near_n, LIMIT_CANDIDATES);
	tagchoice_peel_all(&set);
	for (size_t i = 0; i < set.n; i++)
		cr_assert(set.v[i].peeled);
}
