#include "input/dsc.h"

#include <criterion/criterion.h>

#include "base/memory.h"
#include "input/pack.h"
#include "input/reading.h"
#include "support/run.h"

#define SUM_A "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SUM_B "ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef0123456789"

static void cleanup_dsc(struct dsc *d)
{
	memory_free(d->parts);
}

#define AUTO_DSC CLEANUP(cleanup_dsc)

static const struct dsc_part *part(const struct dsc *d, const char *name)
{
	for (size_t i = 0; i < d->parts_n; i++)
		if (str_eq(d->parts[i].name, str_from(name)))
			return &d->parts[i];
	cr_assert_fail("%s", name);
	return NULL;
}

Test(dsc, is_known_by_its_first_line)
{
	cr_assert(dsc_probe(STR("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n")));
	cr_assert(dsc_probe(STR("Format: 3.0 (quilt)\n")));
	cr_assert(dsc_probe(STR("Format: 1.0\n")));
	cr_assert_not(dsc_probe(STR("-----BEGIN PGP PUBLIC KEY BLOCK-----\n")));
	cr_assert_not(dsc_probe(STR("Source: hello\n")));
	cr_assert_not(dsc_probe(STR("")));
}

Test(dsc, parts_have_the_roles_of_their_names)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	AUTO_DSC struct dsc d;
	struct error err = ERROR_INIT;

	cr_assert_eq(dsc_parse(&a, STR("Format: 3.0 (quilt)\nSource: hello\nVersion: 1:1.2-3\n"
		"Files:\n 0123 5 nonsense\nChecksums-Sha256:\n"
		" " SUM_A " 5 hello_1.2.orig.tar.xz\n"
		" " SUM_B " 123456789012345 hello_1.2.orig-docs.tar.gz\n"
		"\t" SUM_A " 5 hello_1.2.orig.tar.xz.asc\n"
		" " SUM_A " 5 hello_1.2.orig-docs.tar.gz.asc\n"
		" " SUM_A " 5 hello_1.2.orig-.tar.gz\n"
		" " SUM_A " 5 hello_1.2.orig-odd\n"
		" \n"
		" " SUM_A " 5 hello_1.2-3.debian.tar.xz\n"
		"no colon\nDsc:\n " SUM_A " 5 not/a/part\n"), &d, &err), 0, "%s", err.message);
	cr_assert(str_eq(d.source, STR("hello")));
	cr_assert(str_eq(d.version, STR("1:1.2-3")));
	cr_assert_eq(d.parts_n, 7);
	cr_assert_str_eq(part(&d, "hello_1.2.orig.tar.xz")->role, "orig");
	cr_assert_str_eq(part(&d, "hello_1.2.orig-docs.tar.gz")->role, "component");
	cr_assert(str_eq(part(&d, "hello_1.2.orig-docs.tar.gz")->component, STR("docs")));
	cr_assert_eq(part(&d, "hello_1.2.orig-docs.tar.gz")->size, 123456789012345);
	cr_assert_eq(part(&d, "hello_1.2.orig-docs.tar.gz")->sha256.bytes[0], 0xab);
	cr_assert_str_eq(part(&d, "hello_1.2.orig.tar.xz.asc")->role, "signature");
	cr_assert_str_eq(part(&d, "hello_1.2.orig-docs.tar.gz.asc")->role, "signature");
	cr_assert_str_eq(part(&d, "hello_1.2.orig-.tar.gz")->role, "packaging");
	cr_assert_str_eq(part(&d, "hello_1.2.orig-odd")->role, "packaging");
	cr_assert_str_eq(part(&d, "hello_1.2-3.debian.tar.xz")->role, "packaging");
}

Test(dsc, native_package_is_its_only_tarball)
{
	static const char *const formats[] = { "3.0 (native)", "1.0" };

	for (size_t i = 0; i < 2; i++) {
		AUTO_ARENA struct arena a = ARENA_INIT;
		AUTO_DSC struct dsc d;
		struct error err = ERROR_INIT;
		const struct str text = arena_strf(&a, "format:  %s \nchecksums-sha256:\n " SUM_A
						   " 5 hello_1.2.tar.xz\n", formats[i]);

		cr_assert_eq(dsc_parse(&a, text, &d, &err), 0);
		cr_assert_str_eq(part(&d, "hello_1.2.tar.xz")->role, "orig");
	}
}

