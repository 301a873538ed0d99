/* Programs that builds run, and what each is for, by name and arguments.
 * Constant tables.
 * Knows nothing of what came of a run. A name is the last component of the path that was run. */
#ifndef REBUILD_PROGRAMS_H
#define REBUILD_PROGRAMS_H

#include "rebuild/trace.h"

enum {
	PROGRAM_SHELL = 1 << 0,
	PROGRAM_INTERPRETER = 1 << 1,	/* of another language */
	PROGRAM_DECODER = 1 << 2,	/* and its arguments ask for decoding */
	PROGRAM_FRONT_END = 1 << 3,	/* of a compiler: what reads sources (cc1, clang) */
	PROGRAM_DRIVER = 1 << 4,	/* of a compiler: what starts the others (gcc, cc) */
	PROGRAM_ASSEMBLER = 1 << 5,
	PROGRAM_LINKER = 1 << 6,
	PROGRAM_OBJECT_TOOL = 1 << 7,	/* ar, strip, objcopy, ... */
	PROGRAM_COPIER = 1 << 8,	/* its output is its input */
	PROGRAM_BUILDER = 1 << 9,	/* make, ninja, cmake, ... */
	PROGRAM_LOOKER = 1 << 10,	/* says something of files, and passes nothing of their content on */
	PROGRAM_CUTTER = 1 << 11,	/* passes parts of its input on: head, tail, dd, cut, tr */
	PROGRAM_KEEPER = 1 << 13,	/* keeps an index of the system's, which a packager's tools make again */
	PROGRAM_DOCUMENTS = 1 << 12,	/* doxygen, sphinx, TeX: may run commands that documents hold */
};

#define PROGRAM_TOOLCHAIN \
	(PROGRAM_FRONT_END | PROGRAM_DRIVER | PROGRAM_ASSEMBLER | PROGRAM_LINKER | PROGRAM_OBJECT_TOOL)

/* A set of the above; 0: not known. */
unsigned int program_kind(const struct trace *t, const struct trace_task *task);
/* The name of the program that a task runs. */
struct str program_name(const struct trace *t, const struct trace_task *task);
/* Whether a shell or another interpreter was started so that it reads its program from standard input. */
bool program_reads_input(const struct trace *t, const struct trace_task *task);
/* The script that a shell or another interpreter was given as a file; false: none. */
bool program_script(const struct trace *t, const struct trace_task *task, struct str *out);
bool program_has_argument(const struct trace_task *task, struct str argument);

#endif
