#include "audit/audit.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "report/report.h"
#include "support/repo.h"
#include "support/run.h"

static struct result r;
static struct audit_options o;
static struct error err;

/* A repository "r" with a tag v1.2, which audits are made against unless a test says otherwise. */
static void begin(void)
{
	scratch_begin();
	result_init(&r);
	make_hello("r");
	o = (struct audit_options){ .artifact = "hello-1.2.tar", .git = "r", .jobs = 2,
				    .fail_on = SEVERITY_HIGH };
}

static void end(void)
{
	result_release(&r);
	scratch_end();
}

TestSuite(audit, .init = begin, .fini = end);

/* A tar without git's mark, of the files in "work", in a leading folder. */
static void pack(void)
{
	sh("tar -cf hello-1.2.tar --format=ustar --sort=name --owner=0 --group=0 --mtime=@1700000000 "
	   "--transform='flags=rSh;s,^work,hello-1.2,' work");
}

/* "work" holds what the tag holds. */
static void export(void)
{
	sh("rm -rf work; mkdir work; git -C r archive v1.2 | tar -xf - -C work");
}

static int run(void)
{
	result_release(&r);
	result_init(&r);
	err = ERROR_INIT;
	return audit_run(&o, &r, &err);
}

static void expect(enum verdict verdict, int exit_status)
{
	cr_assert_eq(run(), 0, "%s", err.message);
	cr_assert_eq(r.verdict, verdict, "%s", verdict_name(r.verdict));
	cr_assert_eq(audit_exit_status(&r), exit_status);
}

static void expect_failure(enum error_code code)
{
	cr_assert_eq(run(), -1);
	cr_assert_eq(err.code, code, "%d: %s", err.code, err.message);
	cr_assert_eq(r.verdict, VERDICT_INCOMPLETE);
}

static const struct finding *found(enum rule_id rule)
{
	for (size_t i = 0; i < r.findings_n; i++)
		if (r.findings[i].rule == rule)
			return &r.findings[i];
	return NULL;
}

static const struct change *change_of(const char *path)
{
	for (size_t i = 0; i < r.changes_n; i++) {
		const struct change *c = &r.changes[i];

		if (str_eq(entry_path(c->artifact ? c->artifact : c->origin), str_from(path)))
			return c;
	}
	cr_assert_fail("no change of %s", path);
	return NULL;
}

static bool not_checked(const char *what)
{
	for (size_t i = 0; i < r.not_checked_n; i++)
		if (str_find_str(r.not_checked[i].what, str_from(what)) != (size_t)-1)
			return true;
	return false;
}

/* --- verdicts --- */

Test(audit, archive_of_git_is_clean)
{
	sh("git -C r archive --prefix=hello-1.2/ v1.2 >hello-1.2.tar");
	expect(VERDICT_CLEAN, 0);
	cr_assert_eq(r.origin.git_archive, TRI_YES);
	cr_assert_eq(r.origin.on_branch, TRI_YES);
	cr_assert_str_eq(r.origin.tag.ptr, "v1.2");
	cr_assert_str_eq(r.origin.how.ptr, "name");
	cr_assert_str_eq(r.origin.tag_kind, "annotated");
	cr_assert_eq(r.totals.relation[RELATION_IDENTICAL].files, 2);
	cr_assert_eq(r.findings_n, 0, "%s", r.findings_n ? r.findings[0].message.ptr : "");
	cr_assert_eq(r.not_checked_n, 0, "%s", r.not_checked_n ? r.not_checked[0].why.ptr : "");
}

Test(audit, same_files_from_another_tar_are_clean_but_not_git_archive)
{
	export();
	pack();
	expect(VERDICT_CLEAN, 0);
	cr_assert_eq(r.origin.git_archive, TRI_NO);
}

Test(audit, added_and_modified_files_ask_for_review)
{
	export();
	sh("cd work; echo more >added; echo changed >>README; ln -s README link");
	pack();
	expect(VERDICT_REVIEW, 0);
	cr_assert_eq(change_of("added")->relation, RELATION_ADDED);
	cr_assert_eq(change_of("README")->relation, RELATION_MODIFIED);
	cr_assert_eq(change_of("README")->lines_added, 1);
	cr_assert_eq(change_of("README")->lines_removed, 0);
	cr_assert_eq(r.totals.link_relation[RELATION_ADDED], 1);
	cr_assert_eq(r.origin.git_archive, TRI_NO);
}

