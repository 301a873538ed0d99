#include "rebuild/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/limits.h"
#include "rebuild/sandbox_work.h"
#include "rebuild/tracer.h"

/* Milliseconds between looks at what the sandbox uses; walking its folders takes at most one part of so many of the time. */
enum { LOOK_EVERY = 200, DISK_SHARE = 50 };

struct running {
	const struct sandbox_plan *plan;
	const struct sandbox_watch *watch;
	struct sandbox_process p;
	struct sandbox_outcome *out;
	struct tracer *tracer;
	int log;
	uint64_t logged;
	struct buf line;	/* the last that was printed, and what follows it */
	struct buf status;	/* what bwrap says */
	uint64_t disk_before, free_before;
	double began, looked, disk_next;
	bool killed;
};

void sandbox_identity(uid_t *uid, gid_t *gid)
{
	uint32_t random = 0;

	*uid = geteuid();
	*gid = getegid();
	if (*uid != 0)
		return;
	/* Above what is given to users, to services and, mostly, to containers. */
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint32_t)getpid();
	*uid = 0x6e000000u | (random & 0xffffffu);
	*gid = *uid;
}

static void end(struct running *r, enum sandbox_end why)
{
	if (r->killed)
		return;
	r->killed = true;
	r->out->end = why;
	kill(r->p.pid, SIGKILL);
}

/* Keeps the log, and the last line of it for whoever watches. */
static bool take_output(struct running *r)
{
	char piece[16384];
	const ssize_t n = read(r->p.output, piece, sizeof(piece));
	const char *newline;

	if (n <= 0)
		return n < 0 && errno == EINTR;
	if (r->logged < LIMIT_BUILD_LOG && r->log >= 0)
		(void)!write(r->log, piece, (size_t)n);
	r->logged += (uint64_t)n;
	newline = memrchr(piece, '\n', (size_t)n);
	if (newline) {
		const char *const before = newline > piece ? memrchr(piece, '\n', (size_t)(newline - piece)) : NULL;

		buf_reset(&r->line);
		buf_add(&r->line, before ? before + 1 : piece,
			(size_t)(newline - (before ? before + 1 : piece)));
	}
	return true;
}

/* A number that bwrap wrote as "key": N; -1: not yet. */
static long said(const struct running *r, const char *key)
{
	const char *const at = strstr(buf_cstr(&r->status), key);

	return at ? strtol(at + strlen(key), NULL, 10) : -1;
}

static bool take_status(struct running *r)
{
	const ssize_t n = read(r->p.status, buf_reserve(&r->status, 1024), 1024);

	if (n > 0) {
		r->status.len += (size_t)n;
		r->status.ptr[r->status.len] = '\0';
	}
	return n > 0 || (n < 0 && errno == EINTR);
}

static uint64_t free_space(const struct sandbox_plan *p)
{
	struct statvfs v;

	return p->folders_n && statvfs(p->folders[0].outside, &v) == 0 ? (uint64_t)v.f_bavail * v.f_frsize : 0;
}

/* The folders are walked at once when the disk has become as much fuller, by whomever; else now and then, so that it costs
 * little. */
static void look_at_disk(struct running *r, uint64_t unlinked)
{
	const uint64_t max = r->plan->limits.disk, left = free_space(r->plan);
	const double began = clock_now();

	if (!max || (left + max >= r->free_before && began < r->disk_next))
		return;
	if (sandbox_disk(r->plan) + unlinked > r->disk_before + max)
		end(r, SANDBOX_DISK);
	r->disk_next = began + 1 + DISK_SHARE * (clock_now() - began);
}

static int look(struct running *r, struct error *err)
{
	const struct sandbox_limits *const l = &r->plan->limits;
	struct sandbox_usage u;

	sandbox_usage((pid_t)said(r, "\"child-pid\": "), &u);
	if (l->memory && u.memory > l->memory)
		end(r, SANDBOX_MEMORY);
	if (l->processes && u.processes > l->processes + 8)
		end(r, SANDBOX_PROCESSES);
	if (l->seconds && clock_now() - r->began > l->seconds)
		end(r, SANDBOX_TIMEOUT);
	look_at_disk(r, u.unlinked);
	return r->watch && r->watch->tick ? r->watch->tick(r->watch->ctx, buf_str(&r->line), err) : 0;
}

