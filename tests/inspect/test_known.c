#include "inspect/known.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "inspect/macro.h"
#include "support/repo.h"
#include "support/run.h"

#define ID_A "1111111111111111111111111111111111111111"
#define ID_B "2222222222222222222222222222222222222222"
#define ID_OTHER "3333333333333333333333333333333333333333"

#define NAMES                                                                       \
	"# tarproof-known 2026-01-02 0123456789abcdef0123456789abcdef01234567\n"    \
	"# a alpha 2026-01-02 " ID_A "\n# b beta 2025-01-01 " ID_B "\n"             \
	"compile b - -\nlibthing.m4 b 9 r\nthing.m4 a 5 -\n"

static const char MACRO[] = "# thing.m4 serial 5\nAC_DEFUN([AL_THING], [echo thing])\n";

static struct known_store *store;

static void write_digest(const char *path, const char *text)
{
	char digest[MACRO_DIGEST + 2];

	cr_assert(macro_digest(str_from(text), true, digest));
	strcat(digest, "\n");
	file_text(path, digest);
}

static void write_store(void)
{
	file_text("known/names", NAMES);
	file_text("known/contents", ID_A " a\n" ID_B " b\n");
	write_digest("known/normalised", MACRO);
	write_digest("known/definitions", "m4_define([AC_OUTPUT], [x])");
}

static void begin(void)
{
	struct error err = ERROR_INIT;

	scratch_begin();
	write_store();
	store = known_open_at("known", &err);
	cr_assert(store, "%s", err.message);
}

static void end(void)
{
	known_close(store);
	scratch_end();
}

TestSuite(known, .init = begin, .fini = end);
TestSuite(known_bad, .init = scratch_begin, .fini = scratch_end);

Test(known, contents_are_found_with_their_project)
{
	const struct oid a = oid_from(ID_A), b = oid_from(ID_B), other = oid_from(ID_OTHER);
	const char *project = NULL;

	cr_assert(known_content(store, &a, &project));
	cr_assert_str_eq(project, "alpha");
	cr_assert(known_content(store, &b, &project));
	cr_assert_str_eq(project, "beta");
	cr_assert_not(known_content(store, &other, &project));
}

Test(known, names_have_owner_serial_and_kind)
{
	struct known_name n;

	cr_assert(known_name(store, STR("thing.m4"), &n));
	cr_assert_str_eq(n.project, "alpha");
	cr_assert_eq(n.serial, 5);
	cr_assert_not(n.release_only);
	cr_assert(known_name(store, STR("compile"), &n));
	cr_assert_eq(n.serial, -1);
	cr_assert(known_name(store, STR("libthing.m4"), &n));
	cr_assert(n.release_only);
	cr_assert_not(known_name(store, STR("thing"), &n));
	cr_assert_not(known_name(store, STR(""), &n));
	cr_assert_not(known_name(store, STR("zzz"), &n));
	cr_assert_not(known_name(store, STR("#"), &n), "the head is no name");
}

Test(known, normalised_texts_and_definitions_are_found)
{
	cr_assert(known_normalised(store, str_from(MACRO)));
	cr_assert(known_normalised(store, STR("AC_DEFUN([AL_THING], [echo thing])\n")));
	cr_assert_not(known_normalised(store, STR("AC_DEFUN([AL_THING], [echo things])\n")));
	cr_assert(known_definition(store, STR("m4_define([AC_OUTPUT], [x])")));
	cr_assert_not(known_definition(store, STR("m4_define([AC_OUTPUT], [y])")));
	cr_assert_not(known_definition(store, STR("")));
}

Test(known, the_version_is_name_date_and_digest)
{
	cr_assert(str_eq(known_version(store), STR("tarproof-known 2026-01-02 "
						   "0123456789abcdef0123456789abcdef01234567")));
	cr_assert(str_eq(known_date(store), STR("2026-01-02")));
}

static void refuse(const char *file, const char *text)
{
	struct error err = ERROR_INIT;

	write_store();
	file_text(file, text);
	cr_assert_null(known_open_at("known", &err), "%s: %s", file, text);
	cr_assert_neq(err.code, ERROR_NONE);
}

Test(known_bad, a_store_that_is_cut_off_or_of_another_kind_is_refused)
{
	refuse("known/contents", ID_A " a\n" ID_B " b");
	refuse("known/contents", ID_A " a\n" ID_B "\n");
	refuse("known/contents", "");
	refuse("known/normalised", "short\n");
	refuse("known/definitions", "short\n");
	refuse("known/names", "thing.m4 a 5 -\n");
	refuse("known/names", "# tarproof-known\n");
	refuse("known/names", "# tarproof-known 2026-01-02 0\n# ? alpha\n");
}

