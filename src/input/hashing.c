#include "input/hashing.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/sha1_many.h"
#include "input/githash.h"

/* Slices that may wait in all: blocks bound the rest, but not slices of constant memory. */
enum { MAX_WAITING = 16384 };

/* A file is queued when it is complete or this much of it is waiting: what comes whole needs no state
 * of its own and is copied only when it has to be kept. */
#define PART (4 * MIB)
/* ... or its slices hold this part of the pool that they come from, if each has a block of its own; or
 * they are so many that have none. */
enum { PART_OF_POOL = 2, PART_SLICES = 64 };

/* Whole files are taken in batches, since hashing several at once is faster. A worker waits until
 * there is this much in the queue... */
enum { READY_FILES = 32, READY_BYTES = 512 * KIB };
/* ... or this many blocks are held there, as the pool they come from may be small; ... */
enum { READY_BLOCKS = 6 };
/* ... and takes as much as this, when it came late. */
enum { BATCH_FILES = 64, BATCH_BYTES = 1 * MIB };

/* A file in flight. The reader appends slices; the one worker that holds it takes them off. */
struct hash_file {
	struct hash_file *next;		/* in the queue or in the list of free ones */
	struct slice *slices;		/* appended and not yet taken */
	size_t n, cap;
	uint64_t size;			/* bytes promised */
	uint64_t seen;			/* bytes appended */
	uint64_t pending;		/* ... of these not taken */
	uint32_t entry;
	struct str path;
	bool expected;			/* its content is probably known */
	bool ended;			/* the last slice was appended */
	bool active;			/* in the queue or with a worker */
	bool counted;			/* in the queue and was whole when it came there */
	struct job *job;		/* the worker's state while it comes in pieces */
};

static bool is_whole(const struct hash_file *f)
{
	return f->ended && f->seen == f->size && !f->job;
}

/* The state of a file that could not be taken whole. */
struct job {
	struct githash hash;
	struct content_writer writer;
};

struct worker {
	struct hashing *h;
	pthread_t thread;
	/* A batch of whole files. */
	struct hash_file *batch[BATCH_FILES];
	struct githash_header header[BATCH_FILES];
	struct sha1_message message[BATCH_FILES];
	struct hashed result[BATCH_FILES];
	size_t batch_n;
	struct sha1_piece *pieces;	/* of all messages */
	size_t pieces_n, pieces_cap;
	/* What was taken of a file in pieces; swapped with the file's own array. */
	struct slice *slices;
	size_t n, cap;
	struct buf joined;		/* a content in one piece */
};

struct hashing {
	struct hashing_options o;
	struct worker *workers;
	unsigned int started;

	pthread_mutex_t lock;		/* for all that follows and the files' queues */
	pthread_cond_t work, idle;
	struct hash_file *first, *last;	/* files with something to do */
	size_t queued, queued_bytes;	/* ... of these that are whole */
	size_t queued_blocks;		/* ... and that came in since there were none, at least */
	const struct block *last_block;
	bool urgent;			/* there may be one that is not whole, or flushing */
	bool flushing;			/* no more come: nothing waits for a batch */
	struct hash_file *free;
	size_t waiting;			/* slices not yet taken */
	size_t in_flight;		/* files begun and not done */
	struct hashed *done;
	size_t done_n, done_cap;
	bool stop;
	struct error err;		/* the first that happened */
};

static bool worth_a_turn(const struct hash_file *f)
{
	const struct block *const b = f->n ? f->slices[f->n - 1].block : NULL;

	return f->pending >= PART ||
	       f->n >= (b ? b->pool->max / PART_OF_POOL : (size_t)PART_SLICES);
}

/* Whether a worker should begin. Under the lock, as all that looks at the queue. */
static bool is_ready(const struct hashing *h)
{
	return h->first && (h->urgent || h->queued >= READY_FILES ||
			    h->queued_bytes >= READY_BYTES || h->queued_blocks >= READY_BLOCKS);
}

static void enqueue(struct hashing *h, struct hash_file *f)
{
	f->active = true;
	f->next = NULL;
	if (h->last)
		h->last->next = f;
	else
		h->first = f;
	h->last = f;
	f->counted = is_whole(f);
	if (f->counted) {
		h->queued++;
		h->queued_bytes += f->pending;
		for (size_t i = 0; i < f->n; i++)
			if (f->slices[i].block != h->last_block) {
				h->last_block = f->slices[i].block;
				h->queued_blocks++;
			}
	} else {
		h->urgent = true;
	}
	if (is_ready(h))
		pthread_cond_signal(&h->work);
}

