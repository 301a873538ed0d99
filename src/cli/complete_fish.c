#include "cli/complete.h"

#include "base/cleanup.h"

/* Single quotes of fish: only the quote and the backslash are special. */
static void fish_quote(struct buf *out, const char *text)
{
	buf_add_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, *text);
	}
	buf_add_char(out, '\'');
}

static const char head[] =
"# fish completion for tarproof, made by `tarproof completion fish`\n"
"\n"
"# Whether the command is $argv[1]; \"\" when there is none yet.\n"
"function __tarproof_command\n"
"	set -l words (commandline -opc)\n"
"	for word in $words[2..-1]\n"
"		if not string match -q -- '-*' $word\n"
"			test $word = \"$argv[1]\"\n"
"			return\n"
"		end\n"
"	end\n"
"	test -z \"$argv[1]\"\n"
"end\n"
"\n"
"complete -c tarproof -f\n";

static void fish_start(struct buf *out, const char *command)
{
	buf_addf(out, "complete -c tarproof -n '__tarproof_command \"%s\"'", command);
}

/* "-a 'name\t'summary' ...'": fish takes words and what follows a tab as their description. */
static void fish_choices(struct buf *out, const struct choice_set *set)
{
	AUTO_BUF struct buf list = BUF_INIT;

	for (size_t i = 0; set->name(i); i++) {
		buf_addf(&list, "%s%s", i ? " " : "", set->name(i));
		if (set->summary) {
			buf_add_cstr(&list, "\\t");
			fish_quote(&list, set->summary(i));
		}
	}
	buf_add_cstr(out, " -a ");
	fish_quote(out, buf_cstr(&list));
}

static void fish_option(struct buf *out, const char *command, const struct option_row *row)
{
	fish_start(out, command);
	if (row->letter)
		buf_addf(out, " -s %c", row->letter);
	buf_addf(out, " -l %s -d ", row->name);
	fish_quote(out, row->help);
	if (row->choices) {
		buf_add_cstr(out, " -x");
		fish_choices(out, row->choices);
	} else if (row->complete == COMPLETE_FILE) {
		buf_add_cstr(out, " -r -F");
	} else if (row->complete == COMPLETE_FOLDER) {
		buf_add_cstr(out, " -x -a '(__fish_complete_directories)'");
	} else if (option_takes_value(row)) {
		buf_add_cstr(out, " -x");
	}
	buf_add_char(out, '\n');
}

static void fish_options(struct buf *out, const char *command, const struct option_row *table)
{
	for (const struct option_row *row = table; row->name; row++)
		if (!row->hidden)
			fish_option(out, command, row);
}

static void fish_operand(struct buf *out, const char *command, const struct operand *o)
{
	if (!o->choices && o->complete != COMPLETE_FILE)
		return;
	fish_start(out, command);
	if (o->choices)
		fish_choices(out, o->choices);
	else
		buf_add_cstr(out, " -F");
	buf_add_char(out, '\n');
}

void complete_fish(struct buf *out)
{
	const struct operand command = { .choices = &command_names };

	buf_add_cstr(out, head);
	fish_options(out, "", global_options);
	fish_operand(out, "", &command);
	for (size_t i = 0; commands[i]; i++) {
		fish_options(out, commands[i]->name, commands[i]->options);
		fish_operand(out, commands[i]->name, &commands[i]->operand);
	}
}
