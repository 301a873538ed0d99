/* Packed artifacts as a whole, by artifact_read(). */
#include "input/packed.h"

#include <archive.h>
#include <archive_entry.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "input/pack.h"
#include "input/reading.h"
#include "support/run.h"
#include "support/skip.h"

TestSuite(packed, .init = scratch_begin, .fini = scratch_end, .timeout = 120);

/* Archives by libarchive */

struct writer {
	struct archive *lib;
	struct buf out;
};

static la_ssize_t append(struct archive *a, void *ctx, const void *data, size_t n)
{
	(void)a;
	buf_add(ctx, data, n);
	return (la_ssize_t)n;
}

static void write_begin(struct writer *w, int (*set_format)(struct archive *), const char *options)
{
	*w = (struct writer){ .lib = archive_write_new() };
	set_format(w->lib);
	cr_assert_eq(archive_write_set_options(w->lib, options), ARCHIVE_OK, "%s",
		     archive_error_string(w->lib));
	archive_write_set_bytes_per_block(w->lib, 0);
	cr_assert_eq(archive_write_open(w->lib, &w->out, NULL, append, NULL), ARCHIVE_OK);
}

static void write_member(struct writer *w, const char *name, mode_t mode, struct str content)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, name);
	archive_entry_set_mode(e, mode);
	archive_entry_set_mtime(e, 1700000000, 0);
	if (S_ISREG(mode))
		archive_entry_set_size(e, (la_int64_t)content.len);
	if (S_ISLNK(mode))
		archive_entry_set_symlink(e, content.ptr);
	cr_assert_geq(archive_write_header(w->lib, e), ARCHIVE_WARN, "%s: %s", name,
		      archive_error_string(w->lib));
	if (S_ISREG(mode) && content.len)
		cr_assert_eq(archive_write_data(w->lib, content.ptr, content.len),
			     (la_ssize_t)content.len);
	archive_entry_free(e);
}

static struct str write_end(struct writer *w)
{
	cr_assert_eq(archive_write_close(w->lib), ARCHIVE_OK);
	archive_write_free(w->lib);
	return buf_str(&w->out);
}

static void hello(struct buf *tar)
{
	tar_header(tar, "hello-1.2/", '5', 0, 0755, NULL);
	tar_file(tar, "hello-1.2/README", STR("read me\n"));
	tar_header(tar, "hello-1.2/configure", '0', 2, 0755, NULL);
	buf_add(tar, "#\n", 2);
	tar_pad(tar);
	tar_file(tar, "hello-1.2/empty", STR(""));
	tar_header(tar, "hello-1.2/link", '2', 0, 0777, "README");
	tar_end(tar);
}

static void is_hello(const struct reading *g)
{
	reading_is_fine(g, 4);
	cr_assert(str_eq(g->r.artifact.lead, STR("hello-1.2/")));
	reading_holds(g, "README", STR("read me\n"));
	reading_holds(g, "configure", STR("#\n"));
	cr_assert(entry_executable(reading_entry(g, "configure")));
	cr_assert_not(entry_executable(reading_entry(g, "README")));
	reading_holds(g, "empty", STR(""));
	cr_assert_eq(reading_entry(g, "link")->type, ENTRY_LINK);
	cr_assert_str_eq(reading_entry(g, "link")->target, "README");
}