/* Until the sandbox's first process has ended, and with it all others. */
static int run(struct running *r, struct error *err)
{
	enum { ENDED, OUTPUT, STATUS, CALLS };
	struct pollfd fds[4] = {
		[ENDED] = { r->p.handle, POLLIN, 0 }, [OUTPUT] = { r->p.output, POLLIN, 0 },
		[STATUS] = { r->p.status, POLLIN, 0 },
		[CALLS] = { r->tracer ? tracer_fd(r->tracer) : -1, POLLIN, 0 },
	};
	int status = 0;

	for (;;) {
		const int n = poll(fds, 4, LOOK_EVERY);

		if (n < 0 && errno != EINTR)
			return error_errno(err, "poll");
		if (n > 0 && (fds[CALLS].revents & POLLIN))
			tracer_step(r->tracer);
		else if (n > 0 && fds[CALLS].revents)
			fds[CALLS].fd = -1;
		if (n > 0 && fds[OUTPUT].revents && !take_output(r))
			fds[OUTPUT].fd = -1;
		if (n > 0 && fds[STATUS].revents && !take_status(r))
			fds[STATUS].fd = -1;
		if (n > 0 && fds[ENDED].revents && fds[OUTPUT].fd < 0 && fds[STATUS].fd < 0)
			return status;
		/* A process that left its namespace's first one behind may hold the output open: not for long. */
		if (n == 0 && kill(r->p.pid, 0) == 0 && fds[ENDED].revents)
			return status;
		if (clock_now() - r->looked < LOOK_EVERY / 1000.0)
			continue;
		r->looked = clock_now();
		if (status == 0 && look(r, err) < 0) {
			status = -1;
			end(r, SANDBOX_KILLED);
		}
	}
}

/* Processes of a sandbox that was ended while it was set up come to us: none is left. */
static void end_orphans(void)
{
	char path[64], text[256];

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	for (unsigned int round = 0; round < 1000; round++) {
		const int fd_raw = open(path, O_RDONLY | O_CLOEXEC);
		AUTO_FD int fd = fd_raw;
		const ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
		long pid;

		text[n > 0 ? n : 0] = '\0';
		pid = strtol(text, NULL, 10);
		if (pid <= 1)
			return;
		kill((pid_t)pid, SIGKILL);
		waitpid((pid_t)pid, NULL, 0);
	}
}

static void conclude(struct running *r)
{
	const long code = said(r, "\"exit-code\": ");
	int status = 0;

	while (waitpid(r->p.pid, &status, 0) < 0 && errno == EINTR)
		;
	end_orphans();
	r->out->seconds = clock_now() - r->began;
	if (r->killed)
		return;
	if (code < 0) {
		r->out->end = SANDBOX_REFUSED;
		r->out->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	} else {
		r->out->end = code > 128 && code < 128 + NSIG ? SANDBOX_KILLED : SANDBOX_EXITED;
		r->out->status = r->out->end == SANDBOX_KILLED ? (int)code - 128 : (int)code;
	}
}

static int refused(const struct running *r, struct error *err)
{
	error_set(err, ERROR_SYSTEM, "the sandbox can't be set up: %.*s",
		  STR_FMT(str_first(buf_str(&r->line), 300)));
	return error_hint(err, "bubblewrap needs user namespaces: see `sysctl kernel.unprivileged_userns_clone "
			       "user.max_user_namespaces`, and in a container, whether it allows them");
}

static void release(struct running *r)
{
	tracer_free(r->tracer);
	if (r->p.handle >= 0)
		close(r->p.handle);
	if (r->p.output >= 0)
		close(r->p.output);
	if (r->p.status >= 0)
		close(r->p.status);
	buf_release(&r->line);
	buf_release(&r->status);
}

int sandbox_run(const struct sandbox_plan *plan, const char *script, int log, struct trace *trace,
		enum phase phase, const struct sandbox_watch *watch, struct sandbox_outcome *out,
		struct error *err)
{
	struct running r = { .plan = plan, .watch = watch, .out = out, .log = log, .began = clock_now() };
	int status;

	*out = (struct sandbox_outcome){ .end = SANDBOX_REFUSED };
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	r.disk_before = plan->limits.disk ? sandbox_disk(plan) : 0;
	/* What an earlier phase hid from us is too much from the start. */
	if (r.disk_before >= UINT64_MAX / 4)
		r.disk_before = 0;
	r.free_before = free_space(plan);
	status = sandbox_start(plan, script, trace != NULL, &r.p, err);
	if (status == 0 && trace)
		r.tracer = tracer_new(r.p.listener, trace, phase);
	if (status == 0)
		status = run(&r, err);
	if (r.p.pid > 0)
		conclude(&r);
	if (status == 0 && out->end == SANDBOX_REFUSED)
		status = refused(&r, err);
	release(&r);
	return status;
}
