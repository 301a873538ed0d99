/* Odd headers of a tar, by artifact_read(), and each beside an honest one. */
#include "input/tarlint.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "input/pack.h"
#include "input/reading.h"
#include "input/tartap.h"
#include "support/run.h"

TestSuite(tarlint, .init = scratch_begin, .fini = scratch_end);

/* What the reading of a tar finds, whether or not libarchive likes it. */
static struct result found;

static void lint(struct buf *tar)
{
	struct tartap t;

	tar_end(tar);
	result_release(&found);
	result_init(&found);
	tartap_init(&t);
	for (size_t i = 0; i < tar->len; i += 100)
		tartap_feed(&t, (const uint8_t *)tar->ptr + i, tar->len - i < 100 ? tar->len - i : 100);
	tarlint_report(&t.lint, &found);
	tartap_release(&t);
	buf_release(tar);
}

static void finds(enum rule_id rule, enum severity severity)
{
	for (size_t i = 0; i < found.findings_n; i++)
		if (found.findings[i].rule == rule && found.findings[i].severity == severity)
			return;
	cr_assert_fail("no %s of severity %d", rules[rule].id, (int)severity);
}

static void finds_nothing(void)
{
	cr_assert_eq(found.findings_n, 0, "%s", found.findings_n ? found.findings[0].message.ptr : "");
}

/* Changes bytes of the last header, which has no content, and its sum. */
static void change(struct buf *tar, size_t at, const char *bytes, size_t n)
{
	memcpy(tar->ptr + tar->len - TAR_RECORD + at, bytes, n);
	tar_sum(tar, tar->len - TAR_RECORD);
}

static void empty_file(struct buf *tar, char type)
{
	tar_header(tar, "hello-1.2/data", type, 0, 0644, NULL);
}

static void pax(struct buf *tar, const char *key, struct str value)
{
	AUTO_BUF struct buf records = BUF_INIT;

	pax_record(&records, key, value);
	tar_pax(tar, 'x', buf_str(&records));
}

static void gnu(struct buf *tar, char type, const char *name)
{
	tar_header(tar, "././@LongLink", type, strlen(name) + 1, 0644, NULL);
	buf_add(tar, name, strlen(name) + 1);
	tar_pad(tar);
}

Test(tarlint, types_of_ustar_are_silent)
{
	struct buf tar = BUF_INIT;

	for (char type = '0'; type <= '6'; type++)
		empty_file(&tar, type);
	empty_file(&tar, 0);
	tar_header(&tar, "old/", 0, 0, 0755, NULL);
	lint(&tar);
	finds_nothing();
}

Test(tarlint, types_that_programs_disagree_about_are_found)
{
	static const struct {
		char type;
		enum severity severity;
	} odd[] = {
		{ 'Z', SEVERITY_HIGH }, { 'a', SEVERITY_HIGH }, { '8', SEVERITY_HIGH },
		{ '\xff', SEVERITY_HIGH }, { '\1', SEVERITY_HIGH }, { 'M', SEVERITY_HIGH },
		{ 'V', SEVERITY_HIGH }, { '7', SEVERITY_MEDIUM }, { 'S', SEVERITY_MEDIUM },
		{ 'D', SEVERITY_MEDIUM }, { 'N', SEVERITY_MEDIUM },
	};

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct buf tar = BUF_INIT;

		empty_file(&tar, odd[i].type);
		lint(&tar);
		cr_assert_eq(found.findings_n, 1, "%zu", i);
		finds(RULE_TP118, odd[i].severity);
	}
}

Test(tarlint, many_of_a_kind_are_one_finding_with_six_examples)
{
	struct buf tar = BUF_INIT;

	for (int i = 0; i < 50; i++)
		empty_file(&tar, 'Z');
	lint(&tar);
	cr_assert_eq(found.findings_n, 1);
	cr_assert_eq(found.findings[0].evidence_n, TALLY_EVIDENCE);
	cr_assert(strstr(found.findings[0].message.ptr, "50 of this kind"));
	cr_assert_eq(found.findings[0].offset, 0);
}

Test(tarlint, pax_and_gnu_name_on_one_member_are_critical_in_either_order)
{
	for (int order = 0; order < 4; order++) {
		struct buf tar = BUF_INIT;
		const char *const key = order < 2 ? "path" : "linkpath";

		if (order % 2)
			pax(&tar, key, STR("hello-1.2/one"));
		gnu(&tar, order < 2 ? 'L' : 'K', "hello-1.2/two");
		if (order % 2 == 0)
			pax(&tar, key, STR("hello-1.2/one"));
		empty_file(&tar, order < 2 ? '0' : '2');
		lint(&tar);
		cr_assert_eq(found.findings_n, 1);
		finds(RULE_TP119, SEVERITY_CRITICAL);
	}
}

Test(tarlint, two_names_that_agree_are_medium)
{
	struct buf tar = BUF_INIT;

	pax(&tar, "path", STR("hello-1.2/one"));
	gnu(&tar, 'L', "hello-1.2/one");
	empty_file(&tar, '0');
	lint(&tar);
	cr_assert_eq(found.findings_n, 1);
	finds(RULE_TP119, SEVERITY_MEDIUM);
}

