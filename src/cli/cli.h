/* The command line: finds the command, parses for it, runs it, reports its error.
 * Owns the values of the options while the command runs.
 * Knows nothing of any single command. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/error.h"

/* Returns the exit status; ends by the signal itself when one interrupted a command. */
int cli_run(int argc, char *const *argv);

/* The exit status that an error asks for. */
int cli_status(const struct error *err);

#endif
