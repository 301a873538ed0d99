/* Help: usage, options and commands as text, out of the tables.
 * Owns nothing.
 * Knows nothing of what commands do. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

/* These print on standard output and return STATUS_CLEAN, or -1 with err. */
int help_command_print(const struct command *c, struct error *err);
int help_global_print(struct error *err);
int help_version_print(struct error *err);
/* What the manual must have, for tests/check-man: the options as mdoc items, each followed by
 * "= WORD" lines for what its text must mention; c NULL: the names of the commands. */
int help_manual_print(const struct command *c, struct error *err);

/* On standard error, for `tarproof` alone. */
void help_usage_print(void);

#endif
