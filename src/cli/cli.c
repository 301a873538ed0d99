#include "cli/cli.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "cli/terminal.h"

int cli_status(const struct error *err)
{
	switch (err->code) {
	case ERROR_UNRESOLVED:
	case ERROR_TOO_LARGE:
	case ERROR_INTERRUPTED:	/* by --timeout: a signal ends the program before this is asked */
		return STATUS_INCOMPLETE;
	case ERROR_TRANSIENT:
		return STATUS_TRANSIENT;
	case ERROR_NONE:
	case ERROR_USAGE:
	case ERROR_INPUT:
	case ERROR_ORIGIN:
	case ERROR_SYSTEM:
	case ERROR_INTERNAL:
		break;
	}
	return STATUS_ERROR;
}

/* The one operand that a command may take. */
static int operand_take(const struct command *c, const struct option_list *given,
			const char **operand, struct error *err)
{
	const struct operand *o = &c->operand;
	const size_t most = o->name ? 1 : 0;

	*operand = given->n ? given->v[0] : NULL;
	if (given->n > most) {
		error_set(err, ERROR_USAGE, "unexpected argument \"%.200s\"", given->v[most]);
		return most ? error_hint(err, "one %s at a time", o->name) :
			      error_hint(err, "this command takes no argument");
	}
	if (most && !o->optional && given->n == 0)
		return error_set(err, ERROR_USAGE, "no %s given", o->name);
	if (*operand && !**operand)
		return error_set(err, ERROR_USAGE, "%s is empty", o->name);
	return 0;
}

static int usage_error(const struct command *c, struct error *err)
{
	if (err->code == ERROR_USAGE) {
		error_prefix(err, "%s", c->name);
		error_hint(err, "see `tarproof %s --help`", c->name);
	}
	return -1;
}

static int command_run(const struct command *c, int argc, char *const *argv, struct error *err)
{
	AUTO_FREE void *options = memory_zalloc(c->options_size);
	struct option_parsed parsed;
	struct invocation in = { .command = c, .options = options };
	int status;

	if (options_parse(c->options, argc, argv, false, options, &parsed, err))
		status = -1;
	else if (parsed.help)
		status = help_command_print(c, err);
	else if (operand_take(c, &parsed.operands, &in.operand, err))
		status = -1;
	else
		status = c->run(&in, err);
	options_release(c->options, options);
	option_list_release(&parsed.operands);
	return status < 0 ? usage_error(c, err) : status;
}

static int global_run(int argc, char *const *argv, struct error *err)
{
	struct global_options options = { .version = false };
	struct option_parsed parsed;
	const struct command *c;

	if (options_parse(global_options, argc, argv, true, &options, &parsed, err))
		return error_hint(err, "see `tarproof --help`");
	if (parsed.help)
		return help_global_print(err);
	if (options.version)
		return help_version_print(err);
	if (parsed.next == argc) {
		help_usage_print();
		return STATUS_ERROR;
	}
	c = command_find(argv[parsed.next], err);
	return c ? command_run(c, argc - parsed.next, argv + parsed.next, err) : -1;
}

int cli_run(int argc, char *const *argv)
{
	struct error err = ERROR_INIT;
	int status;

	output_secure_standard();
	signals_open_pipes();
	status = global_run(argc, argv, &err);
	if (status >= 0)
		return status;
	/* Whatever a signal that was caught led to. */
	signals_reraise();
	terminal_error(&err);
	return cli_status(&err);
}
