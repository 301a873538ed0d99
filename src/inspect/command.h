/* Commands: which programs can do what, by name and options.
 * Constant tables and pure functions.
 * Knows nothing of variables: words come resolved, as far as they can be. */
#ifndef INSPECT_COMMAND_H
#define INSPECT_COMMAND_H

#include <stdbool.h>

#include "base/str.h"

/* The arguments of one command, resolved. Borrows them. What is not known is two bytes UNKNOWN, the name
 * of a variable between them if it has one: the same name is the same text, whatever it is. */
#define COMMAND_UNKNOWN '\x01'

struct argv {
	const struct str *v;
	size_t n;
	struct str base;	/* of v[0]; empty when there is none */
	unsigned int kind;	/* of that */
};

/* Without nohup, env and their kin: from the command on that they run. */
struct argv argv_of(const struct str *v, size_t n);

/* The last component of a path, without a suffix such as .exe. */
struct str command_base(struct str name);
enum {
	COMMAND_SHELL = 1 << 0,		/* by its path, or by the names that hold one ($SHELL, @SHELL@) */
	COMMAND_INTERPRETER = 1 << 1,	/* runs programs in a language of its own */
	COMMAND_UNPACKS = 1 << 2,	/* a decompressor */
	COMMAND_UNPACKS_D = 1 << 3,	/* ... with -d */
	COMMAND_GREP = 1 << 4,
	COMMAND_FETCHES = 1 << 5,
	COMMAND_EVALS = 1 << 6,		/* its arguments are a command */
	COMMAND_DECODES_D = 1 << 7,	/* decodes text or decrypts, with -d */
	COMMAND_READS = 1 << 8,		/* passes a file on */
	COMMAND_OTHER = 1 << 9,		/* looked at on its own */
	COMMAND_STDIN = 1 << 10,	/* an interpreter that runs its standard input */
	COMMAND_WRAPS = 1 << 11,	/* runs the command in its arguments as it stands; argv_of() sees through it */
};

/* What is known of a program by its base name; 0: nothing. */
unsigned int command_kind(struct str base);
/* By whatever name: mawk, $AWK, gmake. */
bool command_is_awk(struct str base);
bool command_is_make(struct str base);
/* What follows -f, of awk and make the program; NULL: it is not given. */
const struct str *command_program_file(const struct argv *argv);
/* Whether a text holds the name of any of them as a word: if not, no program in it is of interest. */
bool command_named_in(struct str text);
/* CAP_... of what the command does to its input. */
unsigned int command_caps(const struct argv *argv);
/* Whether the command runs what comes on standard input as a program. */
bool command_runs_stdin(const struct argv *argv);
/* True when an option of one letter is there, also within a cluster (-aErls), or its long name. */
bool command_has_option(const struct argv *argv, char letter, const char *name);

#endif