Test(audit, added_link_alone_asks_for_review)
{
	export();
	sh("ln -s README work/link");
	pack();
	expect(VERDICT_REVIEW, 0);
}

Test(audit, finding_at_the_threshold_is_suspect)
{
	sh("git -C r branch v1.2; cd r; git checkout -q v1.2 2>/dev/null; echo x >x; git add x;"
	   "git commit -q -m x; git archive --prefix=hello-1.2/ refs/tags/v1.2 >../hello-1.2.tar");
	expect(VERDICT_CLEAN, 0);
	cr_assert_not_null(found(RULE_TP007));
	o.fail_on = SEVERITY_LOW;
	expect(VERDICT_SUSPECT, 1);
}

Test(audit, status_follows_the_verdict)
{
	r.verdict = VERDICT_CLEAN;
	cr_assert_eq(audit_exit_status(&r), 0);
	r.verdict = VERDICT_REVIEW;
	cr_assert_eq(audit_exit_status(&r), 0);
	r.verdict = VERDICT_INCOMPLETE;
	cr_assert_eq(audit_exit_status(&r), 3);
	r.verdict = VERDICT_SUSPECT;
	cr_assert_eq(audit_exit_status(&r), 1);
}

Test(audit, finding_outranks_what_was_not_checked)
{
	sh("mkdir -p f/sub; echo x >f/sub/x; : | git -C r hash-object -w --stdin >/dev/null; cd r;"
	   "git update-index --add --cacheinfo 160000,%040d,sub; git commit -q -m sub; git tag -a -m x"
	   " v1.4; git update-ref refs/tags/v1.3 refs/tags/v1.4", 1);
	o.artifact = "f";
	o.tag = "v1.3";
	o.fail_on = SEVERITY_MEDIUM;
	expect(VERDICT_SUSPECT, 1);
	cr_assert_not_null(found(RULE_TP001));
	cr_assert_gt(r.not_checked_n, 0);
}

Test(audit, folder_and_listing_are_compared_too)
{
	export();
	sh("git -C r ls-tree -r -l --full-tree v1.2 >list; cp -a work hello-1.2");
	o = (struct audit_options){ .artifact = "hello-1.2", .tree = "list", .jobs = 1,
				    .fail_on = SEVERITY_HIGH };
	expect(VERDICT_CLEAN, 0);
	cr_assert_str_eq(r.origin.kind, "listing");
	cr_assert_eq(r.origin.on_branch, TRI_UNKNOWN);
	cr_assert_eq(r.origin.git_archive, TRI_UNKNOWN);
	sh("echo x >>hello-1.2/README; rm hello-1.2/src/main.c");
	expect(VERDICT_REVIEW, 0);
	cr_assert(not_checked("git attributes"));
	cr_assert_eq(change_of("src/main.c")->relation, RELATION_MISSING);
	cr_assert_eq(r.totals.relation[RELATION_MISSING].bytes, 30);
}

/* --- which tag --- */

Test(audit, unresolved_tag_ranks_candidates_by_their_files)
{
	sh("cd r; echo 3 >three; git add .; git commit -q -m 3; git tag v1.3; echo x >README; rm three;"
	   "git add -A .; git commit -q -m 1; git tag v1.4;"
	   "git archive --format=tar --prefix=hello-1.5/ v1.3^{tree} >../hello-1.5.tar");
	o.artifact = "hello-1.5.tar";
	expect_failure(ERROR_UNRESOLVED);
	cr_assert(!r.has_origin);
	cr_assert_eq(r.candidates_n, 3);
	cr_assert_str_eq(r.candidates[0].tag.ptr, "v1.3");
	cr_assert_eq(r.candidates[0].explained, 3);
	cr_assert_str_eq(r.candidates[1].tag.ptr, "v1.2");
	cr_assert_eq(r.candidates[1].explained, 2);
	cr_assert_str_eq(r.candidates[2].tag.ptr, "v1.4");
	cr_assert_eq(r.candidates[2].explained, 1);
	cr_assert_not_null(found(RULE_TP012));
	cr_assert(not_checked("everything against the tag"));
	cr_assert_eq(r.totals.artifact.files, 3);
	cr_assert_eq(r.totals.explained[STRENGTH_NONE].files, 3);
}

