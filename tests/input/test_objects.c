#include "input/objects.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "support/repo.h"
#include "support/run.h"

static struct repo *repo;
static struct arena arena;

/* A repository "r" that objects are written into; it is opened when it is first asked for. */
static void begin(void)
{
	scratch_begin();
	make_hello("r");
}

static void end(void)
{
	repo_free(repo);
	arena_release(&arena);
	scratch_end();
}

TestSuite(objects, .init = begin, .fini = end);

static struct repo *the_repo(void)
{
	struct error err = ERROR_INIT;

	if (!repo)
		repo = repo_open("r", &err);
	cr_assert_not_null(repo, "%s", err.message);
	return repo;
}

#define TREE "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
#define PEOPLE "author A <a@b> 1 +0000\ncommitter C <c@d> 2 +0000\n"

/* --- commits --- */

static struct commit commit_ok(const char *text)
{
	const struct oid oid = make_object_text("r", "commit", text);
	struct error err = ERROR_INIT;
	struct commit c;

	cr_assert_eq(repo_commit(the_repo(), &arena, &oid, &c, &err), 0, "%s", err.message);
	return c;
}

static struct error commit_bad(const struct oid *oid)
{
	struct error err = ERROR_INIT;
	struct commit c;

	cr_assert_eq(repo_commit(the_repo(), &arena, oid, &c, &err), -1);
	cr_assert_eq(err.code, ERROR_ORIGIN);
	cr_assert_not_null(strstr(err.message, oid_text(oid)), "%s", err.message);
	return err;
}

Test(objects, commit_is_read_in_full)
{
	const struct commit c = commit_ok(TREE
		"parent 1111111111111111111111111111111111111111\n"
		"parent 2222222222222222222222222222222222222222\n"
		"author A. U. Thor <author@example.org> 1700000000 +0530\n"
		"committer C. O. Mitter <committer@example.org> 1700000001 -0330\n"
		"encoding ISO-8859-1\n"
		"x-unknown value\n"
		"\n"
		"Subject\n\nparent 3\n");

	cr_assert_str_eq(c.facts.tree.ptr, "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
	cr_assert_str_eq(oid_text(&c.tree), c.facts.tree.ptr);
	cr_assert_str_eq(c.facts.oid.ptr, oid_text(&c.oid));
	cr_assert_eq(c.facts.parents_n, 2);
	cr_assert_str_eq(c.facts.parents[1].ptr, "2222222222222222222222222222222222222222");
	cr_assert_str_eq(c.facts.author_name.ptr, "A. U. Thor");
	cr_assert_str_eq(c.facts.author_email.ptr, "author@example.org");
	cr_assert_eq(c.facts.author_time, 1700000000);
	cr_assert_eq(c.facts.author_offset, 330);
	cr_assert_str_eq(c.facts.committer_name.ptr, "C. O. Mitter");
	cr_assert_str_eq(c.facts.committer_email.ptr, "committer@example.org");
	cr_assert_eq(c.facts.committer_time, 1700000001);
	cr_assert_eq(c.facts.committer_offset, -210);
	cr_assert_str_eq(c.facts.encoding.ptr, "ISO-8859-1");
	cr_assert_str_eq(c.facts.message.ptr, "Subject\n\nparent 3\n");
	cr_assert_eq(c.signature, SIGNATURE_NONE);
}

Test(objects, signatures_of_commits_are_told_apart)
{
	static const struct { const char *first; enum signature_kind kind; } cases[] = {
		{ "-----BEGIN PGP SIGNATURE-----", SIGNATURE_PGP },
		{ "-----BEGIN PGP MESSAGE-----", SIGNATURE_PGP },
		{ "-----BEGIN SSH SIGNATURE-----", SIGNATURE_SSH },
		{ "-----BEGIN SIGNED MESSAGE-----", SIGNATURE_X509 },
		{ "-----BEGIN CERTIFICATE-----", SIGNATURE_NONE },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct commit c = commit_ok(arena_strf(&arena, TREE PEOPLE
			"gpgsig %s\n \n AAAA\n -----END-----\nencoding UTF-8\n\nx\n",
			cases[i].first).ptr);

		cr_assert_eq(c.signature, cases[i].kind, "%s", cases[i].first);
		cr_assert_str_eq(c.facts.encoding.ptr, "UTF-8");
	}
}

Test(objects, signature_in_the_message_signs_no_commit)
{
	cr_assert_eq(commit_ok(TREE PEOPLE "\n-----BEGIN PGP SIGNATURE-----\n").signature,
		     SIGNATURE_NONE);
	cr_assert_eq(commit_ok(TREE PEOPLE "mergetag object 1\n -----BEGIN PGP SIGNATURE-----\n"
			       "\nx").signature, SIGNATURE_NONE);
}

Test(objects, malformed_people_of_a_commit_are_left_empty)
{
	static const char *const people[] = {
		"", "A", "A >a@b< 1 +0000", "<", ">", "A <a@b", "A a@b> 1",
	};

	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		const struct commit c = commit_ok(arena_strf(&arena, TREE "author %s\ncommitter %s\n\n",
							     people[i], people[i]).ptr);

		cr_assert_eq(c.facts.author_name.len, 0, "%s", people[i]);
		cr_assert_eq(c.facts.committer_time, 0, "%s", people[i]);
	}
}

