#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "cli/command.h"
#include "cli/nearest.h"
#include "cli/option.h"

struct values {
	bool quiet;
	unsigned int verbose, jobs, color;
	const char *output, *tag;
	struct option_list submodules;
};

static const char *color_name(size_t i)
{
	static const char *const names[] = { "auto", "always", "never", NULL };

	return names[i];
}

static const struct choice_set colors = { color_name, NULL };

static const struct option_row table[] = {
	{ .name = "quiet", .letter = 'q', .type = OPTION_FLAG,
	  .offset = offsetof(struct values, quiet) },
	{ .name = "verbose", .letter = 'v', .type = OPTION_COUNT,
	  .offset = offsetof(struct values, verbose) },
	{ .name = "jobs", .letter = 'j', .type = OPTION_NUMBER, .arg = "N", .min = 1, .max = 256,
	  .offset = offsetof(struct values, jobs) },
	{ .name = "color", .type = OPTION_CHOICE, .arg = "WHEN", .choices = &colors,
	  .initial = "never", .offset = offsetof(struct values, color) },
	{ .name = "output", .letter = 'o', .type = OPTION_TEXT, .arg = "FILE",
	  .offset = offsetof(struct values, output) },
	{ .name = "tag", .type = OPTION_TEXT, .arg = "REV", .initial = "auto",
	  .offset = offsetof(struct values, tag) },
	{ .name = "submodule", .type = OPTION_LIST, .arg = "PATH=REPO",
	  .offset = offsetof(struct values, submodules) },
	OPTION_HELP_ROW,
	OPTIONS_END,
};

/* What one parse gave; words are cut at blanks, and "''" stands for an empty one. */
struct fixture {
	char text[512];
	char *argv[64];
	struct values values;
	struct option_parsed parsed;
	struct error err;
	int status;
};

static void parse_mode(struct fixture *f, const char *line, bool stop)
{
	int argc = 0;

	memset(f, 0, sizeof(*f));
	snprintf(f->text, sizeof(f->text), "check %s", line);
	for (char *rest = f->text, *word; (word = strsep(&rest, " ")) != NULL;) {
		if (strcmp(word, "''") == 0)
			*word = '\0';
		else if (!*word)
			continue;
		f->argv[argc++] = word;
	}
	f->status = options_parse(table, argc, f->argv, stop, &f->values, &f->parsed, &f->err);
}

static void parse(struct fixture *f, const char *line)
{
	parse_mode(f, line, false);
}

static void fixture_release(struct fixture *f)
{
	options_release(table, &f->values);
	option_list_release(&f->parsed.operands);
}

#define AUTO_FIXTURE CLEANUP(fixture_release)

static void expect_error(const char *line, const char *message, const char *hint)
{
	AUTO_FIXTURE struct fixture f;

	parse(&f, line);
	cr_assert_eq(f.status, -1, "%s: is accepted", line);
	cr_assert_eq(f.err.code, ERROR_USAGE);
	cr_assert_str_eq(f.err.message, message);
	cr_assert_str_eq(f.err.hint, hint);
}

Test(options, takes_a_value_attached_or_as_the_next_argument)
{
	static const char *const lines[] = {
		"--output=f", "--output f", "-of", "-o f", "-qof", "-qo f", "-vqo f",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		AUTO_FIXTURE struct fixture f;

		parse(&f, lines[i]);
		cr_assert_eq(f.status, 0, "%s", lines[i]);
		cr_assert_str_eq(f.values.output, "f");
	}
}

Test(options, bundles_letters_and_counts_them)
{
	AUTO_FIXTURE struct fixture f;

	parse(&f, "-qvv -v --verbose");
	cr_assert_eq(f.status, 0);
	cr_assert(f.values.quiet);
	cr_assert_eq(f.values.verbose, 4);
}