Test(audit, tag_without_commit_is_no_candidate)
{
	sh("cd r; git tag v1.4 HEAD^{tree}; git tag v1.6 HEAD:README; git archive --format=tar "
	   "--prefix=hello-1.5/ v1.2^{tree} >../hello-1.5.tar");
	o.artifact = "hello-1.5.tar";
	expect_failure(ERROR_UNRESOLVED);
	cr_assert_eq(r.candidates_n, 1);
	o.tag = "v1.4";
	expect_failure(ERROR_UNRESOLVED);
	cr_assert_not_null(strstr(err.message, "tag v1.4 names a tree"), "%s", err.message);
	cr_assert_eq(found(RULE_TP010)->severity, SEVERITY_HIGH);
}

Test(audit, two_tags_that_fit_are_unresolved)
{
	make_commit("r", "second");
	sh("cd r; git tag 1.2; git archive --format=tar --prefix=hello-1.2/ v1.2^{tree} >../hello-1.2.tar");
	expect_failure(ERROR_UNRESOLVED);
	cr_assert_null(found(RULE_TP012));
	cr_assert_eq(r.candidates_n, 2);
}

Test(audit, repository_without_tags_is_unresolved)
{
	sh("cd r; git archive --format=tar --prefix=hello-1.2/ v1.2 >../hello-1.2.tar;"
	   "git archive --format=tar --prefix=hello-1.3/ v1.2^{tree} >../hello-1.3.tar;"
	   "git tag -d v1.2 >/dev/null");
	expect_failure(ERROR_UNRESOLVED);
	cr_assert_not_null(strstr(err.message, "no tags"));
	cr_assert_not_null(strstr(err.hint, "made from commit"), "%s", err.hint);
	o.artifact = "hello-1.3.tar";
	expect_failure(ERROR_UNRESOLVED);
	cr_assert_not_null(strstr(err.hint, "git fetch --tags"), "%s", err.hint);
}

Test(audit, unresolved_artifact_that_can_not_be_read_is_an_error)
{
	file_text("hello-7.tar", "garbage, not an archive\n");
	o.artifact = "hello-7.tar";
	expect_failure(ERROR_INPUT);
}

Test(audit, archive_commit_outranks_the_name)
{
	make_commit("r", "third");
	sh("cd r; echo 3 >three; git add .; git commit -q -m 3; git tag v1.3;"
	   "git archive --format=tar --prefix=hello-1.2/ v1.3 >../hello-1.2.tar");
	expect(VERDICT_SUSPECT, 1);
	cr_assert_str_eq(r.origin.tag.ptr, "v1.3");
	cr_assert_str_eq(r.origin.how.ptr, "archive commit");
	cr_assert_not_null(found(RULE_TP003));
	cr_assert_not_null(strstr(found(RULE_TP003)->message.ptr, "v1.2"));
	cr_assert_eq(r.totals.relation[RELATION_IDENTICAL].files, 3);
}

Test(audit, archive_of_a_neighbour_with_the_tags_own_files_is_clean)
{
	sh("cd r; git commit -q --allow-empty -m nothing;"
	   "git archive --format=tar --prefix=hello-1.2/ HEAD >../hello-1.2.tar");
	expect(VERDICT_CLEAN, 0);
	cr_assert_eq(found(RULE_TP003)->severity, SEVERITY_LOW);
}

Test(audit, archive_of_another_commit_than_the_tags_is_suspect)
{
	sh("cd r; git checkout -q --detach; echo evil >>src/main.c; git commit -q -a -m evil;"
	   "git archive --format=tar --prefix=hello-1.2/ HEAD >../hello-1.2.tar; git checkout -q main");
	expect(VERDICT_SUSPECT, 1);
	cr_assert_str_eq(r.origin.tag.ptr, "v1.2");
	cr_assert_not_null(found(RULE_TP003));
	cr_assert_eq(change_of("src/main.c")->relation, RELATION_MODIFIED);
}

