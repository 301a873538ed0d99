#include "input/lines.h"
#include "input/repo.h"

#include <criterion/criterion.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "support/repo.h"
#include "support/run.h"

TestSuite(repo, .init = scratch_begin, .fini = scratch_end);

static struct repo *opened(const char *path)
{
	struct error err = ERROR_INIT;
	struct repo *r = repo_open(path, &err);

	cr_assert_not_null(r, "%s", err.message);
	return r;
}

static struct error refused(const char *path)
{
	struct error err = ERROR_INIT;

	cr_assert_null(repo_open(path, &err));
	cr_assert_neq(err.code, ERROR_NONE);
	return err;
}

static void expect_object(struct repo *r, const struct oid *oid, const char *content)
{
	AUTO_BUF struct buf text = BUF_INIT;
	struct error err = ERROR_INIT;
	enum object_type type;

	cr_assert_eq(repo_object(r, oid, 1000, &type, &text, &err), 1, "%s", err.message);
	cr_assert_eq(type, OBJECT_BLOB);
	cr_assert_str_eq(buf_cstr(&text), content);
}

static void expect_readme(const char *path, const char *dir)
{
	const struct oid oid = oid_of(dir, "HEAD:README");
	struct repo *r = opened(path);

	expect_object(r, &oid, "Hello, a program that greets.\n");
	repo_free(r);
}

/* --- opening --- */

Test(repo, opens_working_copy_its_git_folder_and_bare_repository)
{
	make_hello("r");
	sh("git clone -q --bare r bare.git");
	expect_readme("r", "r");
	expect_readme("r/.git", "r");
	expect_readme("bare.git", "r");
}

Test(repo, opens_a_worktree_whose_git_is_a_file)
{
	struct repo *r;
	struct stat st;

	make_hello("r");
	sh("git -C r worktree add -q ../tree v1.2");
	cr_assert_eq(lstat("tree/.git", &st), 0);
	cr_assert(S_ISREG(st.st_mode));
	expect_readme("tree", "r");
	/* What is odd about a repository stands in the common folder. */
	r = opened("tree");
	cr_assert(str_ends(str_from(repo_path(r)), STR("/r/.git/")), "%s", repo_path(r));
	repo_free(r);
}

Test(repo, opens_a_worktree_with_relative_paths_and_an_own_configuration)
{
	struct oid oid;
	struct repo *r;

	make_hello("r");
	oid = oid_of("r", "HEAD:README");
	sh("git -C r worktree add -q ../tree v1.2; cd r; git config extensions.worktreeConfig true;"
	   "git config core.repositoryFormatVersion 1; git config extensions.relativeWorktrees true;"
	   "echo 'gitdir: ../r/.git/worktrees/tree' >../tree/.git");
	/* The git program may be too old for it. */
	r = opened("tree");
	expect_object(r, &oid, "Hello, a program that greets.\n");
	repo_free(r);
}

Test(repo, opens_partial_clones_and_precious_objects)
{
	make_hello("r");
	sh("cd r; git config core.repositoryFormatVersion 1;"
	   "git config extensions.partialClone origin; git config extensions.preciousObjects true");
	expect_readme("r", "r");
}

Test(repo, refuses_what_it_does_not_know_by_name)
{
	struct error err;

	make_hello("r");
	sh("cd r; git config core.repositoryFormatVersion 1;"
	   "git config extensions.fromTheFuture true");
	err = refused("r");
	cr_assert_eq(err.code, ERROR_ORIGIN);
	cr_assert_not_null(strstr(err.message, "fromthefuture"), "%s", err.message);
}

Test(repo, refuses_the_reftable_format_by_name)
{
	struct error err;

	make_hello("r");
	sh("cd r; git config core.repositoryFormatVersion 1;"
	   "git config extensions.refStorage reftable");
	err = refused("r");
	cr_assert_eq(err.code, ERROR_ORIGIN);
	cr_assert_not_null(strstr(err.message, "refstorage"), "%s", err.message);
}

Test(repo, says_that_sha256_repositories_are_not_supported)
{
	struct error err;

	sh("git init -q --object-format=sha256 r");
	err = refused("r");
	cr_assert_eq(err.code, ERROR_ORIGIN);
	cr_assert_not_null(strstr(err.hint, "SHA-256"), "%s", err.hint);
}