Test(known_bad, damaged_names_are_looked_up_without_harm)
{
	static const char text[] = NAMES;
	struct known_name n;

	write_store();
	for (size_t i = 0; i < (sizeof(text) - 1) * 8; i++) {
		struct error err = ERROR_INIT;
		char damaged[sizeof(text)];
		memcpy(damaged, text, sizeof(text));
		damaged[i / 8] = (char)(damaged[i / 8] ^ (1 << (i % 8)));
		file_write("known/names", damaged, sizeof(text) - 1 - i % 3);
		struct known_store *k = known_open_at("known", &err);
		if (k) {
			known_name(k, STR("thing.m4"), &n);
			known_name(k, STR("compile"), &n);
		}
		known_close(k);
	}
}

Test(known_bad, a_store_that_is_asked_for_and_missing_is_an_error)
{
	struct error err = ERROR_INIT;

	setenv("TARPROOF_KNOWN", "nowhere", 1);
	cr_assert_null(known_open(&err));
	cr_assert(strstr(err.message, "nowhere"));
}

/* The store that is shipped. */

static struct known_store *shipped(void)
{
	struct error err = ERROR_INIT;
	struct known_store *k = known_open_at(TESTS_DIR "/../data/known", &err);

	cr_assert(k, "%s", err.message);
	return k;
}

Test(known_shipped, is_found_by_a_program_in_a_build_tree)
{
	struct error err = ERROR_INIT;

	unsetenv("TARPROOF_KNOWN");
	struct known_store *k = known_open(&err);
	/* A build folder may be anywhere: then an installed one is asked for. */
	cr_assert(k || strstr(err.message, "known"), "%s", err.message);
	known_close(k);
}

Test(known_shipped, owners_of_well_known_names_are_right)
{
	static const char *const owners[][2] = {
		{ "build-to-host.m4", "gnulib" }, { "install-sh", "automake" },
		{ "config.guess", "gnu-config" }, { "Makefile.in.in", "gettext" },
		{ "ltmain.sh", "libtool" }, { "ax_pthread.m4", "autoconf-archive" },
		{ "texinfo.tex", "texinfo" }, { "gtk-doc.make", "gtk-doc" },
	};
	struct known_store *k = shipped();
	struct known_name n;

	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++) {
		cr_assert(known_name(k, str_from(owners[i][0]), &n), "%s", owners[i][0]);
		cr_assert_str_eq(n.project, owners[i][1]);
	}
	known_close(k);
}

Test(known_shipped, names_that_each_project_has_are_owned_by_nobody)
{
	static const char *const names[] = { "Makefile.in", "configure.ac", "README", "version.m4",
					     "acinclude.m4", "aclocal.m4", "gnulib-comp.m4",
					     "gnulib-cache.m4", ".gitignore", "ChangeLog" };
	struct known_store *k = shipped();
	struct known_name n;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cr_assert_not(known_name(k, str_from(names[i]), &n), "%s", names[i]);
	known_close(k);
}

Test(known_shipped, an_empty_file_is_no_known_content)
{
	const struct oid empty = oid_from("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
	struct known_store *k = shipped();

	cr_assert_not(known_content(k, &empty, NULL));
	cr_assert_not(known_normalised(k, STR("")));
	cr_assert_not(known_normalised(k, STR("# comment\n")));
	known_close(k);
}

/* Whether the lines are sorted, each once, and each found. */
static void all_found(const char *file, bool (*found)(const struct known_store *, struct str))
{
	struct known_store *k = shipped();
	struct buf text = BUF_INIT;
	struct str rest, line, last = STR("");
	size_t bad = 0;

	file_read(file, &text);
	for (rest = buf_str(&text); str_next_line(&rest, &line);) {
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		bad += str_cmp(last, line) >= 0 || !found(k, line);
		last = line;
	}
	cr_assert_gt(last.len, 0);
	cr_assert_eq(bad, 0, "%zu lines of %s", bad, file);
	buf_release(&text);
	known_close(k);
}

static bool content_found(const struct known_store *k, struct str line)
{
	struct oid oid;
	const char *project;

	return hex_decode(str_first(line, OID_HEX), oid.bytes, OID_SIZE) &&
	       known_content(k, &oid, &project) && strcmp(project, "unknown") != 0;
}

static bool name_found(const struct known_store *k, struct str line)
{
	struct str name;
	struct known_name n;

	return str_next_word(&line, &name) && known_name(k, name, &n);
}

static bool is_digest(const struct known_store *k, struct str line)
{
	uint8_t bytes[MACRO_DIGEST / 2];

	(void)k;
	return hex_decode(line, bytes, sizeof(bytes));
}

Test(known_shipped, everything_in_it_is_sorted_and_found)
{
	all_found(TESTS_DIR "/../data/known/contents", content_found);
	all_found(TESTS_DIR "/../data/known/names", name_found);
	all_found(TESTS_DIR "/../data/known/normalised", is_digest);
	all_found(TESTS_DIR "/../data/known/definitions", is_digest);
}
