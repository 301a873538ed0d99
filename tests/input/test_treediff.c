#include "input/treediff.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "support/repo.h"
#include "support/run.h"

TestSuite(treediff, .init = scratch_begin, .fini = scratch_end);

static int add(void *ctx, const struct tree_difference *d, struct error *err)
{
	struct buf *b = ctx;

	(void)err;
	buf_addf(b, "%s%c %.*s", b->len ? ", " : "", !d->now.present ? 'D' : d->old && d->old[0].present ? 'M' : 'A',
		 STR_FMT(d->path));
	return 0;
}

static struct repo *opened(void)
{
	struct error err = ERROR_INIT;
	struct repo *r = repo_open("r", &err);

	cr_assert_not_null(r, "%s", err.message);
	return r;
}

static void expect(const struct oid *old, size_t n, const struct oid *now, const char *expected)
{
	AUTO_BUF struct buf got = BUF_INIT;
	struct error err = ERROR_INIT;
	struct repo *r = opened();

	cr_assert_eq(treediff(r, old, n, now, add, &got, &err), 0, "%s", err.message);
	cr_assert_str_eq(buf_cstr(&got), expected);
	repo_free(r);
}

Test(treediff, lists_what_was_added_changed_and_removed)
{
	struct oid old, now;

	make_hello("r");
	file_text("r/a/b/c", "1\n");
	file_text("r/a.x", "1\n");
	make_commit("r", "A");
	sh("cd r; rm -r src; echo 2 >a/b/c; echo 1 >a/b/d; chmod +x README; rm a.x; mkdir a.x; echo 1 >a.x/y");
	make_commit("r", "B");
	old = oid_of("r", "HEAD~1^{tree}");
	now = oid_of("r", "HEAD^{tree}");
	expect(&old, 1, &now, "M README, D a.x, A a.x/y, M a/b/c, A a/b/d, D src/main.c");
	expect(&now, 1, &now, "");
	expect(NULL, 0, &old, "A README, A a.x, A a/b/c, A src/main.c");
}

Test(treediff, with_several_trees_lists_what_none_of_them_holds)
{
	struct oid old[2], now;

	make_hello("r");
	file_text("r/a", "1\n");
	file_text("r/b", "1\n");
	make_commit("r", "A");
	sh("cd r; echo 2 >a; echo 2 >b");
	make_commit("r", "B");
	sh("cd r; echo 1 >b; echo 3 >c; echo 4 >README");
	make_commit("r", "C");
	old[0] = oid_of("r", "HEAD~2^{tree}");
	old[1] = oid_of("r", "HEAD~1^{tree}");
	now = oid_of("r", "HEAD^{tree}");
	expect(old, 2, &now, "M README, A c");
}

Test(treediff, hides_nothing_in_trees_out_of_order_or_with_names_twice)
{
	AUTO_BUF struct buf a = BUF_INIT, b = BUF_INIT;
	struct oid one, two, x, y;

	make_hello("r");
	one = make_object_text("r", "blob", "1");
	two = make_object_text("r", "blob", "2");
	add_tree_entry(&a, "100644", "a", &one);
	add_tree_entry(&a, "100644", "b", &one);
	x = make_object("r", "tree", a.ptr, a.len);
	add_tree_entry(&b, "100644", "b", &one);
	add_tree_entry(&b, "100644", "a", &one);
	add_tree_entry(&b, "100644", "a", &two);
	y = make_object("r", "tree", b.ptr, b.len);
	expect(&x, 1, &y, "D a, A a, A a");
}

Test(treediff, ends_at_cut_trees_folders_without_end_and_missing_ones)
{
	AUTO_BUF struct buf text = BUF_INIT, got = BUF_INIT;
	struct error err = ERROR_INIT;
	struct oid blob, inner, old;
	struct repo *r;

	make_hello("r");
	old = oid_of("r", "HEAD^{tree}");
	blob = make_object_text("r", "blob", "1");
	add_tree_entry(&text, "100644", "a", &blob);
	add_tree_entry(&text, "40000", "b", &old);
	for (size_t cut = 0; cut < text.len; cut++) {
		inner = make_object("r", "tree", text.ptr, cut);
		r = opened();
		cr_assert_eq(treediff(r, &old, 1, &inner, add, &got, &err), 0);
		repo_free(r);
	}
	inner = old;
	for (int i = 0; i < 300; i++) {
		buf_reset(&text);
		add_tree_entry(&text, "40000", "d", &inner);
		inner = make_object("r", "tree", text.ptr, text.len);
	}
	r = opened();
	cr_assert_eq(treediff(r, &old, 1, &inner, add, &got, &err), -1);
	cr_assert_eq(err.code, ERROR_TOO_LARGE);
	buf_reset(&text);
	add_tree_entry(&text, "40000", "d", &(struct oid){ { 1 } });
	inner = make_object("r", "tree", text.ptr, text.len);
	cr_assert_eq(treediff(r, &old, 1, &inner, add, &got, &err), -1);
	cr_assert_eq(err.code, ERROR_ORIGIN);
	repo_free(r);
}
