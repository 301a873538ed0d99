#include "config.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "rebuild/recipe.h"

static const char text[] =
	"# How hello is built.\n"
	"name = hello\n"
	"[configure]\n"
	"./configure --prefix=/usr\n"
	"\n"
	"[build]\n"
	"if true; then\n"
	"\tmake # all\n"
	"fi\n"
	"[environment]\n"
	"# a comment\n"
	"CC=gcc -O1\n"
	"[needs]\n"
	"cc make\n"
	"pc:zlib\n";

Test(recipe, takes_steps_settings_and_needs)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	struct error err = ERROR_INIT;
	struct recipe r;

	cr_assert_eq(recipe_parse(&r, &a, str_from(text), &err), 0, "%s", err.message);
	cr_expect(str_eq(r.name, STR("hello")));
	cr_expect(str_eq(r.steps[PHASE_CONFIGURE], STR("./configure --prefix=/usr")));
	cr_expect(str_eq(r.steps[PHASE_BUILD], STR("if true; then\n\tmake # all\nfi")));
	cr_expect_eq(r.steps[PHASE_TEST].len, 0);
	cr_assert_eq(r.environment_n, 1);
	cr_expect(str_eq(r.environment[0], STR("CC=gcc -O1")));
	cr_assert_eq(r.needs_n, 3);
	cr_expect(str_eq(r.needs[2], STR("pc:zlib")));
	recipe_release(&r);
}

Test(recipe, prints_what_it_would_read_again)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	AUTO_BUF struct buf once = BUF_INIT, twice = BUF_INIT;
	struct error err = ERROR_INIT;
	struct recipe r, again;

	cr_assert_eq(recipe_parse(&r, &a, str_from(text), &err), 0);
	recipe_print(&r, &once);
	cr_assert_eq(recipe_parse(&again, &a, buf_str(&once), &err), 0);
	recipe_print(&again, &twice);
	cr_expect_str_eq(buf_cstr(&once), buf_cstr(&twice));
	cr_expect_eq(again.needs_n, 3);
	recipe_release(&r);
	recipe_release(&again);
}

static void refuses(const char *recipe, const char *words)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	struct error err = ERROR_INIT;
	struct recipe r;

	cr_expect_eq(recipe_parse(&r, &a, str_from(recipe), &err), -1, "%s", recipe);
	cr_expect(strstr(err.message, words), "%s", err.message);
	recipe_release(&r);
}

Test(recipe, says_in_which_line_it_is_wrong)
{
	refuses("[make]\nmake\n", "line 1: no section is called \"make\"");
	refuses("make\n", "line 1: stands before the first [section]");
	refuses("[environment]\nCC\n", "line 2: not NAME=VALUE");
	refuses("[environment]\n=x\n", "line 2: not NAME=VALUE");
}

static struct str detected(const char *const *paths)
{
	struct tree t = TREE_INIT;
	struct str found;

	for (size_t i = 0; paths[i]; i++) {
		struct entry *const e = tree_add(&t);

		e->path = paths[i];
		e->path_len = (uint32_t)strlen(paths[i]);
	}
	tree_sort(&t, NULL, NULL);
	found = recipe_detect(&t);
	tree_release(&t);
	return found;
}

Test(recipe, is_found_by_what_lies_in_the_root)
{
	cr_expect(str_starts(detected((const char *const[]){ "CMakeLists.txt", "configure.ac", NULL }),
			     STR("name = autotools\n")));
	cr_expect(str_starts(detected((const char *const[]){ "meson.build", "x/configure", NULL }),
			     STR("name = meson\n")));
	cr_expect(str_starts(detected((const char *const[]){ "pyproject.toml", NULL }), STR("name = python\n")));
	cr_expect(str_starts(detected((const char *const[]){ "package.json", NULL }), STR("name = npm\n")));
	cr_expect_eq(detected((const char *const[]){ "src/Makefile", NULL }).len, 0);
}

Test(recipe, built_in_ones_can_all_be_read)
{
	static const char *const names[] = {
		"autotools", "meson", "cmake", "python", "npm", "perl", "perl-build", "make",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		AUTO_ARENA struct arena a = ARENA_INIT;
		struct error err = ERROR_INIT;
		struct recipe r;

		cr_expect_eq(recipe_parse(&r, &a, recipe_builtin(str_from(names[i])), &err), 0, "%s", err.message);
		cr_expect(str_eq(r.name, str_from(names[i])));
		cr_expect_gt(r.steps[PHASE_INSTALL].len, 0, "%s installs nothing", names[i]);
		recipe_release(&r);
	}
}