Test(packed, tar_in_every_compression_is_the_same)
{
	static const struct {
		const char *suffix;
		void (*pack)(struct str in, struct buf *to);
	} formats[] = {
		{ "tar.gz", pack_gzip }, { "tar.bz2", pack_bzip2 }, { "tar.xz", pack_xz },
		{ "tar.lzma", pack_lzma }, { "tar.lz", pack_lzip }, { "tar.zst", pack_zstd },
		{ "tar.Z", pack_compress }, { "tar", NULL },
	};
	AUTO_BUF struct buf tar = BUF_INIT;
	struct sha256 content;

	hello(&tar);
	digest_of(tar.ptr, tar.len, &content);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		AUTO_BUF struct buf packed = BUF_INIT;
		struct sha256 stored;

		if (formats[i].pack)
			formats[i].pack(buf_str(&tar), &packed);
		else
			buf_add_str(&packed, buf_str(&tar));
		digest_of(packed.ptr, packed.len, &stored);
		{
			AUTO_READING struct reading g = reading_bytes("hello", buf_str(&packed));

			is_hello(&g);
			cr_assert(str_eq(g.r.artifact.format, str_from(formats[i].suffix)), "%.*s",
				  STR_FMT(g.r.artifact.format));
			cr_assert_eq(g.r.artifact.entries, 5);
			cr_assert_eq(g.r.artifact.size, packed.len);
			cr_assert_eq(g.r.artifact.content_size, tar.len);
			cr_assert(g.r.artifact.has_sha256 && g.r.artifact.has_content_sha256);
			cr_assert_arr_eq(g.r.artifact.sha256.bytes, stored.bytes, SHA256_SIZE);
			cr_assert_arr_eq(g.r.artifact.content_sha256.bytes, content.bytes, SHA256_SIZE);
			cr_assert(g.facts.has_structure);
			cr_assert_eq(g.r.findings_n, 0);
		}
	}
}

Test(packed, names_of_any_length_and_bytes_are_read)
{
	static const struct {
		int (*format)(struct archive *);
		const char *options;
		size_t longest;
	} formats[] = {
		{ archive_write_set_format_v7tar, "", 99 },
		{ archive_write_set_format_ustar, "", 156 },
		{ archive_write_set_format_gnutar, "", 3000 },
		{ archive_write_set_format_pax, "hdrcharset=BINARY", 3000 },
		{ archive_write_set_format_cpio_newc, "", 3000 },
	};
	static const char *const odd[] = {
		"lead/caf\xc3\xa9", "lead/caf\xe9", "lead/\xff\xfe\x01", "lead/ \t\n", "lead/\xe6\x97\xa5",
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		size_t lengths[] = { 80, 99, 100, 101, 154, 155, 230, 256, 257, 1000, 2900 }, n = 0;
		char name[11][3001];
		struct writer w;

		write_begin(&w, formats[i].format, formats[i].options);
		for (size_t k = 0; k < 11; k++) {
			if (lengths[k] > formats[i].longest)
				continue;
			memset(name[n], 'a' + (int)n, sizeof(name[n]));
			name[n][lengths[k]] = '\0';
			memcpy(name[n], "lead", 4);
			for (size_t at = 4; at < lengths[k] - 1; at += 60)
				name[n][at] = '/';
			write_member(&w, name[n], S_IFREG | 0644, str_from(name[n]));
			n++;
		}
		for (size_t k = 0; k < 5; k++)
			write_member(&w, odd[k], S_IFREG | 0644, str_from(odd[k]));
		{
			AUTO_READING struct reading g = reading_bytes("names", write_end(&w));

			reading_is_fine(&g, n + 5);
			for (size_t k = 0; k < n; k++)
				reading_holds(&g, name[k] + 5, str_from(name[k]));
			for (size_t k = 0; k < 5; k++)
				reading_holds(&g, odd[k] + 5, str_from(odd[k]));
		}
		buf_release(&w.out);
	}
}

Test(packed, names_in_utf8_of_pax_are_bytes)
{
	AUTO_BUF struct buf tar = BUF_INIT, records = BUF_INIT;

	pax_record(&records, "path", STR("lead/\xe6\x97\xa5\xe6\x9c\xac"));
	tar_pax(&tar, 'x', buf_str(&records));
	tar_file(&tar, "lead/a", STR("a"));
	buf_reset(&records);
	pax_record(&records, "path", STR("lead/\xff invalid \xc3"));
	tar_pax(&tar, 'x', buf_str(&records));
	tar_file(&tar, "lead/b", STR("b"));
	tar_end(&tar);
	{
		AUTO_READING struct reading g = reading_bytes("names.tar", buf_str(&tar));

		reading_is_fine(&g, 2);
		reading_holds(&g, "\xe6\x97\xa5\xe6\x9c\xac", STR("a"));
		reading_holds(&g, "\xff invalid \xc3", STR("b"));
	}
}

