#include "inspect/role.h"

static struct str suffix_of(struct str base)
{
	const size_t dot = str_rfind(base, '.');

	return dot == (size_t)-1 || dot == 0 ? STR("") : str_from_at(base, dot + 1);
}

/* Words of a component: "unit-tests_data" holds "tests". */
static bool holds_test_word(struct str component)
{
	static const struct str words[] = {
		STR("test"), STR("tests"), STR("testing"), STR("testsuite"), STR("testsuites"),
		STR("testdata"), STR("testlib"), STR("testcases"), STR("spec"), STR("regress"),
		STR("regression"), STR("examples"), STR("example"), STR("demo"), STR("demos"),
		STR("fuzz"), STR("fuzzing"), STR("fuzzers"), STR("corpus"), STR("corpora"),
		STR("bench"), STR("benchmark"), STR("benchmarks"), STR("samples"), STR("t"), STR("xt"),
		STR("selftest"), STR("selftests"), STR("check"), STR("checks"), STR("ci"),
	};
	size_t begin = 0;

	for (size_t i = 0; i <= component.len; i++) {
		struct str word;

		if (i < component.len && !strchr("-_. ", component.ptr[i]))
			continue;
		word = str_of(component.ptr + begin, i - begin);
		begin = i + 1;
		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
			if (str_case_eq(word, words[k]))
				return true;
	}
	return false;
}

bool role_in_tests(struct str path)
{
	struct str part;
	const struct str base = str_base(path);

	if (path.len == base.len)
		return false;
	path = str_first(path, path.len - base.len - 1);
	while (str_next_component(&path, &part))
		if (holds_test_word(part))
			return true;
	return false;
}

struct name_row {
	struct str name;	/* of the file; with a '.' in front: its suffix */
	enum role role;
	enum language language;
	const char *implicit;
};

