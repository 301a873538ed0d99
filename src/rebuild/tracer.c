#include "rebuild/tracer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "rebuild/filter.h"
#include "rebuild/tracee.h"
#include "rebuild/tracer_path.h"

/* Linux 6.6; the headers of Debian 12 don't have it yet. */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS _IOW('!', 4, uint64_t)
#endif
enum { SYNC_WAKE_UP = 1 };

/* A live thread. */
struct slot {
	uint32_t task;		/* TRACE_NONE: free */
	int process;		/* its pidfd; -1: it is a thread, or pidfds are short */
	int leader;		/* pid of its process */
};

struct tracer {
	struct trace *trace;
	enum phase phase;
	int listener;
	int root;		/* the sandbox's root folder; -1 before it has one */
	unsigned int programs;	/* run so far, up to 2 */
	struct slot *slots;	/* by pid */
	size_t slots_n;
	size_t open;		/* pidfds */
	struct seccomp_notif *call;
	size_t call_size;
};

enum { MESSAGES_MAX = 1024 };	/* as the kernel takes at a time */

/* Beyond it, processes that ended are looked for. */
enum { PROCESSES_OPEN = 400 };

struct tracer *tracer_new(int listener, struct trace *trace, enum phase phase)
{
	struct tracer *t = memory_zalloc(sizeof(*t));
	struct seccomp_notif_sizes sizes = { 0 };

	t->trace = trace;
	t->phase = phase;
	t->listener = listener;
	t->root = -1;
	t->call_size = sizeof(*t->call);
	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) == 0 &&
	    sizes.seccomp_notif > t->call_size)
		t->call_size = sizes.seccomp_notif;
	t->call = memory_zalloc(t->call_size);
	/* Who waits and who answers then take turns on one processor; a kernel without it is slower. */
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, (uint64_t)SYNC_WAKE_UP);
	return t;
}

static void slot_clear(struct tracer *t, struct slot *s)
{
	if (s->process >= 0) {
		close(s->process);
		t->open--;
	}
	*s = (struct slot){ .task = TRACE_NONE, .process = -1 };
}

void tracer_free(struct tracer *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->slots_n; i++)
		slot_clear(t, &t->slots[i]);
	memory_free(t->slots);
	memory_free(t->call);
	if (t->root >= 0)
		close(t->root);
	close(t->listener);
	memory_free(t);
}

int tracer_fd(const struct tracer *t)
{
	return t->listener;
}

bool tracer_began(const struct tracer *t)
{
	return t->programs > 1;
}

/* --- who calls --- */

static struct slot *slot_at(struct tracer *t, int pid)
{
	if ((size_t)pid >= t->slots_n) {
		const size_t n = (size_t)pid + 1024;

		t->slots = memory_realloc(t->slots, n * sizeof(*t->slots));
		for (size_t i = t->slots_n; i < n; i++)
			t->slots[i] = (struct slot){ .task = TRACE_NONE, .process = -1 };
		t->slots_n = n;
	}
	return &t->slots[pid];
}

static bool has_ended(const struct slot *s)
{
	return s->process >= 0 && syscall(SYS_pidfd_send_signal, s->process, 0, NULL, 0) < 0 && errno == ESRCH;
}

static void forget_ended(struct tracer *t)
{
	for (size_t i = 0; i < t->slots_n; i++)
		if (t->slots[i].task != TRACE_NONE && has_ended(&t->slots[i]))
			slot_clear(t, &t->slots[i]);
}

/* The task of a thread, made when it is seen first. Numbers of processes are given again after some
 * thousand, so each is held by a descriptor that says when it has ended. */
static uint32_t task_of(struct tracer *t, int pid, unsigned int depth)
{
	struct slot *s = slot_at(t, pid);
	struct tracee_ids ids;
	uint32_t parent = TRACE_NONE;

	if (s->task != TRACE_NONE && s->process >= 0 && !has_ended(s))
		return s->task;
	if (s->task != TRACE_NONE && s->process < 0 && tracee_ids(pid, &ids) && ids.leader == s->leader)
		return s->task;
	slot_clear(t, s);
	if (!tracee_ids(pid, &ids))
		return TRACE_NONE;
	if (ids.leader != pid && depth < LIMIT_DEPTH) {
		const uint32_t task = task_of(t, ids.leader, depth + 1);

		s = slot_at(t, pid);
		s->task = task;
		s->leader = ids.leader;
		return task;
	}
	if (ids.parent > 1 && depth < LIMIT_DEPTH && tracer_began(t)) {
		const struct slot *const p = slot_at(t, ids.parent);

		/* One whose parent ended belongs to the sandbox's first process, which runs nothing. */
		parent = p->task != TRACE_NONE && !has_ended(p) ? p->task :
			 tracee_is_first(ids.parent) ? TRACE_NONE : task_of(t, ids.parent, depth + 1);
	}
	s = slot_at(t, pid);
	s->task = trace_task(t->trace, parent, pid, t->phase);
	s->leader = pid;
	s->process = (int)syscall(SYS_pidfd_open, pid, 0);
	t->open += s->process >= 0;
	if (t->open % PROCESSES_OPEN == PROCESSES_OPEN - 1)
		forget_ended(t);
	return s->task;
}

