/* Ways out of the sandbox, one function each, run within a build by tests/escapes.
 * Prints "NAME: blocked" or "NAME: ESCAPED (WHAT)" for each; nothing that it does would harm the machine if it
 * worked. What it aims at is named by variables that the recipe sets: see `aim`. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/keyctl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Calls that are newer than the headers of Debian 12. The numbers are the same on all architectures. */
enum {
	CALL_PIDFD_OPEN = 434, CALL_CLONE3 = 435, CALL_PIDFD_GETFD = 438, CALL_OPEN_TREE = 428,
	CALL_FSOPEN = 430, CALL_MOUNT_SETATTR = 442, CALL_IO_URING_SETUP = 425,
};

/* What there is outside; the recipe sets these. */
static struct {
	const char *tcp, *udp, *tcp6;		/* ports of a listener on the machine's loopback */
	const char *abstract, *path;		/* its sockets */
	const char *pid;			/* its process */
	const char *out, *home;			/* folders of the machine: to write to; with a file "secret" */
	const char *marker;			/* a name for files that is no other's */
} aim;

static char what[300];		/* how it escaped */

/* --- words --- */

static int escaped(const char *how, const char *detail)
{
	snprintf(what, sizeof(what), "%s%s%s", how, *detail ? " " : "", detail);
	return 1;
}

/* A call that the filter must refuse: any answer of the kernel's own says that the call was let through.
 * These are the errors by which a kernel without the call, or a filter, refuses. */
static int refused(long r, const char *call)
{
	if (r < 0 && (errno == EPERM || errno == ENOSYS || errno == EACCES))
		return 0;
	return escaped(call, r < 0 ? strerror(errno) : "worked");
}

/* What must fail, for whatever reason. */
static int failed(long r, const char *doing)
{
	return r < 0 ? 0 : escaped(doing, "");
}

static int opens(const char *path, int flags)
{
	const int fd = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);

	if (fd < 0)
		return 0;
	close(fd);
	return escaped(flags & O_ACCMODE ? "opened to write:" : "opened:", path);
}

static int opens_in(const char *folder, const char *name, int flags)
{
	char path[4200];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return opens(path, flags);
}

/* --- the network --- */

/* Connects, and sends datagrams: two, as the first one's failure is told to the second. */
static int reaches(int family, int type, const char *host, const char *port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)atoi(port)) };
	const int fd = socket(family, type, 0);
	int r;

	if (fd < 0)
		return 0;
	inet_pton(family, host, family == AF_INET ? (void *)&in.sin_addr : (void *)&in6.sin6_addr);
	r = family == AF_INET ? connect(fd, (struct sockaddr *)&in, sizeof(in)) :
				connect(fd, (struct sockaddr *)&in6, sizeof(in6));
	for (int i = 0; i < 2 && r == 0 && type == SOCK_DGRAM; i++) {
		r = send(fd, "escaped", 7, MSG_NOSIGNAL) < 0;
		usleep(20000);
	}
	close(fd);
	return r == 0 ? escaped("reached", host) : 0;
}

static int tcp_of_host(void) { return reaches(AF_INET, SOCK_STREAM, "127.0.0.1", aim.tcp); }
static int udp_of_host(void) { return reaches(AF_INET, SOCK_DGRAM, "127.0.0.1", aim.udp); }
static int tcp6_of_host(void) { return reaches(AF_INET6, SOCK_STREAM, "::1", aim.tcp6); }
/* Addresses for documents, which no network has (RFC 5737, RFC 3849). */
static int tcp_outside(void) { return reaches(AF_INET, SOCK_STREAM, "192.0.2.1", "80"); }
static int tcp6_outside(void) { return reaches(AF_INET6, SOCK_STREAM, "2001:db8::1", "80"); }

static int udp_sendto_outside(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(53) };
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	inet_pton(AF_INET, "192.0.2.2", &in.sin_addr);
	return failed(sendto(fd, "x", 1, 0, (struct sockaddr *)&in, sizeof(in)), "sent");
}