Test(options, defaults_come_from_the_table)
{
	AUTO_FIXTURE struct fixture f;

	parse(&f, "");
	cr_assert_eq(f.status, 0);
	cr_assert_eq(f.values.color, 2);
	cr_assert_str_eq(f.values.tag, "auto");
	cr_assert_null(f.values.output);
	cr_assert_eq(f.values.jobs, 0);
}

Test(options, may_follow_operands)
{
	AUTO_FIXTURE struct fixture f;

	parse(&f, "a.tar -q b.tar --jobs 4 -");
	cr_assert_eq(f.status, 0);
	cr_assert(f.values.quiet);
	cr_assert_eq(f.values.jobs, 4);
	cr_assert_eq(f.parsed.operands.n, 3);
	cr_assert_str_eq(f.parsed.operands.v[1], "b.tar");
	cr_assert_str_eq(f.parsed.operands.v[2], "-");
}

Test(options, end_at_a_double_dash)
{
	AUTO_FIXTURE struct fixture f;

	parse(&f, "-v -- -q -- --nonsense");
	cr_assert_eq(f.status, 0);
	cr_assert_not(f.values.quiet);
	cr_assert_eq(f.parsed.operands.n, 3);
	cr_assert_str_eq(f.parsed.operands.v[0], "-q");
	cr_assert_str_eq(f.parsed.operands.v[1], "--");
}

Test(options, a_double_dash_can_be_a_value)
{
	AUTO_FIXTURE struct fixture f;

	parse(&f, "-o -- -q");
	cr_assert_eq(f.status, 0);
	cr_assert_str_eq(f.values.output, "--");
	cr_assert(f.values.quiet);
}

Test(options, stop_before_a_command)
{
	AUTO_FIXTURE struct fixture f;

	parse_mode(&f, "-q rules --nonsense", true);
	cr_assert_eq(f.status, 0);
	cr_assert(f.values.quiet);
	cr_assert_eq(f.parsed.next, 2);
	cr_assert_eq(f.parsed.operands.n, 0);
}

Test(options, the_last_of_one_kind_counts)
{
	AUTO_FIXTURE struct fixture f;

	parse(&f, "--color=auto -o a --color always -ob");
	cr_assert_eq(f.status, 0);
	cr_assert_eq(f.values.color, 1);
	cr_assert_str_eq(f.values.output, "b");
}

Test(options, a_list_keeps_all_in_order)
{
	AUTO_FIXTURE struct fixture f;

	parse(&f, "--submodule a=b --submodule=c=d");
	cr_assert_eq(f.status, 0);
	cr_assert_eq(f.values.submodules.n, 2);
	cr_assert_str_eq(f.values.submodules.v[0], "a=b");
	cr_assert_str_eq(f.values.submodules.v[1], "c=d");
}

Test(options, help_ends_parsing)
{
	AUTO_FIXTURE struct fixture f;

	parse(&f, "a.tar -qh --nonsense");
	cr_assert_eq(f.status, 0);
	cr_assert(f.parsed.help);
}

Test(options, are_never_abbreviated)
{
	expect_error("--col=auto", "unknown option --col", "did you mean --color?");
	expect_error("--o=f", "unknown option --o", "");
}

Test(options, an_unknown_one_brings_the_nearest)
{
	expect_error("--outptu f", "unknown option --outptu", "did you mean --output?");
	expect_error("--colour=auto", "unknown option --colour", "did you mean --color?");
	expect_error("-tag v1", "unknown option -tag", "did you mean --tag?");
	expect_error("--xylophone", "unknown option --xylophone", "");
	expect_error("-x", "unknown option -x", "");
	expect_error("-qxo", "unknown option -x in -qxo", "");
}

Test(options, a_missing_or_empty_value_is_an_error)
{
	expect_error("a --output", "option --output needs a value: --output FILE", "");
	expect_error("a -qo", "option -o needs a value: -o FILE", "");
	expect_error("--output= a", "option --output: the value FILE is empty", "");
	expect_error("--output ''", "option --output: the value FILE is empty", "");
}