Test(audit, revision_may_be_given)
{
	const struct oid commit = oid_of("r", "HEAD");
	static const char *const good[] = { "v1.2", "refs/tags/v1.2", "refs/heads/main", "auto" };

	sh("git -C r archive --prefix=hello-1.2/ v1.2 >hello-1.2.tar");
	for (size_t i = 0; i < 4; i++) {
		o.tag = good[i];
		expect(VERDICT_CLEAN, 0);
	}
	o.tag = oid_text(&commit);
	expect(VERDICT_CLEAN, 0);
	cr_assert_eq(r.origin.tag.len, 0);
	cr_assert_str_eq(r.origin.tag_kind, "none");
	cr_assert_eq(r.origin.other_tags_n, 1);
	o.tag = "main";
	expect_failure(ERROR_ORIGIN);
	cr_assert_not_null(strstr(err.hint, "refs/heads/main"), "%s", err.hint);
	o.tag = "v9";
	expect_failure(ERROR_ORIGIN);
	cr_assert_not_null(strstr(err.message, "no tag v9"));
	o.tag = "refs/heads/none";
	expect_failure(ERROR_ORIGIN);
	sh("git -C r symbolic-ref refs/heads/dead refs/heads/none");
	o.tag = "refs/heads/dead";
	expect_failure(ERROR_ORIGIN);
}

Test(audit, abbreviated_blob_is_no_revision)
{
	const struct oid blob = oid_of("r", "HEAD:README");

	export();
	pack();
	o.tag = oid_text(&blob);
	expect_failure(ERROR_ORIGIN);
}

Test(audit, tag_made_for_another_name_and_tag_of_a_tag_are_told)
{
	sh("cd r; git tag -a -m x v1.3 v1.2 2>/dev/null; git update-ref refs/tags/v1.4 refs/tags/v1.2;"
	   "git archive --prefix=hello-1.4/ v1.2 >../hello-1.4.tar");
	o.artifact = "hello-1.4.tar";
	o.tag = "v1.3";
	expect(VERDICT_CLEAN, 0);
	cr_assert_not_null(found(RULE_TP010));
	o.tag = "v1.4";
	expect(VERDICT_CLEAN, 0);
	cr_assert_not_null(found(RULE_TP001));
	cr_assert_str_eq(found(RULE_TP001)->evidence[0].ptr, "v1.2");
}

Test(audit, tag_on_no_branch_is_told)
{
	sh("cd r; git archive --prefix=hello-1.2/ v1.2 >../hello-1.2.tar; git checkout -q --detach;"
	   "git branch -q -D main");
	expect(VERDICT_CLEAN, 0);
	cr_assert_eq(r.origin.on_branch, TRI_NO);
	cr_assert_not_null(found(RULE_TP002));
}

Test(audit, url_without_fetch_is_a_mistake_of_the_user)
{
	export();
	pack();
	o.git = "https://example.org/hello.git";
	expect_failure(ERROR_USAGE);
	cr_assert_not_null(strstr(err.hint, "--fetch"));
}

Test(audit, missing_inputs_are_errors)
{
	expect_failure(ERROR_SYSTEM);
	export();
	pack();
	o.git = "nowhere";
	expect_failure(ERROR_SYSTEM);
	o.git = NULL;
	o.tree = "nowhere";
	expect_failure(ERROR_SYSTEM);
}

/* --- repositories that do not hold everything --- */

Test(audit, fetched_tag_is_compared_with_what_is_needed_alone)
{
	export();
	sh("echo changed >>work/README; ln -sf README work/src/main.c; cd r; echo '*.x eol=lf' >.gitattributes;"
	   "git add .; git commit -q -m a; git tag -f -a -m v1.2 v1.2 2>/dev/null; git clone -q --bare . ../served.git;"
	   "cd ../served.git; git config uploadpack.allowFilter true;"
	   "git config uploadpack.allowAnySHA1InWant true");
	pack();
	setenv("XDG_CACHE_HOME", sh_out("echo %s/cache", scratch()), 1);
	o.git = sh_out("echo file://%s/served.git", scratch());
	o.fetch = true;
	expect(VERDICT_REVIEW, 0);
	cr_assert_eq(change_of("README")->lines_added, 1);
	cr_assert_eq(change_of("src/main.c")->relation, RELATION_TYPE_CHANGED);
	cr_assert_eq(r.origin.on_branch, TRI_UNKNOWN);
	/* The blob of what is identical was not fetched. */
	o.tag = "v9";
	expect_failure(ERROR_ORIGIN);
	cr_assert_not_null(strstr(err.hint, "ls-remote"));
	o.tag = NULL;
	o.git = sh_out("echo file://%s/none.git", scratch());
	expect_failure(ERROR_TRANSIENT);
}