static int udp_sendmsg_outside(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(53) };
	struct iovec v = { (void *)(uintptr_t)"x", 1 };
	struct msghdr m = { .msg_name = &in, .msg_namelen = sizeof(in), .msg_iov = &v, .msg_iovlen = 1 };

	inet_pton(AF_INET, "192.0.2.3", &in.sin_addr);
	return failed(sendmsg(socket(AF_INET, SOCK_DGRAM, 0), &m, 0), "sent");
}

static int raw_icmp(void)
{
	return failed(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), "raw") ||
	       failed(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP), "ping") ||
	       failed(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6), "raw6");
}

static int packet(void) { return failed(socket(AF_PACKET, SOCK_RAW, htons(3)), "socket"); }
static int vsock(void) { return failed(socket(AF_VSOCK, SOCK_STREAM, 0), "socket"); }
static int alg(void) { return failed(socket(AF_ALG, SOCK_SEQPACKET, 0), "socket"); }
static int bluetooth(void) { return failed(socket(AF_BLUETOOTH, SOCK_RAW, 1), "socket"); }
static int xdp(void) { return failed(socket(44 /* AF_XDP */, SOCK_RAW, 0), "socket"); }

static int other_families(void)
{
	for (int family = 0; family < 64; family++)
		for (int type = SOCK_STREAM; type <= SOCK_SEQPACKET; type++)
			if (family != AF_UNIX && family != AF_INET && family != AF_INET6 &&
			    family != AF_NETLINK && socket(family, type, 0) >= 0)
				return escaped("socket", "");
	return 0;
}

/* The kernel takes the low half of the register; a filter sees all of it. */
static int wide_family(void)
{
	return failed(syscall(SYS_socket, (1l << 32) | AF_VSOCK, SOCK_STREAM, 0), "socket") ||
	       failed(syscall(SYS_socket, (1l << 32) | AF_ALG, SOCK_SEQPACKET, 0), "socket");
}

/* Asked by AF_NETLINK: no interface but the loopback is up. */
static int interfaces(void)
{
	struct ifaddrs *all;

	if (getifaddrs(&all) < 0)
		return 0;
	for (struct ifaddrs *i = all; i; i = i->ifa_next)
		if ((i->ifa_flags & IFF_UP) && !(i->ifa_flags & IFF_LOOPBACK))
			return escaped("sees", i->ifa_name);
	return 0;
}

static int change_interface(void)
{
	struct ifreq r = { .ifr_name = "lo" };
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	return failed(ioctl(fd, SIOCSIFFLAGS, &r), "SIOCSIFFLAGS");
}

static int reaches_unix(const char *name, int abstract)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	const size_t n = strlen(name);

	memcpy(un.sun_path + abstract, name, n);
	return failed(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&un,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)abstract + n)),
		      "connected");
}

static int abstract_socket(void) { return reaches_unix(aim.abstract, 1); }
static int socket_by_path(void) { return reaches_unix(aim.path, 0); }

/* --- files --- */

static int proc_sys(void)
{
	return opens("/proc/sys/kernel/core_pattern", O_WRONLY) || opens("/proc/sys/kernel/modprobe", O_WRONLY) ||
	       opens("/proc/sys/vm/drop_caches", O_WRONLY) || opens("/proc/sys/kernel/hostname", O_WRONLY) ||
	       opens("/proc/sys/fs/binfmt_misc/register", O_WRONLY) ||
	       opens("/proc/sys/net/ipv4/ip_forward", O_WRONLY);
}

static int sys(void)
{
	return opens("/sys/kernel/uevent_helper", O_WRONLY) || opens("/sys/power/state", O_WRONLY) ||
	       opens("/sys/fs/cgroup/cgroup.procs", O_WRONLY) || opens("/sys/kernel/tracing/trace", O_RDONLY);
}