Test(dsc, only_what_was_signed_counts)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	AUTO_DSC struct dsc d;
	struct error err = ERROR_INIT;

	cr_assert_eq(dsc_parse(&a, STR("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n"
		"Checksums-Sha256:\n " SUM_A " 5 header.tar\n\n"
		"Format: 3.0 (quilt)\nChecksums-Sha256:\n " SUM_A " 5 hello_1.2.orig.tar.xz\n"
		"-----BEGIN PGP SIGNATURE-----\n\nChecksums-Sha256:\n " SUM_A " 5 evil.orig.tar.xz\n"),
		&d, &err), 0);
	cr_assert_eq(d.parts_n, 1);
}

Test(dsc, malformed_checksums_are_errors)
{
	static const char *const bad[] = {
		" 0123 5 a.orig.tar", " " SUM_A "0 5 a.orig.tar", " " SUM_A, " " SUM_A " 5",
		" " SUM_A " 5 a/b.orig.tar", " " SUM_A " 5 ../b.orig.tar", " " SUM_A " 5 .hidden",
		" " SUM_A " -5 a.orig.tar", " " SUM_A " 12345678901234567 a.orig.tar",
		" " SUM_A " 5x a.orig.tar",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		AUTO_ARENA struct arena a = ARENA_INIT;
		AUTO_DSC struct dsc d;
		struct error err = ERROR_INIT;
		const struct str text = arena_strf(&a, "Format: 1.0\nChecksums-Sha256:\n " SUM_A
						   " 5 good.orig.tar\n%s\n", bad[i]);

		cr_assert_eq(dsc_parse(&a, text, &d, &err), -1, "%s", bad[i]);
		cr_assert_eq(err.code, ERROR_INPUT);
		cr_assert(strstr(err.message, "malformed"));
	}
}

Test(dsc, without_checksums_is_an_error)
{
	AUTO_ARENA struct arena a = ARENA_INIT;
	AUTO_DSC struct dsc d;
	struct error err = ERROR_INIT;

	cr_assert_eq(dsc_parse(&a, STR("Format: 1.0\nFiles:\n 01 5 a.orig.tar\n"), &d, &err), -1);
	cr_assert_eq(err.code, ERROR_INPUT);
}

/* Source packages as artifacts */

static void add_part(struct buf *dsc, const char *name, struct str bytes)
{
	struct sha256 sum;
	char hex[SHA256_HEX + 1];

	file_write(name, bytes.len ? bytes.ptr : "", bytes.len);
	digest_of(bytes.ptr, bytes.len, &sum);
	hex_encode(sum.bytes, SHA256_SIZE, hex);
	buf_addf(dsc, " %s %zu %s\n", hex, bytes.len, strrchr(name, '/') ? strrchr(name, '/') + 1 : name);
}

static void make_package(const char *folder)
{
	AUTO_BUF struct buf dsc = BUF_INIT, orig = BUF_INIT, docs = BUF_INIT, packed = BUF_INIT;
	char name[200];

	buf_add_cstr(&dsc, "Format: 3.0 (quilt)\nSource: hello\nVersion: 1.2-3\nChecksums-Sha256:\n");
	tar_file(&orig, "hello-1.2/README", STR("hello"));
	tar_file(&orig, "hello-1.2/docs/a", STR("of the orig"));
	tar_end(&orig);
	pack_xz(buf_str(&orig), &packed);
	snprintf(name, sizeof(name), "%shello_1.2.orig.tar.xz", folder);
	add_part(&dsc, name, buf_str(&packed));
	tar_file(&docs, "whatever/b", STR("of the component"));
	tar_end(&docs);
	snprintf(name, sizeof(name), "%shello_1.2.orig-docs.tar.gz", folder);
	buf_reset(&packed);
	pack_gzip(buf_str(&docs), &packed);
	add_part(&dsc, name, buf_str(&packed));
	snprintf(name, sizeof(name), "%shello_1.2-3.debian.tar.xz", folder);
	add_part(&dsc, name, STR("packaging"));
	snprintf(name, sizeof(name), "%shello_1.2.orig.tar.xz.asc", folder);
	add_part(&dsc, name, STR("signature"));
	snprintf(name, sizeof(name), "%shello_1.2-3.dsc", folder);
	file_write(name, dsc.ptr, dsc.len);
}

Test(dsc, package_is_its_upstream_parts, .init = scratch_begin, .fini = scratch_end)
{
	static const char *const folders[] = { "", "sub/folder/" };

	for (size_t i = 0; i < 2; i++) {
		char path[100];

		make_package(folders[i]);
		snprintf(path, sizeof(path), "%shello_1.2-3.dsc", folders[i]);
		{
			AUTO_READING struct reading g = reading_of(path);

			reading_is_fine(&g, 3);
			reading_holds(&g, "README", STR("hello"));
			reading_holds(&g, "docs/a", STR("of the orig"));
			reading_holds(&g, "docs/b", STR("of the component"));
			cr_assert(str_eq(g.r.artifact.lead, STR("hello-1.2/")));
			cr_assert(str_eq(g.r.artifact.format, STR("dsc")));
			cr_assert_eq(g.r.artifact.parts_n, 4);
			cr_assert_eq(g.r.artifact.entries, 3);
			cr_assert_eq(g.r.findings_n, 0);
			cr_assert(g.r.artifact.has_content_sha256);
			cr_assert(g.r.artifact.has_sha256);
		}
	}
}