Test(audit, partial_clone_is_incomplete)
{
	sh("cd r; printf '*.c text\\n' >.gitattributes; git add .; git commit -q -m a;"
	   "git tag -f -a -m v1.2 v1.2 2>/dev/null");
	export();
	sh("echo changed >>work/README; git -C r config uploadpack.allowFilter true;"
	   "git clone -q --filter=blob:none --no-checkout file://%s/r c", scratch());
	pack();
	o.git = "c";
	expect(VERDICT_INCOMPLETE, 3);
	cr_assert(not_checked("README"));
	cr_assert(not_checked(".gitattributes"));
	cr_assert_eq(r.totals.relation[RELATION_IDENTICAL].files, 2);
}

Test(audit, clone_without_trees_is_incomplete)
{
	export();
	sh("git -C r config uploadpack.allowFilter true;"
	   "git clone -q --filter=tree:0 --no-checkout file://%s/r c", scratch());
	pack();
	o.git = "c";
	expect(VERDICT_INCOMPLETE, 3);
	cr_assert(not_checked("(the top folder)"));
}

Test(audit, shallow_clone_is_enough_for_the_tree)
{
	make_commit("r", "second");
	sh("git -C r archive --prefix=hello-1.2/ v1.2 >hello-1.2.tar;"
	   "git clone -q --depth 1 --branch v1.2 file://%s/r c 2>/dev/null", scratch());
	o.git = "c";
	expect(VERDICT_CLEAN, 0);
	cr_assert_eq(r.origin.on_branch, TRI_UNKNOWN);
	cr_assert_eq(r.origin.git_archive, TRI_YES);
}

Test(audit, damaged_object_is_an_error_and_not_clean)
{
	const struct oid readme = oid_of("r", "HEAD:README");

	export();
	sh("echo changed >>work/README; echo x >x; cp -f x %s", object_path("r", &readme));
	pack();
	expect_failure(ERROR_ORIGIN);
}

Test(audit, hostile_names_of_the_tag_are_told)
{
	AUTO_BUF struct buf top = BUF_INIT, inner = BUF_INIT;
	const struct oid blob = oid_of("r", "HEAD:README");
	struct oid tree;

	add_tree_entry(&inner, "100644", "config", &blob);
	tree = make_object("r", "tree", inner.ptr, inner.len);
	add_tree_entry(&top, "100644", "..", &blob);
	add_tree_entry(&top, "40000", ".GIT", &tree);
	add_tree_entry(&top, "100644", "a\nb", &blob);
	add_tree_entry(&top, "40000", "git~1", &tree);
	add_tree_entry(&top, "100644", "ok", &blob);
	tree = make_object("r", "tree", top.ptr, top.len);
	sh("cd r; git tag -f v1.2 $(git commit-tree -m hostile %s) 2>/dev/null; mkdir ../work;"
	   "cp README ../work/ok", oid_text(&tree));
	pack();
	expect(VERDICT_SUSPECT, 1);
	cr_assert_eq(r.findings[0].rule, RULE_TP013);
	cr_assert_eq(r.findings[3].rule, RULE_TP013);
	cr_assert_eq(r.totals.relation[RELATION_MISSING].files, 4);
}

Test(audit, submodules_that_were_not_given_are_incomplete)
{
	make_repo("s");
	sh("cd s; echo s >s.c; echo t >t.c");
	make_commit("s", "s");
	sh("cd r; git update-index --add --cacheinfo 160000,$(git -C ../s rev-parse HEAD),sub;"
	   "git commit -q -m sub; git tag -f -a -m v1.2 v1.2 2>/dev/null");
	export();
	sh("mkdir -p work/sub; cp s/s.c s/t.c work/sub");
	pack();
	expect(VERDICT_INCOMPLETE, 3);
	cr_assert(not_checked("sub"));
	cr_assert_eq(r.totals.relation[RELATION_SUBMODULE].files, 2);
	o.submodules_dir = ".";
	sh("mv s sub");
	expect(VERDICT_CLEAN, 0);
	cr_assert_eq(r.origin.git_archive, TRI_UNKNOWN);
}

/* --- what the tag itself explains --- */

static void expect_explained(const char *path, enum relation relation, const char *by,
			     enum strength strength)
{
	const struct change *c = change_of(path);

