#include "rebuild/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "rebuild/cause.h"
#include "rebuild/export.h"
#include "rebuild/normalise.h"

struct walk {
	struct output_tree *t;
	struct arena *a;
	struct buf path;
	unsigned int depth;
};

/* Through no link, and no other file than the one that was found. */
static int open_anyway(int dir, const char *name, mode_t mode)
{
	const int handle_raw = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	AUTO_FD int handle = handle_raw;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", handle);
	if (handle < 0 || chmod(path, mode | 0400) < 0)
		return -1;
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

static int read_file(struct walk *w, int dir, const char *name, struct output *o, struct error *err)
{
	const int fd_raw = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	AUTO_FD int fd = fd_raw;

	/* Our own, but without permission to read: give it to ourselves, the mode is kept as it was. */
	if (fd < 0 && errno == EACCES)
		fd = open_anyway(dir, name, o->mode);
	if (fd < 0)
		return error_errno(err, "%s", o->path.ptr);
	if (digest_fd(fd, &o->sha256, &o->size) < 0)
		return error_errno(err, "%s", o->path.ptr);
	w->t->bytes += o->size;
	return 0;
}

static int read_folder(struct walk *w, int fd, struct error *err);

static int read_one(struct walk *w, int dir, const char *name, struct error *err)
{
	struct output o = { .type = OUTPUT_OTHER };
	char target[4096];
	struct stat st;
	ssize_t n;

	if (w->t->n >= LIMIT_ENTRIES)
		return error_set(err, ERROR_TOO_LARGE, "a build made more than %zu files", LIMIT_ENTRIES);
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, "%s", buf_cstr(&w->path));
	o.path = arena_str(w->a, buf_str(&w->path));
	o.mode = st.st_mode & 07777;
	if (S_ISREG(st.st_mode)) {
		o.type = OUTPUT_FILE;
		if (read_file(w, dir, name, &o, err) < 0)
			return -1;
	} else if (S_ISLNK(st.st_mode)) {
		n = readlinkat(dir, name, target, sizeof(target));
		o.type = OUTPUT_LINK;
		o.target = arena_str(w->a, str_of(target, n > 0 ? (size_t)n : 0));
		digest_of(target, o.target.len, &o.sha256);
	} else if (S_ISDIR(st.st_mode)) {
		o.type = OUTPUT_FOLDER;
	}
	w->t->v = memory_grow(w->t->v, w->t->n, &w->t->cap, sizeof(*w->t->v));
	w->t->v[w->t->n++] = o;
	if (o.type == OUTPUT_FOLDER && w->depth >= LIMIT_DEPTH)
		return error_set(err, ERROR_TOO_LARGE, "a build made more than %d folders within one another", LIMIT_DEPTH);
	if (o.type == OUTPUT_FOLDER) {
		const int sub = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		return sub < 0 ? error_errno(err, "%s", buf_cstr(&w->path)) : read_folder(w, sub, err);
	}
	return 0;
}

/* Takes the descriptor over. */
static int read_folder(struct walk *w, int fd, struct error *err)
{
	DIR *dir = fdopendir(fd);
	const size_t before = w->path.len;
	struct dirent *d;
	int status = 0;

	if (!dir) {
		close(fd);
		return error_errno(err, "%s", buf_cstr(&w->path));
	}
	w->depth++;
	while (status == 0 && (d = readdir(dir))) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (before)
			buf_add_char(&w->path, '/');
		buf_add_cstr(&w->path, d->d_name);
		status = read_one(w, fd, d->d_name, err);
		w->path.len = before;
	}
	w->depth--;
	closedir(dir);
	return status;
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(((const struct output *)a)->path, ((const struct output *)b)->path);
}

int output_read(struct output_tree *t, struct arena *a, const char *folder, struct error *err)
{
	struct walk w = { .t = t, .a = a, .path = BUF_INIT };
	const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int status;

	*t = (struct output_tree){ .folder = arena_str(a, str_from(folder)).ptr };
	status = fd < 0 ? error_errno(err, "%s", folder) : read_folder(&w, fd, err);
	buf_release(&w.path);
	if (t->n)
		qsort(t->v, t->n, sizeof(*t->v), by_path);
	return status;
}

