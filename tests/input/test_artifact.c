#include "input/artifact.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/pack.h"
#include "input/reading.h"
#include "support/run.h"

TestSuite(artifact, .init = scratch_begin, .fini = scratch_end, .timeout = 60);

/* A tar whose members the caller adds, read. */
static struct reading read_tar(struct buf *tar)
{
	struct reading g;

	tar_end(tar);
	g = reading_bytes("artifact.tar", buf_str(tar));
	buf_reset(tar);
	return g;
}

/* The leading folder */

static void has_lead(const char *const *names, const char *lead, size_t findings)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	for (; *names; names++) {
		const struct str name = str_from(*names);

		if (str_ends(name, STR("/")))
			tar_header(&tar, *names, '5', 0, 0755, NULL);
		else
			tar_file(&tar, *names, name);
	}
	{
		AUTO_READING struct reading g = read_tar(&tar);

		cr_assert_eq(g.status, 0, "%s", g.err.message);
		cr_assert(str_eq(g.r.artifact.lead, str_from(lead)), "'%.*s' is not '%s'",
			  STR_FMT(g.r.artifact.lead), lead);
		cr_assert_eq(reading_count(&g, RULE_TP107, NULL), findings);
	}
}

Test(artifact, leading_folder_is_stripped)
{
	has_lead((const char *[]){ "a-1/", "a-1/b", "a-1/c/d", NULL }, "a-1/", 0);
	has_lead((const char *[]){ "a-1/b", NULL }, "a-1/", 0);
	has_lead((const char *[]){ "./", "./a-1/", "./a-1/b", NULL }, "a-1/", 0);
	has_lead((const char *[]){ "a-1//b", "a-1/./c", NULL }, "a-1/", 0);
	has_lead((const char *[]){ "package/index.js", "package/package.json", NULL }, "package/", 0);
	has_lead((const char *[]){ "a/b/c/d", "a/b/c/e", NULL }, "a/", 0);
}

Test(artifact, members_without_one_folder_have_no_lead)
{
	has_lead((const char *[]){ "b", "c", NULL }, "", 1);
	has_lead((const char *[]){ "./b", "./c/d", NULL }, "", 1);
	has_lead((const char *[]){ "a-1/b", "a-2/b", NULL }, "", 1);
	has_lead((const char *[]){ "a-1/b", "c", NULL }, "", 1);
	has_lead((const char *[]){ "a-1", "a-1/b", NULL }, "", 1);
	has_lead((const char *[]){ "a-1/b", "a-2/", NULL }, "", 1);
	has_lead((const char *[]){ "../a", "../b", NULL }, "", 1);
	has_lead((const char *[]){ "b", NULL }, "", 1);
}

static struct entry *add_origin(struct tree *t, const char *path, struct str content)
{
	struct entry *e = tree_add(t);

	e->path = path;
	e->path_len = (uint32_t)strlen(path);
	e->type = ENTRY_FILE;
	e->mode = 0644;
	e->flags = ENTRY_HAS_OID | ENTRY_HAS_SIZE;
	e->size = content.len;
	e->oid = blob_id(content);
	return e;
}

Test(artifact, folder_of_the_origin_is_no_lead_when_more_matches_there)
{
	struct tree origin = TREE_INIT;
	AUTO_BUF struct buf tar = BUF_INIT;

	add_origin(&origin, "README", STR("readme"));
	add_origin(&origin, "src/a.c", STR("a"));
	add_origin(&origin, "src/b.c", STR("b"));
	tree_sort(&origin, NULL, NULL);
	tar_file(&tar, "src/a.c", STR("a"));
	tar_file(&tar, "src/b.c", STR("b"));
	tar_end(&tar);
	file_write("a.tar", tar.ptr, tar.len);
	{
		AUTO_READING struct reading g = reading_with("a.tar", (struct artifact_options){
			.expect = { .origin = &origin } });

		reading_is_fine(&g, 2);
		cr_assert_eq(g.r.artifact.lead.len, 0);
		reading_holds(&g, "src/a.c", STR("a"));
	}
	tree_release(&origin);
}

Test(artifact, lead_called_like_a_folder_of_the_origin_is_stripped)
{
	struct tree origin = TREE_INIT;
	AUTO_BUF struct buf tar = BUF_INIT;

	add_origin(&origin, "README", STR("readme"));
	add_origin(&origin, "hello/a.c", STR("a"));
	tree_sort(&origin, NULL, NULL);
	tar_file(&tar, "hello/README", STR("readme"));
	tar_file(&tar, "hello/hello/a.c", STR("a"));
	tar_end(&tar);
	file_write("a.tar", tar.ptr, tar.len);
	{
		AUTO_READING struct reading g = reading_with("a.tar", (struct artifact_options){
			.expect = { .origin = &origin } });

		reading_is_fine(&g, 2);
		cr_assert(str_eq(g.r.artifact.lead, STR("hello/")));
	}
	tree_release(&origin);
}

