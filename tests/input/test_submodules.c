#include "input/submodules.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "support/repo.h"
#include "support/run.h"

static struct result result;
static struct origin g;
static struct origin_options options;

/* A repository "r" with a submodule at lib/one (of "libs/first.git") that has one of its own at
 * deep (of "libs/second"). */
static void begin(void)
{
	scratch_begin();
	result_init(&result);
	make_repo("libs/second");
	sh("cd libs/second; echo second >file");
	make_commit("libs/second", "second");
	make_repo("first");
	sh("cd first; mkdir src; echo one >src/one.c; printf '*.txt export-ignore\\n' >.gitattributes;"
	   "echo t >notes.txt; git update-index --add --cacheinfo "
	   "160000,$(git -C ../libs/second rev-parse HEAD),deep;"
	   "printf '[submodule \"deep\"]\\n\\tpath = deep\\n\\turl = ../second/\\n' >.gitmodules;"
	   "git add .gitmodules .gitattributes src notes.txt; git commit -q -m first;"
	   "git clone -q --bare . ../libs/first.git");
	make_repo("r");
	sh("cd r; echo readme >README; git update-index --add --cacheinfo "
	   "160000,$(git -C ../first rev-parse HEAD),lib/one;"
	   "printf '# ours\\n[submodule \"x\"]\\n\\turl = git@example.org:x\\n[submodule \"one\"]\\n"
	   "\\tpath = lib/one\\n\\turl = https://example.org/libs/first.git\\n\\tbranch = main\\n"
	   "[submodule \"last\"]\\n\\tpath = last\\n' >.gitmodules;"
	   "git add README .gitmodules; git commit -q -m all; git tag -a -m v1 v1");
	options = (struct origin_options){ .git = "r", .tag = "v1" };
}

static void end(void)
{
	origin_release(&g);
	result_release(&result);
	scratch_end();
}

TestSuite(submodules, .init = begin, .fini = end);

static int load(struct error *err)
{
	*err = ERROR_INIT;
	if (origin_open(&g, &options, &result, err) < 0 || origin_choose(&g, err) < 0)
		return -1;
	return origin_load(&g, err);
}

static void load_ok(void)
{
	struct error err;

	cr_assert_eq(load(&err), 0, "%s", err.message);
}

static const struct entry *at(const char *path)
{
	return tree_find(&result.origin_tree, str_from(path));
}

Test(submodules, that_were_not_given_stay_gitlinks)
{
	load_ok();
	cr_assert_eq(g.parts_n, 1);
	cr_assert_eq(at("lib/one")->type, ENTRY_GITLINK);
	cr_assert_null(at("lib/one/src/one.c"));
	cr_assert_eq(result.not_checked_n, 0);
}

Test(submodules, that_were_given_by_path_take_the_place_of_their_gitlink)
{
	const struct submodule v[] = { { "other", "nowhere" }, { "lib/one", "first" } };

	options.submodules = v;
	options.submodules_n = 2;
	load_ok();
	cr_assert_eq(g.parts_n, 2);
	cr_assert_null(at("lib/one"));
	cr_assert_eq(at("lib/one/src/one.c")->flags & ENTRY_SUBMODULE, ENTRY_SUBMODULE);
	cr_assert_eq(at("README")->flags & ENTRY_SUBMODULE, 0);
	/* The one within it was not given. */
	cr_assert_eq(at("lib/one/deep")->type, ENTRY_GITLINK);
	/* Its own attributes hold for it, with all its path. */
	cr_assert(at("lib/one/notes.txt")->flags & ENTRY_EXPORT_IGNORE);
	cr_assert_eq(at("lib/one/notes.txt")->ignored_len, strlen("lib/one/notes.txt"));
	cr_assert_str_eq(origin_part_of(&g, STR("lib/one/src/one.c"))->prefix.ptr, "lib/one/");
	cr_assert_eq(origin_part_of(&g, STR("lib/other"))->prefix.len, 0);
}

Test(submodules, within_submodules_are_given_by_their_whole_path)
{
	const struct submodule v[] = { { "lib/one/deep", "libs/second" }, { "lib/one", "first" } };

	options.submodules = v;
	options.submodules_n = 2;
	load_ok();
	cr_assert_eq(g.parts_n, 3);
	cr_assert_null(at("lib/one/deep"));
	cr_assert_not_null(at("lib/one/deep/file"));
	cr_assert_str_eq(origin_part_of(&g, STR("lib/one/deep/file"))->prefix.ptr, "lib/one/deep/");
}

