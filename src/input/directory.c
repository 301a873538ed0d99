#include "input/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"

struct walk {
	struct intake *in;
	struct block_pool pool;
	struct buf path;	/* of the folder being read, with a '/' at the end; "" at the top */
	unsigned int depth;
};

static void cleanup_dir(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* Content that changes while it is read is an error: no hash would mean anything. */
static int read_file(struct walk *w, int dir, const char *name, const struct stat *st,
		     struct error *err)
{
	const int fd_raw = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	AUTO_FD int fd = fd_raw;
	const uint64_t size = (uint64_t)st->st_size;
	struct hash_file *f;
	uint64_t left = size;
	struct stat after;
	int r = 0;

	if (fd < 0)
		return error_errno(err, "%s", buf_cstr(&w->path));
	w->in->mtime = st->st_mtime;
	f = intake_file(w->in, buf_str(&w->path), (uint16_t)(st->st_mode & 07777), size);
	while (left && r == 0) {
		struct block *b = block_get(&w->pool);
		const size_t want = left < LIMIT_BLOCK ? (size_t)left : LIMIT_BLOCK;
		const ssize_t n = read(fd, b->data, want);

		if (n <= 0) {
			block_unref(b);
			r = n < 0 ? error_errno(err, "%s", buf_cstr(&w->path)) :
			    error_set(err, ERROR_INPUT, "%s: changed while it was read",
				      buf_cstr(&w->path));
			break;
		}
		b->len = (size_t)n;
		left -= (uint64_t)n;
		hashing_add(w->in->hashing, f, (struct slice){ b, b->data, b->len });
	}
	hashing_end(w->in->hashing, f);
	if (r == 0 && (fstat(fd, &after) < 0 || after.st_size != st->st_size))
		r = error_set(err, ERROR_INPUT, "%s: changed while it was read", buf_cstr(&w->path));
	return r < 0 ? -1 : intake_file_done(w->in, err);
}

static int read_link(struct walk *w, int dir, const char *name, const struct stat *st,
		     struct error *err)
{
	char target[4097];
	const ssize_t n = readlinkat(dir, name, target, sizeof(target));

	if (n >= (ssize_t)sizeof(target))
		return error_set(err, ERROR_INPUT, "%s: its target is too long", buf_cstr(&w->path));
	if (n < 0)
		return error_errno(err, "%s", buf_cstr(&w->path));
	intake_link(w->in, buf_str(&w->path), (uint16_t)(st->st_mode & 07777),
		    str_of(target, (size_t)n));
	return 0;
}

static int read_folder(struct walk *w, int fd, struct error *err);

static int read_one(struct walk *w, int dir, const char *name, struct error *err)
{
	const size_t before = w->path.len;
	struct stat st;
	int r;

	buf_add_cstr(&w->path, name);
	if (intake_step(w->in, err) < 0) {
		r = -1;
	} else if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		r = error_errno(err, "%s", buf_cstr(&w->path));
	} else if (S_ISDIR(st.st_mode)) {
		const int sub = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		intake_dir(w->in, buf_str(&w->path), (uint16_t)(st.st_mode & 07777));
		buf_add_char(&w->path, '/');
		r = sub < 0 ? error_errno(err, "%s", buf_cstr(&w->path)) :
		    read_folder(w, sub, err);
	} else if (S_ISREG(st.st_mode)) {
		r = read_file(w, dir, name, &st, err);
	} else if (S_ISLNK(st.st_mode)) {
		r = read_link(w, dir, name, &st, err);
	} else {
		intake_special(w->in, buf_str(&w->path), (uint16_t)(st.st_mode & 07777));
		r = 0;
	}
	w->path.len = before;
	w->path.ptr[before] = '\0';
	return r;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Takes over fd. */
static int read_folder(struct walk *w, int fd, struct error *err)
{
	CLEANUP(cleanup_dir) DIR *d = fdopendir(fd);
	AUTO_ARENA struct arena arena = ARENA_INIT;
	AUTO_FREE const char **names = NULL;
	size_t n = 0, cap = 0;
	int r = 0;

	if (!d) {
		close(fd);
		return error_errno(err, "%s", buf_cstr(&w->path));
	}
	if (++w->depth > LIMIT_DEPTH)
		return error_set(err, ERROR_INPUT, "more than %d folders within each other",
				 LIMIT_DEPTH);
	for (const struct dirent *e; (errno = 0, e = readdir(d)) != NULL;) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (w->depth == 1 && strcmp(e->d_name, ".git") == 0) {
			result_not_checked(w->in->result, false, STR(".git"),
					   "the folder's own repository is no part of the release");
			continue;
		}
		names = memory_grow(names, n, &cap, sizeof(*names));
		names[n++] = arena_str(&arena, str_from(e->d_name)).ptr;
	}
	if (errno)
		return error_errno(err, "%s", buf_cstr(&w->path));
	if (n)
		qsort(names, n, sizeof(*names), by_name);
	for (size_t i = 0; i < n && r == 0; i++)
		r = read_one(w, dirfd(d), names[i], err);
	w->depth--;
	return r;
}

int directory_read(struct intake *in, int fd, struct error *err)
{
	struct walk w = { .in = in };
	int r;

	block_pool_init(&w.pool, LIMIT_BLOCKS);
	buf_add_cstr(&w.path, "");
	r = read_folder(&w, fd, err);
	if (hashing_wait(in->hashing, err) < 0)
		r = -1;
	block_pool_release(&w.pool);
	buf_release(&w.path);
	return r;
}
