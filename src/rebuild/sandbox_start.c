#include "rebuild/sandbox_work.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "rebuild/filter.h"

/* Words of a command line, in an arena. */
struct words {
	struct arena *arena;
	const char **v;
	size_t n, cap;
	int passed[16];		/* descriptors that bwrap is told of, and no others */
	size_t passed_n;
};

static void pass(struct words *w, int fd)
{
	if (w->passed_n < sizeof(w->passed) / sizeof(w->passed[0]))
		w->passed[w->passed_n++] = fd;
}

static void add(struct words *w, const char *word)
{
	w->v = memory_grow(w->v, w->n, &w->cap, sizeof(*w->v));
	w->v[w->n++] = word;
}

static void add_number(struct words *w, unsigned long n)
{
	add(w, arena_strf(w->arena, "%lu", n).ptr);
}

#define ADD(w, ...) add_all(w, (const char *const[]){ __VA_ARGS__, NULL })

static void add_all(struct words *w, const char *const *v)
{
	for (; *v; v++)
		add(w, *v);
}

/* A descriptor of a nameless file with this text, which bwrap shows under a name. */
static void add_text_file(struct words *w, const char *name, struct str text)
{
	const int fd = memfd_create("text", MFD_CLOEXEC);

	if (fd < 0 || write(fd, text.ptr, text.len) != (ssize_t)text.len)
		return;
	lseek(fd, 0, SEEK_SET);
	pass(w, fd);
	add(w, "--ro-bind-data");
	add_number(w, (unsigned long)fd);
	add(w, name);
}

static void add_system(struct words *w, const struct sandbox_plan *p)
{
	const unsigned long long quarter = p->limits.memory ? p->limits.memory / 4 : 1024 * MIB;
	static const char *const folders[] = {
		"/usr", "/etc", "/opt", "/nix/store", "/gnu/store", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32",
	};

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		char target[4096];
		const ssize_t n = readlink(folders[i], target, sizeof(target) - 1);

		if (n > 0) {
			target[n] = '\0';
			ADD(w, "--symlink", arena_str(w->arena, str_from(target)).ptr, folders[i]);
		} else {
			ADD(w, "--ro-bind-try", folders[i], folders[i]);
		}
	}
	ADD(w, "--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev");
	/* They are memory, which is limited: let no more than a half be here. */
	ADD(w, "--perms", "1777", "--size", arena_strf(w->arena, "%llu", quarter).ptr, "--tmpfs", "/dev/shm");
	ADD(w, "--perms", "1777", "--size", arena_strf(w->arena, "%llu", quarter).ptr, "--tmpfs", "/var/tmp");
	ADD(w, "--perms", "0755", "--size", "16777216", "--tmpfs", "/run");
}

/* Who one is, as programs ask: files that stand in for those of /etc. */
static void add_identity(struct words *w, const struct sandbox_plan *p)
{
	struct arena *const a = w->arena;

	add_text_file(w, "/etc/passwd", arena_strf(a, "root:x:0:0:root:/root:/bin/sh\n%s:x:%u:%u::%s:/bin/sh\n"
		      "nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n", p->user, p->uid, p->gid, p->home));
	add_text_file(w, "/etc/group", arena_strf(a, "root:x:0:\n%s:x:%u:\nnogroup:x:65534:\n", p->user, p->gid));
	add_text_file(w, "/etc/hosts", arena_strf(a, "127.0.0.1 localhost\n::1 localhost\n127.0.1.1 %s.%s %s\n",
		      p->host, p->domain, p->host));
	add_text_file(w, "/etc/hostname", arena_strf(a, "%s\n", p->host));
	add_text_file(w, "/etc/resolv.conf", STR("# There is no network here.\n"));
	add_text_file(w, "/etc/machine-id", STR("00000000000000000000000000000001\n"));
}

static void add_container(struct words *w, const struct sandbox_plan *p)
{
	if (!p->container)
		return;
	add_text_file(w, "/.dockerenv", STR(""));
	add_text_file(w, "/run/.containerenv", STR("engine=\"podman\"\n"));
}

static void add_folders(struct words *w, const struct sandbox_plan *p)
{
	for (size_t i = 0; i < p->folders_n; i++)
		ADD(w, "--bind", p->folders[i].outside, p->folders[i].inside);
	ADD(w, "--remount-ro", "/");
}

