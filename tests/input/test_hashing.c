#include "input/hashing.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "input/pack.h"
#include "input/reading.h"

enum { MAX_FILES = 5000 };

/* What came back, by entry. */
struct collected {
	struct hashed v[MAX_FILES];
	unsigned int times[MAX_FILES];
};

static void collect(void *ctx, const struct hashed *r)
{
	struct collected *c = ctx;

	c->v[r->entry] = *r;
	c->times[r->entry]++;
}

static bool never(void *ctx, const struct oid *oid)
{
	(void)ctx;
	(void)oid;
	return false;
}

static bool always(void *ctx, const struct oid *oid)
{
	(void)ctx;
	(void)oid;
	return true;
}

static struct hashing *start(unsigned int jobs, struct content_store *store,
			     bool (*known)(void *, const struct oid *), bool all_sha256)
{
	const struct hashing_options o = {
		.jobs = jobs, .all_sha256 = all_sha256, .store = store, .known = known,
	};
	struct error err = ERROR_INIT;
	struct hashing *h = hashing_new(&o, &err);

	cr_assert_not_null(h, "%s", err.message);
	return h;
}

static void finish(struct hashing *h, struct collected *c)
{
	struct error err = ERROR_INIT;

	cr_assert_eq(hashing_wait(h, &err), 0, "%s", err.message);
	cr_assert_eq(hashing_drain(h, collect, c, &err), 0);
	hashing_free(h);
}

/* One file in slices of `step` bytes of constant memory. */
static void add_file(struct hashing *h, uint32_t entry, struct str bytes, size_t step)
{
	struct hash_file *f = hashing_begin(h, entry, STR("f"), bytes.len, false);

	for (size_t at = 0; at < bytes.len; at += step) {
		const struct str part = str_first(str_from_at(bytes, at), step);

		hashing_add(h, f, (struct slice){ NULL, (const uint8_t *)part.ptr, part.len });
	}
	hashing_end(h, f);
}

static void many_small(unsigned int jobs, struct collected *c)
{
	struct content_store *store = content_store_new();
	struct hashing *h = start(jobs, store, never, false);
	AUTO_BUF struct buf bytes = BUF_INIT;
	struct error err = ERROR_INIT;

	pack_noise(&bytes, MAX_FILES + 1, 1);
	for (uint32_t i = 0; i < MAX_FILES; i++) {
		add_file(h, i, str_first(buf_str(&bytes), i), i % 3 == 0 ? 1 + i / 5 : 100000);
		if (i % 1000 == 0)
			cr_assert_eq(hashing_drain(h, collect, c, &err), 0);
	}
	finish(h, c);
	for (uint32_t i = 0; i < MAX_FILES; i++) {
		const struct str want = str_first(buf_str(&bytes), i);
		const struct oid oid = blob_id(want);
		AUTO_BUF struct buf got = BUF_INIT;

		cr_assert_eq(c->times[i], 1, "%u: %u", i, c->times[i]);
		cr_assert(oid_eq(&c->v[i].oid, &oid), "%u", i);
		cr_assert(c->v[i].has_sha256);
		cr_assert_eq(content_read(store, c->v[i].content, i, &got, &err), 0);
		cr_assert(str_eq(buf_str(&got), want));
	}
	content_store_free(store);
}

Test(hashing, many_small_files_are_the_same_in_any_number_of_threads, .timeout = 60)
{
	static struct collected one, four;

	many_small(1, &one);
	many_small(4, &four);
	for (uint32_t i = 0; i < MAX_FILES; i++) {
		cr_assert(oid_eq(&one.v[i].oid, &four.v[i].oid));
		cr_assert_arr_eq(one.v[i].sha256.bytes, four.v[i].sha256.bytes, SHA256_SIZE);
	}
}