static int sysrq(void) { return opens("/proc/sysrq-trigger", O_WRONLY); }
static int kmsg(void) { return opens("/dev/kmsg", O_WRONLY) || opens("/proc/kmsg", O_RDONLY); }

static int kernel_memory(void)
{
	return opens("/dev/mem", O_RDONLY) || opens("/proc/kcore", O_RDONLY) || opens("/dev/port", O_RDWR);
}

/* A page of a program, mapped to be read: written to by the back door, with what it holds already. */
static int self_mem(void)
{
	const int file = open("/usr/bin/env", O_RDONLY), mem = open("/proc/self/mem", O_RDWR);
	char *const page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);

	if (file < 0 || mem < 0 || page == MAP_FAILED)
		return 0;
	return failed(pwrite(mem, "\177", 1, (off_t)(uintptr_t)page), "wrote to a program's page");
}

static int device_files(void)
{
	static const char *const names[] = { "sda", "vda", "nvme0n1", "loop-control", "loop0", "kvm", "fuse",
		"net/tun", "userfaultfd", "uinput", "vsock", "vhost-net", "rtc0", "hpet", "sg0" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (opens_in("/dev", names[i], O_RDONLY))
			return 1;
	return 0;
}

static int make_device(void)
{
	return failed(mknod("/tmp/block", S_IFBLK | 0600, makedev(8, 0)), "block device") ||
	       failed(mknod("/dev/shm/memory", S_IFCHR | 0600, makedev(1, 1)), "/dev/mem") ||
	       failed(mknod("/dest/block", S_IFBLK | 0600, makedev(254, 0)), "block device");
}

static int write_system(void)
{
	static const char *const folders[] = { "/", "/usr", "/usr/bin", "/usr/local/bin", "/etc", "/etc/profile.d",
					       "/opt", "/bin", "/lib", "/root", "/home", "/var", "/proc" };
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (opens_in(folders[i], aim.marker, O_WRONLY | O_CREAT))
			return 1;
	return opens("/usr/bin/env", O_RDWR) || opens("/etc/passwd", O_RDWR) ||
	       failed(chmod("/usr/bin/env", 0755), "chmod") ||
	       failed(link("/usr/bin/env", "/tmp/env"), "link") || failed(unlink("/etc/hostname"), "unlink") ||
	       failed(rename("/etc/hosts", "/tmp/hosts"), "rename");
}

static int write_host(void) { return opens_in(aim.out, aim.marker, O_WRONLY | O_CREAT); }

/* The way up: through links of processes, and more dots than there are folders. */
static int ways_up(void)
{
	static const char *const roots[] = { "/proc/1/root", "/proc/1/cwd", "/proc/self/root/../..",
					     "../../../../../../../../../.." };
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		char path[4200];

		snprintf(path, sizeof(path), "%s%s", roots[i], aim.out);
		if (opens_in(path, aim.marker, O_WRONLY | O_CREAT))
			return 1;
	}
	return 0;
}

static int host_home(void) { return opens_in(aim.home, "secret", O_RDONLY); }

static int all_homes(void)
{
	const char *const own = getenv("HOME");
	DIR *const dir = opendir("/home");
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.' && (!own || strcmp(d->d_name, own + strlen("/home/")) != 0))
			return escaped("home of", d->d_name);
	return opens("/root", O_RDONLY | O_DIRECTORY) || opens("/root/.ssh/id_ed25519", O_RDONLY);
}

static int shadow(void)
{
	return opens("/etc/shadow", O_RDONLY) || opens("/etc/gshadow", O_RDONLY) ||
	       opens("/etc/sudoers", O_RDONLY) || opens("/etc/ssh/ssh_host_ed25519_key", O_RDONLY);
}

static int run_of_host(void)
{
	return opens("/run/docker.sock", O_PATH) || opens("/run/user", O_PATH) || opens("/run/dbus", O_PATH) ||
	       opens("/run/systemd", O_PATH) || opens("/var/run/utmp", O_PATH) || opens("/var/lib", O_PATH);
}

