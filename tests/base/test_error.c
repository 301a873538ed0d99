#include "base/error.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

Test(error, context_is_put_in_front_on_the_way_up)
{
	struct error err = ERROR_INIT;

	cr_assert_eq(error_set(&err, ERROR_INPUT, "bad %s", "header"), -1);
	cr_assert_eq(error_prefix(&err, "member %d", 3), -1);
	cr_assert_eq(error_prefix(&err, "x.tar"), -1);
	cr_assert_eq(err.code, ERROR_INPUT);
	cr_assert_str_eq(err.message, "x.tar: member 3: bad header");
}

Test(error, innermost_hint_stays)
{
	struct error err = ERROR_INIT;

	error_set(&err, ERROR_ORIGIN, "no");
	cr_assert_eq(error_hint(&err, "first"), -1);
	error_hint(&err, "second");
	cr_assert_str_eq(err.hint, "first");
}

Test(error, new_error_forgets_the_old_hint)
{
	struct error err = ERROR_INIT;

	error_set(&err, ERROR_ORIGIN, "no");
	error_hint(&err, "old");
	error_set(&err, ERROR_INPUT, "other");
	cr_assert_str_eq(err.hint, "");
}

Test(error, system_errors_carry_their_text)
{
	struct error err = ERROR_INIT;
	char expected[256];

	snprintf(expected, sizeof(expected), "open x: %s", strerror(ENOENT));
	errno = ENOENT;
	cr_assert_eq(error_errno(&err, "open %s", "x"), -1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
	cr_assert_str_eq(err.message, expected);
}

Test(error, huge_messages_are_cut_and_stay_strings)
{
	static char huge[100000];
	struct error err = ERROR_INIT;

	memset(huge, 'x', sizeof(huge) - 1);
	error_set(&err, ERROR_INPUT, "%s", huge);
	cr_assert_eq(strlen(err.message), sizeof(err.message) - 1);
	error_prefix(&err, "%s", huge);
	cr_assert_eq(strlen(err.message), sizeof(err.message) - 1);
	error_prefix(&err, "short");
	cr_assert_eq(strncmp(err.message, "short: xxx", 10), 0);
	error_hint(&err, "%s", huge);
	cr_assert_eq(strlen(err.hint), sizeof(err.hint) - 1);
}

Test(error, input_bytes_are_no_format)
{
	struct error err = ERROR_INIT;

	error_set(&err, ERROR_INPUT, "%s", "%s%n%d");
	error_prefix(&err, "%s", "%x");
	cr_assert_str_eq(err.message, "%x: %s%n%d");
}