Test(objects, odd_dates_of_a_commit_are_harmless)
{
	static const struct { const char *text; int64_t time; int offset; } cases[] = {
		{ "A <a> <b> 5 +0000", 5, 0 },
		{ "A <a>", 0, 0 },
		{ "A <a> 5", 5, 0 },
		{ "A <a> 5 UTC", 5, 0 },
		{ "A <a> 5 +00000", 5, 0 },
		{ "A <a> -5 -0100", -5, -60 },
		{ "A <a> 12x 0100+", 12, 0 },
		{ "A <a> - +9999", 0, 99 * 60 + 99 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct commit c = commit_ok(arena_strf(&arena, TREE "committer %s\n\n",
							     cases[i].text).ptr);

		cr_assert_eq(c.facts.committer_time, cases[i].time, "%s", cases[i].text);
		if (i != 6)
			cr_assert_eq(c.facts.committer_offset, cases[i].offset, "%s", cases[i].text);
	}
}

Test(objects, dates_beyond_all_bounds_are_harmless)
{
	static const char *const dates[] = {
		"99999999999999999999999999", "-99999999999999999999999999",
		"9223372036854775807", "-9223372036854775808", "-9223372036854775700",
	};

	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		const struct commit c = commit_ok(arena_strf(&arena, TREE "committer A <a> %s +0000\n\n",
							     dates[i]).ptr);

		sh("git -C r update-ref refs/heads/odd%zu %s", i, oid_text(&c.oid));
		cr_assert_eq(repo_on_branch(the_repo(), &c.oid, c.facts.committer_time), TRI_YES);
	}
}

Test(objects, commit_without_message_or_final_line_end)
{
	cr_assert_eq(commit_ok(TREE PEOPLE "\n").facts.message.len, 0);
	cr_assert_eq(commit_ok(TREE PEOPLE).facts.message.len, 0);
	cr_assert_eq(commit_ok("tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904").facts.message.len, 0);
}

Test(objects, header_without_value_may_be_continued)
{
	const struct commit c = commit_ok(TREE "author\n A <a@b> 5 +0000\nx\n y\n z\n\nm");

	cr_assert_str_eq(c.facts.message.ptr, "m");
	cr_assert_eq(c.facts.parents_n, 0);
}