/* Members that are odd */

Test(artifact, hard_link_has_the_content_of_what_came_before)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	tar_file(&tar, "lead/a", STR("hello"));
	tar_header(&tar, "lead/b", '1', 0, 0644, "lead/a");
	tar_header(&tar, "lead/c", '1', 0, 0644, "./lead//b");
	{
		AUTO_READING struct reading g = read_tar(&tar);

		reading_is_fine(&g, 3);
		reading_holds(&g, "b", STR("hello"));
		reading_holds(&g, "c", STR("hello"));
		cr_assert(reading_entry(&g, "b")->flags & ENTRY_HARDLINK);
		cr_assert_eq(g.r.findings_n, 0);
	}
}

Test(artifact, hard_link_to_what_is_not_there_is_a_finding)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	tar_header(&tar, "lead/later", '1', 0, 0644, "lead/z");
	tar_header(&tar, "lead/never", '1', 0, 0644, "lead/nothing");
	tar_header(&tar, "lead/itself", '1', 0, 0644, "lead/itself");
	tar_header(&tar, "lead/out", '1', 0, 0644, "lead/../../etc/shadow");
	tar_header(&tar, "lead/link", '2', 0, 0777, "z");
	tar_header(&tar, "lead/to-link", '1', 0, 0644, "lead/link");
	tar_file(&tar, "lead/z", STR("hello"));
	{
		AUTO_READING struct reading g = read_tar(&tar);

		reading_is_fine(&g, 7);
		cr_assert_eq(reading_count(&g, RULE_TP104, NULL), 5);
		cr_assert_eq(reading_count(&g, RULE_TP102, "lead/out"), 1);
		cr_assert_not(reading_entry(&g, "later")->flags & ENTRY_HAS_OID);
	}
}

Test(artifact, symbolic_link_that_leaves_the_tree_is_a_finding)
{
	static const struct {
		const char *name, *target;
		bool leaves;
	} links[] = {
		{ "lead/a", "../outside", true }, { "lead/b", "/etc/passwd", true },
		{ "lead/d/c", "../a", false }, { "lead/d/e", "../../outside", true },
		{ "lead/f", "d/../../outside", true }, { "lead/g", "d/../h", false },
		{ "lead/i", ".", false }, { "lead/j", "..", true }, { "lead/k", "x/.//./../..", true },
		{ "lead/d/l", "./..", false },
	};
	AUTO_BUF struct buf tar = BUF_INIT;

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		tar_header(&tar, links[i].name, '2', 0, 0777, links[i].target);
	{
		AUTO_READING struct reading g = read_tar(&tar);

		reading_is_fine(&g, sizeof(links) / sizeof(links[0]));
		for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
			const struct entry *e = reading_entry(&g, links[i].name + 5);
			const struct oid want = blob_id(str_from(links[i].target));

			cr_assert_eq(reading_count(&g, RULE_TP108, links[i].name + 5), links[i].leaves,
				     "%s", links[i].name);
			cr_assert_str_eq(e->target, links[i].target);
			cr_assert(oid_eq(&e->oid, &want));
			cr_assert_eq(e->size, strlen(links[i].target));
		}
	}
}

Test(artifact, paths_that_lead_out_are_findings)
{
	static const char *const paths[] = {
		"/etc/passwd", "lead/../../x", "..", "../y", "lead/..", "a/..b", "...", "//x",
	};
	AUTO_BUF struct buf tar = BUF_INIT;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		tar_file(&tar, paths[i], STR("x"));
	{
		AUTO_READING struct reading g = read_tar(&tar);

		reading_is_fine(&g, 8);
		cr_assert_eq(reading_count(&g, RULE_TP102, NULL), 6);
		cr_assert_eq(reading_count(&g, RULE_TP102, "etc/passwd"), 1);
		cr_assert_eq(reading_count(&g, RULE_TP102, "a/..b"), 0);
	}
}

/* Names that are nothing but the top folder itself, beside a leading folder. */
Test(artifact, members_without_a_name_do_no_harm)
{
	static const char *const names[] = { ".", "/", "./.", "//", "././" };
	static const char types[] = { '0', '1', '2', '6' };

	for (size_t i = 0; i < 20; i++) {
		AUTO_BUF struct buf tar = BUF_INIT;

		tar_header(&tar, names[i / 4], types[i % 4], 0, 0644, "lead/a");
		tar_file(&tar, "lead/a", STR("hello"));
		{
			AUTO_READING struct reading g = read_tar(&tar);

			cr_assert_eq(g.status, 0, "%s of type %c: %s", names[i / 4], types[i % 4],
				     g.err.message);
			for (size_t k = 0; k < g.r.artifact_tree.n; k++)
				cr_assert_lt(g.r.artifact_tree.v[k].path_len, 10, "%s of type %c",
					     names[i / 4], types[i % 4]);
		}
	}
}

