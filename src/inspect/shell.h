/* POSIX shell text as a tree of lists, pipelines, commands and words, tolerant of what is no shell.
 * Everything lies in the caller's arena.
 * Knows nothing of what commands do. Source: POSIX.1-2017, XCU 2; of bash $'...', <(...) and
 * NAME=(...), the words of which become one. */
#ifndef INSPECT_SHELL_H
#define INSPECT_SHELL_H

#include <stdint.h>

#include "base/memory.h"

enum part_kind {
	PART_TEXT,	/* literal bytes, quotes and escapes removed */
	PART_VARIABLE,	/* $name, ${name}, ${name%...}: `text` is the name */
	PART_COMMAND,	/* $(...), `...` or <(...): `list` is what runs */
	PART_OTHER,	/* arithmetic, and what can't be told */
};

struct part {
	enum part_kind kind;
	bool quoted;
	bool file;		/* of <(...): stands for a file with the output */
	struct str text;
	struct str rest;	/* of ${name...}: what follows the name, raw */
	struct word *otherwise;	/* of ${name:-...} and the like: what else is expanded; NULL: nothing */
	bool indirect;		/* ${!name} */
	size_t room;		/* for the parser: bytes of its own that may follow the text */
	struct list *list;
};

struct word {
	struct part *v;
	size_t n, cap;
	int64_t line;
};

struct assignment {
	struct str name;
	struct word value;
};

struct redirection {
	int fd;			/* -1: the default of its operator */
	char op[4];		/* "<", ">", ">>", "<<", ">&", ... */
	struct word target;
	struct str heredoc;	/* of "<<": its text, unescaped when the mark was not quoted */
	struct list *program;	/* ... read as a program, as many are; NULL: too deep */
	bool expands;		/* ... the mark was not quoted: variables and commands are filled in */
};

enum command_kind {
	COMMAND_SIMPLE,
	COMMAND_GROUP,		/* ( ... ) and { ... } */
	COMMAND_COMPOUND,	/* if, while, until, for, case: the bodies one after the other */
	COMMAND_FUNCTION,	/* `name`, with one body */
};

struct command {
	enum command_kind kind;
	int64_t line;
	struct str name;	/* of a function; the variable of a for */
	struct word *words;
	size_t words_n, words_cap;
	struct assignment *assignments;
	size_t assignments_n, assignments_cap;
	struct redirection *redirections;
	size_t redirections_n, redirections_cap;
	struct redirection **heredocs;	/* "<<" apart from the others, as their text comes later */
	size_t heredocs_n, heredocs_cap;
	struct list **bodies;
	size_t bodies_n, bodies_cap;
	struct command_seen *seen;	/* for who looks at the tree; NULL at first */
};

struct pipeline {
	struct command **v;
	size_t n, cap;
	struct str text;	/* as it stands in the source */
};

struct list {
	struct pipeline *v;
	size_t n, cap;
};

struct shell_options {
	int64_t line;		/* of the first byte */
	unsigned int depth;	/* texts within texts so far */
};

enum { SHELL_DEPTH_MAX = 40 };

/* The text of a word of one part, quoted or not; empty: it is worked out. */
static inline struct str shell_plain(const struct word *w)
{
	return w->n == 1 && w->v[0].kind == PART_TEXT ? w->v[0].text : STR("");
}

/* Never fails: what can't be parsed is skipped. Linear in the text, but for nesting up to
 * SHELL_DEPTH_MAX. */
struct list *shell_parse(struct arena *a, struct str text, struct shell_options o);

#endif
