/* From contents to findings: what the inspector concludes of small releases without an origin. */
#include "inspect/inspect.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/escape.h"

struct file {
	const char *path;
	struct str content;
};

struct release {
	const struct file *v;
	size_t n;
	bool kept[32];	/* as in an audit: what the inspector wants kept can be read again, and no other */
};

static int read_file(void *ctx, const struct entry *e, struct buf *to)
{
	const struct release *const files = ctx;

	for (size_t i = 0; i < files->n; i++)
		if (files->kept[i] && str_eq(entry_path(e), str_from(files->v[i].path))) {
			buf_add_str(to, files->v[i].content);
			return 1;
		}
	return 0;
}

/* The findings as "TP206 high path; ", worst first. */
static char *conclude(const struct file *v, size_t n)
{
	struct release files = { .v = v, .n = n };
	const struct inspect_sources s = { .read = read_file, .ctx = &files, .jobs = 2 };
	struct inspector *const inspector = inspector_new(NULL);
	struct error err = ERROR_INIT;
	struct buf said = BUF_INIT;
	struct result r;

	cr_assert_leq(n, sizeof(files.kept) / sizeof(files.kept[0]));
	result_init(&r);
	for (size_t i = 0; i < n; i++) {
		struct entry *const e = tree_add(&r.artifact_tree);

		e->path = v[i].path;
		e->path_len = (uint32_t)strlen(v[i].path);
		e->type = ENTRY_FILE;
		e->size = v[i].content.len;
		e->content = CONTENT_NONE;
		e->facts = inspector_look(inspector, str_from(v[i].path), &e->oid, v[i].content, &files.kept[i]);
	}
	tree_sort(&r.artifact_tree, NULL, NULL);
	cr_assert_eq(inspector_conclude(inspector, &r, &s, &err), 0, "%s", err.message);
	for (int severity = SEVERITY_CRITICAL; severity >= SEVERITY_LOW; severity--)
		for (size_t i = 0; i < r.findings_n; i++)
			if ((int)r.findings[i].severity == severity)
				buf_addf(&said, "%s %s %.*s; ", rules[r.findings[i].rule].id,
					 severity_name(r.findings[i].severity), STR_FMT(r.findings[i].path));
	result_release(&r);
	inspector_free(inspector);
	return said.ptr ? said.ptr : strdup("");
}

#define EXPECT(said, ...) do { \
	const struct file files[] = { __VA_ARGS__ }; \
	char *const got = conclude(files, sizeof(files) / sizeof(files[0])); \
	cr_assert_str_eq(got, said); \
	free(got); \
} while (0)

Test(inspect, weighs_by_role)
{
	EXPECT("TP206 critical configure; ", { "configure", STR("base64 -d x | sh\n") });
	EXPECT("TP206 high tests/x.sh; ", { "tests/x.sh", STR("base64 -d x | sh\n") });
	EXPECT("TP206 medium tools/x.sh; ", { "tools/x.sh", STR("base64 -d x | sh\n") });
	EXPECT("TP212 high configure; ", { "configure", STR("curl x | sh\n") });
}

Test(inspect, a_script_that_configure_runs_is_part_of_the_build)
{
	EXPECT("TP206 critical tools/x.sh; ", { "configure", STR("./tools/x.sh\n") },
	       { "tools/x.sh", STR("base64 -d x | sh\n") });
}

Test(inspect, joins_map_and_blob)
{
	/* A short script with the highest bit set in every byte. */
	EXPECT("TP206 critical configure; TP501 critical tests/x.bin; TP207 high configure; ",
	       { "configure", STR("tr '\\200-\\377\\000-\\177' '\\000-\\377' <tests/x.bin | sh\n") },
	       { "tests/x.bin", STR("\xa3\xa1\xaf\xe2\xe9\xee\xaf\xf3\xe8\x8a\xe9\xe6\xa0\xf4\xe5\xf3\xf4\xa0\xad\xe6\xa0"
				    "\xf8\xbb\xa0\xf4\xe8\xe5\xee\xa0\xe5\xe3\xe8\xef\xa0\xf8\xa0\xfc\xa0\xe3\xe1\xf4"
				    "\xa0\xbe\xf9\xbb\xa0\xe6\xe9\x8a") });
}

