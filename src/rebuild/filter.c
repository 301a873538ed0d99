#include "rebuild/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

#define NAMESPACES ((unsigned long)(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | \
		    CLONE_NEWUTS | CLONE_NEWCGROUP))

struct watched {
	const char *name;
	enum call call;
};

/* Seen by the tracer. Names that this machine does not have are left out. */
static const struct watched watched[] = {
	{ "execve", CALL_EXEC }, { "execveat", CALL_EXEC_AT },
	{ "open", CALL_OPEN }, { "openat", CALL_OPEN_AT }, { "openat2", CALL_OPEN_AT2 }, { "creat", CALL_CREAT },
	{ "truncate", CALL_TRUNCATE },
	{ "rename", CALL_RENAME }, { "renameat", CALL_RENAME_AT }, { "renameat2", CALL_RENAME_AT },
	{ "link", CALL_LINK }, { "linkat", CALL_LINK_AT },
	{ "symlink", CALL_SYMLINK }, { "symlinkat", CALL_SYMLINK_AT },
	{ "unlink", CALL_UNLINK }, { "unlinkat", CALL_UNLINK_AT }, { "rmdir", CALL_RMDIR },
	{ "chmod", CALL_CHMOD }, { "fchmodat", CALL_CHMOD_AT },
	{ "utime", CALL_UTIME }, { "utimes", CALL_UTIME }, { "utimensat", CALL_UTIME_AT },
	{ "futimesat", CALL_UTIME_AT },
	{ "connect", CALL_CONNECT }, { "sendmsg", CALL_SENDMSG }, { "sendmmsg", CALL_SENDMMSG }, { "memfd_create", CALL_MEMFD },
};

/* No build needs these; each has been a way out of a sandbox, or a way around a tracer (io_uring). */
static const char *const denied[] = {
	"ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp",
	"mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount",
	"fspick", "mount_setattr", "unshare", "setns", "open_by_handle_at",
	"keyctl", "add_key", "request_key", "bpf", "perf_event_open", "userfaultfd", "fanotify_init",
	"io_uring_setup", "io_uring_enter", "io_uring_register",
	"kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot",
	"swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "settimeofday", "clock_settime", "stime",
	"iopl", "ioperm", "syslog", "vhangup", "lookup_dcookie", "uselib", "sethostname", "setdomainname",
};

enum { CALLS_MAX = 1024 };

static unsigned char calls[CALLS_MAX];
static pthread_once_t calls_once = PTHREAD_ONCE_INIT;

static void set_call(const char *name, enum call call)
{
	const int number = seccomp_syscall_resolve_name(name);

	if (number >= 0 && number < CALLS_MAX)
		calls[number] = (unsigned char)call;
}

static void fill_calls(void)
{
	for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
		set_call(watched[i].name, watched[i].call);
	for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]); i++)
		set_call(denied[i], CALL_DENIED);
	set_call("dup2", CALL_DUP2);
	set_call("dup3", CALL_DUP2);
	set_call("sendto", CALL_SENDTO);
	set_call("clone", CALL_DENIED);
	set_call("ioctl", CALL_DENIED);
	set_call("socket", CALL_DENIED);
}

enum call filter_call(int number)
{
	pthread_once(&calls_once, fill_calls);
	return number >= 0 && number < CALLS_MAX ? (enum call)calls[number] : CALL_NONE;
}

const char *filter_call_name(int number, char *to, size_t size)
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);

	snprintf(to, size, "%s", name ? name : "unknown");
	free(name);
	return to;
}

int filter_errno(int number)
{
	return number == seccomp_syscall_resolve_name("socket") ? EAFNOSUPPORT : EPERM;
}

/* A rule of which the name may not exist here. */
static int add_rule(scmp_filter_ctx ctx, uint32_t action, const char *name, unsigned int n,
		    const struct scmp_arg_cmp *args)
{
	const int number = seccomp_syscall_resolve_name(name);
	int r;

	if (number < 0)
		return 0;
	r = seccomp_rule_add_array(ctx, action, number, n, args);
	return r == -EEXIST || r == -EACCES ? 0 : r;
}