/* What tools take up by name. Sources: the manuals of the tools named. */
static const struct name_row rows[] = {
	{ STR("configure"), ROLE_BUILD, LANGUAGE_SHELL, NULL },
	{ STR("configure.ac"), ROLE_BUILD, LANGUAGE_M4, NULL },
	{ STR("configure.in"), ROLE_BUILD, LANGUAGE_M4, NULL },
	{ STR(".m4"), ROLE_BUILD, LANGUAGE_M4, NULL },
	{ STR(".ac"), ROLE_BUILD, LANGUAGE_M4, NULL },
	{ STR("GNUmakefile"), ROLE_BUILD, LANGUAGE_MAKE, "GNU make reads it instead of Makefile" },
	{ STR("makefile"), ROLE_BUILD, LANGUAGE_MAKE, "make reads it instead of Makefile" },
	{ STR("Makefile"), ROLE_BUILD, LANGUAGE_MAKE, NULL },
	{ STR("Makefile.in"), ROLE_BUILD, LANGUAGE_MAKE, NULL },
	{ STR("Makefile.in.in"), ROLE_BUILD, LANGUAGE_MAKE, NULL },
	{ STR("Makefile.am"), ROLE_BUILD, LANGUAGE_MAKE, NULL },
	{ STR(".am"), ROLE_BUILD, LANGUAGE_MAKE, NULL },
	{ STR(".mk"), ROLE_BUILD, LANGUAGE_MAKE, NULL },
	{ STR(".mak"), ROLE_BUILD, LANGUAGE_MAKE, NULL },
	{ STR(".make"), ROLE_BUILD, LANGUAGE_MAKE, NULL },
	{ STR("autogen.sh"), ROLE_BUILD, LANGUAGE_SHELL, NULL },
	{ STR("buildconf"), ROLE_BUILD, LANGUAGE_SHELL, NULL },
	{ STR("ltmain.sh"), ROLE_BUILD, LANGUAGE_SHELL, NULL },
	{ STR("libtool"), ROLE_BUILD, LANGUAGE_SHELL, NULL },
	{ STR("config.status"), ROLE_BUILD, LANGUAGE_SHELL, "make runs it" },
	{ STR("config.site"), ROLE_BUILD, LANGUAGE_SHELL, "configure sources it where CONFIG_SITE names it" },
	{ STR("config.cache"), ROLE_BUILD, LANGUAGE_SHELL, "configure -C sources it" },
	{ STR(".pc"), ROLE_BUILD, LANGUAGE_NONE, NULL },
	{ STR("CMakeLists.txt"), ROLE_BUILD, LANGUAGE_CMAKE, NULL },
	{ STR(".cmake"), ROLE_BUILD, LANGUAGE_CMAKE, NULL },
	{ STR("CMakePresets.json"), ROLE_BUILD, LANGUAGE_JSON, "cmake --preset takes its settings from it" },
	{ STR("CMakeUserPresets.json"), ROLE_BUILD, LANGUAGE_JSON, "cmake reads it" },
	{ STR("meson.build"), ROLE_BUILD, LANGUAGE_MESON, NULL },
	{ STR("meson_options.txt"), ROLE_BUILD, LANGUAGE_MESON, NULL },
	{ STR("meson.options"), ROLE_BUILD, LANGUAGE_MESON, NULL },
	{ STR(".wrap"), ROLE_BUILD, LANGUAGE_TOML, NULL },
	{ STR("setup.py"), ROLE_BUILD, LANGUAGE_PYTHON, NULL },
	{ STR("setup.cfg"), ROLE_BUILD, LANGUAGE_TOML, NULL },
	{ STR("pyproject.toml"), ROLE_BUILD, LANGUAGE_TOML, NULL },
	{ STR("sitecustomize.py"), ROLE_BUILD, LANGUAGE_PYTHON, "python imports it at every start" },
	{ STR("usercustomize.py"), ROLE_BUILD, LANGUAGE_PYTHON, "python imports it at every start" },
	{ STR("conftest.py"), ROLE_TEST, LANGUAGE_PYTHON, NULL },
	{ STR(".pth"), ROLE_BUILD, LANGUAGE_PYTHON, "python runs its import lines at every start" },
	{ STR("Makefile.PL"), ROLE_BUILD, LANGUAGE_PERL, NULL },
	{ STR("Build.PL"), ROLE_BUILD, LANGUAGE_PERL, NULL },
	{ STR("package.json"), ROLE_BUILD, LANGUAGE_JSON, NULL },
	{ STR("npm-shrinkwrap.json"), ROLE_BUILD, LANGUAGE_JSON, NULL },
	{ STR(".npmrc"), ROLE_BUILD, LANGUAGE_TOML, "npm reads it" },
	{ STR(".yarnrc"), ROLE_BUILD, LANGUAGE_TOML, "yarn reads it" },
	{ STR(".yarnrc.yml"), ROLE_BUILD, LANGUAGE_TOML, "yarn reads it" },
	{ STR("binding.gyp"), ROLE_BUILD, LANGUAGE_PYTHON, "npm builds it when the package is installed" },
	{ STR("build.rs"), ROLE_BUILD, LANGUAGE_RUST, "cargo compiles and runs it" },
	{ STR("build.gradle"), ROLE_BUILD, LANGUAGE_OTHER_PROGRAM, NULL },
	{ STR("build.gradle.kts"), ROLE_BUILD, LANGUAGE_OTHER_PROGRAM, NULL },
	{ STR("init.gradle"), ROLE_BUILD, LANGUAGE_OTHER_PROGRAM, NULL },
	{ STR("BSDmakefile"), ROLE_BUILD, LANGUAGE_MAKE, "BSD make reads it instead of Makefile" },
	{ STR(".spec"), ROLE_DATA, LANGUAGE_NONE, "rpmbuild -ta builds from it" },
	{ STR("AGENTS.md"), ROLE_SCRIPT, LANGUAGE_SHELL, "coding agents follow it" },
	{ STR("CLAUDE.md"), ROLE_SCRIPT, LANGUAGE_SHELL, "coding agents follow it" },
	{ STR("gradle-wrapper.jar"), ROLE_BUILD, LANGUAGE_NONE, "gradlew runs it" },
	{ STR(".envrc"), ROLE_SCRIPT, LANGUAGE_SHELL, "direnv runs it on entering the folder" },
	{ STR("Doxyfile"), ROLE_DOCUMENT, LANGUAGE_OTHER_PROGRAM, NULL },
	{ STR(".tex"), ROLE_DOCUMENT, LANGUAGE_OTHER_PROGRAM, NULL },
	{ STR(".gdbinit"), ROLE_SCRIPT, LANGUAGE_OTHER_PROGRAM, "gdb runs it" },
	{ STR(".exrc"), ROLE_SCRIPT, LANGUAGE_OTHER_PROGRAM, "vi runs it" },
	{ STR(".pre-commit-config.yaml"), ROLE_SCRIPT, LANGUAGE_NONE, NULL },
};