/* --- calls --- */

/* Where people have what is theirs: that a build looks there tells something, though nothing is there. */
static bool is_personal(struct str path)
{
	return str_starts(path, STR("/home/")) || str_starts(path, STR("/root/"));
}

static void see_open(struct tracer *t, uint32_t task, int pid, int dir, uint64_t path, uint64_t flags)
{
	const bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
	unsigned int f = 0;
	uint32_t id;
	bool exists;

	if ((flags & O_DIRECTORY) || ((flags & O_PATH) && !writes))
		return;
	id = tracer_path(t->trace, t->root, pid, dir, path, !(flags & O_NOFOLLOW) && !((flags & O_CREAT) && (flags & O_EXCL)),
		     &exists);
	if (id == TRACE_NONE)
		return;
	if (!exists && !(flags & O_CREAT)) {
		if (is_personal(trace_text(t->trace, id)))
			trace_add(t->trace, task, EVENT_READ, EVENT_MISSING, id, TRACE_NONE);
		return;
	}
	if (exists)
		f |= EVENT_EXISTED;
	if ((flags & O_CREAT) && (flags & O_EXCL))
		f |= EVENT_EXCLUSIVE;
	if (!(flags & O_TRUNC))
		f |= EVENT_APPEND;
	if (writes)
		trace_add(t->trace, task, EVENT_WRITE, f, id, TRACE_NONE);
	if ((flags & O_ACCMODE) != O_WRONLY && exists)
		trace_add(t->trace, task, EVENT_READ, 0, id, TRACE_NONE);
}

static void see_open2(struct tracer *t, uint32_t task, int pid, int dir, uint64_t path, uint64_t how)
{
	struct open_how h;

	if (tracee_read(pid, how, &h, sizeof(h)))
		see_open(t, task, pid, dir, path, h.flags);
	else
		t->trace->unreadable++;
}

static void see_two(struct tracer *t, uint32_t task, int pid, enum event_kind kind, int dir1, uint64_t path1,
		    int dir2, uint64_t path2)
{
	bool exists, existed;
	const uint32_t from = tracer_path(t->trace, t->root, pid, dir1, path1, false, &exists);
	const uint32_t to = tracer_path(t->trace, t->root, pid, dir2, path2, false, &existed);

	/* A link is never made in another file's place. */
	if (exists && from != TRACE_NONE && to != TRACE_NONE && !(existed && kind == EVENT_LINK))
		trace_add(t->trace, task, kind, existed ? EVENT_EXISTED : 0, from, to);
}

static void see_symlink(struct tracer *t, uint32_t task, int pid, uint64_t text, int dir, uint64_t path)
{
	AUTO_BUF struct buf target = BUF_INIT;
	bool existed;
	const uint32_t to = tracer_path(t->trace, t->root, pid, dir, path, false, &existed);

	if (!tracee_text(pid, text, LIMIT_TRACE_PATH, &target) || to == TRACE_NONE || existed)
		return;
	trace_add(t->trace, task, EVENT_SYMLINK, 0,
		  trace_path(t->trace, buf_str(&target)), to);
}

/* A call on one path that must be there. A null pointer means the descriptor itself (futimens). */
static void see_one(struct tracer *t, uint32_t task, int pid, enum event_kind kind, unsigned int flags, int dir,
		    uint64_t path, bool follow)
{
	AUTO_BUF struct buf text = BUF_INIT;
	bool exists = true;
	uint32_t id;

	if (path)
		id = tracer_path(t->trace, t->root, pid, dir, path, follow, &exists);
	else
		id = tracee_link(pid, dir, &text) ? trace_path(t->trace, buf_str(&text)) : TRACE_NONE;
	if (exists && id != TRACE_NONE)
		trace_add(t->trace, task, kind, flags, id, TRACE_NONE);
}

