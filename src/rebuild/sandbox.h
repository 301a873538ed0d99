/* The sandbox: runs a shell script in namespaces of its own by bubblewrap, within limits.
 * Borrows the plan; the folders it names are the caller's.
 * Knows nothing of builds. What is inside: the system read-only, one folder for each of the plan's, nothing
 * of anybody's home, a network without a way out, no terminal. bwrap(1) */
#ifndef REBUILD_SANDBOX_H
#define REBUILD_SANDBOX_H

#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "rebuild/trace.h"

struct sandbox_limits {
	uint64_t memory;	/* bytes that all processes together may hold; 0: none */
	uint64_t disk;		/* bytes that the folders may grow by; 0: none */
	unsigned int processes;	/* at one time; 0: none */
	unsigned int seconds;	/* of wall clock for one run; 0: none */
};

/* A folder of this machine, and what it is called within. */
struct sandbox_folder {
	const char *outside, *inside;
};

enum { SANDBOX_FOLDERS = 8 };

struct sandbox_plan {
	struct sandbox_folder folders[SANDBOX_FOLDERS];
	size_t folders_n;
	const char *directory;	/* where the script starts, within */
	const char *user, *home, *host, *domain;	/* as seen within */
	uid_t uid;		/* as seen within */
	gid_t gid;
	uid_t real_uid;		/* on this machine, where root runs it; see sandbox_identity() */
	gid_t real_gid;
	mode_t umask;
	unsigned int processors;	/* 0: all */
	bool fixed_addresses;	/* no randomisation of the address space */
	bool container;		/* /.dockerenv and the like are there */
	bool old_kernel;	/* the kernel calls itself 2.6 */
	const char *const *environment;	/* "NAME=VALUE", ended by NULL; there is nothing else */
	struct sandbox_limits limits;
	bool terminal;		/* for a person: standard streams are passed through */
};

enum sandbox_end {
	SANDBOX_EXITED,		/* with `status` */
	SANDBOX_KILLED,		/* by the signal `status` */
	SANDBOX_TIMEOUT, SANDBOX_MEMORY, SANDBOX_DISK, SANDBOX_PROCESSES,
	SANDBOX_REFUSED,	/* it could not be set up: see the error */
};

struct sandbox_outcome {
	enum sandbox_end end;
	int status;
	double seconds;
};

/* Asked some times a second; -1 with err ends the run. `line`: the last one that the script printed. */
struct sandbox_watch {
	int (*tick)(void *ctx, struct str line, struct error *err);
	void *ctx;
};

/* The uid and gid that a build has on this machine: our own, or, for root, one that nobody else has. */
void sandbox_identity(uid_t *uid, gid_t *gid);
/* Runs `script` by sh -e. What it prints goes to the file `log`. With `trace`, events of that phase are added
 * to it. -1 with err when it could not be run at all (ERROR_SYSTEM with a hint where the system refuses). */
int sandbox_run(const struct sandbox_plan *plan, const char *script, int log, struct trace *trace,
		enum phase phase, const struct sandbox_watch *watch, struct sandbox_outcome *out,
		struct error *err);

#endif