Test(objects, first_tree_of_a_commit_counts)
{
	const struct commit c = commit_ok(TREE
		"tree 1111111111111111111111111111111111111111\n\n");

	cr_assert_str_eq(oid_text(&c.tree), "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
}

Test(objects, malformed_commits_are_errors)
{
	static const char *const texts[] = {
		"", "\n", "\n" TREE, PEOPLE "\n", "tree\n\n", "tree 123\n\n",
		"tree zb825dc642cb6eb9a060e54bf8d69288fbee4904\n\n",
		"tree  4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\n",
		"tree 4b825dc642cb6eb9a060e54bf8d69288fbee49044\n\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct oid oid = make_object_text("r", "commit", texts[i]);

		cr_assert_not_null(strstr(commit_bad(&oid).message, "malformed commit"), "%s",
				   texts[i]);
	}
}

Test(objects, commit_that_is_none_or_absent_is_an_error)
{
	const struct oid blob = oid_of("r", "HEAD:README"), none = { { 9 } };
	struct error err;

	cr_assert_not_null(strstr(commit_bad(&blob).message, "is no commit"));
	err = commit_bad(&none);
	cr_assert_not_null(strstr(err.message, "is not in the repository"));
	cr_assert_not_null(strstr(err.hint, "git fetch"));
}

Test(objects, damaged_commit_is_an_error)
{
	const struct oid oid = oid_of("r", "HEAD");

	sh("echo x >x; cp -f x %s", object_path("r", &oid));
	commit_bad(&oid);
}

/* --- tags --- */

static int peel(const struct oid *oid, struct tag_facts *facts, struct error *err)
{
	*err = ERROR_INIT;
	return repo_peel(the_repo(), &arena, oid, facts, err);
}

static struct tag_facts peel_ok(const struct oid *oid)
{
	struct tag_facts facts;
	struct error err;

	cr_assert_eq(peel(oid, &facts, &err), 0, "%s", err.message);
	return facts;
}

static struct error peel_bad(const struct oid *oid)
{
	struct tag_facts facts;
	struct error err;

	cr_assert_eq(peel(oid, &facts, &err), -1);
	cr_assert_eq(err.code, ERROR_ORIGIN);
	return err;
}

static struct oid tag_of(const struct oid *oid, const char *type, const char *name,
			 const char *message)
{
	return make_object_text("r", "tag", arena_strf(&arena,
		"object %s\ntype %s\ntag %s\ntagger T <t@u> 5 +0000\n\n%s", oid_text(oid), type, name,
		message).ptr);
}

Test(objects, lightweight_tag_is_its_commit)
{
	const struct oid oid = oid_of("r", "HEAD");
	const struct tag_facts facts = peel_ok(&oid);

	cr_assert(!facts.annotated);
	cr_assert_eq(facts.depth, 0);
	cr_assert(oid_eq(&facts.commit, &oid));
}

Test(objects, annotated_tag_tells_name_and_commit)
{
	const struct oid commit = oid_of("r", "HEAD"), oid = oid_of("r", "v1.2");
	const struct tag_facts facts = peel_ok(&oid);

	cr_assert(facts.annotated);
	cr_assert_eq(facts.depth, 1);
	cr_assert_str_eq(facts.own_name.ptr, "v1.2");
	cr_assert_eq(facts.signature, SIGNATURE_NONE);
	cr_assert(oid_eq(&facts.commit, &commit));
}

Test(objects, signatures_of_tags_are_told_apart)
{
	static const struct { const char *message; enum signature_kind kind; } cases[] = {
		{ "m\n-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n", SIGNATURE_PGP },
		{ "m\n-----BEGIN SSH SIGNATURE-----\nx\n", SIGNATURE_SSH },
		{ "m\n-----BEGIN SIGNED MESSAGE-----\nx\n", SIGNATURE_X509 },
		{ "m\n", SIGNATURE_NONE },
		{ "", SIGNATURE_NONE },
	};
	const struct oid commit = oid_of("r", "HEAD");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct oid oid = tag_of(&commit, "commit", "v1", cases[i].message);

		cr_assert_eq(peel_ok(&oid).signature, cases[i].kind, "%zu", i);
	}
}

Test(objects, tag_of_tag_speaks_for_itself_and_leads_to_the_commit)
{
	const struct oid commit = oid_of("r", "HEAD");
	const struct oid inner = tag_of(&commit, "commit", "inner",
					"-----BEGIN PGP SIGNATURE-----\n");
	const struct oid outer = tag_of(&inner, "tag", "outer", "m\n");
	const struct tag_facts facts = peel_ok(&outer);

	cr_assert_eq(facts.depth, 2);
	cr_assert_str_eq(facts.own_name.ptr, "outer");
	cr_assert_eq(facts.signature, SIGNATURE_NONE);
	cr_assert(oid_eq(&facts.commit, &commit));
}

Test(objects, tag_of_tree_or_blob_leads_to_no_commit)
{
	const struct oid tree = oid_of("r", "HEAD^{tree}"), blob = oid_of("r", "HEAD:README");
	const struct oid of_tree = tag_of(&tree, "tree", "t", ""), of_blob = tag_of(&blob, "blob", "b", "");

	cr_assert_not_null(strstr(peel_bad(&of_tree).message, "no commit but a tree or a file"));
	cr_assert_not_null(strstr(peel_bad(&of_blob).message, "no commit but a tree or a file"));
	cr_assert_not_null(strstr(peel_bad(&tree).message, "no commit but a tree or a file"));
}

Test(objects, type_that_a_tag_claims_is_not_believed)
{
	const struct oid blob = oid_of("r", "HEAD:README"), commit = oid_of("r", "HEAD");
	const struct oid liar = tag_of(&blob, "commit", "l", ""), other = tag_of(&commit, "blob", "o", "");

	const struct tag_facts facts = peel_ok(&other);

	peel_bad(&liar);
	cr_assert(oid_eq(&facts.commit, &commit));
}