Test(hashing, large_files_in_slices_are_hashed_and_kept, .timeout = 60)
{
	static const size_t steps[] = { 100, 65536, 1000003, SIZE_MAX / 2 };

	for (unsigned int jobs = 1; jobs <= 4; jobs += 3) {
		static struct collected c;
		struct content_store *store = content_store_new();
		struct hashing *h = start(jobs, store, NULL, false);
		AUTO_BUF struct buf bytes = BUF_INIT, got = BUF_INIT;
		struct error err = ERROR_INIT;
		struct sha256 sha;

		memset(&c, 0, sizeof(c));
		pack_noise(&bytes, 5 * MIB + 17, 1);
		for (uint32_t i = 0; i < 8; i++)
			add_file(h, i, str_from_at(buf_str(&bytes), i), steps[i % 4]);
		finish(h, &c);
		for (uint32_t i = 0; i < 8; i++) {
			const struct str want = str_from_at(buf_str(&bytes), i);
			const struct oid oid = blob_id(want);

			digest_of(want.ptr, want.len, &sha);
			cr_assert_eq(c.times[i], 1);
			cr_assert(oid_eq(&c.v[i].oid, &oid));
			cr_assert_arr_eq(c.v[i].sha256.bytes, sha.bytes, SHA256_SIZE);
			buf_reset(&got);
			cr_assert_eq(content_read(store, c.v[i].content, want.len, &got, &err), 0);
			cr_assert(str_eq(buf_str(&got), want));
		}
		content_store_free(store);
	}
}

Test(hashing, known_contents_are_not_kept, .timeout = 60)
{
	static struct collected c;
	struct content_store *store = content_store_new();
	struct hashing *h = start(2, store, always, false);
	AUTO_BUF struct buf bytes = BUF_INIT;
	struct oid oid;

	pack_noise(&bytes, 3 * MIB, 1);
	oid = blob_id(buf_str(&bytes));
	add_file(h, 0, buf_str(&bytes), 100000);
	add_file(h, 1, str_first(buf_str(&bytes), 100), 100);
	add_file(h, 2, STR(""), 1);
	finish(h, &c);
	for (uint32_t i = 0; i < 3; i++) {
		cr_assert_eq(c.times[i], 1);
		cr_assert_eq(c.v[i].content, CONTENT_NONE);
		cr_assert_not(c.v[i].has_sha256);
	}
	cr_assert(oid_eq(&c.v[0].oid, &oid));
	content_store_free(store);
}

Test(hashing, sha256_of_known_contents_is_made_when_asked_for, .timeout = 60)
{
	static struct collected c;
	struct content_store *store = content_store_new();
	struct hashing *h = start(2, store, always, true);
	AUTO_BUF struct buf bytes = BUF_INIT;

	pack_noise(&bytes, 3 * MIB, 1);
	add_file(h, 0, buf_str(&bytes), 100000);
	add_file(h, 1, str_first(buf_str(&bytes), 100), 7);
	add_file(h, 2, STR(""), 1);
	finish(h, &c);
	for (uint32_t i = 0; i < 3; i++) {
		const size_t n = i == 0 ? bytes.len : i == 1 ? 100 : 0;
		struct sha256 want;

		digest_of(bytes.ptr, n, &want);
		cr_assert(c.v[i].has_sha256);
		cr_assert_eq(c.v[i].content, CONTENT_NONE);
		cr_assert_arr_eq(c.v[i].sha256.bytes, want.bytes, SHA256_SIZE);
	}
	content_store_free(store);
}

/* Twice as many blocks as the pool has, so that a worker has to take some before the end. */
static struct hashed hash_expected(bool (*known)(void *, const struct oid *), bool all_sha256)
{
	static struct collected c;
	struct content_store *store = content_store_new();
	struct hashing *h = start(2, store, known, all_sha256);
	const uint64_t size = (uint64_t)16 * LIMIT_BLOCK;
	struct hash_file *f = hashing_begin(h, 0, STR("f"), size, true);
	struct block_pool pool;

	block_pool_init(&pool, 8);
	for (int i = 0; i < 16; i++) {
		struct block *b = block_get(&pool);

		memset(b->data, i, LIMIT_BLOCK);
		b->len = LIMIT_BLOCK;
		hashing_add(h, f, (struct slice){ b, b->data, b->len });
	}
	hashing_end(h, f);
	memset(&c, 0, sizeof(c));
	finish(h, &c);
	block_pool_release(&pool);
	content_store_free(store);
	cr_assert_eq(c.times[0], 1);
	return c.v[0];
}

