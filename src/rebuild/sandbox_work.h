/* The sandbox, between its files: how its process is started (sandbox_start.c), how its use of the machine is
 * measured (sandbox_usage.c).
 * Owns nothing.
 * Knows nothing of what is run. */
#ifndef REBUILD_SANDBOX_WORK_H
#define REBUILD_SANDBOX_WORK_H

#include "rebuild/sandbox.h"

struct sandbox_process {
	pid_t pid;		/* bwrap's */
	int handle;		/* its pidfd */
	int listener;		/* of the filter; -1 without a tracer */
	int output;		/* what the script prints; -1 with a terminal */
	int status;		/* what bwrap says of itself: JSON texts */
};

/* Starts bwrap and the script in it. All descriptors are the caller's afterwards. */
int sandbox_start(const struct sandbox_plan *plan, const char *script, bool traced,
		  struct sandbox_process *p, struct error *err);

struct sandbox_usage {
	uint64_t memory;	/* bytes of processes, what they share counted once, and of files in memory */
	uint64_t unlinked;	/* bytes of files on disk that are open and have no name */
	unsigned int processes;
};

/* Of the processes in the same namespace as `first` (number 1 in it, as seen from outside). */
void sandbox_usage(pid_t first, struct sandbox_usage *out);
/* How many threads a user has on this machine. */
unsigned int sandbox_threads_of(uid_t uid);
/* Bytes on disk below the plan's folders. */
uint64_t sandbox_disk(const struct sandbox_plan *plan);

#endif
