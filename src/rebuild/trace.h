/* Traces: which program read, wrote, ran or connected what while a build ran, as plain data.
 * A trace owns all it holds until trace_release().
 * Knows nothing of how events are seen, nor of what they mean. */
#ifndef REBUILD_TRACE_H
#define REBUILD_TRACE_H

#include "base/map.h"
#include "base/memory.h"
#include "model/rebuild.h"

enum event_kind {
	EVENT_READ,		/* a file was opened to be read */
	EVENT_WRITE,		/* ... to be written, made or cut off */
	EVENT_RENAME,		/* `path` became `other` */
	EVENT_LINK,		/* `other` became another name of `path` */
	EVENT_SYMLINK,		/* `other` is a link whose text is `path` */
	EVENT_UNLINK,
	EVENT_MODE,		/* permissions were set */
	EVENT_TIMES,		/* times were set */
	EVENT_PIPE_READ,	/* standard input is the pipe `path` */
	EVENT_PIPE_WRITE,	/* standard output is */
	EVENT_CONNECT,		/* to the address `path` */
	EVENT_DENIED,		/* the system call `path` was refused */
	EVENT_MEMFD,		/* a file without a name in memory */
	EVENT_KINDS
};

/* "read", "write", ... */
const char *event_kind_name(enum event_kind k);

enum {
	EVENT_EXISTED = 1 << 0,		/* WRITE, RENAME, LINK: the file was there before */
	EVENT_EXCLUSIVE = 1 << 1,	/* WRITE: it must not have been (O_EXCL) */
	EVENT_EXECUTABLE = 1 << 2,	/* MODE: made executable */
	EVENT_APPEND = 1 << 3,		/* WRITE: nothing of what was there is lost */
	EVENT_INHERITED = 1 << 5,	/* READ, WRITE: opened by whoever ran the program, as its standard input or output */
	EVENT_MISSING = 1 << 4,		/* READ: there is no such file; kept only where somebody's own would be */
};

#define TRACE_NONE UINT32_MAX

struct trace_event {
	uint32_t task;
	uint32_t path, other;	/* into `paths`, or TRACE_NONE */
	uint8_t kind;		/* enum event_kind */
	uint8_t flags;
};

/* A program in a process: what runs from one execve() to the next. A process that was forked and has
 * not run another program yet is a task of its own, with its parent's program. */
struct trace_task {
	uint32_t parent;	/* the task that forked it, or that it replaced; TRACE_NONE: none is known */
	size_t at;		/* events before it began */
	int pid;		/* as seen from outside the sandbox */
	uint8_t phase;		/* enum phase */
	bool executed;		/* by execve(), so that argv is its own */
	uint32_t program;	/* path of the file that was run */
	uint32_t directory;	/* current one at that time */
	uint32_t in, out;	/* what standard input and output were at that time; a path or a pipe */
	struct str argv;	/* NUL after each argument; may be cut */
	struct str preload;	/* LD_PRELOAD and LD_AUDIT, as set; mostly empty */
};

struct trace {
	struct arena arena;
	struct trace_task *tasks;
	size_t tasks_n, tasks_cap;
	struct trace_event *events;	/* in the order in which they were seen */
	size_t events_n, events_cap;
	struct str *paths;		/* each once; as seen within the sandbox */
	size_t paths_n, paths_cap;
	struct map path_index;
	struct map seen;		/* reads and the like are kept once a task */
	uint64_t unreadable;		/* events of which the arguments could not be read */
	bool full;			/* a limit was met: later events were dropped */
};

void trace_init(struct trace *t);
void trace_release(struct trace *t);

uint32_t trace_path(struct trace *t, struct str path);
/* The task's index. */
uint32_t trace_task(struct trace *t, uint32_t parent, int pid, enum phase phase);
void trace_add(struct trace *t, uint32_t task, enum event_kind kind, unsigned int flags, uint32_t path,
	       uint32_t other);
/* The text of a path; "" for TRACE_NONE. */
struct str trace_text(const struct trace *t, uint32_t path);
/* Whether it names a pipe; not so TRACE_NONE. */
bool trace_is_pipe(const struct trace *t, uint32_t path);
/* The argument of that number; false when there are fewer. */
bool trace_argument(const struct trace_task *task, size_t number, struct str *out);
/* The arguments with blanks between them, for people. */
void trace_command(const struct trace *t, uint32_t task, struct buf *out);
void trace_count(const struct trace *t, struct trace_totals *out);

#endif