/* Whatever a process here may read of the environment that tarproof was started with. */
static int environment(void)
{
	static char text[1 << 20];
	DIR *const dir = opendir("/proc");
	struct dirent *d;

	if (getenv("ESCAPES_SECRET"))
		return escaped("the variable is set", "");
	while (dir && (d = readdir(dir))) {
		char path[300];
		ssize_t n;
		int fd;

		snprintf(path, sizeof(path), "/proc/%s/environ", d->d_name);
		fd = open(path, O_RDONLY);
		n = fd < 0 ? -1 : read(fd, text, sizeof(text));
		if (fd >= 0)
			close(fd);
		if (n > 0 && memmem(text, (size_t)n, "ESCAPES_SECRET=", 15))
			return escaped("read from", path);
	}
	return 0;
}

/* Descriptors of this process, and of the sandbox's first one: nothing but what leads nowhere. */
static int descriptors(void)
{
	DIR *const dir = opendir("/proc/self/fd");
	struct dirent *d;
	char path[300], target[300];

	while (dir && (d = readdir(dir))) {
		ssize_t n;

		if (atoi(d->d_name) <= 2 || atoi(d->d_name) == dirfd(dir))
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%s", d->d_name);
		n = readlink(path, target, sizeof(target) - 1);
		target[n > 0 ? n : 0] = '\0';
		return escaped(path, target);
	}
	return 0;
}

static int descriptors_of_first(void)
{
	DIR *const dir = opendir("/proc/1/fd");
	struct dirent *d;
	char path[300], target[300];

	while (dir && (d = readdir(dir))) {
		ssize_t n;

		snprintf(path, sizeof(path), "/proc/1/fd/%s", d->d_name);
		n = readlink(path, target, sizeof(target) - 1);
		target[n > 0 ? n : 0] = '\0';
		if (target[0] == '/' && strcmp(target, "/dev/null") != 0)
			return escaped(path, target);
	}
	return 0;
}

static int by_handle(void)
{
	struct { struct file_handle h; unsigned char bytes[8]; } f = { { .handle_bytes = 8, .handle_type = 1 }, { 2 } };

	return refused(open_by_handle_at(open("/", O_RDONLY), &f.h, O_RDONLY), "open_by_handle_at");
}

/* --- processes --- */

static int attaches(pid_t pid)
{
	const long r = ptrace(PTRACE_SEIZE, pid, NULL, NULL);

	return refused(r, "PTRACE_SEIZE") || refused(ptrace(PTRACE_ATTACH, pid, NULL, NULL), "PTRACE_ATTACH");
}

static int trace_parent(void) { return attaches(getppid()); }
static int trace_first(void) { return attaches(1); }
static int trace_me(void) { return refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL), "PTRACE_TRACEME"); }

/* On ourselves, where the kernel would allow it. */
static int foreign_memory(void)
{
	char from = 'x', to = 'y';
	struct iovec local = { &from, 1 }, remote = { &to, 1 };

	return refused(process_vm_writev(getpid(), &local, 1, &remote, 1, 0), "process_vm_writev") ||
	       refused(process_vm_readv(getpid(), &local, 1, &remote, 1, 0), "process_vm_readv");
}

static int foreign_descriptor(void)
{
	const long fd = syscall(CALL_PIDFD_OPEN, getpid(), 0);

	return refused(syscall(CALL_PIDFD_GETFD, fd, 0, 0), "pidfd_getfd");
}

/* The number means nothing here; the process outside must live on. */
static int kill_outside(void)
{
	const int pid = atoi(aim.pid);

	return pid > 1 ? failed(kill(pid, SIGKILL), "killed") : 0;
}

static int set_user(void)
{
	return failed(setuid(0), "setuid") || failed(setresgid(0, 0, 0), "setresgid") ||
	       (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : escaped("no_new_privs is not set", ""));
}

