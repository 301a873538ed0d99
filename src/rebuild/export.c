#include "rebuild/export.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"

/* Where a file goes: the folder it stands in, open. */
struct place {
	int root;
	int dir;		/* == root, or open of its own */
	struct str dir_path;	/* what `dir` is, without the last '/' */
};

static void place_leave(struct place *p)
{
	if (p->dir != p->root)
		close(p->dir);
	p->dir = p->root;
	p->dir_path = STR("");
}

static bool is_plain(struct str part)
{
	return part.len && part.len < 256 && !str_eq(part, STR(".")) && !str_eq(part, STR("..")) &&
	       !memchr(part.ptr, '\0', part.len);
}

/* Opens the folder of a path, made as needed, one component at a time and through no link. */
static int place_enter(struct place *p, struct str path, struct error *err)
{
	const size_t slash = str_rfind(path, '/');
	struct str dir = str_first(path, slash == (size_t)-1 ? 0 : slash), part;
	char name[256];

	if (str_eq(dir, p->dir_path))
		return 0;
	place_leave(p);
	for (struct str rest = dir; str_next_component(&rest, &part);) {
		int next;

		if (!is_plain(part))
			return error_set(err, ERROR_INPUT, "%.*s: not a path within a folder",
					 STR_FMT(str_first(path, 200)));
		memcpy(name, part.ptr, part.len);
		name[part.len] = '\0';
		if (mkdirat(p->dir, name, 0755) < 0 && errno != EEXIST)
			return error_errno(err, "%.*s", STR_FMT(str_first(path, 200)));
		next = openat(p->dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			return error_errno(err, "%.*s", STR_FMT(str_first(path, 200)));
		if (p->dir != p->root)
			close(p->dir);
		p->dir = next;
	}
	p->dir_path = dir;
	return 0;
}

static int write_all(int fd, struct str s)
{
	while (s.len) {
		const ssize_t n = write(fd, s.ptr, s.len);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			s = str_from_at(s, (size_t)n);
	}
	return 0;
}

static void leave_out(struct export_report *r, struct str path, const char *why)
{
	if (r->left_out++ == 0)
		buf_addf(&r->first_left_out, "%.*s: %s", STR_FMT(path), why);
}

static int write_file(int dir, const char *name, const struct entry *e, struct str content, int64_t mtime)
{
	const int fd_raw = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	const struct timespec times[2] = { { mtime, 0 }, { mtime, 0 } };
	AUTO_FD int fd = fd_raw;

	if (fd < 0 || write_all(fd, content) < 0)
		return -1;
	return fchmod(fd, entry_executable(e) ? 0755 : 0644) < 0 || futimens(fd, times) < 0 ? -1 : 0;
}

/* One entry. What can't be written as it is meant is left out, and said. */
static int export_entry(const struct export_source *s, struct place *p, const struct entry *e,
			struct buf *content, struct export_report *report, struct error *err)
{
	const struct str path = entry_path(e), base = str_base(path);
	const int64_t mtime = e->mtime ? e->mtime : s->mtime;
	char name[256];

	if (e->type != ENTRY_FILE && e->type != ENTRY_LINK)
		return leave_out(report, path, e->type == ENTRY_GITLINK ? "a submodule that was not given" :
				 "a special file"), 0;
	if (!is_plain(base))
		return leave_out(report, path, "its name can't be that of a file"), 0;
	if (place_enter(p, path, err) < 0)
		return -1;
	memcpy(name, base.ptr, base.len);
	name[base.len] = '\0';
	if (e->type == ENTRY_LINK) {
		const char *target = e->target;

		/* Of a tag, the target is the content of a blob. */
		buf_reset(content);
		if (!target && s->read(s->ctx, e, content) == 1 && content->len && content->len < LIMIT_PATH &&
		    !memchr(content->ptr, '\0', content->len)) {
			buf_add_char(content, '\0');
			target = content->ptr;
		}
		if (!target || symlinkat(target, p->dir, name) < 0)
			return leave_out(report, path, "a symbolic link that can't be made"), 0;
		report->written++;
		return 0;
	}
	buf_reset(content);
	if (s->read(s->ctx, e, content) != 1)
		return leave_out(report, path, "its content is not at hand"), 0;
	if (write_file(p->dir, name, e, buf_str(content), mtime) < 0)
		return error_errno(err, "%.*s", STR_FMT(str_first(path, 200)));
	report->written++;
	return 0;
}

int export_tree(const struct export_source *s, int folder, uid_t uid, gid_t gid, bool backwards,
		struct export_report *report, struct error *err)
{
	struct place place = { folder, folder, STR("") };
	AUTO_BUF struct buf content = BUF_INIT;
	const bool root = geteuid() == 0;
	const mode_t mask = umask(022);
	int status = 0;

	*report = (struct export_report){ .first_left_out = BUF_INIT };
	if (root) {
		setfsgid(gid);
		setfsuid(uid);
	}
	for (size_t i = 0; status == 0 && i < s->tree->n; i++)
		status = export_entry(s, &place, &s->tree->v[backwards ? s->tree->n - 1 - i : i], &content,
				      report, err);
	place_leave(&place);
	if (root) {
		setfsuid(0);
		setfsgid(0);
	}
	umask(mask);
	return status;
}

/* --- removing --- */

/* What lies too deep for the descriptors at hand is moved up to the top first. */
struct removal {
	int top;
	unsigned int moved;
};

enum { REMOVE_DEPTH = 64 };

/* A folder that lost its permissions gets them back; through no link. */
static int open_to_remove(int parent, const char *name)
{
	const int handle_raw = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	AUTO_FD int handle = handle_raw;
	char path[64];

	if (handle < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", handle);
	(void)!chmod(path, 0700);
	return openat(handle, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int remove_below(struct removal *r, int parent, const char *name, unsigned int depth);

/* Takes the descriptor over. */
static int remove_content(struct removal *r, int fd, unsigned int depth)
{
	DIR *const dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *d;
	int failed = 0;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while ((d = readdir(dir)))
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			failed |= remove_below(r, fd, d->d_name, depth);
	closedir(dir);
	return failed;
}

static int remove_below(struct removal *r, int parent, const char *name, unsigned int depth)
{
	char other[32];
	int fd, failed;

	if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
		return 0;
	fd = open_to_remove(parent, name);
	if (depth > REMOVE_DEPTH) {
		if (fd >= 0)
			close(fd);
		snprintf(other, sizeof(other), ".deep-%u", r->moved++);
		return renameat(parent, name, r->top, other);
	}
	failed = remove_content(r, fd, depth + 1);
	return unlinkat(parent, name, AT_REMOVEDIR) < 0 ? -1 : failed;
}

int export_remove(const char *folder, struct error *err)
{
	struct removal r = { .top = open_to_remove(AT_FDCWD, folder) };
	unsigned int before;
	int failed = r.top < 0 ? -1 : 0;

	/* One more round for what the last one moved up. */
	do {
		before = r.moved;
		if (!failed)
			failed = remove_content(&r, openat(r.top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), 0);
	} while (r.moved != before && !failed);
	if (r.top >= 0)
		close(r.top);
	if (failed || rmdir(folder) < 0)
		return error_errno(err, "%s: can't be removed", folder);
	return 0;
}

int export_open(const char *folder, const char *part, struct str path)
{
	struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};
	AUTO_BUF struct buf top = BUF_INIT, name = BUF_INIT;
	AUTO_FD int dir = -1;

	buf_addf(&top, "%s/%s", folder, part);
	buf_addf(&name, "%.*s", STR_FMT(path));
	dir = open(buf_cstr(&top), O_PATH | O_DIRECTORY | O_CLOEXEC);
	return dir < 0 ? -1 : (int)syscall(SYS_openat2, dir, buf_cstr(&name), &how, sizeof(how));
}

bool export_read(const char *folder, const char *part, struct str path, size_t max, struct buf *to)
{
	const int fd_raw = export_open(folder, part, path);
	AUTO_FD int fd = fd_raw;
	ssize_t n = 0;

	while (fd >= 0 && to->len < max && (n = read(fd, buf_reserve(to, 64 * KIB), 64 * KIB)) > 0)
		to->len += (size_t)n;
	return fd >= 0 && n >= 0;
}

bool export_digest(const char *folder, const char *part, struct str path, struct sha256 *out)
{
	const int fd_raw = export_open(folder, part, path);
	AUTO_FD int fd = fd_raw;

	return fd >= 0 && digest_fd(fd, out, NULL) == 0;
}