static struct hash_file *dequeue(struct hashing *h)
{
	struct hash_file *const f = h->first;

	h->first = f->next;
	if (f->counted) {
		h->queued--;
		h->queued_bytes -= f->pending;
	}
	if (!h->first) {
		h->last = NULL;
		h->urgent = h->flushing;
		h->queued_blocks = 0;
		h->last_block = NULL;
	}
	return f;
}

static bool wanted(const struct hashing *h, const struct oid *oid, bool collision)
{
	return collision || !h->o.known || !h->o.known(h->o.known_ctx, oid);
}

/* Keeps content where it is wanted, and makes its SHA-256 where that is wanted. */
static int settle(struct hashing *h, struct content_writer *w, struct hashed *r, bool keep,
		  struct error *err)
{
	keep = keep || wanted(h, &r->oid, r->collision);

	r->has_sha256 = keep || h->o.all_sha256;
	if (r->has_sha256)
		content_sha256(w, &r->sha256);
	if (keep)
		return content_commit(w, &r->content, err);
	content_abort(w);
	return 0;
}

static int write_pieces(struct content_writer *w, const struct slice *v, size_t n,
			struct error *err)
{
	for (size_t i = 0; i < n; i++)
		if (content_write(w, v[i].ptr, v[i].len, err) < 0)
			return -1;
	return 0;
}

static struct str in_one_piece(struct worker *w, const struct hash_file *f)
{
	if (f->n <= 1)
		return str_of(f->n ? f->slices[0].ptr : NULL, f->n ? f->slices[0].len : 0);
	buf_reset(&w->joined);
	for (size_t i = 0; i < f->n; i++)
		buf_add(&w->joined, f->slices[i].ptr, f->slices[i].len);
	return buf_str(&w->joined);
}

/* All slices are at hand: nothing is copied unless it has to be kept. */
static int settle_whole(struct worker *w, const struct hash_file *f, struct hashed *r,
			struct error *err)
{
	struct hashing *h = w->h;
	struct content_writer writer;
	bool keep = false;

	if (h->o.look)
		r->facts = h->o.look(h->o.look_ctx, f->path, &r->oid, in_one_piece(w, f), &keep);
	if (!h->o.all_sha256 && !keep && !wanted(h, &r->oid, r->collision))
		return 0;
	content_begin(&writer, h->o.store);
	if (write_pieces(&writer, f->slices, f->n, err) < 0 ||
	    settle(h, &writer, r, keep, err) < 0) {
		content_abort(&writer);
		return -1;
	}
	return 0;
}

static void add_piece(struct worker *w, const void *ptr, size_t len)
{
	w->pieces = memory_grow(w->pieces, w->pieces_n, &w->pieces_cap, sizeof(*w->pieces));
	w->pieces[w->pieces_n++] = (struct sha1_piece){ ptr, len };
}

static int by_size_descending(const void *a, const void *b)
{
	const struct hash_file *const x = *(struct hash_file *const *)a;
	const struct hash_file *const y = *(struct hash_file *const *)b;

	return (x->size < y->size) - (x->size > y->size);
}

static int hash_batch(struct worker *w, struct error *err)
{
	size_t at = 0;

	qsort(w->batch, w->batch_n, sizeof(w->batch[0]), by_size_descending);
	w->pieces_n = 0;
	for (size_t i = 0; i < w->batch_n; i++) {
		const struct hash_file *const f = w->batch[i];

		githash_header(&w->header[i], f->size);
		add_piece(w, w->header[i].text, w->header[i].len);
		for (size_t k = 0; k < f->n; k++)
			add_piece(w, f->slices[k].ptr, f->slices[k].len);
	}
	for (size_t i = 0; i < w->batch_n; i++) {
		w->message[i] = (struct sha1_message){ .pieces = w->pieces + at, .n = w->batch[i]->n + 1 };
		at += w->message[i].n;
	}
	sha1_many(w->message, w->batch_n);
	for (size_t i = 0; i < w->batch_n; i++) {
		struct hashed *const r = &w->result[i];

		*r = (struct hashed){ .entry = w->batch[i]->entry, .content = CONTENT_NONE,
				      .facts = FACTS_NONE, .collision = w->message[i].collision };
		memcpy(r->oid.bytes, w->message[i].digest, OID_SIZE);
		if (settle_whole(w, w->batch[i], r, err) < 0)
			return -1;
	}
	return 0;
}

static void job_free(struct job *j)
{
	content_abort(&j->writer);
	memory_free(j);
}

