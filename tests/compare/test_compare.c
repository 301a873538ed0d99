#include "compare/compare.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"

static struct result r;

static void begin(void)
{
	result_init(&r);
}

static void end(void)
{
	result_release(&r);
}

TestSuite(compare, .init = begin, .fini = end);

/* An entry whose content is told by one number; 0: not known. */
static struct entry *add(struct tree *t, const char *path, uint8_t type, uint16_t mode, uint8_t content)
{
	struct entry *e = tree_add(t);
	const struct str copy = arena_str(&r.arena, str_from(path));

	e->path = copy.ptr;
	e->path_len = (uint32_t)copy.len;
	e->type = type;
	e->mode = mode;
	e->size = content;
	e->oid.bytes[0] = content;
	e->flags = content ? ENTRY_HAS_OID : 0;
	return e;
}

static struct entry *artifact(const char *path, uint8_t content)
{
	return add(&r.artifact_tree, path, ENTRY_FILE, 0644, content);
}

static struct entry *origin(const char *path, uint8_t content)
{
	return add(&r.origin_tree, path, ENTRY_FILE, 0644, content);
}

static const struct change *compared(const char *path)
{
	if (r.changes_n == 0) {
		tree_sort(&r.artifact_tree, NULL, NULL);
		tree_sort(&r.origin_tree, NULL, NULL);
		compare_trees(&r);
	}
	for (size_t i = 0; i < r.changes_n; i++) {
		const struct change *c = &r.changes[i];

		if (str_eq(entry_path(c->artifact ? c->artifact : c->origin), str_from(path)))
			return c;
	}
	return NULL;
}

static void expect(const char *path, enum relation relation, const char *other)
{
	const struct change *c = compared(path);

	cr_assert_not_null(c, "%s", path);
	cr_assert_eq(c->relation, relation, "%s: %s", path, relation_name(c->relation));
	if (other)
		cr_assert_str_eq(c->origin->path, other);
	else if (relation == RELATION_ADDED)
		cr_assert_null(c->origin);
}

Test(compare, nothing_with_nothing_gives_nothing)
{
	cr_assert_null(compared("a"));
	cr_assert_eq(r.changes_n, 0);
}

Test(compare, same_content_at_the_same_path_is_identical)
{
	artifact("a", 1);
	origin("a", 1);
	add(&r.artifact_tree, "l", ENTRY_LINK, 0777, 2);
	add(&r.origin_tree, "l", ENTRY_LINK, 0, 2);
	expect("a", RELATION_IDENTICAL, "a");
	expect("l", RELATION_IDENTICAL, "l");
}

Test(compare, other_content_is_modified)
{
	artifact("a", 1);
	origin("a", 2);
	add(&r.artifact_tree, "l", ENTRY_LINK, 0777, 2);
	add(&r.origin_tree, "l", ENTRY_LINK, 0, 3);
	expect("a", RELATION_MODIFIED, "a");
	expect("l", RELATION_MODIFIED, "l");
}

Test(compare, content_that_is_not_known_is_modified)
{
	artifact("a", 0);
	origin("a", 1)->oid.bytes[0] = 0;
	expect("a", RELATION_MODIFIED, "a");
}

Test(compare, content_with_marks_of_a_collision_is_never_identical)
{
	artifact("a", 1)->flags |= ENTRY_COLLISION;
	origin("a", 1);
	expect("a", RELATION_MODIFIED, "a");
}

Test(compare, executable_bit_alone_is_a_changed_mode)
{
	artifact("gained", 1)->mode = 0755;
	origin("gained", 1);
	artifact("lost", 2);
	origin("lost", 2)->mode = 0755;
	artifact("other", 3)->mode = 0666;
	origin("other", 3);
	artifact("none", 4)->mode = 0;
	origin("none", 4)->mode = 0755;
	artifact("both", 5)->mode = 0755;
	origin("both", 6);
	expect("gained", RELATION_MODE_CHANGED, "gained");
	expect("lost", RELATION_MODE_CHANGED, "lost");
	expect("other", RELATION_IDENTICAL, "other");
	expect("none", RELATION_MODE_CHANGED, "none");
	expect("both", RELATION_MODIFIED, "both");
}

Test(compare, file_and_link_are_a_changed_type)
{
	artifact("a", 1);
	add(&r.origin_tree, "a", ENTRY_LINK, 0, 1);
	add(&r.artifact_tree, "b", ENTRY_LINK, 0777, 1);
	origin("b", 1);
	add(&r.artifact_tree, "c", ENTRY_SPECIAL, 0644, 0);
	origin("c", 1);
	artifact("sub", 1);
	add(&r.origin_tree, "sub", ENTRY_GITLINK, 0, 9);
	expect("a", RELATION_TYPE_CHANGED, "a");
	expect("b", RELATION_TYPE_CHANGED, "b");
	expect("c", RELATION_TYPE_CHANGED, "c");
	expect("sub", RELATION_TYPE_CHANGED, "sub");
}

