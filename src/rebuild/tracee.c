#include "rebuild/tracee.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"

static size_t slurp(const char *path, char *to, size_t size)
{
	const int fd_raw = open(path, O_RDONLY | O_CLOEXEC);
	AUTO_FD int fd = fd_raw;
	const ssize_t n = fd < 0 ? -1 : read(fd, to, size - 1);

	to[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

static int field(const char *text, const char *name)
{
	const char *const at = strstr(text, name);

	return at ? atoi(at + strlen(name)) : 0;
}

bool tracee_ids(int pid, struct tracee_ids *out)
{
	char path[64], text[2048];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (slurp(path, text, sizeof(text)) == 0)
		return false;
	out->leader = field(text, "\nTgid:\t");
	out->parent = field(text, "\nPPid:\t");
	return out->leader > 0;
}

bool tracee_is_first(int pid)
{
	char path[64], text[2048];
	const char *at;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	slurp(path, text, sizeof(text));
	at = strstr(text, "\nNSpid:\t");
	if (!at)
		return true;
	/* One number for each namespace, the innermost last. */
	at += strlen("\nNSpid:\t");
	while (strchr(at, '\t') && strchr(at, '\t') < strchr(at, '\n'))
		at = strchr(at, '\t') + 1;
	return atoi(at) == 1;
}

/* As much as can be read of `size` bytes. */
static size_t read_some(int pid, uint64_t address, void *to, size_t size)
{
	const struct iovec local = { to, size }, remote = { (void *)(uintptr_t)address, size };
	const ssize_t n = process_vm_readv(pid, &local, 1, &remote, 1, 0);

	return n > 0 ? (size_t)n : 0;
}

bool tracee_read(int pid, uint64_t address, void *to, size_t size)
{
	return read_some(pid, address, to, size) == size;
}

enum { PAGE = 4096 };

bool tracee_text(int pid, uint64_t address, size_t max, struct buf *to)
{
	size_t have = 0;

	if (address == 0)
		return false;
	while (have < max) {
		/* Not over the end of a page, as the next one may not be there. */
		const size_t room = PAGE - (size_t)((address + have) % PAGE);
		const size_t want = room < max - have ? room : max - have;
		char *const at = buf_reserve(to, want);
		const size_t n = read_some(pid, address + have, at, want);
		const char *const end = n ? memchr(at, '\0', n) : NULL;

		if (n == 0)
			return false;
		to->len += end ? (size_t)(end - at) : n;
		have += n;
		to->ptr[to->len] = '\0';
		if (end)
			return true;
	}
	return true;
}

void tracee_strings(int pid, uint64_t array, const char *prefix, size_t max, struct buf *to)
{
	const size_t begin = to->len, prefix_len = prefix ? strlen(prefix) : 0;
	AUTO_BUF struct buf text = BUF_INIT;

	for (size_t i = 0; array && i < 100000 && to->len - begin < max; i += PAGE / sizeof(uint64_t)) {
		uint64_t pointers[PAGE / sizeof(uint64_t)];
		const size_t n = read_some(pid, array + i * sizeof(uint64_t), pointers, sizeof(pointers)) /
				 sizeof(uint64_t);

		for (size_t k = 0; k < n && to->len - begin < max; k++) {
			char head[16];

			if (pointers[k] == 0)
				return;
			if (prefix_len && (prefix_len > sizeof(head) ||
			    !tracee_read(pid, pointers[k], head, prefix_len) ||
			    memcmp(head, prefix, prefix_len) != 0))
				continue;
			buf_reset(&text);
			if (!tracee_text(pid, pointers[k], max, &text))
				return;
			buf_add(to, buf_cstr(&text), text.len + 1);
		}
		if (n < PAGE / sizeof(uint64_t))
			return;
	}
}

bool tracee_link(int pid, int fd, struct buf *to)
{
	char link[64], path[4096];
	ssize_t n;

	if (fd == TRACEE_DIRECTORY)
		snprintf(link, sizeof(link), "/proc/%d/cwd", pid);
	else
		snprintf(link, sizeof(link), "/proc/%d/fd/%d", pid, fd);
	n = readlink(link, path, sizeof(path));
	if (n <= 0 || n == (ssize_t)sizeof(path))
		return false;
	buf_add(to, path, (size_t)n);
	return true;
}

bool tracee_address(int pid, uint64_t address, uint64_t size, struct buf *to)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
	} a;
	char text[INET6_ADDRSTRLEN];

	memset(&a, 0, sizeof(a));
	if (address == 0 || size < sizeof(sa_family_t))
		return false;
	if (!tracee_read(pid, address, &a, size < sizeof(a) ? (size_t)size : sizeof(a)))
		return false;
	switch (a.any.sa_family) {
	case AF_INET:
		buf_addf(to, "inet %s:%u", inet_ntop(AF_INET, &a.in.sin_addr, text, sizeof(text)),
			 ntohs(a.in.sin_port));
		return true;
	case AF_INET6:
		buf_addf(to, "inet6 [%s]:%u", inet_ntop(AF_INET6, &a.in6.sin6_addr, text, sizeof(text)),
			 ntohs(a.in6.sin6_port));
		return true;
	case AF_UNIX:
		/* An abstract name begins with NUL. */
		buf_add_cstr(to, a.un.sun_path[0] ? "unix " : "unix @");
		buf_add(to, a.un.sun_path + (a.un.sun_path[0] == '\0'),
			strnlen(a.un.sun_path + (a.un.sun_path[0] == '\0'), sizeof(a.un.sun_path) - 1));
		return true;
	default:
		buf_addf(to, "family %d", a.any.sa_family);
		return true;
	}
}