Test(artifact, special_files_are_findings)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	tar_header(&tar, "lead/char", '3', 0, 0644, NULL);
	tar_header(&tar, "lead/block", '4', 0, 0644, NULL);
	tar_header(&tar, "lead/fifo", '6', 0, 0644, NULL);
	{
		AUTO_READING struct reading g = read_tar(&tar);

		reading_is_fine(&g, 3);
		cr_assert_eq(reading_count(&g, RULE_TP103, NULL), 3);
		cr_assert_eq(reading_entry(&g, "fifo")->type, ENTRY_SPECIAL);
	}
}

Test(artifact, of_members_twice_the_last_one_counts)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	tar_file(&tar, "lead/same", STR("hello"));
	tar_file(&tar, "lead/other", STR("first"));
	tar_file(&tar, "lead/other", STR("second"));
	tar_file(&tar, "./lead//same", STR("hello"));
	tar_file(&tar, "lead/type", STR("target"));
	tar_header(&tar, "lead/type", '2', 0, 0777, "target");
	{
		AUTO_READING struct reading g = read_tar(&tar);
		const struct finding *f;

		reading_is_fine(&g, 3);
		cr_assert_eq(g.r.artifact.entries, 6);
		reading_holds(&g, "other", STR("second"));
		cr_assert_eq(reading_entry(&g, "type")->type, ENTRY_LINK);
		cr_assert_eq(reading_count(&g, RULE_TP101, NULL), 3);
		for (size_t i = 0; (f = reading_finding(&g, RULE_TP101, i)) != NULL; i++)
			cr_assert_eq(f->severity, str_eq(f->path, STR("same")) ? SEVERITY_HIGH :
				     SEVERITY_CRITICAL);
	}
}

/* What is kept */

static bool origin_size(void *ctx, const struct entry *e, uint64_t *size)
{
	(void)ctx;
	*size = e->size;
	return true;
}

Test(artifact, contents_that_the_origin_has_are_not_kept)
{
	struct tree origin = TREE_INIT;
	AUTO_BUF struct buf tar = BUF_INIT, got = BUF_INIT;
	struct error err = ERROR_INIT;

	add_origin(&origin, "README", STR("hello"));
	tar_file(&tar, "lead/README", STR("hello"));
	tar_file(&tar, "lead/moved", STR("hello"));
	tar_file(&tar, "lead/added", STR("other"));
	tar_end(&tar);
	file_write("a.tar", tar.ptr, tar.len);
	{
		AUTO_READING struct reading g = reading_with("a.tar", (struct artifact_options){
			.expect = { .origin = &origin, .size = origin_size } });

		reading_is_fine(&g, 3);
		cr_assert_eq(reading_entry(&g, "README")->content, CONTENT_NONE);
		cr_assert_eq(reading_entry(&g, "moved")->content, CONTENT_NONE);
		cr_assert_null(reading_entry(&g, "moved")->sha256);
		cr_assert_neq(reading_entry(&g, "added")->content, CONTENT_NONE);
		cr_assert_not_null(reading_entry(&g, "added")->sha256);
		cr_assert_eq(content_read(g.store, reading_entry(&g, "added")->content, 100, &got, &err),
			     0);
		cr_assert(str_eq(buf_str(&got), STR("other")));
	}
	tree_release(&origin);
}

Test(artifact, nothing_is_kept_without_an_origin)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	tar_file(&tar, "lead/README", STR("hello"));
	{
		AUTO_READING struct reading g = read_tar(&tar);

		reading_is_fine(&g, 1);
		cr_assert_eq(reading_entry(&g, "README")->content, CONTENT_NONE);
	}
}

/* A large file as long as the origin's: whether it came at once or in parts, and whatever else
 * is in the artifact, it is kept when it differs, and everything is said once. */
static void large_file(const char *path, struct str stored, struct str in_origin, bool kept)
{
	struct tree origin = TREE_INIT;

	add_origin(&origin, "README", STR("hello"));
	add_origin(&origin, "large", in_origin);
	tree_sort(&origin, NULL, NULL);
	{
		AUTO_READING struct reading g = reading_with(path, (struct artifact_options){
			.expect = { .origin = &origin, .size = origin_size } });
		const struct entry *e;

		reading_is_fine(&g, 3);
		reading_holds(&g, "large", stored);
		e = reading_entry(&g, "large");
		cr_assert_eq(e->content != CONTENT_NONE, kept);
		cr_assert_eq(reading_count(&g, RULE_TP103, NULL), 1);
		cr_assert_eq(g.r.artifact.entries, 3);
		if (kept) {
			AUTO_BUF struct buf got = BUF_INIT;
			struct error err = ERROR_INIT;

			cr_assert_eq(content_read(g.store, e->content, stored.len, &got, &err), 0);
			cr_assert(str_eq(buf_str(&got), stored));
		}
	}
	tree_release(&origin);
}