	cr_assert_eq(c->relation, relation, "%s: %s", path, relation_name(c->relation));
	cr_assert_not_null(c->explanation, "%s", path);
	cr_assert_str_eq(c->explanation->by, by);
	cr_assert_eq(c->explanation->strength, strength, "%s", path);
}

/* Commits what is in r's work tree as v1.2 and takes git's archive of it. */
static void release_by_git(const char *options)
{
	sh("cd r; git add --all .; git commit -q -m all; git tag -f -a -m v1.2 v1.2 2>/dev/null;"
	   "git %s archive --prefix=hello-1.2/ v1.2 >../hello-1.2.tar", options);
}

Test(audit, what_attributes_change_is_transformed)
{
	sh("cd r; printf 'one\\ntwo\\n' >win.txt; echo '/* $Id$ */' >ident.c; echo '$Format:%%H %%an$' >subst;"
	   "printf 'gr\\303\\274n\\n' >latin; echo plain >plain; echo x >gone;"
	   "printf '%%s\\n' 'win.txt eol=crlf' 'ident.c ident' 'subst export-subst' "
	   "'latin working-tree-encoding=ISO-8859-1' 'gone export-ignore' 'plain eol=lf' >.gitattributes");
	/* The encoding of the work tree is the one that is committed from. */
	sh("cd r; printf 'gr\\374n\\n' >latin");
	release_by_git("");
	expect(VERDICT_CLEAN, 0);
	expect_explained("win.txt", RELATION_TRANSFORMED, "attributes", STRENGTH_PROVEN);
	expect_explained("ident.c", RELATION_TRANSFORMED, "attributes", STRENGTH_PROVEN);
	expect_explained("subst", RELATION_TRANSFORMED, "attributes", STRENGTH_PROVEN);
	expect_explained("latin", RELATION_TRANSFORMED, "attributes", STRENGTH_PROVEN);
	cr_assert_str_eq(change_of("win.txt")->explanation->evidence[0].ptr,
			 ".gitattributes:1: eol=crlf");
	cr_assert_eq(change_of("gone")->relation, RELATION_MISSING_BY_ATTRIBUTE);
	cr_assert_eq(r.origin.git_archive, TRI_YES);
}

Test(audit, all_attributes_on_one_file_are_described)
{
	sh("cd r; (echo '$Id$'; echo '$Format:%%H$'; printf '\\374\\n') >all; printf '* text crlf ident export-subst "
	   "working-tree-encoding=ISO-8859-1\\nall eol=crlf\\nREADME -text -crlf -ident\\n' >.gitattributes");
	release_by_git("");
	cr_assert_eq(run(), 0);
	expect_explained("all", RELATION_TRANSFORMED, "attributes", STRENGTH_PROVEN);
	cr_assert_str_eq(change_of("all")->explanation->detail.ptr,
			 "line endings (eol), encoding ISO-8859-1, $Id$ expanded, $Format:$ expanded");
	cr_assert_eq(r.origin.git_archive, TRI_YES);
}

Test(audit, placeholder_that_depends_on_the_repository_is_plausible)
{
	sh("cd r; echo '$Format:%%d$' >subst; echo 'subst export-subst' >.gitattributes");
	release_by_git("");
	expect(VERDICT_REVIEW, 0);
	expect_explained("subst", RELATION_TRANSFORMED, "attributes", STRENGTH_PLAUSIBLE);
	cr_assert_eq(r.origin.git_archive, TRI_UNKNOWN);
}

Test(audit, content_that_attributes_do_not_give_stays_modified)
{
	sh("cd r; printf 'one\\ntwo\\n' >win.txt; echo 'win.txt eol=crlf' >.gitattributes");
	release_by_git("");
	export();
	sh("printf 'one\\r\\nTWO\\r\\n' >work/win.txt");
	pack();
	expect(VERDICT_REVIEW, 0);
	cr_assert_eq(change_of("win.txt")->relation, RELATION_MODIFIED);
	/* Not converted at all is equal to the tag, yet nothing that git archive writes. */
	sh("printf 'one\\ntwo\\n' >work/win.txt");
	pack();
	expect(VERDICT_CLEAN, 0);
	cr_assert_eq(r.origin.git_archive, TRI_NO);
}

