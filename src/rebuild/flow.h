/* Flows: which files went into which, by who read and who wrote them, in the order in which it happened.
 * A flow borrows its trace, and owns its index until flow_release().
 * Knows nothing of what files are. A program's output may depend on all that it read before: what is said here
 * is "may have flowed", never less than did. */
#ifndef REBUILD_FLOW_H
#define REBUILD_FLOW_H

#include "rebuild/trace.h"

struct flow {
	const struct trace *trace;
	uint32_t *actor;	/* of each task: the first task of its process, as programs replace one another */
	uint32_t *by_path;	/* events by the path that they read or write, in their order */
	uint32_t *by_actor;	/* events by their task's actor, in their order */
	uint32_t *path_start, *actor_start;	/* where each begins; one more than there are */
};

void flow_init(struct flow *f, const struct trace *t);
void flow_release(struct flow *f);

/* Marks. One byte for each path (and each pipe). */
struct flow_marks {
	uint8_t *paths;		/* trace->paths_n */
	uint8_t *actors;	/* trace->tasks_n, at the index of an actor */
};

/* All that `path` may have flowed into, itself included. */
void flow_forward(const struct flow *f, uint32_t path, struct flow_marks *m);
/* All that may have flowed into it, by events before that one (SIZE_MAX: all). */
void flow_backward(const struct flow *f, uint32_t path, size_t before, struct flow_marks *m);
void flow_marks_release(struct flow_marks *m);
/* The task that opened the path last to write it, before that event (or at all, with SIZE_MAX); TRACE_NONE. */
uint32_t flow_writer(const struct flow *f, uint32_t path, size_t before);

#endif