Test(hashing, expected_file_of_other_content_is_reported_as_not_kept, .timeout = 60)
{
	const struct hashed r = hash_expected(never, false);

	cr_assert(r.unkept);
	cr_assert_eq(r.content, CONTENT_NONE);
}

Test(hashing, expected_file_of_that_content_is_no_surprise, .timeout = 60)
{
	const struct hashed r = hash_expected(always, false);

	cr_assert_not(r.unkept);
	cr_assert_eq(r.content, CONTENT_NONE);
}

Test(hashing, no_file_is_expected_when_all_digests_are_wanted, .timeout = 60)
{
	const struct hashed r = hash_expected(never, true);

	cr_assert_not(r.unkept);
	cr_assert_neq(r.content, CONTENT_NONE);
	cr_assert(r.has_sha256);
}

Test(hashing, file_that_ended_early_is_not_reported, .timeout = 60)
{
	static struct collected c;
	struct content_store *store = content_store_new();
	struct hashing *h = start(2, store, never, false);
	AUTO_BUF struct buf bytes = BUF_INIT;

	pack_noise(&bytes, 4 * MIB, 1);
	for (uint32_t i = 0; i < 100; i++) {
		struct hash_file *f = hashing_begin(h, i, STR("f"), i % 2 ? 4 * MIB + 1 : 101, false);
		const size_t step = i % 2 ? 1 * MIB : 50;

		for (size_t k = 0; k < (i % 2 ? 4 : 2); k++)
			hashing_add(h, f, (struct slice){ NULL, (uint8_t *)bytes.ptr + k * step, step });
		hashing_end(h, f);
	}
	add_file(h, 100, STR("hello"), 5);
	finish(h, &c);
	for (uint32_t i = 0; i < 100; i++)
		cr_assert_eq(c.times[i], 0);
	cr_assert_eq(c.times[100], 1);
	content_store_free(store);
}

Test(hashing, very_many_slices_of_one_file_do_not_pile_up, .timeout = 60)
{
	static struct collected c;
	struct content_store *store = content_store_new();
	struct hashing *h = start(1, store, always, false);
	AUTO_BUF struct buf bytes = BUF_INIT;

	pack_noise(&bytes, 200000, 1);
	add_file(h, 0, buf_str(&bytes), 1);
	add_file(h, 1, buf_str(&bytes), 3);
	finish(h, &c);
	cr_assert(oid_eq(&c.v[0].oid, &c.v[1].oid));
	content_store_free(store);
}

static void nothing_can_be_kept(uint32_t files, size_t size)
{
	static struct collected c;
	struct content_store *store = content_store_new();
	struct hashing *h = start(2, store, never, false);
	AUTO_BUF struct buf bytes = BUF_INIT;
	struct error err = ERROR_INIT;

	setenv("TMPDIR", "/nonexistent/folder", 1);
	pack_noise(&bytes, size, 1);
	for (uint32_t i = 0; i < files; i++)
		add_file(h, i, buf_str(&bytes), 65536);
	cr_assert_eq(hashing_wait(h, &err), -1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
	err = ERROR_INIT;
	cr_assert_eq(hashing_drain(h, collect, &c, &err), -1);
	cr_assert_eq(err.code, ERROR_SYSTEM);
	hashing_free(h);
	content_store_free(store);
}

Test(hashing, full_disk_is_an_error_and_no_hang, .timeout = 60)
{
	nothing_can_be_kept(20, 5 * MIB);
}

Test(hashing, full_disk_with_small_files_is_an_error_and_no_hang, .timeout = 60)
{
	nothing_can_be_kept(100, 500000);
}

Test(hashing, can_be_freed_with_work_at_hand, .timeout = 60)
{
	struct content_store *store = content_store_new();
	AUTO_BUF struct buf bytes = BUF_INIT;

	pack_noise(&bytes, 1 * MIB, 1);
	for (int turn = 0; turn < 10; turn++) {
		struct hashing *h = start(2, store, always, false);

		for (uint32_t i = 0; i < 20; i++)
			add_file(h, i, buf_str(&bytes), 65536);
		hashing_free(h);
	}
	hashing_free(NULL);
	content_store_free(store);
}