static void add_environment(struct words *w, const struct sandbox_plan *p)
{
	add(w, "--clearenv");
	for (size_t i = 0; p->environment[i]; i++) {
		const struct str both = str_from(p->environment[i]);
		const size_t equals = str_find(both, '=');

		ADD(w, "--setenv", arena_str(w->arena, str_first(both, equals)).ptr,
		    p->environment[i] + equals + 1);
	}
}

/* Room for a seccomp program in a descriptor that bwrap inherits; -1 without one. */
static int filter_file(struct str program)
{
	const int fd = program.len ? memfd_create("filter", MFD_CLOEXEC) : -1;

	if (fd >= 0 && (write(fd, program.ptr, program.len) != (ssize_t)program.len || lseek(fd, 0, SEEK_SET) < 0))
		return -1;
	return fd;
}

static void fill(struct words *w, const struct sandbox_plan *p, const char *script, int status, struct str filter)
{
	const int filter_fd = filter_file(filter);

	ADD(w, "bwrap", "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts",
	    "--unshare-cgroup-try", "--die-with-parent", "--hostname", p->host);
	if (!p->terminal)
		add(w, "--new-session");
	add(w, "--uid");
	add_number(w, p->uid);
	add(w, "--gid");
	add_number(w, p->gid);
	add_system(w, p);
	add_identity(w, p);
	add_container(w, p);
	add_folders(w, p);
	add_environment(w, p);
	ADD(w, "--chdir", p->directory, "--json-status-fd");
	add_number(w, (unsigned long)status);
	pass(w, status);
	if (filter_fd >= 0) {
		pass(w, filter_fd);
		add(w, "--seccomp");
		add_number(w, (unsigned long)filter_fd);
	}
	if (p->terminal)
		ADD(w, "--", "/bin/sh", "-i");
	else
		ADD(w, "--", "/bin/sh", "-e", "-c", script);
	add(w, NULL);
}

/* --- in the child, between fork and exec: no memory, no locks --- */

struct child {
	const struct sandbox_plan *plan;
	char *const *argv;
	const struct words *words;
	const struct sock_fprog *filter;	/* with a listener; NULL: none */
	int tell, go;		/* pipes: the listener's number to the parent; a byte when it has it */
	int output;
	unsigned int others;	/* threads that the user has outside */
};

static void limit(int resource, rlim_t n)
{
	const struct rlimit l = { n, n };

	setrlimit((__rlimit_resource_t)resource, &l);
}

static void set_limits(const struct sandbox_plan *p, unsigned int others)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, 65536);
	limit(RLIMIT_MSGQUEUE, 0);
	/* The kernel counts all of a user's; ours outside are added. */
	if (p->limits.processes && geteuid() != 0)
		limit(RLIMIT_NPROC, p->limits.processes + others);
	if (p->limits.disk)
		limit(RLIMIT_FSIZE, p->limits.disk);
}

static void set_processors(unsigned int wanted)
{
	cpu_set_t all, some;
	unsigned int have = 0;

	CPU_ZERO(&some);
	if (wanted == 0 || sched_getaffinity(0, sizeof(all), &all) < 0)
		return;
	for (size_t i = 0; i < CPU_SETSIZE && have < wanted; i++)
		if (CPU_ISSET(i, &all)) {
			CPU_SET(i, &some);
			have++;
		}
	sched_setaffinity(0, sizeof(some), &some);
}

static void set_streams(const struct child *c)
{
	const int null = open("/dev/null", O_RDONLY);

	if (c->plan->terminal)
		return;
	dup2(null, 0);
	dup2(c->output, 1);
	dup2(c->output, 2);
}

static bool become(const struct sandbox_plan *p)
{
	if (geteuid() != 0 || p->real_uid == 0)
		return true;
	return setgroups(0, NULL) == 0 && setresgid(p->real_gid, p->real_gid, p->real_gid) == 0 &&
	       setresuid(p->real_uid, p->real_uid, p->real_uid) == 0;
}

/* The kernel kills what uses most first when memory is short: let it be this. */
static void volunteer(void)
{
	const int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		(void)!write(fd, "1000", 4);
		close(fd);
	}
}

/* Whatever else is open here, by whoever started us, is not the build's. */
static void close_others(const struct words *w)
{
	syscall(SYS_close_range, 3u, ~0u, 4u /* CLOSE_RANGE_CLOEXEC */);
	for (size_t i = 0; i < w->passed_n; i++)
		fcntl(w->passed[i], F_SETFD, 0);
}