Test(tarlint, long_names_of_several_members_are_silent)
{
	struct buf tar = BUF_INIT;

	for (int i = 0; i < 3; i++) {
		pax(&tar, "path", STR("hello-1.2/one"));
		empty_file(&tar, '0');
		gnu(&tar, 'K', "target");
		gnu(&tar, 'L', "hello-1.2/two");
		empty_file(&tar, '2');
	}
	lint(&tar);
	finds_nothing();
}

Test(tarlint, extended_header_twice_is_found)
{
	struct buf tar = BUF_INIT;

	pax(&tar, "mtime", STR("1"));
	pax(&tar, "mtime", STR("2"));
	empty_file(&tar, '0');
	lint(&tar);
	finds(RULE_TP119, SEVERITY_HIGH);
	gnu(&tar, 'L', "hello-1.2/one");
	gnu(&tar, 'L', "hello-1.2/two");
	empty_file(&tar, '0');
	lint(&tar);
	finds(RULE_TP119, SEVERITY_CRITICAL);
}

Test(tarlint, name_with_nul_in_pax_is_critical)
{
	struct buf tar = BUF_INIT;

	pax(&tar, "path", STR("hello-1.2/a\0b"));
	empty_file(&tar, '0');
	lint(&tar);
	finds(RULE_TP119, SEVERITY_CRITICAL);
}

Test(tarlint, global_header_that_names_is_critical_and_its_comment_is_not)
{
	struct buf tar = BUF_INIT, records = BUF_INIT;

	pax_record(&records, "comment", STR("0123456789abcdef0123456789abcdef01234567"));
	tar_pax(&tar, 'g', buf_str(&records));
	empty_file(&tar, '0');
	lint(&tar);
	finds_nothing();
	pax_record(&records, "path", STR("hello-1.2/all"));
	tar_pax(&tar, 'g', buf_str(&records));
	empty_file(&tar, '0');
	lint(&tar);
	finds(RULE_TP119, SEVERITY_CRITICAL);
	buf_release(&records);
}

Test(tarlint, extended_header_at_the_end_is_found)
{
	struct buf tar = BUF_INIT;

	empty_file(&tar, '0');
	pax(&tar, "path", STR("hello-1.2/one"));
	lint(&tar);
	finds(RULE_TP119, SEVERITY_MEDIUM);
}

Test(tarlint, malformed_pax_records_are_found)
{
	struct buf tar = BUF_INIT;

	tar_pax(&tar, 'x', STR("99 path=a\n"));
	empty_file(&tar, '0');
	lint(&tar);
	finds(RULE_TP123, SEVERITY_HIGH);
}

Test(tarlint, prefix_counts_in_ustar_only)
{
	struct buf tar = BUF_INIT;

	empty_file(&tar, '0');
	change(&tar, TAR_PREFIX, "dir", 3);
	lint(&tar);
	finds_nothing();
	empty_file(&tar, '0');
	change(&tar, TAR_MAGIC, "ustar  ", 8);
	change(&tar, TAR_PREFIX, "dir", 3);
	lint(&tar);
	cr_assert_eq(found.findings_n, 1);
	finds(RULE_TP120, SEVERITY_HIGH);
	empty_file(&tar, '0');
	change(&tar, TAR_MAGIC, "\0\0\0\0\0\0\0\0", 8);
	change(&tar, TAR_PREFIX, "dir", 3);
	lint(&tar);
	finds(RULE_TP120, SEVERITY_HIGH);
	empty_file(&tar, '0');
	change(&tar, TAR_MAGIC, "ustar  ", 8);
	change(&tar, TAR_PREFIX, "14535501400\00014535501400", 24);
	lint(&tar);
	cr_assert_eq(found.findings_n, 1);
	finds(RULE_TP120, SEVERITY_LOW);
}

static void pax_size(const char *size, const char *field)
{
	struct buf tar = BUF_INIT;

	pax(&tar, "size", str_from(size));
	empty_file(&tar, '0');
	change(&tar, TAR_SIZE, field, 12);
	lint(&tar);
}

Test(tarlint, sizes_of_pax_and_header_agree_or_are_needed)
{
	pax_size("0", "00000000000");
	finds_nothing();
	pax_size("1024", "00000000000");
	finds(RULE_TP121, SEVERITY_CRITICAL);
	pax_size("0", "00000002000");
	finds(RULE_TP121, SEVERITY_CRITICAL);
	/* 8 GiB and 5 bytes: no octal digits for it. */
	pax_size("8589934597", "00000000000");
	finds_nothing();
	pax_size("8589934597", "77777777777");
	finds_nothing();
	pax_size("8589934597", "00000000005");
	finds_nothing();
	pax_size("8589934597", "00000000017");
	finds(RULE_TP121, SEVERITY_CRITICAL);
}

Test(tarlint, content_of_what_has_none_is_found)
{
	for (char type = '1'; type <= '6'; type++) {
		struct buf tar = BUF_INIT;

		tar_header(&tar, "hello-1.2/link", type, 512, 0644, "target");
		lint(&tar);
		finds(RULE_TP121, type == '5' ? SEVERITY_HIGH : SEVERITY_CRITICAL);
	}
}

