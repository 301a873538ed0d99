#include "input/gitarchive.h"

#include <criterion/criterion.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "input/origin.h"
#include "input/tartap.h"
#include "support/repo.h"
#include "support/run.h"

TestSuite(gitarchive, .init = scratch_begin, .fini = scratch_end);

/* The structure of what git itself writes. */
static struct sha256 structure_of(const char *tar, char *comment)
{
	AUTO_BUF struct buf bytes = BUF_INIT;
	struct tartap tap;
	struct sha256 out;

	file_read(tar, &bytes);
	tartap_init(&tap);
	tartap_feed(&tap, (const uint8_t *)bytes.ptr, bytes.len);
	cr_assert(tartap_structure(&tap, &out));
	memcpy(comment, tap.comment, sizeof(tap.comment));
	tartap_release(&tap);
	return out;
}

/* The artifact's side: what the tag holds, with sizes and targets. */
static void fill_artifact(struct result *r, struct repo *repo, struct tree *out)
{
	for (size_t i = 0; i < r->origin_tree.n; i++) {
		const struct entry *o = &r->origin_tree.v[i];
		AUTO_BUF struct buf content = BUF_INIT;
		struct error err = ERROR_INIT;
		enum object_type type;
		struct entry *e;

		if (o->type == ENTRY_GITLINK || (o->flags & ENTRY_EXPORT_IGNORE))
			continue;
		cr_assert_eq(repo_object(repo, &o->oid, UINT32_MAX, &type, &content, &err), 1);
		e = tree_add(out);
		*e = *o;
		e->size = content.len;
		if (o->type == ENTRY_LINK)
			e->target = arena_str(&r->arena, buf_str(&content)).ptr;
	}
}

enum outcome { UNABLE, OTHER, SAME };

/* Loads a tag through the origin, as an audit does. */
static enum outcome archived(const char *rev, const char *prefix, const char *options,
			   unsigned int umask_bits)
{
	struct result r;
	struct origin g;
	struct tree artifact = TREE_INIT;
	struct error err = ERROR_INIT;
	const struct origin_options o = { .git = "r", .tag = rev };
	struct gitarchive a = { .umask = umask_bits, .prefix = str_from(prefix) };
	struct sha256 theirs, ours;
	char comment[OID_COMMENT_MAX + 1];
	bool able;

	sh("git -C r %s archive --format=tar --prefix='%s' %s >out.tar", options, prefix, rev);
	theirs = structure_of("out.tar", comment);
	result_init(&r);
	cr_assert_eq(origin_open(&g, &o, &r, &err), 0, "%s", err.message);
	cr_assert_eq(origin_choose(&g, &err), 0, "%s", err.message);
	cr_assert_eq(origin_load(&g, &err), 0, "%s", err.message);
	fill_artifact(&r, g.repo, &artifact);
	a.origin = &r.origin_tree;
	a.artifact = &artifact;
	a.commit = str_from(comment);
	a.mtime = g.commit.facts.committer_time;
	able = gitarchive_structure(&a, &ours);
	tree_release(&artifact);
	origin_release(&g);
	result_release(&r);
	return !able ? UNABLE : memcmp(ours.bytes, theirs.bytes, SHA256_SIZE) == 0 ? SAME : OTHER;
}

static void expect_same(void)
{
	cr_assert_eq(SAME, archived("v1", "", "", 002));
	cr_assert_eq(SAME, archived("v1", "hello-1.2/", "", 002));
}

static void tagged(void)
{
	make_commit("r", "all");
	make_tag("r", "v1");
}

Test(gitarchive, files_folders_and_executables_are_as_git_writes_them)
{
	make_repo("r");
	sh("cd r; echo a >a; mkdir -p d/e/f g; echo 1 >d/1; echo 2 >d/e/f/2; : >d/e/empty; echo g >g/g;"
	   "echo x >d.c; echo y >d-e; chmod +x d/1 d.c; head -c 512 /dev/zero >block;"
	   "head -c 30000 /dev/zero >g/large");
	tagged();
	expect_same();
}

Test(gitarchive, empty_tree_is_as_git_writes_it)
{
	make_repo("r");
	tagged();
	expect_same();
}

Test(gitarchive, prefix_of_several_levels_is_one_folder)
{
	make_repo("r");
	sh("cd r; mkdir -p d; echo a >d/a");
	tagged();
	cr_assert_eq(SAME, archived("v1", "a/b/c/", "", 002));
}

Test(gitarchive, every_length_of_path_is_as_git_writes_it)
{
	make_repo("r");
	/* One folder name of every kind of length, and files at the edges of the fields. */
	sh("cd r; for n in 97 98 99 100 101 102 150 154 155 156 157 200 249; do "
	   "  f=$(printf '%%0*d' $n 7); echo $n >$f; done");
	tagged();
	expect_same();
}

Test(gitarchive, deep_paths_are_split_or_extended_as_git_does)
{
	make_repo("r");
	sh("cd r; p=$(printf '%%049d' 1); d=.; for i in 1 2 3 4; do d=$d/$p; mkdir -p $d; echo $i >$d/f; "
	   "echo x >$d/$(printf '%%099d' 2); echo x >$d/$(printf '%%0100d' 2); "
	   "echo x >$d/$(printf '%%0101d' 2); done");
	tagged();
	expect_same();
}

