#include "cli/command.h"

#include "base/cleanup.h"
#include "cli/complete.h"
#include "cli/nearest.h"
#include "cli/output.h"

static const struct {
	const char *name;
	const char *summary;
	void (*render)(struct buf *out);
} shells[] = {
	{ "bash", "bash 4.1 or later", complete_bash },
	{ "zsh", "zsh 5", complete_zsh },
	{ "fish", "fish 3 or later", complete_fish },
};

static const char *shell_name(size_t i)
{
	return i < sizeof(shells) / sizeof(shells[0]) ? shells[i].name : NULL;
}

static const char *shell_summary(size_t i)
{
	return shells[i].summary;
}

static const struct choice_set shell_names = { shell_name, shell_summary };

static int unknown_shell(const char *name, struct error *err)
{
	AUTO_BUF struct buf names = BUF_INIT;

	choice_list(&shell_names, &names);
	return error_set(err, ERROR_USAGE, "no completions for \"%.200s\"; there are some for %s",
			 name, buf_cstr(&names));
}

static int completion_run(const struct invocation *in, struct error *err)
{
	AUTO_BUF struct buf out = BUF_INIT;
	const size_t shell = choice_find(&shell_names, in->operand);

	if (shell == (size_t)-1)
		return unknown_shell(in->operand, err);
	shells[shell].render(&out);
	return output_write(NULL, buf_str(&out), err) ? -1 : STATUS_CLEAN;
}

static const struct option_row options[] = {
	OPTION_HELP_ROW,
	OPTIONS_END,
};

const struct command command_completion = {
	.name = "completion",
	.operand = { .name = "SHELL", .choices = &shell_names },
	.summary = "print completions for bash, zsh or fish",
	.about = "Prints a script by which a shell completes commands, options and their values. "
		 "`make install` puts all of them into place.",
	.examples = "source <(tarproof completion bash)\n"
		    "tarproof completion fish > ~/.config/fish/completions/tarproof.fish\n",
	.options = options,
	.run = completion_run,
};
