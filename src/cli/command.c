#include "cli/command.h"

#include <string.h>

#include "cli/nearest.h"

const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "cli/commands.def"
#undef COMMAND
	NULL,
};

const struct option_row global_options[] = {
	OPTION_HELP_ROW,
	{ .name = "version", .letter = 'V', .type = OPTION_FLAG, .help = "show the version",
	  .offset = offsetof(struct global_options, version) },
	OPTIONS_END,
};

static const char *command_name(size_t i)
{
	return commands[i] ? commands[i]->name : NULL;
}

static const char *command_summary(size_t i)
{
	return commands[i]->summary;
}

const struct choice_set command_names = { command_name, command_summary };

const struct command *command_find(const char *name, struct error *err)
{
	struct nearest best = NEAREST_INIT(name);

	for (size_t i = 0; commands[i]; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
		nearest_offer(&best, commands[i]->name);
	}
	error_set(err, ERROR_USAGE, "there is no command \"%.200s\"", name);
	if (best.name)
		error_hint(err, "did you mean `tarproof %s`?", best.name);
	else
		error_hint(err, "`tarproof help` lists the commands");
	return NULL;
}