Test(audit, content_from_elsewhere_in_the_tag_is_compared_by_lines_all_the_same)
{
	export();
	sh("cp work/src/main.c work/README; mkdir work/new; cp work/src/main.c work/new/copy.c");
	pack();
	expect(VERDICT_REVIEW, 0);
	cr_assert_eq(change_of("README")->relation, RELATION_MODIFIED);
	cr_assert_eq(change_of("README")->lines_added, 4);
	cr_assert_eq(change_of("README")->lines_removed, 1);
	expect_explained("new/copy.c", RELATION_MOVED, "moved", STRENGTH_PLAUSIBLE);
}

Test(audit, changed_modes_are_plausible)
{
	sh("cd r; echo x >x; chmod +x x");
	release_by_git("");
	export();
	sh("chmod +x work/README; chmod -x work/x");
	pack();
	expect(VERDICT_REVIEW, 0);
	expect_explained("README", RELATION_MODE_CHANGED, "mode", STRENGTH_PLAUSIBLE);
	expect_explained("x", RELATION_MODE_CHANGED, "mode", STRENGTH_PLAUSIBLE);
}

Test(audit, lfs_content_is_proven_by_its_pointer)
{
	sh("cd r; for f in good bad; do printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:"
	   "%%s\\nsize 6\\n' $(printf 'hello\\n' | sha256sum | cut -d' ' -f1) >$f.dat; done; cp good.dat pointer.dat;"
	   "echo 'version https://git-lfs.github.com/spec/v1' >none.dat;"
	   "echo '*.dat filter=lfs -text' >.gitattributes");
	release_by_git("-c filter.lfs.smudge=cat");
	export();
	sh("cd work; echo hello >good.dat; echo hellO >bad.dat; echo hello >none.dat");
	pack();
	expect(VERDICT_REVIEW, 0);
	expect_explained("good.dat", RELATION_TRANSFORMED, "git-lfs", STRENGTH_PROVEN);
	cr_assert_eq(change_of("bad.dat")->relation, RELATION_MODIFIED);
	cr_assert_eq(change_of("none.dat")->relation, RELATION_MODIFIED);
	cr_assert(not_checked("Git LFS"));
	cr_assert_null(found(RULE_TP008));
}

Test(audit, filter_program_is_told_and_not_run)
{
	sh("cd r; git config filter.x.smudge ': >%s/PWNED; cat'; git config filter.x.clean cat;"
	   "echo '* filter=x' >.gitattributes", scratch());
	release_by_git("");
	sh("rm -f PWNED");
	expect(VERDICT_CLEAN, 0);
	cr_assert_not_null(found(RULE_TP008));
	cr_assert_str_eq(found(RULE_TP008)->evidence[0].ptr, ".gitattributes:1: filter=x");
	cr_assert(!file_exists("PWNED"));
}

Test(audit, links_stored_as_files_are_proven)
{
	sh("cd r; mkdir a b; echo target >b/t; ln -s ../b/t a/text; ln -s ../b/.//t a/copy; ln -s copy a/chain;"
	   "ln -s ../../out a/out; ln -s /etc/passwd a/abs; ln -s loop a/loop; ln -s ../b/t a/wrong;"
	   "ln -s ../README a/up");
	release_by_git("");
	export();
	sh("cd work/a; rm *; printf ../b/t >text; echo target >copy; echo target >chain; echo x >out; echo x >abs;"
	   "echo x >loop; echo x >wrong; cp ../README up");
	pack();
	expect(VERDICT_REVIEW, 0);
	expect_explained("a/text", RELATION_TYPE_CHANGED, "link-as-file", STRENGTH_PROVEN);
	expect_explained("a/copy", RELATION_TYPE_CHANGED, "link-as-file", STRENGTH_PROVEN);
	expect_explained("a/chain", RELATION_TYPE_CHANGED, "link-as-file", STRENGTH_PROVEN);
	expect_explained("a/up", RELATION_TYPE_CHANGED, "link-as-file", STRENGTH_PROVEN);
	cr_assert_str_eq(change_of("a/chain")->explanation->evidence[0].ptr, "b/t");
	cr_assert_null(change_of("a/out")->explanation);
	cr_assert_null(change_of("a/abs")->explanation);
	cr_assert_null(change_of("a/loop")->explanation);
	cr_assert_null(change_of("a/wrong")->explanation);
}