Test(packed, very_long_path_is_refused)
{
	AUTO_BUF struct buf tar = BUF_INIT, records = BUF_INIT, path = BUF_INIT;

	for (size_t i = 0; i < LIMIT_PATH / 2 + 1; i++)
		buf_add_cstr(&path, "a/");
	pax_record(&records, "path", buf_str(&path));
	tar_pax(&tar, 'x', buf_str(&records));
	tar_file(&tar, "a", STR("a"));
	tar_end(&tar);
	{
		AUTO_READING struct reading g = reading_bytes("long.tar", buf_str(&tar));

		reading_failed(&g, ERROR_INPUT, "", "again");
	}
}

/* Sparse files */

static void put(char *at, size_t n, uint64_t v)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%011llo", (unsigned long long)v);
	memcpy(at, digits, n - 1);
}

/* Old GNU sparse: "A" * 512 at 1024, "B" * 512 at 1 MiB, and a hole to the end. */
static void old_sparse(struct buf *tar, const char *name, uint64_t size)
{
	const size_t at = tar->len;

	tar_header(tar, name, 'S', 1024, 0644, NULL);
	memcpy(tar->ptr + at + 257, "ustar  ", 8);
	memset(tar->ptr + at + 265, 0, 247);
	put(tar->ptr + at + 386, 12, 1024);
	put(tar->ptr + at + 398, 12, 512);
	put(tar->ptr + at + 410, 12, 1 << 20);
	put(tar->ptr + at + 422, 12, 512);
	put(tar->ptr + at + 434, 12, size);
	put(tar->ptr + at + 446, 12, 0);
	put(tar->ptr + at + 483, 12, size);
	tar_sum(tar, at);
	for (int i = 0; i < 1024; i++)
		buf_add_char(tar, i < 512 ? 'A' : 'B');
}

Test(packed, holes_of_gnu_sparse_files_are_zeros)
{
	AUTO_BUF struct buf tar = BUF_INIT, want = BUF_INIT;
	const size_t size = 3 * MIB + 5;

	old_sparse(&tar, "lead/sparse", size);
	tar_file(&tar, "lead/README", STR("hello"));
	tar_end(&tar);
	memset(buf_reserve(&want, size), 0, size);
	want.len = size;
	memset(want.ptr + 1024, 'A', 512);
	memset(want.ptr + (1 << 20), 'B', 512);
	{
		AUTO_READING struct reading g = reading_bytes("sparse.tar", buf_str(&tar));

		reading_is_fine(&g, 2);
		reading_holds(&g, "sparse", buf_str(&want));
		reading_holds(&g, "README", STR("hello"));
		cr_assert(g.facts.has_structure);
	}
}

Test(packed, holes_without_end_are_refused)
{
	AUTO_BUF struct buf tar = BUF_INIT;

	old_sparse(&tar, "lead/sparse", (uint64_t)7 << 30);
	tar_end(&tar);
	{
		AUTO_READING struct reading g = reading_bytes("sparse.tar", buf_str(&tar));

		reading_failed(&g, ERROR_TOO_LARGE, "holes", "");
	}
}

/* The two pieces of a sparse file at other places than in old_sparse(). */
static void sparse_at(struct buf *tar, uint64_t first, uint64_t second, uint64_t size)
{
	const size_t at = tar->len;

	old_sparse(tar, "lead/sparse", size);
	put(tar->ptr + at + 386, 12, first);
	put(tar->ptr + at + 410, 12, second);
	tar_sum(tar, at);
	tar_end(tar);
}

Test(packed, maps_of_sparse_files_that_go_back_or_beyond_are_refused)
{
	static const uint64_t maps[][3] = {
		{ 1 << 20, 1024, 1 << 22 },		/* backwards */
		{ 1024, 1024 + 256, 1 << 22 },		/* over each other */
		{ 1024, 1 << 20, 1 << 20 },		/* behind the end */
		{ 0, (uint64_t)3 << 30, ((uint64_t)3 << 30) + 512 },	/* too large a hole */
	};

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
		AUTO_BUF struct buf tar = BUF_INIT;

		sparse_at(&tar, maps[i][0], maps[i][1], maps[i][2]);
		{
			AUTO_READING struct reading g = reading_bytes("sparse.tar", buf_str(&tar));

			reading_failed(&g, i < 3 ? ERROR_INPUT : ERROR_TOO_LARGE, "member lead/sparse", "");
		}
	}
}

