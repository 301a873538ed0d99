/* The parts of reading other languages than shell: statement by statement (code.c), where data goes
 * (code_flow.c), and what a file says as a whole (code_files.c).
 * Owns nothing: names and notes go to the caller's.
 * For these alone. */
#ifndef INSPECT_CODE_WORK_H
#define INSPECT_CODE_WORK_H

#include "inspect/code.h"

/* Calls within calls that are followed; strings that are read as shell text. */
enum { NAMES_MAX = 4096, CALLS_MAX = 64, BLOCKS_MAX = 64, TAINTED_MAX = 64, SHELL_TEXT_MAX = 65536 };

/* What a call does, and what became of data. */
enum {
	CALL_RUNS = 1 << 0,
	CALL_DECODES = 1 << 1,
	CALL_SHELL = 1 << 2,	/* its arguments are a command */
	CALL_READS = 1 << 3,	/* gives a file's content */
	CALL_FETCHES = 1 << 4,
	CALL_WRITES = 1 << 5,	/* to a file */
	CALL_LOADS = 1 << 6,	/* runs what a file's content says, as pickle does */
	CALL_OPENS = 1 << 7,	/* a library, which runs */
};

/* One text in work. */
struct code {
	enum language language;
	struct notes *notes;
	struct script *out;
	struct str text;
	size_t at;
	int64_t line;
	unsigned int closed;		/* what the call does of which the parenthesis was just closed */
	bool after_string;		/* only blanks since a string */
	bool pieces;			/* a string was added to another since the last bracket */
	bool works_out;			/* of CMake: text was made of numbers or read from a file */
	bool includes;			/* ... within include() */
	/* Calls that are open. */
	struct {
		unsigned int what;
		int64_t line;
		size_t from;
		struct str shell;	/* the string before, when it is a shell's name */
		bool dash_c;
	} call[CALLS_MAX];
	size_t calls_n, open;		/* `open` counts all parentheses */
	size_t open_at[CALLS_MAX];
	struct {
		struct str assigned;
		size_t open;
	} block[BLOCKS_MAX];		/* { } that are open, and what was outside */
	size_t blocks_n, block_open;	/* `block_open`: parentheses open around the innermost one */
	struct str assigned;		/* NAME of the "NAME =" that the statement began with */
	struct str last;		/* the last plain identifier */
	struct str function;		/* the last one that was defined */
	struct str file;		/* of which the statement reads the content */
	unsigned int statement;		/* what its calls do, CALL_DECODES and CALL_FETCHES */
	unsigned int written;		/* ... of what was written to a file */
	bool returns;			/* the statement is a return */
	bool pipes_to_shell;		/* of Perl: open(X, "| sh") was seen */
	struct {
		struct str name;
		unsigned int what;
	} tainted[TAINTED_MAX];		/* names that hold what was decoded or fetched, functions that return it */
	size_t tainted_n;
	struct {
		struct str variable, file;
	} content[TAINTED_MAX];		/* variables that hold what a file holds */
	size_t contents_n;
};

static inline char code_at(const struct code *c, size_t ahead)
{
	return c->at + ahead < c->text.len ? c->text.ptr[c->at + ahead] : '\0';
}

/* A note with its place and the line at `from`, until the next one. */
struct note *code_tell(struct code *c, enum rule_id rule, int64_t line, size_t from, const char *message);
/* A file that is linked or run, at the line where the work is. */
void code_add_name(struct code *c, struct str name, unsigned int caps, enum language language);
/* A command in a string of JSON and the like. */
void code_read_command(struct code *c, struct str s);

/* Of code.c: the text of a string; what a function of that name does. */
void code_see_string(struct code *c, struct str s);
unsigned int code_call_kind(enum language language, struct str name);

/* Of code_perl.c: a name in Perl that began at `from`; q{}, qq{} and qx{} (false: it is none of them). */
/* ... whether it is pack('NN', ...) or unpack('N', ...): numbers of a header, too few to be a program. */
bool code_packs_numbers(const struct code *c, struct str name);
void code_read_perl_name(struct code *c, struct str name, size_t from);
bool code_read_quote(struct code *c, struct str name);

/* Of code_flow.c. What a name holds, CALL_DECODES and CALL_FETCHES; 0: nothing of interest. */
unsigned int code_taint(const struct code *c, struct str name);
void code_add_taint(struct code *c, struct str name, unsigned int what);
/* That such data is run. */
void code_tell_run(struct code *c, unsigned int what, int64_t line, size_t from);
/* Such data is where the work is: within calls, or on its way into a variable. */
void code_see_decoded(struct code *c, unsigned int what);
/* A variable that may hold a file's content; */
void code_see_variable(struct code *c, struct str name);
/* ... a string within the call that reads a file: the last one is its name, or the end of it; */
void code_see_file(struct code *c, struct str s);
/* ... with open(file) as name. */
void code_name_file(struct code *c, struct str variable);

/* Of code_files.c, each over the whole text: */
void code_read_rust_build(struct code *c);
void code_read_embedded(struct code *c);
void code_read_package(struct code *c);
void code_read_settings(struct code *c, struct str path);
void code_read_pth(struct code *c);

#endif
