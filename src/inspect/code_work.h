/* The two halves of reading other languages than shell: statement by statement (code.c), and what a file says
 * as a whole (code_files.c).
 * Owns nothing: names and notes go to the caller's.
 * For these two alone. */
#ifndef INSPECT_CODE_WORK_H
#define INSPECT_CODE_WORK_H

#include "inspect/code.h"

/* Calls within calls that are followed; strings that are read as shell text. */
enum { NAMES_MAX = 4096, CALLS_MAX = 64, TAINTED_MAX = 64, SHELL_TEXT_MAX = 65536 };

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
	struct str assigned;		/* NAME of the "NAME =" that the statement began with */
	struct str last;		/* the last plain identifier */
	struct str tainted[TAINTED_MAX];	/* names that hold what was decoded */
	size_t tainted_n;
	struct {
		struct str variable, file;
	} content[TAINTED_MAX];		/* variables that hold what a file holds */
	size_t contents_n;
};

/* A note with its place and the line at `from`. */
void code_tell(struct code *c, enum rule_id rule, int64_t line, size_t from, const char *message);
/* A file that is linked or run, at the line where the work is. */
void code_add_name(struct code *c, struct str name, unsigned int caps);
/* A command in a string of JSON and the like. */
void code_read_command(struct code *c, struct str s);

/* Of code_files.c, each over the whole text: */
void code_read_rust_build(struct code *c);
void code_read_embedded(struct code *c);
void code_read_package(struct code *c);
void code_read_settings(struct code *c, struct str path);
void code_read_pth(struct code *c);

#endif
