/* The judge, between its files.
 * Owns the flow of the trace while it is judged.
 * Knows nothing of findings of other rooms. */
#ifndef REBUILD_JUDGE_WORK_H
#define REBUILD_JUDGE_WORK_H

#include "rebuild/flow.h"
#include "rebuild/judge.h"
#include "rebuild/programs.h"

struct judge {
	const struct judge_case *c;
	const struct trace *t;
	struct flow flow;
	unsigned int *kinds;	/* program_kind() of each task */
	struct arena arena;
};

/* A path below the build's folder, relative to it; empty: it is none. */
struct str judge_relative(const struct judge *j, struct str path);
/* SOURCE_... of a path of the trace. */
unsigned int judge_about(const struct judge *j, uint32_t path);
/* Adds a finding, or makes the one of that rule and subject worse; the command of the task and of those that ran it is
 * evidence. */
void judge_say(struct judge *j, enum rule_id rule, enum severity severity, struct str subject, uint32_t task,
	       const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* One lower for what only tests do. */
enum severity judge_in_tests(const struct judge *j, uint32_t task, enum severity s);
/* Tasks that write into the pipe that this one reads from, or, transitively, into theirs, have any of these kinds. */
bool judge_fed_by(const struct judge *j, uint32_t task, unsigned int kinds);
/* Whether the build made this path: some task wrote it before that event. */
bool judge_was_made(const struct judge *j, uint32_t path, size_t before);
/* The name of the program of a task. */
struct str judge_program(const struct judge *j, uint32_t task);

/* Whether a shell opened the file for a program that it then ran, and did not read it itself. */
bool judge_is_redirection(const struct judge *j, const struct trace_event *e);

/* judge_runs.c: programs that were run. */
void judge_runs(struct judge *j);
/* A file that was run, or that an interpreter read itself (`run` false; then only decoders count): what made it? */
void judge_made(struct judge *j, uint32_t task, uint32_t program, size_t before, bool run);
/* judge_files.c: files that were read and written. */
void judge_files(struct judge *j);

#endif
