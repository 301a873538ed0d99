#include "input/content.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/memory.h"

struct content_piece {
	uint64_t offset, len;	/* in the temporary file */
};

/* Either bytes in memory, or pieces in the file. */
struct content {
	char *bytes;
	struct content_piece *pieces;
	size_t pieces_n;
	uint64_t size;
};

struct content_store {
	pthread_mutex_t lock;
	struct content *v;
	size_t n, cap;
	uint64_t in_memory;
	int fd;			/* -1 until it is needed */
	uint64_t file_end;
	uint64_t on_disk;	/* of it, what was not given back */
};

/* A writer hands its bytes on in pieces of this size. */
enum { PIECE = 2 * 1024 * 1024 };

struct content_store *content_store_new(void)
{
	struct content_store *s = memory_zalloc(sizeof(*s));

	s->fd = -1;
	pthread_mutex_init(&s->lock, NULL);
	return s;
}

void content_store_free(struct content_store *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++) {
		memory_free(s->v[i].bytes);
		memory_free(s->v[i].pieces);
	}
	memory_free(s->v);
	if (s->fd >= 0)
		close(s->fd);
	pthread_mutex_destroy(&s->lock);
	memory_free(s);
}

void content_begin(struct content_writer *w, struct content_store *s)
{
	*w = (struct content_writer){ .store = s };
	digest_init(&w->digest);
}

static int open_unlinked(struct error *err)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	int fd;

	if (!dir || !*dir)
		dir = "/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	if (snprintf(path, sizeof(path), "%s/tarproof-XXXXXX", dir) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return error_errno(err, "temporary folder %.200s", dir);
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0) {
		unlink(path);
		return fd;
	}
	error_errno(err, "can't make a temporary file in %.200s", dir);
	return error_hint(err, "set TMPDIR to a folder that can be written and has room");
}

/* Appends to the temporary file; *at is where. */
static int spill(struct content_store *s, const char *data, size_t n, uint64_t *at,
		 struct error *err)
{
	int r = 0;

	pthread_mutex_lock(&s->lock);
	if (s->fd < 0)
		s->fd = open_unlinked(err);
	if (s->fd < 0)
		r = -1;
	*at = s->file_end;
	s->file_end += n;
	s->on_disk += n;
	if (r == 0 && s->on_disk > LIMIT_CONTENT_TOTAL)
		r = error_set(err, ERROR_TOO_LARGE, "more than %llu GiB differ from the tag: stopped",
			      LIMIT_CONTENT_TOTAL >> 30);
	pthread_mutex_unlock(&s->lock);
	for (size_t done = 0; r == 0 && done < n;) {
		const ssize_t w = pwrite(s->fd, data + done, n - done, (off_t)(*at + done));

		if (w > 0) {
			done += (size_t)w;
		} else if (w == 0 || errno != EINTR) {
			r = error_errno(err, "can't keep content in the temporary file");
			error_hint(err, "set TMPDIR to a folder with more room");
		}
	}
	return r;
}

static int flush(struct content_writer *w, struct error *err)
{
	uint64_t at;

	if (w->pending.len == 0)
		return 0;
	if (spill(w->store, w->pending.ptr, w->pending.len, &at, err) < 0)
		return -1;
	w->pieces = memory_grow(w->pieces, w->pieces_n, &w->pieces_cap, sizeof(*w->pieces));
	w->pieces[w->pieces_n++] = (struct content_piece){ at, w->pending.len };
	digest_update(&w->digest, w->pending.ptr, w->pending.len);
	buf_reset(&w->pending);
	return 0;
}

int content_write(struct content_writer *w, const void *data, size_t n, struct error *err)
{
	const char *p = data;

	w->size += n;
	if (w->size > LIMIT_CONTENT_FILE)
		return error_set(err, ERROR_TOO_LARGE, "one file of more than %llu GiB differs from the "
				 "tag: stopped", LIMIT_CONTENT_FILE >> 30);
	while (n) {
		const size_t room = PIECE - w->pending.len;
		const size_t take = n < room ? n : room;

		buf_add(&w->pending, p, take);
		p += take;
		n -= take;
		if (w->pending.len == PIECE && flush(w, err) < 0)
			return -1;
	}
	return 0;
}

void content_sha256(struct content_writer *w, struct sha256 *out)
{
	digest_update(&w->digest, w->pending.ptr, w->pending.len);
	digest_final(&w->digest, out);
}

/* Small contents stay in memory while there is room. */
static bool fits_in_memory(struct content_writer *w)
{
	struct content_store *s = w->store;
	bool fits;

	if (w->pieces_n)
		return false;
	pthread_mutex_lock(&s->lock);
	fits = s->in_memory + w->pending.len <= LIMIT_CONTENT_MEMORY;
	if (fits)
		s->in_memory += w->pending.len;
	pthread_mutex_unlock(&s->lock);
	return fits;
}

int content_commit(struct content_writer *w, uint32_t *id, struct error *err)
{
	struct content_store *s = w->store;
	struct content c = { .size = w->size };

	if (fits_in_memory(w)) {
		c.bytes = memory_alloc(w->pending.len);
		if (w->pending.len)
			memcpy(c.bytes, w->pending.ptr, w->pending.len);
	} else if (flush(w, err) < 0) {
		content_abort(w);
		return -1;
	}
	c.pieces = w->pieces;
	c.pieces_n = w->pieces_n;
	w->pieces = NULL;
	pthread_mutex_lock(&s->lock);
	s->v = memory_grow(s->v, s->n, &s->cap, sizeof(*s->v));
	*id = (uint32_t)s->n;
	s->v[s->n++] = c;
	pthread_mutex_unlock(&s->lock);
	content_abort(w);
	return 0;
}

void content_abort(struct content_writer *w)
{
	/* Give the room back; where that is not possible the file just stays longer. */
	for (size_t i = 0; w->pieces && i < w->pieces_n; i++) {
		fallocate(w->store->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			  (off_t)w->pieces[i].offset, (off_t)w->pieces[i].len);
		pthread_mutex_lock(&w->store->lock);
		w->store->on_disk -= w->pieces[i].len;
		pthread_mutex_unlock(&w->store->lock);
	}
	memory_free(w->pieces);
	buf_release(&w->pending);
	*w = (struct content_writer){ .store = w->store };
}

static int read_pieces(int fd, const struct content *c, struct buf *to, struct error *err)
{
	for (size_t i = 0; i < c->pieces_n; i++) {
		uint64_t at = c->pieces[i].offset, left = c->pieces[i].len;

		while (left) {
			const ssize_t n = pread(fd, buf_reserve(to, left), left, (off_t)at);

			if (n <= 0)
				return error_errno(err, "can't read the temporary file");
			to->len += (size_t)n;
			at += (uint64_t)n;
			left -= (uint64_t)n;
		}
	}
	return 0;
}

int content_read(struct content_store *s, uint32_t id, uint64_t max, struct buf *to,
		 struct error *err)
{
	struct content c;

	pthread_mutex_lock(&s->lock);
	c = s->v[id];
	pthread_mutex_unlock(&s->lock);
	if (c.size > max)
		return error_set(err, ERROR_INPUT, "content of %llu bytes is over the limit of %llu",
				 (unsigned long long)c.size, (unsigned long long)max);
	if (c.bytes) {
		buf_add(to, c.bytes, (size_t)c.size);
		return 0;
	}
	return read_pieces(s->fd, &c, to, err);
}

uint64_t content_spilled(struct content_store *s)
{
	return s->file_end;
}