/* What standard input or output is: a pipe, a file, or nothing worth keeping. */
static uint32_t see_stream(struct tracer *t, uint32_t task, int pid, int fd, bool input)
{
	AUTO_BUF struct buf text = BUF_INIT;
	uint32_t id;

	if (!tracee_link(pid, fd, &text))
		return TRACE_NONE;
	id = trace_path(t->trace, buf_str(&text));
	if (id == TRACE_NONE)
		return id;
	if (str_starts(buf_str(&text), STR("pipe:")))
		trace_add(t->trace, task, input ? EVENT_PIPE_READ : EVENT_PIPE_WRITE, 0, id, TRACE_NONE);
	/* Some shells open files for a program in their own process, before they start it. */
	else if (text.ptr[0] == '/' && !tracer_path_is_lexical(buf_str(&text)))
		trace_add(t->trace, task, input ? EVENT_READ : EVENT_WRITE, EVENT_INHERITED | EVENT_APPEND, id, TRACE_NONE);
	return id;
}

static void see_dup(struct tracer *t, uint32_t task, int pid, int from, int to)
{
	AUTO_BUF struct buf text = BUF_INIT;

	if (!tracee_link(pid, from, &text) || !str_starts(buf_str(&text), STR("pipe:")))
		return;
	trace_add(t->trace, task, to == 0 ? EVENT_PIPE_READ : EVENT_PIPE_WRITE, 0,
		  trace_path(t->trace, buf_str(&text)), TRACE_NONE);
}

static void see_address(struct tracer *t, uint32_t task, int pid, uint64_t address, uint64_t size)
{
	AUTO_BUF struct buf text = BUF_INIT;

	if (tracee_address(pid, address, size, &text))
		trace_add(t->trace, task, EVENT_CONNECT, 0, trace_path(t->trace, buf_str(&text)), TRACE_NONE);
	else
		t->trace->unreadable++;
}

/* Messages of which each may say to whom it goes. */
static void see_messages(struct tracer *t, uint32_t task, int pid, uint64_t at, uint64_t n, size_t size)
{
	struct msghdr h;

	for (uint64_t i = 0; i < n && i < MESSAGES_MAX; i++)
		if (!tracee_read(pid, at + i * size, &h, sizeof(h)))
			return;
		else if (h.msg_name)
			see_address(t, task, pid, (uint64_t)(uintptr_t)h.msg_name, h.msg_namelen);
}

