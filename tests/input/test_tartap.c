#include "input/tartap.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "input/pack.h"

static bool number(const void *field, size_t n, uint64_t *out)
{
	*out = 12345;
	return tar_number(field, n, out);
}

Test(tartap, octal_numbers_are_read)
{
	uint64_t v;

	cr_assert(number("00000000017", 12, &v) && v == 15);
	cr_assert(number("777777777777", 12, &v) && v == 077777777777 * 8ull + 7);
	cr_assert(number("   17 \0     ", 12, &v) && v == 15);
	cr_assert(number("\0\0\0\0\0\0\0\0\0\0\0", 12, &v) && v == 0);
	cr_assert(number("            ", 12, &v) && v == 0);
}

Test(tartap, what_is_no_number_is_refused)
{
	uint64_t v;

	cr_assert_not(number("00000000018", 12, &v));
	cr_assert_not(number("-0000000001", 12, &v));
	cr_assert_not(number("0x000000001", 12, &v));
	cr_assert_not(number("17 17       ", 12, &v));
	cr_assert_not(number("\0\0\0\0\0\0\0\0\0\0\0001", 12, &v));
}

Test(tartap, base_256_numbers_are_read)
{
	uint64_t v;

	cr_assert(number("\x80\0\0\0\0\0\0\0\0\0\1\2", 12, &v) && v == 258);
	cr_assert(number("\x80\0\0\0\0\x40\0\0\0\0\0\0", 12, &v) && v == (uint64_t)1 << 54);
	cr_assert(number("\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", 12, &v) &&
		  v == (uint64_t)INT64_MAX);
}