Test(options, a_flag_takes_no_value)
{
	expect_error("--quiet=no", "option --quiet takes no value, but \"no\" was given", "");
	expect_error("--help=no", "option --help takes no value, but \"no\" was given", "");
}

Test(options, numbers_are_whole_and_in_range)
{
	static const char *const bad[] = {
		"0", "257", "-1", "+1", "1.5", "1x", "x", "0x10", "4294967297",
		"18446744073709551617",
	};
	AUTO_FIXTURE struct fixture f;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char line[64], message[128];

		snprintf(line, sizeof(line), "--jobs=%s", bad[i]);
		snprintf(message, sizeof(message),
			 "option --jobs: \"%s\" is not a whole number from 1 to 256", bad[i]);
		expect_error(line, message, "");
	}
	parse(&f, "-j256");
	cr_assert_eq(f.values.jobs, 256);
}

Test(options, a_choice_is_one_of_its_names)
{
	expect_error("--color=alway", "option --color: \"alway\" is none of auto, always, never",
		     "did you mean \"always\"?");
	expect_error("--color 42", "option --color: \"42\" is none of auto, always, never", "");
}

Test(nearest, counts_edits)
{
	cr_assert_eq(nearest_distance("tag", "tag"), 0);
	cr_assert_eq(nearest_distance("TP003", "tp003"), 0);
	cr_assert_eq(nearest_distance("tga", "tag"), 1);
	cr_assert_eq(nearest_distance("form", "format"), 1);
	cr_assert_eq(nearest_distance("kitten", "sitting"), 3);
	cr_assert_eq(nearest_distance("", "abc"), 3);
}

Test(nearest, bears_names_without_end)
{
	char endless[4096];

	memset(endless, 'a', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	cr_assert_eq(nearest_distance(endless, "tag"), 63);
}

Test(commands, every_table_is_whole)
{
	for (size_t i = 0; commands[i]; i++) {
		const struct option_row *row = commands[i]->options;
		bool help = false;

		cr_assert_not_null(commands[i]->summary);
		for (; row->name; row++) {
			const bool valued = row->type != OPTION_FLAG && row->type != OPTION_COUNT &&
					    row->type != OPTION_HELP;

			cr_assert_not_null(row->help, "%s", row->name);
			cr_assert_eq(option_takes_value(row), valued, "%s", row->name);
			cr_assert(row->type != OPTION_CHOICE || row->choices, "%s", row->name);
			cr_assert(row->offset < commands[i]->options_size ||
				  row->type == OPTION_HELP, "%s", row->name);
			for (const struct option_row *other = commands[i]->options; other < row;
			     other++) {
				cr_assert_str_neq(other->name, row->name);
				cr_assert(!row->letter || other->letter != row->letter, "%s",
					  row->name);
			}
			help |= row->type == OPTION_HELP;
		}
		cr_assert(help, "%s has no --help", commands[i]->name);
	}
}

Test(commands, an_unknown_one_brings_the_nearest)
{
	struct error err = ERROR_INIT;

	cr_assert_null(command_find("chekc", &err));
	cr_assert_eq(err.code, ERROR_USAGE);
	cr_assert_str_eq(err.hint, "did you mean `tarproof check`?");
	cr_assert_not_null(command_find("check", &err));
}

Test(cli, exit_status_follows_the_kind_of_error)
{
	static const struct { enum error_code code; int status; } expected[] = {
		{ ERROR_USAGE, 2 }, { ERROR_INPUT, 2 }, { ERROR_ORIGIN, 2 },
		{ ERROR_UNRESOLVED, 3 }, { ERROR_SYSTEM, 2 }, { ERROR_TRANSIENT, 75 },
		{ ERROR_INTERRUPTED, 3 }, { ERROR_INTERNAL, 2 }, { ERROR_NONE, 2 },
	};

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		const struct error err = { .code = expected[i].code };

		cr_assert_eq(cli_status(&err), expected[i].status);
	}
}
