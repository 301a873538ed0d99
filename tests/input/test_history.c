#include "input/history.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "support/repo.h"
#include "support/run.h"

TestSuite(history, .init = scratch_begin, .fini = scratch_end);

struct asked {
	struct arena arena;
	struct history h;
};

static void ask(struct asked *a, const char *tag, bool added, const char *const *paths, size_t n)
{
	struct error err = ERROR_INIT;
	struct repo *r = repo_open("r", &err);
	struct str v[16];
	const struct history_question q = { oid_of("r", tag), v, n, added, 0, 0 };

	cr_assert_not_null(r, "%s", err.message);
	for (size_t i = 0; i < n; i++)
		v[i] = str_from(paths[i]);
	a->arena = ARENA_INIT;
	cr_assert_eq(history_of(r, &a->arena, &q, &a->h, &err), 0, "%s", err.message);
	cr_assert_eq(a->h.paths_n, n);
	repo_free(r);
}

static void ask_one(struct asked *a, const char *tag, bool added, const char *path)
{
	ask(a, tag, added, &path, 1);
}

static void forget(struct asked *a)
{
	arena_release(&a->arena);
}

static void expect_commit(const struct history_commit *c, const char *revision)
{
	const struct oid oid = oid_of("r", revision);

	cr_assert_not_null(c, "no commit, where %s is expected", revision);
	cr_assert_str_eq(c->oid.ptr, oid_text(&oid));
}

static void binary(const char *path, const char *seed)
{
	char data[64] = "\0\1\2";

	memcpy(data + 4, seed, strlen(seed));
	file_write(path, data, sizeof(data));
}

/* A project whose last commit before tag v2 exchanges a blob, as who tags and right before. */
static void make_late_blob(void)
{
	make_hello("r");
	binary("r/tests/blob.bin", "one");
	make_commit("r", "Add a blob");
	file_text("r/src/main.c", "int main(void) { return 1; }\n");
	make_commit("r", "Return one");
	binary("r/tests/blob.bin", "two");
	make_commit("r", "Update the blob");
	sh("git -C r tag a1; cd r; GIT_COMMITTER_DATE=\"$(git log -1 --format=%%ct) +0000\" git tag -a -m x v2");
}

Test(history, finds_the_commits_that_added_and_last_changed_each_path)
{
	const char *const paths[] = { "tests/blob.bin", "README", "src/main.c" };
	struct asked a;

	make_late_blob();
	ask(&a, "v2", true, paths, 3);
	cr_assert(a.h.complete);
	expect_commit(a.h.paths[0].changed, "a1");
	expect_commit(a.h.paths[0].added, "a1~2");
	cr_assert(a.h.paths[0].replaced);
	expect_commit(a.h.paths[1].changed, "a1~3");
	expect_commit(a.h.paths[1].added, "a1~3");
	cr_assert_not(a.h.paths[1].replaced);
	expect_commit(a.h.paths[2].changed, "a1~1");
	expect_commit(a.h.paths[2].added, "a1~3");
	cr_assert_str_eq(a.h.paths[0].changed->subject.ptr, "Update the blob");
	forget(&a);
}

Test(history, tells_commits_that_touch_binary_content_only)
{
	const char *const paths[] = { "tests/blob.bin", "src/main.c" };
	struct asked a;

	make_late_blob();
	ask(&a, "v2", false, paths, 2);
	cr_assert(a.h.paths[0].changed->binary_only);
	cr_assert_eq(a.h.paths[0].changed->touched_n, 1);
	cr_assert_str_eq(a.h.paths[0].changed->touched[0].ptr, "tests/blob.bin");
	cr_assert_not(a.h.paths[1].changed->binary_only);
	forget(&a);
}

Test(history, a_binary_change_by_the_tagger_before_the_tag_is_medium)
{
	struct history_note note;
	struct asked a;

	make_late_blob();
	ask_one(&a, "v2", false, "tests/blob.bin");
	cr_assert(history_assess(&a.h, 0, &a.arena, &note));
	cr_assert_eq(note.rule, RULE_TP026);
	cr_assert_eq(note.severity, SEVERITY_MEDIUM);
	cr_assert(str_starts(note.message, STR("changed 0 h 00 min before the tag by who made the tag")),
		  "%s", note.message.ptr);
	forget(&a);
}

Test(history, any_late_change_by_the_tagger_is_low)
{
	struct history_note note;
	struct asked a;

	make_hello("r");
	binary("r/blob", "one");
	file_text("r/README", "With a blob.\n");
	make_commit("r", "Add a blob");
	sh("cd r; GIT_COMMITTER_DATE=\"$(git log -1 --format=%%ct) +0000\" git tag -a -m x v2");
	ask_one(&a, "v2", false, "blob");
	cr_assert(history_assess(&a.h, 0, &a.arena, &note));
	cr_assert_eq(note.rule, RULE_TP027);
	cr_assert(str_starts(note.message, STR("added ")), "%s", note.message.ptr);
	forget(&a);
}