Test(submodules, are_found_in_a_folder_by_the_end_of_their_urls)
{
	options.submodules_dir = "libs";
	load_ok();
	cr_assert_eq(g.parts_n, 3);
	cr_assert_not_null(at("lib/one/src/one.c"));
	cr_assert_not_null(at("lib/one/deep/file"));
}

Test(submodules, are_found_in_a_folder_by_the_end_of_their_path)
{
	sh("mkdir byname; cp -a first byname/one; cp -a libs/second byname/deep.git");
	options.submodules_dir = "byname";
	load_ok();
	cr_assert_eq(g.parts_n, 3);
}

Test(submodules, that_are_in_no_folder_stay_gitlinks)
{
	sh("mkdir empty");
	options.submodules_dir = "empty";
	load_ok();
	cr_assert_eq(g.parts_n, 1);
	cr_assert_eq(at("lib/one")->type, ENTRY_GITLINK);
}

Test(submodules, urls_do_not_lead_out_of_the_folder)
{
	sh("mkdir -p inner/dir; cp -a first inner/first; cd r; for u in .. . / '' x:.. 'a/..' ; do "
	   "printf '[submodule \"one\"]\\npath = lib/one\\nurl = %%s\\n' \"$u\" >.gitmodules;"
	   "git add .gitmodules; git commit -q --allow-empty -m x; git tag -f -a -m v1 v1 2>/dev/null; done");
	options.submodules_dir = "inner/dir";
	load_ok();
	cr_assert_eq(g.parts_n, 1);
}

Test(submodules, gitmodules_without_sense_are_harmless)
{
	sh("cd r; printf '[\\n=\\n===\\npath\\nurl\\n[submodule \"one\"\\n path=lib/one' >.gitmodules;"
	   "git add .gitmodules; git commit -q -m x; git tag -f -a -m v1 v1 2>/dev/null");
	options.submodules_dir = "libs";
	load_ok();
	cr_assert_eq(g.parts_n, 1);
}

Test(submodules, commit_that_is_not_there_is_not_checked)
{
	const struct submodule v[] = { { "lib/one", "libs/second" } };

	options.submodules = v;
	options.submodules_n = 1;
	load_ok();
	cr_assert_eq(g.parts_n, 1);
	cr_assert_eq(at("lib/one")->type, ENTRY_GITLINK);
	cr_assert_eq(result.not_checked_n, 1);
	cr_assert(result.not_checked[0].incomplete);
	cr_assert_str_eq(result.not_checked[0].what.ptr, "lib/one");
	cr_assert_not_null(strstr(result.not_checked[0].why.ptr, "is not in libs/second"));
}

Test(submodules, repository_that_is_none_is_an_error_with_its_place)
{
	const struct submodule v[] = { { "lib/one", "nowhere" } };
	struct error err;

	options.submodules = v;
	options.submodules_n = 1;
	cr_assert_eq(load(&err), -1);
	cr_assert_not_null(strstr(err.message, "submodule lib/one: nowhere"), "%s", err.message);
}

Test(submodules, damaged_tree_of_one_is_an_error)
{
	const struct submodule v[] = { { "lib/one", "first" } };
	const struct oid src = oid_of("first", "HEAD:src");
	struct error err;

	sh("echo x >x; cp -f x %s", object_path("first", &src));
	options.submodules = v;
	options.submodules_n = 1;
	cr_assert_eq(load(&err), -1);
	cr_assert_eq(err.code, ERROR_ORIGIN);
}

Test(submodules, too_many_are_an_error)
{
	struct error err;

	sh("mkdir many; cp -a libs/second many/s; c=$(git -C libs/second rev-parse HEAD); cd r;"
	   "for i in $(seq 300); do printf '160000 %%s\\td%%s/s\\n' $c $i; done | "
	   "git update-index --index-info; git commit -q -m many; git tag -f -a -m v1 v1 2>/dev/null");
	options.submodules_dir = "many";
	cr_assert_eq(load(&err), -1);
	cr_assert_not_null(strstr(err.message, "too many submodules"));
}