Test(packed, archive_within_that_is_stored_sparse_is_refused)
{
	AUTO_BUF struct buf tar = BUF_INIT, meta = BUF_INIT;

	pack_gzip(STR("meta"), &meta);
	tar_file(&tar, "metadata.gz", buf_str(&meta));
	old_sparse(&tar, "data.tar.gz", 3 * MIB);
	tar_end(&tar);
	{
		AUTO_READING struct reading g = reading_bytes("a.gem", buf_str(&tar));

		reading_failed(&g, ERROR_INPUT, "stored sparse", "again");
	}
}

Test(packed, sparse_files_of_tar_are_read_in_all_its_formats)
{
	static const char *const options[] = {
		"--format=gnu", "--format=pax --sparse-version=0.0", "--format=pax --sparse-version=0.1",
		"--format=pax --sparse-version=1.0",
	};
	AUTO_BUF struct buf want = BUF_INIT;

	if (!pack_have("tar"))
		SKIP("tar is not installed");
	file_write("lead/README", "hello", 5);
	sh("truncate -s 1000001 lead/sparse lead/hole; for i in 1 5 6 9 12 17 30 41; do "
	   "printf data$i | dd of=lead/sparse bs=8192 seek=$i conv=notrunc status=none; done");
	file_read("lead/sparse", &want);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		sh("tar -cSf sparse.tar %s --hole-detection=raw lead", options[i]);
		{
			AUTO_READING struct reading g = reading_of("sparse.tar");
			AUTO_BUF struct buf zeros = BUF_INIT;

			memset(buf_reserve(&zeros, 1000001), 0, 1000001);
			zeros.len = 1000001;
			reading_is_fine(&g, 3);
			reading_holds(&g, "sparse", buf_str(&want));
			reading_holds(&g, "hole", buf_str(&zeros));
			cr_assert_lt(g.r.artifact.content_size, 500000);
		}
	}
}

/* Zip */

Test(packed, zip_in_any_form_is_read)
{
	static const char *const options[] = { "zip:compression=store", "zip:compression=deflate",
					       "zip:zip64", "zip:!zip64" };
	AUTO_BUF struct buf large = BUF_INIT;

	pack_prose(&large, 700000, 1);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		struct writer w;

		write_begin(&w, archive_write_set_format_zip, options[i]);
		write_member(&w, "hello-1.2/", S_IFDIR | 0755, STR(""));
		write_member(&w, "hello-1.2/README", S_IFREG | 0644, STR("read me\n"));
		write_member(&w, "hello-1.2/run", S_IFREG | 0755, buf_str(&large));
		write_member(&w, "hello-1.2/empty", S_IFREG | 0644, STR(""));
		write_member(&w, "hello-1.2/link", S_IFLNK | 0777, STR("README"));
		{
			AUTO_READING struct reading g = reading_bytes("hello.zip", write_end(&w));

			reading_is_fine(&g, 4);
			reading_holds(&g, "README", STR("read me\n"));
			reading_holds(&g, "run", buf_str(&large));
			reading_holds(&g, "empty", STR(""));
			cr_assert(entry_executable(reading_entry(&g, "run")));
			cr_assert_eq(reading_entry(&g, "link")->type, ENTRY_LINK);
			cr_assert(str_eq(g.r.artifact.format, STR("zip")));
			cr_assert(g.r.artifact.has_sha256);
			cr_assert_not(g.r.artifact.has_content_sha256);
			cr_assert_not(g.facts.has_structure);
		}
		buf_release(&w.out);
	}
}

Test(packed, zip_made_in_a_pipe_is_read)
{
	AUTO_BUF struct buf content = BUF_INIT;

	if (!pack_have("zip"))
		SKIP("zip is not installed");
	pack_prose(&content, 300000, 1);
	file_write("lead/a", content.ptr, content.len);
	file_write("lead/b", "", 0);
	sh("zip -qr - lead | cat >piped.zip; zip -q0r stored.zip lead");
	{
		AUTO_READING struct reading g = reading_of("piped.zip");
		AUTO_READING struct reading h = reading_of("stored.zip");

		reading_is_fine(&g, 2);
		reading_holds(&g, "a", buf_str(&content));
		reading_is_fine(&h, 2);
		reading_holds(&h, "b", STR(""));
	}
}

