/* Names, modes and times, by artifact_read(); and names that are taken for each other. */
#include "input/namelint.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "input/pack.h"
#include "input/reading.h"
#include "support/run.h"

TestSuite(namelint, .init = scratch_begin, .fini = scratch_end);

static struct tree origin;

static void in_tag(const char *path)
{
	struct entry *e = tree_add(&origin);

	e->path = path;
	e->path_len = (uint32_t)strlen(path);
	e->flags = ENTRY_HAS_OID;
	e->oid = blob_id(str_from(path));
	tree_sort(&origin, NULL, NULL);
}

/* Reads a tar of these files below one folder, each with its name as content, and says which
 * severity the rule has; -1 when it is not found. */
static int severity_of(enum rule_id rule, size_t n, const char *const *paths)
{
	AUTO_BUF struct buf tar = BUF_INIT, name = BUF_INIT;
	const struct finding *f;
	int severity;

	for (size_t i = 0; i < n; i++) {
		buf_reset(&name);
		buf_addf(&name, "p-1/%s", paths[i]);
		tar_file(&tar, buf_cstr(&name), str_from(paths[i]));
	}
	tar_file(&tar, "p-1/zz", STR("zz"));
	tar_end(&tar);
	file_write("a.tar", tar.ptr, tar.len);
	{
		AUTO_READING struct reading g = reading_with("a.tar", (struct artifact_options){
			.expect = { origin.n ? &origin : NULL, NULL, NULL } });

		cr_assert_eq(g.status, 0, "%s", g.err.message);
		f = reading_finding(&g, rule, 0);
		severity = f ? (int)f->severity : -1;
	}
	return severity;
}

#define SEVERITY_OF(rule, ...) \
	severity_of(rule, sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(const char *), \
		    (const char *const[]){ __VA_ARGS__ })