/* Some slices of a file that is still growing, or the last ones of one that did. */
static int hash_part(struct worker *w, struct hash_file *f, bool last, struct hashed *r,
		     struct error *err)
{
	struct hashing *h = w->h;
	struct job *j = f->job;

	if (!j) {
		j = f->job = memory_zalloc(sizeof(*j));
		content_begin(&j->writer, h->o.store);
		githash_begin(&j->hash, f->size);
	}
	for (size_t i = 0; i < w->n; i++)
		githash_update(&j->hash, w->slices[i].ptr, w->slices[i].len);
	if (!f->expected && write_pieces(&j->writer, w->slices, w->n, err) < 0)
		return -1;
	if (!last)
		return 0;
	githash_final(&j->hash, &r->oid, &r->collision);
	r->unkept = f->expected && wanted(h, &r->oid, r->collision);
	if (h->o.look)
		r->facts = FACTS_LATER;
	return f->expected ? 0 : settle(h, &j->writer, r, h->o.look != NULL, err);
}

static void report(struct hashing *h, const struct hashed *r)
{
	h->done = memory_grow(h->done, h->done_n, &h->done_cap, sizeof(*h->done));
	h->done[h->done_n++] = *r;
}

static void unref_all(const struct slice *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		block_unref(v[i].block);
}

static void fail(struct hashing *h, const struct error *err)
{
	if (h->err.code == ERROR_NONE)
		h->err = *err;
}

/* The file has been reported or given up. */
static void file_done(struct hashing *h, struct hash_file *f)
{
	if (f->job)
		job_free(f->job);
	f->job = NULL;
	f->next = h->free;
	h->free = f;
	h->in_flight--;
}

/* Takes whole files off the queue and works on them without the lock. */
static void work_on_batch(struct worker *w)
{
	struct hashing *h = w->h;
	struct error err = ERROR_INIT;
	uint64_t bytes = 0;
	int status = 0;

	w->batch_n = 0;
	while (h->first && is_whole(h->first) && w->batch_n < BATCH_FILES && bytes < BATCH_BYTES) {
		struct hash_file *const f = w->batch[w->batch_n++] = dequeue(h);

		bytes += f->size;
		h->waiting -= f->n;
	}
	if (h->err.code == ERROR_NONE) {
		pthread_mutex_unlock(&h->lock);
		status = hash_batch(w, &err);
		pthread_mutex_lock(&h->lock);
	}
	if (status < 0)
		fail(h, &err);
	for (size_t i = 0; i < w->batch_n; i++) {
		struct hash_file *const f = w->batch[i];

		unref_all(f->slices, f->n);
		f->n = 0;
		if (h->err.code == ERROR_NONE)
			report(h, &w->result[i]);
		file_done(h, f);
	}
}

/* One turn with a file that comes in pieces: takes its slices and works on them without the lock. */
static void work_on(struct worker *w, struct hash_file *f)
{
	struct hashing *h = w->h;
	struct hashed r = { .entry = f->entry, .content = CONTENT_NONE, .facts = FACTS_NONE };
	struct error err = ERROR_INIT;
	const bool ended = f->ended, all = ended && f->seen == f->size;
	struct slice *const taken = f->slices;
	const size_t taken_n = f->n, taken_cap = f->cap;
	int status = 0;

	f->slices = w->slices;
	f->cap = w->cap;
	f->n = 0;
	f->pending = 0;
	w->slices = taken;
	w->n = taken_n;
	w->cap = taken_cap;
	h->waiting -= taken_n;
	if (h->err.code == ERROR_NONE && (all || !ended)) {
		pthread_mutex_unlock(&h->lock);
		status = hash_part(w, f, ended, &r, &err);
		unref_all(w->slices, w->n);
		pthread_mutex_lock(&h->lock);
	} else {
		unref_all(w->slices, w->n);
	}
	if (status < 0)
		fail(h, &err);
	if (!ended)
		return;
	if (all && h->err.code == ERROR_NONE)
		report(h, &r);
	file_done(h, f);
}

static void work_on_pieces(struct worker *w)
{
	struct hash_file *const f = dequeue(w->h);

	do {
		const bool last_turn = f->ended;

		work_on(w, f);
		if (last_turn)
			break;
		f->active = worth_a_turn(f) || f->ended;
	} while (f->active);
}