/* The same by the end of the path. */
static const struct name_row ends[] = {
	{ STR(".cargo/config.toml"), ROLE_BUILD, LANGUAGE_TOML, "cargo reads it, and it can name programs" },
	{ STR(".cargo/config"), ROLE_BUILD, LANGUAGE_TOML, "cargo reads it, and it can name programs" },
	{ STR(".vscode/tasks.json"), ROLE_SCRIPT, LANGUAGE_JSON, "an editor can run it on opening the folder" },
	{ STR("debian/rules"), ROLE_BUILD, LANGUAGE_MAKE, "dpkg-buildpackage runs it" },
	{ STR(".dist-info/entry_points.txt"), ROLE_BUILD, LANGUAGE_TOML, NULL },
	{ STR(".egg-info/entry_points.txt"), ROLE_BUILD, LANGUAGE_TOML, NULL },
};

/* Modules of cmake's own that find_package() would take, were there none of that name in the tree. */
static bool is_stock_module(struct str base)
{
	static const char *const names[] = { "ZLIB", "OpenSSL", "CURL", "BZip2", "LibLZMA", "Threads", "PNG", "JPEG",
					     "TIFF", "Freetype", "EXPAT", "LibXml2", "LibXslt", "SQLite3",
					     "PostgreSQL", "MySQL", "Boost", "Python", "Python3", "Perl",
					     "Git", "PkgConfig", "Doxygen", "OpenMP", "MPI", "BLAS",
					     "LAPACK", "OpenGL", "GLUT", "SDL", "X11", "Qt4", "wxWidgets",
					     "GTest", "Protobuf", "Iconv", "Intl", "Gettext", "LibArchive",
					     "Java", "JNI", "SWIG", "BISON", "FLEX", "Curses", "GIF",
					     "GnuTLS", "Lua", "Ruby", "TCL", "Vulkan", "CUDA", "HDF5",
					     "ImageMagick", "Subversion", "UnixCommands", NULL };
	struct str name;

	if (!str_starts(base, STR("Find")) || !str_ends(base, STR(".cmake")))
		return false;
	name = str_of(base.ptr + 4, base.len - 4 - 6);
	for (size_t i = 0; names[i]; i++)
		if (str_eq(name, str_from(names[i])))
			return true;
	return false;
}

enum language role_interpreted(struct str interpreter)
{
	static const struct { const char *name; enum language language; } interpreters[] = {
		{ "sh", LANGUAGE_SHELL }, { "bash", LANGUAGE_SHELL }, { "dash", LANGUAGE_SHELL },
		{ "ksh", LANGUAGE_SHELL }, { "zsh", LANGUAGE_SHELL }, { "ash", LANGUAGE_SHELL },
		{ "@SHELL@", LANGUAGE_SHELL }, { "@CONFIG_SHELL@", LANGUAGE_SHELL },
		{ "python", LANGUAGE_PYTHON }, { "perl", LANGUAGE_PERL }, { "node", LANGUAGE_JAVASCRIPT },
		{ "make", LANGUAGE_MAKE }, { "@PERL@", LANGUAGE_PERL }, { "@PYTHON@", LANGUAGE_PYTHON },
	};

	for (size_t i = 0; i < sizeof(interpreters) / sizeof(interpreters[0]); i++) {
		const struct str name = str_from(interpreters[i].name);

		if (str_eq(interpreter, name) ||
		    (str_starts(interpreter, name) && interpreter.len > name.len &&
		     (interpreter.ptr[name.len] <= '9' || interpreter.ptr[name.len] == '.')))
			return interpreters[i].language;
	}
	return LANGUAGE_NONE;
}