Test(packed, encrypted_zip_is_refused_by_name)
{
	if (!pack_have("zip"))
		SKIP("zip is not installed");
	file_text("lead/secret", "hello");
	sh("zip -qr -P password secret.zip lead");
	{
		AUTO_READING struct reading g = reading_of("secret.zip");

		reading_failed(&g, ERROR_INPUT, "lead/secret: is encrypted", "no passwords");
	}
}

Test(packed, cut_zip_is_never_read_as_a_whole_one)
{
	struct writer w;
	struct str zip;

	write_begin(&w, archive_write_set_format_zip, "zip:compression=deflate");
	write_member(&w, "hello-1.2/README", S_IFREG | 0644, STR("read me\n"));
	write_member(&w, "hello-1.2/NEWS", S_IFREG | 0644, STR("no news\n"));
	zip = write_end(&w);
	for (size_t n = 1; n < zip.len - 22; n++) {
		AUTO_READING struct reading g = reading_bytes("cut.zip", str_first(zip, n));

		cr_assert_eq(g.status, -1, "%zu of %zu", n, zip.len);
		cr_assert_eq(g.err.code, ERROR_INPUT);
		cr_assert_neq(g.err.hint[0], '\0');
	}
	buf_release(&w.out);
}

/* Archives within archives */

static void gem(struct buf *to, struct str data)
{
	AUTO_BUF struct buf meta = BUF_INIT;

	pack_gzip(STR("--- !ruby/object:Gem::Specification\n"), &meta);
	tar_file(to, "metadata.gz", buf_str(&meta));
	tar_file(to, "data.tar.gz", data);
	tar_file(to, "checksums.yaml.gz", buf_str(&meta));
	tar_end(to);
}

Test(packed, gem_is_its_inner_archive)
{
	AUTO_BUF struct buf inner = BUF_INIT, packed = BUF_INIT, outer = BUF_INIT, large = BUF_INIT;

	pack_noise(&large, 3 * MIB, 1);
	tar_file(&inner, "lib/hello.rb", STR("puts 1\n"));
	tar_file(&inner, "large", buf_str(&large));
	tar_file(&inner, "README", STR("hello"));
	tar_end(&inner);
	pack_gzip(buf_str(&inner), &packed);
	gem(&outer, buf_str(&packed));
	{
		AUTO_READING struct reading g = reading_bytes("hello-1.2.gem", buf_str(&outer));
		struct sha256 want;

		reading_is_fine(&g, 3);
		reading_holds(&g, "lib/hello.rb", STR("puts 1\n"));
		reading_holds(&g, "large", buf_str(&large));
		cr_assert(str_eq(g.r.artifact.format, STR("gem")));
		cr_assert_eq(g.r.artifact.parts_n, 3);
		cr_assert_str_eq(g.r.artifact.parts[0].role, "metadata");
		cr_assert_str_eq(g.r.artifact.parts[1].role, "orig");
		cr_assert(g.r.artifact.parts[1].audited);
		cr_assert_not(g.r.artifact.parts[2].audited);
		cr_assert_eq(g.r.artifact.parts[1].size, packed.len);
		digest_of(packed.ptr, packed.len, &want);
		cr_assert_arr_eq(g.r.artifact.parts[1].sha256.bytes, want.bytes, SHA256_SIZE);
		cr_assert_eq(g.r.findings_n, 0);
	}
}

Test(packed, damaged_inner_archive_is_an_error_of_that_member)
{
	AUTO_BUF struct buf inner = BUF_INIT, packed = BUF_INIT, noise = BUF_INIT;

	pack_noise(&noise, 2 * MIB, 1);
	tar_file(&inner, "large", buf_str(&noise));
	tar_end(&inner);
	pack_gzip(buf_str(&inner), &packed);
	for (size_t n = 0; n < packed.len; n += 1 + packed.len / 10) {
		AUTO_BUF struct buf outer = BUF_INIT;

		gem(&outer, str_first(buf_str(&packed), n));
		{
			AUTO_READING struct reading g = reading_bytes("hello-1.2.gem", buf_str(&outer));

			reading_failed(&g, ERROR_INPUT, "data.tar.gz", "again");
		}
	}
}