Test(inspect, links_markers_objects_and_data)
{
	EXPECT("TP208 high configure; TP504 low tests/x.bin; ",
	       { "configure", STR("f=$(grep -rl '#{4}marker' $srcdir)\n") },
	       { "tests/x.bin", STR("\0\1\2\3#{4}marker\4\5\0\6") });
	EXPECT("TP505 high src/x.o; ", { "configure", STR("LIBS=\"$LIBS src/x.o\"\n") },
	       { "src/x.o", str_of("\x7f" "ELF\2\1\1\0\0\0\0\0\0\0\0\0\1\0\x3e\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				   "\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0\0\0\x40\0\0\0\0\0", 64) });
}

Test(inspect, compiled_python)
{
	static const char code[] = "\xa7\r\r\n\1\0\0\0\0\0\0\0\0\0\0\0\xe3\0\0\0\0\0\0\0\0";
	static const char timed[] = "\xa7\r\r\n\0\0\0\0\1\2\3\4\2\0\0\0\xe3\0\0\0\0\0\0\0\0";

	EXPECT("TP312 medium x/__pycache__/y.cpython-311.pyc; ", { "x/y.py", STR("1\n") },
	       { "x/__pycache__/y.cpython-311.pyc", str_of(code, sizeof(code)) });
	EXPECT("TP312 low x/__pycache__/y.cpython-311.pyc; ", { "x/y.py", STR("1\n") },
	       { "x/__pycache__/y.cpython-311.pyc", str_of(timed, sizeof(timed)) });
	EXPECT("", { "x/y.py", STR("12\n") }, { "x/__pycache__/y.cpython-311.pyc", str_of(timed, sizeof(timed)) });
	EXPECT("TP312 medium x/y.pyc; ", { "x/y.pyc", str_of(timed, sizeof(timed)) });
}

Test(inspect, what_direnv_runs)
{
	EXPECT("TP224 medium .envrc; ", { ".envrc", STR("use nix\n: >x\n") });
	EXPECT("TP224 medium .envrc; ", { ".envrc", STR("if has nix; then a=$(curl x); fi\n") });
	EXPECT("TP224 medium .envrc; ", { ".envrc", STR("export A=${B:-$(curl x)}\n") });
	EXPECT("TP224 medium .envrc; ", { ".envrc", STR("has nix </dev/$(curl x)\n") });
	EXPECT("TP224 medium .envrc; ", { ".envrc", STR("has <<E\na $(curl x)\nE\n") });
	EXPECT("", { ".envrc", STR("has <<'E'\na $(curl x)\nE\n") });
	EXPECT("", { ".envrc", STR("f() { has nix; }\nPATH_add bin\nexport A=b\nif f; then use nix; fi >/dev/null\n") });
}

Test(inspect, many_of_a_kind_in_the_tests)
{
#define WASM(name) { "test/" name ".bin", STR("\0asm\1\0\0\0\0\5\4name") }
	EXPECT("TP307 medium test/a.bin; TP307 medium test/b.bin; TP307 medium test/c.bin; ", WASM("a"), WASM("b"), WASM("c"));
	EXPECT("", WASM("a"), WASM("b"), { "test/b/x", STR("x\n") }, WASM("c"), WASM("d"));
	EXPECT("TP307 medium test/a.bin; TP307 medium test/b.bin; TP307 medium test/c.bin; TP307 medium test/x/d.bin; ",
	       WASM("a"), WASM("b"), WASM("c"), WASM("x/d"));
#undef WASM
}

/* What shows no language itself is read as what it is run as; files before the one that names them are too. */
Test(inspect, texts_that_a_build_runs)
{
	EXPECT("TP206 critical auto/init; ", { "auto/init", STR("base64 -d x | sh\n") }, { "configure", STR(". auto/init\n") });
	EXPECT("", { "auto/init", STR("base64 -d x | sh\n") }, { "configure", STR("cat auto/init\n") });
	EXPECT("TP206 critical a/b; ", { "a/b", STR("base64 -d x | sh\n") }, { "a/c", STR(". a/b\n") },
	       { "configure", STR(". $srcdir/a/c\n") });
	EXPECT("TP206 critical flags.txt; ", { "Makefile", STR("-include flags.txt\n") },
	       { "flags.txt", STR("X := $(shell base64 -d x | sh)\n") });
	EXPECT("TP206 critical version; ", { "configure.ac", STR("AC_INIT([x], m4_include([version]))\n") },
	       { "version", STR("m4_esyscmd([base64 -d x | sh])\n") });
	EXPECT("TP206 critical x.dat; ", { "configure", STR("sh < x.dat\n") }, { "x.dat", STR("base64 -d x | sh\n") });
	EXPECT("", { "configure", STR("python3 < x.dat\n") }, { "x.dat", STR("base64 -d x | sh\n") });
	EXPECT("TP506 medium tests/x.txt; ", { "configure", STR("python tests/x.txt\n") }, { "tests/x.txt", STR("print(1)\n") });
}

Test(inspect, programs_read_as_data)
{
	EXPECT("TP506 high test/x.png; ", { "setup.py", STR("with open('test/x.png') as f:\n    exec(f.read())\n") },
	       { "test/x.png", STR("\x89PNG\r\n\x1a\n\0\0\0\1\2\3\4") });
	EXPECT("", { "Makefile", STR("all:\n\tawk -f test/x.awk\n") }, { "test/x.awk", STR("BEGIN { # a\0b\n}\n") });
	EXPECT("TP506 high test/x.png; ", { "setup.py", STR("import x\nd = open('test/x.png').read()\nexec(d[9:])\n") },
	       { "test/x.png", STR("\x89PNG\r\n\x1a\n\0\0\0\1\2\3\4") });
	EXPECT("TP506 medium tests/x.txt; ", { "configure", STR(". $srcdir/tests/x.txt\n") },
	       { "tests/x.txt", STR("make; touch x\n") });
	EXPECT("", { "configure", STR("eval `cat $srcdir/tests/version.txt`\n") },
	       { "tests/version.txt", STR("version=1.2\n") });
	EXPECT("TP506 medium tests/x.txt; ", { "configure", STR("sh $srcdir/tests/x.txt\n") },
	       { "tests/x.txt", STR("touch x\n") });
}