static void __attribute__((noreturn)) child_main(const struct child *c)
{
	const struct sandbox_plan *const p = c->plan;
	sigset_t none;
	char byte;
	int listener;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	volunteer();
	set_streams(c);
	if (!become(p))
		_exit(126);
	/* Lost when the ids changed: the parent reads this process's memory. */
	prctl(PR_SET_DUMPABLE, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	set_limits(p, c->others);
	set_processors(p->processors);
	umask(p->umask);
	if (p->fixed_addresses || p->old_kernel)
		personality((p->fixed_addresses ? ADDR_NO_RANDOMIZE : 0ul) | (p->old_kernel ? UNAME26 : 0ul));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		_exit(126);
	if (c->filter) {
		listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
					SECCOMP_FILTER_FLAG_NEW_LISTENER, c->filter);
		if (listener < 0 || write(c->tell, &listener, sizeof(listener)) != sizeof(listener) ||
		    read(c->go, &byte, 1) != 1)
			_exit(126);
		close(listener);
	}
	close_others(c->words);
	/* bwrap stays within as the first process, where its environment can be read. */
	execve("/usr/bin/bwrap", c->argv, (char *const[]){ NULL });
	_exit(127);
}

/* Descriptors that the child passes on: those that bwrap was told of have no close-on-exec flag. */
static int take_listener(pid_t pid, int handle, int tell, int go, struct error *err)
{
	int number, fd = -1;

	if (read(tell, &number, sizeof(number)) == sizeof(number))
		fd = (int)syscall(SYS_pidfd_getfd, handle, number, 0);
	if (fd < 0) {
		kill(pid, SIGKILL);
		error_set(err, ERROR_SYSTEM, "system calls can't be watched here");
		error_hint(err, "Linux 5.9 is needed, and a system that allows seccomp: or build with --no-trace");
		return -1;
	}
	(void)!write(go, "", 1);
	return fd;
}

/* Files made for bwrap are not wanted here any more. */
static void close_inherited(const struct words *w, int status)
{
	for (size_t i = 0; i < w->passed_n; i++)
		if (w->passed[i] != status)
			close(w->passed[i]);
}

static int launch(const struct sandbox_plan *plan, const char *script, struct str program, bool traced,
		  struct words *w, struct sandbox_process *p, struct error *err)
{
	const struct sock_fprog filter = {
		(unsigned short)(program.len / sizeof(struct sock_filter)),
		(struct sock_filter *)(uintptr_t)program.ptr,
	};
	int status[2], output[2], tell[2], go[2];
	struct child c = { .plan = plan, .filter = traced ? &filter : NULL };

	if (pipe2(status, O_CLOEXEC) < 0 || pipe2(output, O_CLOEXEC) < 0 || pipe2(tell, O_CLOEXEC) < 0 ||
	    pipe2(go, O_CLOEXEC) < 0)
		return error_errno(err, "pipe");
	fill(w, plan, script, status[1], traced ? STR("") : program);
	c.argv = (char *const *)(uintptr_t)w->v;
	c.words = w;
	c.others = sandbox_threads_of(plan->real_uid);
	c.tell = tell[1];
	c.go = go[0];
	c.output = output[1];
	p->pid = fork();
	if (p->pid == 0)
		child_main(&c);
	close_inherited(w, status[1]);
	close(status[1]);
	close(output[1]);
	close(tell[1]);
	close(go[0]);
	p->status = status[0];
	p->output = output[0];
	p->handle = p->pid > 0 ? (int)syscall(SYS_pidfd_open, p->pid, 0) : -1;
	if (p->handle < 0)
		error_errno(err, "a process can't be started");
	else if (traced)
		p->listener = take_listener(p->pid, p->handle, tell[0], go[1], err);
	close(tell[0]);
	close(go[1]);
	return p->handle < 0 || (traced && p->listener < 0) ? -1 : 0;
}

int sandbox_start(const struct sandbox_plan *plan, const char *script, bool traced,
		  struct sandbox_process *p, struct error *err)
{
	AUTO_ARENA struct arena arena = ARENA_INIT;
	AUTO_BUF struct buf program = BUF_INIT;
	struct words w = { .arena = &arena };
	int r;

	*p = (struct sandbox_process){ -1, -1, -1, -1, -1 };
	if (access("/usr/bin/bwrap", X_OK) < 0) {
		error_set(err, ERROR_SYSTEM, "bubblewrap is not installed");
		return error_hint(err, "install the package bubblewrap");
	}
	if (filter_make(traced, &program, err) < 0)
		return -1;
	r = launch(plan, script, buf_str(&program), traced, &w, p, err);
	memory_free(w.v);
	return r;
}