Test(compare, paths_of_one_side_are_added_and_missing)
{
	artifact("b", 1);
	artifact("z", 2);
	origin("a", 3);
	origin("c", 4)->flags |= ENTRY_EXPORT_IGNORE;
	add(&r.origin_tree, "d", ENTRY_LINK, 0, 5);
	expect("b", RELATION_ADDED, NULL);
	expect("z", RELATION_ADDED, NULL);
	expect("a", RELATION_MISSING, "a");
	expect("c", RELATION_MISSING_BY_ATTRIBUTE, "c");
	expect("d", RELATION_MISSING, "d");
	cr_assert_null(compared("a")->artifact);
	cr_assert_eq(r.changes_n, 5);
	for (size_t i = 0; i < 5; i++)
		cr_assert_eq((r.changes[i].artifact ? r.changes[i].artifact : r.changes[i].origin)->path[0],
			     "abcdz"[i]);
}

Test(compare, content_from_elsewhere_is_moved)
{
	artifact("new/a", 1);
	artifact("copy", 1);
	origin("old/a", 1);
	expect("new/a", RELATION_MOVED, "old/a");
	expect("copy", RELATION_MOVED, "old/a");
	expect("old/a", RELATION_MISSING, "old/a");
}

Test(compare, first_path_of_a_content_is_where_it_was_moved_from)
{
	artifact("x", 1);
	origin("c", 1);
	origin("a", 1);
	origin("b", 1);
	expect("x", RELATION_MOVED, "a");
}

Test(compare, empty_files_links_and_unknown_content_are_not_moved)
{
	artifact("empty", 1)->size = 0;
	add(&r.artifact_tree, "link", ENTRY_LINK, 0777, 2);
	artifact("unknown", 0);
	origin("a", 1);
	origin("b", 2);
	origin("c", 0);
	add(&r.origin_tree, "was-link", ENTRY_LINK, 0, 3);
	artifact("x", 3);
	expect("empty", RELATION_ADDED, NULL);
	expect("link", RELATION_ADDED, NULL);
	expect("unknown", RELATION_ADDED, NULL);
	expect("x", RELATION_ADDED, NULL);
}

Test(compare, what_lies_below_a_gitlink_belongs_to_the_submodule)
{
	add(&r.origin_tree, "mod", ENTRY_GITLINK, 0, 9);
	artifact("mod/a", 1);
	artifact("mod/deep/b", 2);
	add(&r.artifact_tree, "mod/link", ENTRY_LINK, 0777, 3);
	artifact("modest/a", 4);
	artifact("mod.c", 5);
	expect("mod/a", RELATION_SUBMODULE, "mod");
	expect("mod/deep/b", RELATION_SUBMODULE, "mod");
	expect("mod/link", RELATION_SUBMODULE, "mod");
	expect("modest/a", RELATION_ADDED, NULL);
	expect("mod.c", RELATION_ADDED, NULL);
	/* The gitlink itself is no change. */
	cr_assert_null(compared("mod"));
}

Test(compare, moved_beats_submodule)
{
	add(&r.origin_tree, "mod", ENTRY_GITLINK, 0, 9);
	origin("lib/a", 1);
	artifact("mod/a", 1);
	expect("mod/a", RELATION_MOVED, "lib/a");
}

Test(compare, hundred_thousand_entries_are_compared)
{
	for (int i = 0; i < 100000; i++) {
		const char *path = arena_strf(&r.arena, "dir%d/file%d", i / 100, i).ptr;
		struct entry *a = i % 10 ? artifact(path, 1) : artifact(
			arena_strf(&r.arena, "new/file%d", i).ptr, 1);
		struct entry *o = origin(path, 1);

		memcpy(a->oid.bytes + 1, &i, sizeof(i));
		memcpy(o->oid.bytes + 1, &i, sizeof(i));
	}
	compared("x");
	cr_assert_eq(r.changes_n, 110000);
	result_count(&r);
	cr_assert_eq(r.totals.relation[RELATION_IDENTICAL].files, 90000);
	cr_assert_eq(r.totals.relation[RELATION_MOVED].files, 10000);
	cr_assert_eq(r.totals.relation[RELATION_MISSING].files, 10000);
}

Test(compare, identical_entries_are_counted_for_candidates)
{
	artifact("a", 1);
	artifact("b", 2);
	artifact("d", 0);
	artifact("z", 5);
	origin("a", 1);
	origin("b", 9);
	origin("c", 2);
	origin("d", 0);
	cr_assert_eq(compare_count_identical(&r.artifact_tree, &r.origin_tree), 1);
	cr_assert_eq(compare_count_identical(&r.origin_tree, &r.origin_tree), 3);
	r.artifact_tree.n = 0;
	cr_assert_eq(compare_count_identical(&r.artifact_tree, &r.origin_tree), 0);
}