Test(packed, source_rpm_is_its_release_archive)
{
	AUTO_BUF struct buf inner = BUF_INIT, packed = BUF_INIT;

	if (!pack_have("rpmbuild"))
		SKIP("rpmbuild is not installed");
	hello(&inner);
	pack_gzip(buf_str(&inner), &packed);
	file_write("top/SOURCES/hello-1.2.tar.gz", packed.ptr, packed.len);
	file_text("top/SOURCES/fix.patch", "--- a\n+++ b\n");
	file_text("top/SPECS/hello.spec",
		  "Name: hello\nVersion: 1.2\nRelease: 3\nSummary: hello\nLicense: GPL\n"
		  "Source0: hello-1.2.tar.gz\nPatch0: fix.patch\nBuildArch: noarch\n"
		  "%description\nhello\n%prep\n%files\n");
	sh("rpmbuild --quiet --define \"_topdir $PWD/top\" -bs top/SPECS/hello.spec >/dev/null 2>&1; "
	   "cp top/SRPMS/*.src.rpm .");
	{
		AUTO_READING struct reading g = reading_of("hello-1.2-3.src.rpm");

		is_hello(&g);
		cr_assert(str_eq(g.r.artifact.format, STR("rpm")));
		cr_assert_eq(g.r.artifact.parts_n, 3);
		for (size_t i = 0; i < 3; i++)
			cr_assert_eq(g.r.artifact.parts[i].audited,
				     str_eq(g.r.artifact.parts[i].name, STR("hello-1.2.tar.gz")));
		cr_assert(g.r.artifact.has_sha256);
	}
	sh("cp hello-1.2-3.src.rpm other-9.9-1.src.rpm");
	{
		AUTO_READING struct reading g = reading_of("other-9.9-1.src.rpm");

		reading_failed(&g, ERROR_INPUT, "", "");
	}
	sh("head -c -200 hello-1.2-3.src.rpm >cut-1.2-3.src.rpm");
	{
		AUTO_READING struct reading g = reading_of("cut-1.2-3.src.rpm");

		reading_failed(&g, ERROR_INPUT, "", "again");
	}
}

/* What is wrong */

Test(packed, damaged_archives_are_errors_with_a_hint)
{
	AUTO_BUF struct buf tar = BUF_INIT, noise = BUF_INIT, packed = BUF_INIT;

	pack_noise(&noise, 500000, 1);
	tar_file(&tar, "lead/noise", buf_str(&noise));
	tar_file(&tar, "lead/more", buf_str(&noise));
	tar_end(&tar);
	for (size_t n = 513; n < tar.len - 1600; n += tar.len / 30) {
		AUTO_READING struct reading g = reading_bytes("cut.tar", str_first(buf_str(&tar), n));

		if (n > 512 + 500224 && n <= 512 + 500224 + 512)
			continue;
		reading_failed(&g, ERROR_INPUT, "cut.tar", "again");
	}
	pack_gzip(buf_str(&tar), &packed);
	for (size_t n = 1; n < packed.len; n += packed.len / 30) {
		AUTO_READING struct reading g = reading_bytes("cut.tar.gz", str_first(buf_str(&packed), n));

		reading_failed(&g, ERROR_INPUT, "cut.tar.gz", "");
		cr_assert_neq(g.err.hint[0], '\0');
	}
	packed.ptr[packed.len / 2] ^= 1;
	{
		AUTO_READING struct reading g = reading_bytes("flip.tar.gz", buf_str(&packed));

		reading_failed(&g, ERROR_INPUT, "gzip data at byte", "again");
	}
}

Test(packed, no_archive_is_an_error_that_says_what_can_be_read)
{
	static const char *const kind[] = { "random", "text", "script", "gzipped" };

	for (size_t i = 0; i < 4; i++) {
		AUTO_BUF struct buf bytes = BUF_INIT;

		if (i == 0)
			pack_noise(&bytes, 100000, 5);
		else if (i == 1)
			pack_prose(&bytes, 100000, 5);
		else if (i == 2)
			buf_add_cstr(&bytes, "#!/bin/sh\n");
		else
			pack_gzip(STR("just text in gzip, more than a few bytes of it\n"), &bytes);
		{
			AUTO_READING struct reading g = reading_bytes(kind[i], buf_str(&bytes));

			reading_failed(&g, ERROR_INPUT, kind[i], "tarproof reads tar");
		}
	}
}

