#include "cli/command.h"
#include "cli/help.h"

struct help_options {
	bool manual;
};

static int help_run(const struct invocation *in, struct error *err)
{
	const struct help_options *o = in->options;
	const struct command *c = NULL;

	if (in->operand) {
		c = command_find(in->operand, err);
		if (!c)
			return -1;
	}
	if (o->manual)
		return help_manual_print(c, err);
	return c ? help_command_print(c, err) : help_global_print(err);
}

static const struct option_row options[] = {
	OPTION_HELP_ROW,
	{ .name = "man", .type = OPTION_FLAG, .hidden = true,
	  .help = "print what the manual must have",
	  .offset = offsetof(struct help_options, manual) },
	OPTIONS_END,
};

const struct command command_help = {
	.name = "help",
	.operand = { .name = "COMMAND", .optional = true, .choices = &command_names },
	.summary = "show help, of one command or of all",
	.about = "Shows the options of one command, or the list of commands.",
	.options = options,
	.options_size = sizeof(struct help_options),
	.run = help_run,
};