Test(gitarchive, folder_that_needs_an_extended_header_is_not_claimed)
{
	/* Its header's name holds the id of its tree. */
	make_repo("r");
	sh("cd r; p=$(printf '%%090d' 1); mkdir -p $p/$p/$p; echo x >$p/$p/$p/f");
	tagged();
	cr_assert_eq(UNABLE, archived("v1", "", "", 002));
	sh("rm -rf r");
	make_repo("r");
	sh("cd r; mkdir $(printf '%%0120d' 1); echo x >$(echo 0*)/f");
	tagged();
	cr_assert_eq(UNABLE, archived("v1", "", "", 002));
	sh("rm -rf r");
	make_repo("r");
	sh("cd r; mkdir $(printf '%%099d' 1); echo x >$(echo 0*)/f");
	tagged();
	cr_assert_eq(SAME, archived("v1", "", "", 002));
}

Test(gitarchive, links_with_targets_of_any_length)
{
	make_repo("r");
	sh("cd r; ln -s short a; for n in 99 100 101 255 256 900; do ln -s $(printf '%%0*d' $n 3) l$n; done;"
	   "ln -s ../x \"$(printf '%%0120d' 1)\"; ln -s $(printf '%%0300d' 3) \"$(printf '%%0121d' 1)\"");
	tagged();
	expect_same();
}

Test(gitarchive, gitlink_is_an_empty_folder)
{
	make_hello("s");
	make_repo("r");
	sh("cd r; echo a >a; echo z >z; git add .; git update-index --add --cacheinfo "
	   "160000,$(git -C ../s rev-parse HEAD),mod/sub; git commit -q -m m; git tag -a -m v1 v1");
	expect_same();
}

Test(gitarchive, names_that_are_no_text)
{
	make_repo("r");
	file_text("r/\xff\xfe", "x");
	file_text("r/d\xc3/a b\n\x01", "x");
	file_text("r/d/'q\"", "x");
	tagged();
	expect_same();
}

Test(gitarchive, ignored_file_is_left_out)
{
	make_repo("r");
	sh("cd r; echo a >a; mkdir d e; echo 1 >d/1; echo 2 >d/2; echo 3 >e/3;"
	   "printf '.gitattributes export-ignore\\nd/1 export-ignore\\n' >.gitattributes");
	tagged();
	expect_same();
}

Test(gitarchive, ignored_folder_is_left_out_with_all_in_it)
{
	make_repo("r");
	sh("cd r; echo a >a; mkdir -p d/sub e/f; echo 1 >d/1; echo 2 >d/sub/2; echo 3 >e/f/3; echo 4 >e/4;"
	   "printf 'd export-ignore\\n/e/f/ export-ignore\\n' >.gitattributes");
	tagged();
	expect_same();
}

Test(gitarchive, folder_whose_files_are_all_ignored_is_as_git_writes_it)
{
	make_repo("r");
	sh("cd r; echo a >a; mkdir -p d/sub e/f/g z; echo 1 >d/1; echo 2 >d/sub/2; echo 3 >e/f/g/3; echo z >z/z;"
	   "printf 'd/* export-ignore\\ne/**/3 export-ignore\\n' >.gitattributes");
	tagged();
	expect_same();
}

Test(gitarchive, attributes_within_a_folder_hide_in_that_folder)
{
	make_repo("r");
	sh("cd r; mkdir -p a/b c; echo x >a/b/x; echo y >a/y; echo x >c/x; echo q >q;"
	   "printf 'x export-ignore\\n' >a/.gitattributes; printf '* export-ignore\\n' >c/.gitattributes");
	tagged();
	expect_same();
}

Test(gitarchive, umask_is_the_configured_one)
{
	make_repo("r");
	sh("cd r; mkdir d; echo a >d/a; echo b >b; chmod +x b");
	tagged();
	umask(022);
	cr_assert_eq(SAME, archived("v1", "p/", "-c tar.umask=user", 022));
	cr_assert_eq(SAME, archived("v1", "p/", "-c tar.umask=0", 0));
	cr_assert_eq(SAME, archived("v1", "p/", "-c tar.umask=077", 077));
	cr_assert_eq(OTHER, archived("v1", "p/", "-c tar.umask=077", 002));
}

Test(gitarchive, what_the_artifact_lacks_is_not_claimed)
{
	struct tree origin = TREE_INIT, artifact = TREE_INIT;
	const struct gitarchive g = { .origin = &origin, .artifact = &artifact };
	struct entry *e = tree_add(&origin);
	struct sha256 out;

	e->path = "a";
	e->path_len = 1;
	cr_assert(!gitarchive_structure(&g, &out));
	*tree_add(&artifact) = *e;
	cr_assert(gitarchive_structure(&g, &out));
	artifact.v[0].size = 077777777777 + 1ull;
	cr_assert(!gitarchive_structure(&g, &out));
	/* What comes out of a submodule is in no archive of git's. */
	origin.v[0].flags |= ENTRY_SUBMODULE;
	cr_assert(gitarchive_structure(&g, &out));
	tree_release(&origin);
	tree_release(&artifact);
}

Test(gitarchive, link_without_target_is_harmless)
{
	struct tree origin = TREE_INIT, artifact = TREE_INIT;
	const struct gitarchive g = { .origin = &origin, .artifact = &artifact };
	struct entry *e = tree_add(&origin);
	struct sha256 out;

	*e = (struct entry){ .path = "a", .path_len = 1, .type = ENTRY_LINK };
	*tree_add(&artifact) = *e;
	cr_assert(gitarchive_structure(&g, &out));
	tree_release(&origin);
	tree_release(&artifact);
}
