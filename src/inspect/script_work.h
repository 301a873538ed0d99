/* The parts of reading a script: what data goes through in words and single commands (script_caps.c) and on its
 * way from one to the next (script_see.c), flags and conditions (script_flags.c), edits of what the build runs
 * (script_edits.c), what runs (script_run.c), and the walk over it all (script.c).
 * Owns its maps; trees and texts lie in the scratch arena.
 * For these alone. */
#ifndef INSPECT_SCRIPT_WORK_H
#define INSPECT_SCRIPT_WORK_H

#include "inspect/dialect.h"
#include "inspect/resolve.h"
#include "inspect/script.h"

/* Texts within texts (values of variables that are commands, arguments of eval, here-documents): how deep
 * they are followed, and how many commands are looked at in all. */
enum { TEXT_DEPTH = 8, BUDGET = 400000, ALTERNATIVES = 4 };
/* Notes that are looked back at for the same rule and line. */
enum { SAME_PLACE = 8 };

/* One of the ways in which a command's variables can be filled in. */
struct command_way {
	struct argv argv;
	unsigned int caps;	/* of this command alone */
};

/* What was found out of a command. */
struct command_seen {
	struct command_way *way;
	size_t ways_n;
	unsigned int turn;	/* in which the following was found; 0: not yet */
	unsigned int caps;	/* with those of its input */
	bool runs;		/* it takes its input as a program */
};

/* A text that was read as a program. */
struct script_text {
	const struct list *list;	/* NULL: not read */
	unsigned int turn;	/* in which it was last walked */
};

/* One file in work. */
struct script_work {
	struct arena *arena;
	struct script *out;
	struct notes *notes;
	size_t notes_before;	/* of them were there when it began */
	enum dialect dialect;
	const struct dialect_text *converted;	/* to shell; NULL: lines are the source's own */
	struct variables vars;
	struct map var_caps[2];	/* for each question of script_caps.c: name -> caps + 1; 1: being worked out */
	struct map function_caps;	/* name -> caps of a call + 1; 1: being worked out */
	struct map file_caps;	/* name of a file that is written -> caps of what went there, if any */
	struct map run_vars;	/* names of variables that are run, the files of which were seen */
	struct map texts;	/* texts within texts -> struct script_text * */
	size_t budget, lookups;
	unsigned int prose;	/* within a text that may be no program at all */
	unsigned int documents;	/* within a here-document that no shell is given */
	unsigned int turn;	/* 1; 2 once it is known what goes into which file */
};

static inline int64_t script_line(const struct script_work *w, int64_t line)
{
	return w->converted ? dialect_line(w->converted, line) : line;
}

/* A note with its place and an excerpt. */
struct note *script_tell(struct script_work *w, enum rule_id rule, int64_t line, struct str text,
			 const char *message);

/* What data went through, as CAP_...: */
/* ... that comes out of a list; */
unsigned int script_list_caps(struct script_work *w, const struct list *l, unsigned int depth);
/* ... by one simple command; `a` are its words, `function` the body of what it calls, NULL: no function; */
unsigned int script_command_caps(struct script_work *w, const struct command *c, const struct argv *a,
				 const struct list *function, unsigned int depth);
/* ... that a word stands for, or a part of one; of a command where it holds one as text; */
unsigned int script_part_caps(struct script_work *w, const struct part *p, unsigned int depth);
unsigned int script_word_caps(struct script_work *w, const struct word *word, unsigned int depth);
/* ... the same without what texts would do as commands: of output alone; */
unsigned int script_output_caps(struct script_work *w, const struct word *word, unsigned int depth);
/* ... the same of a word that is evaluated, without what only becomes a value; */
unsigned int script_program_caps(struct script_work *w, const struct word *word, unsigned int depth);
/* ... that was written to the file of that name; */
unsigned int script_file_caps(const struct script_work *w, struct str name);
/* ... to any of the files that a word stands for which is a function's parameter; */
unsigned int script_parameter_file_caps(const struct script_work *w, const struct word *word);
/* ... by a stage of a pipeline with its input. */
const struct command_seen *script_see(struct script_work *w, struct command *c, unsigned int depth);
/* Whether a command of the list takes what it is given on standard input as a program. */
bool script_list_runs_stdin(struct script_work *w, const struct list *l, unsigned int depth);
/* Keeps the name of a file, if it may be one of the tree. */
void script_see_name(struct script_work *w, struct str name, unsigned int caps, int64_t line);
/* ... that is read as a text of that language. */
void script_see_program(struct script_work *w, struct str name, unsigned int caps, enum language language, int64_t line);

/* Of script_run.c: a command that runs a text or a file it is given; */
void script_see_runner(struct script_work *w, const struct pipeline *p, const struct command *c, const struct argv *a,
		       unsigned int depth);
/* ... the file that a command which runs its input is given; */
void script_see_input_name(struct script_work *w, struct command *c, int64_t line);
/* ... assignments that name a file which each shell runs first; */
void script_see_startup(struct script_work *w, const struct pipeline *p, const struct command *c);
/* ... data that the command runs: how bad that is depends on what it went through; */
void script_tell_execution(struct script_work *w, const struct pipeline *p, const struct command *c, unsigned int caps,
			   bool from_pipe, bool in_sight);
/* ... files that are read by the first n commands of a pipeline, the output of which is run. */
void script_see_read_names(struct script_work *w, const struct pipeline *p, size_t n, int64_t line);

/* Of script_flags.c: tests of who builds, users under whom packages are built, flags of a command and in the
 * value of a variable, a PATH that begins in the tree, and lines of a makefile that have a meaning to make. */
void script_see_conditions(struct script_work *w, const struct argv *a, int64_t line, struct str text);
void script_see_builders(struct script_work *w, const struct command *c, int64_t line, struct str text);
void script_see_flags(struct script_work *w, const struct argv *a, int64_t line, struct str text);
void script_see_value(struct script_work *w, struct str variable, struct str value, int64_t line, struct str text);
void script_see_path(struct script_work *w, const struct assignment *as, int64_t line, struct str text);
void script_see_make_lines(struct script_work *w, struct str text);

/* Of script_edits.c: sed and perl on what the build runs, and whether a file is of that kind. */
bool script_is_build_program(struct str path);
void script_see_edits(struct script_work *w, const struct argv *a, int64_t line, struct str text);

/* The one part that a word consists of, empty texts apart; NULL: none, or several. */
const struct part *script_only_part(const struct word *word);
/* Whether a text is worth reading as a program. */
bool script_may_be_program(struct str text);
/* The text as a program, parsed once; its list is NULL when it would lead too deep. */
struct script_text *script_text(struct script_work *w, struct str text, int64_t line, unsigned int depth);
/* The command's name is worked out by another one. */
bool script_is_computed(const struct script_work *w, const struct command *c);
/* The operands of tr as a map; false when they make none. */
bool script_map(struct script_work *w, const struct argv *a, struct byte_map *map);
/* All arguments from `first` on, as one text. */
struct str script_joined(struct script_work *w, const struct argv *a, size_t first);

#endif