static void begin(struct tracer *t, int pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/root", pid);
	t->root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* A program that is run: a new task in the same process. */
static void see_exec(struct tracer *t, uint32_t caller, int pid, int dir, uint64_t path, uint64_t argv,
		     uint64_t envp, bool by_fd)
{
	AUTO_BUF struct buf text = BUF_INIT;
	bool exists = false;
	uint32_t program, task, id;
	struct trace_task *n;
	struct slot *s;

	if (by_fd)
		program = tracee_link(pid, dir, &text) ? trace_path(t->trace, buf_str(&text)) : TRACE_NONE;
	else
		program = tracer_path(t->trace, t->root, pid, dir, path, true, &exists);
	if (program == TRACE_NONE || (!by_fd && !exists))
		return;
	task = trace_task(t->trace, caller, pid, t->phase);
	n = &t->trace->tasks[task];
	n->executed = true;
	n->program = program;
	buf_reset(&text);
	tracee_strings(pid, argv, NULL, LIMIT_TRACE_ARGUMENTS, &text);
	n->argv = arena_str(&t->trace->arena, buf_str(&text));
	buf_reset(&text);
	tracee_strings(pid, envp, "LD_", LIMIT_TRACE_PATH, &text);
	n->preload = arena_str(&t->trace->arena, buf_str(&text));
	buf_reset(&text);
	if (tracee_link(pid, TRACEE_DIRECTORY, &text))
		n->directory = trace_path(t->trace, buf_str(&text));
	id = see_stream(t, task, pid, 0, true);
	t->trace->tasks[task].in = id;
	id = see_stream(t, task, pid, 1, false);
	t->trace->tasks[task].out = id;
	s = slot_at(t, pid);
	s->task = task;
}

static void see_setup_exec(struct tracer *t, int pid)
{
	if (++t->programs == 2) {
		begin(t, pid);
		forget_ended(t);
	}
}

static void see(struct tracer *t, const struct seccomp_data *d, int pid, uint32_t task, enum call call)
{
	const __u64 *const a = d->args;
	char name[64];

	switch (call) {
	case CALL_EXEC: see_exec(t, task, pid, AT_FDCWD, a[0], a[1], a[2], false); break;
	case CALL_EXEC_AT:
		see_exec(t, task, pid, (int)a[0], a[1], a[2], a[3], (a[4] & AT_EMPTY_PATH) != 0);
		break;
	case CALL_OPEN: see_open(t, task, pid, AT_FDCWD, a[0], a[1]); break;
	case CALL_OPEN_AT: see_open(t, task, pid, (int)a[0], a[1], a[2]); break;
	case CALL_OPEN_AT2: see_open2(t, task, pid, (int)a[0], a[1], a[2]); break;
	case CALL_CREAT: see_open(t, task, pid, AT_FDCWD, a[0], O_WRONLY | O_CREAT | O_TRUNC); break;
	case CALL_TRUNCATE: see_open(t, task, pid, AT_FDCWD, a[0], O_WRONLY | O_TRUNC); break;
	case CALL_RENAME: see_two(t, task, pid, EVENT_RENAME, AT_FDCWD, a[0], AT_FDCWD, a[1]); break;
	case CALL_RENAME_AT: see_two(t, task, pid, EVENT_RENAME, (int)a[0], a[1], (int)a[2], a[3]); break;
	case CALL_LINK: see_two(t, task, pid, EVENT_LINK, AT_FDCWD, a[0], AT_FDCWD, a[1]); break;
	case CALL_LINK_AT: see_two(t, task, pid, EVENT_LINK, (int)a[0], a[1], (int)a[2], a[3]); break;
	case CALL_SYMLINK: see_symlink(t, task, pid, a[0], AT_FDCWD, a[1]); break;
	case CALL_SYMLINK_AT: see_symlink(t, task, pid, a[0], (int)a[1], a[2]); break;
	case CALL_UNLINK:
	case CALL_RMDIR: see_one(t, task, pid, EVENT_UNLINK, 0, AT_FDCWD, a[0], false); break;
	case CALL_UNLINK_AT: see_one(t, task, pid, EVENT_UNLINK, 0, (int)a[0], a[1], false); break;
	case CALL_CHMOD:
		see_one(t, task, pid, EVENT_MODE, a[1] & 0111 ? EVENT_EXECUTABLE : 0, AT_FDCWD, a[0], true);
		break;
	case CALL_CHMOD_AT:
		see_one(t, task, pid, EVENT_MODE, a[2] & 0111 ? EVENT_EXECUTABLE : 0, (int)a[0], a[1], true);
		break;
	case CALL_UTIME: see_one(t, task, pid, EVENT_TIMES, 0, AT_FDCWD, a[0], true); break;
	case CALL_UTIME_AT: see_one(t, task, pid, EVENT_TIMES, 0, (int)a[0], a[1], true); break;
	case CALL_DUP2: see_dup(t, task, pid, (int)a[0], (int)a[1]); break;
	case CALL_CONNECT: see_address(t, task, pid, a[1], a[2]); break;
	case CALL_SENDTO: see_address(t, task, pid, a[4], a[5]); break;
	case CALL_SENDMSG: see_messages(t, task, pid, a[1], 1, sizeof(struct msghdr)); break;
	case CALL_SENDMMSG: see_messages(t, task, pid, a[1], a[2], sizeof(struct mmsghdr)); break;
	case CALL_MEMFD: trace_add(t->trace, task, EVENT_MEMFD, 0, TRACE_NONE, TRACE_NONE); break;
	case CALL_DENIED:
		filter_call_name(d->nr, name, sizeof(name));
		trace_add(t->trace, task, EVENT_DENIED, 0, trace_path(t->trace, str_from(name)), TRACE_NONE);
		break;
	case CALL_NONE: break;
	}
}

bool tracer_step(struct tracer *t)
{
	struct seccomp_notif_resp answer = { 0 };
	enum call call;
	int pid;

	memset(t->call, 0, t->call_size);
	if (ioctl(t->listener, SECCOMP_IOCTL_NOTIF_RECV, t->call) < 0)
		return errno == EINTR || errno == ENOENT;
	pid = (int)t->call->pid;
	call = filter_call(t->call->data.nr);
	answer.id = t->call->id;
	answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	if (tracer_began(t)) {
		const uint32_t task = task_of(t, pid, 0);

		if (task != TRACE_NONE)
			see(t, &t->call->data, pid, task, call);
		else
			t->trace->unreadable++;
		if (call == CALL_DENIED) {
			answer.flags = 0;
			answer.error = -filter_errno(t->call->data.nr);
		}
	} else if (call == CALL_EXEC || call == CALL_EXEC_AT) {
		see_setup_exec(t, pid);
		if (tracer_began(t))
			see(t, &t->call->data, pid, task_of(t, pid, 0), call);
	}
	ioctl(t->listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	return true;
}