Test(tarlint, file_with_a_folders_name_is_found)
{
	struct buf tar = BUF_INIT;

	tar_header(&tar, "hello-1.2/", '0', 0, 0644, NULL);
	lint(&tar);
	finds(RULE_TP121, SEVERITY_HIGH);
}

Test(tarlint, numbers_in_binary_are_found_where_octal_would_do)
{
	struct buf tar = BUF_INIT;

	empty_file(&tar, '0');
	change(&tar, TAR_SIZE, "\x80\0\0\0\0\0\0\0\0\0\0\0", 12);
	lint(&tar);
	finds(RULE_TP122, SEVERITY_MEDIUM);
	empty_file(&tar, '0');
	change(&tar, TAR_UID, "\x80\0\0\0\x40\0\0\1", 8);
	lint(&tar);
	finds(RULE_TP122, SEVERITY_INFO);
	empty_file(&tar, '0');
	change(&tar, TAR_SIZE, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12);
	lint(&tar);
	finds(RULE_TP122, SEVERITY_MEDIUM);
	finds(RULE_TP123, SEVERITY_HIGH);
}

Test(tarlint, member_without_a_name_is_high)
{
	struct buf tar = BUF_INIT;

	tar_header(&tar, "", '0', 0, 0644, NULL);
	lint(&tar);
	finds(RULE_TP123, SEVERITY_HIGH);
	gnu(&tar, 'L', "hello-1.2/named");
	tar_header(&tar, "", '0', 0, 0644, NULL);
	lint(&tar);
	finds_nothing();
}

Test(tarlint, what_is_no_number_is_high)
{
	static const size_t fields[] = { 100, TAR_UID, TAR_GID, 136, 329, 337 };
	static const char *const bad[] = { "8", "x", "-1", "0x1", "\201", "1\t" };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		for (size_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
			struct buf tar = BUF_INIT;

			empty_file(&tar, '0');
			change(&tar, fields[i], bad[k], strlen(bad[k]));
			lint(&tar);
			cr_assert_eq(found.findings_n, 1, "%zu %s", fields[i], bad[k]);
			finds(RULE_TP122, SEVERITY_HIGH);
		}
}

Test(tarlint, signed_checksum_is_low_and_a_wrong_one_ends_the_look)
{
	struct buf tar = BUF_INIT;
	int sum = 0;

	tar_header(&tar, "hello-1.2/Pr\xf8ve", '0', 0, 0644, NULL);
	memset(tar.ptr + 148, ' ', 8);
	for (size_t i = 0; i < TAR_RECORD; i++)
		sum += (signed char)tar.ptr[i];
	snprintf(tar.ptr + 148, 8, "%06o", (unsigned int)sum);
	lint(&tar);
	cr_assert_eq(found.findings_n, 1);
	finds(RULE_TP123, SEVERITY_LOW);
	empty_file(&tar, '0');
	tar.ptr[0]++;
	lint(&tar);
	finds(RULE_TP123, SEVERITY_HIGH);
}

Test(tarlint, bytes_where_zeros_belong_are_found_by_their_number)
{
	static const size_t places[] = { 90, 250, 290, 320, 490, 505 };
	struct buf tar = BUF_INIT;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		empty_file(&tar, '0');
		change(&tar, places[i], "x", 1);
		lint(&tar);
		cr_assert_eq(found.findings_n, 1, "%zu", places[i]);
		finds(RULE_TP126, SEVERITY_LOW);
	}
	tar_file(&tar, "hello-1.2/README", STR("hello"));
	memset(tar.ptr + tar.len - 400, 'x', 400);
	lint(&tar);
	cr_assert_eq(found.findings_n, 1);
	finds(RULE_TP126, SEVERITY_MEDIUM);
}

/* Any byte of any header may be anything: no crash, no error of a sanitizer. */
Test(tarlint, damaged_headers_are_survived)
{
	AUTO_BUF struct buf tar = BUF_INIT, records = BUF_INIT;

	pax_record(&records, "path", STR("hello-1.2/one"));
	pax_record(&records, "size", STR("5"));
	tar_pax(&tar, 'x', buf_str(&records));
	tar_file(&tar, "hello-1.2/README", STR("hello"));
	tar_header(&tar, "././@LongLink", 'L', 6, 0644, NULL);
	buf_add(&tar, "hello", 6);
	tar_pad(&tar);
	empty_file(&tar, 'S');
	for (size_t i = 0; i < tar.len; i++)
		for (unsigned int bit = 0; bit < 8; bit++) {
			struct buf copy = BUF_INIT;

			buf_add_str(&copy, buf_str(&tar));
			copy.ptr[i] = (char)(copy.ptr[i] ^ (1 << bit));
			/* The sum is put right where it was a header. */
			if (i < 512 || (i >= 1024 && i < 1536) || (i >= 2048 && i < 2560))
				tar_sum(&copy, i / 512 * 512);
			lint(&copy);
		}
}
