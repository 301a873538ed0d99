#include "rebuild/tracer_path.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "rebuild/tracee.h"

/* Without looking at the disk: "." and ".." and doubled slashes taken out. */
static void normalise(struct buf *to, struct str path)
{
	struct str part;

	buf_reset(to);
	while (str_next_component(&path, &part)) {
		if (part.len == 0 || str_eq(part, STR(".")))
			continue;
		if (str_eq(part, STR(".."))) {
			const size_t slash = str_rfind(buf_str(to), '/');

			to->len = slash == (size_t)-1 ? 0 : slash;
			continue;
		}
		buf_add_char(to, '/');
		buf_add_str(to, part);
	}
	if (to->len == 0)
		buf_add_char(to, '/');
}

/* The path of an open descriptor of ours. */
static bool path_of(int fd, struct buf *to)
{
	char link[64], path[4096];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path));
	if (n <= 0 || n == (ssize_t)sizeof(path))
		return false;
	buf_reset(to);
	buf_add(to, path, (size_t)n);
	return true;
}

static int open_in_root(int root, const char *path, bool follow)
{
	struct open_how how = {
		.flags = (uint64_t)(O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW)),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	return (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
}

/* Process-private and device files are what their names say; their links mean something else to us. */
bool tracer_path_is_lexical(struct str path)
{
	return str_starts(path, STR("/proc/")) || str_starts(path, STR("/dev/"));
}

/* Resolves an absolute path in `full`. */
static void resolve_full(int root, struct buf *full, bool follow, struct buf *to, bool *exists)
{
	AUTO_FD int fd = -1;
	size_t slash;

	normalise(to, buf_str(full));
	*exists = true;
	if (tracer_path_is_lexical(buf_str(to)))
		return;
	fd = open_in_root(root, buf_cstr(full), follow);
	if (fd >= 0 && path_of(fd, to))
		return;
	*exists = false;
	if (fd >= 0)
		return;
	/* Not there: then its folder may be, behind links. */
	slash = str_rfind(buf_str(full), '/');
	if (slash != (size_t)-1 && slash + 1 < full->len) {
		const struct str base = str_from_at(buf_str(full), slash + 1);
		AUTO_BUF struct buf parent = BUF_INIT;
		int dir;

		buf_add(&parent, full->ptr, slash ? slash : 1);
		dir = open_in_root(root, buf_cstr(&parent), true);
		if (dir >= 0 && path_of(dir, to)) {
			if (to->len > 1)
				buf_add_char(to, '/');
			buf_add_str(to, base);
		}
		if (dir >= 0)
			close(dir);
	}
}

/* What stands for a process's own folder, root and descriptors, written out: the rest of the path is in *rest. */
static bool own_link(int pid, struct str path, struct buf *link, struct str *rest)
{
	static const struct str standard[] = { STR("/dev/stdin"), STR("/dev/stdout"), STR("/dev/stderr") };
	struct str part = path;
	char *end;

	for (int i = 0; i < 3; i++)
		if (str_eq(path, standard[i])) {
			*rest = STR("");
			return tracee_link(pid, i, link);
		}
	if (str_starts(path, STR("/proc/self/")))
		part = str_from_at(path, 11);
	else if (str_starts(path, STR("/proc/thread-self/")))
		part = str_from_at(path, 18);
	else if (str_starts(path, STR("/dev/fd/")))
		part = str_from_at(path, 5);
	else
		return false;
	if (str_starts(part, STR("cwd"))) {
		*rest = str_from_at(part, 3);
		return tracee_link(pid, TRACEE_DIRECTORY, link);
	}
	if (str_starts(part, STR("root"))) {
		*rest = str_from_at(part, 4);
		return true;
	}
	if (!str_starts(part, STR("fd/")) || part.len < 4)
		return false;
	{
		const long fd = strtol(part.ptr + 3, &end, 10);

		*rest = str_from_at(path, (size_t)(end - path.ptr));
		return fd >= 0 && tracee_link(pid, (int)fd, link);
	}
}

/* The path that a call names, read from memory at `address`, relative to descriptor `dir` of the process. */
uint32_t tracer_path(struct trace *t, int root, int pid, int dir, uint64_t address, bool follow, bool *exists)
{
	AUTO_BUF struct buf name = BUF_INIT, full = BUF_INIT, to = BUF_INIT;

	*exists = false;
	if (!tracee_text(pid, address, LIMIT_TRACE_PATH, &name)) {
		t->unreadable++;
		return TRACE_NONE;
	}
	if (name.len && name.ptr[0] == '/') {
		buf_add_str(&full, buf_str(&name));
	} else {
		if (!tracee_link(pid, dir == AT_FDCWD ? TRACEE_DIRECTORY : dir, &full)) {
			t->unreadable++;
			return TRACE_NONE;
		}
		if (name.len) {
			buf_add_char(&full, '/');
			buf_add_str(&full, buf_str(&name));
		}
	}
	for (unsigned int depth = 0; depth < 8; depth++) {
		AUTO_BUF struct buf link = BUF_INIT;
		struct str rest;

		if (!own_link(pid, buf_str(&full), &link, &rest))
			break;
		buf_add_str(&link, rest);
		buf_reset(&full);
		buf_add_str(&full, buf_str(&link));
	}
	/* "pipe:[N]" and its like. */
	if (full.len && full.ptr[0] != '/') {
		*exists = true;
		return trace_path(t, buf_str(&full));
	}
	resolve_full(root, &full, follow, &to, exists);
	return trace_path(t, buf_str(&to));
}