Test(repo, tells_missing_paths_from_what_is_no_repository)
{
	struct error err = refused("nowhere");

	cr_assert_eq(err.code, ERROR_SYSTEM);
	cr_assert_not_null(strstr(err.message, "No such file"), "%s", err.message);
	sh("mkdir -p plain r/sub; echo text >file; git init -q r");
	err = refused("plain");
	cr_assert_eq(err.code, ERROR_ORIGIN);
	cr_assert_not_null(strstr(err.message, "not a git repository"), "%s", err.message);
	cr_assert_eq(refused("file").code, ERROR_ORIGIN);
	/* A folder within a repository is not taken for it. */
	cr_assert_eq(refused("r/sub").code, ERROR_ORIGIN);
	cr_assert_eq(refused("").code, ERROR_SYSTEM);
}

Test(repo, opens_what_another_user_owns)
{
	make_hello("r");
	if (geteuid() == 0)
		sh("chown -R 12345:12345 r");
	/* git itself would refuse, for it reads such a configuration's commands. */
	setenv("GIT_CONFIG_COUNT", "1", 1);
	setenv("GIT_CONFIG_KEY_0", "safe.directory", 1);
	setenv("GIT_CONFIG_VALUE_0", "*", 1);
	expect_readme("r", "r");
}

static void read_everything(struct repo *r)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	AUTO_BUF struct buf absent = BUF_INIT;
	struct result result;
	struct tag_ref *tags;
	struct commit commit;
	struct tag_facts facts;
	struct tree tree = TREE_INIT;
	struct error err = ERROR_INIT;
	size_t n;

	result_init(&result);
	cr_assert_eq(repo_tags(r, &a, &tags, &n, &err), 0);
	cr_assert_eq(n, 1);
	cr_assert_eq(repo_peel(r, &a, &tags[0].target, &facts, &err), 0);
	cr_assert_eq(repo_commit(r, &a, &facts.commit, &commit, &err), 0);
	cr_assert_eq(repo_tree(r, &a, &commit.tree, STR(""), &tree, &absent, &err), 0);
	cr_assert_eq(repo_oddities(r, &result, &err), 0);
	cr_assert_neq(repo_on_branch(r, &facts.commit, commit.facts.committer_time), TRI_NO);
	memory_free(tags);
	tree_release(&tree);
	result_release(&result);
}

Test(repo, runs_no_command_of_a_configuration)
{
	struct repo *r;

	make_hello("r");
	sh("mkdir hooks; for h in post-checkout pre-commit reference-transaction post-index-change; do"
	   "  printf '#!/bin/sh\\n: >%s/PWNED\\n' >hooks/$h; chmod +x hooks/$h; done", scratch());
	sh("cd r; c=': >%s/PWNED'; git config core.fsmonitor \"$c\"; git config core.hooksPath %s/hooks;"
	   "git config filter.x.clean \"$c\"; git config filter.x.smudge \"$c\";"
	   "git config filter.x.process \"$c\"; git config core.sshCommand \"$c\";"
	   "git config core.pager \"$c\"; git config core.alternateRefsCommand \"$c\";"
	   "git config diff.external \"$c\"; git config gpg.program \"$c\";"
	   "git config credential.helper \"!$c\"; git config uploadpack.packObjectsHook \"$c\";"
	   "git config include.path /nowhere/at/all; mkdir -p .git/info;"
	   "echo '* filter=x diff=x' >.git/info/attributes", scratch(), scratch());
	r = opened("r");
	read_everything(r);
	repo_free(r);
	cr_assert(!file_exists("PWNED"));
}

Test(repo, reads_no_configuration_of_the_user)
{
	struct oid oid;
	struct repo *r;

	make_hello("r");
	oid = oid_of("r", "HEAD:README");
	sh("mkdir -p home/git; printf '[core\\n' | tee home/.gitconfig >home/git/config");
	setenv("HOME", "home", 1);
	setenv("XDG_CONFIG_HOME", "home", 1);
	unsetenv("GIT_CONFIG_GLOBAL");
	r = opened("r");
	expect_object(r, &oid, "Hello, a program that greets.\n");
	repo_free(r);
}