Test(objects, malformed_tags_are_errors)
{
	static const char *const texts[] = {
		"", "\n", "tag v1\n\n", "object\n\n", "object 123\n\n", "type commit\ntag x\n\nobject "
		"4b825dc642cb6eb9a060e54bf8d69288fbee4904\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct oid oid = make_object_text("r", "tag", texts[i]);

		cr_assert_not_null(strstr(peel_bad(&oid).message, "malformed tag"), "%s", texts[i]);
	}
}

Test(objects, first_object_of_a_tag_counts)
{
	const struct oid commit = oid_of("r", "HEAD");
	const struct oid oid = make_object_text("r", "tag", arena_strf(&arena,
		"object %s\nobject 1111111111111111111111111111111111111111\n\n", oid_text(&commit)).ptr);
	const struct tag_facts facts = peel_ok(&oid);

	cr_assert(oid_eq(&facts.commit, &commit));
	cr_assert_eq(facts.own_name.len, 0);
}

Test(objects, tag_of_an_absent_object_says_so)
{
	const struct oid none = { { 7 } };
	const struct oid oid = tag_of(&none, "commit", "v1", "");

	cr_assert_not_null(strstr(peel_bad(&oid).message, "is not in the repository"));
	cr_assert_not_null(strstr(peel_bad(&none).message, oid_text(&none)));
}

Test(objects, damaged_tag_is_an_error)
{
	const struct oid oid = oid_of("r", "v1.2");

	sh("echo x >x; cp -f x %s", object_path("r", &oid));
	peel_bad(&oid);
}

Test(objects, chain_of_tags_ends)
{
	struct oid oid = oid_of("r", "HEAD");

	/* One process writes them all. */
	sh("set +e; at=%s type=commit; i=0; while [ $i -lt %d ]; do "
	   "at=$(printf 'object %%s\\ntype %%s\\ntag x\\n\\n' $at $type | "
	   "git -C r hash-object --literally -w -t tag --stdin); type=tag; i=$((i + 1)); "
	   "[ $i -ne %d ] || echo $at >fits; done; echo $at >too-long", oid_text(&oid),
	   LIMIT_DEPTH + 1, LIMIT_DEPTH);
	oid = oid_from(sh_out("cat fits"));
	cr_assert_eq(peel_ok(&oid).depth, LIMIT_DEPTH);
	oid = oid_from(sh_out("cat too-long"));
	cr_assert_not_null(strstr(peel_bad(&oid).message, "too many tags of tags"));
}

/* --- trees --- */

static int walk(const struct oid *oid, const char *prefix, struct tree *out, struct buf *absent,
		struct error *err)
{
	*err = ERROR_INIT;
	return repo_tree(the_repo(), &arena, oid, str_from(prefix), out, absent, err);
}

static struct error tree_bad(const struct oid *oid)
{
	AUTO_BUF struct buf absent = BUF_INIT;
	struct tree tree = TREE_INIT;
	struct error err;

	cr_assert_eq(walk(oid, "", &tree, &absent, &err), -1);
	cr_assert_eq(err.code, ERROR_ORIGIN);
	tree_release(&tree);
	return err;
}

static struct oid empty_blob(void)
{
	return make_object("r", "blob", "", 0);
}

Test(objects, tree_is_listed_with_modes_and_a_prefix)
{
	AUTO_BUF struct buf absent = BUF_INIT;
	struct tree tree = TREE_INIT;
	struct error err;
	struct oid oid;

	sh("cd r; : >exec; chmod +x exec; ln -s exec link; mkdir -p a/b; echo c >a/b/c; git add .;"
	   "git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),sub;"
	   "git write-tree >../tree");
	oid = oid_from(sh_out("cat tree"));
	cr_assert_eq(walk(&oid, "pre/", &tree, &absent, &err), 0, "%s", err.message);
	cr_assert_eq(tree.n, 6);
	cr_assert_str_eq(tree.v[0].path, "pre/README");
	cr_assert(tree.v[0].type == ENTRY_FILE && tree.v[0].mode == 0644);
	cr_assert_eq(tree.v[0].flags, ENTRY_HAS_OID);
	cr_assert_str_eq(tree.v[1].path, "pre/a/b/c");
	cr_assert_eq(tree.v[1].path_len, 9);
	cr_assert_str_eq(tree.v[2].path, "pre/exec");
	cr_assert(tree.v[2].type == ENTRY_FILE && tree.v[2].mode == 0755);
	cr_assert_str_eq(tree.v[3].path, "pre/link");
	cr_assert(tree.v[3].type == ENTRY_LINK && tree.v[3].mode == 0);
	cr_assert_str_eq(tree.v[4].path, "pre/src/main.c");
	cr_assert_str_eq(tree.v[5].path, "pre/sub");
	cr_assert(tree.v[5].type == ENTRY_GITLINK && tree.v[5].mode == 0);
	cr_assert_eq(absent.len, 0);
	tree_release(&tree);
}

