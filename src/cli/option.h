/* Options: one table a command drives parsing, help, completions and the manual's check.
 * Values point into argv; a list owns its array until option_list_release().
 * Knows nothing of any command, nor of what an option means. */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/str.h"

/* The names that a value may have, in the order of the numbers that stand for them. */
struct choice_set {
	const char *(*name)(size_t i);		/* NULL past the last one */
	const char *(*summary)(size_t i);	/* NULL: the names speak for themselves */
};

enum option_type {
	OPTION_FLAG,	/* bool; no value */
	OPTION_COUNT,	/* unsigned int: how often it was given; no value */
	OPTION_TEXT,	/* const char *; the last one given counts */
	OPTION_LIST,	/* struct option_list; repeatable */
	OPTION_NUMBER,	/* unsigned int from min to max */
	OPTION_CHOICE,	/* unsigned int: index into `choices` */
	OPTION_HELP,	/* ends parsing at once */
};

/* What a shell offers for a value or an operand that has no choices. */
enum completion_kind {
	COMPLETE_NOTHING,
	COMPLETE_FILE,
	COMPLETE_FOLDER,
};

struct option_row {
	const char *name;	/* without "--"; NULL ends a table */
	char letter;		/* 0: none */
	enum option_type type;
	enum completion_kind complete;
	const char *arg;	/* what the value is called; NULL for types without one */
	const char *help;	/* a phrase, lower case, no full stop */
	const char *section;	/* heading that starts with this row; or NULL */
	size_t offset;		/* of the value in the command's struct of options */
	unsigned int min, max;	/* OPTION_NUMBER */
	const struct choice_set *choices;	/* OPTION_CHOICE */
	const char *initial;	/* the default, parsed as if it were given; NULL: zero */
	const char *initial_note;	/* shown as the default where `initial` can't say it */
	bool hidden;		/* for our own tests: in no help, no completion */
};

#define OPTION_HELP_ROW \
	{ .name = "help", .letter = 'h', .type = OPTION_HELP, .help = "show this help" }
#define OPTIONS_END { .name = NULL }

struct option_list {
	const char **v;
	size_t n, cap;
};

void option_list_release(struct option_list *l);

struct option_parsed {
	struct option_list operands;
	bool help;		/* --help was given; what came after it was not looked at */
	int next;		/* with stop_at_operand: index of the first operand, or argc */
};

/* Parses argv[1] up to argv[argc - 1] into the struct at `into`, which holds zeroes. As
 * getopt_long() does, but names are never abbreviated: a script must not break when an option
 * is added. Options may follow operands; with `stop_at_operand` they may not (they are a
 * command's). Whatever is returned, release the lists. Errors are ERROR_USAGE. */
int options_parse(const struct option_row *table, int argc, char *const *argv,
		  bool stop_at_operand, void *into, struct option_parsed *parsed,
		  struct error *err);
/* Frees the lists that the parser made at `into`. */
void options_release(const struct option_row *table, void *into);

static inline bool option_takes_value(const struct option_row *row)
{
	return row->arg != NULL;
}

size_t choice_count(const struct choice_set *set);
/* Index of the name, or (size_t)-1. */
size_t choice_find(const struct choice_set *set, const char *name);
/* "a, b, c" */
void choice_list(const struct choice_set *set, struct buf *out);

#endif
