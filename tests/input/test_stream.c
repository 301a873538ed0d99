#include "input/stream.h"

#include <criterion/criterion.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "input/pack.h"

/* A source that counts to `size` and then ends or fails; it may wait before each read. */
struct counting {
	uint64_t at, size;
	bool fails;
	unsigned int wait_ms;
};

static ssize_t counting_read(void *ctx, void *to, size_t n, struct error *err)
{
	struct counting *c = ctx;
	uint8_t *out = to;

	if (c->wait_ms)
		nanosleep(&(struct timespec){ .tv_nsec = c->wait_ms * 1000000L }, NULL);
	if (c->at == c->size && c->fails)
		return error_set(err, ERROR_SYSTEM, "the disk is gone");
	if (n > c->size - c->at)
		n = (size_t)(c->size - c->at);
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)((c->at + i) * 2654435761u >> 24);
	c->at += n;
	return (ssize_t)n;
}

struct reader {
	pthread_t thread;
	struct stream *stream;
	unsigned int number;
	uint64_t size;
	struct digest_state digest;
	bool failed;
};

static void *read_all(void *ctx)
{
	struct reader *r = ctx;

	for (struct block *b; (b = stream_next(r->stream, r->number, &r->failed)) != NULL;) {
		digest_update(&r->digest, b->data, b->len);
		r->size += b->len;
		block_unref(b);
	}
	return NULL;
}

static void reader_start(struct reader *r, struct stream *s, unsigned int number)
{
	*r = (struct reader){ .stream = s, .number = number };
	digest_init(&r->digest);
	pthread_create(&r->thread, NULL, read_all, r);
}

static struct stream *open_counting(struct counting *c, unsigned int readers)
{
	struct error err = ERROR_INIT;
	struct stream *s = stream_open((struct source){ counting_read, c }, NULL, 1, readers, &err);

	cr_assert_not_null(s, "%s", err.message);
	return s;
}

Test(stream, both_readers_see_all_of_it, .timeout = 60)
{
	for (uint64_t size = 0; size < 40 * MIB; size = size * 9 + 1) {
		struct counting c = { .size = size };
		struct stream *s = open_counting(&c, 2);
		struct error err = ERROR_INIT;
		struct sha256 first, second;
		struct decode_end end;
		struct reader r[2];

		reader_start(&r[0], s, 0);
		reader_start(&r[1], s, 1);
		for (unsigned int i = 0; i < 2; i++) {
			pthread_join(r[i].thread, NULL);
			cr_assert_eq(r[i].size, size);
			cr_assert_not(r[i].failed);
		}
		cr_assert_eq(stream_finish(s, &end, &err), 0);
		stream_free(s);
		cr_assert_eq(end.stored, size);
		digest_final(&r[0].digest, &first);
		digest_final(&r[1].digest, &second);
		cr_assert_arr_eq(first.bytes, end.sha256.bytes, SHA256_SIZE);
		cr_assert_arr_eq(second.bytes, end.sha256.bytes, SHA256_SIZE);
	}
}

Test(stream, one_reader_is_enough, .timeout = 60)
{
	AUTO_BUF struct buf plain = BUF_INIT, packed = BUF_INIT;
	struct counting c = { .size = 3 * MIB };
	struct stream *s = open_counting(&c, 1);
	struct error err = ERROR_INIT;
	struct decode_end end;
	struct reader r;

	reader_start(&r, s, 0);
	pthread_join(r.thread, NULL);
	cr_assert_eq(r.size, 3 * MIB);
	cr_assert_eq(stream_finish(s, &end, &err), 0);
	stream_free(s);
}

/* The slower one is never overtaken by more than the pool holds. */
Test(stream, readers_of_different_speed_wait_for_each_other, .timeout = 60)
{
	struct counting c = { .size = (uint64_t)(LIMIT_BLOCKS * 2) * LIMIT_BLOCK };
	struct stream *s = open_counting(&c, 2);
	struct error err = ERROR_INIT;
	struct decode_end end;
	struct reader fast;
	uint64_t seen = 0;
	bool failed;

	reader_start(&fast, s, 0);
	for (struct block *b; (b = stream_next(s, 1, &failed)) != NULL;) {
		if (seen % (LIMIT_BLOCK * 8) == 0)
			nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
		seen += b->len;
		block_unref(b);
	}
	pthread_join(fast.thread, NULL);
	cr_assert_eq(seen, c.size);
	cr_assert_eq(fast.size, c.size);
	cr_assert_eq(stream_finish(s, &end, &err), 0);
	stream_free(s);
}