Test(objects, hostile_names_are_listed_as_they_are)
{
	static const char *const names[] = { "..", ".git", "a\nb", "a/b", ".", "\x1b[2J", "\xff" };
	AUTO_BUF struct buf text = BUF_INIT, absent = BUF_INIT;
	const struct oid blob = empty_blob();
	struct tree tree = TREE_INIT;
	struct error err;
	struct oid oid;

	for (size_t i = 0; i < 7; i++)
		add_tree_entry(&text, "100644", names[i], &blob);
	oid = make_object("r", "tree", text.ptr, text.len);
	cr_assert_eq(walk(&oid, "", &tree, &absent, &err), 0, "%s", err.message);
	cr_assert_eq(tree.n, 7);
	for (size_t i = 0; i < 7; i++)
		cr_assert_str_eq(tree.v[i].path, names[i]);
	tree_release(&tree);
}

Test(objects, absurd_modes_are_files)
{
	static const char *const modes[] = {
		"100664", "100600", "777", "0", "7777777", "060000", "100755", "100777",
	};
	static const unsigned int expected[] = { 0644, 0644, 0755, 0644, 0, 0644, 0755, 0755 };
	AUTO_BUF struct buf text = BUF_INIT, absent = BUF_INIT;
	const struct oid blob = empty_blob();
	struct tree tree = TREE_INIT;
	struct error err;
	struct oid oid;

	for (size_t i = 0; i < 8; i++)
		add_tree_entry(&text, modes[i], arena_strf(&arena, "f%zu", i).ptr, &blob);
	oid = make_object("r", "tree", text.ptr, text.len);
	cr_assert_eq(walk(&oid, "", &tree, &absent, &err), 0, "%s", err.message);
	cr_assert_eq(tree.n, 8);
	for (size_t i = 0; i < 8; i++)
		if (i != 4)
			cr_assert(tree.v[i].type == ENTRY_FILE && tree.v[i].mode == expected[i], "%s",
				  modes[i]);
	tree_release(&tree);
}