Test(packed, empty_file_and_empty_archive_are_errors)
{
	AUTO_BUF struct buf tar = BUF_INIT, packed = BUF_INIT, nothing = BUF_INIT;

	tar_end(&tar);
	pack_xz(buf_str(&tar), &packed);
	pack_xz(STR(""), &nothing);
	{
		AUTO_READING struct reading a = reading_bytes("empty", STR(""));
		AUTO_READING struct reading b = reading_bytes("empty.tar", buf_str(&tar));
		AUTO_READING struct reading c = reading_bytes("empty.tar.xz", buf_str(&packed));
		AUTO_READING struct reading d = reading_bytes("nothing.xz", buf_str(&nothing));

		reading_failed(&a, ERROR_INPUT, "is empty", "again");
		reading_failed(&b, ERROR_INPUT, "no members", "again");
		reading_failed(&c, ERROR_INPUT, "no members", "again");
		reading_failed(&d, ERROR_INPUT, "no members", "again");
	}
}

Test(packed, bytes_behind_the_end_are_findings)
{
	AUTO_BUF struct buf tar = BUF_INIT, packed = BUF_INIT;
	size_t tar_len, packed_len;

	hello(&tar);
	tar_len = tar.len;
	buf_add_cstr(&tar, "hidden behind the tar");
	pack_gzip(buf_str(&tar), &packed);
	packed_len = packed.len;
	buf_add_cstr(&packed, "hidden behind the gzip");
	{
		AUTO_READING struct reading g = reading_bytes("trailing.tar.gz", buf_str(&packed));
		const struct finding *first = reading_finding(&g, RULE_TP105, 0);
		const struct finding *second = reading_finding(&g, RULE_TP105, 1);

		is_hello(&g);
		cr_assert(first && second);
		cr_assert_eq(first->offset, (int64_t)packed_len);
		cr_assert_eq(first->length, 22);
		cr_assert_eq(second->offset, (int64_t)tar_len);
		cr_assert_eq(second->length, 21);
		cr_assert_not(g.facts.has_structure);
	}
}

Test(packed, commit_of_git_archive_is_found)
{
	AUTO_BUF struct buf tar = BUF_INIT, records = BUF_INIT;

	pax_record(&records, "comment", STR("0123456789abcdef0123456789abcdef01234567"));
	tar_pax(&tar, 'g', buf_str(&records));
	hello(&tar);
	{
		AUTO_READING struct reading g = reading_bytes("hello.tar", buf_str(&tar));
		struct result r;
		struct error err = ERROR_INIT;

		is_hello(&g);
		cr_assert(str_eq(g.r.artifact.archive_commit,
				 STR("0123456789abcdef0123456789abcdef01234567")));
		result_init(&r);
		cr_assert_eq(artifact_peek("hello.tar", &r, &err), 0);
		cr_assert(str_eq(r.artifact.archive_commit, g.r.artifact.archive_commit));
		cr_assert(str_starts(r.artifact.lead, STR("hello-1.2")));
		result_release(&r);
	}
}

/* Large members and many of them: nothing hangs, and any number of workers says the same. */

static void same_in_any_threads(const char *path, size_t entries)
{
	AUTO_READING struct reading one = reading_with(path, (struct artifact_options){ .jobs = 1 });
	AUTO_READING struct reading many = reading_with(path, (struct artifact_options){
								.jobs = 5, .all_sha256 = true });

	reading_is_fine(&one, entries);
	reading_is_fine(&many, entries);
	for (size_t i = 0; i < entries; i++)
		cr_assert(oid_eq(&one.r.artifact_tree.v[i].oid, &many.r.artifact_tree.v[i].oid));
	cr_assert_arr_eq(one.facts.structure.bytes, many.facts.structure.bytes, SHA256_SIZE);
}