Test(history, says_nothing_of_changes_by_others_or_long_before)
{
	struct history_note note;
	struct asked a;

	make_late_blob();
	make_tag("r", "v3");
	ask_one(&a, "v3", false, "tests/blob.bin");
	cr_assert_not(history_assess(&a.h, 0, &a.arena, &note), "a day later");
	forget(&a);
	sh("cd r; GIT_COMMITTER_NAME=Other GIT_COMMITTER_EMAIL=o@example.org "
	   "GIT_COMMITTER_DATE=\"$(git log -1 --format=%%ct) +0000\" git tag -a -m x v4");
	ask_one(&a, "v4", false, "tests/blob.bin");
	cr_assert_not(history_assess(&a.h, 0, &a.arena, &note), "by another");
	forget(&a);
}

Test(history, follows_the_side_of_a_merge_that_has_the_content)
{
	struct asked a;

	make_hello("r");
	sh("cd r; git checkout -q -b side");
	file_text("r/README", "From the side.\n");
	make_commit("r", "Side");
	sh("cd r; git tag side1; git checkout -q main");
	file_text("r/other", "x\n");
	make_commit("r", "Main");
	sh("cd r; git merge -q --no-ff -m Merge side");
	make_tag("r", "v2");
	ask_one(&a, "v2", true, "README");
	expect_commit(a.h.paths[0].changed, "side1");
	expect_commit(a.h.paths[0].added, "side1~1");
	forget(&a);
}

Test(history, names_a_merge_that_changed_the_file_itself)
{
	struct asked a;

	make_hello("r");
	sh("cd r; git checkout -q -b side; git commit -q --allow-empty -m S; git checkout -q main;"
	   "git commit -q --allow-empty -m M; git merge -q --no-ff --no-commit side; echo evil >README;"
	   "git add README; git commit -q -m Merge");
	make_tag("r", "v2");
	ask_one(&a, "v2", false, "README");
	expect_commit(a.h.paths[0].changed, "v2^{commit}");
	cr_assert(a.h.paths[0].changed->merge);
	forget(&a);
}

Test(history, is_the_same_whatever_dates_say)
{
	struct asked a;

	make_hello("r");
	for (int i = 0; i < 6; i++)
		sh("cd r; echo %d >f%d; git add .; GIT_COMMITTER_DATE='@%d +0000' git commit -q -m c%d",
		   i, i % 2, i % 2 ? 2000000000 - i : 100000 + i, i);
	sh("git -C r tag v2");
	ask_one(&a, "v2", true, "f0");
	cr_assert(a.h.complete);
	expect_commit(a.h.paths[0].changed, "v2~1");
	expect_commit(a.h.paths[0].added, "v2~5");
	forget(&a);
}

Test(history, agrees_with_git_on_a_history_full_of_merges)
{
	char path[8];
	const char *const p = path;
	struct asked a;

	make_hello("r");
	make_commit("r", "Second");
	sh("cd r; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do git checkout -q -b b$i main~$((i %% 3 > 0));"
	   "mkdir -p d; echo $i >d/f$((i %% 5)).$((i %% 3)); git add .; git commit -q -m b$i;"
	   "git checkout -q main; echo $i >m$((i %% 4)); git add .; git commit -q -m m$i;"
	   "git merge -q --no-ff -X theirs -m j$i b$i || { git checkout -q --theirs .; git add .;"
	   "git commit -q -m j$i; }; done; git tag v2");
	for (int i = 0; i < 4; i++) {
		const char *expected;

		snprintf(path, sizeof(path), "m%d", i);
		ask_one(&a, "v2", false, p);
		expected = sh_out("git -C r log -1 --format=%%H v2 -- %s", path);
		cr_assert_str_eq(a.h.paths[0].changed->oid.ptr, expected);
		forget(&a);
	}
}

Test(history, of_what_a_shallow_clone_lacks_is_incomplete)
{
	struct asked a;

	make_late_blob();
	sh("mv r full; git clone -q --depth 2 --branch v2 \"file://$PWD/full\" r 2>/dev/null");
	ask_one(&a, "v2", true, "README");
	cr_assert_not(a.h.complete);
	cr_assert_null(a.h.paths[0].changed);
	forget(&a);
	ask_one(&a, "v2", false, "tests/blob.bin");
	cr_assert(a.h.complete);
	expect_commit(a.h.paths[0].changed, "a1");
	forget(&a);
}

Test(history, of_paths_that_the_tag_lacks_is_empty)
{
	const char *const paths[] = { "nothing", "src", "README/x", "", "src/main.c" };
	struct asked a;

	make_hello("r");
	ask(&a, "v1.2", true, paths, 5);
	for (int i = 0; i < 4; i++)
		cr_assert_null(a.h.paths[i].changed);
	cr_assert_not_null(a.h.paths[4].changed);
	forget(&a);
}

