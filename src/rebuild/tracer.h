/* The tracer: answers a sandbox's system calls, one by one, and keeps what they say as a trace.
 * Borrows the trace and the listener; owns what it knows of live processes.
 * Knows nothing of builds. Calls go on as they were made (SECCOMP_USER_NOTIF_FLAG_CONTINUE), so a program
 * with threads may change its arguments after they were read: what is refused is refused by numbers
 * alone, what is recorded is what honest and careless programs did. seccomp_unotify(2) */
#ifndef REBUILD_TRACER_H
#define REBUILD_TRACER_H

#include "rebuild/trace.h"

struct tracer;

/* `listener` is the descriptor of a filter of filter.h, taken over. The first program that is run is the
 * sandbox's own; events begin with the second. */
struct tracer *tracer_new(int listener, struct trace *trace, enum phase phase);
void tracer_free(struct tracer *t);
/* To be polled for reading. */
int tracer_fd(const struct tracer *t);
/* Answers one call that waits. False: the sandbox has ended. */
bool tracer_step(struct tracer *t);
/* Whether the sandbox's setup ended and the build's first program was run. */
bool tracer_began(const struct tracer *t);

#endif