Test(repo, missing_include_is_no_error)
{
	make_hello("r");
	sh("git -C r config include.path ../nowhere");
	expect_readme("r", "r");
}

Test(repo, fifo_in_place_of_what_is_read_here_does_not_hang)
{
	struct error err = ERROR_INIT;
	struct result result;
	struct repo *r;

	make_hello("r");
	sh("cd r/.git; mkdir -p info; mkfifo info/grafts info/attributes");
	must_end_within(60);
	r = opened("r");
	result_init(&result);
	cr_assert_eq(repo_oddities(r, &result, &err), 0);
	cr_assert_eq(result.findings_n, 0);
	result_release(&result);
	repo_free(r);
}

/* --- objects --- */

Test(repo, tells_type_and_size_without_reading)
{
	struct oid blob, tree, commit, tag, none = { { 1, 2, 3 } };
	struct repo *r;
	enum object_type type;
	uint64_t size;

	make_hello("r");
	blob = oid_of("r", "v1.2:README");
	tree = oid_of("r", "v1.2^{tree}");
	commit = oid_of("r", "v1.2^{commit}");
	tag = oid_of("r", "v1.2");
	r = opened("r");
	cr_assert(repo_header(r, &blob, &type, &size) && type == OBJECT_BLOB && size == 30);
	cr_assert(repo_header(r, &tree, &type, &size) && type == OBJECT_TREE);
	cr_assert(repo_header(r, &commit, &type, &size) && type == OBJECT_COMMIT);
	cr_assert(repo_header(r, &tag, &type, &size) && type == OBJECT_TAG);
	cr_assert(!repo_header(r, &none, &type, &size));
	cr_assert(repo_has(r, &blob));
	cr_assert(!repo_has(r, &none));
	repo_free(r);
}

Test(repo, packed_objects_are_read_as_loose_ones)
{
	make_hello("r");
	sh("cd r; git gc -q; test -z \"$(find .git/objects -name '[0-9a-f][0-9a-f]')\"");
	expect_readme("r", "r");
}

Test(repo, absent_object_is_no_error)
{
	AUTO_BUF struct buf text = BUF_INIT;
	struct error err = ERROR_INIT;
	const struct oid none = { { 0xde, 0xad } };
	enum object_type type;
	struct repo *r;

	make_hello("r");
	r = opened("r");
	cr_assert_eq(repo_object(r, &none, 1000, &type, &text, &err), 0);
	cr_assert_eq(err.code, ERROR_NONE);
	repo_free(r);
}

Test(repo, object_beyond_the_limit_is_an_error)
{
	AUTO_BUF struct buf text = BUF_INIT;
	struct error err = ERROR_INIT;
	enum object_type type;
	struct oid oid;
	struct repo *r;

	make_hello("r");
	oid = oid_of("r", "HEAD:README");
	r = opened("r");
	cr_assert_eq(repo_object(r, &oid, 29, &type, &text, &err), -1);
	cr_assert_not_null(strstr(err.message, "larger than 29 bytes"));
	cr_assert_eq(text.len, 0);
	repo_free(r);
}

static void expect_broken(const struct oid *oid)
{
	AUTO_BUF struct buf text = BUF_INIT;
	struct error err = ERROR_INIT;
	enum object_type type;
	struct repo *r = opened("r");

	cr_assert_eq(repo_object(r, oid, 1 << 20, &type, &text, &err), -1);
	cr_assert_eq(err.code, ERROR_ORIGIN);
	cr_assert_not_null(strstr(err.message, oid_text(oid)), "%s", err.message);
	cr_assert_not_null(strstr(err.hint, "git fsck"), "%s", err.hint);
	repo_free(r);
}

