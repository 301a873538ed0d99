#include "config.h"

#include "cli/help.h"

#include <stdio.h>

#include "base/cleanup.h"
#include "cli/output.h"
#include "cli/terminal.h"

enum { WIDTH = 80, OPTION_COLUMN = 28, COMMAND_COLUMN = 22 };

static int print(const struct buf *text, struct error *err)
{
	return output_write(NULL, buf_str(text), err) ? -1 : STATUS_CLEAN;
}

/* "check ARTIFACT [options]" */
static void synopsis(const struct command *c, struct buf *out)
{
	buf_add_cstr(out, c->name);
	if (c->operand.name)
		buf_addf(out, c->operand.optional ? " [%s]" : " %s", c->operand.name);
	/* Tables end in --help; one that has nothing else is not worth a word. */
	if (c->options[0].type != OPTION_HELP)
		buf_add_cstr(out, " [options]");
}

/* What the table alone says of the values: range, choices, default. */
static void values_describe(const struct option_row *row, struct buf *out)
{
	const char *initial = row->initial_note ? row->initial_note : row->initial;

	if (row->type == OPTION_NUMBER)
		buf_addf(out, ", %u to %u", row->min, row->max);
	if (row->choices && !row->choices->summary) {
		buf_add_cstr(out, ": ");
		choice_list(row->choices, out);
	}
	if (row->type == OPTION_LIST || row->type == OPTION_COUNT)
		buf_add_cstr(out, "; repeatable");
	if (initial)
		buf_addf(out, " (default: %s)", initial);
}

/* From the column where `out` stands now (`column`) to OPTION_COLUMN, on a new line if it is
 * too far right. */
static void align(struct buf *out, size_t column, size_t to)
{
	if (column + 2 > to) {
		buf_add_char(out, '\n');
		column = 0;
	}
	buf_addf(out, "%*s", (int)(to - column), "");
}

static void option_help(const struct option_row *row, struct buf *out)
{
	AUTO_BUF struct buf text = BUF_INIT;
	const size_t start = out->len;

	if (row->letter)
		buf_addf(out, "  -%c, --%s", row->letter, row->name);
	else
		buf_addf(out, "      --%s", row->name);
	if (row->arg)
		buf_addf(out, " %s", row->arg);
	align(out, out->len - start, OPTION_COLUMN);
	buf_add_cstr(&text, row->help);
	values_describe(row, &text);
	text_wrap(out, buf_str(&text), OPTION_COLUMN, OPTION_COLUMN, WIDTH);
	buf_add_char(out, '\n');
	if (!row->choices || !row->choices->summary)
		return;
	for (size_t i = 0; row->choices->name(i); i++) {
		const size_t line = out->len;

		buf_addf(out, "%*s%s", OPTION_COLUMN + 2, "", row->choices->name(i));
		align(out, out->len - line, OPTION_COLUMN + 12);
		text_wrap(out, str_from(row->choices->summary(i)), OPTION_COLUMN + 12,
			  OPTION_COLUMN + 12, WIDTH);
		buf_add_char(out, '\n');
	}
}

/* Every option with its range, choices and default. */
static void options_list(const struct option_row *table, struct buf *out)
{
	for (const struct option_row *row = table; row->name; row++) {
		if (row->hidden)
			continue;
		if (row->section || row == table)
			buf_addf(out, "%s%s:\n", row == table ? "" : "\n",
				 row->section ? row->section : "Options");
		option_help(row, out);
	}
}

int help_command_print(const struct command *c, struct error *err)
{
	AUTO_BUF struct buf out = BUF_INIT;

	buf_add_cstr(&out, "Usage: tarproof ");
	synopsis(c, &out);
	buf_add_cstr(&out, "\n\n");
	text_wrap(&out, str_from(c->about ? c->about : c->summary), 0, 0, WIDTH);
	buf_add_cstr(&out, "\n\n");
	options_list(c->options, &out);
	if (c->examples) {
		struct str rest = str_from(c->examples), line;

		buf_add_cstr(&out, "\nExamples:\n");
		while (str_next_line(&rest, &line))
			buf_addf(&out, "  %.*s\n", STR_FMT(line));
	}
	return print(&out, err);
}

static void command_list(struct buf *out)
{
	for (size_t i = 0; commands[i]; i++) {
		const struct command *c = commands[i];
		const size_t start = out->len;

		buf_addf(out, "  %s", c->name);
		if (c->operand.name)
			buf_addf(out, c->operand.optional ? " [%s]" : " %s", c->operand.name);
		align(out, out->len - start, COMMAND_COLUMN);
		text_wrap(out, str_from(c->summary), COMMAND_COLUMN, COMMAND_COLUMN, WIDTH);
		buf_add_char(out, '\n');
	}
}

static void global_help(struct buf *out)
{
	buf_add_cstr(out, "Usage: tarproof COMMAND [options]\n\n"
			  "Accounts for every byte of a release archive against its git tag.\n\n"
			  "Commands:\n");
	command_list(out);
	buf_add_char(out, '\n');
	options_list(global_options, out);
	buf_add_cstr(out, "\n`tarproof help COMMAND` tells more; so does tarproof(1).\n");
}

int help_global_print(struct error *err)
{
	AUTO_BUF struct buf out = BUF_INIT;

	global_help(&out);
	return print(&out, err);
}

void help_usage_print(void)
{
	AUTO_BUF struct buf out = BUF_INIT;

	global_help(&out);
	fputs(buf_cstr(&out), stderr);
}

int help_version_print(struct error *err)
{
	AUTO_BUF struct buf out = BUF_INIT;

	buf_add_cstr(&out, "tarproof " PACKAGE_VERSION "\n"
			   "Licence GPL-3.0-or-later. "
			   "There is no warranty, as far as the law permits.\n");
	return print(&out, err);
}

static void manual_option(const struct option_row *row, struct buf *out)
{
	buf_add_cstr(out, ".It");
	if (row->letter)
		buf_addf(out, " Fl %c ,", row->letter);
	buf_addf(out, " Fl -%s", row->name);
	if (row->arg)
		buf_addf(out, " Ar %s", row->arg);
	buf_add_char(out, '\n');
	if (row->initial)
		buf_addf(out, "= %s\n", row->initial);
	if (row->type == OPTION_NUMBER)
		buf_addf(out, "= %u\n= %u\n", row->min, row->max);
	if (row->choices)
		for (size_t i = 0; row->choices->name(i); i++)
			buf_addf(out, "= %s\n", row->choices->name(i));
}

int help_manual_print(const struct command *c, struct error *err)
{
	AUTO_BUF struct buf out = BUF_INIT;

	if (!c) {
		for (size_t i = 0; commands[i]; i++)
			buf_addf(&out, "%s\n", commands[i]->name);
		return print(&out, err);
	}
	for (const struct option_row *row = c->options; row->name; row++)
		if (!row->hidden)
			manual_option(row, &out);
	return print(&out, err);
}
