#include "input/content.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "input/pack.h"
#include "support/run.h"

static void cleanup_store(struct content_store **s)
{
	content_store_free(*s);
}

#define AUTO_STORE CLEANUP(cleanup_store)

static int keep(struct content_store *s, struct str bytes, size_t step, uint32_t *id,
		struct error *err)
{
	struct content_writer w;

	content_begin(&w, s);
	for (size_t at = 0; at < bytes.len; at += step) {
		const struct str part = str_first(str_from_at(bytes, at), step);

		if (content_write(&w, part.ptr, part.len, err) < 0) {
			content_abort(&w);
			return -1;
		}
	}
	return content_commit(&w, id, err);
}

static void is_kept(struct content_store *s, uint32_t id, struct str want)
{
	AUTO_BUF struct buf got = BUF_INIT;
	struct error err = ERROR_INIT;

	buf_add_cstr(&got, "before");
	cr_assert_eq(content_read(s, id, want.len, &got, &err), 0, "%s", err.message);
	cr_assert(str_eq(str_from_at(buf_str(&got), 6), want));
}

Test(content, small_ones_stay_in_memory)
{
	AUTO_STORE struct content_store *s = content_store_new();
	AUTO_BUF struct buf bytes = BUF_INIT;
	struct error err = ERROR_INIT;
	uint32_t ids[100];

	pack_noise(&bytes, 5000, 1);
	for (size_t i = 0; i < 100; i++)
		cr_assert_eq(keep(s, str_from_at(buf_str(&bytes), i * 51), 7, &ids[i], &err), 0);
	for (size_t i = 0; i < 100; i++)
		is_kept(s, ids[i], str_from_at(buf_str(&bytes), i * 51));
	cr_assert_eq(content_spilled(s), 0);
}

Test(content, empty_one_is_read_back)
{
	AUTO_STORE struct content_store *s = content_store_new();
	struct error err = ERROR_INIT;
	uint32_t id;

	cr_assert_eq(keep(s, STR(""), 1, &id, &err), 0);
	is_kept(s, id, STR(""));
}

Test(content, spills_beyond_the_bound_of_memory, .init = scratch_begin, .fini = scratch_end)
{
	AUTO_STORE struct content_store *s = content_store_new();
	AUTO_BUF struct buf bytes = BUF_INIT;
	struct error err = ERROR_INIT;
	uint32_t ids[40];

	setenv("TMPDIR", scratch(), 1);
	pack_noise(&bytes, 1 * MIB, 1);
	for (size_t i = 0; i < 40; i++)
		cr_assert_eq(keep(s, str_from_at(buf_str(&bytes), i), 100000, &ids[i], &err), 0);
	for (size_t i = 0; i < 40; i++)
		is_kept(s, ids[i], str_from_at(buf_str(&bytes), i));
	cr_assert_gt(content_spilled(s), 30 * MIB);
	cr_assert_leq(content_spilled(s), 32 * MIB);
}

Test(content, file_of_many_pieces_is_read_back, .init = scratch_begin, .fini = scratch_end)
{
	AUTO_STORE struct content_store *s = content_store_new();
	AUTO_BUF struct buf bytes = BUF_INIT;
	struct error err = ERROR_INIT;
	uint32_t first, second;

	setenv("TMPDIR", "", 1);
	pack_noise(&bytes, 7 * MIB + 3, 1);
	cr_assert_eq(keep(s, buf_str(&bytes), 1 * MIB - 1, &first, &err), 0);
	cr_assert_eq(keep(s, str_from_at(buf_str(&bytes), 5), SIZE_MAX / 2, &second, &err), 0);
	is_kept(s, second, str_from_at(buf_str(&bytes), 5));
	is_kept(s, first, buf_str(&bytes));
	/* Pieces of 2 MiB go to the file; the rest too, for such a file. */
	cr_assert_eq(content_spilled(s), 14 * MIB + 1);
}

Test(content, digest_is_that_of_all_bytes)
{
	AUTO_STORE struct content_store *s = content_store_new();
	AUTO_BUF struct buf bytes = BUF_INIT;
	struct error err = ERROR_INIT;

	pack_noise(&bytes, 5 * MIB + 1, 1);
	for (size_t n = 0; n < bytes.len; n = n * 50 + 1) {
		struct content_writer w;
		struct sha256 want, got;
		uint32_t id;

		content_begin(&w, s);
		cr_assert_eq(content_write(&w, bytes.ptr, n, &err), 0);
		content_sha256(&w, &got);
		digest_of(bytes.ptr, n, &want);
		cr_assert_arr_eq(got.bytes, want.bytes, SHA256_SIZE);
		cr_assert_eq(content_commit(&w, &id, &err), 0);
		is_kept(s, id, str_first(buf_str(&bytes), n));
	}
}

Test(content, aborted_one_leaves_no_trace)
{
	AUTO_STORE struct content_store *s = content_store_new();
	AUTO_BUF struct buf bytes = BUF_INIT;
	struct error err = ERROR_INIT;
	struct content_writer w = { .store = NULL };
	uint32_t id;

	content_abort(&w);
	pack_noise(&bytes, 5 * MIB, 1);
	content_begin(&w, s);
	cr_assert_eq(content_write(&w, bytes.ptr, bytes.len, &err), 0);
	content_abort(&w);
	content_abort(&w);
	cr_assert_eq(keep(s, STR("kept"), 4, &id, &err), 0);
	is_kept(s, id, STR("kept"));
}

