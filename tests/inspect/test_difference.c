#include "inspect/difference.h"
#include "inspect/package.h"

#include <criterion/criterion.h>

static bool is_stamp(const char *release, const char *tag)
{
	return difference_is_stamp(str_from(release), str_from(tag), true);
}

Test(difference, versions_alone)
{
	cr_assert(is_stamp("v = 1.2\nx\n", "v = 1.1-dev\nx\n"));
	cr_assert_not(is_stamp("v = 1.2\ny\n", "v = 1.1\nx\n"));
	cr_assert_not(is_stamp("v = 1.2\nx\ny\n", "v = 1.1\nx\n"));
}

Test(difference, only_what_versions_are_made_of)
{
	static const char *const pairs[][2] = {
		{ "sh tests/run_evil.sh\n", "sh tests/run_a.sh\n" }, { "include(x-evil)\n", "include(x-opts)\n" },
		{ "URL y-evil.org/y-1.0\n", "URL y-project.org/y-1.0\n" }, { "GIT_TAG abc123f\n", "GIT_TAG abd923e\n" },
		{ "echo 1.0|sh\n", "echo 1.0\n" }, { "V=1.0`evil`\n", "V=1.0\n" }, { "V=1.0\\\n", "V=1.0\n" },
		{ ".void f(void){}\n", "void f(void){}\n" }, { "#include <xy.h>\n", "int x;\n" },
		{ "lib2foo\n", "lib2bar\n" }, { "x 1\n", "x y\n" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		cr_assert_not(difference_is_stamp(str_from(pairs[i][0]), str_from(pairs[i][1]), false), "%s", pairs[i][0]);
	cr_assert(is_stamp("V=[1.2-rc1]\n", "V=[1.1]\n"));
	cr_assert(is_stamp("V=1.2\n", "V=1.2-dev\n"));
	cr_assert(is_stamp("D=2024-01-02\n", "D=2023-12-31\n"));
	cr_assert_not(difference_is_stamp(STR("x\n# a\n"), STR("x\n# b\n"), false), "no comment where none is known");
	cr_assert_not(is_stamp("V=1 \\\nx\n", "V=1 \\\n# c\nx\n"), "a comment that ends what goes on");
}

Test(difference, comments_alone)
{
	cr_assert(is_stamp("# made by x\na\n\nb\n", "a\nb\n# old\n"));
	cr_assert_not(is_stamp("# \\\na\n", "a\n"), "a comment that goes on takes a line away");
	cr_assert_not(is_stamp("#!/bin/evil\na\n", "a\n"));
	cr_assert_not(is_stamp("a\n: > PWNED\n", "a\n"));
}

Test(difference, what_setuptools_does_to_settings)
{
	cr_assert(is_stamp("[a]\nb = \n\tc=d\n\n[egg_info]\ntag_build = \ntag_date = 0\n", "# x\n[a]\nb =\n    c=d\n"));
	cr_assert_not(is_stamp("[a]\nb = e\n\n[egg_info]\ntag_build = \ntag_date = 0\n", "[a]\nb = c\n"));
	cr_assert_not(is_stamp("[a]\n[egg_info]\ntag_build = \ntag_date = 0\n[x]\ny=z\n", "[a]\n"));
}

Test(difference, version_in_place_of_its_variable)
{
	cr_assert(is_stamp("SET (V \"1.18.1\")\n", "SET (V \"${PROJECT_VERSION}\")\n"));
	cr_assert(is_stamp("v = 1.2;\n", "v = @VERSION@;\n"));
	cr_assert_not(is_stamp("v = 1.2; x\n", "v = @VERSION@;\n"));
	cr_assert_not(is_stamp("v = `x`\n", "v = @VERSION@\n"));
	cr_assert_not(is_stamp("v = 1.2\n", "v = @FLAGS@\n"));
	cr_assert_not(is_stamp("v = \n", "v = @VERSION"));
}

static bool adds_nothing(const char *release, const char *tag)
{
	return package_adds_nothing(str_from(release), str_from(tag));
}

Test(difference, what_npm_acts_upon)
{
	const char *const tag = "{\"name\":\"x\", \"scripts\": {\"test\": \"node t\", \"build\": \"a\"}, "
				"\"dependencies\": {\"y\": \"1\"}}";

	cr_assert(adds_nothing("{\"name\": \"x\", \"homepage\": \"z\", \"files\": [\"a\", {\"b\": 1}], "
			       "\"dependencies\": {\"y\": \"1\"}}\n", tag));
	cr_assert(adds_nothing("{\"scripts\": {\"test\": \"node t\"}, \"dependencies\": {\"y\": \"1\"}}", tag));
	cr_assert_not(adds_nothing("{\"main\": \"tests/x.js\", \"dependencies\": {\"y\": \"1\"}}", tag));
	cr_assert_not(adds_nothing("{\"scripts\": {\"test\": \"node t\"}}", tag), "a dependency may hold another one back");
	cr_assert(adds_nothing("{\"scripts\": {\"test\": \"echo \\\"none\\\"\"}, \"dependencies\": {\"y\": \"1\"}}", tag));
	cr_assert_not(adds_nothing("{\"scripts\": {\"test\": \"echo x\\nx\"}}", tag));
	cr_assert_not(adds_nothing("{\"scripts\": {\"test\": \"echo x && y\"}}", tag));
	cr_assert_not(adds_nothing("{\"scripts\": {\"test\": \"node u\"}}", tag));
	cr_assert_not(adds_nothing("{\"scripts\": {\"install\": \"node t\"}}", tag));
	cr_assert_not(adds_nothing("{\"scr\\u0069pts\": {\"install\": \"x\"}}", tag));
	cr_assert_not(adds_nothing("{\"dependencies\": {\"y\": \"2\"}}", tag));
	cr_assert_not(adds_nothing("{\"bin\": \"x.js\"}", tag));
	cr_assert_not(adds_nothing("{\"a\": \"b\"", tag));
	cr_assert_not(adds_nothing("{\"a\": \"b", tag));
	cr_assert_not(adds_nothing("{} {\"bin\": \"x\"}", tag));
	cr_assert_not(adds_nothing("", tag));
	cr_assert_not(adds_nothing("{}", "["));
}

Test(difference, first_line_that_differs)
{
	int64_t line;

	cr_assert(str_eq(difference_first(STR("a\n b \nc"), STR("a\nx\nc"), &line), STR("b")));
	cr_assert_eq(line, 2);
}