#define ARG(i, op, a, b) (&(const struct scmp_arg_cmp){ i, op, a, b })

/* What is refused by its arguments. */
static int add_conditional(scmp_filter_ctx ctx, uint32_t refuse, uint32_t refuse_family)
{
	int r = 0;

	/* Typing into the terminal that somebody sits at. The request is 32 bits wide. */
	r |= add_rule(ctx, refuse, "ioctl", 1, ARG(1, SCMP_CMP_MASKED_EQ, 0xffffffffu, TIOCSTI));
	r |= add_rule(ctx, refuse, "ioctl", 1, ARG(1, SCMP_CMP_MASKED_EQ, 0xffffffffu, 0x541c /* TIOCLINUX */));
	for (unsigned int bit = 0; bit < 32; bit++)
		if (NAMESPACES & (1ul << bit))
			r |= add_rule(ctx, refuse, "clone", 1,
				      ARG(0, SCMP_CMP_MASKED_EQ, 1ul << bit, 1ul << bit));
	/* Its flags lie in memory; the C library goes on with clone(). */
	r |= add_rule(ctx, SCMP_ACT_ERRNO(ENOSYS), "clone3", 0, NULL);
	for (unsigned int family = 0; family < AF_MAX; family++)
		if (family != AF_UNIX && family != AF_INET && family != AF_INET6 && family != AF_NETLINK)
			r |= add_rule(ctx, refuse_family, "socket", 1, ARG(0, SCMP_CMP_EQ, family, 0));
	r |= add_rule(ctx, refuse_family, "socket", 1, ARG(0, SCMP_CMP_GE, AF_MAX, 0));
	return r;
}

static int add_watched(scmp_filter_ctx ctx)
{
	int r = 0;

	for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
		r |= add_rule(ctx, SCMP_ACT_NOTIFY, watched[i].name, 0, NULL);
	/* Standard input, output and errors alone say who talks to whom. */
	r |= add_rule(ctx, SCMP_ACT_NOTIFY, "dup2", 1, ARG(1, SCMP_CMP_LE, 1, 0));
	r |= add_rule(ctx, SCMP_ACT_NOTIFY, "dup3", 1, ARG(1, SCMP_CMP_LE, 1, 0));
	r |= add_rule(ctx, SCMP_ACT_NOTIFY, "sendto", 1, ARG(4, SCMP_CMP_NE, 0, 0));
	return r;
}

static int fill(scmp_filter_ctx ctx, bool notify)
{
	const uint32_t refuse = notify ? SCMP_ACT_NOTIFY : SCMP_ACT_ERRNO(EPERM);
	const uint32_t refuse_family = notify ? SCMP_ACT_NOTIFY : SCMP_ACT_ERRNO(EAFNOSUPPORT);
	int r = 0;

	/* Calls of another architecture would pass under other numbers. */
	r |= seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
	seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]); i++)
		r |= add_rule(ctx, refuse, denied[i], 0, NULL);
	r |= add_conditional(ctx, refuse, refuse_family);
	if (notify)
		r |= add_watched(ctx);
	return r;
}

int filter_make(bool notify, struct buf *out, struct error *err)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	const int fd_raw = memfd_create("filter", MFD_CLOEXEC);
	AUTO_FD int fd = fd_raw;
	int r = ctx && fd >= 0 ? fill(ctx, notify) : -1;
	off_t size = 0;

	if (r == 0)
		r = seccomp_export_bpf(ctx, fd);
	if (ctx)
		seccomp_release(ctx);
	if (r == 0)
		size = lseek(fd, 0, SEEK_END);
	if (r != 0 || size <= 0 || lseek(fd, 0, SEEK_SET) < 0 ||
	    read(fd, buf_reserve(out, (size_t)size), (size_t)size) != size)
		return error_set(err, ERROR_SYSTEM, "the filter for system calls can't be made");
	out->len += (size_t)size;
	return 0;
}