Test(tartap, negative_and_huge_base_256_numbers_are_refused)
{
	uint64_t v;

	cr_assert_not(number("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12, &v));
	cr_assert_not(number("\xc0\0\0\0\0\0\0\0\0\0\0\0", 12, &v));
	cr_assert_not(number("\x80\1\0\0\0\0\0\0\0\0\0\0", 12, &v));
	cr_assert_not(number("\xbf\0\0\0\0\0\0\0\0\0\0\0", 12, &v));
	cr_assert_not(number("\x80\0\0\1\0\0\0\0\0\0\0\0", 12, &v));
}

Test(tartap, checksum_covers_every_byte)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	tar_header(&tar, "hello-1.2/README", '0', 5, 0644, NULL);
	cr_assert(tar_checksum_ok((uint8_t *)tar.ptr));
	for (size_t i = 0; i < TAR_RECORD; i++) {
		tar.ptr[i]++;
		cr_assert_not(tar_checksum_ok((uint8_t *)tar.ptr), "byte %zu", i);
		tar.ptr[i]--;
	}
	memcpy(tar.ptr + 148, "nonsense", 8);
	cr_assert_not(tar_checksum_ok((uint8_t *)tar.ptr));
}

Test(tartap, records_of_pax_are_found)
{
	AUTO_BUF struct buf records = BUF_INIT;
	struct str value;

	pax_record(&records, "path", STR("a=b\nc"));
	pax_record(&records, "size", STR(""));
	pax_record(&records, "path", STR("the last one counts"));
	cr_assert(pax_find(buf_str(&records), STR("path"), &value));
	cr_assert(str_eq(value, STR("the last one counts")));
	cr_assert(pax_find(buf_str(&records), STR("size"), &value));
	cr_assert_eq(value.len, 0);
	cr_assert_not(pax_find(buf_str(&records), STR("pat"), &value));
	cr_assert_not(pax_find(STR(""), STR("path"), &value));
}

Test(tartap, malformed_records_of_pax_end_the_search)
{
	static const char *const bad[] = {
		"x", "9", "8 path=a", "8 path=ab", "3 \n", "0 path=a\n", "99999999999999999999 path=a\n",
		"999999999999999999999999 path=a\n", "-9 path=a\n", " 9 path=a\n", "9path=ab\n", "11 path=a\n",
		"18446744073709551617 path=a\n",
	};
	struct str value;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_not(pax_find(str_from(bad[i]), STR("path"), &value), "%s", bad[i]);
	cr_assert(pax_find(STR("9 path=a\n12 path=b\n"), STR("path"), &value));
	cr_assert(str_eq(value, STR("a")));
	cr_assert_not(pax_find(STR("7 path\n9 path=a\nx"), STR("pat"), &value));
	cr_assert(pax_find(STR("7 path\n9 path=a\n"), STR("path"), &value));
}

struct tapped {
	bool known;
	struct sha256 structure;
	enum tartap_state state;
	uint64_t members, trailing_offset, trailing_len, offset;
	char first_name[101];
	char comment[OID_COMMENT_MAX + 1];
};

static struct tapped tap_in(struct str tar, size_t step)
{
	struct tartap t;
	struct tapped r = { .known = false };

	tartap_init(&t);
	for (size_t at = 0; at < tar.len; at += step) {
		const struct str part = str_first(str_from_at(tar, at), step);

		tartap_feed(&t, (const uint8_t *)part.ptr, part.len);
	}
	r.state = t.state;
	r.members = t.members;
	r.trailing_offset = t.trailing_offset;
	r.trailing_len = t.trailing_len;
	r.offset = t.offset;
	memcpy(r.first_name, t.first_name, sizeof(r.first_name));
	memcpy(r.comment, t.comment, sizeof(r.comment));
	r.known = tartap_structure(&t, &r.structure);
	tartap_release(&t);
	return r;
}

/* The same in steps of any size. */
static struct tapped tap(struct str tar)
{
	const struct tapped all = tap_in(tar, SIZE_MAX / 2);

	for (size_t step = 1; step < 2000; step = step * 3 + 1) {
		const struct tapped r = tap_in(tar, step);

		cr_assert_eq(r.state, all.state);
		cr_assert_eq(r.known, all.known);
		cr_assert_eq(r.members, all.members);
		cr_assert_eq(r.trailing_len, all.trailing_len);
		cr_assert_eq(r.trailing_offset, all.trailing_offset);
		cr_assert_arr_eq(r.structure.bytes, all.structure.bytes, SHA256_SIZE);
	}
	return all;
}

/* A little of everything: links, folders, extended headers, padding of several lengths. */
static void everything(struct buf *tar, char fill)
{
	AUTO_BUF struct buf records = BUF_INIT, content = BUF_INIT;

	pax_record(&records, "comment", STR("0123456789abcdef0123456789abcdef01234567"));
	tar_pax(tar, 'g', buf_str(&records));
	tar_header(tar, "hello-1.2/", '5', 0, 0755, NULL);
	for (int i = 0; i < 1500; i++)
		buf_add_char(&content, fill);
	tar_file(tar, "hello-1.2/empty", STR(""));
	tar_file(tar, "hello-1.2/one", str_first(buf_str(&content), 1));
	tar_file(tar, "hello-1.2/full", str_first(buf_str(&content), 512));
	tar_file(tar, "hello-1.2/large", buf_str(&content));
	tar_header(tar, "hello-1.2/link", '2', 0, 0777, "one");
	tar_header(tar, "hello-1.2/hard", '1', 0, 0644, "hello-1.2/one");
	tar_header(tar, "hello-1.2/fifo", '6', 0, 0644, NULL);
	buf_reset(&records);
	pax_record(&records, "path", STR("hello-1.2/renamed"));
	pax_record(&records, "size", STR("700"));
	tar_pax(tar, 'x', buf_str(&records));
	tar_header(tar, "hello-1.2/pax", '0', 0, 0644, NULL);
	buf_add(tar, content.ptr, 700);
	tar_pad(tar);
	tar_header(tar, "././@LongLink", 'L', 20, 0644, NULL);
	buf_add(tar, "hello-1.2/long-name\0", 20);
	tar_pad(tar);
	tar_file(tar, "hello-1.2/long", str_first(buf_str(&content), 3));
	tar_end(tar);
}

Test(tartap, archive_is_understood_to_its_end)
{
	AUTO_BUF struct buf tar = BUF_INIT;
	struct tapped t;

	everything(&tar, 'a');
	t = tap(buf_str(&tar));
	cr_assert_eq(t.state, TARTAP_END);
	cr_assert(t.known);
	cr_assert_eq(t.members, 10);
	cr_assert_eq(t.offset, tar.len);
	cr_assert_str_eq(t.first_name, "hello-1.2/");
	cr_assert_str_eq(t.comment, "0123456789abcdef0123456789abcdef01234567");
}

Test(tartap, structure_does_not_depend_on_contents)
{
	AUTO_BUF struct buf a = BUF_INIT, b = BUF_INIT;
	struct tapped ta, tb;

	everything(&a, 'a');
	everything(&b, 'b');
	cr_assert_not(str_eq(buf_str(&a), buf_str(&b)));
	ta = tap(buf_str(&a));
	tb = tap(buf_str(&b));
	cr_assert_arr_eq(ta.structure.bytes, tb.structure.bytes, SHA256_SIZE);
}

/* Which bytes are content is known from `everything` of another fill. */
Test(tartap, structure_depends_on_every_byte_but_contents)
{
	AUTO_BUF struct buf a = BUF_INIT, b = BUF_INIT;
	struct tapped whole;

	everything(&a, 'a');
	everything(&b, 'b');
	whole = tap_in(buf_str(&a), SIZE_MAX / 2);
	for (size_t i = 0; i < a.len; i++) {
		struct tapped changed;

		a.ptr[i] ^= 1;
		changed = tap_in(buf_str(&a), SIZE_MAX / 2);
		if ((a.ptr[i] ^ 1) == b.ptr[i])	/* the same in both */
			cr_assert(!changed.known || memcmp(&changed.structure, &whole.structure,
							   SHA256_SIZE) != 0, "byte %zu", i);
		else
			cr_assert(changed.known && memcmp(&changed.structure, &whole.structure,
							  SHA256_SIZE) == 0, "byte %zu", i);
		a.ptr[i] ^= 1;
	}
}

/* With a right sum, so that a change is not caught by that alone. */
Test(tartap, structure_depends_on_every_byte_of_a_header)
{
	AUTO_BUF struct buf tar = BUF_INIT;
	struct tapped whole;

	tar_file(&tar, "hello-1.2/README", STR("hello"));
	tar_end(&tar);
	whole = tap_in(buf_str(&tar), 512);
	for (size_t i = 0; i < TAR_RECORD; i++) {
		AUTO_BUF struct buf other = BUF_INIT;
		struct tapped changed;

		buf_add_str(&other, buf_str(&tar));
		other.ptr[i] ^= 2;
		if (i < 148 || i >= 156)
			tar_sum(&other, 0);
		changed = tap_in(buf_str(&other), 512);
		cr_assert(!changed.known ||
			  memcmp(&changed.structure, &whole.structure, SHA256_SIZE) != 0, "byte %zu", i);
	}
}

Test(tartap, cut_archive_has_no_structure)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	everything(&tar, 'a');
	for (size_t n = 0; n < tar.len - 1024 + 512; n += 100)
		cr_assert_not(tap_in(str_first(buf_str(&tar), n), 512).known, "%zu", n);
}

