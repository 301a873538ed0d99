/* Words of a script as the shell would expand them, as far as the text alone tells.
 * Owns its maps; texts and trees lie in the arena.
 * Knows nothing of what commands can do. */
#ifndef INSPECT_RESOLVE_H
#define INSPECT_RESOLVE_H

#include "base/map.h"
#include "inspect/command.h"
#include "inspect/shell.h"

/* One value that a variable may have. */
struct value {
	struct str name;
	const struct word *word;
	int64_t line;
	struct value *next;	/* of the same variable */
};

/* The call of a command that may be a function. */
struct call {
	const struct command *command;
	struct call *next;
};

struct variables {
	struct arena *arena;
	struct call *calls;	/* with arguments that are no plain words, while they are collected */
	struct map values;	/* name -> struct value * */
	struct map functions;	/* name -> struct list * */
	size_t *budget;		/* variables that may still be looked up in all; NULL: any number */
};

/* What the name of the variable begins with that stands for the parameters of a function. */
#define PARAMETERS_SIGN '#'
/* Collects the assignments and functions of a list and of all within it. The parameters of a function become one
 * variable, PARAMETERS_SIGN and its name, with what the function is called with: parts of `l` are renamed. */
void variables_collect(struct variables *v, struct list *l);
void variables_release(struct variables *v);
/* The values of a variable; NULL: none is known. */
const struct value *variable_values(const struct variables *v, struct str name);
const struct list *variable_function(const struct variables *v, struct str name);

/* The word's text with variables filled in; the n-th of several possible ones (0: each variable's first).
 * What is not known becomes COMMAND_UNKNOWN, variables with their names, but $SHELL and the like stay as they
 * are. *more (may be NULL) becomes true when there is another one. */
struct str word_text(const struct variables *v, const struct word *w, size_t n, bool *more);
/* All words of a command as arguments, in the arena; unquoted variables are split at blanks. */
void command_argv(const struct variables *v, const struct command *c, size_t n, struct argv *out,
		  bool *more);

#endif