Test(repo, damaged_loose_object_is_an_error)
{
	struct oid oid;
	const char *path;

	make_hello("r");
	oid = oid_of("r", "HEAD:README");
	path = object_path("r", &oid);
	sh("chmod u+w %s; cp %s saved", path, path);
	sh("printf x >%s", path);
	expect_broken(&oid);
	sh(": >%s", path);
	expect_broken(&oid);
	/* libgit2's own reader never ends on these. */
	for (int cut = 5; cut <= 35; cut += 5) {
		sh("head -c %d saved >%s", cut, path);
		expect_broken(&oid);
	}
	sh("cp saved %s; printf '\\377\\377' | dd of=%s bs=1 seek=25 conv=notrunc 2>/dev/null", path,
	   path);
	expect_broken(&oid);
}

Test(repo, content_under_a_false_id_is_an_error)
{
	struct oid oid, other;

	make_hello("r");
	oid = oid_of("r", "HEAD:README");
	other = oid_of("r", "HEAD:src/main.c");
	sh("cp -f %s %s", object_path("r", &other), object_path("r", &oid));
	expect_broken(&oid);
}

Test(repo, content_under_a_false_id_in_a_pack_is_an_error)
{
	struct oid oid;

	make_hello("r");
	oid = oid_of("r", "HEAD:README");
	sh("cd r; git gc -q; chmod u+w .git/objects/pack/*; f=$(echo .git/objects/pack/*.pack);"
	   "printf '\\377\\377\\377\\377' | dd of=$f bs=1 conv=notrunc 2>/dev/null "
	   "seek=$(git show-index <${f%%.pack}.idx | grep %s | awk '{ print $1 + 6 }')",
	   oid_text(&oid));
	expect_broken(&oid);
}

Test(repo, abbreviated_ids_are_found_when_they_are_unique)
{
	struct oid oid, got;
	struct repo *r;
	char hex[OID_HEX + 1];

	make_hello("r");
	oid = oid_of("r", "HEAD");
	snprintf(hex, sizeof(hex), "%s", oid_text(&oid));
	r = opened("r");
	cr_assert_eq(repo_abbrev(r, str_from(hex), &got), 1);
	cr_assert(oid_eq(&oid, &got));
	cr_assert_eq(repo_abbrev(r, str_of(hex, 8), &got), 1);
	cr_assert(oid_eq(&oid, &got));
	cr_assert_eq(repo_abbrev(r, str_of(hex, 3), &got), 0);
	cr_assert_eq(repo_abbrev(r, STR("0123"), &got), 0);
	cr_assert_eq(repo_abbrev(r, STR("main"), &got), 0);
	cr_assert_eq(repo_abbrev(r, STR("01234567890123456789012345678901234567890"), &got), 0);
	repo_free(r);
}

/* --- refs --- */

Test(repo, tags_are_listed_packed_and_loose_in_order)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	AUTO_FREE struct tag_ref *tags = NULL;
	struct error err = ERROR_INIT;
	struct oid commit, tag;
	struct repo *r;
	size_t n;

	make_hello("r");
	sh("cd r; git tag v1.1; git pack-refs --all; git tag v1.10; git tag nested/v2 v1.2");
	commit = oid_of("r", "HEAD");
	tag = oid_of("r", "v1.2");
	r = opened("r");
	cr_assert_eq(repo_tags(r, &a, &tags, &n, &err), 0, "%s", err.message);
	cr_assert_eq(n, 4);
	cr_assert_str_eq(tags[0].name.ptr, "nested/v2");
	cr_assert_str_eq(tags[1].name.ptr, "v1.1");
	cr_assert_str_eq(tags[2].name.ptr, "v1.10");
	cr_assert_str_eq(tags[3].name.ptr, "v1.2");
	cr_assert(oid_eq(&tags[0].target, &tag));
	cr_assert(oid_eq(&tags[1].target, &commit));
	/* packed-refs says what an annotated tag leads to. */
	cr_assert(tags[3].has_peeled && oid_eq(&tags[3].peeled, &commit));
	cr_assert(!tags[0].has_peeled);
	repo_free(r);
}

Test(repo, repository_without_tags_lists_none)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	struct error err = ERROR_INIT;
	struct tag_ref *tags;
	struct repo *r;
	size_t n;

	make_repo("r");
	r = opened("r");
	cr_assert_eq(repo_tags(r, &a, &tags, &n, &err), 0);
	cr_assert_eq(n, 0);
	cr_assert_null(tags);
	repo_free(r);
}