Test(history, takes_who_committed_where_no_tag_object_says_who_tagged)
{
	struct asked a;

	make_hello("r");
	sh("git -C r tag light");
	ask_one(&a, "light", false, "README");
	cr_assert_not(a.h.has_tagger);
	cr_assert(a.h.paths[0].changed->committer_is_tagger);
	cr_assert_eq(a.h.paths[0].changed->before_tag, 0);
	forget(&a);
}

Test(history, takes_no_hosting_service_for_a_person)
{
	struct asked a;

	make_hello("r");
	sh("cd r; GIT_COMMITTER_NAME=GitHub GIT_COMMITTER_EMAIL=noreply@github.com "
	   "git commit -q --amend --no-edit --author='Alice <alice@example.org>'; git tag light");
	ask_one(&a, "light", false, "README");
	cr_assert_str_eq(a.h.tagger.name.ptr, "Alice");
	cr_assert_not(a.h.paths[0].changed->committer_is_tagger);
	cr_assert(a.h.paths[0].changed->author_is_tagger);
	cr_assert_eq(a.h.paths[0].changed->touched_n, 2);
	forget(&a);
}

/* In the repository "r", with one file, "a"; its bytes go to `t`. */
static struct oid make_tree_of_a(struct buf *t)
{
	struct oid blob;

	make_hello("r");
	blob = oid_of("r", "v1.2:README");
	add_tree_entry(t, "100644", "a", &blob);
	return make_object("r", "tree", t->ptr, t->len);
}

Test(history, a_window_ends_the_walk)
{
	enum { COMMITS = 600, DAY = 24 * 3600 };
	const struct str path = STR("a");
	struct oid tree, commit;
	struct error err = ERROR_INIT;
	AUTO_BUF struct buf t = BUF_INIT, text = BUF_INIT;
	struct repo *r;

	tree = make_tree_of_a(&t);
	for (int i = 0; i < COMMITS; i++) {
		buf_reset(&text);
		buf_addf(&text, "tree %s\n", oid_text(&tree));
		if (i)
			buf_addf(&text, "parent %s\n", oid_text(&commit));
		buf_addf(&text, "author A <a@b> %d +0000\ncommitter A <a@b> %d +0000\n\nx\n", (i + 1) * DAY,
			 (i + 1) * DAY);
		commit = make_object_text("r", "commit", buf_cstr(&text));
	}
	r = repo_open("r", &err);
	for (int window = 0; window < 2; window++) {
		AUTO_ARENA struct arena a = ARENA_INIT;
		struct history_question q = { .tag = commit, .paths = &path, .paths_n = 1,
					      .window = window ? HISTORY_WEEK : 0 };
		struct history h;

		cr_assert_eq(history_of(r, &a, &q, &h, &err), 0, "%s", err.message);
		cr_assert_eq(h.complete, !window);
		cr_assert_eq(h.paths[0].changed == NULL, window);
		cr_assert(window ? h.walked < COMMITS : h.walked == COMMITS);
	}
	repo_free(r);
}

Test(history, survives_damaged_objects)
{
	struct oid tree, commit, bad;
	struct error err = ERROR_INIT;
	AUTO_BUF struct buf t = BUF_INIT, text = BUF_INIT;
	struct repo *r;

	tree = make_tree_of_a(&t);
	for (size_t cut = 0; cut < t.len; cut++) {
		AUTO_ARENA struct arena a = ARENA_INIT;
		const struct str path = STR("a");
		struct history_question q = { .paths = &path, .paths_n = 1, .added = true };
		struct history h;

		bad = make_object("r", "tree", t.ptr, cut);
		buf_reset(&text);
		buf_addf(&text, "tree %s\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n",
			 oid_text(&bad));
		commit = make_object_text("r", "commit", buf_cstr(&text));
		buf_reset(&text);
		buf_addf(&text, "tree %s\nparent %s\nauthor A <a@b\ncommitter \n\nx\n", oid_text(&tree),
			 oid_text(&commit));
		q.tag = make_object_text("r", "commit", buf_cstr(&text));
		r = repo_open("r", &err);
		cr_assert_eq(history_of(r, &a, &q, &h, &err), 0, "%s", err.message);
		repo_free(r);
	}
}

Test(history, text_has_no_nul_and_hardly_any_control_character)
{
	char random[256];

	for (int i = 0; i < 256; i++)
		random[i] = (char)(i ? i : 1);
	cr_assert(history_is_text(STR("")));
	cr_assert(history_is_text(STR("plain\ttext\r\n\f")));
	cr_assert(history_is_text(STR("gr\xfc\xdf\xe9 in Latin-1")));
	cr_assert_not(history_is_text(STR("a\0b")));
	cr_assert_not(history_is_text(str_of(random, 256)));
}