void output_release(struct output_tree *t)
{
	memory_free(t->v);
	*t = (struct output_tree){ .folder = NULL };
}

const struct output *output_find(const struct output_tree *t, struct str path)
{
	const struct output wanted = { .path = path };

	return t->n ? bsearch(&wanted, t->v, t->n, sizeof(*t->v), by_path) : NULL;
}

/* --- comparing --- */

static bool read_again(const struct output_tree *t, const struct output *o, struct buf *to)
{
	return o->size <= LIMIT_OUTPUT && export_read(t->folder, ".", o->path, LIMIT_OUTPUT, to) && to->len == o->size;
}

/* Two files of other content: what is left after normalising, where, and why. */
static void look_into(const struct output_tree *ta, const struct output *a, const struct output_tree *tb,
		      const struct output *b, const struct output_context *x, struct arena *arena,
		      struct output_difference *d)
{
	AUTO_BUF struct buf first = BUF_INIT, second = BUF_INIT, names = BUF_INIT;
	unsigned int set;

	if (!read_again(ta, a, &first) || !read_again(tb, b, &second)) {
		d->cause = STR("unknown");
		return;
	}
	set = normalise((uint8_t *)first.ptr, first.len) | normalise((uint8_t *)second.ptr, second.len);
	if (set && str_eq(buf_str(&first), buf_str(&second))) {
		d->relation = OUTPUT_NORMALISED;
		normalise_names(set, &names);
		d->normalised = arena_str(arena, buf_str(&names));
		d->cause = set & ~(unsigned int)(NORMALISED_BUILD_ID | NORMALISED_DEBUG_LINK) ? STR("timestamp") : STR("build id");
		return;
	}
	cause_of(buf_str(&first), buf_str(&second), x, arena, &d->where, &d->cause);
}

static bool same_content(const struct output *a, const struct output *b)
{
	return memcmp(a->sha256.bytes, b->sha256.bytes, SHA256_SIZE) == 0;
}

static enum output_relation relate(const struct output *a, const struct output *b)
{
	if (a->type != b->type || (a->type == OUTPUT_LINK && !same_content(a, b)))
		return OUTPUT_TYPE;
	if (a->type == OUTPUT_FILE && !same_content(a, b))
		return OUTPUT_DIFFERENT;
	return a->type != OUTPUT_LINK && a->mode != b->mode ? OUTPUT_MODE : OUTPUT_EQUAL;
}

static struct output_difference describe(const struct output *a, const struct output *b,
					 enum output_relation relation)
{
	struct output_difference d = {
		.path = a ? a->path : b->path, .relation = relation, .folder = a && a->type == OUTPUT_FOLDER,
	};

	if (a && a->type == OUTPUT_FILE) {
		d.has_first = true;
		d.first = a->sha256;
	}
	if (b && b->type == OUTPUT_FILE) {
		d.has_second = true;
		d.second = b->sha256;
	}
	return d;
}

/* Folders count only where something else stands in their place, or where they have other permissions. */
static bool counts(const struct output *o)
{
	return o && o->type != OUTPUT_FOLDER;
}

void output_compare(const struct output_tree *first, const struct output_tree *second,
		    const struct output_context *x, struct arena *arena, struct output_comparison *out)
{
	size_t i = 0, k = 0;

	out->differences = arena_alloc(arena, (first->n + second->n + 1) * sizeof(*out->differences));
	while (i < first->n || k < second->n) {
		const int order = i == first->n ? 1 : k == second->n ? -1 :
				  str_cmp(first->v[i].path, second->v[k].path);
		const struct output *const a = order <= 0 ? &first->v[i++] : NULL;
		const struct output *const b = order >= 0 ? &second->v[k++] : NULL;
		const enum output_relation r = !a ? OUTPUT_ONLY_SECOND : !b ? OUTPUT_ONLY_FIRST : relate(a, b);
		struct output_difference d;

		if (!counts(a) && !counts(b) && r != OUTPUT_MODE)
			continue;
		d = describe(a, b, r);
		if (r == OUTPUT_DIFFERENT)
			look_into(first, a, second, b, x, arena, &d);
		out->counts[d.relation]++;
		if (r != OUTPUT_EQUAL)
			out->differences[out->n++] = d;
	}
}
