#include "inspect/attempts.h"

#include <pthread.h>

#include "base/cleanup.h"
#include "inspect/unpack.h"

/* Contents that a thread may be ahead of the others: their results are held meanwhile. */
enum { AHEAD = 8, JOBS_MAX = 64 };

struct found {
	struct decoded d;
	struct found *next;
};

/* One content's results, in the order in which they were found. */
struct slot {
	struct arena arena;
	struct found *first, **last;
};

struct batch {
	const struct attempts *a;
	pthread_mutex_t lock;	/* of `next` and of a->content */
	size_t begin, next, end;
	struct slot *slot;	/* of begin, begin + 1, ... */
};

static void keep(void *ctx, const struct decoded *d)
{
	struct slot *const s = ctx;
	struct found *const f = arena_alloc(&s->arena, sizeof(*f));

	*f = (struct found){ .d = *d };
	f->d.bytes = arena_str(&s->arena, d->bytes);
	for (size_t i = 0; i < d->steps_n; i++)
		f->d.steps[i] = arena_str(&s->arena, d->steps[i]);
	*s->last = f;
	s->last = &f->next;
}

static void try_content(const struct attempts *a, enum attempts_content kind, struct str content, struct slot *s)
{
	struct unpacked u;

	decode_attempt(content, a->keys, a->keys_n, a->max, keep, s);
	if (kind != ATTEMPTS_UNPACKED)
		return;
	unpack(content, a->max, &u);
	if (u.content.len)
		decode_attempt(buf_str(&u.content), a->keys, a->keys_n, a->max, keep, s);
	unpacked_release(&u);
}

static void *work(void *ctx)
{
	struct batch *const b = ctx;

	for (;;) {
		AUTO_BUF struct buf content = BUF_INIT;
		enum attempts_content kind;
		size_t i;

		pthread_mutex_lock(&b->lock);
		i = b->next;
		b->next += i < b->end;
		kind = i < b->end ? b->a->content(b->a->ctx, i, &content) : ATTEMPTS_NONE;
		pthread_mutex_unlock(&b->lock);
		if (i == b->end)
			return NULL;
		if (kind != ATTEMPTS_NONE)
			try_content(b->a, kind, buf_str(&content), &b->slot[i - b->begin]);
	}
}

/* The caller's thread works too, so that it goes on where no other can be had. */
static void run_batch(struct batch *b)
{
	pthread_t threads[JOBS_MAX];
	unsigned int n = 0, i;

	for (i = 0; i < b->end - b->begin; i++)
		b->slot[i].last = &b->slot[i].first;
	while (n + 1 < b->a->jobs && n + 1 < b->end - b->begin && n < JOBS_MAX &&
	       pthread_create(&threads[n], NULL, work, b) == 0)
		n++;
	work(b);
	while (n)
		pthread_join(threads[--n], NULL);
}

int attempts_run(const struct attempts *a, size_t n, struct error *err)
{
	const size_t size = (size_t)AHEAD * (a->jobs < JOBS_MAX ? a->jobs : JOBS_MAX);
	struct batch b = { .a = a, .lock = PTHREAD_MUTEX_INITIALIZER };
	int status = 0;

	b.slot = memory_zalloc(size * sizeof(*b.slot));
	while (status == 0 && b.end < n) {
		b.begin = b.next = b.end;
		b.end = n - b.begin < size ? n : b.begin + size;
		run_batch(&b);
		for (size_t i = 0; i < b.end - b.begin; i++) {
			for (const struct found *f = b.slot[i].first; f; f = f->next)
				a->visit(a->ctx, b.begin + i, &f->d);
			arena_release(&b.slot[i].arena);
			b.slot[i] = (struct slot){ .first = NULL };
		}
		status = a->tick ? a->tick(a->tick_ctx, err) : 0;
	}
	memory_free(b.slot);
	return status;
}
