/* Commands: what every command is made of, and the list of them (commands.def).
 * Constant data.
 * Knows nothing of what a command does. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "cli/option.h"

enum exit_status {
	STATUS_CLEAN = 0,
	STATUS_FINDINGS = 1,
	STATUS_ERROR = 2,
	STATUS_INCOMPLETE = 3,
	STATUS_TRANSIENT = 75,	/* EX_TEMPFAIL of sysexits.h */
};

/* A command takes at most one operand. */
struct operand {
	const char *name;	/* "ARTIFACT"; NULL: takes none */
	bool optional;
	enum completion_kind complete;
	const struct choice_set *choices;	/* for completions; the command itself checks */
};

struct command;

struct invocation {
	const struct command *command;
	const void *options;	/* the command's own struct */
	const char *operand;	/* NULL when it was left out */
};

struct command {
	const char *name;
	struct operand operand;
	const char *summary;	/* a phrase for the list of commands */
	const char *about;	/* a paragraph for its own help; or NULL */
	const char *examples;	/* lines, each ended by LF; or NULL */
	const struct option_row *options;
	size_t options_size;	/* bytes of the struct that `options` fills */
	/* Returns an exit status, or -1 with err. */
	int (*run)(const struct invocation *in, struct error *err);
};

#define COMMAND(name) extern const struct command command_##name;
#include "cli/commands.def"
#undef COMMAND

/* Ends with NULL; in the order of help. */
extern const struct command *const commands[];

/* Names and summaries of `commands`. */
extern const struct choice_set command_names;

/* What may stand before the command. */
struct global_options {
	bool version;
};

extern const struct option_row global_options[];

/* NULL and ERROR_USAGE, with the nearest one, when there is none. */
const struct command *command_find(const char *name, struct error *err);

#endif
