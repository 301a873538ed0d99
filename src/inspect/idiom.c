#include "inspect/idiom.h"

static const char *const idioms[] = {
	/* autoconf 2.50 to 2.69: does the shell that was found do what is needed? */
	"$as_echo \"$as_bourne_compatible\"\"$as_required\" | as_run=a \"$as_shell\"",
	"$as_echo \"$as_bourne_compatible\"\"$as_suggested\" | as_run=a \"$as_shell\"",
	"$as_echo \"$as_bourne_compatible\"\"$as_required\" | as_run=a \"$SHELL\"",
	"$as_echo \"$as_bourne_compatible\"\"$as_suggested\" | as_run=a \"$SHELL\"",
	"echo \"$as_bourne_compatible\"\"$as_required\" | as_run=a \"$as_shell\"",
	/* autoconf from 2.62 on, in config.status: an awk that can't read commands writes them. */
	"$AWK -f \"$ac_tmp/subs.awk\" | $SHELL",
	"$AWK -f \"$tmp/subs.awk\" | $SHELL",
	/* automake's `missing` up to 1.12. */
	"find . -type f -name Makefile.am -print | sed 's/^\\(.*\\).am$/touch \\1.in/' | sh",
	/* libtool: symbols of an object file. */
	"$NM \"$f\" | eval \"$global_symbol_pipe\" | $EGREP -v \" $outputname\\$\"",
};

static bool equal_but_blanks(struct str s, const char *idiom)
{
	size_t i = 0;

	for (; *idiom; idiom++) {
		if (*idiom == ' ') {
			const size_t before = i;

			while (i < s.len && (strchr(" \t\n\r", s.ptr[i]) ||
					     (s.ptr[i] == '\\' && i + 1 < s.len && s.ptr[i + 1] == '\n')))
				i++;
			if (i == before)
				return false;
			continue;
		}
		if (i >= s.len || s.ptr[i] != *idiom)
			return false;
		i++;
	}
	return i == s.len;
}

bool idiom_is_known(struct str statement)
{
	statement = str_trim(statement);
	for (size_t i = 0; i < sizeof(idioms) / sizeof(idioms[0]); i++)
		if (equal_but_blanks(statement, idioms[i]))
			return true;
	return false;
}