static void *worker_main(void *ctx)
{
	struct worker *w = ctx;
	struct hashing *h = w->h;

	pthread_mutex_lock(&h->lock);
	for (;;) {
		while (!is_ready(h) && !h->stop)
			pthread_cond_wait(&h->work, &h->lock);
		if (!h->first)
			break;
		if (is_whole(h->first))
			work_on_batch(w);
		else
			work_on_pieces(w);
		pthread_cond_broadcast(&h->idle);
	}
	pthread_mutex_unlock(&h->lock);
	return NULL;
}

struct hashing *hashing_new(const struct hashing_options *o, struct error *err)
{
	struct hashing *h = memory_zalloc(sizeof(*h));

	h->o = *o;
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->work, NULL);
	pthread_cond_init(&h->idle, NULL);
	h->workers = memory_zalloc(o->jobs * sizeof(*h->workers));
	while (h->started < o->jobs) {
		struct worker *w = &h->workers[h->started];

		w->h = h;
		if (pthread_create(&w->thread, NULL, worker_main, w) != 0) {
			error_set(err, ERROR_SYSTEM, "can't start %u threads", o->jobs);
			error_hint(err, "use fewer with --jobs");
			hashing_free(h);
			return NULL;
		}
		h->started++;
	}
	return h;
}

struct hash_file *hashing_begin(struct hashing *h, uint32_t entry, struct str path, uint64_t size,
				 bool expected)
{
	struct hash_file *f;

	pthread_mutex_lock(&h->lock);
	f = h->free;
	if (f)
		h->free = f->next;
	h->in_flight++;
	pthread_mutex_unlock(&h->lock);
	if (!f)
		f = memory_zalloc(sizeof(*f));
	*f = (struct hash_file){ .slices = f->slices, .cap = f->cap, .entry = entry,
				   .path = path, .size = size,
				   .expected = expected && !h->o.all_sha256 && !h->o.look };
	return f;
}

void hashing_add(struct hashing *h, struct hash_file *f, struct slice s)
{
	pthread_mutex_lock(&h->lock);
	while (h->waiting >= MAX_WAITING)
		pthread_cond_wait(&h->idle, &h->lock);
	f->slices = memory_grow(f->slices, f->n, &f->cap, sizeof(*f->slices));
	f->slices[f->n++] = s;
	f->seen += s.len;
	h->waiting++;
	f->pending += s.len;
	if (!f->active && worth_a_turn(f))
		enqueue(h, f);
	pthread_mutex_unlock(&h->lock);
}

void hashing_end(struct hashing *h, struct hash_file *f)
{
	pthread_mutex_lock(&h->lock);
	f->ended = true;
	if (!f->active)
		enqueue(h, f);
	pthread_mutex_unlock(&h->lock);
}

int hashing_drain(struct hashing *h, void (*done)(void *ctx, const struct hashed *r), void *ctx,
		  struct error *err)
{
	struct hashed *v;
	size_t n;
	int status = 0;

	pthread_mutex_lock(&h->lock);
	v = h->done;
	n = h->done_n;
	h->done = NULL;
	h->done_n = h->done_cap = 0;
	if (h->err.code != ERROR_NONE) {
		*err = h->err;
		status = -1;
	}
	pthread_mutex_unlock(&h->lock);
	for (size_t i = 0; i < n; i++)
		done(ctx, &v[i]);
	memory_free(v);
	return status;
}

int hashing_wait(struct hashing *h, struct error *err)
{
	int status = 0;

	pthread_mutex_lock(&h->lock);
	h->flushing = h->urgent = true;
	pthread_cond_broadcast(&h->work);
	while (h->in_flight)
		pthread_cond_wait(&h->idle, &h->lock);
	h->flushing = h->urgent = false;
	if (h->err.code != ERROR_NONE) {
		*err = h->err;
		status = -1;
	}
	pthread_mutex_unlock(&h->lock);
	return status;
}

void hashing_free(struct hashing *h)
{
	if (!h)
		return;
	pthread_mutex_lock(&h->lock);
	h->stop = true;
	pthread_cond_broadcast(&h->work);
	pthread_mutex_unlock(&h->lock);
	for (unsigned int i = 0; i < h->started; i++) {
		pthread_join(h->workers[i].thread, NULL);
		memory_free(h->workers[i].slices);
		memory_free(h->workers[i].pieces);
		buf_release(&h->workers[i].joined);
	}
	while (h->free) {
		struct hash_file *f = h->free;

		h->free = f->next;
		memory_free(f->slices);
		memory_free(f);
	}
	memory_free(h->done);
	memory_free(h->workers);
	pthread_cond_destroy(&h->idle);
	pthread_cond_destroy(&h->work);
	pthread_mutex_destroy(&h->lock);
	memory_free(h);
}
