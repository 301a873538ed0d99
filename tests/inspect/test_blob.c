#include "inspect/blob.h"

#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "input/pack.h"
#include "inspect/blobs.h"

/* One file and what is to be said of it. */
static void expect(const char *path, struct str b, enum rule_id rule, enum severity severity)
{
	struct seen s;
	const struct note *n;

	see(&s, path, b);
	n = seen_note(&s, rule);
	cr_assert_not_null(n, "%s: no %s", path, rules[rule].id);
	cr_assert_eq(n->severity, severity, "%s: %s is %s", path, rules[rule].id,
		     severity_name(n->severity));
	seen_release(&s);
}

static void expect_quiet(const char *path, struct str b, enum blob_state state, const char *format)
{
	struct seen s;

	see(&s, path, b);
	cr_assert_eq(s.notes.n, 0, "%s: %s", path, s.notes.n ? s.notes.v[0].message.ptr : "");
	cr_assert_eq(s.blob.state, state, "%s", path);
	if (format)
		cr_assert_str_eq(s.blob.format, format);
	else
		cr_assert_null(s.blob.format);
	seen_release(&s);
}

Test(blob, text_of_any_encoding_is_text)
{
	AUTO_BUF struct buf coded = BUF_INIT;

	cr_assert(blob_is_text(STR("")));
	cr_assert(blob_is_text(STR("plain\ttext\r\n\f")));
	cr_assert(blob_is_text(STR("gr\xc3\xbc\xc3\x9f dich, \xe4\xb8\xad\xe6\x96\x87\n")));
	cr_assert(blob_is_text(STR("gr\xfc\xdf dich (Latin-1)\n")));
	cr_assert_not(blob_is_text(str_of("a\0b", 3)));
	cr_assert_not(blob_is_text(STR("\1\2\3\4\5\6\7\x08 text")));
	buf_add_cstr(&coded, "#!/bin/sh\n: > PWNED\n");
	for (size_t i = 0; i < coded.len; i++)
		coded.ptr[i] = (char)(coded.ptr[i] | 0x80);
	cr_assert_not(blob_is_text(buf_str(&coded)), "every byte has its high bit set");
	expect_quiet("a.rc", STR("\xff\xfe" "a\0b\0c\0\n\0"), BLOB_VALID, "utf-16");
}

Test(blob, noise_is_opaque_and_no_reason_for_a_note)
{
	AUTO_BUF struct buf b = BUF_INIT;

	pack_noise(&b, 5000, 3);
	expect_quiet("tests/x.bin", buf_str(&b), BLOB_OPAQUE, NULL);
}

Test(blob, tells_of_a_broken_stream_behind_a_valid_one)
{
	AUTO_BUF struct buf b = BUF_INIT;
	struct seen s;
	size_t one;

	pack_xz(STR("####Hello####"), &b);
	one = b.len;
	expect_quiet("a.xz", buf_str(&b), BLOB_VALID, "xz");
	pack_xz(STR("echo marker"), &b);
	b.ptr[one + 30] ^= 4;
	see(&s, "a.xz", buf_str(&b));
	cr_assert_eq(s.blob.state, BLOB_CORRUPT);
	cr_assert(s.blob.then_corrupt);
	cr_assert_eq(s.notes.v[0].rule, RULE_TP301);
	cr_assert_eq(s.notes.v[0].severity, SEVERITY_MEDIUM);
	cr_assert_eq(s.notes.v[0].offset, (int64_t)one);
	cr_assert(str_starts(s.notes.v[0].evidence[0], STR("####Hello####")));
	seen_release(&s);
	expect("a.xz", str_from_at(buf_str(&b), one), RULE_TP303, SEVERITY_INFO);
}

Test(blob, bytes_behind_a_stream_weigh_what_they_are)
{
	AUTO_BUF struct buf gz = BUF_INIT;
	AUTO_BUF struct buf b = BUF_INIT;

	pack_gzip(STR("hello"), &gz);
	buf_add_str(&b, buf_str(&gz));
	buf_add_cstr(&b, "\n\n");
	expect("a.gz", buf_str(&b), RULE_TP302, SEVERITY_LOW);
	b.len = gz.len;
	buf_add_str(&b, MARKER);
	expect("a.gz", buf_str(&b), RULE_TP302, SEVERITY_MEDIUM);
	b.len = gz.len;
	buf_add_cstr(&b, "#!/bin/sh\n: > PWNED\n");
	expect("a.gz", buf_str(&b), RULE_TP302, SEVERITY_HIGH);
	b.len = gz.len;
	pack_xz(STR("other"), &b);
	expect("a.gz", buf_str(&b), RULE_TP302, SEVERITY_HIGH);
}

Test(blob, headers_of_streams_have_room)
{
	AUTO_BUF struct buf plain = BUF_INIT;
	AUTO_BUF struct buf gz = BUF_INIT;
	AUTO_BUF struct buf zst = BUF_INIT;

	pack_gzip(STR("hello"), &plain);
	buf_add(&gz, "\x1f\x8b\x08\x04\0\0\0\0\0\3\x10\0PW\x0c\0", 16);
	buf_add_str(&gz, MARKER);
	buf_add_str(&gz, str_from_at(buf_str(&plain), 10));
	expect("a.gz", buf_str(&gz), RULE_TP306, SEVERITY_LOW);
	pack_zstd(STR("hello"), &zst);
	expect_quiet("a.zst", buf_str(&zst), BLOB_VALID, "zstd");
	buf_add(&zst, "\x53\x2a\x4d\x18\x0c\0\0\0", 8);
	buf_add_str(&zst, MARKER);
	expect("a.zst", buf_str(&zst), RULE_TP306, SEVERITY_LOW);
}

