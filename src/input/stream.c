#include "input/stream.h"

#include <errno.h>

#include "base/memory.h"

enum { MAX_READERS = 2 };

/* A reader that found nothing goes on when this many blocks are there, as in block.c. */
enum { ENOUGH_READY = 4 };

struct stream {
	struct block_pool pool;
	struct decoder *decoder;
	pthread_t thread;
	bool joined;

	pthread_mutex_t lock;		/* for all that follows */
	pthread_cond_t published;
	struct block *ring[LIMIT_BLOCKS];
	uint64_t head;			/* blocks published so far */
	uint64_t tail[MAX_READERS];	/* blocks each reader has taken */
	unsigned int readers;
	bool ended, failed;
	struct error err;
	struct decode_end end;
};

static void publish(struct stream *s, struct block *b)
{
	bool enough = false;

	/* One reference for each reader. The ring has a place for every block of the pool. */
	for (unsigned int i = 1; i < s->readers; i++)
		block_ref(b);
	pthread_mutex_lock(&s->lock);
	s->ring[s->head++ % LIMIT_BLOCKS] = b;
	for (unsigned int i = 0; i < s->readers; i++)
		enough = enough || s->head - s->tail[i] == ENOUGH_READY;
	if (enough)
		pthread_cond_broadcast(&s->published);
	pthread_mutex_unlock(&s->lock);
}

static void set_ended(struct stream *s, bool failed)
{
	pthread_mutex_lock(&s->lock);
	s->failed = s->failed || failed;
	s->ended = true;
	pthread_cond_broadcast(&s->published);
	pthread_mutex_unlock(&s->lock);
}

static void *decode_all(void *ctx)
{
	struct stream *s = ctx;

	for (;;) {
		struct block *b = block_get(&s->pool);
		ssize_t n;

		if (!b) {
			error_set(&s->err, ERROR_INTERRUPTED, "stopped");
			set_ended(s, true);
			return NULL;
		}
		n = decoder_read(s->decoder, b->data, LIMIT_BLOCK, &s->err);
		if (n <= 0) {
			block_unref(b);
			if (n == 0)
				decoder_end(s->decoder, &s->end);
			set_ended(s, n < 0);
			return NULL;
		}
		b->len = (size_t)n;
		publish(s, b);
	}
}

struct stream *stream_open(struct source src, const struct codec *codec, unsigned int threads,
			   unsigned int readers, struct error *err)
{
	struct stream *s = memory_zalloc(sizeof(*s));

	s->readers = readers;
	s->decoder = decoder_new(src, codec, threads, err);
	if (!s->decoder) {
		memory_free(s);
		return NULL;
	}
	block_pool_init(&s->pool, LIMIT_BLOCKS);
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->published, NULL);
	errno = pthread_create(&s->thread, NULL, decode_all, s);
	if (errno != 0) {
		error_errno(err, "can't start a thread");
		s->joined = s->ended = true;
		stream_free(s);
		return NULL;
	}
	return s;
}

struct block *stream_next(struct stream *s, unsigned int reader, bool *failed)
{
	struct block *b = NULL;

	pthread_mutex_lock(&s->lock);
	if (s->tail[reader] == s->head)
		while (s->head - s->tail[reader] < ENOUGH_READY && !s->ended)
			pthread_cond_wait(&s->published, &s->lock);
	if (s->tail[reader] < s->head)
		b = s->ring[s->tail[reader]++ % LIMIT_BLOCKS];
	*failed = !b && s->failed;
	pthread_mutex_unlock(&s->lock);
	return b;
}

void stream_cancel(struct stream *s)
{
	pthread_mutex_lock(&s->lock);
	s->failed = true;
	pthread_mutex_unlock(&s->lock);
	block_pool_cancel(&s->pool);
}

int stream_finish(struct stream *s, struct decode_end *end, struct error *err)
{
	if (!s->joined)
		pthread_join(s->thread, NULL);
	s->joined = true;
	if (s->failed) {
		if (s->err.code == ERROR_NONE)
			error_set(&s->err, ERROR_INTERRUPTED, "stopped");
		*err = s->err;
		return -1;
	}
	*end = s->end;
	return 0;
}

void stream_free(struct stream *s)
{
	bool failed;

	if (!s)
		return;
	if (!s->joined) {
		stream_cancel(s);
		pthread_join(s->thread, NULL);
	}
	for (unsigned int i = 0; i < s->readers; i++)
		for (struct block *b; (b = stream_next(s, i, &failed)) != NULL;)
			block_unref(b);
	decoder_free(s->decoder);
	block_pool_release(&s->pool);
	pthread_cond_destroy(&s->published);
	pthread_mutex_destroy(&s->lock);
	memory_free(s);
}