Test(content, larger_than_asked_for_is_an_error)
{
	AUTO_STORE struct content_store *s = content_store_new();
	AUTO_BUF struct buf got = BUF_INIT;
	struct error err = ERROR_INIT;
	uint32_t id;

	cr_assert_eq(keep(s, STR("hello"), 5, &id, &err), 0);
	cr_assert_eq(content_read(s, id, 4, &got, &err), -1);
	cr_assert_eq(err.code, ERROR_INPUT);
	cr_assert_eq(got.len, 0);
}

Test(content, one_file_has_a_limit)
{
	AUTO_STORE struct content_store *s = content_store_new();
	struct error err = ERROR_INIT;
	struct content_writer w;

	content_begin(&w, s);
	w.size = LIMIT_CONTENT_FILE;	/* as if so much had been written */
	cr_assert_eq(content_write(&w, "x", 1, &err), -1);
	cr_assert_eq(err.code, ERROR_TOO_LARGE);
	cr_assert(strstr(err.message, "16 GiB"), "%s", err.message);
	content_abort(&w);
}

static void fails_by_the_system(struct content_store *s)
{
	AUTO_BUF struct buf bytes = BUF_INIT;
	struct error err = ERROR_INIT;
	uint32_t id;

	pack_noise(&bytes, 3 * MIB, 1);
	cr_assert_eq(keep(s, buf_str(&bytes), 100000, &id, &err), -1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
	cr_assert(strstr(err.hint, "TMPDIR"), "%s", err.hint);
}

Test(content, missing_folder_is_an_error_of_the_system)
{
	AUTO_STORE struct content_store *s = content_store_new();

	setenv("TMPDIR", "/nonexistent/folder", 1);
	fails_by_the_system(s);
	fails_by_the_system(s);
}

Test(content, folder_of_too_long_a_name_is_an_error_of_the_system)
{
	AUTO_STORE struct content_store *s = content_store_new();
	AUTO_BUF struct buf bytes = BUF_INIT, path = BUF_INIT;
	struct error err = ERROR_INIT;
	uint32_t id;

	for (int i = 0; i < 1000; i++)
		buf_add_cstr(&path, "/long");
	setenv("TMPDIR", buf_cstr(&path), 1);
	pack_noise(&bytes, 3 * MIB, 1);
	cr_assert_eq(keep(s, buf_str(&bytes), 100000, &id, &err), -1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
}

/* A limit on the size of files stands for a disk that is full. */
static void limit_files(rlim_t n)
{
	const struct rlimit limit = { n, RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

Test(content, full_disk_is_an_error_of_the_system, .init = scratch_begin, .fini = scratch_end)
{
	AUTO_STORE struct content_store *s = content_store_new();

	setenv("TMPDIR", scratch(), 1);
	limit_files(1 * MIB);
	fails_by_the_system(s);
	limit_files(RLIM_INFINITY);
}

Test(content, full_disk_at_the_last_moment_is_no_success, .init = scratch_begin,
     .fini = scratch_end)
{
	AUTO_STORE struct content_store *s = content_store_new();
	AUTO_BUF struct buf bytes = BUF_INIT;
	struct error err = ERROR_INIT;
	struct content_writer w;
	uint32_t id;

	setenv("TMPDIR", scratch(), 1);
	limit_files(2 * MIB + 1);
	pack_noise(&bytes, 3 * MIB, 1);
	content_begin(&w, s);
	cr_assert_eq(content_write(&w, bytes.ptr, bytes.len, &err), 0);
	cr_assert_eq(content_commit(&w, &id, &err), -1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
	limit_files(RLIM_INFINITY);
}

Test(content, store_of_nothing_is_freed)
{
	content_store_free(NULL);
	content_store_free(content_store_new());
}

struct job {
	pthread_t thread;
	struct content_store *store;
	unsigned int number;
	uint32_t ids[200];
};

static size_t size_of(unsigned int number, size_t i)
{
	return (i * 7919 + number * 104729) % (i % 50 == 0 ? 3 * MIB : 100 * KIB);
}

static void *keep_many(void *ctx)
{
	struct job *j = ctx;
	struct error err = ERROR_INIT;

	for (size_t i = 0; i < 200; i++) {
		struct buf bytes = BUF_INIT;

		pack_noise(&bytes, size_of(j->number, i), i);
		if (keep(j->store, buf_str(&bytes), 50000, &j->ids[i], &err) < 0)
			j->ids[i] = UINT32_MAX;
		buf_release(&bytes);
	}
	return NULL;
}

Test(content, threads_keep_side_by_side, .timeout = 60)
{
	AUTO_STORE struct content_store *s = content_store_new();
	struct job jobs[4];

	for (unsigned int i = 0; i < 4; i++) {
		jobs[i] = (struct job){ .store = s, .number = i };
		pthread_create(&jobs[i].thread, NULL, keep_many, &jobs[i]);
	}
	for (unsigned int i = 0; i < 4; i++)
		pthread_join(jobs[i].thread, NULL);
	for (unsigned int i = 0; i < 4; i++)
		for (size_t k = 0; k < 200; k++) {
			AUTO_BUF struct buf bytes = BUF_INIT;

			pack_noise(&bytes, size_of(i, k), k);
			cr_assert_neq(jobs[i].ids[k], UINT32_MAX);
			is_kept(s, jobs[i].ids[k], buf_str(&bytes));
		}
}