Test(namelint, control_characters_are_high)
{
	static const char *const bad[] = {
		"a\033[2J", "a\nb", "a\rb", "\177", "\001/x", "a\tb", "\302\205",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_eq(severity_of(RULE_TP110, 1, &bad[i]), SEVERITY_HIGH, "%zu", i);
	cr_assert_eq(SEVERITY_OF(RULE_TP110, "a b", "~", "Pr\303\270ve"), -1);
}

Test(namelint, control_characters_of_the_tag_are_medium)
{
	in_tag("Icon\r");
	cr_assert_eq(SEVERITY_OF(RULE_TP110, "Icon\r"), SEVERITY_MEDIUM);
	cr_assert_eq(SEVERITY_OF(RULE_TP110, "Icon\r", "other\r"), SEVERITY_HIGH);
}

Test(namelint, what_deceives_is_high)
{
	static const char *const bad[] = {
		"\342\200\256cod.txt", "a\342\201\246b", "conf\342\200\213igure", "\357\273\277README",
		"a\342\200\215b", "\342\200\214.gitignore", "a\302\255b", "README\342\200\217",
		"x\357\270\200\357\270\201\357\270\202.txt", "a\363\240\201\241\363\240\201\242",
		"\344\270\255\357\270\200\357\270\201\357\270\202\344\270\255",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_eq(severity_of(RULE_TP111, 1, &bad[i]), SEVERITY_HIGH, "%zu", i);
}

Test(namelint, orthography_and_emoji_are_silent)
{
	static const char *const good[] = {
		"Pr\303\270ve.flac", "\327\251\327\234\327\225\327\235.flac", "CCTV\345\244\247.txt",
		"\331\205\333\214\342\200\214\330\247.txt", "\342\235\244\357\270\217.png",
		"\360\237\221\251\342\200\215\360\237\222\273.png", "1\357\270\217\342\203\243.svg",
		"\360\237\221\201\357\270\217\342\200\215\360\237\227\250.png",
		"\327\251\342\200\217.txt", "snow \342\230\203",
		"\360\237\217\264\363\240\201\247\363\240\201\242\363\240\201\245\363\240\201\256"
		"\363\240\201\247\363\240\201\277.svg",
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		cr_assert_eq(severity_of(RULE_TP111, 1, &good[i]), -1, "%zu", i);
		cr_assert_eq(severity_of(RULE_TP110, 1, &good[i]), -1, "%zu", i);
	}
}

Test(namelint, repositories_within_are_critical_by_what_git_would_run)
{
	static const struct {
		const char *path;
		int severity;
	} cases[] = {
		{ "a/.git/config", SEVERITY_CRITICAL }, { ".git/hooks/pre-commit", SEVERITY_CRITICAL },
		{ "a/.GIT/config", SEVERITY_CRITICAL }, { "a/git~1/config", SEVERITY_CRITICAL },
		{ "a/.g\342\200\214it/config", SEVERITY_CRITICAL }, { "a/.git./config", SEVERITY_CRITICAL },
		{ ".git/modules/x/config", SEVERITY_CRITICAL }, { "a/.hg/hgrc", SEVERITY_CRITICAL },
		{ ".git/config.worktree", SEVERITY_CRITICAL },
		{ ".git/hooks/pre-commit.sample", SEVERITY_MEDIUM }, { "a/.git/HEAD", SEVERITY_MEDIUM },
		{ "lib/.git", SEVERITY_LOW }, { ".gitignore", -1 }, { ".github/config", -1 },
		{ "a.git/config", -1 }, { "git/config", -1 }, { ".hgignore", -1 }, { "config~", -1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_assert_eq(severity_of(RULE_TP114, 1, &cases[i].path), cases[i].severity, "%s",
			     cases[i].path);
}

Test(namelint, leading_folder_that_is_a_repository_is_critical)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	tar_file(&tar, ".git/hooks/post-checkout", STR("x"));
	tar_end(&tar);
	{
		AUTO_READING struct reading g = reading_bytes("a.tar", buf_str(&tar));

		cr_assert_eq(reading_finding(&g, RULE_TP114, 0)->severity, SEVERITY_CRITICAL);
	}
}

Test(namelint, names_for_other_systems_are_info)
{
	static const char *const odd[] = { "a\\b", "con", "Aux.c", "com1.txt", "a.", "a ", " a", "x\377" };

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		cr_assert_eq(severity_of(RULE_TP125, 1, &odd[i]), SEVERITY_INFO, "%s", odd[i]);
	cr_assert_eq(SEVERITY_OF(RULE_TP125, "..\\..\\x"), SEVERITY_MEDIUM);
	cr_assert_eq(SEVERITY_OF(RULE_TP125, "C:\\x"), SEVERITY_MEDIUM);
	cr_assert_eq(SEVERITY_OF(RULE_TP125, "console", "com", "com10", ".x", "Foo::Bar.3"), -1);
	in_tag("a\\b");
	cr_assert_eq(SEVERITY_OF(RULE_TP125, "a\\b"), -1);
}

Test(namelint, twins_are_judged_by_what_the_tag_has)
{
	cr_assert_eq(SEVERITY_OF(RULE_TP112, "README", "readme"), SEVERITY_INFO);
	in_tag("README");
	cr_assert_eq(SEVERITY_OF(RULE_TP112, "README", "readme"), SEVERITY_HIGH);
	cr_assert_eq(SEVERITY_OF(RULE_TP112, "NEWS", "news"), SEVERITY_LOW);
	cr_assert_eq(SEVERITY_OF(RULE_TP112, "README", "readme.txt", "a/README", "b/readme"), -1);
	in_tag("readme");
	cr_assert_eq(SEVERITY_OF(RULE_TP112, "README", "readme"), SEVERITY_INFO);
}

Test(namelint, look_alikes_are_seen_through)
{
	static const char *const like[] = {
		"\321\201onfigure",			/* Cyrillic es */
		"c\316\277nfigure",			/* Greek omicron */
		"\357\275\203onfigure",			/* full-width c */
		"confi\342\200\213gure",		/* zero-width space */
		"configure ", "configure.", "CONFIGURE",
	};

	in_tag("configure");
	in_tag("caf\303\251");
	for (size_t i = 0; i < sizeof(like) / sizeof(like[0]); i++)
		cr_assert_eq(SEVERITY_OF(RULE_TP112, "configure", like[i]), SEVERITY_HIGH, "%zu", i);
	/* An accent as a letter of its own, and none at all. */
	cr_assert_eq(SEVERITY_OF(RULE_TP112, "caf\303\251", "cafe\314\201"), SEVERITY_HIGH);
	cr_assert_eq(SEVERITY_OF(RULE_TP112, "caf\303\251", "cafe"), -1);
}

Test(namelint, added_makefile_that_hides_another_is_high)
{
	cr_assert_eq(SEVERITY_OF(RULE_TP113, "Makefile", "GNUmakefile"), SEVERITY_INFO);
	in_tag("Makefile");
	cr_assert_eq(SEVERITY_OF(RULE_TP113, "Makefile", "GNUmakefile"), SEVERITY_HIGH);
	cr_assert_eq(SEVERITY_OF(RULE_TP113, "Makefile", "makefile"), SEVERITY_HIGH);
	cr_assert_eq(SEVERITY_OF(RULE_TP113, "Makefile", "src/GNUmakefile"), -1);
	cr_assert_eq(SEVERITY_OF(RULE_TP113, "Makefile.in", "GNUmakefile"), SEVERITY_LOW);
	in_tag("GNUmakefile");
	cr_assert_eq(SEVERITY_OF(RULE_TP113, "Makefile", "GNUmakefile"), SEVERITY_INFO);
}

/* A file of that mode and time. */
static void member(struct buf *tar, const char *name, unsigned int mode, const char *mtime)
{
	const size_t at = tar->len;

	tar_header(tar, name, str_ends(str_from(name), STR("/")) ? '5' : '0', 0, mode, NULL);
	memcpy(tar->ptr + at + 136, mtime, 11);
	tar_sum(tar, at);
}

static int severity_in(struct buf *tar, enum rule_id rule)
{
	int severity;

	tar_end(tar);
	{
		AUTO_READING struct reading g = reading_bytes("a.tar", buf_str(tar));
		const struct finding *f = reading_finding(&g, rule, 0);

		cr_assert_eq(g.status, 0, "%s", g.err.message);
		cr_assert_leq(reading_count(&g, rule, NULL), 1);
		severity = f ? (int)f->severity : -1;
	}
	buf_release(tar);
	return severity;
}

#define THEN "14534700000"
#define LATER "14534710000"
#define FUTURE "75300000000"

Test(namelint, setuid_is_high_and_loose_modes_low)
{
	struct buf tar = BUF_INIT;

	member(&tar, "p/a", 04755, THEN);
	cr_assert_eq(severity_in(&tar, RULE_TP115), SEVERITY_HIGH);
	member(&tar, "p/a", 02644, THEN);
	cr_assert_eq(severity_in(&tar, RULE_TP115), SEVERITY_HIGH);
	member(&tar, "p/d/", 02775, THEN);
	member(&tar, "p/d/a", 0666, THEN);
	cr_assert_eq(severity_in(&tar, RULE_TP116), SEVERITY_LOW);
	member(&tar, "p/d/", 02775, THEN);
	cr_assert_eq(severity_in(&tar, RULE_TP115), -1);
	member(&tar, "p/d/", 0775, THEN);
	member(&tar, "p/d/a", 0775, THEN);
	member(&tar, "p/d/b", 0, THEN);
	cr_assert_eq(severity_in(&tar, RULE_TP116), -1);
}

Test(namelint, times_from_the_future_are_medium_where_they_are_few)
{
	struct buf tar = BUF_INIT;

	member(&tar, "p/a", 0644, THEN);
	member(&tar, "p/b", 0644, THEN);
	member(&tar, "p/c", 0644, FUTURE);
	cr_assert_eq(severity_in(&tar, RULE_TP117), SEVERITY_MEDIUM);
	member(&tar, "p/a", 0644, FUTURE);
	member(&tar, "p/b", 0644, FUTURE);
	cr_assert_eq(severity_in(&tar, RULE_TP117), SEVERITY_LOW);
	member(&tar, "p/a", 0644, "00000000000");
	member(&tar, "p/b", 0644, "00000000000");
	cr_assert_eq(severity_in(&tar, RULE_TP117), -1);
}

Test(namelint, generated_files_older_than_their_sources_are_low)
{
	static const char *const pairs[][2] = {
		{ "p/configure", "p/configure.ac" }, { "p/configure", "p/aclocal.m4" },
		{ "p/configure", "p/m4/x.m4" }, { "p/s/Makefile.in", "p/s/Makefile.am" },
	};
	struct buf tar = BUF_INIT;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		member(&tar, pairs[i][0], 0644, THEN);
		member(&tar, pairs[i][1], 0644, LATER);
		cr_assert_eq(severity_in(&tar, RULE_TP117), SEVERITY_LOW, "%zu", i);
		member(&tar, pairs[i][0], 0644, LATER);
		member(&tar, pairs[i][1], 0644, LATER);
		cr_assert_eq(severity_in(&tar, RULE_TP117), -1, "%zu", i);
	}
}

Test(namelint, hard_link_outside_the_folder_is_critical)
{
	struct buf tar = BUF_INIT;

	member(&tar, "p/a", 0644, THEN);
	tar_header(&tar, "p/b", '1', 0, 0644, "q/secret");
	cr_assert_eq(severity_in(&tar, RULE_TP104), SEVERITY_CRITICAL);
	member(&tar, "p/a", 0644, THEN);
	tar_header(&tar, "p/b", '1', 0, 0644, "p/later");
	cr_assert_eq(severity_in(&tar, RULE_TP104), SEVERITY_HIGH);
	member(&tar, "p/a", 0644, THEN);
	tar_header(&tar, "p/b", '1', 0, 0644, "p/a");
	cr_assert_eq(severity_in(&tar, RULE_TP104), -1);
}