Test(blob, a_zip_is_compared_with_its_own_directory)
{
	AUTO_BUF struct buf b = BUF_INIT;
	AUTO_BUF struct buf comment = BUF_INIT;

	make_zip(&b, "b.txt", STR(""), STR("made by a packer"));
	expect_quiet("a.zip", buf_str(&b), BLOB_VALID, "zip");
	buf_add_str(&b, MARKER);
	expect("a.zip", buf_str(&b), RULE_TP302, SEVERITY_MEDIUM);
	buf_reset(&b);
	make_zip(&b, "c.txt", STR(""), STR(""));
	expect("a.zip", buf_str(&b), RULE_TP304, SEVERITY_HIGH);
	buf_reset(&b);
	make_zip(&b, "b.txt", MARKER, STR(""));
	expect("a.zip", buf_str(&b), RULE_TP305, SEVERITY_HIGH);
	buf_reset(&b);
	pack_prose(&comment, 5000, 1);
	make_zip(&b, "b.txt", STR(""), buf_str(&comment));
	expect("a.zip", buf_str(&b), RULE_TP306, SEVERITY_MEDIUM);
}

Test(blob, programs_are_a_fact_and_only_a_wrong_name_makes_a_note)
{
	static const char *const quiet[] = { "a.o", "lib/libx.so.1", "hello", "test.x86_64", "x.ko" };
	AUTO_BUF struct buf b = BUF_INIT;
	struct seen s;

	make_elf(&b, STR(""));
	for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++)
		expect_quiet(quiet[i], buf_str(&b), BLOB_VALID, "elf");
	see(&s, "a.o", buf_str(&b));
	cr_assert(s.blob.machine_code);
	seen_release(&s);
	expect("logo.png", buf_str(&b), RULE_TP307, SEVERITY_HIGH);
	expect("NOTES.TXT", buf_str(&b), RULE_TP307, SEVERITY_HIGH);
	expect("case7.dat", buf_str(&b), RULE_TP307, SEVERITY_MEDIUM);
	expect("x.bin", buf_str(&b), RULE_TP307, SEVERITY_MEDIUM);
	expect("logo.png", STR("#!/bin/sh\n: > PWNED\n"), RULE_TP307, SEVERITY_HIGH);
}

Test(blob, an_archive_of_objects_is_machine_code)
{
	AUTO_BUF struct buf elf = BUF_INIT;
	AUTO_BUF struct buf b = BUF_INIT;
	struct seen s;

	make_elf(&elf, STR(""));
	buf_addf(&b, "!<arch>\n%-16s%-12d%-6d%-6d%-8s%-10zu`\n", "x.o/", 0, 0, 0, "100644", elf.len);
	buf_add_str(&b, buf_str(&elf));
	see(&s, "tests/libhelper.a", buf_str(&b));
	cr_assert_str_eq(s.blob.format, "ar");
	cr_assert(s.blob.machine_code);
	cr_assert_eq(s.notes.n, 0);
	seen_release(&s);
}

struct members {
	size_t n;
	struct buf names, bytes;
};

static bool count_member(void *ctx, struct str name, struct str member)
{
	struct members *m = ctx;

	m->n++;
	buf_addf(&m->names, "%.*s ", STR_FMT(name));
	buf_add_str(&m->bytes, member);
	return true;
}

static bool opens(struct str b, size_t max, struct members *m, bool *limit)
{
	*m = (struct members){ 0 };
	return blob_open(b, max, count_member, m, limit);
}

static void members_release(struct members *m)
{
	buf_release(&m->names);
	buf_release(&m->bytes);
}

Test(blob, opens_one_layer)
{
	AUTO_BUF struct buf zip = BUF_INIT;
	AUTO_BUF struct buf gz = BUF_INIT;
	struct members m;
	bool limit;

	make_zip(&zip, "b.txt", STR(""), STR(""));
	cr_assert(opens(buf_str(&zip), MIB, &m, &limit));
	cr_assert_str_eq(buf_cstr(&m.names), "a.txt b.txt ");
	cr_assert_str_eq(buf_cstr(&m.bytes), "storedstored");
	members_release(&m);
	pack_gzip(buf_str(&zip), &gz);
	cr_assert(opens(buf_str(&gz), MIB, &m, &limit));
	cr_assert_eq(m.n, 1);
	cr_assert(str_eq(buf_str(&m.bytes), buf_str(&zip)));
	members_release(&m);
	cr_assert_not(opens(STR("no container"), MIB, &m, &limit));
	cr_assert_not(limit);
	members_release(&m);
}

Test(blob, opening_stops_at_the_limit)
{
	AUTO_BUF struct buf zip = BUF_INIT;
	AUTO_BUF struct buf gz = BUF_INIT;
	struct members m;
	bool limit;

	make_zip(&zip, "b.txt", STR(""), STR(""));
	cr_assert_not(opens(buf_str(&zip), 11, &m, &limit));
	cr_assert(limit);
	cr_assert_eq(m.n, 1);
	members_release(&m);
	pack_gzip(buf_str(&zip), &gz);
	cr_assert_not(opens(buf_str(&gz), zip.len - 1, &m, &limit));
	cr_assert(limit);
	members_release(&m);
}