Test(tartap, bytes_behind_the_end_are_located)
{
	AUTO_BUF struct buf tar = BUF_INIT;
	struct tapped t;
	size_t at;

	everything(&tar, 'a');
	tar_end(&tar);
	tar_end(&tar);
	t = tap(buf_str(&tar));
	cr_assert(t.known);
	cr_assert_eq(t.trailing_len, 0);
	at = tar.len;
	buf_add(&tar, "more\0\0", 6);
	tar_pad(&tar);
	t = tap(buf_str(&tar));
	cr_assert_not(t.known);
	cr_assert_eq(t.trailing_offset, at);
	cr_assert_eq(t.trailing_len, tar.len - at);
}

Test(tartap, wrong_header_is_not_understood)
{
	static const struct {
		size_t at;
		const char *bytes;
		bool sum;
	} changes[] = {
		{ 0, "x", false },			/* the sum is wrong */
		{ 124, "nonsense", true },		/* no number */
		{ 124, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", true },	/* negative */
	};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		AUTO_BUF struct buf tar = BUF_INIT;
		struct tapped t;

		tar_file(&tar, "hello-1.2/README", STR("hello"));
		memcpy(tar.ptr + changes[i].at, changes[i].bytes, strlen(changes[i].bytes));
		if (changes[i].sum)
			tar_sum(&tar, 0);
		tar_end(&tar);
		buf_add_cstr(&tar, "more");
		t = tap(buf_str(&tar));
		cr_assert_eq(t.state, TARTAP_LOST);
		cr_assert_not(t.known);
		cr_assert_eq(t.trailing_len, 0);
	}
}