Test(artifact, large_file_of_the_same_size_is_kept_when_it_differs)
{
	AUTO_BUF struct buf a = BUF_INIT, b = BUF_INIT, tar = BUF_INIT;

	pack_noise(&a, 20 * MIB, 1);
	pack_noise(&b, 20 * MIB, 2);
	tar_header(&tar, "lead/fifo", '6', 0, 0644, NULL);
	tar_file(&tar, "lead/README", STR("hello"));
	tar_file(&tar, "lead/large", buf_str(&a));
	tar_end(&tar);
	file_write("large.tar", tar.ptr, tar.len);
	large_file("large.tar", buf_str(&a), buf_str(&b), true);
	large_file("large.tar", buf_str(&a), buf_str(&a), false);
	large_file("large.tar", buf_str(&a), str_first(buf_str(&a), 1), true);
	file_write("folder/large", a.ptr, a.len);
	file_text("folder/README", "hello");
	sh("mkfifo folder/fifo");
	large_file("folder", buf_str(&a), buf_str(&b), true);
	large_file("folder/", buf_str(&a), buf_str(&a), false);
}

/* Paths */

Test(artifact, what_is_not_there_is_an_error_of_the_system)
{
	AUTO_READING struct reading g = reading_of("missing.tar.gz");
	struct error err = ERROR_INIT;
	struct result r;

	reading_failed(&g, ERROR_SYSTEM, "missing.tar.gz", "check the path");
	result_init(&r);
	cr_assert_eq(artifact_peek("missing.tar.gz", &r, &err), -1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
	result_release(&r);
}

Test(artifact, what_is_neither_file_nor_folder_is_refused)
{
	sh("mkfifo pipe");
	{
		AUTO_READING struct reading g = reading_of("pipe");
		AUTO_READING struct reading h = reading_of("/dev/null");

		reading_failed(&g, ERROR_INPUT, "neither a file nor a folder", "");
		reading_failed(&h, ERROR_INPUT, "neither a file nor a folder", "");
	}
}

/* Root may read anything; so one test becomes somebody else. */
static bool be_nobody(void)
{
	return geteuid() != 0 || (setegid(65534) == 0 && seteuid(65534) == 0);
}

Test(artifact, unreadable_file_is_an_error_of_the_system)
{
	file_text("secret.tar", "x");
	sh("chmod 755 .; chmod 000 secret.tar");
	cr_assert(be_nobody());
	{
		AUTO_READING struct reading g = reading_of("secret.tar");

		reading_failed(&g, ERROR_SYSTEM, "secret.tar", "");
	}
	if (getuid() == 0)
		cr_assert(seteuid(0) == 0);
}

Test(artifact, name_is_the_last_component)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	tar_file(&tar, "lead/a", STR("x"));
	tar_end(&tar);
	file_write("sub/hello-1.2.tar", tar.ptr, tar.len);
	{
		AUTO_READING struct reading g = reading_of("sub/hello-1.2.tar");
		AUTO_READING struct reading h = reading_of("./sub//");

		reading_is_fine(&g, 1);
		cr_assert(str_eq(g.r.artifact.name, STR("hello-1.2.tar")));
		cr_assert(str_eq(g.r.artifact.path, STR("sub/hello-1.2.tar")));
		reading_is_fine(&h, 1);
		cr_assert(str_eq(h.r.artifact.name, STR("sub")), "%.*s", STR_FMT(h.r.artifact.name));
	}
}

Test(artifact, peek_takes_what_it_can_and_complains_of_nothing)
{
	struct error err = ERROR_INIT;
	struct result r;

	file_text("text", "no archive at all");
	file_text("empty", "");
	file_write("cut.gz", "\x1f\x8b\x08\0\0\0\0\0\0\0", 10);
	for (int i = 0; i < 4; i++) {
		static const char *const names[] = { "text", "empty", "cut.gz", "." };

		result_init(&r);
		cr_assert_eq(artifact_peek(names[i], &r, &err), 0, "%s: %s", names[i], err.message);
		cr_assert_eq(r.artifact.archive_commit.len, 0);
		cr_assert(str_eq(r.artifact.name, str_from(names[i])));
		result_release(&r);
	}
}