Test(repo, symbolic_and_broken_tags_do_not_hide_the_others)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	AUTO_FREE struct tag_ref *tags = NULL;
	struct error err = ERROR_INIT;
	struct repo *r;
	size_t n;
	bool found = false;

	make_hello("r");
	sh("cd r/.git/refs/tags; echo 'ref: refs/tags/v1.2' >alias; echo 'ref: refs/tags/none' >dead;"
	   "echo 'ref: refs/tags/loop' >loop; : >v1.2.lock; mkdir empty");
	r = opened("r");
	cr_assert_eq(repo_tags(r, &a, &tags, &n, &err), 0, "%s", err.message);
	for (size_t i = 0; i < n; i++)
		found = found || str_eq(tags[i].name, STR("v1.2"));
	cr_assert(found);
	repo_free(r);
}

Test(repo, ref_by_full_name)
{
	struct error err = ERROR_INIT;
	struct oid oid, head;
	struct repo *r;

	make_hello("r");
	head = oid_of("r", "HEAD");
	sh("cd r; git symbolic-ref refs/heads/alias refs/heads/main;"
	   "git symbolic-ref refs/heads/dead refs/heads/none;"
	   "echo garbage >.git/refs/heads/broken");
	r = opened("r");
	cr_assert_eq(repo_ref(r, "refs/heads/main", &oid, &err), 1);
	cr_assert(oid_eq(&oid, &head));
	cr_assert_eq(repo_ref(r, "refs/heads/alias", &oid, &err), 1);
	cr_assert(oid_eq(&oid, &head));
	cr_assert_eq(repo_ref(r, "refs/heads/none", &oid, &err), 0);
	cr_assert_eq(repo_ref(r, "refs/heads/../../x y~^:", &oid, &err), 0);
	cr_assert_eq(repo_ref(r, "", &oid, &err), 0);
	cr_assert_eq(err.code, ERROR_NONE);
	cr_assert_eq(repo_ref(r, "refs/heads/dead", &oid, &err), -1);
	cr_assert_eq(repo_ref(r, "refs/heads/broken", &oid, &err), -1);
	cr_assert_eq(err.code, ERROR_ORIGIN);
	repo_free(r);
}

Test(repo, damaged_packed_refs_are_an_error)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	AUTO_FREE struct tag_ref *tags = NULL;
	struct error err = ERROR_INIT;
	struct repo *r;
	size_t n;

	make_hello("r");
	sh("cd r; git pack-refs --all; echo 'not a ref' >>.git/packed-refs");
	r = opened("r");
	cr_assert_eq(repo_tags(r, &a, &tags, &n, &err), -1);
	cr_assert_eq(err.code, ERROR_ORIGIN);
	repo_free(r);
}

/* --- branches --- */

static enum tri on_branch(const char *dir, const char *revision)
{
	const struct oid oid = oid_of(dir, sh_out("echo '%s^{commit}'", revision));
	const int64_t time = atoll(sh_out("git -C '%s' log -1 --format=%%ct '%s'", dir, revision));
	struct repo *r = opened(dir);
	const enum tri answer = repo_on_branch(r, &oid, time);

	repo_free(r);
	return answer;
}

Test(repo, commit_is_on_a_branch_at_its_tip_below_it_and_through_merges)
{
	make_hello("r");
	make_commit("r", "second");
	make_commit("r", "third");
	cr_assert_eq(on_branch("r", "HEAD"), TRI_YES);
	cr_assert_eq(on_branch("r", "v1.2"), TRI_YES);
	sh("cd r; git checkout -q -b side v1.2");
	make_commit("r", "side");
	sh("cd r; git checkout -q main; git merge -q --no-ff -m merge side; git tag s side;"
	   "git branch -q -D side");
	cr_assert_eq(on_branch("r", "s"), TRI_YES);
	cr_assert_eq(on_branch("r", "main~1"), TRI_YES);
}

Test(repo, branch_of_a_remote_is_a_branch)
{
	make_hello("r");
	make_commit("r", "second");
	sh("git clone -q r c; cd c; git checkout -q --detach; git branch -q -D main");
	cr_assert_eq(on_branch("c", "v1.2"), TRI_YES);
}