Test(tartap, hard_link_with_content_is_not_understood)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	tar_header(&tar, "hard", '1', 5, 0644, "README");
	buf_add_cstr(&tar, "hello");
	tar_pad(&tar);
	tar_end(&tar);
	cr_assert_eq(tap(buf_str(&tar)).state, TARTAP_LOST);
}

Test(tartap, links_and_devices_have_no_content_whatever_their_size)
{
	for (char type = '2'; type <= '6'; type++) {
		AUTO_BUF struct buf tar = BUF_INIT;

		tar_header(&tar, "odd", type, 5, 0644, "README");
		tar_file(&tar, "README", STR("hello"));
		tar_end(&tar);
		cr_assert(tap(buf_str(&tar)).known, "%c", type);
	}
}

Test(tartap, huge_extended_header_is_not_understood)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	tar_header(&tar, "pax", 'x', (uint64_t)1 << 30, 0644, NULL);
	cr_assert_eq(tap(buf_str(&tar)).state, TARTAP_LOST);
}

Test(tartap, size_of_pax_that_is_no_number_is_not_understood)
{
	static const char *const bad[] = { "-5", "5x", "99999999999999999999", "0x5" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		AUTO_BUF struct buf tar = BUF_INIT, records = BUF_INIT;

		pax_record(&records, "size", str_from(bad[i]));
		tar_pax(&tar, 'x', buf_str(&records));
		tar_file(&tar, "README", STR("hello"));
		tar_end(&tar);
		cr_assert_eq(tap(buf_str(&tar)).state, TARTAP_LOST, "%s", bad[i]);
	}
}

Test(tartap, empty_extended_header_is_passed_over)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	tar_pax(&tar, 'x', STR(""));
	tar_file(&tar, "README", STR("hello"));
	tar_end(&tar);
	cr_assert(tap(buf_str(&tar)).known);
}

Test(tartap, comment_is_that_of_the_first_global_header)
{
	AUTO_BUF struct buf tar = BUF_INIT, records = BUF_INIT, more = BUF_INIT, large = BUF_INIT;

	pax_record(&large, "comment", STR("01234567890123456789012345678901234567890123456789"
					  "0123456789012345678901234567890"));
	tar_pax(&tar, 'g', buf_str(&large));
	pax_record(&records, "comment", STR("first"));
	pax_record(&more, "comment", STR("second"));
	tar_pax(&tar, 'x', buf_str(&more));
	tar_file(&tar, "README", STR("hello"));
	tar_pax(&tar, 'g', buf_str(&records));
	tar_pax(&tar, 'g', buf_str(&more));
	tar_end(&tar);
	cr_assert_str_eq(tap(buf_str(&tar)).comment, "first");
}

/* Old GNU sparse: the map of a header may go on in records of its own. */
static void sparse(struct buf *tar, bool more, uint64_t stored)
{
	const size_t at = tar->len;

	tar_header(tar, "sparse", 'S', stored, 0644, NULL);
	tar->ptr[at + 482] = more;
	tar_sum(tar, at);
	for (int i = 0; more && i < 3; i++) {
		char record[TAR_RECORD] = { 0 };

		memcpy(record, "00000001000\00000000001000", 24);
		record[504] = i < 2;
		buf_add(tar, record, sizeof(record));
	}
	for (uint64_t i = 0; i < stored; i++)
		buf_add_char(tar, 'x');
	tar_pad(tar);
}

Test(tartap, maps_of_sparse_files_are_structure)
{
	for (uint64_t stored = 0; stored < 1500; stored += 512 - 1) {
		AUTO_BUF struct buf tar = BUF_INIT;
		struct tapped whole, changed;

		sparse(&tar, true, stored);
		sparse(&tar, false, stored);
		tar_file(&tar, "README", STR("hello"));
		tar_end(&tar);
		whole = tap(buf_str(&tar));
		cr_assert(whole.known, "%llu", (unsigned long long)stored);
		cr_assert_eq(whole.members, 3);
		tar.ptr[TAR_RECORD + 3]++;
		changed = tap(buf_str(&tar));
		cr_assert(changed.known);
		cr_assert_arr_neq(changed.structure.bytes, whole.structure.bytes, SHA256_SIZE);
	}
}
