#include "input/githash.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "input/pack.h"
#include "input/reading.h"

static void is_id(const void *data, size_t n, const char *want)
{
	char hex[OID_HEX + 1];
	struct oid oid;
	bool collision;

	githash_blob(data, n, &oid, &collision);
	hex_encode(oid.bytes, OID_SIZE, hex);
	cr_assert_str_eq(hex, want);
	cr_assert_not(collision);
}

/* As `git hash-object` prints them. */
Test(githash, ids_are_those_of_git)
{
	is_id("", 0, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
	is_id(NULL, 0, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
	is_id("hello\n", 6, "ce013625030ba8dba906f756967f9e9ca394464a");
}

Test(githash, ids_of_any_length_are_those_of_libgit2)
{
	AUTO_BUF struct buf bytes = BUF_INIT;

	pack_noise(&bytes, 3000000, 1);
	for (size_t n = 0; n < bytes.len; n += 1 + n / 40) {
		const struct oid want = blob_id(str_first(buf_str(&bytes), n));
		struct oid got;
		bool collision;

		githash_blob(bytes.ptr, n, &got, &collision);
		cr_assert(oid_eq(&got, &want), "%zu", n);
		cr_assert_not(collision);
	}
}

Test(githash, pieces_of_any_size_give_the_same_id)
{
	AUTO_BUF struct buf bytes = BUF_INIT;
	struct oid want;

	pack_noise(&bytes, 100000, 1);
	want = blob_id(buf_str(&bytes));
	for (size_t step = 1; step < 200000; step = step * 3 + 1) {
		struct githash g;
		struct oid got;
		bool collision;

		githash_begin(&g, bytes.len);
		for (size_t at = 0; at < bytes.len; at += step) {
			const struct str part = str_first(str_from_at(buf_str(&bytes), at), step);

			githash_update(&g, part.ptr, part.len);
		}
		githash_final(&g, &got, &collision);
		cr_assert(oid_eq(&got, &want), "%zu", step);
	}
}
