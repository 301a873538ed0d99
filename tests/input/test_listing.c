#include "input/listing.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "support/repo.h"
#include "support/run.h"

#define ID "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"

static struct arena arena;
static struct tree tree;

static void end(void)
{
	tree_release(&tree);
	arena_release(&arena);
}

static void end_scratch(void)
{
	end();
	scratch_end();
}

TestSuite(listing, .fini = end);
TestSuite(listing_file, .init = scratch_begin, .fini = end_scratch);

static void parse_ok(struct str text)
{
	struct error err = ERROR_INIT;

	tree.n = 0;
	cr_assert_eq(listing_parse(text, &arena, &tree, &err), 0, "%s", err.message);
}

static struct error parse_bad(struct str text)
{
	struct error err = ERROR_INIT;

	tree.n = 0;
	cr_assert_eq(listing_parse(text, &arena, &tree, &err), -1, "%.*s", STR_FMT(text));
	cr_assert_eq(err.code, ERROR_INPUT);
	cr_assert_neq(err.hint[0], '\0');
	return err;
}

Test(listing, long_form_tells_sizes)
{
	parse_ok(STR("100644 blob " ID "       0\tempty\n"
		     "100755 blob " ID " 1234567\tbin/run\n"
		     "120000 blob " ID "       4\tlink\n"
		     "160000 commit " ID "       -\tsub\n"
		     "100664 blob " ID "      12\told\n"));
	cr_assert_eq(tree.n, 5);
	cr_assert_str_eq(tree.v[0].path, "empty");
	cr_assert(tree.v[0].type == ENTRY_FILE && tree.v[0].mode == 0644);
	cr_assert_eq(tree.v[0].flags, ENTRY_HAS_OID | ENTRY_HAS_SIZE);
	cr_assert_str_eq(oid_text(&tree.v[0].oid), ID);
	cr_assert(tree.v[1].mode == 0755 && tree.v[1].size == 1234567);
	cr_assert(tree.v[2].type == ENTRY_LINK && tree.v[2].size == 4 && tree.v[2].mode == 0);
	cr_assert(tree.v[3].type == ENTRY_GITLINK && tree.v[3].flags == ENTRY_HAS_OID);
	cr_assert(tree.v[4].mode == 0644 && tree.v[4].size == 12);
}

Test(listing, short_form_has_no_sizes)
{
	parse_ok(STR("100644 blob " ID "\ta b\tc\n"));
	cr_assert_eq(tree.n, 1);
	cr_assert_str_eq(tree.v[0].path, "a b\tc");
	cr_assert_eq(tree.v[0].flags, ENTRY_HAS_OID);
}

Test(listing, last_line_needs_no_end)
{
	parse_ok(STR("100644 blob " ID "\ta\n100644 blob " ID "\tb"));
	cr_assert_eq(tree.n, 2);
	cr_assert_str_eq(tree.v[1].path, "b");
}

Test(listing, nul_form_takes_paths_as_they_are)
{
	parse_ok(STR("100644 blob " ID "\ta\nb\0" "100644 blob " ID " 3\t\"q\\n\"\0"
		     "100644 blob " ID "\t\xff\r\0"));
	cr_assert_eq(tree.n, 3);
	cr_assert_str_eq(tree.v[0].path, "a\nb");
	cr_assert_str_eq(tree.v[1].path, "\"q\\n\"");
	cr_assert_str_eq(tree.v[2].path, "\xff\r");
	parse_ok(STR("100644 blob " ID "\ta\0" "100644 blob " ID "\tb"));
	cr_assert_eq(tree.n, 2);
}

Test(listing, quoted_paths_are_bytes)
{
	parse_ok(STR("100644 blob " ID "\t\"a\\tb\\nc\\\"d\\\\e\\a\\b\\v\\f\\r\"\n"
		     "100644 blob " ID "\t\"\\303\\244\\000\\377x\"\n"
		     "100644 blob " ID "\t\"\n"
		     "100644 blob " ID "\ta\"b\"\n"));
	cr_assert_eq(tree.n, 4);
	cr_assert_str_eq(tree.v[0].path, "a\tb\nc\"d\\e\a\b\v\f\r");
	cr_assert(str_eq(entry_path(&tree.v[1]), STR("\xc3\xa4\0\xffx")));
	cr_assert_str_eq(tree.v[2].path, "\"");
	cr_assert_str_eq(tree.v[3].path, "a\"b\"");
}

Test(listing, badly_quoted_paths_are_errors)
{
	static const char *const paths[] = {
		"\"a", "\"a\\\"", "\"\\q\"", "\"\\12\"", "\"\\1\"", "\"\\129\"", "\"\\400\"", "\"\\",
		"\"\\778\"", "\"\\38a\"",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct str text = arena_strf(&arena, "100644 blob " ID "\t%s\n", paths[i]);

		cr_assert_not_null(strstr(parse_bad(text).message, "quoted"), "%s", paths[i]);
	}
}

Test(listing, size_of_an_absent_blob_is_not_known)
{
	parse_ok(STR("100644 blob " ID "     BAD\ta\n"));
	cr_assert_eq(tree.v[0].flags, ENTRY_HAS_OID);
}

Test(listing, line_ends_of_another_system_are_no_part_of_paths)
{
	parse_ok(STR("100644 blob " ID " 1\ta\r\n\r\n100755 blob " ID " 1\tb\r\n"));
	cr_assert_eq(tree.n, 2);
	cr_assert_str_eq(tree.v[0].path, "a");
	cr_assert_str_eq(tree.v[1].path, "b");
}