Test(audit, large_file_of_the_tags_size_is_read_again_to_be_compared)
{
	sh("cd r; seq 1000000 1450000 | head -c 3145728 >large");
	release_by_git("");
	export();
	sh("printf X | dd of=work/large bs=1 seek=2000000 conv=notrunc 2>/dev/null");
	pack();
	expect(VERDICT_REVIEW, 0);
	cr_assert_eq(change_of("large")->relation, RELATION_MODIFIED);
	cr_assert_eq(change_of("large")->lines_added, 1);
	cr_assert_eq(change_of("large")->lines_removed, 1);
	sh("xz -T1 -k hello-1.2.tar");
	o.artifact = "hello-1.2.tar.xz";
	expect(VERDICT_REVIEW, 0);
	cr_assert_eq(change_of("large")->lines_added, 1);
}

Test(audit, binary_files_have_no_lines)
{
	sh("cd r; printf 'a\\0b' >bin");
	release_by_git("");
	export();
	sh("printf 'a\\0c' >work/bin");
	pack();
	expect(VERDICT_REVIEW, 0);
	cr_assert_eq(change_of("bin")->lines_added, -1);
}

Test(audit, blob_too_large_to_be_read_is_not_checked)
{
	sh("cd r; truncate -s 70M huge");
	release_by_git("");
	export();
	sh("echo small >work/huge");
	pack();
	expect(VERDICT_INCOMPLETE, 3);
	cr_assert(not_checked("huge"));
}

/* --- running --- */

static struct buf json_of(unsigned int jobs)
{
	const struct report_options report = { .all_files = true, .reproducible = true };
	struct buf out = BUF_INIT;

	o.jobs = jobs;
	cr_assert_eq(run(), 0, "%s", err.message);
	report_find(STR("json"))->render(&r, &report, &out);
	return out;
}

Test(audit, number_of_threads_changes_nothing)
{
	AUTO_BUF struct buf one = BUF_INIT, four = BUF_INIT, automatic = BUF_INIT;

	sh("cd r; for i in $(seq 300); do echo $i >f$i; done; seq 300000 >large");
	release_by_git("");
	export();
	sh("cd work; for i in $(seq 1 7 300); do echo x >>f$i; cp f$i g$i; mv f$((i + 1)) m$i; done; echo x >>large");
	pack();
	o.all_sha256 = true;
	one = json_of(1);
	four = json_of(4);
	automatic = json_of(0);
	cr_assert(str_eq(buf_str(&one), buf_str(&four)));
	cr_assert(str_eq(buf_str(&one), buf_str(&automatic)));
	cr_assert_gt(one.len, 1000);
}

static void big_artifact(void)
{
	export();
	sh("head -c 30000000 /dev/zero >work/zeros; for i in $(seq 500); do echo $i >work/f$i; done");
	pack();
}

Test(audit, stop_ends_it)
{
	static volatile sig_atomic_t stop = 1;

	big_artifact();
	o.stop = &stop;
	expect_failure(ERROR_INTERRUPTED);
	stop = 0;
	expect(VERDICT_REVIEW, 0);
}

static void waste_time(void *ctx, const struct audit_progress *p)
{
	unsigned int *calls = ctx;

	cr_assert_not_null(p->phase);
	if (++*calls < 3)
		usleep(700000);
}

Test(audit, time_limit_ends_it)
{
	unsigned int calls = 0;

	big_artifact();
	o.timeout = 1;
	o.progress = waste_time;
	o.progress_ctx = &calls;
	/* Progress is told some ten times a second, and here it takes longer than all is given. */
	sh("head -c 300000000 /dev/zero >>work/zeros");
	pack();
	expect_failure(ERROR_INTERRUPTED);
	cr_assert_not_null(strstr(err.message, "1 second"), "%s", err.message);
	cr_assert_not_null(strstr(err.hint, "--timeout"));
	cr_assert_geq(calls, 1);
}

Test(audit, phases_are_timed_in_order)
{
	sh("git -C r archive --prefix=hello-1.2/ v1.2 >hello-1.2.tar");
	expect(VERDICT_CLEAN, 0);
	cr_assert_eq(r.timings_n, 6);
	cr_assert_str_eq(r.timings[0].name, "opening");
	cr_assert_str_eq(r.timings[1].name, "tag");
	cr_assert_str_eq(r.timings[2].name, "reading");
	cr_assert_str_eq(r.timings[3].name, "comparing");
	cr_assert_str_eq(r.timings[4].name, "explaining");
	cr_assert_str_eq(r.timings[5].name, "inspecting");
}