static enum language by_first_line(struct str bytes)
{
	struct str line, rest = bytes, word;

	if (!str_starts(bytes, STR("#!")) || !str_next_line(&rest, &line))
		return LANGUAGE_NONE;
	line = str_from_at(line, 2);
	while (str_next_word(&line, &word)) {
		enum language language;

		word = str_base(word);
		if (str_eq(word, STR("env")) || str_starts(word, STR("-")) ||
		    str_find(word, '=') != (size_t)-1)
			continue;
		language = role_interpreted(word);
		return language != LANGUAGE_NONE ? language : LANGUAGE_OTHER_PROGRAM;
	}
	return LANGUAGE_OTHER_PROGRAM;
}

/* What the first line tells an editor ("-*- sh -*-", "-*- mode: sh; ... -*-"), for files that are included. */
static enum language by_mode(struct str bytes)
{
	static const struct { const char *name; enum language language; } modes[] = {
		{ "sh", LANGUAGE_SHELL }, { "shell-script", LANGUAGE_SHELL }, { "perl", LANGUAGE_PERL },
		{ "cperl", LANGUAGE_PERL }, { "python", LANGUAGE_PYTHON },
	};
	const struct str sign = STR("-*-");
	struct str line, word;
	size_t at;

	if (!str_next_line(&bytes, &line) || (at = str_find_str(line, sign)) == (size_t)-1)
		return LANGUAGE_NONE;
	line = str_from_at(line, at + sign.len);
	line = str_first(line, str_find_str(line, sign));
	if ((at = str_find_str(line, STR("mode:"))) != (size_t)-1)
		line = str_from_at(line, at + STR("mode:").len);
	line = str_first(line, str_find(line, ';'));
	if (!str_next_word(&line, &word))
		return LANGUAGE_NONE;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (str_case_eq(word, str_from(modes[i].name)))
			return modes[i].language;
	return LANGUAGE_NONE;
}

static enum language by_suffix(struct str suffix)
{
	static const struct { const char *suffix; enum language language; } table[] = {
		{ "sh", LANGUAGE_SHELL }, { "bash", LANGUAGE_SHELL }, { "py", LANGUAGE_PYTHON },
		{ "pyi", LANGUAGE_PYTHON }, { "pl", LANGUAGE_PERL }, { "pm", LANGUAGE_PERL },
		{ "PL", LANGUAGE_PERL }, { "t", LANGUAGE_PERL }, { "js", LANGUAGE_JAVASCRIPT },
		{ "mjs", LANGUAGE_JAVASCRIPT }, { "cjs", LANGUAGE_JAVASCRIPT },
		{ "ts", LANGUAGE_JAVASCRIPT }, { "rs", LANGUAGE_RUST }, { "json", LANGUAGE_JSON },
		{ "toml", LANGUAGE_TOML }, { "c", LANGUAGE_C }, { "h", LANGUAGE_C },
		{ "cc", LANGUAGE_C }, { "cpp", LANGUAGE_C }, { "hpp", LANGUAGE_C }, { "S", LANGUAGE_C },
		{ "s", LANGUAGE_C }, { "asm", LANGUAGE_C }, { "lua", LANGUAGE_OTHER_PROGRAM }, { "rb", LANGUAGE_OTHER_PROGRAM },
		{ "tcl", LANGUAGE_OTHER_PROGRAM }, { "awk", LANGUAGE_OTHER_PROGRAM },
		{ "php", LANGUAGE_OTHER_PROGRAM }, { "exp", LANGUAGE_OTHER_PROGRAM },
		{ "java", LANGUAGE_OTHER_PROGRAM }, { "go", LANGUAGE_OTHER_PROGRAM }, { "inc", LANGUAGE_C }, { "cxx", LANGUAGE_C },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (str_eq(suffix, str_from(table[i].suffix)))
			return table[i].language;
	return LANGUAGE_NONE;
}

static const struct name_row *named(struct str path)
{
	const struct str base = str_base(path), suffix = suffix_of(base);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_ends(path, ends[i].name))
			return &ends[i];
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_eq(base, rows[i].name))
			return &rows[i];
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && suffix.len; i++)
		if (rows[i].name.ptr[0] == '.' && str_eq(suffix, str_from_at(rows[i].name, 1)))
			return &rows[i];
	return NULL;
}

