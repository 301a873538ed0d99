/* Archives that are one thing to one program and another to the next. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/cleanup.h"
#include "input/pack.h"
#include "input/reading.h"
#include "support/run.h"
#include "support/skip.h"

TestSuite(disguise, .init = scratch_begin, .fini = scratch_end);

#define AUTO_READING CLEANUP(reading_release)

/* A zip of two members, and where a record of a kind begins in it. */
static void make_zip(struct buf *zip)
{
	if (!pack_have("zip"))
		SKIP("the program zip is not here");
	sh("rm -rf d d.zip; mkdir d; echo one >d/one; echo two >d/two; zip -q -r -X d.zip d/one d/two");
	file_read("d.zip", zip);
}

static size_t record(const struct buf *zip, const char *magic, size_t from)
{
	const char *p = memmem(zip->ptr + from, zip->len - from, magic, 4);

	cr_assert_not_null(p);
	return (size_t)(p - zip->ptr);
}

Test(disguise, zip_as_packed_has_no_finding)
{
	AUTO_BUF struct buf zip = BUF_INIT;

	make_zip(&zip);
	{
		AUTO_READING struct reading g = reading_bytes("a.zip", buf_str(&zip));

		reading_is_fine(&g, 2);
		cr_assert_eq(g.r.findings_n, 0);
	}
}

Test(disguise, zip_with_two_names_for_a_member_is_critical)
{
	AUTO_BUF struct buf zip = BUF_INIT;

	make_zip(&zip);
	memcpy(zip.ptr + record(&zip, "PK\1\2", 0) + 46, "d/xyz", 5);
	{
		AUTO_READING struct reading g = reading_bytes("a.zip", buf_str(&zip));

		cr_assert_eq(reading_count(&g, RULE_TP109, "d/xyz"), 1);
		cr_assert_eq(reading_finding(&g, RULE_TP109, 0)->severity, SEVERITY_CRITICAL);
	}
}

Test(disguise, zip_with_two_descriptions_of_a_member_is_critical)
{
	/* Of the central record: method, checksum, both sizes. */
	static const size_t fields[] = { 10, 16, 24 };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		AUTO_BUF struct buf zip = BUF_INIT;

		make_zip(&zip);
		zip.ptr[record(&zip, "PK\3\4", 0) + fields[i] - 2] ^= 1;
		{
			AUTO_READING struct reading g = reading_bytes("a.zip", buf_str(&zip));

			cr_assert_eq(reading_count(&g, RULE_TP127, "d/one"), 1, "%zu", i);
			cr_assert_eq(reading_finding(&g, RULE_TP127, 0)->severity,
				     SEVERITY_CRITICAL);
		}
	}
}

Test(disguise, zip_member_that_the_directory_leaves_out_is_a_gap)
{
	AUTO_BUF struct buf zip = BUF_INIT, cut = BUF_INIT;
	size_t first, second, end;
	unsigned int len;

	make_zip(&zip);
	first = record(&zip, "PK\1\2", 0);
	second = record(&zip, "PK\1\2", first + 4);
	end = record(&zip, "PK\5\6", 0);
	len = (unsigned int)(end - second);
	buf_add(&cut, zip.ptr, first);
	buf_add(&cut, zip.ptr + second, zip.len - second);
	end -= second - first;
	cut.ptr[end + 8] = cut.ptr[end + 10] = 1;
	cut.ptr[end + 12] = (char)len;
	{
		AUTO_READING struct reading g = reading_bytes("a.zip", buf_str(&cut));

		cr_assert_eq(g.status, 0, "%s", g.err.message);
		cr_assert_eq(reading_count(&g, RULE_TP105, NULL), 1);
		cr_assert_eq(reading_finding(&g, RULE_TP105, 0)->severity, SEVERITY_HIGH);
		cr_assert_eq(reading_finding(&g, RULE_TP105, 0)->offset, 0);
	}
}

Test(disguise, damaged_zip_structures_are_errors)
{
	AUTO_BUF struct buf zip = BUF_INIT;
	size_t directory, end;

	make_zip(&zip);
	directory = record(&zip, "PK\1\2", 0);
	end = record(&zip, "PK\5\6", 0);
	for (size_t at = directory; at < zip.len; at++) {
		const char before = zip.ptr[at];

		zip.ptr[at] = (char)(before ^ 0x55);
		{
			/* Any of them may be read or refused; none may crash or hang. */
			AUTO_READING struct reading g = reading_bytes("a.zip", buf_str(&zip));

			cr_assert(g.status == 0 || g.err.message[0]);
		}
		zip.ptr[at] = before;
	}
	zip.ptr[end + 16]++;
	{
		AUTO_READING struct reading g = reading_bytes("a.zip", buf_str(&zip));

		reading_failed(&g, ERROR_INPUT, "zip", "unzip -t");
	}
}

Test(disguise, tar_whose_first_name_is_a_zips_magic_is_refused)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	tar_file(&tar, "PK\3\4", STR("x"));
	tar_end(&tar);
	{
		AUTO_READING struct reading g = reading_bytes("a.tar", buf_str(&tar));

		reading_failed(&g, ERROR_INPUT, "two kinds", "disagree");
	}
}

/* A gem's data, and beside it what no gem holds. */
static void make_gem(struct buf *gem, const char *extra)
{
	AUTO_BUF struct buf tar = BUF_INIT, data = BUF_INIT, meta = BUF_INIT;

	tar_file(&tar, "lib/a.rb", STR("a"));
	tar_end(&tar);
	pack_gzip(buf_str(&tar), &data);
	pack_gzip(STR("--- name"), &meta);
	tar_file(gem, "metadata.gz", buf_str(&meta));
	tar_file(gem, "data.tar.gz", buf_str(&data));
	if (extra)
		tar_file(gem, extra, STR("evil"));
	tar_end(gem);
}

Test(disguise, what_is_no_part_of_a_gem_shows_as_a_file)
{
	AUTO_BUF struct buf gem = BUF_INIT;

	make_gem(&gem, "configure");
	{
		AUTO_READING struct reading g = reading_bytes("a-1.0.gem", buf_str(&gem));

		reading_is_fine(&g, 2);
		reading_holds(&g, "configure", STR("evil"));
		reading_holds(&g, "lib/a.rb", STR("a"));
	}
}

Test(disguise, compressed_tar_is_no_gem)
{
	AUTO_BUF struct buf gem = BUF_INIT, packed = BUF_INIT;

	make_gem(&gem, NULL);
	pack_gzip(buf_str(&gem), &packed);
	{
		AUTO_READING struct reading g = reading_bytes("a-1.0.tar.gz", buf_str(&packed));

		reading_is_fine(&g, 2);
		cr_assert_not_null(reading_entry(&g, "data.tar.gz"));
	}
}

Test(disguise, file_and_folder_of_one_name_are_a_finding)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	tar_file(&tar, "d/a", STR("x"));
	tar_header(&tar, "d/a/", '5', 0, 0755, "");
	tar_end(&tar);
	{
		AUTO_READING struct reading g = reading_bytes("a.tar", buf_str(&tar));

		cr_assert_eq(reading_count(&g, RULE_TP101, NULL), 1);
	}
}

Test(disguise, member_below_a_link_is_critical)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	tar_header(&tar, "d/l", '2', 0, 0777, "x");
	tar_file(&tar, "d/l/a", STR("x"));
	tar_end(&tar);
	{
		AUTO_READING struct reading g = reading_bytes("a.tar", buf_str(&tar));

		cr_assert_eq(reading_count(&g, RULE_TP102, NULL), 1);
	}
}