static int capabilities(void)
{
	char line[200];
	FILE *const f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "Cap", 3) == 0 && strtoull(strchr(line, ':') + 1, NULL, 16) != 0)
			return escaped("has", line);
	return 0;
}

/* Exit status of a program; 127 where it is not there. */
static int run(const char *const *argv)
{
	const pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		const int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

#define RUN(...) run((const char *const[]){ __VA_ARGS__, NULL })

static int setuid_programs(void)
{
	struct statvfs v;

	if (RUN("su", "root", "-c", "exit 42") == 42)
		return escaped("su", "");
	if (RUN("sudo", "-n", "true") == 0)
		return escaped("sudo", "");
	if (RUN("mount", "-t", "tmpfs", "none", "/tmp") == 0)
		return escaped("mount", "");
	if (RUN("bwrap", "--ro-bind", "/", "/", "true") == 0)
		return escaped("bwrap", "");
	return statvfs("/usr", &v) == 0 && !(v.f_flag & ST_NOSUID) ? escaped("/usr is not nosuid", "") : 0;
}

static int raise_limits(void)
{
	struct rlimit l;

	getrlimit(RLIMIT_FSIZE, &l);
	if (l.rlim_max == RLIM_INFINITY)
		return escaped("files may have any size", "");
	l.rlim_max = l.rlim_cur = RLIM_INFINITY;
	return failed(setrlimit(RLIMIT_FSIZE, &l), "setrlimit") || failed(setpriority(PRIO_PROCESS, 0, -20), "nice");
}

/* --- mounts and namespaces --- */

static int mounts(void)
{
	return refused(mount("none", "/tmp", "tmpfs", 0, NULL), "mount") ||
	       refused(mount("/", "/tmp", NULL, MS_BIND | MS_REC, NULL), "mount") ||
	       refused(mount(NULL, "/usr", NULL, MS_REMOUNT | MS_BIND, NULL), "mount");
}

static int unmounts(void) { return refused(umount2("/tmp", MNT_DETACH), "umount2"); }
static int new_root(void) { return refused(syscall(SYS_pivot_root, "/tmp", "/tmp"), "pivot_root"); }
static int change_root(void) { return refused(chroot("/tmp"), "chroot"); }

static int new_mounts(void)
{
	return refused(syscall(CALL_FSOPEN, "tmpfs", 0), "fsopen") ||
	       refused(syscall(CALL_OPEN_TREE, AT_FDCWD, "/", 1), "open_tree") ||
	       refused(syscall(CALL_MOUNT_SETATTR, AT_FDCWD, "/", 0, NULL, 0), "mount_setattr");
}

static int unshare_user(void) { return refused(unshare(CLONE_NEWUSER), "unshare"); }
static int unshare_all(void)
{
	return refused(unshare(CLONE_NEWNS), "unshare") || refused(unshare(CLONE_NEWNET), "unshare") ||
	       refused(unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID), "unshare");
}

/* A child that it makes ends at once. */
static long child_of(long r)
{
	if (r == 0)
		_exit(0);
	return r;
}

static int clone_user(void)
{
	/* Flags, stack, and where ids go, which is not the same on all machines but all zero. */
	return refused(child_of(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)), "clone") ||
	       refused(child_of(syscall(SYS_clone, CLONE_NEWUSER | (1l << 40) | SIGCHLD, 0, 0, 0, 0)), "clone");
}

static int clone3_user(void)
{
	uint64_t args[11] = { [0] = CLONE_NEWUSER, [4] = SIGCHLD };

	return refused(child_of(syscall(CALL_CLONE3, args, 64)), "clone3");
}

static int enter_namespaces(void)
{
	static const char *const names[] = { "user", "mnt", "pid", "net", "ipc", "uts" };
	char path[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "/proc/1/ns/%s", names[i]);
		if (refused(setns(open(path, O_RDONLY), 0), "setns"))
			return 1;
	}
	return 0;
}