Test(repo, commit_on_no_branch_is_told)
{
	make_hello("r");
	sh("cd r; git checkout -q --detach");
	make_commit("r", "aside");
	sh("cd r; git tag aside; git checkout -q main");
	make_commit("r", "second");
	cr_assert_eq(on_branch("r", "aside"), TRI_NO);
	sh("cd r; git checkout -q --detach; git branch -q -D main");
	cr_assert_eq(on_branch("r", "v1.2"), TRI_NO);
}

Test(repo, branches_that_lead_nowhere_are_passed_over)
{
	make_hello("r");
	sh("cd r; git symbolic-ref refs/heads/aaa refs/heads/none;"
	   "git update-ref --no-deref refs/heads/blob-in-disguise HEAD");
	cr_assert_eq(on_branch("r", "v1.2"), TRI_YES);
}

Test(repo, shallow_clone_does_not_know_what_it_does_not_hold)
{
	make_hello("r");
	make_commit("r", "second");
	make_commit("r", "third");
	sh("git clone -q --depth 1 file://%s/r c 2>&1; cd c; git fetch -q --depth 1 origin tag v1.2",
	   scratch());
	cr_assert_eq(on_branch("c", "v1.2"), TRI_UNKNOWN);
	cr_assert_eq(on_branch("c", "HEAD"), TRI_YES);
}

Test(repo, history_with_a_hole_is_not_known)
{
	struct oid oid;

	make_hello("r");
	make_commit("r", "second");
	make_commit("r", "third");
	oid = oid_of("r", "HEAD~1");
	sh("rm -f %s", object_path("r", &oid));
	cr_assert_eq(on_branch("r", "v1.2"), TRI_UNKNOWN);
}

Test(repo, commits_older_than_a_clock_can_be_wrong_are_not_followed)
{
	struct oid tree, old;

	make_hello("r");
	tree = oid_of("r", "HEAD^{tree}");
	/* A branch whose tip is far older than the commit looked for. */
	old = oid_from(sh_out("cd r; GIT_COMMITTER_DATE='@1000000000 +0000' "
			      "git commit-tree -m old -p HEAD %s", oid_text(&tree)));
	sh("cd r; git checkout -q --detach; git branch -f main %s", oid_text(&old));
	cr_assert_eq(on_branch("r", "v1.2^{commit}"), TRI_NO);
	/* Ten days are a clock that was wrong. */
	old = oid_from(sh_out("cd r; GIT_COMMITTER_DATE='@1699222400 +0000' "
			      "git commit-tree -m old -p HEAD %s", oid_text(&tree)));
	old = oid_from(sh_out("cd r; git commit-tree -m new -p %s %s", oid_text(&old),
			      oid_text(&tree)));
	sh("cd r; git branch -f main %s", oid_text(&old));
	cr_assert_eq(on_branch("r", "v1.2^{commit}"), TRI_YES);
}

Test(repo, merge_of_a_hundred_parents_holds_them_all)
{
	AUTO_BUF struct buf text = BUF_INIT;
	struct oid tree, merge;

	make_hello("r");
	tree = oid_of("r", "HEAD^{tree}");
	buf_addf(&text, "tree %s\n", oid_text(&tree));
	for (int i = 0; i < 100; i++)
		buf_addf(&text, "parent %s\n",
			 sh_out("git -C r commit-tree -m p%d %s", i, oid_text(&tree)));
	buf_add_cstr(&text, "author A <a@b> 1700086400 +0000\n"
		     "committer A <a@b> 1700086400 +0000\n\nmerge\n");
	merge = make_object("r", "commit", text.ptr, text.len);
	sh("cd r; git checkout -q --detach; git update-ref refs/heads/main %s; "
	   "git tag last main^100; git commit-tree -m child -p main^100 %s >/dev/null",
	   oid_text(&merge), oid_text(&tree));
	cr_assert_eq(on_branch("r", "last"), TRI_YES);
	sh("cd r; git tag below $(git commit-tree -m below %s)", oid_text(&tree));
	cr_assert_eq(on_branch("r", "below"), TRI_NO);
}

/* --- oddities --- */