Test(stream, blocks_outlive_the_next_call, .timeout = 60)
{
	struct counting c = { .size = 10 * LIMIT_BLOCK };
	struct stream *s = open_counting(&c, 1);
	struct block *kept[10];
	struct decode_end end;
	struct error err = ERROR_INIT;
	bool failed;

	for (unsigned int i = 0; i < 10; i++)
		kept[i] = stream_next(s, 0, &failed);
	cr_assert_null(stream_next(s, 0, &failed));
	cr_assert_not(failed);
	for (unsigned int i = 0; i < 10; i++) {
		const uint64_t at = (uint64_t)i * LIMIT_BLOCK + 1000;

		cr_assert_eq(kept[i]->data[1000], (uint8_t)(at * 2654435761u >> 24));
		block_unref(kept[i]);
	}
	cr_assert_eq(stream_finish(s, &end, &err), 0);
	stream_free(s);
}

Test(stream, error_reaches_every_reader_behind_the_data, .timeout = 60)
{
	struct counting c = { .size = 5 * LIMIT_BLOCK, .fails = true };
	struct stream *s = open_counting(&c, 2);
	struct error err = ERROR_INIT;
	struct decode_end end;
	struct reader r[2];

	reader_start(&r[0], s, 0);
	reader_start(&r[1], s, 1);
	for (unsigned int i = 0; i < 2; i++) {
		pthread_join(r[i].thread, NULL);
		cr_assert(r[i].failed);
		cr_assert_eq(r[i].size, 5 * LIMIT_BLOCK);
	}
	cr_assert_eq(stream_finish(s, &end, &err), -1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
	stream_free(s);
}

Test(stream, corrupt_data_is_an_error_of_the_input, .timeout = 60)
{
	AUTO_BUF struct buf plain = BUF_INIT, packed = BUF_INIT;
	struct counting c = { .size = 1000 };
	struct error err = ERROR_INIT;
	struct decode_end end;
	struct reader r;
	struct stream *s = stream_open((struct source){ counting_read, &c }, &codec_gzip, 1, 1, &err);

	reader_start(&r, s, 0);
	pthread_join(r.thread, NULL);
	cr_assert(r.failed);
	cr_assert_eq(stream_finish(s, &end, &err), -1);
	cr_assert_eq(err.code, ERROR_INPUT);
	stream_free(s);
}

Test(stream, cancel_ends_decoding_and_readers, .timeout = 60)
{
	for (unsigned int wait = 0; wait < 3; wait++) {
		struct counting c = { .size = UINT64_MAX, .wait_ms = wait };
		struct stream *s = open_counting(&c, 2);
		struct error err = ERROR_INIT;
		struct decode_end end;
		struct reader r;
		bool failed;

		reader_start(&r, s, 1);
		block_unref(stream_next(s, 0, &failed));
		stream_cancel(s);
		pthread_join(r.thread, NULL);
		cr_assert(r.failed);
		cr_assert_eq(stream_finish(s, &end, &err), -1);
		cr_assert_eq(err.code, ERROR_INTERRUPTED);
		stream_free(s);
	}
}

Test(stream, cancel_behind_the_end_is_a_failure_too, .timeout = 60)
{
	struct counting c = { .size = 1 };
	struct stream *s = open_counting(&c, 1);
	struct error err = ERROR_INIT;
	struct decode_end end;
	bool failed;

	block_unref(stream_next(s, 0, &failed));
	cr_assert_null(stream_next(s, 0, &failed));
	stream_cancel(s);
	cr_assert_eq(stream_finish(s, &end, &err), -1);
	cr_assert_eq(err.code, ERROR_INTERRUPTED);
	stream_free(s);
}

Test(stream, can_be_freed_at_any_time, .timeout = 60)
{
	stream_free(NULL);
	for (unsigned int blocks = 0; blocks < 60; blocks += 7) {
		struct counting c = { .size = UINT64_MAX };
		struct stream *s = open_counting(&c, 2);
		bool failed;

		for (unsigned int i = 0; i < blocks; i++) {
			block_unref(stream_next(s, 0, &failed));
			if (i % 2 == 0)
				block_unref(stream_next(s, 1, &failed));
			/* One thread reads for both: it may not let one fall behind by most of the pool. */
			if (i - i / 2 > 10)
				break;
		}
		stream_free(s);
	}
}

/* Root is bound by no limit on threads; so this test becomes somebody else. */
Test(stream, without_a_thread_is_an_error_of_the_system, .timeout = 60)
{
	struct rlimit before, none;
	struct counting c = { .size = 1 };
	struct error err = ERROR_INIT;
	const bool root = geteuid() == 0;

	cr_assert_eq(getrlimit(RLIMIT_NPROC, &before), 0);
	none = (struct rlimit){ 0, before.rlim_max };
	cr_assert_eq(setrlimit(RLIMIT_NPROC, &none), 0);
	if (root)
		cr_assert_eq(setresuid(65534, 65534, 0), 0);
	cr_assert_null(stream_open((struct source){ counting_read, &c }, NULL, 1, 2, &err));
	cr_assert_eq(err.code, ERROR_SYSTEM);
	/* What ends the process needs threads, and files. */
	if (root)
		cr_assert_eq(setresuid(0, 0, 0), 0);
	cr_assert_eq(setrlimit(RLIMIT_NPROC, &before), 0);
}