Test(dsc, part_of_another_checksum_is_a_finding, .init = scratch_begin, .fini = scratch_end)
{
	make_package("");
	sh("printf other >hello_1.2-3.debian.tar.xz; printf '\\0\\0\\0\\0' >>hello_1.2.orig.tar.xz");
	{
		AUTO_READING struct reading g = reading_of("hello_1.2-3.dsc");

		reading_is_fine(&g, 3);
		cr_assert_eq(reading_count(&g, RULE_TP106, "hello_1.2-3.debian.tar.xz"), 1);
		cr_assert_eq(reading_count(&g, RULE_TP106, "hello_1.2.orig.tar.xz"), 1);
		cr_assert_eq(reading_count(&g, RULE_TP106, NULL), 2);
	}
}

Test(dsc, missing_packaging_is_said_and_no_error, .init = scratch_begin, .fini = scratch_end)
{
	make_package("");
	sh("rm *.debian.tar.xz *.asc");
	{
		AUTO_READING struct reading g = reading_of("hello_1.2-3.dsc");

		reading_is_fine(&g, 3);
		cr_assert_eq(g.r.not_checked_n, 2);
	}
}

Test(dsc, missing_upstream_part_is_an_error, .init = scratch_begin, .fini = scratch_end)
{
	make_package("");
	sh("rm *.orig-docs.tar.gz");
	{
		AUTO_READING struct reading g = reading_of("hello_1.2-3.dsc");

		reading_failed(&g, ERROR_SYSTEM, "part hello_1.2.orig-docs.tar.gz", "into one folder");
	}
}

Test(dsc, symbolic_link_is_no_part, .init = scratch_begin, .fini = scratch_end)
{
	make_package("");
	sh("mv hello_1.2.orig-docs.tar.gz other; ln -s other hello_1.2.orig-docs.tar.gz");
	{
		AUTO_READING struct reading g = reading_of("hello_1.2-3.dsc");

		reading_failed(&g, ERROR_SYSTEM, "part hello_1.2.orig-docs.tar.gz", "");
	}
}

Test(dsc, damaged_part_is_an_error, .init = scratch_begin, .fini = scratch_end)
{
	make_package("");
	sh("head -c 50 hello_1.2.orig.tar.xz >x; mv x hello_1.2.orig.tar.xz");
	{
		AUTO_READING struct reading g = reading_of("hello_1.2-3.dsc");

		reading_failed(&g, ERROR_INPUT, "part hello_1.2.orig.tar.xz", "again");
	}
	sh("rm hello_1.2.orig.tar.xz; mkdir hello_1.2.orig.tar.xz");
	{
		AUTO_READING struct reading g = reading_of("hello_1.2-3.dsc");

		reading_failed(&g, ERROR_SYSTEM, "part hello_1.2.orig.tar.xz", "");
	}
}

Test(dsc, malformed_one_is_an_error, .init = scratch_begin, .fini = scratch_end)
{
	AUTO_READING struct reading g = reading_bytes("a.dsc", STR("Format: 1.0\nSource: a\n"));

	reading_failed(&g, ERROR_INPUT, "a.dsc: names no files", "");
}

static void peeks(const char *path, const char *lead)
{
	struct error err = ERROR_INIT;
	struct result r;

	result_init(&r);
	cr_assert_eq(artifact_peek(path, &r, &err), 0, "%s", err.message);
	cr_assert(str_starts(r.artifact.lead, str_from(lead)) && (*lead || !r.artifact.lead.len),
		  "%.*s", STR_FMT(r.artifact.lead));
	result_release(&r);
}

Test(dsc, start_of_the_orig_is_peeked_at, .init = scratch_begin, .fini = scratch_end)
{
	make_package("sub/");
	peeks("sub/hello_1.2-3.dsc", "hello-1.2");
	sh("rm sub/*.orig.tar.xz");
	peeks("sub/hello_1.2-3.dsc", "");
	file_text("bad.dsc", "Format: 1.0\nChecksums-Sha256:\n " SUM_A " 5 a.orig.tar.gz\n bad\n");
	peeks("bad.dsc", "");
}
