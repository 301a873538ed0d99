#include "cli/command.h"
#include "cli/help.h"

static int version_run(const struct invocation *in, struct error *err)
{
	(void)in;
	return help_version_print(err);
}

static const struct option_row options[] = {
	OPTION_HELP_ROW,
	OPTIONS_END,
};

const struct command command_version = {
	.name = "version",
	.summary = "show the version",
	.about = "Shows the version, as `tarproof --version` does.",
	.options = options,
	.run = version_run,
};
