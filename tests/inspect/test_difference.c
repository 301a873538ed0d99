#include "inspect/difference.h"

#include <criterion/criterion.h>

static bool is_stamp(const char *release, const char *tag)
{
	return difference_is_stamp(str_from(release), str_from(tag));
}

Test(difference, versions_alone)
{
	cr_assert(is_stamp("v = 1.2\nx\n", "v = 1.1-dev\nx\n"));
	cr_assert_not(is_stamp("v = 1.2\ny\n", "v = 1.1\nx\n"));
	cr_assert_not(is_stamp("v = 1.2\nx\ny\n", "v = 1.1\nx\n"));
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

Test(difference, first_line_that_differs)
{
	int64_t line;

	cr_assert(str_eq(difference_first(STR("a\n b \nc"), STR("a\nx\nc"), &line), STR("b")));
	cr_assert_eq(line, 2);
}
