#include "model/entry.h"

#include <criterion/criterion.h>

#include "base/memory.h"

static struct entry *add(struct tree *t, const char *path, uint64_t size)
{
	struct entry *e = tree_add(t);

	e->path = path;
	e->path_len = (uint32_t)strlen(path);
	e->size = size;
	return e;
}

struct seen {
	unsigned int n;
	uint64_t first, last;
};

static void remember(void *ctx, const struct entry *first, const struct entry *last)
{
	struct seen *s = ctx;

	if (s->n++ == 0)
		s->first = first->size;
	s->last = last->size;
}

Test(tree, sorts_by_bytes_not_in_the_order_of_git)
{
	struct tree t = TREE_INIT;

	add(&t, "a/b", 0);
	add(&t, "a.c", 0);
	add(&t, "\xff", 0);
	add(&t, "a", 0);
	tree_sort(&t, NULL, NULL);
	cr_assert_str_eq(t.v[0].path, "a");
	cr_assert_str_eq(t.v[1].path, "a.c");
	cr_assert_str_eq(t.v[2].path, "a/b");
	cr_assert_str_eq(t.v[3].path, "\xff");
	tree_release(&t);
}

Test(tree, of_one_path_the_last_one_stays)
{
	struct tree t = TREE_INIT;
	struct seen s = { 0, 0, 0 };

	add(&t, "x", 1);
	add(&t, "a", 9);
	add(&t, "x", 2);
	add(&t, "x", 3);
	tree_sort(&t, remember, &s);
	cr_assert_eq(t.n, 2);
	cr_assert_eq(tree_find(&t, STR("x"))->size, 3);
	cr_assert_eq(s.n, 2);
	cr_assert_eq(s.first, 1);
	cr_assert_eq(s.last, 3);
	tree_release(&t);
}

Test(tree, empty_one_can_be_sorted_and_searched)
{
	struct tree t = TREE_INIT;

	tree_sort(&t, NULL, NULL);
	cr_assert_null(tree_find(&t, STR("a")));
	tree_release(&t);
}

Test(tree, new_entries_have_no_content_and_no_flags)
{
	struct tree t = TREE_INIT;
	const struct entry *e = tree_add(&t);

	cr_assert_eq(e->content, CONTENT_NONE);
	cr_assert_eq(e->flags, 0);
	cr_assert_null(e->sha256);
	tree_release(&t);
}

Test(tree, finds_each_of_a_hundred_thousand_paths)
{
	struct arena a = ARENA_INIT;
	struct tree t = TREE_INIT;

	for (unsigned int i = 0; i < 100000; i++)
		add(&t, arena_strf(&a, "%u", i * 7919u % 100000u).ptr, i);
	tree_sort(&t, NULL, NULL);
	cr_assert_eq(t.n, 100000);
	for (size_t i = 1; i < t.n; i++)
		cr_assert_lt(str_cmp(entry_path(&t.v[i - 1]), entry_path(&t.v[i])), 0);
	for (unsigned int i = 0; i < 100000; i += 13) {
		const struct entry *e = tree_find(&t, arena_strf(&a, "%u", i));

		cr_assert_not_null(e);
		cr_assert_eq(e->size * 7919u % 100000u, i);
	}
	tree_release(&t);
	arena_release(&a);
}

Test(entry, owner_bit_alone_makes_it_executable)
{
	struct entry e = { .mode = 0100 };

	cr_assert(entry_executable(&e));
	e.mode = 0655;
	cr_assert_not(entry_executable(&e));
}