Test(packed, huge_member_passes_through)
{
	AUTO_BUF struct buf tar = BUF_INIT, noise = BUF_INIT, packed = BUF_INIT;

	pack_noise(&noise, 40 * MIB, 1);
	tar_file(&tar, "lead/first", STR("x"));
	tar_file(&tar, "lead/huge", buf_str(&noise));
	tar_file(&tar, "lead/last", STR("y"));
	tar_end(&tar);
	file_write("huge.tar", tar.ptr, tar.len);
	same_in_any_threads("huge.tar", 3);
	pack_zstd(buf_str(&tar), &packed);
	file_write("huge.tar.zst", packed.ptr, packed.len);
	same_in_any_threads("huge.tar.zst", 3);
}

Test(packed, members_of_all_sizes_pass_through)
{
	AUTO_BUF struct buf tar = BUF_INIT, noise = BUF_INIT;

	pack_noise(&noise, 3 * MIB, 1);
	for (unsigned int i = 0; i < 6000; i++) {
		const size_t n = i % 500 == 0 ? 3 * MIB - i : i % 50 == 0 ? 200000 + i : i % 700;
		char name[64];

		snprintf(name, sizeof(name), "lead/%u/%u", i % 37, i);
		tar_file(&tar, name, str_first(buf_str(&noise), n));
	}
	tar_end(&tar);
	file_write("many.tar", tar.ptr, tar.len);
	same_in_any_threads("many.tar", 6000);
}

Test(packed, zip_of_large_members_passes_through)
{
	AUTO_BUF struct buf noise = BUF_INIT;
	struct writer w;

	pack_noise(&noise, 20 * MIB, 1);
	write_begin(&w, archive_write_set_format_zip, "zip:compression=store");
	write_member(&w, "lead/huge", S_IFREG | 0644, buf_str(&noise));
	for (unsigned int i = 0; i < 300; i++) {
		char name[64];

		snprintf(name, sizeof(name), "lead/%u", i);
		write_member(&w, name, S_IFREG | 0644, str_first(buf_str(&noise), i * 1000));
	}
	write_end(&w);
	file_write("large.zip", w.out.ptr, w.out.len);
	buf_release(&w.out);
	same_in_any_threads("large.zip", 301);
}

/* Stopping */

struct countdown {
	int left;
};

static int tick(void *ctx, struct error *err)
{
	struct countdown *c = ctx;

	return c->left-- > 0 ? 0 : error_set(err, ERROR_INTERRUPTED, "stopped by the test");
}

Test(packed, stops_when_it_is_told_to)
{
	AUTO_BUF struct buf tar = BUF_INIT, noise = BUF_INIT;
	_Atomic uint64_t done = 0;

	pack_noise(&noise, 30 * MIB, 1);
	tar_file(&tar, "lead/huge", buf_str(&noise));
	for (unsigned int i = 0; i < 2000; i++)
		tar_file(&tar, "lead/small", STR("x"));
	tar_end(&tar);
	file_write("large.tar", tar.ptr, tar.len);
	for (int left = 0; left < 3; left++) {
		struct countdown c = { left };
		AUTO_READING struct reading g = reading_with("large.tar", (struct artifact_options){
			.jobs = 2, .tick = { tick, &c }, .done = &done });

		reading_failed(&g, ERROR_INTERRUPTED, "stopped by the test", "");
	}
	cr_assert_gt(done, 0);
}

static bool known_size(void *ctx, const struct entry *e, uint64_t *size)
{
	(void)ctx;
	*size = e->size;
	return true;
}

Test(packed, full_disk_is_an_error_of_the_system)
{
	AUTO_BUF struct buf tar = BUF_INIT, noise = BUF_INIT;
	struct tree origin = TREE_INIT;

	pack_noise(&noise, 10 * MIB, 1);
	for (unsigned int i = 0; i < 5; i++)
		tar_file(&tar, i ? "lead/more" : "lead/large", buf_str(&noise));
	tar_end(&tar);
	file_write("large.tar", tar.ptr, tar.len);
	setenv("TMPDIR", "/nonexistent/folder", 1);
	{
		AUTO_READING struct reading g = reading_with("large.tar", (struct artifact_options){
			.jobs = 2, .expect = { .origin = &origin, .size = known_size } });

		reading_failed(&g, ERROR_SYSTEM, "temporary file", "TMPDIR");
	}
}
