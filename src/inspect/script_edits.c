/* Files that a build reads as programs, edited while it runs: what is put there stands in no file of the release. */
#include "base/ascii.h"
#include "inspect/script_work.h"

/* Written by configure, and run or read by make afterwards. */
bool script_is_build_program(struct str path)
{
	static const struct str names[] = {
		STR("Makefile"), STR("makefile"), STR("GNUmakefile"), STR("Makefile.in"), STR("libtool"),
		STR("config.status"), STR("config.lt"), STR("configure"), STR("ltmain.sh"),
	};
	const struct str base = str_base(path);

	return STR_IS_ONE_OF(base, names) || str_ends(base, STR(".mk"));
}

/* The part up to the next delimiter at s[*at], which is moved past it. */
static struct str section(struct str s, size_t *at, char delimiter)
{
	const size_t from = *at;

	while (*at < s.len && s.ptr[*at] != delimiter)
		*at += s.ptr[*at] == '\\' && *at + 1 < s.len ? 2 : 1;
	*at += *at < s.len;
	return str_of(s.ptr + from, *at - from - (*at > from && s.ptr[*at - 1] == delimiter));
}

static bool holds_command(struct str replacement)
{
	return str_find(replacement, ';') != (size_t)-1 || str_find(replacement, '`') != (size_t)-1 ||
	       str_find_str(replacement, STR("$(shell")) != (size_t)-1 ||
	       str_find_str(replacement, STR("\\&\\&")) != (size_t)-1;
}

enum { LINE_LOOKED_AT = 1024 };

/* Any byte may be one; letters and blanks make no s///. */
static bool is_delimiter(char c)
{
	return c > ' ' && c < 0x7f && !ascii_is_word(c) && c != '\\' && c != ';';
}

/* a, i and c of sed: a line of its own, of which a tab makes a command in a makefile. */
static bool adds_command(struct str script)
{
	for (size_t at = 0; at + 1 < script.len; at++) {
		const char before = at ? script.ptr[at - 1] : ';';
		struct str line = str_first(str_from_at(script, at + 1), LINE_LOOKED_AT);

		if (!memchr("aic", script.ptr[at], 3) || !strchr(";{/$\n0123456789", before))
			continue;
		while (line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\n'))
			line = str_from_at(line, 1);
		if (line.len < 2 || line.ptr[0] != '\\')
			continue;
		line = str_from_at(line, 1);
		if (line.ptr[0] == '\n')
			line = str_from_at(line, 1);
		if (str_starts(line, STR("\t")) || str_starts(line, STR("\\t")) ||
		    holds_command(str_first(line, str_find(line, '\n'))))
			return true;
	}
	return false;
}

/* Whether s/// of a script for sed or perl puts a command where it replaces. */
static bool puts_command(struct str script)
{
	for (size_t at = 0; at < script.len; at++) {
		const char before = at ? script.ptr[at - 1] : ';';
		char delimiter;

		if (script.ptr[at] != 's' || at + 1 >= script.len || !strchr(";{} \t\n/,!", before))
			continue;
		delimiter = script.ptr[at + 1];
		if (!is_delimiter(delimiter))
			continue;
		at += 2;
		section(script, &at, delimiter);
		if (holds_command(section(script, &at, delimiter)))
			return true;
		at--;
	}
	return false;
}

void script_see_edits(struct script_work *w, const struct argv *a, int64_t line, struct str text)
{
	const bool sed = str_ends(a->base, STR("sed")) || str_eq(a->base, STR("$SED"));
	const bool prints = sed && command_has_option(a, 'n', "quiet") &&
			    !command_has_option(a, 'i', "in-place");
	bool build_program = false, command = false;

	if (!sed && !str_eq(a->base, STR("perl")) &&
	    !str_eq(a->base, STR("$PERL")))
		return;
	for (size_t i = 1; i < a->n; i++)
		build_program = build_program || script_is_build_program(a->v[i]);
	for (size_t i = 1; build_program && i < a->n; i++)
		command = command || puts_command(a->v[i]) || (sed && adds_command(a->v[i]));
	if (build_program && command && !prints)
		script_tell(w, RULE_TP219, line, text, "a command is put into a file that the build runs");
}