/* A configure by its own words, whatever it is called. */
static bool is_configure(struct str bytes)
{
	const struct str start = str_first(bytes, 16384);

	return str_find_str(start, STR("as_bourne_compatible")) != (size_t)-1 ||
	       str_find_str(start, STR("as_lineno")) != (size_t)-1 ||
	       str_find_str(start, STR("timestamp='2")) != (size_t)-1 ||
	       str_find_str(start, STR("scriptversion=")) != (size_t)-1;
}

static bool is_macros(struct str bytes)
{
	return str_find_str(str_first(bytes, 65536), STR("AC_DEFUN")) != (size_t)-1;
}

/* Other test tools call their files x.t too. */
static bool is_perl(struct str bytes)
{
	struct str rest = str_first(bytes, 16384), line;

	while (str_next_line(&rest, &line))
		if (str_starts(line, STR("use ")) || str_starts(line, STR("my ")) ||
		    str_starts(line, STR("package ")) || str_starts(line, STR("require ")) ||
		    str_starts(line, STR("BEGIN")))
			return true;
	return false;
}

struct file_kind role_of(struct str path, struct str bytes, bool text)
{
	/* x.sh.in becomes x.sh. */
	const bool made_of = str_ends(path, STR(".in")) && !named(path);
	const struct str name = made_of ? str_first(path, path.len - 3) : path;
	const struct str base = str_base(name), suffix = suffix_of(base);
	const struct name_row *const row = text ? named(name) : NULL;
	struct file_kind k = { .role = ROLE_DATA };
	const enum language first = text ? by_first_line(bytes) : LANGUAGE_NONE;
	enum language mode;

	if (!text && str_eq(base, STR("gradle-wrapper.jar")))
		return (struct file_kind){ ROLE_BUILD, LANGUAGE_NONE, "gradlew runs it" };
	if (!text)
		return role_in_tests(path) ? (struct file_kind){ .role = ROLE_TEST } : k;
	if (row)
		k = (struct file_kind){ row->role, row->language, row->implicit };
	else if (first != LANGUAGE_NONE)
		k = (struct file_kind){ ROLE_SCRIPT, first, NULL };
	else if (is_macros(bytes))
		k = (struct file_kind){ ROLE_BUILD, LANGUAGE_M4, NULL };
	else if (by_suffix(suffix) != LANGUAGE_NONE &&
		 (!str_eq(suffix, STR("t")) || bytes.len == 0 || is_perl(bytes)))
		k = (struct file_kind){ by_suffix(suffix) == LANGUAGE_SHELL ? ROLE_SCRIPT : ROLE_SOURCE,
					by_suffix(suffix), NULL };
	else if (str_starts(base, STR("Makefile.")))
		k = (struct file_kind){ ROLE_SCRIPT, LANGUAGE_MAKE, NULL };	/* for make -f */
	else if ((mode = by_mode(bytes)) != LANGUAGE_NONE)
		k = (struct file_kind){ ROLE_SCRIPT, mode, NULL };
	if (k.language == LANGUAGE_SHELL && k.role == ROLE_SCRIPT && is_configure(bytes))
		k.role = ROLE_BUILD;
	/* What lies among the tests is run by them, but for what configure and make read on the way. */
	if (role_in_tests(path) && k.role != ROLE_BUILD)
		k.role = ROLE_TEST;
	if (k.role == ROLE_DATA && (str_eq(suffix, STR("html")) || str_eq(suffix, STR("txt")) ||
				    str_eq(suffix, STR("md")) || str_eq(suffix, STR("rst")) ||
				    (suffix.len == 1 && suffix.ptr[0] >= '1' && suffix.ptr[0] <= '9')))
		k.role = ROLE_DOCUMENT;
	if (is_stock_module(base))
		k.implicit = "cmake takes it instead of its own module of that name";
	/* A name in a folder of tests is taken up by what runs there alone. */
	if (role_in_tests(path))
		k.implicit = NULL;
	return k;
}