Test(listing, folders_of_a_listing_with_t_say_nothing)
{
	parse_ok(STR("040000 tree " ID "       -\ta\n100644 blob " ID " 0\ta/b\n"));
	cr_assert_eq(tree.n, 1);
	cr_assert_str_eq(tree.v[0].path, "a/b");
}

Test(listing, empty_one_is_an_error)
{
	cr_assert_not_null(strstr(parse_bad(STR("")).message, "empty"));
	cr_assert_not_null(strstr(parse_bad(STR("\n\r\n\n")).message, "empty"));
	cr_assert_not_null(strstr(parse_bad((struct str){ NULL, 0 }).message, "empty"));
	/* Without -r there are folders alone. */
	cr_assert_not_null(strstr(parse_bad(STR("040000 tree " ID "\ta\n")).message, "folders"));
}

Test(listing, garbage_is_an_error_with_its_line)
{
	static const struct { const char *line, *message; } cases[] = {
		{ "garbage", "line 2: no tab" },
		{ "\tpath", "line 2: mode, type and id" },
		{ "100644 blob\tpath", "line 2: mode, type and id" },
		{ "100645 blob " ID "\ta", "line 2: unknown mode" },
		{ "040000 blob " ID "\ta", "line 2: unknown mode" },
		{ "100644 blob e69de29\ta", "line 2: an id of 40" },
		{ "100644 blob z69de29bb2d1d6434b8b29ae775ad8c2e48c5391\ta", "line 2: an id of 40" },
		{ "100644 blob " ID " x\ta", "line 2: a size" },
		{ "100644 blob " ID " -1\ta", "line 2: a size" },
		{ "100644 blob " ID " 1234567890123456789\ta", "line 2: a size" },
		{ "100644 blob " ID " 1\t", "line 2: a path" },
		{ "100644 blob " ID "\t\"\"", "line 2: a path" },
		{ "100644 blob 473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813 1\ta",
		  "SHA-256" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct str text = arena_strf(&arena, "100644 blob " ID " 1\tok\n%s\n",
						   cases[i].line);
		const struct error err = parse_bad(text);

		cr_assert_not_null(strstr(err.message, cases[i].message), "%s: %s", cases[i].line,
				   err.message);
	}
}

Test(listing, binary_garbage_is_an_error)
{
	char bytes[4096];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 167 + i / 7);
	parse_bad(str_of(bytes, sizeof(bytes)));
	memset(bytes, 0, sizeof(bytes));
	parse_bad(str_of(bytes, sizeof(bytes)));
}

Test(listing, path_beyond_the_limit_is_an_error)
{
	AUTO_BUF struct buf text = BUF_INIT;

	buf_add_cstr(&text, "100644 blob " ID "\t");
	memset(buf_reserve(&text, LIMIT_PATH + 1), 'x', LIMIT_PATH + 1);
	text.len += LIMIT_PATH;
	parse_ok(buf_str(&text));
	text.len++;
	parse_bad(buf_str(&text));
}

Test(listing, holds_a_hundred_thousand_lines)
{
	AUTO_BUF struct buf text = BUF_INIT;

	for (int i = 0; i < 100000; i++)
		buf_addf(&text, "100644 blob " ID " %7d\tdir%d/file%d\n", i, i / 100, i);
	parse_ok(buf_str(&text));
	cr_assert_eq(tree.n, 100000);
	cr_assert_str_eq(tree.v[99999].path, "dir999/file99999");
	cr_assert_eq(tree.v[99999].size, 99999);
}

static void expect_same_as_git(const char *options)
{
	struct error err = ERROR_INIT;

	sh("git -C r ls-tree -r --full-tree %s HEAD >list", options);
	tree.n = 0;
	cr_assert_eq(listing_read("list", &arena, &tree, &err), 0, "%s", err.message);
	tree_sort(&tree, NULL, NULL);
	cr_assert_eq(tree.n, 4, "%s", options);
	cr_assert(str_eq(entry_path(&tree.v[2]), STR("src/main.c")));
	cr_assert(str_eq(entry_path(&tree.v[3]), STR("\xc3\xa4 \"\n\xff")), "%s", options);
}

Test(listing_file, reads_what_git_writes)
{
	make_hello("r");
	file_text("r/\xc3\xa4 \"\n\xff", "x");
	sh("ln -s README r/link");
	make_commit("r", "odd");
	expect_same_as_git("");
	expect_same_as_git("-l");
	expect_same_as_git("-z");
	expect_same_as_git("-z -l");
	expect_same_as_git("-t -l");
	sh("git -C r config core.quotePath false");
	expect_same_as_git("-l");
}

Test(listing_file, errors_name_the_file)
{
	struct error err = ERROR_INIT;

	cr_assert_eq(listing_read("none", &arena, &tree, &err), -1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
	cr_assert_not_null(strstr(err.message, "listing none"));
	cr_assert_eq(listing_read(".", &arena, &tree, &err), -1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
	file_text("list", "garbage\n");
	cr_assert_eq(listing_read("list", &arena, &tree, &err), -1);
	cr_assert_eq(err.code, ERROR_INPUT);
	cr_assert_not_null(strstr(err.message, "listing list: line 1:"), "%s", err.message);
}

Test(listing_file, file_beyond_the_limit_is_an_error)
{
	struct error err = ERROR_INIT;

	sh("truncate -s %zu list", LIMIT_LISTING + 1);
	cr_assert_eq(listing_read("list", &arena, &tree, &err), -1);
	cr_assert_eq(err.code, ERROR_INPUT);
	cr_assert_not_null(strstr(err.message, "larger than"), "%s", err.message);
}