static size_t oddities(const char *dir, struct result *result)
{
	struct error err = ERROR_INIT;
	struct repo *r = opened(dir);

	result_init(result);
	cr_assert_eq(repo_oddities(r, result, &err), 0, "%s", err.message);
	repo_free(r);
	return result->findings_n;
}

Test(repo, usual_repository_has_no_oddities)
{
	struct result result;

	make_hello("r");
	sh("mkdir -p r/.git/info; printf '# nothing\\n\\n' | tee r/.git/info/attributes "
	   ">r/.git/info/grafts");
	cr_assert_eq(oddities("r", &result), 0);
	result_release(&result);
}

Test(repo, replace_refs_grafts_alternates_and_attributes_are_told)
{
	struct result result;

	make_hello("r");
	make_commit("r", "second");
	sh("git clone -q -s r c; cd c; git replace HEAD HEAD~1; mkdir -p .git/info;"
	   "git rev-parse HEAD >.git/info/grafts; echo '*.c export-ignore' >.git/info/attributes");
	cr_assert_eq(oddities("c", &result), 4);
	cr_assert_eq(result.findings[0].rule, RULE_TP004);
	cr_assert_not_null(strstr(result.findings[0].message.ptr, "1 replace reference ("));
	cr_assert_eq(result.findings[1].rule, RULE_TP005);
	cr_assert_eq(result.findings[2].rule, RULE_TP006);
	cr_assert(str_ends(result.findings[2].evidence[0], STR("/r/.git/objects")));
	cr_assert_eq(result.findings[3].rule, RULE_TP009);
	cr_assert_str_eq(result.findings[3].evidence[0].ptr, "*.c export-ignore");
	result_release(&result);
}

Test(repo, replaced_objects_are_read_as_they_are)
{
	struct result result;
	struct oid readme;

	make_hello("r");
	readme = oid_of("r", "HEAD:README");
	sh("cd r; git replace %s HEAD:src/main.c; test \"$(git cat-file blob %s | head -n 1)\" = "
	   "'int main(void)'", oid_text(&readme), oid_text(&readme));
	expect_readme("r", "r");
	cr_assert_eq(oddities("r", &result), 1);
	result_release(&result);
}

Test(repo, oddities_of_a_worktree_are_those_of_its_repository)
{
	struct result result;

	make_hello("r");
	sh("git -C r worktree add -q ../tree; mkdir -p r/.git/info; echo '* -text' "
	   ">r/.git/info/attributes");
	cr_assert_eq(oddities("tree", &result), 1);
	cr_assert_eq(result.findings[0].rule, RULE_TP009);
	result_release(&result);
}

Test(repo, long_attributes_file_is_told_all_the_same)
{
	struct result result;

	make_hello("r");
	sh("mkdir -p r/.git/info; (echo '*.c export-ignore'; yes '# long' | head -c 100000) "
	   ">r/.git/info/attributes");
	cr_assert_eq(oddities("r", &result), 1);
	result_release(&result);
}

/* --- lines --- */

Test(repo, lines_are_counted_of_text_alone)
{
	int64_t added, removed;
	AUTO_BUF struct buf large = BUF_INIT;

	cr_assert(lines_count(STR("a\nb\nc\n"), STR("a\nB\nc\nd\n"), &added, &removed));
	cr_assert_eq(added, 2);
	cr_assert_eq(removed, 1);
	cr_assert(lines_count(STR("a\n"), STR("a\n"), &added, &removed));
	cr_assert_eq(added + removed, 0);
	cr_assert(lines_count(STR(""), STR("a\nb"), &added, &removed));
	cr_assert_eq(added, 2);
	cr_assert(lines_count((struct str){ NULL, 0 }, STR("a\n"), &added, &removed));
	cr_assert_eq(added, 1);
	cr_assert(!lines_count(STR("a\0b"), STR("a\n"), &added, &removed));
	cr_assert(!lines_count(STR("a\n"), STR("a\0b"), &added, &removed));
	memset(buf_reserve(&large, 4 * MIB), 'x', 4 * MIB);
	large.len = 4 * MIB;
	cr_assert(!lines_count(buf_str(&large), STR("a\n"), &added, &removed));
	cr_assert(!lines_count(STR("a\n"), buf_str(&large), &added, &removed));
}