Test(objects, malformed_trees_are_errors)
{
	static const struct { const char *text; size_t n; } cases[] = {
		{ "100644", 6 }, { "100644 ", 7 }, { "100644 a", 8 }, { "100644 a\0", 9 },
		{ "100644 a\0" "1234567890123456789", 28 },
		{ " a\0" "12345678901234567890", 23 },
		{ "100644 \0" "12345678901234567890", 28 },
		{ "10000000 a\0" "12345678901234567890", 31 },
		{ "10064x a\0" "12345678901234567890", 29 },
		{ "\0\0\0\0", 4 }, { "\n", 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct oid oid = make_object("r", "tree", cases[i].text, cases[i].n);

		cr_assert_not_null(strstr(tree_bad(&oid).message, "malformed tree"), "%zu", i);
	}
}

Test(objects, malformed_end_of_a_tree_is_an_error_too)
{
	AUTO_BUF struct buf text = BUF_INIT;
	const struct oid blob = empty_blob();
	struct oid oid;

	add_tree_entry(&text, "100644", "a", &blob);
	add_tree_entry(&text, "100644", "b", &blob);
	oid = make_object("r", "tree", text.ptr, text.len - 1);
	tree_bad(&oid);
}

Test(objects, folder_that_is_no_tree_is_an_error)
{
	AUTO_BUF struct buf text = BUF_INIT;
	const struct oid blob = empty_blob();
	struct oid oid;

	add_tree_entry(&text, "40000", "a", &blob);
	oid = make_object("r", "tree", text.ptr, text.len);
	cr_assert_not_null(strstr(tree_bad(&oid).message, "is no tree"));
}

Test(objects, absent_folders_are_named)
{
	AUTO_BUF struct buf text = BUF_INIT, absent = BUF_INIT;
	const struct oid blob = empty_blob(), none = { { 3 } };
	struct tree tree = TREE_INIT;
	struct error err;
	struct oid oid;

	add_tree_entry(&text, "40000", "gone", &none);
	add_tree_entry(&text, "100644", "here", &blob);
	oid = make_object("r", "tree", text.ptr, text.len);
	cr_assert_eq(walk(&oid, "", &tree, &absent, &err), 0);
	cr_assert_str_eq(buf_cstr(&absent), "gone/\n");
	cr_assert_eq(tree.n, 1);
	cr_assert_eq(walk(&none, "", &tree, &absent, &err), 0);
	cr_assert_str_eq(buf_cstr(&absent), "gone/\n(the top folder)\n");
	tree_release(&tree);
}

Test(objects, damaged_folder_is_an_error)
{
	const struct oid top = oid_of("r", "HEAD^{tree}"), src = oid_of("r", "HEAD:src");

	sh("echo x >x; cp -f x %s", object_path("r", &src));
	tree_bad(&top);
}

/* A tree that holds `n` times the tree below, and so on `levels` times. */
static struct oid bomb(struct oid at, int levels, int n, const char *name)
{
	for (int level = 0; level < levels; level++) {
		AUTO_BUF struct buf text = BUF_INIT;

		for (int i = 0; i < n; i++)
			add_tree_entry(&text, "40000", arena_strf(&arena, "%s%d", name, i).ptr, &at);
		at = make_object("r", "tree", text.ptr, text.len);
	}
	return at;
}

Test(objects, folders_within_folders_end)
{
	const struct oid empty = make_object("r", "tree", "", 0);
	const struct oid deep = bomb(empty, 300, 1, "d");

	cr_assert_not_null(strstr(tree_bad(&deep).message, "too many folders"));
}

Test(objects, tree_that_holds_itself_in_copies_ends)
{
	static const char *const name =	/* 240 bytes, so that a few million paths are too many bytes */
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
	AUTO_BUF struct buf text = BUF_INIT;
	const struct oid blob = empty_blob();
	struct oid oid;

	add_tree_entry(&text, "100644", "f", &blob);
	oid = make_object("r", "tree", text.ptr, text.len);
	oid = bomb(oid, 10, 10, name);
	must_end_within(120);
	cr_assert_not_null(strstr(tree_bad(&oid).message, "too many"));
}

Test(objects, tree_of_empty_folders_in_copies_ends)
{
	const struct oid empty = make_object("r", "tree", "", 0);
	const struct oid oid = bomb(empty, 12, 10, "d");

	must_end_within(120);
	cr_assert_not_null(strstr(tree_bad(&oid).message, "too many"));
}

Test(objects, path_longer_than_the_limit_is_an_error)
{
	AUTO_BUF struct buf name = BUF_INIT;
	const struct oid empty = make_object("r", "tree", "", 0);
	struct oid oid;

	for (size_t i = 0; i < 40000; i++)
		buf_add_char(&name, 'x');
	oid = bomb(empty, 2, 1, buf_cstr(&name));
	cr_assert_not_null(strstr(tree_bad(&oid).message, "path that is too long"));
}

/* --- walking --- */

Test(objects, walk_finds_among_many_tips)
{
	const struct oid tree = oid_of("r", "HEAD^{tree}"), base = oid_of("r", "HEAD");
	struct commit_walk *w;
	struct oid oid;

	sh("cd r; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do "
	   "GIT_COMMITTER_DATE=\"@$((1700000000 + i * 7919 %% 101)) +0000\" git update-ref "
	   "refs/heads/b$i $(git commit-tree -m $i -p HEAD %s); done", oid_text(&tree));
	w = commit_walk_new(the_repo(), &base, 1700086400);
	for (int i = 1; i <= 17; i++) {
		oid = oid_of("r", arena_strf(&arena, "b%d", i).ptr);
		commit_walk_push(w, &oid);
		commit_walk_push(w, &oid);
	}
	cr_assert_eq(commit_walk_find(w), TRI_YES);
	commit_walk_free(w);
	w = commit_walk_new(the_repo(), &base, 1700086400);
	cr_assert_eq(commit_walk_find(w), TRI_NO);
	oid = oid_of("r", "HEAD:README");
	commit_walk_push(w, &oid);
	cr_assert_eq(commit_walk_find(w), TRI_UNKNOWN);
	commit_walk_free(w);
}

Test(objects, walk_ends_at_the_beginning)
{
	const struct oid none = { { 1 } }, head = oid_of("r", "HEAD");
	struct commit_walk *w = commit_walk_new(the_repo(), &none, 0);

	commit_walk_push(w, &head);
	cr_assert_eq(commit_walk_find(w), TRI_NO);
	commit_walk_free(w);
}