/* --- the kernel --- */

static int keys(void)
{
	return refused(syscall(SYS_add_key, "user", "k", "v", 1, -1), "add_key") ||
	       refused(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, -3, 1), "keyctl") ||
	       refused(syscall(SYS_request_key, "user", "k", NULL, -1), "request_key");
}

static int bpf(void) { char a[128] = { 0 }; return refused(syscall(SYS_bpf, 0, a, sizeof(a)), "bpf"); }

static int perf(void)
{
	uint32_t a[32] = { 1 /* PERF_TYPE_SOFTWARE */, sizeof(a) };

	return refused(syscall(SYS_perf_event_open, a, 0, -1, -1, 0), "perf_event_open");
}

static int faults(void) { return refused(syscall(SYS_userfaultfd, 1 /* user mode only */), "userfaultfd"); }

static int uring(void)
{
	char a[120] = { 0 };

	return refused(syscall(CALL_IO_URING_SETUP, 1, a), "io_uring_setup");
}

static int machine(void)
{
	return refused(sethostname("escaped", 7), "sethostname") || refused(syscall(SYS_acct, NULL), "acct") ||
	       refused(syscall(SYS_swapoff, "/nothing"), "swapoff") ||
	       refused(syscall(SYS_delete_module, "nothing", 0), "delete_module") ||
	       refused(syscall(SYS_init_module, NULL, 0, ""), "init_module") ||
	       refused(syscall(SYS_syslog, 3, NULL, 0), "syslog") ||
	       refused(syscall(SYS_reboot, 0, 0, 0, NULL), "reboot") ||
	       refused(syscall(SYS_settimeofday, &(struct timeval){ 0, -1 }, NULL), "settimeofday");
}

/* Whatever descriptor is a terminal, and what can be opened as one. */
static int terminal(void)
{
	const int tty = open("/dev/tty", O_RDWR);

	if (tty >= 0)
		return escaped("/dev/tty", "");
	for (int fd = 0; fd < 64; fd++)
		if (ioctl(fd, TIOCSTI, "x") == 0)
			return escaped("TIOCSTI", "");
	/* The filter refuses it whether there is a terminal or not; the request is 32 bits wide. */
	return refused(ioctl(0, TIOCSTI, "x"), "TIOCSTI") ||
	       refused(syscall(SYS_ioctl, 0, TIOCSTI | (1l << 32), "x"), "TIOCSTI") ||
	       refused(ioctl(0, TIOCLINUX, "\2"), "TIOCLINUX");
}

#ifdef __x86_64__
/* Calls by the table of 32-bit programs, where the filter's numbers mean something else. */
static int calls_of_i386(void)
{
	long r;

	__asm__ volatile("int $0x80" : "=a"(r) : "a"(20l /* getpid */), "b"(0l), "c"(0l), "d"(0l)
			 : "memory", "r8", "r9", "r10", "r11");
	if ((int)r > 0)
		return escaped("getpid", "");
	__asm__ volatile("int $0x80" : "=a"(r) : "a"(310l /* unshare */), "b"((long)CLONE_NEWUSER), "c"(0l), "d"(0l)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)r == 0 ? escaped("unshare", "") : 0;
}

/* The third table: numbers with bit 30 set. */
static int calls_of_x32(void)
{
	return failed(syscall(0x40000000l | SYS_getpid), "getpid") ||
	       failed(syscall(0x40000000l | SYS_unshare, CLONE_NEWUSER), "unshare") ||
	       failed(syscall(0x40000000l | 521 /* ptrace */, PTRACE_TRACEME, 0, 0, 0), "ptrace");
}
#endif

static const struct {
	const char *name;
	int (*attempt)(void);		/* 1: it worked, `what` says how */
} attempts[] = {
	{ "tcp-of-host", tcp_of_host }, { "udp-of-host", udp_of_host }, { "tcp6-of-host", tcp6_of_host },
	{ "tcp-outside", tcp_outside }, { "tcp6-outside", tcp6_outside },
	{ "udp-sendto-outside", udp_sendto_outside }, { "udp-sendmsg-outside", udp_sendmsg_outside },
	{ "raw-icmp", raw_icmp }, { "packet", packet }, { "vsock", vsock }, { "alg", alg },
	{ "bluetooth", bluetooth }, { "xdp", xdp }, { "other-families", other_families },
	{ "wide-family", wide_family }, { "interfaces", interfaces }, { "change-interface", change_interface },
	{ "abstract-socket", abstract_socket }, { "socket-by-path", socket_by_path },
	{ "proc-sys", proc_sys }, { "sys", sys }, { "sysrq", sysrq }, { "kmsg", kmsg },
	{ "kernel-memory", kernel_memory }, { "self-mem", self_mem }, { "device-files", device_files },
	{ "make-device", make_device }, { "write-system", write_system }, { "write-host", write_host },
	{ "ways-up", ways_up }, { "host-home", host_home }, { "all-homes", all_homes }, { "shadow", shadow },
	{ "run-of-host", run_of_host }, { "environment", environment }, { "descriptors", descriptors },
	{ "descriptors-of-first", descriptors_of_first }, { "by-handle", by_handle },
	{ "trace-parent", trace_parent }, { "trace-first", trace_first }, { "trace-me", trace_me },
	{ "foreign-memory", foreign_memory }, { "foreign-descriptor", foreign_descriptor },
	{ "kill-outside", kill_outside }, { "set-user", set_user }, { "capabilities", capabilities },
	{ "setuid-programs", setuid_programs }, { "raise-limits", raise_limits },
	{ "mounts", mounts }, { "unmounts", unmounts }, { "new-root", new_root }, { "change-root", change_root },
	{ "new-mounts", new_mounts }, { "unshare-user", unshare_user }, { "unshare-all", unshare_all },
	{ "clone-user", clone_user }, { "clone3-user", clone3_user }, { "enter-namespaces", enter_namespaces },
	{ "keys", keys }, { "bpf", bpf }, { "perf", perf }, { "faults", faults }, { "uring", uring },
	{ "machine", machine }, { "terminal", terminal },
#ifdef __x86_64__
	{ "calls-of-i386", calls_of_i386 }, { "calls-of-x32", calls_of_x32 },
#endif
};

/* Each in a process of its own, which may crash or hang as it likes: then it has not escaped. */
static void attempt(size_t i)
{
	const pid_t pid = fork();
	int status;

	if (pid < 0)
		printf("%s: not tried\n", attempts[i].name);
	if (pid > 0)
		waitpid(pid, &status, 0);
	if (pid != 0)
		return;
	if (fork() == 0) {
		alarm(3);
		if (attempts[i].attempt())
			printf("%s: ESCAPED (%s)\n", attempts[i].name, what);
		else
			printf("%s: blocked\n", attempts[i].name);
		fflush(stdout);
		_exit(7);
	}
	wait(&status);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 7)
		printf("%s: blocked\n", attempts[i].name);
	fflush(stdout);
	_exit(0);
}

static const char *variable(const char *name)
{
	const char *const value = getenv(name);

	return value ? value : "";
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--list") == 0) {
		for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
			puts(attempts[i].name);
		return 0;
	}
	aim.tcp = variable("AIM_TCP");
	aim.udp = variable("AIM_UDP");
	aim.tcp6 = variable("AIM_TCP6");
	aim.abstract = variable("AIM_ABSTRACT");
	aim.path = variable("AIM_SOCKET");
	aim.pid = variable("AIM_PID");
	aim.out = variable("AIM_OUT");
	aim.home = variable("AIM_HOME");
	aim.marker = variable("AIM_MARKER");
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		attempt(i);
	return 0;
}
